"""Days and hours as people say them, in a time zone, and the moments they are; pure."""

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

from app.core.errors import Invalid
from app.core.i18n import _, day_words

STEPS: Final = {"weekly": timedelta(weeks=1), "fortnightly": timedelta(weeks=2)}


@cache
def known(zone: str) -> bool:
    """Say whether this is the name of a time zone (IANA)."""
    return zone in available_timezones()


@cache
def zones_of(countries: tuple[str, ...]) -> tuple[str, ...]:
    """Return the time zones of countries (ISO 3166-1), those of all where none is named, and UTC; CLDR says which is where."""
    by_country = get_global("territory_zones")
    wanted = countries or tuple(by_country)
    return tuple(sorted({z for c in wanted for z in by_country.get(c, ()) if known(z)} | {"UTC"}))


def moment_of(day: date, hour: time, zone: str, fold: str) -> datetime:
    """Return the moment (UTC) of a day and hour in a zone.

    Raises Invalid("hour") for an hour that is left out when clocks are put forward, Invalid("fold") for one that comes twice when
    they are put back and ``fold`` ("0" the first, "1" the second time) does not say which is meant (PEP 495).
    """
    said = datetime.combine(day, hour)
    first = said.replace(tzinfo=ZoneInfo(zone))
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != said:
        sentence = _("There is no %(hour)s on %(day)s: clocks are put forward then. Choose another hour.",
                     hour=f"{hour:%H:%M}", day=day_words(day))  # fmt: skip
        raise Invalid("hour", sentence)
    if first.utcoffset() != first.replace(fold=1).utcoffset() and fold not in ("0", "1"):
        sentence = _("%(hour)s comes twice on %(day)s, because clocks are put back. Choose which one you mean.",
                     hour=f"{hour:%H:%M}", day=day_words(day))  # fmt: skip
        raise Invalid("fold", sentence)
    return first.replace(fold=int(fold or "0")).astimezone(UTC)


def twice(day: date, hour: time, zone: str) -> bool:
    """Say whether this hour comes twice on this day."""
    try:
        moment_of(day, hour, zone, "")
    except Invalid as problem:
        return problem.field == "fold"
    return False


def said(moment: datetime, zone: str) -> datetime:
    """Return a moment as it is said in a zone: with its ``fold``, so that it can be turned back."""
    return moment.astimezone(ZoneInfo(zone))


def days_of(first: date, rhythm: str, until: date) -> Sequence[date]:
    """Return the days of a series from ``first`` through ``until``; monthly: the same day, or the last one of a shorter month."""
    if rhythm == "monthly":
        return [day for n in range(_months(first, until) + 1) if (day := _in_months(first, n)) <= until]
    step = STEPS[rhythm]
    return [first + step * n for n in range((until - first) // step + 1)]


def _months(first: date, until: date) -> int:
    return (until.year - first.year) * 12 + until.month - first.month


def _in_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
