"""Days and moments as they stand in files (ISO 8601)."""

from datetime import UTC, date, datetime
from typing import Any

from app.domain.reporting.refusing import BadNumbers


def moment(value: Any, what: str) -> datetime:
    """Return a moment; one without an offset is UTC, a day is its first moment."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadNumbers(f"{what} is {'missing' if value is None else f'no date: {value!r}'}.") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def day(value: Any, what: str) -> date:
    """Return a day; of a moment, its date."""
    return moment(value, what).date()


def optional_day(value: Any, what: str) -> date | None:
    """Return a day, or None where there is none."""
    return None if value is None else day(value, what)
