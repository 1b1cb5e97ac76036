"""Messages of two, in mentoring or in a group, for safeguarding: what the checks hold, what was flagged, what a decision does.

They are read by as few as possible: never by coordinators, nor by whoever supervises the mentor, nor by one of the two.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.errors import Conflict, NotFound
from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.between import reading as private_reading
from app.domain.between import talking as private
from app.domain.between import telling as private_pages
from app.domain.mentoring.together import deciding as together
from app.domain.mentoring.together import reading, talking, voices
from app.domain.moderation import answering, filing, waking
from app.domain.moderation.checks import listed
from app.domain.moderation.checks.checking import check
from app.domain.moderation.checks.shapes import Check, Context, Level, Subject
from app.domain.moderation.posts import ReadPost
from app.domain.moderation.wording import TAKEN_OUT_BY_YOU as GONE
from app.domain.two import deciding as two
from app.domain.two.looks import Looked
from app.domain.two.wording import SHOWN, TOO_LATE
from app.models.between import PrivateMessage, PrivateTalk
from app.models.groups import PostState
from app.models.mentoring import Mentor, MentorMatch
from app.models.mentorships import MentorMessage, MessageState
from app.models.moderation import Case, CaseKind, CaseState

MESSAGE, PRIVATE = "message", "private"  # the kinds of the subject, for what is held and what is flagged
_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]


NOT_YET = N_("A phone number, an e-mail address or a link goes only once both of you want it. Each says so in your talk, under "
             "Numbers and addresses.")  # fmt: skip


def look(text: str, language: str, shared: bool) -> Looked:
    """Return why words between the two wait for a person, or why they are not taken: a number before both want to give theirs."""
    found = look_first(text, language, not shared)
    return Looked(stop=_(NOT_YET)) if found.stop else found


def look_first(text: str, language: str, first: bool) -> Looked:
    """Return why words to one person wait, or why they are not taken: a way around the network before the other one answered."""
    settings = core_settings.current()
    context = Context(
        subject=Subject.MESSAGE, language=language, first_message=first, countries=settings.country_list,
        listed=listed.word_list(settings.data_dir),
    )  # fmt: skip
    counts: dict[str, int] = {}
    for finding in check(text, context):
        if finding.check is Check.NEWCOMER:
            return Looked(stop=f"{finding.why.words()} {finding.advice.words()}")
        if finding.check is Check.PERSONAL or finding.level is Level.HOLD:  # of personal data only numbers of documents
            kind = finding.rule if finding.check is Check.PERSONAL else finding.check.value
            counts[kind] = counts.get(kind, 0) + 1
    return Looked(counts)


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages of one kind of talk, as moderation has to do with them."""

    kind: str
    table: Any
    release: Callable[[Session, Actor, Any], bool]
    find: Callable[[Session, Actor, str], tuple[Any, str]]  # one that the actor was sent, and its address
    keep_out: Callable[[Session, Case, Any], None]  # who must not read it beside the two
    voice: Callable[[Session, UUID], Any | None] = lambda _db, _message_id: None  # what is known of a voice that goes with one

    def held(self, db: Session, message: Any, to: UUID, found: dict[str, int]) -> None:
        """Open the case of a message that waits; to whom it is does not know of it."""
        case = filing.open_case(db, CaseKind.MESSAGE, self.kind, message.id, message.author_id, findings=found)
        filing.bar(db, case, to, hidden=True)
        self.keep_out(db, case, message)
        waking.if_nobody_is_left(db, case)

    def gone(self, db: Session, which: sa.Select[tuple[UUID]]) -> None:
        """Close what was held of messages whose words go; what was flagged is decided all the same, by the words of then."""
        of_them = sa.and_(_CASES.c.subject_kind == self.kind, _CASES.c.subject_id.in_(which))
        held_back = sa.and_(of_them, _CASES.c.kind == CaseKind.MESSAGE)
        db.execute(sa.update(_CASES).where(held_back).values(snapshot=None, findings={}))
        decided = sa.and_(of_them, _CASES.c.kind == CaseKind.MESSAGE_FLAG, _CASES.c.state == CaseState.CLOSED)
        db.execute(sa.update(_CASES).where(decided).values(snapshot=None))
        waiting = select(Case).where(held_back, Case.state == CaseState.OPEN).with_for_update()
        for case in db.exec(waiting.execution_options(populate_existing=True)).all():
            filing.close_undecided(db, case)
        answering.close_about(db, sa.and_(col(Case.subject_kind) == self.kind, col(Case.subject_id).in_(which)), GONE)

    def snapshot(self, db: Session, case: Case) -> str | None:
        """Return the words of a message as they stand now, and keep from reading them who must not."""
        message = db.get(self.table, case.subject_id)
        if message is None:
            return None
        self.keep_out(db, case, message)
        return json.dumps({"body": message.body}, ensure_ascii=False)

    def contents(self, db: Session, case: Case) -> ReadPost | None:
        """Return a message for whoever has its case open; of one that is gone the words of then."""
        message = db.get(self.table, case.subject_id)
        flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
        if message is None:
            return ReadPost("", "en", "", PostState.DELETED, bool(flagged), flagged, message=True)
        changed = bool(flagged) and flagged != message.body
        state = PostState(message.state.value)
        file = "voice" if self.voice(db, message.id) else ""
        return ReadPost(message.body, message.language, "", state, changed, flagged if changed else "", message=True, file=file)

    def is_hidden(self, db: Session, case: Case) -> bool:
        """Say whether the message of a case is hidden by a decision."""
        message = db.get(self.table, case.subject_id)
        return message is not None and bool(message.state == MessageState.HIDDEN)

    def _message(self, db: Session, case: Case) -> Any:
        message = db.get(self.table, case.subject_id)
        if message is None:
            raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
        return message

    def let_through(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Send a message that waited."""
        _tell(db, case, SHOWN if self.release(db, actor, self._message(db, case)) else TOO_LATE, words)

    def refuse(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Do not send a message that waited."""
        two.refuse(db, actor, self._message(db, case))
        _tell(db, case, N_("Somebody has read the message that waited. It is not sent. The reason stands below."), words)

    def keep(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Leave a flagged message, or show it again. Where nothing changes its writer hears nothing: who flagged would be plain."""
        message = db.get(self.table, case.subject_id)
        if message is not None and message.state == MessageState.HIDDEN:
            two.unhide(db, actor, message)
            _tell(db, case, N_("We looked at a message of yours again. It is shown again."), words)

    def hide(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Hide a flagged message from the other one."""
        message = db.get(self.table, case.subject_id)
        if message is not None:
            two.hide(db, actor, message)
            _tell(db, case, N_("We hid a message that you wrote. The reason stands below."), words)


def _tell(db: Session, case: Case, sentence: str, words: str) -> None:
    if case.about_id is not None:
        accounts.tell(db, case.about_id, sentence, note=words)


def _bar_supervisor(db: Session, case: Case, message: MentorMessage) -> None:
    """Keep whoever supervises the mentor from reading: they look after the mentor, and never see the words."""
    of = select(Mentor.supervisor_id).join(MentorMatch, col(MentorMatch.mentor_id) == Mentor.member_id)
    supervisor = db.exec(of.where(MentorMatch.id == message.match_id)).first()
    if supervisor is not None:
        filing.bar(db, case, supervisor)


def _bar_reader(db: Session, case: Case, message: PrivateMessage) -> None:
    """Keep the other one of the two from deciding, whoever flagged it."""
    row = db.get_one(PrivateTalk, message.talk_id)
    filing.bar(db, case, row.asked_id if message.author_id == row.asker_id else row.asker_id)


def _of_pair(db: Session, actor: Actor, ref: str) -> tuple[MentorMessage, str]:
    """Return a message of mentoring that the actor was sent, and its address; NotFound when there is nothing to see for them."""
    found = select(MentorMessage, MentorMatch.ref).join(MentorMatch, col(MentorMatch.id) == MentorMessage.match_id)
    row = db.exec(found.where(MentorMessage.ref == ref)).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("This page is not here."))
    message, pair = row
    of = reading.talk(db.connection(), actor, pair)
    reading.one(db.connection(), of, actor.me, ref, taken_back=True)
    return message, talking.address(pair)


def _of_two(db: Session, actor: Actor, ref: str) -> tuple[PrivateMessage, str]:
    """Return a message between two of a group that the actor was sent, and its address; NotFound otherwise."""
    found = select(PrivateMessage, PrivateTalk.ref).join(PrivateTalk, col(PrivateTalk.id) == PrivateMessage.talk_id)
    row = db.exec(found.where(PrivateMessage.ref == ref)).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("This page is not here."))
    message, talk = row
    private_reading.one(db.connection(), private_reading.talk(db.connection(), actor, talk), actor.me, ref, taken_back=True)
    return message, private_pages.address(talk)


IN_MENTORING = Messages(MESSAGE, MentorMessage, together.release, _of_pair, _bar_supervisor, voices.length_of)
IN_GROUPS = Messages(PRIVATE, PrivateMessage, private.release, _of_two, _bar_reader)
OF = {kind.kind: kind for kind in (IN_MENTORING, IN_GROUPS)}
