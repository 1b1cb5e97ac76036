"""Mentoring: who looks for a mentor, who would like to be one, and what others say about those who would."""

import enum
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, words


class AskState(enum.StrEnum):
    """Where a wish for a mentor stands."""

    BEGUN = "begun"  # some steps are saved, nothing is asked yet
    WAITING = "waiting"


class MentorState(enum.StrEnum):
    """Where somebody stands who would like to be a mentor."""

    BEGUN = "begun"
    APPLIED = "applied"
    ACTIVE = "active"
    PAUSED = "paused"  # by the mentor: nobody new comes
    DECLINED = "declined"  # by a decision, at the beginning or later; see rules.AGAIN_DAYS


class MentorAsk(Row, table=True):
    """A member looks for a mentor; what they said stands apart from the account, sealed, every packet of one length."""

    __tablename__ = "mentor_ask"
    __table_args__ = (sa.CheckConstraint("(state <> 'waiting') OR (asked_on IS NOT NULL)", "waiting_is_dated"),)
    member_id: UUID = Field(foreign_key="member.id", unique=True)
    state: AskState = Field(default=AskState.BEGUN, sa_type=words(AskState))
    said: str = Field(sa_type=Sealed("mentor_ask.said"))  # see domain/mentoring/joining/packets.py
    asked_on: date | None = None  # waiting since; changing something later does not move it
    touched_on: date
    row_version: int = 1


class Mentor(Row, table=True):
    """A member who is, or would like to be, a mentor; what they said stands sealed, every packet of one length."""

    __table_args__ = (sa.CheckConstraint("capacity BETWEEN 0 AND 5", "capacity_is_small"),)
    ref: str = Field(max_length=12, unique=True)
    member_id: UUID = Field(foreign_key="member.id", unique=True)
    state: MentorState = Field(default=MentorState.BEGUN, sa_type=words(MentorState), index=True)
    said: str = Field(sa_type=Sealed("mentor.said"))
    capacity: int = 0
    why: str = Field(default="", sa_type=Sealed("mentor.why"))  # their own words, for the desk
    ties: str = Field(default="", sa_type=Sealed("mentor.ties"))  # their declaration of interests
    agreed_on: date | None = None  # to the code of conduct
    applied_on: date | None = None
    decided_on: date | None = None
    panel: int = 0  # how many sat on the panel; who they were, and anybody's gender, is not kept
    supervisor_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    trained_until: date | None = None  # not including this day
    touched_on: date
    row_version: int = 1


class MentorWord(Row, table=True):
    """A link with which somebody without an account says a few words about an applicant: opens once, until a day."""

    __tablename__ = "mentor_word"
    mentor_id: UUID = Field(foreign_key="mentor.id", index=True)
    ref_hash: str = Field(max_length=64, unique=True)
    until_on: date  # not including this day
    answered_on: date | None = None
    said: str | None = Field(default=None, sa_type=Sealed("mentor_word.said"))  # JSON; for the desk only
