"""Circles: one or two mentors and three to eight people around an activity; once begun, they talk and meet in a hidden group."""

import enum
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, words


class CircleState(enum.StrEnum):
    """Where a circle stands."""

    FORMING = "forming"  # the mentors are asked
    OPEN = "open"  # people ask to come in
    RUNNING = "running"
    GOODBYE = "goodbye"  # it is over, and still there for saying so
    ENDED = "ended"


class SeatState(enum.StrEnum):
    """Where somebody stands to a circle."""

    ASKED = "asked"  # a mentor who is asked to lead, or somebody who asks to come in
    IN = "in"


class MentorCircle(Row, table=True):
    """A circle, as a coordinator set it up."""

    __tablename__ = "mentor_circle"
    __table_args__ = (sa.CheckConstraint("places BETWEEN 3 AND 8", "places_are_few"), sa.Index(None, "state", "begins_on"))
    ref: str = Field(max_length=12, unique=True)
    title: str = Field(max_length=80)
    about: str = Field(max_length=1_000)
    language: str = Field(max_length=12)
    places: int
    state: CircleState = Field(default=CircleState.FORMING, sa_type=words(CircleState))
    begins_on: date  # as it is planned, then as it was
    weeks: int
    ends_on: date | None = None  # the last day; of a goodbye the day on which the talk closes
    group_id: UUID | None = Field(default=None, foreign_key="member_group.id", ondelete="SET NULL", index=True)
    few: bool = False  # coordinators were told that few are left
    row_version: int = 1


class CircleSeat(Row, table=True):
    """Somebody who leads a circle or belongs to it, or asks to, or is asked to."""

    __tablename__ = "mentor_circle_seat"
    __table_args__ = (sa.UniqueConstraint("circle_id", "member_id"),)
    ref: str = Field(max_length=12, unique=True)
    circle_id: UUID = Field(foreign_key="mentor_circle.id", ondelete="CASCADE")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    leads: bool = False
    state: SeatState = Field(default=SeatState.ASKED, sa_type=words(SeatState))
    on: date
