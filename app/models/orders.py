"""Legal orders: who asked by which law for what, what there is of it, what was given, and whether whom it is about was told."""

import enum
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


class OrderOutcome(enum.StrEnum):
    """What became of an order."""

    GIVEN = "given"  # all that there is of what was asked
    PART = "part"  # less than was asked: what the law covers
    NOTHING = "nothing"  # there is nothing of it
    REFUSED = "refused"  # the law does not cover it


class Notice(enum.StrEnum):
    """Whether whom it is about hears of it."""

    TOLD = "told"  # at once, when it is answered
    LATER = "later"  # the law forbids it until a day
    NOBODY = "nobody"  # it is about nobody with an account here


class LegalOrder(Row, table=True):
    """An office or a court asks for data."""

    __tablename__ = "legal_order"
    ref: str = Field(max_length=12, unique=True)
    came_on: date
    noted_by: UUID
    about_id: UUID | None = Field(default=None, index=True)  # whose account: for this member it is not there
    asker: str = Field(sa_type=Sealed("legal_order.asker"))  # who asks, by which law, for what exactly
    basis: str = Field(sa_type=Sealed("legal_order.basis"))
    asked: str = Field(sa_type=Sealed("legal_order.asked"))
    outcome: OrderOutcome | None = Field(default=None, sa_type=words(OrderOutcome), nullable=True)
    exists: str | None = Field(default=None, sa_type=Sealed("legal_order.exists"))  # what there is of it
    given: str | None = Field(default=None, sa_type=Sealed("legal_order.given"))  # what was handed over
    notice: Notice | None = Field(default=None, sa_type=words(Notice), nullable=True)
    notice_on: date | None = Field(default=None, index=True)  # until when the law forbids to tell
    told_on: date | None = None
    answered_by: UUID | None = None  # who wrote the answer
    answered_at: datetime | None = moment(default=None)
    closed_by: UUID | None = None  # who confirmed it; the same person only where nobody else may
    closed_on: date | None = None
    evidence_id: UUID | None = None  # a sealed copy that it is about
    row_version: int = 1


class OrderAnswer(Row, table=True):
    """An answer to a legal order that another one took the place of, or that was about another account: it stays on record."""

    __tablename__ = "legal_order_answer"
    order_id: UUID = Field(foreign_key="legal_order.id", index=True, ondelete="CASCADE")
    by_id: UUID
    at: datetime = moment()
    outcome: OrderOutcome = Field(sa_type=words(OrderOutcome))
    exists: str | None = Field(default=None, sa_type=Sealed("legal_order_answer.exists"))
    given: str | None = Field(default=None, sa_type=Sealed("legal_order_answer.given"))
    notice: Notice = Field(sa_type=words(Notice))
    notice_on: date | None = None
