"""What never leaves the house: how to find a protected service, in any field of it or of what belongs to it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.directory.reading.fields import FIELDS, REQUIRED, child_of
from app.domain.directory.rows import TABLES, Record
from app.domain.directory.traces import without_traces

_SERVICE, _LINK, _LOCATION, _ORGANIZATION = (TABLES[k] for k in ("service", "service_at_location", "location", "organization"))
# Sub-objects that lead to a door; a service area may be no more than the town where it is.
_WAYS = frozenset({"contact", "phone", "schedule", "url", "organization_identifier", "service_area"})
_TYPES = frozenset({"url", "email"})
_NAMED = frozenset({"tax_id", "extent", "extent_type", "uri", "assurer_email"})  # a register or a map leads there as well

_OFFERS = sa.exists().where(_SERVICE.c.organization_id == _ORGANIZATION.c.id)
_CLOSED = sa.and_(
    sa.or_(_ORGANIZATION.c.protected, _OFFERS.where(_SERVICE.c.protected)), sa.not_(_OFFERS.where(sa.not_(_SERVICE.c.protected)))
)
_USED = sa.exists().where(_LINK.c.location_id == _LOCATION.c.id, _LINK.c.service_id == _SERVICE.c.id)
_HIDDEN = sa.and_(
    sa.or_(
        _LOCATION.c.protected, _USED.where(_SERVICE.c.protected),
        sa.exists().where(_ORGANIZATION.c.id == _LOCATION.c.organization_id, _CLOSED),
    ),
    sa.not_(_USED.where(sa.not_(_SERVICE.c.protected))),
)  # fmt: skip
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_CLOSED_ONES = sa.select(_ORGANIZATION.c.id).where(_ORGANIZATION.c.id.in_(_IDS), _CLOSED)
_HIDDEN_ONES = sa.select(_LOCATION.c.id).where(_LOCATION.c.id.in_(_IDS), _HIDDEN)
_PROTECTED_ONES = sa.select(_SERVICE.c.id).where(_SERVICE.c.id.in_(_IDS), _SERVICE.c.protected)


def closed_organizations(connection: sa.Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these organisations offer nothing but what is protected: how to reach them stays at home."""
    return _those(connection, _CLOSED_ONES, ids)


def hidden_locations(connection: sa.Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these places only something protected uses, or used; they are on no list and in no object."""
    return _those(connection, _HIDDEN_ONES, ids)


def protected_services(connection: sa.Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these services are protected."""
    return _those(connection, _PROTECTED_ONES, ids)


def _those(connection: sa.Connection, statement: sa.Select[tuple[UUID]], ids: Iterable[UUID]) -> set[UUID]:
    wanted = list(ids)
    return {row.id for row in connection.execute(statement, {"ids": wanted})} if wanted else set()


def remember(db: Session, ids: list[UUID]) -> None:
    """Mark the places and organisations of those services that are protected: they stay closed when the service has gone."""
    own = sa.and_(_SERVICE.c.protected, sa.not_(_SERVICE.c.protected_by_copy))  # what a copy closes opens when they are two again
    mine = sa.select(_SERVICE.c.id).where(_SERVICE.c.id.in_(ids), own)
    places = sa.select(_LINK.c.location_id).where(_LINK.c.service_id.in_(mine))
    owners = sa.select(_SERVICE.c.organization_id).where(_SERVICE.c.id.in_(mine), _SERVICE.c.organization_id.is_not(None))
    for table, which in ((_LOCATION, places), (_ORGANIZATION, owners)):
        db.execute(sa.update(table).where(table.c.id.in_(which), sa.not_(table.c.protected)).values(protected=True))


def shielded(kind: str, made: Record) -> Record:
    """Return a public object without numbers, addresses, hours, people, and sentences that lead to a door; the name stays."""
    kept = _without_ways(kind, made)
    return {name: made["name"] if name == "name" else value for name, value in kept.items()}


def _without_ways(kind: str, made: Record) -> Record:
    kept: Record = {}
    for name, value in made.items():
        type_ = FIELDS[kind].get(name, "")
        child = child_of(type_)
        if name in _NAMED or type_ in _TYPES or (child and child[0] in _WAYS):
            continue
        if child:
            inner = [_without_ways(child[0], one) for one in (value if child[1] else [value])]
            kept[name] = inner if child[1] else inner[0]
        elif type_ in ("text", "name"):
            told = without_traces(value)
            if told or name in REQUIRED.get(kind, ()):
                kept[name] = told
        else:
            kept[name] = value
    return kept
