"""A voice between mentor and mentee: who hears it and when, sealed, held, flagged, taken back, in one's own copy."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.domain.accounts import exports
from app.domain.media.voice import Voice
from app.domain.mentoring.rounds import answering
from app.domain.mentoring.together import standing, talking, voices
from app.domain.moderation import actions, looking
from app.models.accounts import Role
from app.models.engine import AuditEvent
from app.models.mentorships import MentorMessage, MentorVoice, MessageState
from app.models.moderation import CaseKind
from app.routers import my_talk_voices
from app.schemas.mentorships import WriteMessage
from tests.browse import Browser, text_of
from tests.mentoring.test_talks import OFFER, Two, connected, two  # noqa: F401

OPUS = b"OggS" + bytes(range(96))
VOICE = Voice(OPUS, b"\xffmp3 of the same", 75.4)
WORDS = {"body": "I tell how the first week was.", "language": "en"}


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Voices are not made anew: what that does is tested with real ones."""
    monkeypatch.setattr(my_talk_voices, "make_voice", lambda _data, short: VOICE)


def _send(browser: Browser, of: Two, data: bytes | None = b"x", **form: str) -> Any:
    path = f"/my/mentoring/with/{of.pair.ref}/voice"
    return browser.post(path, {**WORDS, **form}, files={"voice": ("mine.mp3", data)} if data is not None else {})


def _say(of: Two, by: Any, body: str = WORDS["body"]) -> str:
    wish = WriteMessage(body=body, language="en")
    return talking.write(of.db, of.act(by), of.pair.ref, wish, VOICE).ref


def test_the_two_hear_it_and_nobody_else(two: Two, browse: Callable[..., Browser], ready: None) -> None:  # noqa: F811
    two.make.commit()
    mentee, mentor = browse(two.mentee), browse(two.mentor)
    path = f"/my/mentoring/with/{two.pair.ref}"
    assert f'href="{path}/voice"' in mentee.get(path).text
    form = mentee.get(f"{path}/voice")
    assert "microphone=(self)" in form.headers["permissions-policy"]
    for data, typed, says in (
        (None, WORDS["body"], "Record your voice, or choose a recording."), (b"x", " ", "Not everybody can listen."),
        (b"x", "Call me: +221 77 123 45 67", "only once both of you want it"),
    ):  # fmt: skip
        refused = _send(mentee, two, data, body=typed)
        assert (refused.status_code, says in text_of(refused), typed.strip() in refused.text) == (422, True, True)
    assert _send(mentee, two).status_code == 303
    (ref,) = two.db.exec(select(MentorMessage.ref))
    raw = two.db.execute(
        sa.select(sa.type_coerce(sa.column("opus"), sa.LargeBinary)).select_from(sa.table("mentor_voice"))
    ).scalar()
    two.db.commit()
    assert raw
    assert OPUS[8:] not in bytes(raw)
    page = mentor.get(path).text
    assert f"{path}/words/{ref}/voice.opus" in page
    assert "1:15" in page
    heard = mentor.get(f"{path}/words/{ref}/voice.opus")
    assert (heard.content, heard.headers["cache-control"]) == (OPUS, "private, no-store")
    some = mentee.get(f"{path}/words/{ref}/voice.mp3", headers={"range": "bytes=1-3"})
    assert (some.status_code, some.content) == (206, b"mp3")
    for other in (two.awa, two.binta, two.sira):
        browser = browse(other)
        assert [browser.get(f"{path}/{what}").status_code for what in ("voice", f"words/{ref}/voice.opus")] == [404, 404]
        assert _send(browser, two).status_code == 404
    mentee.send(f"{path}/words/{ref}")  # taken back
    assert two.db.exec(select(MentorVoice.id)).all() == []
    two.db.commit()
    assert mentor.get(f"{path}/words/{ref}/voice.opus").status_code == 404
    mentee.post(path, {"answer": "no"})  # they part
    assert [mentee.get(f"{path}/voice").status_code, _send(mentee, two).status_code] == [403, 403]


def test_one_that_waits_or_is_hidden_is_heard_by_its_writer_only(two: Two) -> None:  # noqa: F811
    ref = _say(two, two.mentor, OFFER)

    def heard(who: Any) -> bool:
        return voices.served(two.db.connection(), two.act(who), two.pair.ref, ref, "opus") == OPUS

    assert (heard(two.mentor), heard(two.mentee)) == (True, False)
    for state, mentee_hears in ((MessageState.SHOWN, True), (MessageState.HIDDEN, False)):
        two.db.execute(sa.update(MentorMessage).values(state=state, number=1))
        assert (heard(two.mentor), heard(two.mentee)) == (True, mentee_hears)
    answering.say_no(two.db, two.act(two.mentee), two.pair.ref)
    standing.purge(two.db, two.mentee.id)
    assert two.db.exec(select(MentorVoice.id)).all() == []


def test_what_was_flagged_is_heard_by_who_opened_the_case_and_every_look_is_written_down(
    two: Two, browse: Callable[..., Browser]  # noqa: F811
) -> None:  # fmt: skip
    ref = _say(two, two.mentor)
    actions.flag(two.db, two.act(two.mentee), "message", ref, "hurts", "I am afraid.")
    case, sira = two.case(CaseKind.MESSAGE_FLAG), two.act(two.sira, Role.SAFEGUARDING)
    with pytest.raises(Exception, match="not here"):  # not opened yet
        looking.begin(two.db, sira, case.ref)
    actions.open_case(two.db, sira, case.ref)
    two.make.commit()
    desk, supervisor = browse(two.sira), browse(two.binta)
    path = f"/desk/cases/{case.ref}"
    assert "Listen to the voice in it" in text_of(desk.get(path))
    assert desk.get(f"{path}/file.opus").status_code in (303, 404)
    page = desk.send(f"{path}/file")
    assert "A voice in a mentorship" in text_of(page)
    source = page.text.split('source src="')[1].split('"')[0]
    assert desk.get(source).content == OPUS
    assert two.db.exec(select(AuditEvent.verb).where(AuditEvent.verb == "case.file_looked")).all() == ["case.file_looked"]
    two.db.commit()
    assert supervisor.post(f"{path}/file").status_code == supervisor.get(source).status_code == 404


def test_it_is_in_the_copy_of_who_said_it_only(two: Two, db: Session) -> None:  # noqa: F811
    _say(two, two.mentee)
    for who, there in ((two.mentee, 1), (two.mentor, 0)):
        parts = exports.collect(db, who.id)
        archive = zipfile.ZipFile(BytesIO(exports.pack(parts, [], voices.copies(db, who.id))))
        names = [name for name in archive.namelist() if name.startswith("media/mentoring-")]
        assert len(names) == there
        assert [archive.read(name) for name in names] == [VOICE.mp3] * there
        said = parts["what I wrote in mentoring"]
        assert [one.get("seconds of voice") for one in said] == [75] * there
