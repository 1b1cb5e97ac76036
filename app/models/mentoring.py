"""Mentoring: who looks for a mentor, who would like to be one, and what others say about those who would."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


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
    because: str | None = Field(default=None, sa_type=Sealed("mentor_ask.because"))  # why there is nobody yet, as of the last round
    touched_on: date
    warned_for: date | None = None  # of which last day they were told
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
    trained_until: date | None = None  # not including this day; the later one of the two below, None before the first
    learned_until: date | None = None  # by the lessons here
    elsewhere_until: date | None = None  # by a training held elsewhere
    elsewhere: str | None = Field(default=None, sa_type=Sealed("mentor.elsewhere"))  # where and when, as a coordinator wrote it
    reminded_for: date | None = None  # which trained_until they were told of
    wants_talk_on: date | None = None  # since when they would like to talk with their supervisor
    touched_on: date
    row_version: int = 1


class MentorLesson(Row, table=True):
    """A lesson whose check somebody passed who offers to be a mentor, or is one; what they answered is not kept."""

    __tablename__ = "mentor_lesson"
    __table_args__ = (sa.UniqueConstraint("member_id", "lesson"),)
    member_id: UUID = Field(foreign_key="member.id")
    lesson: str = Field(max_length=20)
    passed_on: date  # the last time


class MentorWord(Row, table=True):
    """A link with which somebody without an account says a few words about an applicant: opens once, until a day."""

    __tablename__ = "mentor_word"
    mentor_id: UUID = Field(foreign_key="mentor.id", index=True)
    ref_hash: str = Field(max_length=64, unique=True)
    until_on: date  # not including this day
    answered_on: date | None = None
    said: str | None = Field(default=None, sa_type=Sealed("mentor_word.said"))  # JSON; for the desk only
    confirmed_on: date | None = (
        None  # somebody at the desk made sure that it is from somebody who knows them; else it does not count
    )
    confirmed_by: UUID | None = None  # None also where they have left the network


class MatchState(enum.StrEnum):
    """Where a pair stands; see domain/mentoring/rounds/rules.py for the ways between."""

    PROPOSED = "proposed"  # by a round; only coordinators know
    MENTEE_ASKED = "mentee_asked"
    MENTOR_ASKED = "mentor_asked"
    AGREED = "agreed"  # both said yes; they meet, or a coordinator introduces them
    ACTIVE = "active"
    DECLINED = "declined"
    LAPSED = "lapsed"
    DROPPED = "dropped"
    ENDED = "ended"


class MentorMatch(Row, table=True):
    """Two people who are proposed to each other, or go together for half a year; of a closed one only who, and how it closed."""

    __tablename__ = "mentor_match"
    __table_args__ = (sa.Index(None, "state", "due_on"),)
    ref: str = Field(max_length=12, unique=True)
    mentee_id: UUID = Field(foreign_key="member.id", index=True)
    mentor_id: UUID = Field(foreign_key="member.id", index=True)  # the member who is the mentor
    open_mentee: UUID | None = Field(default=None, unique=True)  # the mentee while it is open: one at a time
    state: MatchState = Field(default=MatchState.PROPOSED, sa_type=words(MatchState))
    version: str = Field(max_length=10)  # of the weights
    why: str = Field(sa_type=Sealed("mentor_match.why"))  # components and what stands behind them; emptied when it closes
    made_on: date
    due_on: date | None = None  # then it lapses, or the half year is over
    ended_on: date | None = None
    row_version: int = 1


class MentorRound(Row, table=True):
    """A round of matching: how many were proposed, what the groups' bonus is next time, and what is lacking."""

    __tablename__ = "mentor_round"
    at: datetime = moment(index=True)
    version: str = Field(max_length=10)
    proposed: int
    bonus: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # group -> points, 0 to 300
    lacking: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # "words": needs and languages that many share
