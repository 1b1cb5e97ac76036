"""Going together: what mentor and mentee write to each other, and how far their talk has come."""

import enum
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


class MessageState(enum.StrEnum):
    """Where a message stands."""

    SHOWN = "shown"
    HELD = "held"  # waits for somebody of safeguarding; only its writer sees it
    REFUSED = "refused"  # was not sent; only its writer sees it
    HIDDEN = "hidden"  # by a decision
    DELETED = "deleted"  # by its writer: the words are gone, the place stays


class Mentorship(Row, table=True):
    """What two people who both said yes have beside their pair; made when one of them first writes, and gone with the pair."""

    match_id: UUID = Field(foreign_key="mentor_match.id", ondelete="CASCADE", unique=True)
    last_number: int = 0  # of messages that were sent


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
