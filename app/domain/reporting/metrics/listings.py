"""Is what we offer already there, is it there twice, is it still true: duplicates, overlap, freshness."""

from datetime import date
from math import asin, cos, radians, sin, sqrt
from statistics import median
from typing import Any

from app.domain.reporting.metrics.reading import day, optional_day
from app.domain.reporting.metrics.shares import wilson
from app.domain.reporting.refusing import BadNumbers, listed, mapped, number, whole, within

Result = dict[str, Any]
EARTH_KM = 6371.0088  # mean radius (IUGG)
NEAR_KM = 10  # what the check before publishing an offer calls near
FRESH_DAYS, LIMIT_DAYS = 180, 365
EVERYBODY = "all"


def duplicate_rate(listings: Any, entities: Any) -> Result:
    """Return (listings − services behind them)/listings; ``entities`` counts only merges that a person confirmed."""
    many, real = whole(listings, "The number of listings"), whole(entities, "The number of services")
    within(real, many, "Services behind the listings")
    if many and not real:
        raise BadNumbers("There are listings, but no service behind them.")
    return {"value": (many - real) / many if many else None, "reason": None if many else "no_listings"}


def service_overlap(activities: Any, services: Any, km: Any = NEAR_KM) -> Result:
    """Return the share of own activities that began while a service for the same need and people was running nearby.

    "Nearby" is a great circle of at most ``km`` (haversine formula, Sinnott 1984). A service that began the same day or ended
    before does not count; audience "all" meets every audience, an unknown need none. Activities without coordinates are not
    assessed, and counted. Wilson interval.
    """
    own = [mapped(a, "An activity") for a in listed(activities, "The activities")]
    there = [_running(mapped(s, "A service")) for s in listed(services, "The services")]
    limit = number(km, "The distance")
    placed = [(a, _place(a)) for a in own]
    began = [(a, place, day(a.get("started"), "The day an activity started")) for a, place in placed if place]
    met = sum(any(_meets(a, place, start, s, limit) for s in there) for a, place, start in began)
    return wilson(met, len(began)) | {"assessed": len(began), "not_assessed": len(own) - len(began)}


Running = tuple[dict[str, Any], tuple[float, float] | None, date | None, date | None]


def _running(service: dict[str, Any]) -> Running:
    started = optional_day(service.get("started"), "The day a service started")
    ended = optional_day(service.get("ended"), "The day a service ended")
    if started and ended and ended < started:
        raise BadNumbers("A service ended before it started.")
    return service, _place(service), started, ended


def _meets(activity: dict[str, Any], place: tuple[float, float], start: date, running: Running, km: float) -> bool:
    service, other, started, ended = running
    if other is None or started is None or not activity.get("need") or activity["need"] != service.get("need"):
        return False
    if not started < start or (ended is not None and ended < start):
        return False
    audiences = {activity.get("audience") or EVERYBODY, service.get("audience") or EVERYBODY}
    return (len(audiences) == 1 or EVERYBODY in audiences) and _distance(place, other) <= km


def _place(row: dict[str, Any]) -> tuple[float, float] | None:
    lat, lon = row.get("lat"), row.get("lon")
    if lat is None or lon is None:
        return None
    for value, most, what in ((lat, 90, "latitude"), (lon, 180, "longitude")):
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise BadNumbers(f"A {what} lies between −{most} and {most}, not at {value}.")
    return float(lat), float(lon)


def _distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great circle distance in km of two places in degrees."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, p)) for p in (a, b))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def freshness(verified: Any, as_of: Any) -> Result:
    """Return how long ago listings were last verified: the shares of at most 180 and at most 365 days, the median age in days.

    Never verified (null) counts as stale and is left out of the median. A date in the future is a data error: left out of
    everything, and counted.
    """
    today = day(as_of, "The day of the report")
    days = [optional_day(v, "A day of verification") for v in listed(verified, "The days of verification")]
    ages = [(today - d).days for d in days if d is not None]
    past, never = [a for a in ages if a >= 0], len(days) - len(ages)
    base = len(past) + never
    result: Result = {"fresh_share": None, "within_limit_share": None, "median_age_days": None}
    if base:
        fresh, limit = (sum(a <= most for a in past) / base for most in (FRESH_DAYS, LIMIT_DAYS))
        result = {"fresh_share": fresh, "within_limit_share": limit, "median_age_days": median(past) if past else None}
    return {**result, "never": never, "future_dates": len(ages) - len(past), "reason": None if base else "no_listings"}
