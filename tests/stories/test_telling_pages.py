"""Telling by forms: from the first page to taken back, and everything that can go wrong on the way."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days, now
from app.core.settings import Settings
from app.domain.search import actions as search
from app.domain.stories import actions, files, telling
from app.models.accounts import Member, MemberStatus, Role
from app.models.engine import Draft
from app.models.stories import Consent, Media, Story, StoryStatus
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told
from tests.stories.told import actor_of

Open = Callable[..., Browser]
S = StoryStatus
VOICE = Path(__file__).parents[2] / "data/demo/content/audio/the-chair-is-mine.mp3"


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab")


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def photo() -> bytes:
    """Return a small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (320, 200), (14, 90, 84)).save(out, "JPEG")
    return out.getvalue()


def test_the_whole_way_by_forms(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    reader = make.member("Second Reader", Role.COORDINATOR)
    make.commit()
    me, guest = browse(ndeye), browse()
    assert "Why tell? Three voices" in text_of(me.get("/my/stories/new"))
    begun = me.post("/my/stories", {"once": "a"})
    at = begun.headers["location"].removesuffix("/write")
    write = me.get(f"{at}/write")
    words = {"language": "en", "title": told.TITLE, "body": "I met Fatou Diop there.", "once": "w"}
    look = me.send(f"{at}/write", {**words, "row_version": hidden(write.text, "row_version")})
    assert "Look it over" in text_of(look)
    assert "<mark>Fatou Diop" in look.text
    found = {n: hidden(look.text, n) for n in ("field", "start", "end", "mark")}
    look = me.send(f"{at}/look/finding", {**found, "act": "use"})
    assert "We found no names" in text_of(look)
    who = me.send(f"{at}/look", {"row_version": hidden(look.text, "row_version"), "content_note": ""})
    choices: dict[str, object] = {"audience": "everyone", "name_form": "letter", "area": "", "year": "2025", "season": "rains"}
    choices["themes"] = ["work", "nonsense"]
    agree = me.send(f"{at}/who", {**choices, "row_version": hidden(who.text, "row_version")})
    assert 'value="public"' in agree.text
    assert " checked" not in agree.text, "a yes is given by its teller, never ticked before"
    yes = {"purposes": ["members", "public"], "lasts": "half", "helper": "alone", "row_version": hidden(agree.text, "row_version")}
    preview = me.send(f"{at}/agree", yes)
    assert "This is how others see it." in text_of(preview)
    assert "Told by N." in text_of(preview)
    assert "Rainy season 2025" in text_of(preview)
    assert "Fatou" not in preview.text
    send = me.get(f"{at}/send")
    assert "You have 24 hours to think." in text_of(send)
    sent = me.send(f"{at}/send", {"once": "b"})
    assert "Someone looks at it first." in text_of(sent)
    ref = at.rsplit("/", 1)[1]
    assert guest.get(f"/stories/{ref}").status_code == 404
    story, second = db.exec(select(Story)).one(), actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.approve(db, second, story)
    db.commit()
    with clock.at(now() + days(1)):
        actions.publish_due(db, now())
        db.commit()
        seen = guest.get(f"/stories/{ref}")
        assert (seen.status_code, "somebody I know" in text_of(seen)) == (200, True)
        shared_preview = re.search(r"<article>.*?</article>", preview.text, re.DOTALL)
        assert shared_preview is not None
        assert shared_preview.group() in seen.text, "the preview is exactly what others see"
        browse(ndeye).send(f"{at}/take-back", {"once": "c"})
        assert guest.get(f"/stories/{ref}").status_code == 410


def test_only_its_teller_finds_the_steps(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    colleague, outsider = make.member("", Role.COORDINATOR), make.member()
    make.commit()
    steps = ("", "/why", "/write", "/look", "/who", "/agree", "/preview", "/send", "/voice", "/pictures", "/delete")
    browsers = {"own": browse(ndeye), "colleague": browse(colleague), "outsider": browse(outsider), "guest": browse()}
    for step in steps:
        codes = {who: b.get(f"/my/stories/{story.ref}{step}").status_code for who, b in browsers.items()}
        assert codes == {"own": 200, "colleague": 404, "outsider": 404, "guest": 303}, step
    for step in ("write", "look", "who", "agree", "send", "take-back", "delete", "way/stop", "write/draft", "voice"):
        refused = browsers["outsider"].post(f"/my/stories/{story.ref}/{step}", {"language": "en", "summary": "x"})
        assert refused.status_code == 404, step
    assert db.exec(select(Story)).one().status == S.DRAFT


def test_sent_twice_is_one_story(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    make.commit()
    me = browse(ndeye)
    first, second = (me.post("/my/stories", {"once": "same"}) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(db.exec(select(Story)).all()) == 1
    db.commit()


def test_submitting_twice_is_one_submission(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.agreed(db, ndeye)
    make.commit()
    seen: list[str] = []
    actions.on_submitted.append(lambda _db, s: seen.append(s.ref))
    try:
        me = browse(ndeye)
        answers = [me.post(f"/my/stories/{story.ref}/send", {"once": "same"}) for _ in range(2)]
        assert [a.headers["location"] for a in answers] == [f"/my/stories/{story.ref}"] * 2
        assert me.post(f"/my/stories/{story.ref}/send", {"once": "another"}).status_code == 403
    finally:
        actions.on_submitted.pop()
    assert seen == [story.ref]


def test_two_pages_of_the_same_story(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    seen = story.row_version
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}/write"
    form = {"language": "en", "title": "First page", "body": "One.", "row_version": str(seen)}
    assert me.post(at, form).status_code == 303
    second = me.post(at, {**form, "title": "Second page", "body": "Two."})
    assert second.status_code == 409
    words = text_of(second)
    assert "What is saved now" in words
    assert all(w in second.text for w in ("First page", "One.", "Second page", "Two."))
    db.commit()
    db.expire_all()
    assert telling.original(db, story).body == "One."
    db.commit()
    again = {**form, "body": "One. Two.", "row_version": hidden(second.text, "row_version")}
    assert me.post(at, again).status_code == 303, "having seen both, the teller decides"


@pytest.mark.parametrize("meanwhile", ["sent", "paused", "deleted"])
def test_words_survive_what_was_done_in_the_other_tab(db: Session, make: Make, browse: Open, ndeye: Member, meanwhile: str) -> None:
    story = told.agreed(db, ndeye)
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}"
    form = me.get(f"{at}/write").text
    if meanwhile == "sent":
        actions.submit(db, actor_of(ndeye), story)
    elif meanwhile == "paused":
        ndeye.status = MemberStatus.PAUSED
        db.add(ndeye)
    else:
        actions.discard(db, actor_of(ndeye), story)
    make.commit()
    typed = "An hour of words about the bus, and nobody keeps them but me."
    data = {"language": "en", "title": told.TITLE, "body": typed, "once": "w", "row_version": hidden(form, "row_version")}
    refused = me.post(f"{at}/write", data)
    assert refused.status_code == (404 if meanwhile == "deleted" else 403)
    assert typed in text_of(refused), "what was typed stands in the answer"
    assert ('href="/my/stories"' if meanwhile == "deleted" else f'href="{at}"') in refused.text
    if meanwhile == "sent":  # as the page says: stop the sending first, then change it
        actions.withdraw_submission(db, actor_of(ndeye), story)
        make.commit()
        again = {n: hidden(refused.text, n) for n in ("row_version", "once", "title", "body", "language")}
        conflict = me.post(f"{at}/write", again)
        assert conflict.status_code == 409
        assert typed in text_of(conflict)
        me.send(f"{at}/write", {**again, "row_version": hidden(conflict.text, "row_version")})
        db.expire_all()
        assert telling.original(db, story).body == typed


def test_what_is_typed_comes_back(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}/write"
    typed = {"title": "Half a ti", "body": "<b>typing", "language": "en", "row_version": "2", "once": "x"}
    assert me.post(f"{at}/draft", typed).status_code == 204
    assert me.post(f"{at}/draft", {**typed, "title": "Half a title"}).status_code == 204
    assert len(db.exec(select(Draft)).all()) == 1
    db.commit()
    me.client.cookies.clear()
    ended = me.post(at, {"title": "Half a title and more", "language": "en"})
    assert (ended.status_code, "Half a title and more" in ended.text) == (401, True)
    with clock.at(now() + days(1)):
        back = browse(ndeye).get(at)
    assert "We kept what you typed." in text_of(back)
    assert 'value="Half a title"' in back.text
    assert "&lt;b&gt;typing" in back.text
    assert told.TITLE not in back.text


def test_what_is_wrong_is_said_and_the_words_stay(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}"
    long = me.post(f"{at}/write", {"title": "t" * 121, "body": "My words", "language": "en", "row_version": "1"})
    assert (long.status_code, "At most 120 letters" in text_of(long), "My words" in long.text) == (422, True, True)
    nobody = me.post(f"{at}/who", {"name_form": "chosen", "row_version": str(story.row_version)})
    assert (nobody.status_code, "Error:" in nobody.text) == (422, True)
    who = {"audience": "members", "name_form": "chosen", "row_version": str(story.row_version)}
    assert "Write the year too" in text_of(me.post(f"{at}/who", {**who, "season": "dry"}))
    assert me.post(f"{at}/who", who).status_code == 303
    version = hidden(me.get(f"{at}/agree").text, "row_version")
    for missing in ({"lasts": "year"}, {"helper": "alone"}, {"lasts": "year", "helper": "alone"}):
        assert me.post(f"{at}/agree", {**missing, "row_version": version}).status_code == 422
    assert db.exec(select(Consent)).all() == [], "a missing answer is never a yes"
    db.commit()
    assert me.post(f"{at}/send", {}).status_code == 403


def test_pictures_are_made_safe_or_refused(db: Session, make: Make, browse: Open, settings: Settings, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}/pictures"

    def send(data: bytes, name: str = "me.jpg", **fields: str) -> tuple[int, str]:
        answer = me.post(at, {"faces": "none", "alt": "A green door", **fields}, files={"picture": (name, data, "image/jpeg")})
        return answer.status_code, text_of(answer)

    code, words = send(b"<html><script>alert(1)</script></html>")
    assert (code, "We cannot open this as a picture" in words) == (422, True)
    code, words = send(b"\xff" * (30 * 1024 * 1024))
    assert (code, "too big" in words) == (413, True)
    code, words = send(b"\xff\xd8" + b"\0" * (9 * 1024 * 1024))
    assert (code, "Up to 8 MB works" in words) == (422, True)
    assert send(photo(), faces="unsure")[0] == 422
    answer = me.post(at, {"alt": "A green door"}, files={"picture": ("x.jpg", photo(), "image/jpeg")})
    assert (answer.status_code, "A green door" in answer.text) == (422, True)
    assert db.exec(select(Media)).all() == []
    db.commit()
    assert not [p for p in Path(settings.media).rglob("*") if p.is_file()]
    assert send(photo(), "Ndeye at home.jpg")[0] == 303
    (kept,) = files.of_story(db, story.id)
    db.commit()
    assert (kept.alt, kept.faces_asked, kept.width) == ("A green door", True, 320)
    assert not [p for p in Path(settings.media).rglob("*") if "Ndeye" in p.name]
    db.commit()
    assert "A green door" in text_of(me.get(f"/stories/{story.ref}"))
    assert me.get(f"/stories/{story.ref}/media/{kept.ref}.webp").status_code == 200
    assert browse().get(f"/stories/{story.ref}/media/{kept.ref}.webp").status_code == 404
    me.send(f"/my/stories/{story.ref}/media/{kept.ref}/remove", {"once": "r"})
    assert me.get(f"/stories/{story.ref}/media/{kept.ref}.webp").status_code == 404
    assert not [p for p in Path(settings.media).rglob("*") if p.is_file()]


def test_a_voice_by_form(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}/voice"
    page = me.get(at)
    assert "microphone=(self)" in page.headers["permissions-policy"]
    assert "microphone=()" in me.get(f"/my/stories/{story.ref}/write").headers["permissions-policy"]
    assert "data-recorder" in page.text
    sound = {"voice": ("voice.mp3", VOICE.read_bytes(), "audio/mpeg")}
    silent = me.post(at, {"summary": " "}, files=sound)
    assert (silent.status_code, "Not everybody can listen" in text_of(silent)) == (422, True)
    wrong = me.post(at, {"summary": "What I say."}, files={"voice": ("a.mp3", b"not a sound" * 99, "audio/mpeg")})
    assert (wrong.status_code, "What I say." in wrong.text) == (422, True)
    done = me.send(at, {"summary": "What I say.", "once": "v"}, files=sound)
    assert "Kept." in text_of(done)
    assert "0:4" in text_of(me.get(f"/stories/{story.ref}"))


def test_findings_that_were_left_stay_left(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye, body="Call +221 77 123 45 67.")
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}/look"
    look = me.get(at)
    found = {n: hidden(look.text, n) for n in ("field", "start", "end", "mark")}
    assert "<mark>" not in me.send(f"{at}/finding", {**found, "act": "leave"}).text
    moved = me.send(f"{at}/finding", {**found, "start": "0", "act": "use"})
    assert "Your text has changed since." in text_of(moved)
    assert telling.original(db, story).body == "Call +221 77 123 45 67."


@pytest.mark.parametrize(("state", "way", "after"), [
    ("sent", "stop", S.DRAFT), ("published", "pause", S.PAUSED), ("published", "rework", S.DRAFT),
])  # fmt: skip
def test_ways_by_buttons(db: Session, make: Make, browse: Open, ndeye: Member, state: str, way: str, after: StoryStatus) -> None:
    reader = make.member("", Role.COORDINATOR)
    story = told.sent(db, ndeye) if state == "sent" else told.published(db, ndeye, reader)
    make.commit()
    ref, me = story.ref, browse(ndeye)
    at = f"/my/stories/{ref}"
    assert f"{at}/way/{way}" in me.get(at).text
    me.send(f"{at}/way/{way}", {"once": "w"})
    db.expire_all()
    assert db.exec(select(Story)).one().status == after
    db.commit()
    if after == S.PAUSED:
        assert browse().get(f"/stories/{ref}").status_code == 404
        me.send(f"{at}/way/resume", {"once": "x"})
        assert browse().get(f"/stories/{ref}").status_code == 200


def test_every_state_has_its_page(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.agreed(db, ndeye)
    make.commit()
    me = browse(ndeye)
    for status in S:
        story.status, story.published_on, story.ended_on = status, now().date(), now().date()
        db.add(story)
        make.commit()
        page = me.get(f"/my/stories/{story.ref}")
        assert page.status_code == 200, status
        assert "What I agreed to" in text_of(page)
        assert me.get("/my/stories").status_code == 200
        assert ("take-back" in page.text) == (status not in (S.DRAFT, S.TAKEN_BACK) or "purpose" in page.text)
        assert (f"{story.ref}/delete" in page.text) == (status in (S.DRAFT, S.DECLINED, S.TAKEN_BACK, S.EXPIRED))


def test_words_that_were_taken_back_are_deleted_for_good_in_two_taps(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.published(db, ndeye, make.member("Second Reader", Role.COORDINATOR))
    make.commit()
    me, at, shown = browse(ndeye), f"/my/stories/{story.ref}", f"/stories/{story.ref}"
    for refused in (me.get(f"{at}/delete"), me.post(f"{at}/delete", {"once": "a"})):
        assert (refused.status_code, "Take this story back first" in text_of(refused)) == (403, True)
    me.send(f"{at}/take-back", {"once": "b"})
    page = me.get(at)
    assert "until you delete them" in text_of(page)
    assert f'<a href="{at}/delete">' in page.text
    asked = me.get(f"{at}/delete")
    for words in (told.TITLE, "Delete your words for good?", "What stays", "35 days", "cannot be undone"):
        assert words in text_of(asked), words
    assert me.post(f"{at}/delete", {"once": "c"}).headers["location"].startswith("/my/stories")
    assert (me.get(at).status_code, browse().get(shown).status_code, me.get("/me/data").status_code) == (404, 404, 200)
    assert told.TITLE not in me.get("/my/stories").text
    gone = browse().get("/saved/check", params={"refs": f"stories/{story.ref}"}).json()
    assert gone == {"gone": [f"stories/{story.ref}"]}, "what a phone still keeps goes at the next contact"
    db.expire_all()
    assert db.exec(select(Story)).all() == []
    db.commit()


def test_the_page_about_what_we_keep_says_until_when(browse: Open) -> None:
    said = text_of(browse().get("/privacy"))
    assert "Your stories, drafts too: until you delete them or your account." in said
    assert "until you take them back" not in said


def test_a_service_is_found_and_named(db: Session, make: Make, browse: Open, ndeye: Member) -> None:
    story = told.draft(db, ndeye)
    shown = {
        "ref": "s" * 12, "name": "Night desk", "organisation": "", "needs": [], "area": None, "cost": None, "languages": [],
        "hours": [], "zone": None, "verified": "2026-05-03", "due": "2027-05-03", "imported": "2026-01-01", "protected": False,
        "points": [],
    }  # fmt: skip
    service = UUID(int=7)
    search.index(db, "service", service, "en", title="Night desk", body="A bed for tonight", tokens=[], shown=shown)
    make.commit()
    me, at = browse(ndeye), f"/my/stories/{story.ref}/services"
    found = me.get(f"{at}?q=night")
    assert f"{at}/{service}/add" in found.text
    assert me.post(f"{at}/{UUID(int=8)}/add", {"once": "x"}).status_code == 404
    named = me.send(f"{at}/{service}/add", {"once": "y"})
    assert f"{at}/{service}/remove" in named.text
    preview = me.get(f"/my/stories/{story.ref}/preview")
    assert "Services in this story Night desk" in text_of(preview)
    assert "/help/ssssssssssss" in preview.text
    assert "Night desk" not in me.send(f"{at}/{service}/remove", {"once": "z"}).text
