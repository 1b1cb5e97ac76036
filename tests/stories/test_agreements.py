"""What I agreed to: every yes of my stories on one page, with its way back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.core import clock
from app.core.clock import days, now
from app.domain.stories import actions, consents
from app.domain.stories.wording import CONSENTS, THEMES
from app.models.accounts import Member, Role
from app.models.stories import Audience, Purpose, StoryStatus
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told
from tests.stories.told import actor_of

Open = Callable[..., Browser]


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab")


@pytest.fixture
def reader(make: Make) -> Member:
    return make.member("Second Reader", Role.COORDINATOR)


def test_every_yes_stands_there_with_its_days(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    told.published(db, ndeye, reader, title="First told", more=(Purpose.RADIO,))
    told.agreed(db, ndeye, audience=Audience.MEMBERS, lasts="open", title="Then told")
    told.agreed(db, make.member("Somebody Else"), title="Not mine")
    make.commit()
    page = browse(ndeye).get("/my/agreements")
    words = text_of(page)
    assert "Not mine" not in words
    for title in ("First told", "Then told"):
        assert title in words
    for purpose in (Purpose.PUBLIC, Purpose.RADIO):
        assert words.count(CONSENTS[purpose]) >= 1
    assert CONSENTS[Purpose.PRINT] not in words
    assert "Said yes on 20 November 2026" in words
    assert "Until 20 November 2027" in words
    assert "Until I say" in words
    assert "Not any more" not in words


def test_a_yes_goes_back_by_one_tap_and_stands_below_afterwards(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member
) -> None:
    story = told.published(db, ndeye, reader, more=(Purpose.RADIO,))
    make.commit()
    me = browse(ndeye)
    page = me.get("/my/agreements").text
    ways = re.findall(r'action="(/my/stories/[^"]+/take-back)"', page)
    assert f"/my/stories/{story.ref}/purpose/radio/take-back" in ways
    # Each yes that carries the story takes it along: that is asked once more.
    for carrying in ("members", "public"):
        assert f"/my/stories/{story.ref}/purpose/{carrying}/take-back" not in ways
    assert page.count(f'href="/my/stories/{story.ref}/take-back"') == 2
    assert text_of(me.get("/my/agreements")).count("Without it, the story is taken back.") == 2
    me.send(f"/my/stories/{story.ref}/purpose/radio/take-back")
    after = text_of(me.get("/my/agreements"))
    above, below = after.split("Not any more")
    assert CONSENTS[Purpose.RADIO] in below
    assert CONSENTS[Purpose.RADIO] not in above
    assert "Taken back on 20 November 2026" in below
    db.refresh(story)
    assert consents.live_purposes(db, story.id) == [Purpose.MEMBERS, Purpose.PUBLIC]
    assert story.status == StoryStatus.PUBLISHED


@pytest.mark.parametrize("purpose", [Purpose.MEMBERS, Purpose.PUBLIC])
def test_without_either_yes_that_carries_it_nobody_reads_it(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, purpose: Purpose
) -> None:
    story, member = told.published(db, ndeye, reader), make.member("Amber Field")
    make.commit()
    me, amber, guest = browse(ndeye), browse(member), browse()
    assert amber.get(f"/stories/{story.ref}").status_code == 200
    page = me.get(f"/my/stories/{story.ref}").text
    assert f"/purpose/{purpose.value}/take-back" not in page, "this takes the story along, so it is asked once more"
    me.send(f"/my/stories/{story.ref}/purpose/{purpose.value}/take-back")
    db.refresh(story)
    assert story.status == StoryStatus.TAKEN_BACK
    assert consents.live_purposes(db, story.id) == []
    db.commit()
    for somebody in (amber, guest):
        assert somebody.get(f"/stories/{story.ref}").status_code == 410
        assert story.ref not in somebody.get("/stories").text


def test_what_ended_by_itself_is_told_apart(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    told.published(db, ndeye, reader, lasts="half")
    make.commit()
    with clock.at(now() + days(200)):
        words = text_of(browse(ndeye).get("/my/agreements"))
    assert "Ended on 22 May 2027" in words
    assert "Taken back on" not in words
    assert "Take this yes back" not in words


def test_a_story_that_was_taken_back_is_below_with_nothing_to_take(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member
) -> None:
    story = told.published(db, ndeye, reader)
    actions.take_back(db, actor_of(ndeye), story)
    make.commit()
    page = browse(ndeye).get("/my/agreements")
    assert text_of(page).count("Taken back on 20 November 2026") == 2
    assert "take-back" not in page.text


def test_it_is_found_and_only_for_members(make: Make, browse: Open, ndeye: Member) -> None:
    make.commit()
    me = browse(ndeye)
    assert "Nothing yet" in text_of(me.get("/my/agreements"))
    assert 'href="/my/agreements"' in me.get("/me").text
    assert browse().get("/my/agreements").status_code == 303
    assert me.get("/my/agreements").headers["cache-control"] == "no-store"


def test_my_stories_lead_there(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    told.draft(db, ndeye)
    make.commit()
    assert 'href="/my/agreements"' in browse(ndeye).get("/my/stories").text


@pytest.mark.parametrize("items", [0, 1, 3])
def test_what_the_page_costs(
    app: FastAPI, db: Session, make: Make, browse: Open, count_queries: Callable[..., Any], ndeye: Member, items: int
) -> None:
    for _item in range(items):
        told.agreed(db, ndeye, more=(Purpose.RADIO, Purpose.PRINT))
    make.commit()
    me, database = browse(ndeye), app.state.house.database
    with count_queries(database.read_engine, database.write_engine) as statements:
        assert me.get("/my/agreements").status_code == 200
    assert len(statements) == 2, statements


def test_themes_beyond_eight_are_one_tap_away_and_stay_when_chosen(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}/who"
    page = me.get(at).text
    shown, more = page.split('name="themes"', 1)[1].split("<details", 1)
    assert shown.count('name="themes"') == 7  # and the one that was cut away
    assert more.count('name="themes"') == len(THEMES) - 8
    assert "<details><summary>" in page.split("</legend>")[-1]
    last = list(THEMES)[-1]
    version = re.search(r'name="row_version" value="([^"]*)"', page)
    assert version
    sent = {"row_version": version[1], "audience": "members", "name_form": "letter", "themes": ["family", last]}
    assert me.post(at, sent).status_code == 303
    db.refresh(story)
    assert story.themes == ["family", last]
    db.commit()
    again = me.get(at).text
    assert "<details open><summary>" in again.split("</legend>")[-1]
    assert again.count("checked") == 4
