"""Time zones of countries and places, from the time zone database itself."""

import re
from datetime import datetime
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

_PLACE = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")
_EARTH_KM = 6371.0
_UNSURE_KM = 300.0  # a border of zones may lie this much nearer than the city that names the zone


def km_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of two points (latitude, longitude in degrees) in kilometres (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    part = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(part)))


def zone_for(country: str, point: tuple[float, float] | None = None) -> str | None:
    """Return the IANA zone of a place: the country's only one, or the one whose city is nearest; None where that is a guess."""
    zones = _table().get(country.upper(), ())
    if len(zones) == 1:
        return zones[0][0]
    if not zones or point is None:
        return None
    near = sorted((km_between(city, point), name) for name, city in zones)
    close = [name for km, name in near if km <= near[0][0] + _UNSURE_KM]
    return near[0][1] if len({_offsets(name) for name in close}) == 1 else None


def _offsets(name: str) -> tuple[object, ...]:
    """Return the hours from UTC in winter and summer."""
    return tuple(datetime(2026, month, 15, tzinfo=ZoneInfo(name)).utcoffset() for month in (1, 7))


@cache
def _table() -> dict[str, tuple[tuple[str, tuple[float, float]], ...]]:
    text = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[tuple[str, tuple[float, float]], ...]] = {}
    for line in text.splitlines():
        cells = line.split("\t")
        if line.startswith("#") or len(cells) < 3:
            continue
        found[cells[0]] = (*found.get(cells[0], ()), (cells[2], _point(cells[1])))
    return found


def _point(text: str) -> tuple[float, float]:
    found = _PLACE.fullmatch(text)
    if not found:
        raise ValueError(f"not a place of zone.tab: {text}")
    lat = int(found[2]) + int(found[3]) / 60 + int(found[4] or 0) / 3600
    lon = int(found[6]) + int(found[7]) / 60 + int(found[8] or 0) / 3600
    return (-lat if found[1] == "-" else lat, -lon if found[5] == "-" else lon)
