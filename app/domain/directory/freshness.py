"""How fresh a listing is: dates in, a state in words out. No clock, no database."""

import enum
from datetime import date, timedelta

DUE_DAYS = 180
SHORT_DUE_DAYS = 60  # shelters and hotlines
HIDDEN_AFTER_DAYS = 90  # after the due day: out of results, still reachable by its address
SOON_DAYS = 14
AGAIN_DAYS = 3  # after a call that nobody answered
KEPT_DEFUNCT_DAYS = 90
_START = date(2020, 1, 1)


class Freshness(enum.StrEnum):
    """What the badge says; the values are the classes of the badge."""

    FRESH = "fresh"  # checked
    DUE = "due"  # checked, and it is time to check again
    OLD = "old"  # not confirmed since
    NEVER = "never"  # not checked yet


def next_due(checked_on: date, short_term: bool) -> date:
    """Return the day until which a check counts (180 days; shelters and hotlines 60)."""
    return checked_on + timedelta(days=SHORT_DUE_DAYS if short_term else DUE_DAYS)


def soon_due(due: date, today: date) -> date:
    """Return the day until which a check counts that its source contradicts: two weeks more at most."""
    return min(due, today + timedelta(days=SOON_DAYS))


def state_of(verified_on: date | None, due: date, today: date) -> Freshness:
    """Return the state; a listing that nobody checked is "not checked yet" until its due day, counted from its import."""
    if today > due:
        return Freshness.OLD
    if verified_on is None:
        return Freshness.NEVER
    return Freshness.DUE if due - today <= timedelta(days=SOON_DAYS) else Freshness.FRESH


def is_hidden(due: date, today: date) -> bool:
    """Say whether a listing has left the results: 90 days after its due day."""
    return today > due + timedelta(days=HIDDEN_AFTER_DAYS)


def rank(verified_on: date | None) -> int:
    """Return what results are ordered by where nothing else decides: days from 2020 to the last check, 0 without one."""
    return max(1, (verified_on - _START).days) if verified_on else 0
