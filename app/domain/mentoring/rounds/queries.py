"""Reading pairs: what is proposed to me, what waits at the desk."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.errors import NotFound
from app.core.i18n import _, current, language_name
from app.domain.actor import Actor
from app.domain.mentoring import wording
from app.domain.mentoring.joining.wording import NEED_WORDS
from app.domain.mentoring.rounds import packing, rules
from app.domain.mentoring.weights import TABLE
from app.domain.mentoring.wording import Explanation, Waiting
from app.models.accounts import Member
from app.models.mentoring import MatchState, MentorAsk, MentorMatch, MentorRound

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair as one of the two sees it: the other's name, why it could fit, and until when."""

    ref: str
    state: MatchState
    is_mentee: bool
    name: str
    why: Explanation
    due_on: date | None


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A pair as a coordinator sees it, with what the mentor reads (which tells nothing of wishes whom to meet)."""

    ref: str
    state: MatchState
    mentee: str
    mentor: str
    why: Explanation
    due_on: date | None
    row_version: int


def mine(db: Session, actor: Actor) -> list[Pair]:
    """Return the open pairs that the actor knows of, on both sides; one statement."""
    match = MentorMatch
    is_mentee = col(match.mentee_id) == actor.me
    knows = sa.or_(
        sa.and_(is_mentee, col(match.state).in_(rules.MENTEE_KNOWS)),
        sa.and_(col(match.mentor_id) == actor.me, col(match.state).in_(rules.MENTOR_KNOWS)),
    )  # fmt: skip
    other = sa.case((is_mentee, col(match.mentor_id)), else_=col(match.mentee_id))
    rows = db.execute(
        sa.select(match, col(Member.name)).join(Member, col(Member.id) == other).where(knows).order_by(col(match.id)).limit(MOST)
    ).all()  # fmt: skip
    return [_pair(row, name, row.mentee_id == actor.me) for row, name in rows]


def _pair(row: MentorMatch, name: str, is_mentee: bool) -> Pair:
    say = wording.to_mentee if is_mentee else wording.to_mentor
    return Pair(row.ref, row.state, is_mentee, name, say(*packing.unpacked(row.why), TABLE[row.version]), row.due_on)


def known(db: Session, member_id: UUID) -> list[tuple[date, date | None]]:
    """Return for the member's own copy since and until when they go with somebody, or are asked; never with whom."""
    match = MentorMatch
    mine = sa.or_(
        sa.and_(col(match.mentee_id) == member_id, col(match.state).in_(rules.MENTEE_KNOWS)),
        sa.and_(col(match.mentor_id) == member_id, col(match.state).in_(rules.MENTOR_KNOWS)),
    )  # fmt: skip
    rows = db.execute(sa.select(col(match.made_on), col(match.due_on)).where(mine).order_by(col(match.id)))
    return [(since, until) for since, until in rows]


def one_at_desk(db: Session, actor: Actor, ref: str, state: MatchState) -> AtDesk:
    """Return a pair in this state; others, and one's own, do not exist."""
    found = _at_desk(db, actor, sa.and_(col(MentorMatch.ref) == ref, col(MentorMatch.state) == state))
    if not found:
        raise NotFound(_("This page is not here."))
    return found[0]


def at_desk(db: Session, actor: Actor) -> list[AtDesk]:
    """Return the pairs that wait for a coordinator (not the actor's own), what is due first on top; one statement."""
    return _at_desk(db, actor, col(MentorMatch.state).in_([MatchState.PROPOSED, MatchState.AGREED]))


def _at_desk(db: Session, actor: Actor, which: sa.ColumnElement[bool]) -> list[AtDesk]:
    match, mentee, mentor = MentorMatch, sa.orm.aliased(Member), sa.orm.aliased(Member)
    rows = db.execute(
        sa.select(match, col(mentee.name), col(mentor.name))
        .join(mentee, col(mentee.id) == col(match.mentee_id)).join(mentor, col(mentor.id) == col(match.mentor_id))
        .where(which, col(match.mentee_id) != actor.me, col(match.mentor_id) != actor.me)
        .order_by(col(match.due_on), col(match.id)).limit(MOST)
    ).all()  # fmt: skip
    return [
        AtDesk(r.ref, r.state, e, o, wording.to_mentor(*packing.unpacked(r.why), TABLE[r.version]), r.due_on, r.row_version)
        for r, e, o in rows
    ]  # fmt: skip


def why_waiting(ask: MentorAsk | None, said: dict[str, Any]) -> Waiting | None:
    """Return for somebody who waits why there is nobody yet and what would help; None before the first round."""
    if ask is None or ask.because is None or ask.because == packing.NOTHING or "who" not in said:
        return None
    return wording.waiting(packing.why_waits(ask.because), said["who"]["rule"])


def last_round(db: Session) -> MentorRound | None:
    """Return the last round."""
    return db.exec(select(MentorRound).order_by(col(MentorRound.id).desc()).limit(1)).first()


def lacking(found: MentorRound | None) -> list[str]:
    """Return in words what many of those who wait look for and speak, as of the last round by the clock."""
    return [_lacks(*what.split(" ", 1)) for what in (found.lacking if found else {}).get("words", ())]


def _lacks(kind: str, code: str) -> str:
    return language_name(code, current()) if kind == "language" else _(NEED_WORDS[code])
