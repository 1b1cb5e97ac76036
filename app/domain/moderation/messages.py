"""Messages between mentor and mentee, for safeguarding: what the checks hold, what one of the two flagged, what a decision does.

They are read by as few as possible: never by coordinators, nor by whoever supervises the mentor, nor by one of the two.
"""

import json
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.errors import Conflict, NotFound
from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.mentoring.together import deciding as together
from app.domain.mentoring.together import reading, talking
from app.domain.mentoring.together.hooks import Looked
from app.domain.mentoring.together.wording import SHOWN, TOO_LATE
from app.domain.moderation import answering, filing, waking
from app.domain.moderation.checks import listed
from app.domain.moderation.checks.checking import check
from app.domain.moderation.checks.shapes import Check, Context, Level, Subject
from app.domain.moderation.posts import ReadPost
from app.domain.moderation.wording import TAKEN_OUT_BY_YOU as GONE
from app.models.groups import PostState
from app.models.mentoring import Mentor, MentorMatch
from app.models.mentorships import MentorMessage, MessageState
from app.models.moderation import Case, CaseKind, CaseState

MESSAGE = "message"  # the kind of the subject, for what is held and what is flagged
NOT_YET = N_("A phone number, an e-mail address or a link goes only once both of you want it. Each says so in your talk, under "
             "Numbers and addresses.")  # fmt: skip
_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]


def look(text: str, language: str, shared: bool) -> Looked:
    """Return why words between the two wait for a person, or why they are not taken: a number before both want to give theirs."""
    settings = core_settings.current()
    context = Context(
        subject=Subject.MESSAGE, language=language, first_message=not shared, countries=settings.country_list,
        listed=listed.word_list(settings.data_dir),
    )  # fmt: skip
    counts: dict[str, int] = {}
    for finding in check(text, context):
        if finding.check is Check.NEWCOMER:
            return Looked(stop=_(NOT_YET))
        if finding.check is Check.PERSONAL or finding.level is Level.HOLD:  # of personal data only numbers of documents
            kind = finding.rule if finding.check is Check.PERSONAL else finding.check.value
            counts[kind] = counts.get(kind, 0) + 1
    return Looked(counts)


def held(db: Session, message: MentorMessage, to: UUID, found: dict[str, int]) -> None:
    """Open the case of a message that waits; to whom it is does not know of it."""
    case = filing.open_case(db, CaseKind.MESSAGE, MESSAGE, message.id, message.author_id, findings=found)
    filing.bar(db, case, to, hidden=True)
    _bar_supervisor(db, case, message.match_id)
    waking.if_nobody_is_left(db, case)


def _bar_supervisor(db: Session, case: Case, match_id: UUID) -> None:
    """Keep whoever supervises the mentor from reading: they look after the mentor, and never see the words."""
    of = select(Mentor.supervisor_id).join(MentorMatch, col(MentorMatch.mentor_id) == Mentor.member_id)
    supervisor = db.exec(of.where(MentorMatch.id == match_id)).first()
    if supervisor is not None:
        filing.bar(db, case, supervisor)


def gone(db: Session, which: sa.Select[tuple[UUID]]) -> None:
    """Close what was held of messages whose words go; what was flagged is decided all the same, by the words of then."""
    of_them = sa.and_(_CASES.c.subject_kind == MESSAGE, _CASES.c.subject_id.in_(which))
    held_back = sa.and_(of_them, _CASES.c.kind == CaseKind.MESSAGE)
    db.execute(sa.update(_CASES).where(held_back).values(snapshot=None, findings={}))
    decided = sa.and_(of_them, _CASES.c.kind == CaseKind.MESSAGE_FLAG, _CASES.c.state == CaseState.CLOSED)
    db.execute(sa.update(_CASES).where(decided).values(snapshot=None))
    waiting = select(Case).where(held_back, Case.state == CaseState.OPEN).with_for_update()
    for case in db.exec(waiting.execution_options(populate_existing=True)).all():
        filing.close_undecided(db, case)
    answering.close_about(db, sa.and_(col(Case.subject_kind) == MESSAGE, col(Case.subject_id).in_(which)), GONE)


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[MentorMessage, str]:
    """Return a message that the actor was sent, and its address; NotFound when there is nothing to see for them."""
    found = select(MentorMessage, MentorMatch.ref).join(MentorMatch, col(MentorMatch.id) == MentorMessage.match_id)
    row = db.exec(found.where(MentorMessage.ref == ref)).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("This page is not here."))
    message, pair = row
    of = reading.talk(db.connection(), actor, pair)
    reading.one(db.connection(), of, actor.me, ref)
    return message, talking.address(pair)


def snapshot(db: Session, case: Case) -> str | None:
    """Return the words of a message as they stand now, and keep the supervisor of the mentor from reading them."""
    message = db.get(MentorMessage, case.subject_id)
    if message is None:
        return None
    _bar_supervisor(db, case, message.match_id)
    return json.dumps({"body": message.body}, ensure_ascii=False)


def contents(db: Session, case: Case) -> ReadPost | None:
    """Return a message for whoever has its case open; of one that is gone the words of then."""
    message = db.get(MentorMessage, case.subject_id)
    flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
    if message is None:
        return ReadPost("", "en", "", PostState.DELETED, bool(flagged), flagged, message=True)
    changed = bool(flagged) and flagged != message.body
    state = PostState(message.state.value)
    return ReadPost(message.body, message.language, "", state, changed, flagged if changed else "", message=True)


def is_hidden(db: Session, case: Case) -> bool:
    """Say whether the message of a case is hidden by a decision."""
    message = db.get(MentorMessage, case.subject_id)
    return message is not None and message.state == MessageState.HIDDEN


def _message(db: Session, case: Case) -> MentorMessage:
    message = db.get(MentorMessage, case.subject_id)
    if message is None:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
    return message


def _tell(db: Session, case: Case, sentence: str, words: str) -> None:
    if case.about_id is not None:
        accounts.tell(db, case.about_id, sentence, note=words)


def let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Send a message that waited."""
    _tell(db, case, SHOWN if together.release(db, actor, _message(db, case)) else TOO_LATE, words)


def refuse(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Do not send a message that waited."""
    together.refuse(db, actor, _message(db, case))
    _tell(db, case, N_("Somebody has read the message that waited. It is not sent. The reason stands below."), words)


def keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Leave a flagged message, or show it again. Where nothing changes its writer hears nothing: who flagged it would be plain."""
    message = db.get(MentorMessage, case.subject_id)
    if message is not None and message.state == MessageState.HIDDEN:
        together.unhide(db, actor, message)
        _tell(db, case, N_("We looked at a message of yours again. It is shown again."), words)


def hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Hide a flagged message from the other one."""
    message = db.get(MentorMessage, case.subject_id)
    if message is not None:
        together.hide(db, actor, message)
        _tell(db, case, N_("We hid a message that you wrote. The reason stands below."), words)
