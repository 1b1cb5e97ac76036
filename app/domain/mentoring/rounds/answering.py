"""What people do with a pair: the desk lets it go on, the two answer, somebody ends it. Reasons are asked of nobody."""

from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain import limits
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.mentoring.joining import asking
from app.domain.mentoring.rounds import moving, rules
from app.domain.mentoring.rounds.rules import Event
from app.models.accounts import Member
from app.models.between import MemberBlock
from app.models.mentoring import MatchState, MentorMatch
from app.schemas.mentoring import Introduce

_YES: Final = {MatchState.MENTEE_ASKED: Event.MENTEE_YES, MatchState.MENTOR_ASKED: Event.MENTOR_YES}


def _not_open() -> str:
    """Return the one sentence for what is over, what is not for the actor to know of, and what never was."""
    return _("This is not open any more. Nothing happens because of it.")


def _held(db: Session, ref: str) -> MentorMatch:
    row = db.exec(select(MentorMatch).where(MentorMatch.ref == ref).with_for_update()).first()
    if row is None:
        raise NotFound(_not_open())
    return row


def _steered(db: Session, actor: Actor, ref: str, seen: int) -> MentorMatch:
    row = _held(db, ref)
    if not rules.may_steer(actor, row.mentee_id, row.mentor_id):
        raise NotFound(_not_open())
    if row.row_version != seen:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    return row


def _there(db: Session, match: MentorMatch) -> bool:
    """Say whether the two can still be brought together. A block shows no earlier than now, and looks like any other end."""
    two = match.mentee_id, match.mentor_id
    members = [db.get_one(Member, one) for one in two]
    by, of = col(MemberBlock.member_id), col(MemberBlock.blocked_id)
    blocked = sa.select(sa.exists().where(by.in_(two), of.in_(two)))
    return rules.can_meet(*((one.status, limits.stops(one, now())) for one in members)) and not db.execute(blocked).scalar()


def release(db: Session, actor: Actor, ref: str, seen: int) -> None:
    """Let the mentee be asked; where one of the two is not there any more, the pair ends and nobody learns of it."""
    require(rules.may_run(actor))
    row = _steered(db, actor, ref, seen)
    moving.move(db, row, Event.RELEASE if _there(db, row) else Event.LAPSE)
    audit.record(db, actor, "mentoring.released", "match", row.id)


def drop(db: Session, actor: Actor, ref: str, seen: int) -> None:
    """Do not let a pair go on; it is not proposed again."""
    require(rules.may_run(actor))
    row = _steered(db, actor, ref, seen)
    if row.state != MatchState.PROPOSED:  # later the two of them say how it goes on
        raise Conflict(_("This changed meanwhile. Look at it again."))
    moving.move(db, row, Event.DROP)
    audit.record(db, actor, "mentoring.dropped", "match", row.id)


def introduce(db: Session, actor: Actor, ref: str, wish: Introduce) -> None:
    """Write to each of the two how they meet first; the half year begins."""
    require(rules.may_run(actor))
    row = _steered(db, actor, ref, wish.row_version)
    for field, words in (("to_mentee", wish.to_mentee), ("to_mentor", wish.to_mentor)):
        if not words:
            raise Invalid(field, _("Write where, when and how they meet first."))
    moving.move(db, row, Event.INTRODUCE)
    for who, words in ((row.mentee_id, wish.to_mentee), (row.mentor_id, wish.to_mentor)):
        tell(db, who, N_("This is how the two of you meet first."), note=words, link=moving.PAGE)
    audit.record(db, actor, "mentoring.introduced", "match", row.id)


def _own(db: Session, actor: Actor, ref: str) -> tuple[MentorMatch, bool]:
    """Return an open pair that the actor knows of, and whether they are the mentee; others do not exist."""
    row = _held(db, ref)
    knows = {row.mentee_id: rules.MENTEE_KNOWS, row.mentor_id: rules.MENTOR_KNOWS}.get(actor.me, frozenset())
    if row.state not in knows:
        raise NotFound(_not_open())
    return row, actor.member_id == row.mentee_id


def say_yes(db: Session, actor: Actor, ref: str) -> None:
    """Say yes to somebody; the mentee is asked first."""
    row, is_mentee = _own(db, actor, ref)
    require(rules.may_answer(actor, row.mentee_id if is_mentee else row.mentor_id))
    asked = MatchState.MENTEE_ASKED if is_mentee else MatchState.MENTOR_ASKED
    if row.state != asked:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    moving.move(db, row, _YES[asked] if _there(db, row) else Event.LAPSE)


def say_no(db: Session, actor: Actor, ref: str) -> None:
    """Say not this time, or end it; nobody asks why, and the two are not proposed to each other again."""
    row, is_mentee = _own(db, actor, ref)
    require(rules.may_end(actor))
    began = row.state in (MatchState.AGREED, MatchState.ACTIVE)
    moving.move(db, row, Event.END if began else Event.MENTEE_NO if is_mentee else Event.MENTOR_NO, actor.me)


def say_goodbye(db: Session, actor: Actor, ref: str) -> None:
    """End a mentorship that has done its work: the wish of the mentee ends with it."""
    row, is_mentee = _own(db, actor, ref)
    require(rules.may_end(actor))
    if not is_mentee or row.state != MatchState.ACTIVE:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    moving.move(db, row, Event.END, actor.me)
    asking.take_back(db, actor)
