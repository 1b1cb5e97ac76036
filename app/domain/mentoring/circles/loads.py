"""How many circles a mentor leads: each takes one place, as a mentee does."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from app.models.circles import CircleSeat, CircleState, MentorCircle

TAKES = (CircleState.FORMING, CircleState.OPEN, CircleState.RUNNING)


def led(mentor: Any) -> sa.ScalarSelect[int]:
    """Return how many circles somebody leads, or is asked to; ``mentor`` as a column or id of members."""
    found = sa.select(sa.func.count()).select_from(CircleSeat).join(MentorCircle, col(MentorCircle.id) == col(CircleSeat.circle_id))
    return found.where(
        col(CircleSeat.leads), col(CircleSeat.member_id) == mentor, col(MentorCircle.state).in_(TAKES)
    ).scalar_subquery()  # fmt: skip


def by_mentor() -> sa.Select[UUID, int]:
    """Return how many circles each mentor leads, or is asked to: the member and the number."""
    found = sa.select(col(CircleSeat.member_id), sa.func.count()).join(
        MentorCircle, col(MentorCircle.id) == col(CircleSeat.circle_id)
    )
    return found.where(col(CircleSeat.leads), col(MentorCircle.state).in_(TAKES)).group_by(col(CircleSeat.member_id))
