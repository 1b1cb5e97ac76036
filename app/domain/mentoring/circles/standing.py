"""What circles do when somebody leaves the network or is stopped, and what they add to a member's own copy."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.groups import bound
from app.domain.mentoring.circles import ending, forming
from app.domain.mentoring.circles.wording import STATES
from app.models.accounts import MemberStatus, Role
from app.models.circles import CircleSeat, CircleState, MentorCircle

FIRST: Final = (forming.PARTS, forming.OVER)  # before anybody leaves its group again: else it would say goodbye once more
LEDGER: Final = (forming.GONE, *FIRST)


def _out(db: Session, member_id: UUID, *, leading: bool = False) -> None:
    """Take somebody out of every circle, or only from leading them."""
    mine = select(CircleSeat).where(CircleSeat.member_id == member_id, sa.or_(col(CircleSeat.leads), sa.literal(not leading)))
    for seat in db.exec(mine).all():
        circle = db.get_one(MentorCircle, seat.circle_id, with_for_update=True)
        if seat.leads and circle.state not in (CircleState.GOODBYE, CircleState.ENDED):
            ending.lead_goes(db, circle, seat)
        elif circle.group_id is None:
            forming.remove(db, seat)
        else:
            bound.take_out(db, circle.group_id, member_id)  # the seat follows


def standing_changed(db: Session, member_id: UUID, standing: MemberStatus) -> None:
    """Take out whoever was stopped or leaves; who pauses keeps the place."""
    if standing in (MemberStatus.SUSPENDED, MemberStatus.GONE):
        _out(db, member_id)


def stopped(db: Session, member_id: UUID) -> None:
    """Take out whom a decision stops."""
    _out(db, member_id)


def role_ended(db: Session, member_id: UUID, role: Role) -> None:
    """Let somebody lead no circle any more who is no mentor any more."""
    if role == Role.MENTOR:
        _out(db, member_id, leading=True)


def purge(db: Session, member_id: UUID) -> None:
    """Erase every seat of somebody who left."""
    _out(db, member_id)
    db.execute(sa.delete(CircleSeat).where(col(CircleSeat.member_id) == member_id))


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Let a seat go, or a circle end, once more that a restored older copy brought back; return whether it was there."""
    if kind in FIRST:
        return ending.end_again(db, kind, subject_id)
    return kind in LEDGER and bool(
        db.execute(sa.delete(CircleSeat).where(col(CircleSeat.id) == subject_id)).rowcount  # type: ignore[attr-defined]
    )


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return the circles that a member asks for, is in or leads; never who else is."""
    rows = db.execute(
        sa.select(col(MentorCircle.title), col(MentorCircle.state), col(CircleSeat.leads), col(CircleSeat.on))
        .join(MentorCircle, col(MentorCircle.id) == col(CircleSeat.circle_id)).where(col(CircleSeat.member_id) == member_id)
        .order_by(col(CircleSeat.id))
    )  # fmt: skip
    return {
        N_("circles of mentoring"): [
            {"name": title, "since": on, N_("I lead it"): leads, N_("state"): Coded(state.value, _(STATES[state]))}
            for title, state, leads, on in rows
        ]
    }
