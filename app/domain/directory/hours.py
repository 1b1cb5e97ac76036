"""Opening hours as HSDS writes them (weekly and monthly rules of RFC 5545): open now, this week as a table.

Everything is told by the clock on the wall of the place: at 02:30 on the night when clocks change, a shelter that is
open from 22:00 to 06:00 is open, however long that night is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import UnknownLocaleError
from babel.dates import get_day_names

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_FULL_DAY = 24 * 60
_FAR = 366  # days looked ahead for the next opening


@dataclass(frozen=True, slots=True)
class Rule:
    """Open on some days from ``opens`` for ``length`` minutes (it may pass midnight); days as (nth in month or 0, weekday)."""

    opens: int
    length: int
    days: tuple[tuple[int, int], ...]
    month_days: tuple[int, ...] = ()
    every: int = 1  # weeks or months
    monthly: bool = False
    start: date | None = None  # counts the weeks or months from here
    first: date | None = None
    last: date | None = None

    def on(self, day: date) -> bool:
        """Say whether the rule opens on this day."""
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if not self._in_step(day):
            return False
        if self.month_days and day.day not in self.month_days and day.day - _month_length(day) - 1 not in self.month_days:
            return False
        return not self.days or any(_is_nth(day, nth, weekday) for nth, weekday in self.days)

    def _in_step(self, day: date) -> bool:
        if self.every == 1 or self.start is None:
            return True
        if self.monthly:
            months = (day.year - self.start.year) * 12 + day.month - self.start.month
            return months % self.every == 0
        weeks = (_monday(day) - _monday(self.start)).days // 7
        return weeks % self.every == 0


@dataclass(frozen=True, slots=True)
class Now:
    """Whether it is open (None: not known), until when, and when it opens next."""

    open: bool | None
    until: time | None = None
    next_day: date | None = None
    next_time: time | None = None


def rule_of(schedule: Mapping[str, Any]) -> Rule | None:
    """Return the rule of an HSDS schedule, or None where days or times are not written so that a program can read them."""
    opens, closes = _minutes(schedule.get("opens_at")), _minutes(schedule.get("closes_at"))
    days = _days(schedule.get("byday"))
    month_days = _numbers(schedule.get("bymonthday"))
    freq, start = schedule.get("freq"), _date(schedule.get("dtstart"))
    if opens is None or closes is None or days is None or month_days is None or schedule.get("byyearday"):
        return None
    if schedule.get("count") or schedule.get("byweekno"):
        return None
    last = min((d for d in (_date(schedule.get("valid_to")), _date(schedule.get("until"))) if d), default=None)
    first = max((d for d in (_date(schedule.get("valid_from")), start) if d), default=None)
    if not days and not month_days:
        if start is None:
            return None
        if freq == "WEEKLY":
            days = ((0, start.weekday()),)
        elif freq == "MONTHLY":
            month_days = (start.day,)
        else:  # once
            last = start
    length = (closes - opens) % _FULL_DAY or _FULL_DAY
    every = max(1, int(schedule.get("interval") or 1))
    if every > 1 and start is None:
        return None
    return Rule(opens, length, days, month_days, every, freq == "MONTHLY", start, first, last)


def open_now(schedules: Iterable[Mapping[str, Any]], moment: datetime, zone: str | None) -> Now:
    """Answer for an aware moment; ``zone`` is the IANA name, without it the schedules' own hours from UTC count.

    Not known (open is None) when there are no hours, when no zone is known, or when nothing that can be read says
    "open" and something cannot be read.
    """
    listed = list(schedules)
    rules = [rule_of(s) for s in listed]
    place = place_zone(zone, listed)
    if not listed or place is None:
        return Now(None)
    wall = moment.astimezone(place).replace(tzinfo=None)
    known = [r for r in rules if r is not None]
    until = _open_until(known, wall)
    if until is not None:
        return Now(True, None if until - wall > timedelta(days=1) else until.time())
    if None in rules:
        return Now(None)
    following = next_opening(known, wall)
    return Now(False, None, following.date() if following else None, following.time() if following else None)


def week(schedules: Iterable[Mapping[str, Any]], monday: date) -> list[list[tuple[time, time]]]:
    """Return the (opens, closes) pairs of the seven days from ``monday``, each day's in order; a close at or before its opening
    is on the next day."""
    rules = [r for r in map(rule_of, schedules) if r is not None]
    days = [monday + timedelta(days=n) for n in range(7)]
    return [sorted({(_clock(r.opens), _clock(r.opens + r.length)) for r in rules if r.on(d)}) for d in days]


def in_words(schedules: Iterable[Mapping[str, Any]], language: str) -> list[str]:
    """Return a line for each schedule: days by their names in ``language``, times as they are written.

    It is the same for every reader, so that what somebody sends back tells nothing of who it was.
    """
    try:
        names = get_day_names("abbreviated", locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        names = get_day_names("abbreviated", locale="en")
    return [" ".join(filter(None, _told(schedule, names))) for schedule in schedules]


def _told(schedule: Mapping[str, Any], names: Any) -> Iterable[str]:
    days = _DAY.sub(lambda m: f"{m[1] or ''} {names[DAYS.index(m[2])]}".strip(), str(schedule.get("byday") or "").upper())
    yield re.sub(r"[,;\s]+(?=\S)", ", ", days) if "," in days or ";" in days else days
    yield str(schedule.get("bymonthday") or "")
    yield "–".join(str(at) for name in ("opens_at", "closes_at") if (at := schedule.get(name)))
    lasts = [str(day) for name in ("valid_from", "valid_to") if (day := schedule.get(name))]
    yield f"({' – '.join(lasts)})" if lasts else ""


def next_opening(rules: Iterable[Rule], wall: datetime) -> datetime | None:
    """Return the next opening after ``wall`` (local, naive), at most a year ahead."""
    rules = list(rules)
    for n in range(_FAR):
        day = wall.date() + timedelta(days=n)
        starts = [datetime.combine(day, _clock(r.opens)) for r in rules if r.on(day)]
        later = [s for s in starts if s > wall]
        if later:
            return min(later)
    return None


def _open_until(rules: list[Rule], wall: datetime) -> datetime | None:
    """Return when it closes, following intervals that join without a gap; None when it is closed."""
    end: datetime | None = None
    at = wall
    for _step in range(16):  # joined intervals of more than a week are "always open"
        ends = [stop for start, stop in _around(rules, at) if start <= at < stop]
        if not ends:
            break
        end = at = max(ends)
    return end


def _around(rules: list[Rule], wall: datetime) -> Iterable[tuple[datetime, datetime]]:
    for day in (wall.date() - timedelta(days=1), wall.date()):
        for rule in rules:
            if rule.on(day):
                start = datetime.combine(day, _clock(rule.opens))
                yield start, start + timedelta(minutes=rule.length)


def place_zone(name: str | None, schedules: list[Mapping[str, Any]]) -> tzinfo | None:
    """Return the zone of an IANA name, without one the hours from UTC that the schedules state, else None."""
    if name:
        return zone_named(name)
    offset = next((s["timezone"] for s in schedules if s.get("timezone") is not None), None)
    if not isinstance(offset, int | float) or abs(offset) > 14:
        return None
    return timezone(timedelta(hours=offset))


@cache
def zone_named(name: str) -> tzinfo:
    """Return the zone; UTC when the name is unknown (the importer checks names)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _minutes(text: Any) -> int | None:
    found = _TIME.match(text) if isinstance(text, str) else None
    if not found:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if minutes <= _FULL_DAY and int(found[2]) < 60 else None


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _days(text: Any) -> tuple[tuple[int, int], ...] | None:
    """Return () for none, None for something that cannot be read."""
    if not text:
        return ()
    parts = [p.strip().upper() for p in re.split(r"[,;\s]+", str(text)) if p.strip()]
    found = [_DAY.fullmatch(p) for p in parts]
    if any(f is None for f in found):
        return None
    return tuple((int(f[1] or 0), DAYS.index(f[2])) for f in found if f)


def _numbers(text: Any) -> tuple[int, ...] | None:
    if not text:
        return ()
    parts = [p.strip() for p in str(text).split(",") if p.strip()]
    if not all(re.fullmatch(r"-?\d{1,2}", p) for p in parts):
        return None
    return tuple(int(p) for p in parts)


def _date(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_length(day: date) -> int:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - timedelta(days=1)).day


def _is_nth(day: date, nth: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if nth == 0:
        return True
    place = (day.day - 1) // 7 + 1 if nth > 0 else -((_month_length(day) - day.day) // 7 + 1)
    return place == nth
