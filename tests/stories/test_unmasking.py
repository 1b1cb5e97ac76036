"""What could tell who stands behind a story: the translator's line, files' words, search, old names, the audit trail."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core.clock import days, now
from app.domain.accounts import changes
from app.domain.stories import actions, documents
from app.models.accounts import Member, MemberStatus, Role
from app.models.engine import AuditEvent, SearchDocument
from app.models.stories import Audience, Media, NameForm, StoryProposal, StoryText
from tests.browse import Browser
from tests.factories import Make
from tests.stories import told
from tests.stories.told import actor_of


@pytest.fixture
def reader(make: Make) -> Member:
    """The second reader."""
    return make.member("Early Bus", Role.COORDINATOR)


@pytest.mark.parametrize("form", [NameForm.ANONYMOUS, NameForm.LETTER])
def test_a_teller_who_translates_their_own_story_is_not_named_by_it(
    db: Session, make: Make, browse: Callable[..., Browser], reader: Member, form: NameForm
) -> None:
    teller = make.member("Amber Kettle")
    story = make.story(teller, name_form=form)
    text = told.shown_in(db, actor_of(teller), teller, reader, story, named=True)
    assert not text.named
    text.named = True  # as somebody with the database in their hands could write it
    member = make.member()
    make.commit()
    for browser in (browse(), browse(member), browse(reader)):
        page = browser.get(f"/stories/{story.ref}?language=fr")
        assert "Le premier mois" in page.text
        assert "Amber" not in page.text


def test_a_translator_is_named_only_if_they_want_and_as_they_are_called_today(
    db: Session, make: Make, browse: Callable[..., Browser], reader: Member
) -> None:
    teller, helper, shy, other = make.member(), make.member("Paper Kite"), make.member("Silent Oar"), make.member()
    story = make.story(teller, name_form=NameForm.ANONYMOUS)
    told.shown_in(db, actor_of(helper), teller, reader, story, named=True)
    told.shown_in(db, actor_of(shy), teller, reader, story, "pt")
    make.commit()
    guest, member = browse(), browse(other)
    assert "Paper Kite" in guest.get(f"/stories/{story.ref}?language=fr").text
    assert "Silent Oar" not in guest.get(f"/stories/{story.ref}?language=pt").text
    changes.change_name(db, actor_of(helper), "Slow Lantern")  # the old name outs them
    make.commit()
    page = member.get(f"/stories/{story.ref}?language=fr").text
    assert "Slow Lantern" in page
    assert "Paper Kite" not in page
    for standing in (MemberStatus.PAUSED, MemberStatus.SUSPENDED, MemberStatus.LEAVING, MemberStatus.GONE):
        helper.status = standing
        make.commit()
        assert "Slow Lantern" not in member.get(f"/stories/{story.ref}?language=fr").text


def test_a_translator_who_takes_their_name_off_is_not_named_a_moment_later(
    db: Session, make: Make, browse: Callable[..., Browser], reader: Member
) -> None:
    teller, helper, other = make.member(), make.member("Paper Kite"), make.member()
    story = make.story(teller)
    told.shown_in(db, actor_of(helper), teller, reader, story, named=True)
    make.commit()
    guest, address = browse(), f"/stories/{story.ref}?language=fr"
    assert "Paper Kite" in guest.get(address).text
    for somebody in (browse(other), browse(teller), browse(reader)):
        assert somebody.post(f"/my/translations/{story.ref}/fr/unname", {"once": "u"}).status_code == 404
    assert "Paper Kite" in guest.get(address).text
    helper.status = MemberStatus.SUSPENDED  # in every standing
    make.commit()
    assert browse(helper).post(f"/my/translations/{story.ref}/fr/unname", {"once": "u"}).status_code == 303
    helper.status = MemberStatus.ACTIVE
    make.commit()
    assert "Paper Kite" not in guest.get(address).text
    assert "Le premier mois" in guest.get(address).text


def test_nothing_says_who_translated_once_they_left(db: Session, make: Make, reader: Member) -> None:
    teller, helper, other = make.member(), make.member("Paper Kite"), make.member()
    story = make.story(teller)
    told.shown_in(db, actor_of(helper), teller, reader, story, named=True)
    told.shown_in(db, actor_of(other), teller, reader, story, "pt")
    told.translated(db, actor_of(helper), story, "pt", title="O primeiro mês", named=True)
    changes.purge_member(db, helper.id)
    text = db.exec(select(StoryText).where(StoryText.language == "fr")).one()
    assert (text.translator_id, text.named) == (None, False)
    assert not db.exec(select(StoryProposal)).one().named


@pytest.mark.parametrize("standing", [MemberStatus.PAUSED, MemberStatus.SUSPENDED, MemberStatus.LEAVING])
def test_what_is_published_while_its_teller_is_away_is_not_found(
    db: Session, make: Make, reader: Member, standing: MemberStatus
) -> None:
    teller = make.member()
    story = told.approved(db, teller, reader)
    teller.status = standing
    db.flush()
    actions.publish_due(db, now() + days(3))
    documents.index(db, story)
    assert db.exec(select(SearchDocument).where(SearchDocument.kind == "story")).all() == []


def test_nothing_of_a_picture_stays_when_it_goes(db: Session, make: Make, reader: Member) -> None:
    teller = make.member()
    story = told.draft(db, teller)
    actions.add_picture(db, actor_of(teller), story, told.PICTURE, "My daughter before our door", "none")
    actions.remove_media(db, actor_of(teller), story, db.exec(select(Media.ref)).one())
    left = db.exec(select(Media)).one()
    assert (left.alt, left.files, left.width, left.height, left.seconds) == ("", {}, None, None, None)


def test_the_audit_trail_does_not_say_which_role_the_teller_holds(db: Session, make: Make, reader: Member) -> None:
    teller = make.member("", Role.MENTOR)
    story = told.sent(db, teller, name_form=NameForm.ANONYMOUS)
    acting = actor_of(teller, Role.MENTOR)
    actions.withdraw_submission(db, acting, story)
    told_by: list[Any] = db.exec(select(AuditEvent).where(AuditEvent.subject_id == story.id)).all()
    assert {event.actor_role for event in told_by} == {""}
    again = told.sent(db, make.member())
    actions.open_review(db, actor_of(reader, Role.COORDINATOR), again)
    event = db.exec(select(AuditEvent).where(AuditEvent.verb == "story.open_review")).one()
    assert event.actor_role == "coordinator"


def test_people_who_are_not_let_in_do_not_read_what_is_for_members(make: Make, browse: Callable[..., Browser]) -> None:
    story = make.story(make.member(), title="Only for us", audience=Audience.MEMBERS)
    known = {s: make.member(status=s) for s in (MemberStatus.APPLIED, MemberStatus.SUSPENDED, MemberStatus.ACTIVE)}
    make.commit()
    for standing, member in known.items():
        browser = browse(member)
        may = standing == MemberStatus.ACTIVE
        assert browser.get(f"/stories/{story.ref}").status_code == (200 if may else 404)
        assert browser.get(f"/flag/story/{story.ref}").status_code == (200 if may else 404)
        for path in ("/stories", "/", "/look"):
            assert ("Only for us" in browser.get(path).text) == may, (standing, path)
