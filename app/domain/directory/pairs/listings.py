"""Services of the directory as the duplicate finder takes listings."""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.directory.duplicates.listing import Listing
from app.domain.directory.needs import all_needs
from app.domain.directory.places import AREAS
from app.domain.directory.rows import PART_TABLES, TABLES
from app.domain.directory.traces import without_traces
from app.models.directory import Feed

_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_SERVICE, _LINK, _LOCATION = TABLES["service"], TABLES["service_at_location"], TABLES["location"]
_ORGANIZATION, _ADDRESS, _PHONE, _ATTRIBUTE = (
    TABLES["organization"], PART_TABLES["address"], PART_TABLES["phone"], PART_TABLES["attribute"],
)  # fmt: skip
_MOST_PHONES = 4
IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_ROWS = (
    sa.select(
        *(_SERVICE.c[n] for n in (
            "id", "organization_id", "name", "description", "email", "url", "needs", "language", "protected",
        )),
        _ORGANIZATION.c.name.label("organisation"), _ORGANIZATION.c.email.label("org_email"),
        _ORGANIZATION.c.website.label("org_website"), _FEED.c.name.label("partner"), _FEED.c.country,
    )
    .join(_FEED, _FEED.c.id == _SERVICE.c.feed_id)
    .outerjoin(_ORGANIZATION, _ORGANIZATION.c.id == _SERVICE.c.organization_id)
    .where(_SERVICE.c.id.in_(IDS), _SERVICE.c.defunct_on.is_(None))
)  # fmt: skip
_PLACES = (
    sa.select(
        _LINK.c.service_id, _LINK.c.id.label("link_id"), _LOCATION.c.id.label("location_id"), _LOCATION.c.latitude,
        _LOCATION.c.longitude, _ADDRESS.c.address_1, _ADDRESS.c.city, _ADDRESS.c.postal_code, _ADDRESS.c.country,
        AREAS.c.name.label("area"), AREAS.c.country.label("area_country"),
    )
    .join(_LOCATION, _LOCATION.c.id == _LINK.c.location_id)
    .outerjoin(_ADDRESS, _ADDRESS.c.location_id == _LOCATION.c.id).outerjoin(AREAS, AREAS.c.id == _LOCATION.c.area_id)
    .where(_LINK.c.service_id.in_(IDS)).order_by(_LINK.c.id, _ADDRESS.c.position)
)  # fmt: skip
_PHONES = sa.select(_PHONE.c.owner_id, _PHONE.c.number).where(_PHONE.c.owner_id.in_(IDS)).order_by(_PHONE.c.position, _PHONE.c.id)
_LABELS = (
    sa.select(_ATTRIBUTE.c.owner_id, _ATTRIBUTE.c.label).where(_ATTRIBUTE.c.owner_id.in_(IDS), _ATTRIBUTE.c.label.is_not(None))
    .order_by(_ATTRIBUTE.c.position, _ATTRIBUTE.c.id)
)  # fmt: skip


def listings(connection: sa.Connection, ids: Sequence[UUID]) -> dict[UUID, Listing]:
    """Return these services as listings, without those that have ended; four statements however many they are.

    Each stands for its first place. A protected one is compared by what everybody may read of it: its name, its organisation, its
    kind of help. Were its door or its number compared, the reasons of a pair would tell whoever guesses them that they are right.
    """
    if not ids:
        return {}
    rows = connection.execute(_ROWS, {"ids": ids}).all()
    places: dict[UUID, Any] = {}
    for row in connection.execute(_PLACES, {"ids": ids}):
        places.setdefault(row.service_id, row)
    around = {row.organization_id for row in rows} | {key for p in places.values() for key in (p.link_id, p.location_id)}
    phones = _texts(connection, _PHONES, [*ids, *(around - {None})])
    labels = _texts(connection, _LABELS, ids)
    return {
        row.id: _protected(row) if row.protected else _listing(row, places.get(row.id), phones, labels.get(row.id, []))
        for row in rows
    }


def _texts(connection: sa.Connection, statement: Any, owners: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for owner, text in connection.execute(statement, {"ids": owners}):
        found[owner].append(text)
    return found


def _listing(row: Any, place: Any, phones: dict[UUID, list[str]], labels: list[str]) -> Listing:
    owners = [row.id, *((place.link_id, place.location_id) if place else ())]
    numbers = [number for owner in owners for number in phones.get(owner, ())] or phones.get(row.organization_id, [])
    where = place._mapping if place else {}
    return Listing(
        id=str(row.id), partner=row.partner, name=row.name, organization=row.organisation or "", description=row.description or "",
        address=where.get("address_1") or "", city=where.get("city") or where.get("area") or "",
        postcode=where.get("postal_code") or "", country=where.get("country") or where.get("area_country") or row.country,
        lat=where.get("latitude"), lon=where.get("longitude"), phone="\n".join(dict.fromkeys(numbers[:_MOST_PHONES])),
        email=row.email or row.org_email or "", url=row.url or row.org_website or "", categories=(*_needs(row), *labels),
        language=row.language,
    )  # fmt: skip


def _protected(row: Any) -> Listing:
    """Return a listing without anything that leads to a door (see wire/shield.py)."""
    return Listing(
        id=str(row.id), partner=row.partner, name=row.name, organization=row.organisation or "",
        description=without_traces(row.description or ""), country=row.country, language=row.language,
        address="", city="", postcode="", lat=None, lon=None, phone="", email="", url="", categories=tuple(_needs(row)),
    )  # fmt: skip


def _needs(row: Any) -> list[str]:
    return [need.label for need in all_needs() if need.id in (row.needs or ())]


def digest_of(listing: Listing) -> str:
    """Return what tells whether anything that is compared has changed."""
    return blake2b(repr(listing).encode("utf-8", "replace"), digest_size=16).hexdigest()
