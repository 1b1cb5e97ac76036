"""Cases: one thing that needs a person, whatever its kind."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Row, Sealed, SealedJson, moment, words
from app.core.ids import new_ref

MOST_AT_ONCE = 10  # cases about advertising that are decided, or taken back, in one go


class CaseKind(enum.StrEnum):
    """What waits."""

    STORY = "story"  # a story that waits for its second reader
    TRANSLATION = "translation"  # a translation that its teller said yes to waits for a second reader
    FLAG = "flag"  # somebody says: please look
    CORRECTION = "correction"  # something is wrong with a listing
    CALL = "call"  # something is wrong with a call for money
    APPLICATION = "application"  # somebody asks to join
    POST = "post"  # a post in a group that the checks hold
    TALK = "talk"  # somebody says "please look" at a post in a group
    MESSAGE = "message"  # between mentor and mentee, that the checks hold; for safeguarding only
    MESSAGE_FLAG = "message_flag"  # one of the two says "please look" at a message; for safeguarding only
    APPEAL = "appeal"  # somebody sees a decision differently
    COMPLAINT = "complaint"  # about a person; for safeguarding only, never for that person
    ACCOUNT = "account"  # how somebody takes part; never for whose account it is


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
    HIDE = "hide"  # for a time, or until it is decided differently
    REMOVE = "remove"  # hidden now, deleted for good when nobody can see it differently any more
    FIXED = "fixed"
    DEFUNCT = "defunct"
    ACCEPT = "accept"
    REFUSE = "refuse"
    ACTED = "acted"  # of a complaint: something was done about it
    UPHOLD = "uphold"  # of an appeal: the decision stays
    OVERTURN = "overturn"  # of an appeal: what it was about is put back as it was
    NOTE = "note"  # of an account: a few words, nothing else
    HOLD_POSTS = "hold_posts"  # of an account: what they write waits for a person
    NO_TOPICS = "no_topics"
    READ_ONLY = "read_only"
    SUSPEND = "suspend"
    CLOSE = "close"
    LIFT = "lift"  # of an account: what lasts ends now


class Case(Row, table=True):
    """One case per subject; a later flag re-opens it."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject_kind", "subject_id"),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "state", "kind", "due_at"),
    )
    ref: str = Field(max_length=12, unique=True)
    kind: CaseKind = Field(sa_type=words(CaseKind))
    state: CaseState = Field(default=CaseState.OPEN, sa_type=words(CaseState))
    priority: Priority = Field(default=Priority.RULE, sa_type=words(Priority))
    # story, translation, service, member, post, group, meeting, board, asked, message, decision, person, account
    subject_kind: str = Field(max_length=20)
    subject_id: UUID = Field(index=True)
    about_id: UUID | None = Field(default=None, index=True)  # whose matter it is: for this member the case does not exist
    opened_at: datetime = moment()
    due_at: datetime = moment()
    claimed_by: UUID | None = None
    claimed_until: datetime | None = moment(default=None)
    row_version: int = 1
    findings: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # what was found: kind -> how often
    crowd: str | None = Field(default=None, max_length=64, index=True)  # of a complaint: keyed hash of whom it is about
    snapshot: str | None = Field(default=None, sa_type=Sealed("moderation_case.snapshot"))  # the text when it was flagged
    handover: str | None = Field(default=None, sa_type=Sealed("moderation_case.handover"))  # for whoever opens it next
    asked_id: UUID | None = None  # of those at the desk, who is asked to take it


class Flag(Row, table=True):
    """A member's or visitor's "please look"; a visitor hears back by receipt number."""

    case_id: UUID = Field(foreign_key="moderation_case.id", index=True)
    reason: str = Field(max_length=20)
    note: str | None = Field(default=None, sa_type=Sealed("flag.note"))
    member_id: UUID | None = Field(default=None, index=True)
    receipt_hash: str | None = Field(default=None, max_length=64, unique=True)
    language: str = Field(default="en", max_length=12)
    on: date
    answer: str | None = Field(default=None, max_length=400)  # a msgid
    answer_params: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    answered_on: date | None = None
    decision_id: UUID | None = None  # that answered it; None while it waits, and where nobody decided
    groundless_by: UUID | None = None  # who decided that it was plainly without ground (Art. 23 DSA)
    about: str | None = Field(default=None, sa_type=Sealed("flag.about"))  # whom a complaint is about, as somebody wrote it
    name: str | None = Field(default=None, sa_type=Sealed("flag.name"))  # of whoever wants to give it (Art. 16 DSA)


class Decision(Row, table=True):
    """What somebody decided about a case, and why; what the author is told."""

    __tablename__ = "moderation_decision"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "case_version"),  # two people cannot both decide
        sa.Index(None, "decided_by", "at"),
    )
    case_id: UUID = Field(foreign_key="moderation_case.id", index=True)
    about_id: UUID | None = Field(default=None, index=True)  # whose matter it was then; a group's words get other writers
    decided_by: UUID
    at: datetime = moment()
    outcome: Outcome = Field(sa_type=words(Outcome))
    rule: str | None = Field(default=None, max_length=20)
    reason: str | None = Field(default=None, sa_type=Sealed("moderation_decision.reason"))
    machine_helped: bool = False
    case_version: int = 1
    ref: str = Field(default_factory=new_ref, max_length=12, unique=True)  # the address of its statement of reasons
    rule_words: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # as it stood then: language, version, title, text
    overturned_at: datetime | None = moment(default=None)  # by an appeal, or by whoever decided, within ten minutes
    undone: bool = False  # it was whoever decided: it counts nowhere
    hidden_before: bool | None = None  # of what was flagged: whether we hid it before this decision
    # When it ends by itself: a limit of an account, what is hidden for a time; when an account, or what was removed, is deleted.
    until_at: datetime | None = moment(default=None)
    done_at: datetime | None = moment(default=None)  # of what is hidden for a time, or removed: when it came to that
    proposed_by: UUID | None = None  # where it took two people: who proposed what ``decided_by`` confirmed


class DecisionCount(SQLModel, table=True):
    """How often what was decided about public stories in a quarter that is over, for the public log: counted once, nobody in it."""

    __tablename__ = "moderation_count"
    quarter: date = Field(primary_key=True)  # its first day
    outcome: str = Field(primary_key=True, max_length=20)  # "": this quarter is counted
    rule: str = Field(primary_key=True, max_length=20)  # "" where it takes none
    often: int


class Proposal(Row, table=True):
    """What one person would decide, until another one confirms it: for what is severe."""

    __tablename__ = "moderation_proposal"
    case_id: UUID = Field(foreign_key="moderation_case.id", unique=True)
    by_id: UUID = Field(index=True)
    at: datetime = moment()
    outcome: Outcome = Field(sa_type=words(Outcome))
    rule: int | None = None
    days: int | None = None
    words: str | None = Field(default=None, sa_type=Sealed("moderation_proposal.words"))
    case_version: int = 0  # of its case, for which it was made: what comes in later, nobody has proposed anything about


class HoldEnd(enum.StrEnum):
    """How something that was hidden at once came out of that."""

    DECIDED = "decided"  # a person looked
    OVER = "over"  # nobody did in time: whose it is may show it again
    GONE = "gone"  # whose it is took it back, or its own time was over


class Hold(Row, table=True):
    """Something hidden at once, before a person looked: what whose it is is told of it, and what they say to it."""

    __tablename__ = "moderation_hold"
    ref: str = Field(default_factory=new_ref, max_length=12, unique=True)  # the address of its statement of reasons
    case_id: UUID = Field(foreign_key="moderation_case.id", index=True)
    about_id: UUID = Field(index=True)
    at: datetime = moment()
    decide_by: datetime = moment()  # as it was promised
    ends_at: datetime = moment(index=True)  # nobody decided until then: whose it is may show it again
    reasons: list[str] = Field(default_factory=list, sa_type=sa.JSON)  # what it was flagged for, in our words
    told_at: datetime | None = moment(default=None)  # those who decide, and somebody outside, were told that it is late
    ended_on: date | None = None
    how: HoldEnd | None = Field(default=None, sa_type=words(HoldEnd), nullable=True)
    said_on: date | None = None
    words: str | None = Field(default=None, sa_type=Sealed("moderation_hold.words"))  # how whose it is sees it


class Appeal(Row, table=True):
    """Whoever a decision is about, or whoever told us, sees it differently: once, and somebody else looks."""

    __table_args__ = (sa.UniqueConstraint("decision_id", "member_id"), sa.UniqueConstraint("decision_id", "flag_id"))
    decision_id: UUID = Field(foreign_key="moderation_decision.id", index=True)
    case_id: UUID = Field(foreign_key="moderation_case.id", index=True)  # the appeal's own
    member_id: UUID | None = Field(default=None, index=True)
    flag_id: UUID | None = Field(default=None, foreign_key="flag.id", index=True)  # of whoever told us
    words: str | None = Field(default=None, sa_type=Sealed("appeal.words"))
    on: date
    overturned: bool | None = None  # None while it waits, and where nobody decided it
    answer: str | None = Field(default=None, sa_type=Sealed("appeal.answer"))  # of a person
    answered_on: date | None = None
    groundless_by: UUID | None = None


class Bar(Row, table=True):
    """Somebody who must not decide a case.

    ``hidden``: it is about something of theirs, so for them it is not there; ``once``: for this opening only, because they decided
    about it before.
    """

    __tablename__ = "moderation_bar"
    __table_args__ = (sa.UniqueConstraint("case_id", "member_id"),)
    case_id: UUID = Field(foreign_key="moderation_case.id", index=True)
    member_id: UUID = Field(index=True)
    hidden: bool = False
    once: bool = False


class DeskCare(Row, table=True):
    """How somebody at the desk looks after themselves; nobody else reads it. The day's number is for today's break only."""

    __tablename__ = "desk_care"
    member_id: UUID = Field(foreign_key="member.id", unique=True)
    heavy_a_day: int | None = None  # after so many heavy cases a break is offered; None: as the network says
    topics: list[str] | None = Field(default=None, sa_type=SealedJson("desk_care.topics"))  # that they do not take
    opened_on: date | None = None  # the day for which ``opened`` counts
    opened: int = 0  # heavy cases
    rest_until: datetime | None = moment(default=None)
    buddy_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)  # whom they asked to look after each other
    buddy_yes: bool = False
