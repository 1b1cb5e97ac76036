"""The directory: tables of HSDS 3.1 (Open Referral) under its own names, with what we add of our own."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, moment, words


def _json(**column: Any) -> Any:
    return Field(default_factory=dict, sa_type=sa.JSON, **column)


def _list() -> Any:
    return Field(default_factory=list, sa_type=sa.JSON)


def to(table: str) -> Any:
    """A column that is empty in most rows and points to ``table``."""
    return Field(default=None, foreign_key=f"{table}.id")


def mark() -> Any:
    """A yes or no that is no in every row that does not say it."""
    return Field(default=False, sa_column_kwargs={"server_default": sa.false()})


def few(*columns: str) -> tuple[sa.Index, ...]:
    filled = [sa.text(f"{column} IS NOT NULL") for column in columns]
    return tuple(sa.Index(None, c, sqlite_where=w, postgresql_where=w) for c, w in zip(columns, filled, strict=True))


class FeedForm(enum.StrEnum):
    """In which form listings came."""

    TABLES = "tables"
    JSON = "json"
    MAPPED = "mapped"
    OURS = "ours"


class Feed(Row, table=True):
    """A source of listings: its name, its licence, and what readers should know about it."""

    name: str = Field(max_length=80, unique=True)
    title: str = Field(default="", max_length=200)
    form: FeedForm = Field(default=FeedForm.JSON, sa_type=words(FeedForm))
    licence: str = Field(default="", max_length=400)
    source_url: str = Field(default="", max_length=400)
    language: str = Field(default="en", max_length=12)
    country: str = Field(default="", max_length=2)  # where things are that name no country
    last_import: datetime | None = moment(default=None)
    note: str = Field(default="", max_length=400)  # such as "old test data, not current help"


class Organization(Row, table=True):
    """Who offers services."""

    name: str = Field(max_length=500)
    alternate_name: str | None = None
    description: str
    email: str | None = None
    website: str | None = None
    additional_websites: list[Any] = _list()
    tax_status: str | None = None
    tax_id: str | None = None
    year_incorporated: float | None = None
    legal_status: str | None = None
    logo: str | None = None
    uri: str | None = None
    parent_organization_id: UUID | None = None
    organization_identifiers: list[Any] = _list()
    feed_id: UUID = Field(foreign_key="feed.id", index=True)
    foreign_id: str = Field(max_length=200)
    content_hash: str = Field(max_length=32)
    translations: dict[str, Any] = _json()
    last_modified: int = Field(sa_type=sa.BigInteger)  # milliseconds since 1970; 0 until it is published
    protected: bool = mark()  # it offered something protected: how to reach it is shown only while it offers other things too


class Program(Row, table=True):
    """A programme under which an organisation offers services."""

    organization_id: UUID | None = Field(default=None, index=True)
    name: str = Field(max_length=500)
    alternate_name: str | None = None
    description: str
    feed_id: UUID = Field(foreign_key="feed.id", index=True)
    foreign_id: str = Field(max_length=200)
    content_hash: str = Field(max_length=32)


class Service(Row, table=True):
    """Something offered to people; the texts here are the source's own, translations stand in service_text."""

    __table_args__ = (sa.Index(None, "verify_due", "id"), *few("merged_into"))
    organization_id: UUID | None = Field(default=None, foreign_key="organization.id", index=True)
    program_id: UUID | None = None
    name: str = Field(max_length=500)
    alternate_name: str | None = None
    description: str | None = None
    url: str | None = None
    additional_urls: list[Any] = _list()
    email: str | None = None
    status: str = Field(default="active", max_length=20)  # active, inactive, defunct, temporarily closed
    interpretation_services: str | None = None
    application_process: str | None = None
    fees_description: str | None = None
    wait_time: str | None = None
    fees: str | None = None
    accreditations: str | None = None
    eligibility_description: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    assured_date: str | None = None
    assurer_email: str | None = None
    licenses: str | None = None
    alert: str | None = None
    capacities: list[Any] = _list()
    # Milliseconds since 1970; moves when anything nested moves; 0 until it is published.
    last_modified: int = Field(sa_type=sa.BigInteger)
    # ours
    ref: str = Field(max_length=12, unique=True)
    feed_id: UUID = Field(foreign_key="feed.id", index=True)
    foreign_id: str = Field(max_length=200)
    content_hash: str = Field(max_length=32)
    language: str = Field(default="en", max_length=12)
    text_version: int = 1  # moves when the source's texts move: which translations are outdated
    needs: list[Any] = _list()
    open_to: list[Any] = _list()  # anyone, women, came_back, without_papers
    protected: bool = False  # a shelter: no place is shown anywhere
    short_term: bool = False  # a shelter or a hotline: checked every 60 days
    imported_on: date
    verified_on: date | None = None
    verified_by_role: str | None = Field(default=None, max_length=20)
    verify_method: str | None = Field(default=None, max_length=20)
    verify_due: date
    defunct_on: date | None = None
    corrected: list[Any] = _list()  # fields that a person put right: no import writes over them
    # Fields that a person confirmed: none does while the check counts, but for a partner's own word about its own listing.
    confirmed: list[Any] = Field(default_factory=list, sa_type=sa.JSON, sa_column_kwargs={"server_default": "[]"})
    told: dict[str, Any] = _json(sa_column_kwargs={"server_default": "{}"})  # numbers and hours as they were seen then
    # Whether something like it was here when it was published, and what is different (see domain/directory/overlapping.py).
    overlap: dict[str, Any] = _json(sa_column_kwargs={"server_default": "{}"})
    protected_by_copy: bool = False  # only because one of those that stand as one with it is (see standing)
    merged_into: UUID | None = None  # a person said that it is the same as this service, which stands for both


class ServiceText(Row, table=True):
    """The texts of a service in another language; its state is computed from source_version."""

    __tablename__ = "service_text"
    __table_args__ = (sa.UniqueConstraint("service_id", "language"),)
    service_id: UUID = Field(foreign_key="service.id")
    language: str = Field(max_length=12)
    name: str | None = None
    description: str | None = None
    texts: dict[str, Any] = _json()  # the other fields: {"fees_description": …}
    source_version: int = 1
    machine: bool = False


class ServiceFacts(Row, table=True):
    """Everything a service page shows, put together once per change; id is the service's."""

    __tablename__ = "service_facts"
    __table_args__ = (
        sa.Index("ix_service_facts_compared", "id", sqlite_where=sa.text("NOT compared"), postgresql_where=sa.text("NOT compared")),
    )
    stale: bool = False  # something moved since: the importer puts it together again, also after a crash
    compared: bool = mark()  # with all others, since it moved: it may be one of them
    facts: dict[str, Any] = _json()


class ListingDecision(Row, table=True):
    """What people decided about a listing that left the database: so it comes back, if it does. id is the service's."""

    __tablename__ = "listing_decision"
    protected: bool = False  # it comes back protected
    ended: bool = False  # it comes back ended


class Location(Row, table=True):
    """A place where services are offered."""

    location_type: str = Field(max_length=10)  # physical, postal, virtual
    url: str | None = None
    organization_id: UUID | None = Field(default=None, index=True)
    name: str | None = None
    alternate_name: str | None = None
    description: str | None = None
    transportation: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    feed_id: UUID = Field(foreign_key="feed.id", index=True)
    foreign_id: str = Field(max_length=200)
    content_hash: str = Field(max_length=32)
    translations: dict[str, Any] = _json()
    area_id: UUID | None = Field(default=None, foreign_key="area.id", index=True)
    protected: bool = mark()  # something protected was here: shown only while something else is here too


class ServiceAtLocation(Row, table=True):
    """A service is offered at a place."""

    __tablename__ = "service_at_location"
    service_id: UUID = Field(foreign_key="service.id", index=True)
    location_id: UUID = Field(foreign_key="location.id", index=True)
    description: str | None = None
    feed_id: UUID = Field(foreign_key="feed.id", index=True)
    foreign_id: str = Field(max_length=200)
    content_hash: str = Field(max_length=32)


class Taxonomy(Row, table=True):
    """A list of categories."""

    name: str = Field(max_length=500)
    description: str
    uri: str | None = None
    version: str | None = None
    feed_id: UUID = Field(foreign_key="feed.id", index=True)
    foreign_id: str = Field(max_length=200)
    content_hash: str = Field(max_length=32)


class TaxonomyTerm(Row, table=True):
    """One category."""

    __tablename__ = "taxonomy_term"
    code: str | None = None
    name: str = Field(max_length=500)
    description: str
    parent_id: UUID | None = Field(default=None, index=True)
    taxonomy: str | None = None
    language: str | None = None
    taxonomy_id: UUID | None = Field(default=None, index=True)
    term_uri: str | None = None
    feed_id: UUID = Field(foreign_key="feed.id", index=True)
    foreign_id: str = Field(max_length=200)
    content_hash: str = Field(max_length=32)
    translations: dict[str, Any] = _json()


class Outcome(enum.StrEnum):
    """Whether a listing helped."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Why(enum.StrEnum):
    """Why it did not."""

    FULL = "full"  # no room, too long a wait
    NOT_FOR_ME = "not_for_me"
    CLOSED = "closed"
    MOVED = "moved"
    UNFRIENDLY = "unfriendly"
    MONEY = "money"
    OTHER = "other"


class ListingFeedback(Row, table=True):
    """Somebody says whether a listing helped; nothing tells who, and the day is all that tells when."""

    __tablename__ = "listing_feedback"
    service_id: UUID = Field(foreign_key="service.id", index=True)
    helped: Outcome = Field(sa_type=words(Outcome))
    why: Why | None = Field(default=None, sa_type=words(Why))
    on: date
