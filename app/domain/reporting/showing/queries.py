"""Published releases, read in one or two statements; what is not published yet is for those who look it over."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.domain.reporting.releasing.waiting import waits
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
    told_before: int


@dataclass(frozen=True, slots=True)
class Short:
    """A release in a list."""

    ref: str
    period: str
    revision: int


_R = NumberRelease
_WHOLE = sa.select(
    col(_R.ref), col(_R.period), col(_R.revision), col(_R.counted_on), col(_R.prepared_at), col(_R.published_at), col(_R.body),
    col(_R.remarks), col(_R.promises), col(_R.told_before),
)  # fmt: skip
_PUBLIC = col(_R.published_at).is_not(None)
_NEWEST = (col(_R.period).desc(), col(_R.revision).desc())
_LATEST = _WHOLE.where(_PUBLIC).order_by(*_NEWEST).limit(1)
_ONE = _WHOLE.where(_PUBLIC, col(_R.ref) == sa.bindparam("ref"))
_LIST = (  # the corrections of the month that is shown first, however old it is
    sa.select(col(_R.ref), col(_R.period), col(_R.revision)).where(_PUBLIC)
    .order_by(sa.desc(col(_R.period) == sa.bindparam("period")), *_NEWEST).limit(SHOWN_BEFORE)
)  # fmt: skip
_NEXT = _WHOLE.where(waits()).order_by(*_NEWEST)


def latest(connection: sa.Connection) -> Kept | None:
    """Return the newest published release, in its latest correction."""
    row = connection.execute(_LATEST).first()
    return Kept(*row) if row else None


def one(connection: sa.Connection, ref: str) -> Kept | None:
    """Return a published release by its address."""
    row = connection.execute(_ONE, {"ref": ref}).first()
    return Kept(*row) if row else None


def published(connection: sa.Connection, period: str) -> list[Short]:
    """Return the published releases, newest first: at most 24, those of ``period`` among them."""
    found = [Short(*row) for row in connection.execute(_LIST, {"period": period})]
    return sorted(found, key=lambda one: (one.period, one.revision), reverse=True)


def waiting(connection: sa.Connection) -> list[Kept]:
    """Return the releases that are made and will be published, newest first, for those who look them over."""
    return [Kept(*row) for row in connection.execute(_NEXT)]
