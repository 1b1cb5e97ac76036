"""What keeps the house running: audit, deliveries, drafts, tries, once-keys, versions, jobs, search."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Row, Sealed, moment, words


class AuditEvent(SQLModel, table=True):
    """Append-only and hash-chained: each row carries the hash of the one before."""

    __tablename__ = "audit_event"
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = moment()
    actor_id: UUID | None = None
    actor_role: str = Field(default="", max_length=20)
    verb: str = Field(max_length=40)
    subject_kind: str = Field(default="", max_length=20)
    subject_id: UUID | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # words of ours only, never of people
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


class DeliveryState(enum.StrEnum):
    """Where a message stands."""

    OWED = "owed"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Row, table=True):
    """A message that we owe somebody outside; at least once, with a stable Message-ID."""

    __table_args__ = (sa.Index(None, "state", "next_try_at"),)
    channel: str = Field(default="mail", max_length=10)
    to: str = Field(sa_type=Sealed("delivery.to"))
    subject: str = Field(max_length=120)
    body: str = Field(sa_type=Sealed("delivery.body"))
    state: DeliveryState = Field(default=DeliveryState.OWED, sa_type=words(DeliveryState))
    tries: int = 0
    next_try_at: datetime = moment()
    lease_until: datetime | None = moment(default=None)
    lease_by: str | None = Field(default=None, max_length=40)
    owed_at: datetime = moment()
    done_at: datetime | None = moment(default=None)


class Draft(Row, table=True):
    """What somebody is typing in a form, kept at each pause; sealed."""

    __table_args__ = (sa.UniqueConstraint("member_id", "form"),)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    form: str = Field(max_length=80)  # which form, e.g. "story:ref:write"
    fields: str = Field(sa_type=Sealed("draft.fields"))  # JSON
    saved_at: datetime = moment(index=True)


class OnceKey(SQLModel, table=True):
    """A form that was sent: the second time shows the first result."""

    __tablename__ = "once_key"
    key: str = Field(primary_key=True, max_length=64)  # hash of who, form and random value
    location: str = Field(default="", max_length=300)
    at: datetime = moment(index=True)


class Tries(SQLModel, table=True):
    """How often something was tried in a window; keyed hashes only, no addresses."""

    __tablename__ = "tries"
    key: str = Field(primary_key=True, max_length=64)
    window_start: datetime = moment(index=True)
    count: int = 0


class ContentVersion(SQLModel, table=True):
    """A number that moves when something public of that name changes (or its rules do); guests' pages hang on it."""

    __tablename__ = "content_version"
    name: str = Field(primary_key=True, max_length=30)
    number: int = 1


class JobRun(SQLModel, table=True):
    """When a periodic job last ran, for how long it is claimed, and how it went."""

    __tablename__ = "job_run"
    name: str = Field(primary_key=True, max_length=40)
    last_at: datetime | None = moment(default=None)
    lease_until: datetime | None = moment(default=None)
    result: str = Field(default="", max_length=300)
    ok: bool = True


class SearchDocument(SQLModel, table=True):
    """One row per thing and language that can be found; text folded. The indexes over it differ per engine."""

    __tablename__ = "search_document"
    __table_args__ = (sa.UniqueConstraint("kind", "subject_id", "language"), sa.Index(None, "kind", "rank", "id"))
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=10)  # service, story
    subject_id: UUID = Field(index=True)
    language: str = Field(max_length=12)
    audience: str = Field(default="everyone", max_length=10)  # everyone, members
    # What ranking reads stands before the long texts: SQLite then needs one page a row.
    rank: int = 0  # higher first where nothing else decides: freshness
    lat: float | None = None
    lon: float | None = None
    changed_on: date | None = None
    title: str = ""  # folded words
    body: str = ""  # folded words
    tokens: str = ""  # filters as words: kind, audience, need, area, language, cells, concepts
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # what a card needs, so that a list is one query


class SearchWord(SQLModel, table=True):
    """The words that stand in documents: for typing mistakes and short beginnings."""

    __tablename__ = "search_word"
    word: str = Field(primary_key=True, max_length=60)


class SearchWordKey(SQLModel, table=True):
    """What a word becomes when one letter is missing: two words with a key in common are one mistake apart."""

    __tablename__ = "search_word_key"
    __table_args__ = {"sqlite_with_rowid": False}
    key: str = Field(primary_key=True, max_length=60)
    word: str = Field(primary_key=True, max_length=60)
