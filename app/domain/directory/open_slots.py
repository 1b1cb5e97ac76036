"""Pieces of the week in which a listing may be open, as search filters: what is open at this moment is then found by the index.

A piece is four hours of the week in UTC. A listing stands in every piece that its hours touch, in winter and in summer time;
whether it is open at the minute is asked of its hours (``hours.open_now``).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Final

from app.domain.directory.hours import place_zone, rule_of

MINUTES: Final = 240
WEEK: Final = 7 * 24 * 60
ALL: Final = frozenset(range(WEEK // MINUTES))


def slot(moment: datetime) -> int:
    """Return the piece in which an aware moment lies, 0 to 41 from Monday 00:00 UTC."""
    at = moment.astimezone(UTC)
    return (at.weekday() * 1_440 + at.hour * 60 + at.minute) // MINUTES


def slots(schedules: Iterable[Mapping[str, Any]], zone: str | None, today: date) -> list[int]:
    """Return the pieces that the hours (HSDS schedules, of the clock in the IANA zone) touch; none where nothing can be read."""
    listed = list(schedules)
    place = place_zone(zone, listed)
    if place is None:
        return []
    found: set[int] = set()
    for rule in filter(None, map(rule_of, listed)):
        weekdays = {day for _nth, day in rule.days} if rule.days else set(range(7))
        for ahead in _ahead(place, today.year):
            for day in weekdays:
                found |= _touched(day * 1_440 + rule.opens - ahead, rule.length)
    return sorted(found)


def _touched(start: int, length: int) -> frozenset[int]:
    if length >= WEEK:
        return ALL
    return frozenset(piece % len(ALL) for piece in range(start // MINUTES, (start + length - 1) // MINUTES + 1))


@lru_cache(maxsize=500)
def _ahead(place: tzinfo, year: int) -> frozenset[int]:
    """Return by how many minutes the clock there is ahead of UTC at any time of this year and the next."""
    moments = [datetime(y, month, day, tzinfo=UTC) for y in (year, year + 1) for month in range(1, 13) for day in (1, 15)]
    return frozenset(
        int(offset.total_seconds()) // 60 for at in moments if (offset := at.astimezone(place).utcoffset()) is not None
    )
