"""The one clock: everything that needs the time asks here, so that tests can set it."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)
_everywhere: list[datetime] = []  # set by tests: also seen by threads and the server in the same process


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return _fixed.get() or (_everywhere[-1] if _everywhere else datetime.now(UTC))


@contextmanager
def at(moment: datetime) -> "Iterator[None]":
    """Let every thread of this process see ``moment`` as now, for the length of the block."""
    _everywhere.append(moment)
    try:
        yield
    finally:
        _everywhere.pop()


def days(count: float) -> timedelta:
    """Return ``count`` days."""
    return timedelta(days=count)
