"""Meetings of groups: what is said of them, when they are, and who said that they come."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, SealedJson, moment, words


class PlanState(enum.StrEnum):
    """Whether what is said of a meeting may be read by others."""

    SHOWN = "shown"
    WAITS = "waits"  # somebody at the desk reads it first: there for the organisers of the group only
    HIDDEN = "hidden"  # by a decision: there for the organisers only, who can change the words


class PlaceFor(enum.StrEnum):
    """Who reads where a meeting is."""

    EVERYBODY = "everybody"  # who sees the meeting
    COMING = "coming"  # who said that they come


class Cohosting(enum.StrEnum):
    """Where a body stands that is named as holding a meeting too."""

    NONE = "none"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class MeetingPlan(Row, table=True):
    """What is said of a meeting, or of all meetings of a series that were not changed by themselves."""

    __tablename__ = "meeting_plan"
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    by_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)  # whose words these are, for the desk
    title: str = Field(max_length=80)
    about: str = Field(default="", max_length=2_000)
    language: str = Field(default="en", max_length=12)
    zone: str = Field(max_length=40)  # name of the IANA time zone in which day and hour were said
    minutes: int  # how long it lasts
    place: str | None = Field(default=None, sa_type=Sealed("meeting_plan.place"))
    place_for: PlaceFor = Field(default=PlaceFor.COMING, sa_type=words(PlaceFor))
    link: str | None = Field(default=None, sa_type=Sealed("meeting_plan.link"))  # always for those who come only
    childcare: bool = False
    women_only: bool = False
    bus_money: bool = False
    languages: list[str] = Field(default_factory=list, sa_type=sa.JSON)  # spoken there
    access: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    open: bool = False  # guests may read it, as long as everybody finds the group
    state: PlanState = Field(default=PlanState.SHOWN, sa_type=words(PlanState))
    cohost: str = Field(default="", max_length=80)  # a body that holds it too; shown to others once it said yes
    cohosting: Cohosting = Field(default=Cohosting.NONE, sa_type=words(Cohosting))
    cohost_hash: str | None = Field(default=None, max_length=64, unique=True)  # of the link by which it answers
    cohost_by: UUID | None = Field(default=None, index=True)  # who asked, and hears the answer


class Meeting(Row, table=True):
    """One meeting: a moment, and what is said of it."""

    __table_args__ = (
        sa.Index(None, "group_id", "starts_at", "id"), sa.Index(None, "series_id", "starts_at"), sa.Index(None, "starts_at"),
    )  # fmt: skip
    ref: str = Field(max_length=12, unique=True)
    group_id: UUID = Field(foreign_key="member_group.id")
    plan_id: UUID = Field(foreign_key="meeting_plan.id", index=True)
    series_id: UUID | None = None
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    cancelled_at: datetime | None = moment(default=None)
    row_version: int = 1


class MeetingComing(Row, table=True):
    """Somebody said that they come; told to others as a rough number only, deleted 14 days after the meeting."""

    __tablename__ = "meeting_coming"
    __table_args__ = (sa.UniqueConstraint("member_id", "meeting_id"),)
    meeting_id: UUID = Field(foreign_key="meeting.id", index=True)
    member_id: UUID = Field(foreign_key="member.id")
    reminded: bool = False  # a day before


class MeetingMinutes(Row, table=True):
    """What was said and decided at a meeting; members of the group read it."""

    __tablename__ = "meeting_minutes"
    meeting_id: UUID = Field(foreign_key="meeting.id", unique=True)
    words: str = Field(default="", max_length=4_000)
    by_id: UUID | None = Field(default=None, index=True)
    row_version: int = 1


class MeetingAttendance(Row, table=True):
    """How many came, as totals that an organiser entered: women, men, others. Only the protected numbers read it."""

    __tablename__ = "meeting_attendance"
    meeting_id: UUID = Field(foreign_key="meeting.id", unique=True)
    counts: dict[str, Any] = Field(sa_type=SealedJson("meeting_attendance.counts"))
    entered_on: date


class CalendarFeed(Row, table=True):
    """The secret address that a member's calendar program asks; once ended it belongs to nobody, and says that it is gone."""

    __tablename__ = "calendar_feed"
    member_id: UUID | None = Field(default=None, foreign_key="member.id", unique=True)
    secret_hash: str = Field(max_length=64, unique=True)
    titles: bool = False  # else every meeting is an appointment without a place
    made_on: date
    ended_on: date | None = None
