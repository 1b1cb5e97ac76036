"""Filters of the public lists: which slots hold something that fits all of them. They read what is public only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.text import fold, one_line
from app.domain.directory.places import AreaBook
from app.domain.directory.rows import PART_TABLES, TABLES
from app.domain.directory.wire.put import PUBLISHED
from app.domain.directory.zones import km_between
from app.domain.search import matching as search
from app.domain.search.terms import typed_words

_ATTRIBUTE, _ADDRESS, _AREA = (PART_TABLES[k] for k in ("attribute", "address", "service_area"))
_TERM, _LOCATION, _SERVICE = TABLES["taxonomy_term"], TABLES["location"], TABLES["service"]
_PLACE = PUBLISHED.alias("place")  # a place that everybody may know
_KM_PER_DEGREE = 111.1  # a little less than it is, so that the band of latitudes is wide enough
_DAY = sa.bindparam("today", type_=sa.Date)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None, "" and False: not narrowed. ``proximity`` in metres around the postcode's centre."""

    search: str = ""
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: int | None = None  # milliseconds since 1970, that moment included
    parent_id: UUID | None = None
    top_only: bool = False
    postcode: str = ""
    proximity: int | None = None

    @property
    def any(self) -> bool:
        """Say whether anything is narrowed."""
        return any(getattr(self, one.name) not in (None, "", False) for one in fields(self))


def slots(connection: sa.Connection, kind: str, asked: Filters, today: date) -> list[int]:
    """Return the slots of a list that fit every filter, ascending; what ended long ago is not among them."""
    there = [PUBLISHED.c.kind == kind, sa.not_(PUBLISHED.c.gone), sa.or_(PUBLISHED.c.until.is_(None), PUBLISHED.c.until >= _DAY)]
    conditions = [*there, *_conditions(connection, kind, asked)]
    statement = sa.select(PUBLISHED.c.slot).where(*conditions).order_by(PUBLISHED.c.slot)
    values = {"today": today}
    if asked.proximity is not None:
        return _around(connection, statement, values, asked.postcode, asked.proximity / 1000)
    return list(connection.execute(statement, values).scalars())


def _conditions(connection: sa.Connection, kind: str, asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.modified_after is not None:
        yield PUBLISHED.c.modified >= asked.modified_after
    if asked.search:
        yield _about(connection, kind, asked.search)
    if kind == "taxonomy_term":
        yield from _terms(asked)
        return
    if asked.taxonomy_term_id:
        yield _named(kind, _ATTRIBUTE.c.taxonomy_term_id == asked.taxonomy_term_id)
    if asked.taxonomy_id:
        yield _named(kind, _ATTRIBUTE.c.taxonomy_term_id.in_(sa.select(_TERM.c.id).where(_TERM.c.taxonomy_id == asked.taxonomy_id)))
    if asked.organization_id:
        yield _of_service(kind, lambda s: s.c.organization_id == asked.organization_id)
    if asked.postcode and asked.proximity is None:
        yield _in_or_for(connection, asked.postcode)


def _terms(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.taxonomy_id:
        yield PUBLISHED.c.id.in_(sa.select(_TERM.c.id).where(_TERM.c.taxonomy_id == asked.taxonomy_id))
    if asked.parent_id:
        yield PUBLISHED.c.id.in_(sa.select(_TERM.c.id).where(_TERM.c.parent_id == asked.parent_id))
    if asked.top_only:
        yield PUBLISHED.c.id.in_(sa.select(_TERM.c.id).where(_TERM.c.parent_id.is_(None)))


def _of_service(kind: str, which: Callable[[Any], sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """Return the condition on services, or on what belongs to such a service."""
    if kind == "service":
        return which(PUBLISHED)
    service = PUBLISHED.alias("of")
    pointer, key = ("service_id", "id") if kind == "service_at_location" else ("id", "organization_id")
    return PUBLISHED.c[pointer].in_(
        sa.select(service.c[key]).where(service.c.kind == "service", sa.not_(service.c.gone), which(service))
    )


def _named(kind: str, which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that an object is in a category; or its service or place, or a service of an organisation."""
    named = sa.select(_ATTRIBUTE.c.link_id).where(which)
    if kind == "service":
        return PUBLISHED.c.id.in_(named)
    of_service = _of_service(kind, lambda s: s.c.id.in_(named))
    return sa.or_(PUBLISHED.c.id.in_(named), PUBLISHED.c.location_id.in_(named), of_service)


def _about(connection: sa.Connection, kind: str, text: str) -> sa.ColumnElement[bool]:
    """Return the condition that all words stand in it; services are found as people find them, also in other words."""
    typed = typed_words(text)
    if not typed:
        return sa.false()
    if kind == "service":
        return PUBLISHED.c.id.in_(search.subjects(connection, "service", typed))
    if kind == "service_at_location":
        there = sa.select(_PLACE.c.id).where(_PLACE.c.kind == "location", *_words(_PLACE, typed))
        offered = PUBLISHED.c.service_id.in_(search.subjects(connection, "service", typed))
        return sa.or_(offered, PUBLISHED.c.location_id.in_(there))
    return sa.and_(*_words(PUBLISHED, typed))


def _words(table: Any, typed: list[str]) -> list[sa.ColumnElement[bool]]:
    return [table.c.words.like(f"% {word}%") for word in typed]  # folded words hold no sign of LIKE


def _with(code: str) -> sa.ColumnElement[bool]:
    """Return the condition that a place has an address with this postcode (spaces and case do not matter)."""
    written = sa.func.replace(sa.func.upper(_ADDRESS.c.postal_code), " ", "")
    there = sa.select(_ADDRESS.c.location_id).where(written == "".join(code.upper().split()), _ADDRESS.c.address_type != "postal")
    return _LOCATION.c.id.in_(there)


def _in_or_for(connection: sa.Connection, code: str) -> sa.ColumnElement[bool]:
    """Return the condition that something is at a postcode, or names an area that the postcode lies in."""
    places = sa.select(_PLACE.c.id).join(_LOCATION, _LOCATION.c.id == _PLACE.c.id).where(_with(code))
    areas = sa.select(_LOCATION.c.area_id).distinct().join(_PLACE, _PLACE.c.id == _LOCATION.c.id).where(_with(code))
    return sa.or_(PUBLISHED.c.location_id.in_(places), _covers(connection, set(connection.execute(areas).scalars())))


def _around(connection: sa.Connection, statement: sa.Select[Any], values: dict[str, Any], code: str, km: float) -> list[int]:
    """Return the slots of a statement within ``km`` of a postcode's centre: the mean of the public places that have it."""
    mean = sa.select(sa.func.avg(_LOCATION.c.latitude), sa.func.avg(_LOCATION.c.longitude))
    centre = connection.execute(mean.join_from(_LOCATION, _PLACE, _PLACE.c.id == _LOCATION.c.id).where(_with(code))).one()
    if centre[0] is None or centre[1] is None:
        return []
    here, high = (centre[0], centre[1]), km / _KM_PER_DEGREE
    band = _LOCATION.c.latitude.between(here[0] - high, here[0] + high)
    placed = statement.add_columns(_LOCATION.c.latitude, _LOCATION.c.longitude)
    rows = connection.execute(placed.join(_LOCATION, _LOCATION.c.id == PUBLISHED.c.location_id).where(band), values)
    return [slot for slot, lat, lon in rows if lon is not None and km_between(here, (lat, lon)) <= km]


def _covers(connection: sa.Connection, areas: set[UUID | None]) -> sa.ColumnElement[bool]:
    """Return the condition that a service is for people of a place: it names one of the areas that the place lies in."""
    book = AreaBook.load(connection)
    keys = {str((book.get(one) or {}).get("name_key")) for area in areas for one in book.line(area)}
    if not keys:
        return sa.false()
    names = [name for name in connection.execute(sa.select(_AREA.c.name).distinct()).scalars() if name and _key(name) in keys]
    closed = sa.select(_SERVICE.c.id).where(_SERVICE.c.protected)  # what it serves may be where it is: that is not asked out of us
    whose = sa.select(_AREA.c.owner_id).where(_AREA.c.name.in_(names), _AREA.c.owner_id.not_in(closed))
    return sa.or_(PUBLISHED.c.service_id.in_(whose), PUBLISHED.c.id.in_(whose))


def _key(name: str) -> str:
    return fold(one_line(name))[:120]
