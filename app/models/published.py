"""What the public interface says, put together when a listing changes; nothing that has to stay hidden is in these tables."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.directory import few


class Published(SQLModel, table=True):
    """One public object as JSON, in the language of its source; id is the object's own.

    ``slot`` is its place in the list of its kind, for good: pages of lists are ranges of slots. One that went leaves its row
    (``gone``) without content, until something new takes the slot.
    """

    __table_args__ = (
        sa.UniqueConstraint("kind", "slot"),
        sa.Index(None, "kind", "modified"),
        sa.Index("ix_published_gone", "kind", "slot", sqlite_where=sa.text("gone"), postgresql_where=sa.text("gone")),
        *few("organization_id", "service_id", "until"),
    )
    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=20)  # service, organization, service_at_location, taxonomy, taxonomy_term; location, program
    slot: int | None = None  # locations and programs have no list of their own
    gone: bool = False
    modified: int = Field(sa_type=sa.BigInteger)  # milliseconds since 1970; moves when anything nested moves
    until: date | None = None  # the last day of a service that ended
    language: str = Field(default="", max_length=12)
    organization_id: UUID | None = None
    program_id: UUID | None = None
    service_id: UUID | None = None
    location_id: UUID | None = None
    digest: str = Field(max_length=32)  # of everything that is shown of it, nested objects included
    words: str = ""  # folded, for searching; services are found by the search index
    fields: str = ""  # its own fields: JSON members without braces
    parts: str = ""  # its phones, hours …: JSON members without braces


class PublishedText(SQLModel, table=True):
    """The own fields of a public object in another language."""

    __tablename__ = "published_text"
    id: UUID = Field(primary_key=True)
    language: str = Field(primary_key=True, max_length=12)
    fields: str = ""


class PublishedList(SQLModel, table=True):
    """How long each list is, and when something in it moved; locked by whoever publishes."""

    __tablename__ = "published_list"
    kind: str = Field(primary_key=True, max_length=20)
    top: int = 0  # the highest slot that holds something
    size: int = 0  # how many slots hold something
    modified: int = Field(default=0, sa_type=sa.BigInteger)


class ToPublish(SQLModel, table=True):
    """An object that moved and is not published yet; services stand in service_facts instead (stale)."""

    __tablename__ = "to_publish"
    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=20)
