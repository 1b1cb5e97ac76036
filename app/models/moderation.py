"""Cases: one thing that needs a person, whatever its kind."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


class CaseKind(enum.StrEnum):
    """What waits."""

    STORY = "story"  # a story that waits for its second reader
    TRANSLATION = "translation"  # a translation that its teller said yes to waits for a second reader
    FLAG = "flag"  # somebody says: please look
    CORRECTION = "correction"  # something is wrong with a listing
    APPLICATION = "application"  # somebody asks to join
    POST = "post"  # a post in a group that the checks hold
    TALK = "talk"  # somebody says "please look" at a post in a group


class CaseState(enum.StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"


class Priority(enum.StrEnum):
    """Four priorities with a clock."""

    DANGER = "danger"  # to a person: 24 h
    EXPOSED = "exposed"  # someone's identity: 24 h
    RULE = "rule"  # 72 h
    SPAM = "spam"  # 2 weeks


class Outcome(enum.StrEnum):
    """What was decided."""

    PUBLISH = "publish"
    ASK_CHANGE = "ask_change"
    DECLINE = "decline"
    KEEP = "keep"
    HIDE = "hide"
    FIXED = "fixed"
    DEFUNCT = "defunct"
    ACCEPT = "accept"
    REFUSE = "refuse"


class Case(Row, table=True):
    """One case per subject; a later flag re-opens it."""

    __tablename__ = "moderation_case"
    __table_args__ = (sa.UniqueConstraint("kind", "subject_kind", "subject_id"), sa.Index(None, "state", "due_at"))
    ref: str = Field(max_length=12, unique=True)
    kind: CaseKind = Field(sa_type=words(CaseKind))
    state: CaseState = Field(default=CaseState.OPEN, sa_type=words(CaseState))
    priority: Priority = Field(default=Priority.RULE, sa_type=words(Priority))
    subject_kind: str = Field(max_length=20)  # story, translation, service, member, post
    subject_id: UUID = Field(index=True)
    about_id: UUID | None = Field(default=None, index=True)  # whose matter it is: for this member the case does not exist
    opened_at: datetime = moment()
    due_at: datetime = moment()
    claimed_by: UUID | None = None
    claimed_until: datetime | None = moment(default=None)
    row_version: int = 1
    findings: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # what was found: kind -> how often
    snapshot: str | None = Field(default=None, sa_type=Sealed("moderation_case.snapshot"))  # the text when it was flagged


class Flag(Row, table=True):
    """A member's or visitor's "please look"; a visitor hears back by receipt number."""

    case_id: UUID = Field(foreign_key="moderation_case.id", index=True)
    reason: str = Field(max_length=20)
    note: str | None = Field(default=None, sa_type=Sealed("flag.note"))
    member_id: UUID | None = None
    receipt_hash: str | None = Field(default=None, max_length=64, unique=True)
    language: str = Field(default="en", max_length=12)
    on: date
    answer: str | None = Field(default=None, max_length=400)  # a msgid
    answer_params: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    answered_on: date | None = None


class Decision(Row, table=True):
    """What somebody decided about a case, and why; what the author is told."""

    __tablename__ = "moderation_decision"
    __table_args__ = (sa.UniqueConstraint("case_id", "case_version"),)  # two people cannot both decide
    case_id: UUID = Field(foreign_key="moderation_case.id", index=True)
    decided_by: UUID
    at: datetime = moment()
    outcome: Outcome = Field(sa_type=words(Outcome))
    rule: str | None = Field(default=None, max_length=20)
    reason: str | None = Field(default=None, sa_type=Sealed("moderation_decision.reason"))
    machine_helped: bool = False
    case_version: int = 1
