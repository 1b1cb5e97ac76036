"""Listings that may be one and the same: what is compared of each, the pairs that were found, what people said about them."""

import enum
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Row, words


class ListingPrint(SQLModel, table=True):
    """A listing as it was compared last; id is the service's."""

    __tablename__ = "listing_print"
    id: UUID = Field(primary_key=True)
    number: int = Field(unique=True)  # its short name in listing_key
    digest: str = Field(max_length=32)  # of every field that is compared
    blocks: bytes  # the keys of the blocks that it stands in: 64-bit numbers, one after another


class ListingKey(SQLModel, table=True):
    """A listing stands in a block with others that share a telephone, a word and a town …: only those are compared."""

    __tablename__ = "listing_key"
    __table_args__ = {"sqlite_with_rowid": False}
    key: int = Field(primary_key=True, sa_type=sa.BigInteger)
    number: int = Field(primary_key=True)


class PairVerdict(enum.StrEnum):
    """What a person says about two listings."""

    SAME = "same"
    RELATED = "related"
    DIFFERENT = "different"
    UNSURE = "unsure"
    APART = "apart"  # "same" was taken back


class ListingPair(Row, table=True):
    """Two listings that may be one. ``first_id`` sorts before ``second_id``."""

    __tablename__ = "listing_pair"
    __table_args__ = (sa.UniqueConstraint("first_id", "second_id"), sa.Index(None, "verdict", "score"))
    ref: str = Field(max_length=12, unique=True)
    first_id: UUID = Field(foreign_key="service.id")
    second_id: UUID = Field(foreign_key="service.id", index=True)
    score: float  # 0 to 1, see duplicates/scoring.py
    band: str = Field(max_length=10)  # likely, maybe
    reasons: list[Any] = Field(default_factory=list, sa_type=sa.JSON)  # [[code, adds], …], the strongest first
    prints: str = Field(max_length=70)  # digests of both as they were compared
    found_on: date
    verdict: PairVerdict | None = Field(default=None, sa_type=words(PairVerdict))  # None: it waits for a person
    said: int = 0  # how often a person said something about it


class ListingVerdict(Row, table=True):
    """What was said about a pair, one row each time; none is ever changed."""

    __tablename__ = "listing_verdict"
    pair_id: UUID = Field(foreign_key="listing_pair.id", index=True)
    verdict: PairVerdict = Field(sa_type=words(PairVerdict))
    kept_id: UUID | None = None  # of "same": whose name and address stay
    merged_id: UUID | None = None  # and the other of the two
    said_on: date
