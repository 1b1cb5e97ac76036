"""Money in the open: calls for funds that everybody sees, what was changed in them, and what groups received."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, moment


class FundCall(Row, table=True):
    """A call for funds, or another opportunity for groups: public from the minute in which it is entered."""

    __tablename__ = "fund_call"
    __table_args__ = (
        sa.CheckConstraint("most > 0 AND (least IS NULL OR (least > 0 AND least < most))", "sum_is_positive"),
        sa.CheckConstraint("closes_at >= opens_at", "closes_not_before"),
        sa.Index(None, "closes_at", "id"),
    )
    ref: str = Field(max_length=12, unique=True)
    title: str = Field(max_length=120)
    by_whom: str = Field(max_length=200)
    about: str = Field(max_length=2_000)
    language: str = Field(max_length=12)  # of these words
    least: int | None = Field(default=None, sa_type=sa.BigInteger)  # where the sum is a range; both in minor units of the currency
    most: int = Field(sa_type=sa.BigInteger)
    currency: str = Field(max_length=3)  # ISO 4217
    who: str = Field(max_length=2_000)  # may ask
    criteria: list[Any] = Field(default_factory=list, sa_type=sa.JSON)  # pairs: weight in hundredths, words
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    zone: str = Field(max_length=64)  # IANA: in which these two were written
    decided_by: str = Field(max_length=200)
    ties: str = Field(max_length=2_000)  # of those who decide, to groups here
    languages: list[Any] = Field(default_factory=list, sa_type=sa.JSON)  # in which one may ask
    how: str = Field(max_length=2_000)  # one asks
    paper_rule: str = Field(default="", max_length=2_000)  # the rule of who pays that asks for a registration; "": none needed
    source: str = Field(max_length=300)  # where it stands in full
    row_version: int = 1
    entered_at: datetime = moment()
    made_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    cancelled_at: datetime | None = moment(default=None)
    cancelled_why: str = Field(default="", max_length=2_000)


class FundCallChange(Row, table=True):
    """What stood in a call before it was changed: everybody who reads the call can see it."""

    __tablename__ = "fund_call_change"
    call_id: UUID = Field(foreign_key="fund_call.id", index=True)
    at: datetime = moment()
    before: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # column -> what stood there
    unnamed: bool = False  # something named a person: of words only which columns it was is left; sums, days and weights stay


class GroupMoney(Row, table=True):
    """Money that a group received, or what is put right about an earlier line; no line is ever changed or taken away."""

    __tablename__ = "group_money"
    __table_args__ = (
        sa.CheckConstraint("amount > 0 OR (amount IS NULL AND corrects_id IS NOT NULL)", "amount_is_positive"),
        sa.CheckConstraint("last_on >= first_on", "period_runs_forward"),
        sa.Index(None, "group_id", "id"),
    )
    group_id: UUID = Field(foreign_key="member_group.id")
    source: str = Field(max_length=200)
    amount: int | None = Field(default=None, sa_type=sa.BigInteger)  # minor units; None: it never came, the earlier line was wrong
    currency: str = Field(max_length=3)
    purpose: str = Field(max_length=500)
    first_on: date  # the period that the money is for
    last_on: date
    corrects_id: UUID | None = Field(default=None, foreign_key="group_money.id", unique=True)  # one line is put right once
    why: str = Field(default="", max_length=500)  # it is put right
    written_on: date
    made_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
