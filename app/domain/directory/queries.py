"""Reads of the Help pages: few statements, built once; rows, no objects."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import days, now
from app.core.text import fold
from app.domain.directory import joining
from app.domain.directory.places import AREAS
from app.domain.directory.rows import TABLES
from app.domain.directory.standing import standing_for
from app.domain.directory.storing import FACTS, TEXTS
from app.domain.search.remembered import Remembered
from app.models.directory import Feed
from app.models.directory_parts import Metadata
from app.models.listing_care import ListingCall, ListingSuggestion, SuggestionState

_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
CALL: sa.Table = ListingCall.__table__  # type: ignore[attr-defined]
SUGGESTION: sa.Table = ListingSuggestion.__table__  # type: ignore[attr-defined]
METADATA: sa.Table = Metadata.__table__  # type: ignore[attr-defined]
MOST_HISTORY = 50
_SERVICE, _ORGANIZATION = TABLES["service"], TABLES["organization"]
MOST_NAMED = 30
MOST_PLACES = 200
MOST_TOWNS = 60
_NEAR_DEGREES = 0.8
_PIECES = 4  # of a degree: listings of one town share what is around it
Towns = Remembered[list[Any]]
_PAGE = (
    sa.select(
        *(_SERVICE.c[n] for n in (
            "id", "ref", "name", "alternate_name", "description", "status", "language", "text_version", "needs", "open_to",
            "protected", "verified_on", "verified_by_role", "verify_method", "verify_due", "imported_on", "defunct_on", "alert",
            "eligibility_description", "application_process", "wait_time", "fees_description", "interpretation_services",
            "minimum_age", "maximum_age", "last_modified", "merged_into", "overlap")),
        TEXTS.c.language.label("other_language"), TEXTS.c.name.label("other_name"), TEXTS.c.description.label("other_description"),
        TEXTS.c.texts.label("other_texts"), FACTS.c.facts, _ORGANIZATION.c.name.label("organisation"),
        _FEED.c.title.label("source"), _FEED.c.licence, _FEED.c.source_url, _FEED.c.note.label("source_note"),
    )
    .join(FACTS, FACTS.c.id == _SERVICE.c.id).join(_FEED, _FEED.c.id == _SERVICE.c.feed_id)
    .outerjoin(_ORGANIZATION, _ORGANIZATION.c.id == _SERVICE.c.organization_id)
    .outerjoin(TEXTS, sa.and_(TEXTS.c.service_id == _SERVICE.c.id, TEXTS.c.language == sa.bindparam("reads")))
    .where(_SERVICE.c.ref == sa.bindparam("ref"))
)  # fmt: skip
_TOWNS = (
    sa.select(AREAS.c.name, AREAS.c.names, AREAS.c.lat, AREAS.c.lon)
    .where(AREAS.c.lat.between(sa.bindparam("south"), sa.bindparam("north")),
           AREAS.c.lon.between(sa.bindparam("west"), sa.bindparam("east")), AREAS.c.kind != "country")
    .limit(MOST_TOWNS)
)  # fmt: skip
_ABOVE = AREAS.alias("above")
_ABOVE2 = AREAS.alias("above2")
_AREA = (
    sa.select(
        AREAS, _ABOVE.c.id.label("up_id"), _ABOVE.c.name.label("up_name"), _ABOVE.c.names.label("up_names"),
        _ABOVE2.c.id.label("top_id"), _ABOVE2.c.name.label("top_name"), _ABOVE2.c.names.label("top_names"),
    )
    .outerjoin(_ABOVE, _ABOVE.c.id == AREAS.c.parent_id).outerjoin(_ABOVE2, _ABOVE2.c.id == _ABOVE.c.parent_id)
    .where(AREAS.c.id == sa.bindparam("area"))
)  # fmt: skip
_COUNTRIES = sa.select(AREAS).where(AREAS.c.kind == "country").order_by(AREAS.c.name_key).limit(MOST_PLACES)
_INSIDE = sa.select(AREAS).where(AREAS.c.parent_id == sa.bindparam("area")).order_by(AREAS.c.name_key).limit(MOST_PLACES)
_NAMED = (
    sa.select(AREAS).where(AREAS.c.name_key >= sa.bindparam("start"), AREAS.c.name_key < sa.bindparam("end"))
    .order_by(AREAS.c.name_key).limit(MOST_NAMED)
)  # fmt: skip
_IN_LANGUAGES = sa.select(AREAS).where(sa.cast(AREAS.c.names, sa.Text) != "{}").order_by(AREAS.c.name_key)


@dataclass(frozen=True, slots=True)
class ServiceRows:
    """A service with its facts, source and translation (``other_…``), and the towns around its first place."""

    service: Any
    towns: list[Any]


def service(connection: sa.Connection, ref: str, reads: str, remembered: Towns | None = None) -> ServiceRows | None:
    """Return everything a service page shows to somebody who reads a language (two statements at most), or None."""
    row: Any = connection.execute(_PAGE, {"ref": ref, "reads": reads}).first()
    if row is None:
        return None
    if told := row.facts.get("instead"):  # it stands for several
        row = SimpleNamespace(**{**row._mapping, **joining.as_dates(told)})
        if row.other_language is None and (words := row.facts["other_words"].get(reads)):
            row.other_language = reads
            row.other_name, row.other_description, row.other_texts = (words[n] for n in ("name", "description", "texts"))
    point = next(((p["lat"], p["lon"]) for p in row.facts.get("places", ()) if p["lat"] is not None), None)
    return ServiceRows(row, towns_around(connection, point, remembered) if point else [])


def ref_of_standing(connection: sa.Connection, service_id: UUID) -> str:
    """Return the address of the listing that stands for this one."""
    stands = standing_for(connection, service_id)
    return str(connection.execute(sa.select(_SERVICE.c.ref).where(_SERVICE.c.id == stands)).scalar_one())


def towns_around(connection: sa.Connection, point: tuple[float, float], remembered: Towns | None = None) -> list[Any]:
    """Return areas with a centre near a point, for sketch maps; ``remembered`` knows those of a piece of the map for an hour."""
    lat, lon = (round(degrees * _PIECES) / _PIECES for degrees in point)
    if remembered is None:
        return _towns(connection, lat, lon)
    return remembered.get((lat, lon, f"{now():%d %H}"), lambda: _towns(connection, lat, lon))


def _towns(connection: sa.Connection, lat: float, lon: float) -> list[Any]:
    box = {"south": lat - _NEAR_DEGREES, "north": lat + _NEAR_DEGREES, "west": lon - _NEAR_DEGREES, "east": lon + _NEAR_DEGREES}
    return list(connection.execute(_TOWNS, box))


def area(connection: sa.Connection, area_id: UUID) -> Any:
    """Return an area with the names of what it lies in, or None."""
    return connection.execute(_AREA, {"area": area_id}).first()


def places(connection: sa.Connection, inside: UUID | None, text: str = "") -> list[Any]:
    """Return countries, or what lies in an area, or areas whose name in any language begins with ``text``; by name."""
    start = fold(text)[:60]
    if start:
        return _named(connection, start)
    return list(connection.execute(_INSIDE, {"area": inside})) if inside else list(connection.execute(_COUNTRIES))


def _named(connection: sa.Connection, start: str) -> list[Any]:
    found = {row.id: row for row in connection.execute(_NAMED, {"start": start, "end": start + "\U0010ffff"})}
    for row in connection.execute(_IN_LANGUAGES):
        if len(found) < MOST_NAMED and any(fold(str(name)).startswith(start) for name in row.names.values()):
            found.setdefault(row.id, row)
    return sorted(found.values(), key=lambda row: str(row.name_key))


def listings_at_work(
    connection: sa.Connection, view: str, today: date, until: date, limit: int, after: tuple[date, UUID] | None = None
) -> list[Any]:  # fmt: skip
    """Return listings that are due until a day, the longest due first, with the last call; those to be tried later not yet.

    ``view`` "suggested": instead those for which members suggested something. One more than ``limit`` says that there are more.
    ``after``: only what stands behind this day and id, however far that is.
    """
    of_it = sa.select(CALL.c.id).where(CALL.c.service_id == _SERVICE.c.id).order_by(CALL.c.id.desc()).limit(1)
    last = of_it.correlate(_SERVICE).scalar_subquery()
    query = (
        sa.select(*(_SERVICE.c[n] for n in ("id", "ref", "name", "verified_on", "verify_due", "imported_on")),
                  _ORGANIZATION.c.name.label("organisation"), FACTS.c.facts, CALL.c["on"].label("called_on"), CALL.c.outcome)
        .join(FACTS, FACTS.c.id == _SERVICE.c.id).outerjoin(CALL, CALL.c.id == last)
        .outerjoin(_ORGANIZATION, _ORGANIZATION.c.id == _SERVICE.c.organization_id)
        .where(_SERVICE.c.defunct_on.is_(None), _SERVICE.c.merged_into.is_(None))
        .order_by(_SERVICE.c.verify_due, _SERVICE.c.id).limit(limit + 1)
    )  # fmt: skip
    if after is not None:
        day, key = after
        query = query.where(sa.or_(_SERVICE.c.verify_due > day, sa.and_(_SERVICE.c.verify_due == day, _SERVICE.c.id > key)))
    if view == "suggested":
        rests = SUGGESTION.c.rest_until > today
        waits = sa.and_(
            SUGGESTION.c.service_id == _SERVICE.c.id, SUGGESTION.c.state == SuggestionState.WAITING,
            sa.or_(SUGGESTION.c.rest_until.is_(None), sa.not_(rests)),
        )  # fmt: skip
        return list(connection.execute(query.where(sa.exists().where(waits))))
    rests = sa.or_(CALL.c.again_on.is_(None), CALL.c.again_on <= today)
    due = (_SERVICE.c.verify_due <= until, joining.not_fresher(until + days(1)), rests)
    return list(connection.execute(query.where(*due)))


def history(connection: sa.Connection, service_id: UUID) -> list[Any]:
    """Return what people put right in a listing, the latest first."""
    query = sa.select(METADATA).where(METADATA.c.resource_id == service_id, METADATA.c.resource_type == "service")
    return list(connection.execute(query.order_by(METADATA.c.last_action_date.desc(), METADATA.c.id.desc()).limit(MOST_HISTORY)))
