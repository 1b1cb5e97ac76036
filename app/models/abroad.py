"""Questions from people who are still abroad: asked without an account, answered by a group or by the network."""

import enum
from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, words


class WordState(enum.StrEnum):
    """Whether the other side reads something."""

    SHOWN = "shown"
    HIDDEN = "hidden"  # by a decision
    GONE = "gone"  # taken back, or over: the words are gone


class QuestionDoor(Row, table=True):
    """A group wishes to be asked by people who are still abroad."""

    __tablename__ = "question_door"
    group_id: UUID = Field(foreign_key="member_group.id", unique=True)
    opened_on: date


class StoryDoor(Row, table=True):
    """A teller wishes to be asked about one of their stories by people who are still abroad."""

    __tablename__ = "story_door"
    id: UUID = Field(default_factory=uuid4, primary_key=True)  # one of ours would tell when they were here
    story_id: UUID = Field(foreign_key="story.id", ondelete="CASCADE", unique=True)


class AbroadQuestion(Row, table=True):
    """A question without anybody who asks it: only whoever has the number comes back to it."""

    __tablename__ = "abroad_question"
    id: UUID = Field(default_factory=uuid4, primary_key=True)  # one of ours would tell the millisecond of asking
    __table_args__ = (sa.Index(None, "group_id", "id"), sa.Index(None, "story_id", "id"), sa.Index(None, "last_on", "id"))
    ref: str = Field(max_length=12, unique=True)  # for those who answer
    receipt_hash: str = Field(max_length=64, unique=True)
    group_id: UUID | None = Field(default=None, foreign_key="member_group.id")  # whom it is for
    story_id: UUID | None = Field(default=None, foreign_key="story.id", ondelete="SET NULL")  # or its teller; neither: the network
    held: bool = False  # the checks found something in it: then coordinators answer, whomever it is for
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})  # it says that somebody may be in danger
    language: str = Field(default="en", max_length=12)
    answered: bool = False  # the last word is an answer
    last_on: date  # the day of the last word
    ended: bool = False


class AbroadWord(Row, table=True):
    """What whoever asks says, or an answer."""

    __tablename__ = "abroad_word"
    __table_args__ = (sa.Index(None, "question_id", "number", unique=True),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)  # as above: random
    ref: str = Field(max_length=12, unique=True)
    question_id: UUID = Field(foreign_key="abroad_question.id")
    number: int  # the order within the question, from 1
    asks: bool
    held: bool = False  # the checks found something in it: the group reads only what was said before
    by_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)  # who answered; nobody stands for who asks
    desk: bool = False  # an answer of the network
    body: str | None = Field(default=None, sa_type=Sealed("abroad_word.body"))
    state: WordState = Field(default=WordState.SHOWN, sa_type=words(WordState))
    on: date
