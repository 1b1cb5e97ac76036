"""Going together: what mentor and mentee write to each other, their meetings, goals and reviews."""

import enum
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words
from app.core.sealed import SealedBytes


class MessageState(enum.StrEnum):
    """Where a message stands."""

    SHOWN = "shown"
    HELD = "held"  # waits for somebody of safeguarding; only its writer sees it
    REFUSED = "refused"  # was not sent; only its writer sees it
    HIDDEN = "hidden"  # by a decision
    DELETED = "deleted"  # by its writer: the words are gone, the place stays


class Mentorship(Row, table=True):
    """What two people who both said yes have beside their pair; made by the first word or reminder, gone with the pair."""

    match_id: UUID = Field(foreign_key="mentor_match.id", ondelete="CASCADE", unique=True)
    last_number: int = 0  # of messages that were sent
    nudged_on: date | None = None  # both were reminded that they have not been in touch
    told_on: date | None = None  # coordinators were told of it
    extended_on: date | None = None  # both wanted another half year: once
    warned_on: date | None = None  # both were told that it ends before they have met
    mentee_shares: bool = False  # wants numbers and addresses to be given; they are once both do
    mentor_shares: bool = False


class MentorMessage(Row, table=True):
    """What one of the two wrote to the other; its number is its place in the order, given when it is sent."""

    __tablename__ = "mentor_message"
    __table_args__ = (sa.UniqueConstraint("match_id", "number"), sa.Index(None, "author_id", "id"))
    ref: str = Field(max_length=12, unique=True)
    match_id: UUID = Field(foreign_key="mentor_match.id", ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="member.id")
    number: int | None = None
    state: MessageState = Field(default=MessageState.SHOWN, sa_type=words(MessageState))
    language: str = Field(default="en", max_length=12)
    body: str = Field(default="", sa_type=Sealed("mentor_message.body"))
    why: str = Field(default="", sa_type=Sealed("mentor_message.why"))  # checks that hold it, by name; for its writer
    written_at: datetime = moment()


class MentorVoice(Row, table=True):
    """The voice that goes with a message, as we made it anew; sealed, and gone with the words that say the same."""

    __tablename__ = "mentor_voice"
    message_id: UUID = Field(foreign_key="mentor_message.id", ondelete="CASCADE", unique=True)
    opus: bytes = Field(sa_type=SealedBytes("mentor_voice.opus"))
    mp3: bytes = Field(sa_type=SealedBytes("mentor_voice.mp3"))  # for old phones
    seconds: float
    opus_bytes: int  # what a page says of its size, without opening it


class Dimension(enum.StrEnum):
    """What coming back to a place is made of; there is a goal in each, or a reason why not."""

    ECONOMIC = "economic"
    SOCIAL = "social"
    PSYCHOSOCIAL = "psychosocial"


class GoalState(enum.StrEnum):
    """Where a goal stands."""

    OPEN = "open"
    REACHED = "reached"
    SET_ASIDE = "set_aside"
    NONE = "none"  # not a goal, but why there is none


class MentorMeeting(Row, table=True):
    """That the two met, as one of them wrote it down: when, how, how long, what next; nothing about anybody's state."""

    __tablename__ = "mentor_meeting"
    __table_args__ = (sa.Index(None, "match_id", "on"),)
    ref: str = Field(max_length=12, unique=True)
    match_id: UUID = Field(foreign_key="mentor_match.id", ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="member.id")
    on: date
    said: str = Field(sa_type=Sealed("mentor_meeting.said"))  # JSON: channel, minutes, goal, next
    hidden: bool = False  # what comes next, by a decision
    mood: str = Field(sa_type=Sealed("mentor_meeting.mood"))  # of the mentee, for the mentee; sealed, all of one length


class MentorGoal(Row, table=True):
    """What the two want to reach in one dimension, or why nothing there."""

    __tablename__ = "mentor_goal"
    ref: str = Field(max_length=12, unique=True)
    match_id: UUID = Field(foreign_key="mentor_match.id", ondelete="CASCADE", index=True)
    author_id: UUID = Field(foreign_key="member.id")
    dimension: Dimension = Field(sa_type=words(Dimension))
    state: GoalState = Field(default=GoalState.OPEN, sa_type=words(GoalState))
    words: str = Field(sa_type=Sealed("mentor_goal.words"))
    hidden: bool = False  # from the other one, by a decision
    on: date


class MentorReview(Row, table=True):
    """How it goes, asked of both after one, three and six months; what each answers nobody else ever reads."""

    __tablename__ = "mentor_review"
    __table_args__ = (sa.UniqueConstraint("match_id", "month"), sa.Index(None, "asked_on", "due_on"))
    match_id: UUID = Field(foreign_key="mentor_match.id", ondelete="CASCADE")
    month: int
    due_on: date
    asked_on: date | None = None
    mentee_said: str | None = Field(default=None, sa_type=Sealed("mentor_review.mentee_said"))  # JSON
    mentor_said: str | None = Field(default=None, sa_type=Sealed("mentor_review.mentor_said"))  # JSON


class MentorHelp(Row, table=True):
    """Help from outside that somebody of a pair thought of: a proposal until the mentee wants it, then for a coordinator."""

    __tablename__ = "mentor_help"
    ref: str = Field(max_length=12, unique=True)
    match_id: UUID | None = Field(default=None, foreign_key="mentor_match.id", ondelete="SET NULL", index=True)
    mentee_id: UUID = Field(foreign_key="member.id", index=True)
    need: str = Field(sa_type=Sealed("mentor_help.need"))  # sealed, all of one length
    by_mentee: bool
    alone: bool = False  # the mentor is not to know of it
    refused: bool = False  # the mentee does not want it; the mentor reads the proposal on, until it goes by itself
    on: date
    sent_on: date | None = Field(default=None, index=True)
    answered_on: date | None = None
