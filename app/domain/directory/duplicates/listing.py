"""A listing as it comes in, with exactly the fields of the exchange format; what is unknown is empty."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.text import clean

MOST_CHARS = 20_000
_TEXTS = (
    "partner", "name", "organization", "description", "address", "city", "postcode", "country", "phone", "email", "url", "language",
)  # fmt: skip


class NotAListing(ValueError):
    """A record cannot be compared; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One listing of one partner. Degrees for ``lat`` and ``lon``; texts are "" where nothing is known."""

    id: str
    partner: str = ""
    name: str = ""
    organization: str = ""
    description: str = ""
    address: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    phone: str = ""
    email: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""


def listing_from(record: object) -> Listing:
    """Return the listing of a JSON record; fields that are missing or null are unknown, others than ours are left alone.

    Raises NotAListing where the record is no object, has no id, or holds an object where a text belongs.
    """
    if not isinstance(record, Mapping):
        raise NotAListing("it is not an object")
    identity = _text(record, "id")
    if not identity:
        raise NotAListing("it has no id")
    texts = {field: _text(record, field) for field in _TEXTS}
    lat, lon = _degrees(record, "lat"), _degrees(record, "lon")
    return Listing(id=identity, lat=lat, lon=lon, categories=_texts(record, "categories"), **texts)


def _text(record: Mapping[str, Any], field: str) -> str:
    value = record.get(field)
    if isinstance(value, list):
        return "\n".join(_plain(v, field) for v in value)[:MOST_CHARS]
    return _plain(value, field)


def _texts(record: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = record.get(field)
    values = value.split(";") if isinstance(value, str) else value if isinstance(value, list) else [value]
    return tuple(text for v in values if (text := _plain(v, field)))


def _plain(value: object, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise NotAListing(f"its {field} is not a text")
    return clean(str(value)[:MOST_CHARS])


def _degrees(record: Mapping[str, Any], field: str) -> float | None:
    """Return a number of degrees, also where it came as text; what is no number is unknown."""
    value = record.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise NotAListing(f"its {field} is not a number")
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise NotAListing(f"its {field} is not a number") from error
    return number if math.isfinite(number) else None
