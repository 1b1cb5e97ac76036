"""Reading: who sees which page, what stands in it, what it costs, and what never stands in it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.core import clock
from app.core.clock import days, now
from app.domain.stories import actions, files, queries
from app.models.accounts import Member, PhoneMode, Role
from app.models.engine import SearchDocument
from app.models.stories import Audience, NameForm, Story, StoryService, StoryStatus
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told
from tests.stories.told import PICTURE, VOICE, actor_of

Open = Callable[..., Browser]
S = StoryStatus


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab")


@pytest.fixture
def reader(make: Make) -> Member:
    return make.member("Second Reader", Role.COORDINATOR)


def with_voice(db: Session, by: Member, reader: Member, **chosen: Any) -> Story:
    """Publish a story that has a voice and a picture."""
    story = told.agreed(db, by, **chosen)
    actions.add_voice(db, actor_of(by), story, VOICE, "She says what helped.")
    actions.add_picture(db, actor_of(by), story, PICTURE, "A blue door", "none")
    actions.submit(db, actor_of(by), story)
    second = actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.approve(db, second, story)
    actions.publish_due(db, now() + days(2))
    db.refresh(story)
    return story


def name_service(db: Session, story: Story, number: int) -> None:
    """Let the story mention a service that the directory shows."""
    from uuid import UUID

    service = UUID(int=number + 1)
    shown = {
        "ref": f"{'s' * 11}{number + 2}", "name": f"Open house {number}", "organisation": "Maison", "needs": ["housing"],
        "area": {"name": "Thiès", "names": {}}, "cost": {"free": True}, "languages": ["fr"], "hours": [], "zone": None,
        "verified": "2026-05-03", "due": "2027-05-03", "imported": "2026-01-01", "protected": False, "points": [],
    }  # fmt: skip
    row = SearchDocument(kind="service", subject_id=service, language="en", shown=shown)
    db.add_all([row, StoryService(story_id=story.id, service_id=service)])
    db.flush()


def test_home_leads_to_a_first_story_in_two_taps(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = told.published(db, ndeye, reader)
    make.commit()
    guest = browse()
    home = guest.get("/")
    assert f'href="/stories/{story.ref}"' in home.text
    assert 'href="/look"' in home.text
    for need in ("talk", "housing", "work", "papers"):
        assert f"/help?need={need}" in home.text
    look = guest.get("/look")
    assert "This leaves no account." in text_of(look)
    assert 'href="/safe"' in look.text
    assert f'href="/stories/{story.ref}"' in look.text
    assert told.BODY in text_of(guest.get(f"/stories/{story.ref}"))


def test_home_of_a_member_says_what_waits(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    told.published(db, ndeye, reader)
    draft = told.draft(db, ndeye, title="Begun only")
    make.commit()
    page = text_of(browse(ndeye).get("/"))
    assert "For you today" in page
    assert "2 answers for you" in page
    assert "Begun only" in page
    assert "What waits for a coordinator" not in page
    other = browse(reader).get("/")
    assert "What waits for a coordinator" in text_of(other)
    assert draft.ref not in other.text


def brought_to(db: Session, state: str, ndeye: Member, reader: Member) -> Story:
    """Bring a story to a state by its name in the table below."""
    audience = Audience.MEMBERS if "members" in state else Audience.EVERYONE
    story: Story
    if state in ("draft", "sent"):
        story = getattr(told, state)(db, ndeye)
    elif state == "approved":
        story = told.approved(db, ndeye, reader)
    else:
        story = told.sent(db, ndeye) if state.startswith("never") else told.published(db, ndeye, reader, audience=audience)
    if "taken back" in state:
        actions.take_back(db, actor_of(ndeye), story)
    elif state == "paused":
        actions.pause(db, actor_of(ndeye), story)
    elif state == "expired":
        actions.expire_due(db, now() + days(400))
    elif state == "ended today":
        story.until_on = now().date()
    return story


@pytest.mark.parametrize(("state", "guest", "member", "owner"), [
    ("draft", 404, 404, 200), ("sent", 404, 404, 200), ("approved", 404, 404, 200), ("members", 404, 200, 200),
    ("published", 200, 200, 200), ("paused", 404, 404, 200), ("taken back", 410, 410, 410),
    ("members taken back", 404, 410, 410), ("never shown, taken back", 404, 404, 200), ("expired", 410, 410, 410),
    ("ended today", 410, 410, 410),
])  # fmt: skip
def test_who_finds_a_story(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member, state: str, guest: int, member: int, owner: int
) -> None:
    story = brought_to(db, state, ndeye, reader)
    outsider = make.member()
    make.commit()
    path = f"/stories/{story.ref}"
    found = [browse(who).get(path) for who in (None, outsider, reader, ndeye)]
    assert [f.status_code for f in found] == [guest, member, member, owner]
    if owner == 200 and guest == 404 and state != "members":
        assert "Only you see this page now." in text_of(found[-1])


@pytest.mark.parametrize("path", ["/stories/" + "1" * 26, "/stories/abc", "/stories?page=-1", "/stories?page=0",
                                  "/stories?area=nowhere", "/stories/" + "a" * 12])  # fmt: skip
def test_addresses_that_no_page_of_ours_makes(make: Make, browse: Open, path: str) -> None:
    make.commit()
    assert browse().get(path).status_code == 404


def test_a_story_page_has_its_parts(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    area = make.area("Thiès", names={"en": "Thies region"})
    who = {"area": area.id, "year": 2026, "season": "spring", "themes": ["coming_back", "work"]}
    story = with_voice(db, ndeye, reader, who=who, hard="The neighbours.", helped="The tea.", next="I do not know.")
    name_service(db, story, 1)
    make.commit()
    page = browse().get(f"/stories/{story.ref}")
    words = text_of(page)
    for part in (
        "Told by Ndeye Baobab (chosen name)", "Thies region", "Spring 2026", "Coming back", "What was hard", "The neighbours.",
        "What helped", "What comes next", "One person's way.", "2:10", "6 kB", "She says what helped.", "Show the picture (1 kB)",
        "A blue door", "Services in this story", "Open house 1", "Checked 3 May", "Something is wrong with this story",
        "Keep on this phone (", "Leave this page quickly",
    ):  # fmt: skip
        assert part in words, part
    assert "<title>Story – " in page.text
    assert f'href="/flag/story/{story.ref}"' in page.text
    assert 'loading="lazy"' in page.text
    assert 'preload="none"' in page.text
    assert 'name="robots" content="noindex"' in page.text


def test_heavy_words_are_closed_until_opened(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = told.published(db, ndeye, reader)
    story.heavy = True
    actions.telling.original(db, story).content_note = "About being locked up. You can skip it."
    actions.documents.index(db, story)
    make.commit()
    page = browse().get(f"/stories/{story.ref}").text
    closed = re.search(r"<details class=\"heavy\">.*?</details>", page, re.DOTALL)
    assert closed is not None
    assert told.BODY in closed.group()
    assert told.BODY not in page.replace(closed.group(), "")
    assert "locked up" in text_of(browse().get("/stories"))
    assert told.BODY.split()[2] not in browse().get("/stories.atom").text


def test_translations_follow_the_reader_and_the_original_is_one_tap_away(
    db: Session, make: Make, browse: Open, ndeye: Member, reader: Member
) -> None:
    story = told.published(db, ndeye, reader)
    told.shown_in(db, actor_of(ndeye), ndeye, reader, story)
    make.commit()
    french = browse(None, "fr").get(f"/stories/{story.ref}")
    assert "Le premier mois" in text_of(french)
    assert f"/stories/{story.ref}?language=en" in french.text
    assert told.TITLE in text_of(browse(None, "fr").get(f"/stories/{story.ref}?language=en"))
    assert told.TITLE in text_of(browse(None, "ar").get(f"/stories/{story.ref}"))
    assert "Le premier mois" in text_of(browse(None, "fr").get("/stories"))
    assert text_of(browse(None, "en").get("/stories?language=fr")).count("Le premier mois") == 1


def test_the_order_changes_with_the_day_only(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    for n in range(8):
        told.published(db, ndeye, reader, title=f"Story {n}")
    make.commit()

    def order() -> list[str]:
        one, two = (browse().get(f"/stories?page={n}").text for n in (1, 2))
        return re.findall(r'class="card has".*?href="/stories/([a-z0-9]{12})"', one + two, re.DOTALL)

    first = order()
    assert len(set(first)) == 8
    assert "page=2" in browse().get("/stories").text
    assert order() == first
    with clock.at(now() + timedelta(hours=6)):
        assert order() == first
    orders = set()
    for day in range(1, 5):
        with clock.at(now() + days(day)):
            orders.add(tuple(order()))
    assert len(orders) > 1


def test_filters_tell_guests_nothing(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    country = make.area("Senegal", kind="country")
    town = make.area("Thiès", parent_id=country.id)
    told.published(db, ndeye, reader, title="For all", who={"area": town.id, "themes": ["work"]})
    secret = make.area("Hidden Valley")
    who = {"area": secret.id, "themes": ["women"]}
    told.published(db, ndeye, reader, audience=Audience.MEMBERS, title="For us", who=who, language="wo")
    make.commit()
    guest, member = browse().get("/stories").text, browse(make_member(make)).get("/stories").text
    for mark in ("Hidden Valley", "Wolof", 'value="women"', "For us"):
        assert mark not in guest
        assert mark in member
    assert "For all" in browse().get(f"/stories?area={country.id}").text, "a country holds its towns"
    assert "No story like this yet" in browse().get(f"/stories?area={secret.id}").text
    assert "No story like this yet" in browse().get("/stories?theme=women").text


def make_member(make: Make) -> Member:
    """Make and commit another member."""
    member = make.member()
    make.commit()
    return member


def test_anonymous_is_a_latch(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = with_voice(db, ndeye, reader, name_form=NameForm.ANONYMOUS)
    make.commit()
    guest, member = browse(), browse(make_member(make))
    pages = [b.get(p) for b in (guest, member) for p in ("/", "/look", "/stories", f"/stories/{story.ref}")]
    pages += [guest.get(p) for p in ("/stories.atom", "/stories/podcast.xml", f"/saved/check?refs=stories/{story.ref}")]
    media = re.findall(r"/stories/\w+/media/[\w.]+", pages[3].text)
    assert len(media) >= 3
    pages += [guest.get(m) for m in media]
    assert all(p.status_code == 200 for p in pages)
    for page in pages:
        everything = page.content + repr(page.headers.raw).encode()
        for mark in ("Ndeye", "Baobab", str(ndeye.id), ndeye.id.hex, str(story.id), story.id.hex):
            assert mark.encode() not in everything
    assert "Told by somebody" in text_of(pages[3])
    found = db.connection().exec_driver_sql("SELECT shown, body, title FROM search_document WHERE kind='story'").fetchall()
    assert "Ndeye" not in repr(found)
    assert str(ndeye.id) not in repr(found)


def test_a_letter_is_all_of_the_name(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = told.published(db, ndeye, reader, name_form=NameForm.LETTER)
    make.commit()
    page = browse().get(f"/stories/{story.ref}")
    assert "Told by N." in text_of(page)
    assert "Ndeye" not in page.text


def test_no_time_finer_than_a_day(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = with_voice(db, ndeye, reader)
    make.commit()
    with clock.at(now() + timedelta(days=3, hours=4, minutes=7, seconds=13)):
        guest = browse()
        pages = [guest.get(p) for p in ("/stories", f"/stories/{story.ref}", "/stories.atom", "/stories/podcast.xml")]
        media = guest.get(re.search(r"/stories/\w+/media/[\w.]+", pages[1].text).group())  # type: ignore[union-attr]
        for page in [*pages, media]:
            assert page.status_code == 200
            assert "last-modified" not in page.headers
            times = set(re.findall(r"\b\d\d:\d\d:\d\d\b", page.text if page is not media else ""))
            assert times <= {"00:00:00"}
        assert "etag" not in media.headers
        assert "2026-11-22T00:00:00Z" in pages[2].text


def test_media_are_served_in_parts_and_safely(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = with_voice(db, ndeye, reader)
    voice, picture = files.of_story(db, story.id)
    make.commit()
    base = f"/stories/{story.ref}/media/"
    guest = browse()
    whole = guest.get(f"{base}{voice.ref}.opus")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, VOICE.opus, "audio/ogg")
    assert "sandbox" in whole.headers["content-security-policy"]
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-disposition"] == 'inline; filename="voice.opus"'
    assert whole.headers["cache-control"] == "private, max-age=60"
    part = guest.get(f"{base}{voice.ref}.mp3", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, VOICE.mp3[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(VOICE.mp3)}"
    assert guest.get(f"{base}{voice.ref}.mp3", headers={"Range": "bytes=-5"}).content == VOICE.mp3[-5:]
    assert guest.get(f"{base}{voice.ref}.mp3", headers={"Range": "bytes=99999-"}).status_code == 416
    assert guest.get(f"{base}{voice.ref}.mp3", headers={"Range": "bytes=1-2,5-6"}).status_code == 200
    assert guest.get(f"{base}{picture.ref}.webp").headers["content-type"] == "image/webp"
    for wrong in (f"{voice.ref}.webp", f"{voice.ref}.html", f"{'a' * 12}.opus", "../x.opus"):
        assert guest.get(base + wrong).status_code == 404
    actions.take_back(db, actor_of(ndeye), db.merge(story))
    make.commit()
    assert guest.get(f"{base}{voice.ref}.opus").status_code == 404


def test_media_for_members_are_for_members(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = with_voice(db, ndeye, reader, audience=Audience.MEMBERS)
    path = f"/stories/{story.ref}/media/{files.of_story(db, story.id)[0].ref}.opus"
    outsider = make.member()
    make.commit()
    assert browse().get(path).status_code == 404
    answer = browse(outsider).get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")


def test_take_back_reaches_every_page_at_once(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = with_voice(db, ndeye, reader)
    other = told.published(db, ndeye, reader, title="Another one")
    make.commit()
    guest, ref = browse(), story.ref
    for _twice in range(2):  # the second time from the kept bytes
        for path in ("/", "/stories", "/stories.atom", "/stories/podcast.xml", f"/stories/{ref}"):
            assert guest.get(path).status_code == 200
    assert ref in guest.get("/stories").text
    assert guest.get(f"/saved/check?refs=stories/{ref},stories/{other.ref}").json() == {"gone": []}
    mine = browse(ndeye)
    assert f"/my/stories/{ref}/take-back" in mine.get("/my/stories").text
    assert "Copies other people made cannot be called back." in text_of(mine.get(f"/my/stories/{ref}/take-back"))
    done = mine.send(f"/my/stories/{ref}/take-back", {"once": "1"})
    assert "Taken back" in text_of(done)
    for path in ("/", "/stories", "/look", "/stories.atom", "/stories/podcast.xml"):
        assert ref not in guest.get(path).text
    gone = guest.get(f"/stories/{ref}")
    assert (gone.status_code, told.TITLE in gone.text) == (410, False)
    assert guest.get(f"/saved/check?refs=stories/{ref},stories/{other.ref}").json() == {"gone": [f"stories/{ref}"]}
    assert queries.public_addresses(db) == [f"/stories/{other.ref}"]
    db.commit()
    assert mine.post(f"/my/stories/{ref}/take-back", {"once": "2"}).status_code == 403, "it is done already"


def test_the_teller_is_offered_no_flag(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = told.published(db, ndeye, reader)
    make.commit()
    flag = f'href="/flag/story/{story.ref}"'
    assert flag in browse(reader).get(f"/stories/{story.ref}").text
    assert flag in browse().get(f"/stories/{story.ref}").text
    assert flag not in browse(ndeye).get(f"/stories/{story.ref}").text


def test_feeds_hold_public_stories_only(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    open_, closed = with_voice(db, ndeye, reader), with_voice(db, ndeye, reader, audience=Audience.MEMBERS, title="For us")
    make.commit()
    for path, kind in (("/stories.atom", "application/atom+xml"), ("/stories/podcast.xml", "application/rss+xml")):
        answer = browse().get(path)
        assert answer.headers["content-type"].startswith(kind)
        assert open_.ref in answer.text
        assert closed.ref not in answer.text
        assert "For us" not in answer.text
    assert f'length="{len(VOICE.mp3)}"' in browse().get("/stories/podcast.xml").text


@pytest.mark.parametrize("items", [1, 3])
def test_what_the_pages_cost(
    db: Session, make: Make, browse: Open, app: FastAPI, count_queries: Callable[..., Any], ndeye: Member, reader: Member,
    items: int,
) -> None:  # fmt: skip
    stories = [with_voice(db, ndeye, reader, title=f"Story {n}") for n in range(items)]
    for n in range(items):
        name_service(db, stories[0], n)
    told.draft(db, ndeye)
    make.commit()
    database, guest, member = app.state.house.database, browse(), browse(ndeye)
    ref = stories[0].ref

    def cost(browser: Browser, path: str) -> int:
        with count_queries(database.write_engine, database.read_engine) as statements:
            assert browser.get(path).status_code == 200
        # The keeper of guests' pages asks for the versions by itself: always on SQLite, once a second over a network.
        return len([s for s in statements if s != "SELECT name, number FROM content_version ORDER BY name"])

    assert cost(guest, "/stories") == 4, "cold: version, shelf, areas, cards"
    assert cost(guest, "/stories?page=1") == 2
    assert cost(guest, "/stories") == 0, "kept"
    assert cost(guest, f"/stories/{ref}") == 2
    assert cost(guest, "/") == 2
    assert cost(member, "/stories") == 3
    assert cost(member, f"/stories/{ref}") == 3
    assert cost(member, "/") == 4
    assert cost(member, "/my/stories") == 2


def test_the_page_and_its_fragment_show_the_same(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    told.published(db, ndeye, reader)
    make.commit()
    part = browse().get("/stories", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert part.text.strip() in browse().get("/stories").text


def test_a_phone_that_others_use_keeps_nothing(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    """Guests and phones of one's own may keep public pages; whoever said that others use the phone too is not offered it."""
    story = told.published(db, ndeye, reader)
    service, other = make.service("Open house"), make.member("Another Reader")
    make.commit()
    for browser, may in ((browse(), True), (browse(reader, mode=PhoneMode.ONLY_ME), True), (browse(other), False)):
        for path in (f"/stories/{story.ref}", f"/help/{service.ref}"):
            assert ("data-keep" in browser.get(path).text) is may
        assert ('href="/saved"' in browser.get("/stories").text) is may
        saved = browser.get("/saved")
        assert (saved.status_code, "js/saved.js" in saved.text, "data-saved" in saved.text) == (200, may, may)
        assert ("You came in as on a phone that other people use too" in text_of(saved)) is not may
        assert "Nothing kept on this phone." in text_of(saved)


def test_an_empty_house_teaches_and_invites(make: Make, browse: Open) -> None:
    make.commit()
    assert "You can tell the first one." in text_of(browse().get("/stories"))
    assert browse().get("/").status_code == 200
    assert "No story yet" in text_of(browse().get("/look"))
    assert "Nothing kept on this phone." in text_of(browse().get("/saved"))
    assert browse().get("/saved/check?refs=,,x,stories/zz").json() == {"gone": []}


@pytest.mark.parametrize("length", [10, 6_000])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_keeping_takes_is_what_the_page_weighs(make: Make, browse: Open, ndeye: Member, length: int, language: str) -> None:
    story = make.story(ndeye, text={"body": ("A" if language == "en" else "أ") * length}, language=language)
    service = make.service()
    make.commit()
    for path in (f"/stories/{story.ref}", f"/help/{service.ref}"):
        page = browse(language=language).get(path)
        told = re.search(r"<span>[^<]*\((\d+)[^<]*</span></button>", page.text)
        assert told
        assert abs(int(told[1]) - len(page.content) / 1000) < 2


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_story_says_that_it_is_not_in_the_readers_language(make: Make, browse: Open, ndeye: Member, language: str) -> None:
    story = make.story(ndeye, heavy=True, text={"content_note": "About a fire. You can skip it."})
    make.commit()
    page = browse(language=language).get(f"/stories/{story.ref}")
    wish = {"en": "", "fr": "Elle n’est pas encore en français.", "ar": "ليست بعدُ بهذه اللغة: العربية."}[language]
    assert wish in text_of(page)
    assert ("It is not in" in text_of(page)) is False
    # the teller's line and our words do not run into each other: each has its own direction
    assert '<bdi lang="en">About a fire. You can skip it.</bdi> <b>' in page.text
