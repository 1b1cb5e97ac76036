"""Published releases, read in one or two statements; what is not published yet is for those who look it over."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.models.reporting import NumberRelease

SHOWN_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """A release as it was kept."""

    ref: str
    period: str
    revision: int
    counted_on: date
    prepared_at: datetime
    published_at: datetime | None
    body: dict[str, Any]
    remarks: list[str]
    promises: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Short:
    """A release in a list."""

    ref: str
    period: str
    revision: int


_R = NumberRelease
_WHOLE = sa.select(
    col(_R.ref), col(_R.period), col(_R.revision), col(_R.counted_on), col(_R.prepared_at), col(_R.published_at), col(_R.body),
    col(_R.remarks), col(_R.promises),
)  # fmt: skip
_PUBLIC = col(_R.published_at).is_not(None)
_NEWEST = (col(_R.period).desc(), col(_R.revision).desc())
_LATEST = _WHOLE.where(_PUBLIC).order_by(*_NEWEST).limit(1)
_ONE = _WHOLE.where(_PUBLIC, col(_R.ref) == sa.bindparam("ref"))
_LIST = sa.select(col(_R.ref), col(_R.period), col(_R.revision)).where(_PUBLIC).order_by(*_NEWEST).limit(SHOWN_BEFORE)
_NEXT = _WHOLE.where(col(_R.published_at).is_(None)).order_by(*_NEWEST).limit(1)


def latest(connection: sa.Connection) -> Kept | None:
    """Return the newest published release, in its latest correction."""
    row = connection.execute(_LATEST).first()
    return Kept(*row) if row else None


def one(connection: sa.Connection, ref: str) -> Kept | None:
    """Return a published release by its address."""
    row = connection.execute(_ONE, {"ref": ref}).first()
    return Kept(*row) if row else None


def published(connection: sa.Connection) -> list[Short]:
    """Return the published releases, newest first (at most 24)."""
    return [Short(*row) for row in connection.execute(_LIST)]


def waiting(connection: sa.Connection) -> Kept | None:
    """Return the release that is made and not published yet, for those who look it over."""
    row = connection.execute(_NEXT).first()
    return Kept(*row) if row else None
