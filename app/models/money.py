"""Money in the open: calls for funds that everybody sees, what was changed in them, and what groups received."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, SealedJson, moment, words
from app.models.directory import mark


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
    here: bool = mark()  # this network decides: groups ask here, and a panel of people named for it reads them
    decide_on: date | None = None  # by when, where the network decides
    scores_open_at: datetime | None = moment(default=None)  # since when the panel reads the scores of each other
    decided_at: datetime | None = moment(default=None)
    decided_words: str = Field(default="", max_length=2_000, sa_column_kwargs={"server_default": ""})
    sat: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # how many decided
    # Who said yes to the panel and stopped after the deadline, and has nobody in their place yet.
    to_replace: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


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
    call_id: UUID | None = Field(default=None, index=True)  # granted here, by a panel


class AskState(enum.StrEnum):
    """Where an application stands, from the group's side."""

    DRAFT = "draft"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class SeatState(enum.StrEnum):
    """Where somebody stands to a panel."""

    ASKED = "asked"
    SITS = "sits"
    DECLINED = "declined"
    ENDED = "ended"


class FundAsk(Row, table=True):
    """A group's application in a call that this network decides, alone or together with another group."""

    __tablename__ = "fund_ask"
    __table_args__ = (sa.UniqueConstraint("call_id", "group_id"),)
    ref: str = Field(max_length=12, unique=True)
    call_id: UUID = Field(foreign_key="fund_call.id")
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    state: AskState = Field(default=AskState.DRAFT, sa_type=words(AskState))
    answers: dict[str, Any] | None = Field(default=None, sa_type=SealedJson("fund_ask.answers"))  # None: erased
    voice: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))  # {"opus": {"name": …, "bytes": …}, …}
    voice_seconds: float | None = None
    wants: int | None = Field(default=None, sa_type=sa.BigInteger)  # minor units of the currency of the call
    language: str = Field(max_length=12)
    row_version: int = 1
    made_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)  # who wrote it last
    saved_at: datetime = moment()
    sent_at: datetime | None = moment(default=None)
    with_group_id: UUID | None = Field(default=None, foreign_key="member_group.id", index=True)
    with_yes: bool = mark()  # the other group said yes to the words as they stand now
    link_hash: str | None = Field(default=None, max_length=64, unique=True)  # by which another group joins, once
    granted: int | None = Field(default=None, sa_type=sa.BigInteger)  # minor units, 0: refused; None: not decided
    reason: str | None = Field(default=None, sa_type=Sealed("fund_ask.reason"))
    proposed_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    appealed_at: datetime | None = moment(default=None)
    appeal: str | None = Field(default=None, sa_type=Sealed("fund_ask.appeal"))
    answered_at: datetime | None = moment(default=None)
    answered_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    answer: str | None = Field(default=None, sa_type=Sealed("fund_ask.answer"))
    appeal_right: bool = mark()


class FundSeat(Row, table=True):
    """Somebody sits on the panel of a call, until a day."""

    __tablename__ = "fund_seat"
    __table_args__ = (sa.UniqueConstraint("call_id", "member_id"),)
    call_id: UUID = Field(foreign_key="fund_call.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    state: SeatState = Field(default=SeatState.ASKED, sa_type=words(SeatState))
    until_on: date
    declared: str | None = Field(default=None, sa_type=Sealed("fund_seat.declared"))  # woman, man or other: for this panel alone
    named_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    rival: bool = mark()  # whoever named them had a role in a group that asked, and may have left it or the network since
    ties: str | None = Field(default=None, sa_type=Sealed("fund_seat.ties"))  # in their own words, for the panel


class FundTie(Row, table=True):
    """Somebody on a panel takes no part: in one application, or in none of the call. It stays when the tie itself ends."""

    __tablename__ = "fund_tie"
    __table_args__ = (sa.UniqueConstraint("member_id", "ask_id"),)
    call_id: UUID = Field(foreign_key="fund_call.id", index=True)
    member_id: UUID = Field(foreign_key="member.id")
    ask_id: UUID = Field(foreign_key="fund_ask.id", index=True)
    competes: bool = False  # they have a role in a group that asks: then in none of the call


class FundScore(Row, table=True):
    """What one person of the panel thinks of one application."""

    __tablename__ = "fund_score"
    __table_args__ = (sa.UniqueConstraint("ask_id", "member_id"),)
    ask_id: UUID = Field(foreign_key="fund_ask.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    points: list[Any] | None = Field(default=None, sa_type=SealedJson("fund_score.points"))  # 0 to 10 for each criterion
    reason: str | None = Field(default=None, sa_type=Sealed("fund_score.reason"))
