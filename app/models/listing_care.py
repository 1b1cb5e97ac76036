"""What people do to keep listings true: calls, and corrections that members suggest. No row says which person it was."""

import enum
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, words


class CallOutcome(enum.StrEnum):
    """What came of a check."""

    TRUE = "true"  # it is still true
    CHANGED = "changed"  # something had to be put right
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"  # the number leads to somebody else, or nowhere
    LATER = "later"  # they asked to be called another time
    ENDED = "ended"  # it does not exist any more


class ListingCall(Row, table=True):
    """Somebody checked a listing, or tried to."""

    __tablename__ = "listing_call"
    __table_args__ = (sa.Index(None, "service_id", "id"),)
    service_id: UUID = Field(foreign_key="service.id")
    on: date
    by_role: str = Field(max_length=20)
    method: str = Field(max_length=20)  # phone, visit, website, message, partner
    outcome: CallOutcome = Field(sa_type=words(CallOutcome))
    again_on: date | None = None  # not on the list of what is due before this day


class SuggestionState(enum.StrEnum):
    """What became of a correction that a member suggested."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Origin(enum.StrEnum):
    """Who says so."""

    MEMBER = "member"
    LIST = "list"  # the source of the listing, of a field that a person put right before


class ListingSuggestion(Row, table=True):
    """A member, or the listing's own source, says how one field should read; nothing tells which member."""

    __tablename__ = "listing_suggestion"
    __table_args__ = (sa.Index(None, "service_id", "state"), sa.Index(None, "state", "id"))
    service_id: UUID = Field(foreign_key="service.id")
    field: str = Field(max_length=20)  # name, phone, hours
    current: str  # as it stood when it was sent
    offered: str
    origin: Origin = Field(default=Origin.MEMBER, sa_type=words(Origin))
    sent_on: date
    rest_until: date | None = None  # "later": not asked before this day
    state: SuggestionState = Field(default=SuggestionState.WAITING, sa_type=words(SuggestionState))
    decided_on: date | None = None
    decided_by_role: str | None = Field(default=None, max_length=20)
    receipt_hash: str | None = Field(default=None, max_length=64, index=True)  # of the number with which the answer is read
