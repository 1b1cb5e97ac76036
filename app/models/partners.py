"""Partners: organisations that keep their own listings here, what was agreed with them, their keys, what they sent."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Row, Sealed, SealedJson, moment, words
from app.models.directory import mark
from app.models.engine import DeliveryState


class Scope(enum.StrEnum):
    """What a key may be used for."""

    LISTINGS = "listings"  # send, confirm, end and read the partner's own listings
    REFERRALS = "referrals"
    READ = "read"  # read the partner's own listings and their state


class Partner(Row, table=True):
    """An organisation, or a group, with a place of its own in the directory: a feed that only it writes to."""

    ref: str = Field(max_length=12, unique=True)
    name: str = Field(max_length=120, unique=True)
    feed_id: UUID = Field(foreign_key="feed.id", unique=True)
    accepted: int = 0  # how many of its listings a coordinator has let in
    made_on: date
    made_by: UUID | None = None  # None: by the demo
    ended_on: date | None = None
    group_id: UUID | None = Field(default=None, index=True, unique=True)  # a group: its organisers look after its listings
    named: bool = mark()  # of a group: it wants to be named as who offers them, where everybody finds it


class PartnerAgreement(Row, table=True):
    """What was agreed with a partner, until a day; the newest counts, older ones stay to be read."""

    __tablename__ = "partner_agreement"
    __table_args__ = (sa.CheckConstraint("review_on > agreed_on", "review_follows"),)
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    responsibilities: str
    contact: str = Field(max_length=200)  # an office or a role, and how it is reached
    answer_days: int  # within how many days the partner answers
    data_agreed: str
    agreed_on: date
    review_on: date
    made_by: UUID | None = None


class PartnerMember(Row, table=True):
    """A member who looks after a partner's listings."""

    __tablename__ = "partner_member"
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    member_id: UUID = Field(foreign_key="member.id", unique=True)
    from_on: date


class PartnerKey(Row, table=True):
    """A key of a partner's program; shown once, kept as a hash."""

    __tablename__ = "partner_key"
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    label: str = Field(max_length=60)
    key_hash: str = Field(max_length=64, unique=True)
    scopes: list[Any] = Field(default_factory=list, sa_type=sa.JSON)
    made_on: date
    until_on: date  # the last day it works
    used_on: date | None = None
    ended_on: date | None = None


class RecordState(enum.StrEnum):
    """Where something that a partner sent stands."""

    WAITING = "waiting"  # for a coordinator; nobody else sees it
    TAKEN = "taken"  # it is in the directory
    DECLINED = "declined"  # a coordinator did not let it in
    WITHDRAWN = "withdrawn"  # the partner took it out


class PartnerRecord(Row, table=True):
    """A listing or an organisation as a partner sent it, under the partner's own id."""

    __tablename__ = "partner_record"
    __table_args__ = (sa.UniqueConstraint("partner_id", "kind", "foreign_id"), sa.Index(None, "state", "kind", "id"))
    partner_id: UUID = Field(foreign_key="partner.id")
    kind: str = Field(max_length=20)  # service, organization
    foreign_id: str = Field(max_length=200)
    object_id: UUID = Field(index=True)  # its id in the directory, once it is there
    state: RecordState = Field(default=RecordState.WAITING, sa_type=words(RecordState))
    name: str = Field(max_length=500)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=SealedJson("partner_record.content"))  # HSDS, cleaned
    content_hash: str = Field(max_length=32)
    reason: str = Field(default="", max_length=500)  # why it was declined
    sent_at: datetime = moment()


class PartnerAnswer(SQLModel, table=True):
    """What was answered to a request with an Idempotency-Key: the same request again gets the same answer."""

    __tablename__ = "partner_answer"
    key: str = Field(primary_key=True, max_length=64)  # hash of the partner and the Idempotency-Key
    asked: str = Field(max_length=64)  # hash of method, address and body
    status: int
    body: str
    at: datetime = moment(index=True)


class PartnerHook(Row, table=True):
    """An address of a partner's own that is told when something about its listings has to be looked at."""

    __tablename__ = "partner_hook"
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    address: str = Field(max_length=400)
    secret: str = Field(sa_type=Sealed("partner_hook.secret"))  # what messages are signed with
    made_on: date
    ended_on: date | None = None


class HookEvent(enum.StrEnum):
    """What a partner is told of."""

    REPORTED = "listing.reported"  # people say that a listing is wrong
    DUE = "listing.due"  # a listing has to be confirmed
    TRIAL = "trial"  # the partner asked for a message to try it


class PartnerDelivery(Row, table=True):
    """A message to a partner's address; what it says is put together when it is sent."""

    __tablename__ = "partner_delivery"
    __table_args__ = (sa.Index(None, "state", "next_try_at"),)
    hook_id: UUID = Field(foreign_key="partner_hook.id", index=True)
    record_id: UUID | None = Field(default=None, foreign_key="partner_record.id", ondelete="CASCADE", index=True)
    event: HookEvent = Field(sa_type=words(HookEvent))
    state: DeliveryState = Field(default=DeliveryState.OWED, sa_type=words(DeliveryState))
    tries: int = 0
    next_try_at: datetime = moment()
    lease_until: datetime | None = moment(default=None)
    lease_by: str | None = Field(default=None, max_length=40)
    owed_at: datetime = moment()
    done_at: datetime | None = moment(default=None)
    outcome: str = Field(default="", max_length=40)  # status of the last answer, or why there was none
