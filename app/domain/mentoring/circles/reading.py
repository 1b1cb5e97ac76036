"""Circles as those who look for one, lead one or plan them read them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain import limits
from app.domain.actor import Actor
from app.domain.mentoring.circles import loads
from app.domain.mentoring.rounds.rules import CLOSED_FOR_GOOD, OPEN
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.between import MemberBlock
from app.models.circles import CircleSeat, CircleState, MentorCircle, SeatState
from app.models.groups import Group
from app.models.mentoring import Mentor, MentorMatch, MentorState

MOST: Final = 50
_C, _S = MentorCircle.__table__, CircleSeat.__table__  # type: ignore[attr-defined]
_MINE = sa.and_(_S.c.circle_id == _C.c.id, _S.c.member_id == sa.bindparam("me", type_=sa.Uuid))
_BASE = sa.select(
    _C, _S.c.ref.label("seat_ref"), _S.c.state.label("seat"), sa.func.coalesce(_S.c.leads, sa.false()).label("leads"),
    col(Group.ref).label("group_ref"),
).select_from(_C.outerjoin(_S, _MINE).outerjoin(Group, col(Group.id) == _C.c.group_id))  # fmt: skip
# Whoever is not let in, stopped, or not grown up reads of no circle but their own.
_GROWN = sa.exists().where(col(Member.id) == sa.bindparam("me", type_=sa.Uuid), col(Member.adult).is_(True))
_OPEN = sa.and_(_C.c.state == CircleState.OPEN, sa.bindparam("let_in", type_=sa.Boolean), _GROWN)
_THERE = sa.or_(_OPEN, _S.c.id.is_not(None))
_LISTED = _BASE.where(_C.c.state != CircleState.ENDED, _THERE).order_by(_S.c.id.is_(None), _C.c.begins_on, _C.c.id).limit(MOST)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a circle, or who asks for it, with the address part of their seat."""

    ref: str
    name: str
    leads: bool
    state: SeatState


def listed(connection: sa.Connection, actor: Actor) -> list[Any]:
    """Return the circles that can be asked for, one's own first; one statement."""
    return list(connection.execute(_LISTED, {"me": actor.me, "let_in": actor.let_in}))


def one(connection: sa.Connection, actor: Actor, ref: str) -> Any:
    """Return a circle that is open, or in which the actor has a seat; NotFound otherwise. One statement."""
    row = connection.execute(_BASE.where(_C.c.ref == ref, _THERE), {"me": actor.me, "let_in": actor.let_in}).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    return row


def leads_of(connection: sa.Connection, circle_id: UUID) -> list[str]:
    """Return the names of those who lead a circle, said yes and take part today: whoever asks chooses whom to meet."""
    found = sa.select(col(Member.name)).join(CircleSeat, col(CircleSeat.member_id) == col(Member.id)).where(
        _S.c.circle_id == circle_id, _S.c.leads, _S.c.state == SeatState.IN, here()
    )  # fmt: skip
    return list(connection.execute(found.order_by(col(Member.name))).scalars())


def at_desk(db: Session, actor: Actor) -> list[Any]:
    """Return the circles that are not over, but those that the actor leads, is in or asks for; one statement."""
    mine = sa.exists().where(_S.c.circle_id == _C.c.id, _S.c.member_id == actor.me)
    there = sa.select(_C).where(_C.c.state != CircleState.ENDED, sa.not_(mine))
    return list(db.execute(there.order_by(_C.c.begins_on, _C.c.id).limit(MOST)))


def people(db: Session, circle_id: UUID) -> list[Person]:
    """Return who leads a circle, is in it or asks to come in, for a coordinator.

    With whom a mentorship with one of those who lead was closed for good is not named before it begins, also where that was after
    they were let in: as of somebody who took it back, neither to them nor to the desk it shows that there was something. So it is
    where a block, whoever's, stands between them and somebody who leads or asked before them.
    """
    lead, match = sa.orm.aliased(CircleSeat), MentorMatch
    pair = sa.or_(
        sa.and_(col(match.mentor_id) == col(lead.member_id), col(match.mentee_id) == _S.c.member_id),
        sa.and_(col(match.mentee_id) == col(lead.member_id), col(match.mentor_id) == _S.c.member_id),
    )
    closed = sa.exists().where(
        col(lead.circle_id) == _S.c.circle_id, col(lead.leads), pair, col(match.state).in_(CLOSED_FOR_GOOD)
    )  # fmt: skip
    before = sa.exists().where(_C.c.id == _S.c.circle_id, _C.c.state.in_([CircleState.FORMING, CircleState.OPEN]))
    hidden = sa.and_(sa.not_(_S.c.leads), before, sa.or_(closed, _blocked()))
    rows = db.execute(
        sa.select(_S.c.ref, col(Member.name), _S.c.leads, _S.c.state).join(Member, col(Member.id) == _S.c.member_id)
        .where(_S.c.circle_id == circle_id, here(), sa.not_(hidden)).order_by(sa.not_(_S.c.leads), _S.c.id).limit(MOST)
    ).all()  # fmt: skip
    return [Person(*row) for row in rows]


def _blocked() -> sa.ColumnElement[bool]:
    other = sa.orm.aliased(CircleSeat)
    either = sa.or_(
        sa.and_(col(MemberBlock.member_id) == col(other.member_id), col(MemberBlock.blocked_id) == _S.c.member_id),
        sa.and_(col(MemberBlock.blocked_id) == col(other.member_id), col(MemberBlock.member_id) == _S.c.member_id),
    )
    first = sa.or_(col(other.leads), col(other.id) < _S.c.id)
    return sa.exists().where(col(other.circle_id) == _S.c.circle_id, first, either)


def here() -> sa.ColumnElement[bool]:
    """Say of members that they take part today, and are grown up."""
    return sa.and_(col(Member.status) == MemberStatus.ACTIVE, col(Member.adult).is_(True), limits.none_stops(now()))


def mentor_stands(today: date) -> sa.ColumnElement[bool]:
    """Say of a mentor (joined with the member) that they can lead today: at work, trained, with the role."""
    role = sa.exists().where(
        col(RoleGrant.member_id) == col(Mentor.member_id), col(RoleGrant.role) == Role.MENTOR,
        col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today, col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    return sa.and_(col(Mentor.state) == MentorState.ACTIVE, col(Mentor.trained_until) > today, here(), role)


def mentor_holds(today: date) -> sa.ColumnElement[bool]:
    """Say of a mentor (joined with the member) that they may go on leading: whatever the pause or the training, the role holds."""
    role = sa.exists().where(
        col(RoleGrant.member_id) == col(Mentor.member_id), col(RoleGrant.role) == Role.MENTOR, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    gone = col(Member.status).in_([MemberStatus.SUSPENDED, MemberStatus.GONE])
    return sa.and_(role, sa.not_(gone), limits.none_stops(now()))


def can_lead(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the mentors whom a coordinator may ask: trained, with a free place, supervised; never oneself."""
    load = sa.select(sa.func.count()).where(
        col(MentorMatch.mentor_id) == col(Mentor.member_id), col(MentorMatch.state).in_(OPEN)
    ).scalar_subquery()  # fmt: skip
    free = load + loads.led(col(Mentor.member_id)) < col(Mentor.capacity)
    rows = db.execute(
        sa.select(col(Mentor.ref), col(Member.name)).join(Member, col(Member.id) == col(Mentor.member_id))
        .where(mentor_stands(now().date()), free, col(Mentor.supervisor_id).is_not(None), col(Mentor.member_id) != actor.me)
        .order_by(col(Member.name)).limit(200)
    )  # fmt: skip
    return [(ref, name) for ref, name in rows]
