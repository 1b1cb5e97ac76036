"""The help board of a group: what somebody needs or can give, who took it, and whether it helped."""

import enum
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, words


class BoardSide(enum.StrEnum):
    """Which way help goes."""

    ASK = "ask"
    OFFER = "offer"


class BoardState(enum.StrEnum):
    """Whether others may read an entry."""

    SHOWN = "shown"
    WAITS = "waits"  # somebody at the desk reads it first: there for its writer only
    HIDDEN = "hidden"  # by a decision
    GONE = "gone"  # taken out, or over: the words are gone, the row waits until nothing at the desk is about it


class BoardStage(enum.StrEnum):
    """How far an entry has come."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


class TakingState(enum.StrEnum):
    """What whoever wrote an entry said to somebody who took it."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"  # they see the entry no more


class BoardEntry(Row, table=True):
    """Something that somebody in a group needs, or can give; it ends by itself."""

    __tablename__ = "board_entry"
    __table_args__ = (sa.Index(None, "group_id", "id"), sa.Index(None, "until", "id"))
    ref: str = Field(max_length=12, unique=True)
    group_id: UUID = Field(foreign_key="member_group.id")
    by_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    side: BoardSide = Field(sa_type=words(BoardSide))
    kind: str = Field(max_length=20)
    title: str = Field(default="", max_length=80)
    about: str = Field(default="", max_length=1_000)
    language: str = Field(default="en", max_length=12)
    near: str = Field(default="", max_length=60)  # a town, a part of it: never where exactly
    state: BoardState = Field(default=BoardState.SHOWN, sa_type=words(BoardState))
    stage: BoardStage = Field(default=BoardStage.OPEN, sa_type=words(BoardStage))
    until: date  # its last day
    done_on: date | None = None
    answered: bool = False  # whoever was helped said whether it did; what they said stands elsewhere, without them
    row_version: int = 1


class BoardTaking(Row, table=True):
    """Somebody took an entry: known to whoever wrote it and to nobody else."""

    __tablename__ = "board_taking"
    __table_args__ = (sa.UniqueConstraint("member_id", "entry_id"),)
    entry_id: UUID = Field(foreign_key="board_entry.id", index=True)
    member_id: UUID = Field(foreign_key="member.id")
    state: TakingState = Field(default=TakingState.ASKED, sa_type=words(TakingState))
    note: str | None = Field(default=None, sa_type=Sealed("board_taking.note"))  # of whoever took it
    told: str | None = Field(default=None, sa_type=Sealed("board_taking.told"))  # of whoever wrote it: where exactly, how


class BoardHelp(Row, table=True):
    """Whether something on a board helped: nobody stands in it, no entry and no day. Only the protected numbers read it."""

    __tablename__ = "board_help"
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    answer: str = Field(max_length=10)
    month: date  # its first day
