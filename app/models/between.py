"""Two people of a group who write to each other: that one asked and the other agreed, their words, and who wants none from whom."""

import enum
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words
from app.models.mentorships import MessageState


class TalkState(enum.StrEnum):
    """Where a talk stands. Whoever asked reads the same of the first four: that it waits."""

    ASKED = "asked"
    LATER = "later"  # "not now": the asked one still finds it
    NO = "no"
    HIDDEN = "hidden"  # a decision keeps it from the asked one
    BACK = "back"  # the asker took it back, or one of them left the group
    OPEN = "open"  # both agreed
    ENDED = "ended"  # by one of the two, or because they share the group no longer: it says nothing of which
    GONE = "gone"  # the words are erased; it stands only so that nobody asks again and again


class PrivateTalk(Row, table=True):
    """One member asked another, whose words they read in a group, to talk."""

    __tablename__ = "private_talk"
    __table_args__ = (sa.Index(None, "asker_id", "id"), sa.Index(None, "asked_id", "id"))
    ref: str = Field(max_length=12, unique=True)
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    asker_id: UUID = Field(foreign_key="member.id")
    asked_id: UUID = Field(foreign_key="member.id")
    # The names of the day of asking, as each read the other's: a new name beside old words would tell that both are one.
    asker_name: str | None = Field(default=None, sa_type=Sealed("private_talk.asker_name"))
    asked_name: str | None = Field(default=None, sa_type=Sealed("private_talk.asked_name"))
    state: TalkState = Field(default=TalkState.ASKED, sa_type=words(TalkState))
    heard: bool = True  # else the asked one never learns of it
    language: str = Field(default="en", max_length=12)
    words: str = Field(default="", sa_type=Sealed("private_talk.words"))
    asked_at: datetime = moment()
    began_on: date | None = None
    ended_at: datetime | None = moment(default=None)
    last_number: int = 0  # of messages that were sent
    asker_read: int = 0  # how far each has read; told to nobody
    asked_read: int = 0


class PrivateMessage(Row, table=True):
    """What one of the two wrote; its number is its place in the order, given when it is sent."""

    __tablename__ = "private_message"
    __table_args__ = (sa.UniqueConstraint("talk_id", "number"), sa.Index(None, "author_id", "id"))
    ref: str = Field(max_length=12, unique=True)
    talk_id: UUID = Field(foreign_key="private_talk.id", ondelete="CASCADE")
    author_id: UUID = Field(foreign_key="member.id")
    number: int | None = None
    state: MessageState = Field(default=MessageState.SHOWN, sa_type=words(MessageState))
    heard: bool = True  # else it was sent while the other one wanted nothing from its writer, and never reaches them
    language: str = Field(default="en", max_length=12)
    body: str = Field(default="", sa_type=Sealed("private_message.body"))
    why: str = Field(default="", sa_type=Sealed("private_message.why"))  # checks that hold it, by name; for its writer
    written_at: datetime = moment(index=True)


class MemberBlock(Row, table=True):
    """A member wants nothing from another one. Not unique: a second row under another name must not tell that both are one."""

    __tablename__ = "member_block"
    __table_args__ = (sa.Index(None, "member_id", "blocked_id"),)
    ref: str = Field(max_length=12, unique=True)
    member_id: UUID = Field(foreign_key="member.id")
    blocked_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)  # None: has left, which does not show
    name: str = Field(sa_type=Sealed("member_block.name"))  # as it was on that day: a new one is not told
    on: date
