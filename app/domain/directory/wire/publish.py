"""Publish what moved: services with everything around them, the other objects by their kind, and take back what went."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.domain.directory import joining
from app.domain.directory.freshness import KEPT_DEFUNCT_DAYS
from app.domain.directory.rows import TABLES, Record, Sources
from app.domain.directory.wire import shield
from app.domain.directory.wire.pieces import Pieces, rows_of
from app.domain.directory.wire.put import PUBLISHED, Piece, begin, put
from app.models.directory import ServiceFacts, ServiceText
from app.models.published import ToPublish

_TEXT: sa.Table = ServiceText.__table__  # type: ignore[attr-defined]
_FACTS: sa.Table = ServiceFacts.__table__  # type: ignore[attr-defined]
_WAITING: sa.Table = ToPublish.__table__  # type: ignore[attr-defined]
_SERVICE, _LINK, _LOCATION = (TABLES[k] for k in ("service", "service_at_location", "location"))
# What is published by its kind, in this order: what stands in another object comes before it.
OTHERS = ("taxonomy", "taxonomy_term", "organization", "program", "location")


@dataclass(frozen=True, slots=True)
class _Around:
    """Services with what they point to, and what they pointed to when they were published last."""

    services: list[Record]
    links: list[Record]
    places: list[Record]
    owners: list[Record]
    programs: list[Record]
    links_before: dict[UUID, UUID]  # link -> place
    sources: dict[UUID, Sources]  # of services that stand for several
    merged: set[UUID]  # services that another one stands for: they are published in it


def publish_services(db: Session, ids: list[UUID]) -> None:
    """Publish these services, where they are and who offers them; what has gone or is hidden now is taken back.

    ``ids`` are whole groups of what people merged (``standing.regroup``).
    """
    begin(db)
    shield.remember(db, ids)
    around = _load(db, ids)
    connection = db.connection()
    closed = shield.closed_organizations(connection, [o["id"] for o in around.owners])
    hidden = shield.hidden_locations(connection, [p["id"] for p in around.places])
    protected = {s["id"] for s in around.services if s["protected"]}
    closed_too = {p["id"] for p in around.programs if p["organization_id"] in closed}
    owned = (around.services, around.links, around.places, around.owners, around.programs)
    owners = {row["id"] for rows in owned for row in rows} | around.merged
    make = Pieces(db, owners, closed | protected | closed_too, around.sources)
    near = _others(make, "organization", around.owners) | _others(make, "program", around.programs)
    near |= _others(make, "location", [p for p in around.places if p["id"] not in hidden])
    pieces = _services(db, make, around, [k for k in around.links if k["service_id"] not in protected], near)
    moved = put(db, [*near.values(), *pieces], (around.links_before.keys() - {p.id for p in pieces}) | hidden | around.merged)
    _done(db, near)
    _mark_stale(db, moved & near.keys(), ids)
    _publish_loose(db, [o["id"] for o in around.owners], closed)


def _load(db: Session, ids: list[UUID]) -> _Around:
    grouped = joining.groups(db.connection(), rows_of(db, "service", _SERVICE.c.id.in_(ids)))
    services = grouped.rows
    links = rows_of(db, "service_at_location", _LINK.c.service_id.in_(ids))
    before = _before(db, ids)
    links_before = {row.id: row.location_id for row in before if row.kind == "service_at_location"}
    places = rows_of(db, "location", _LOCATION.c.id.in_({k["location_id"] for k in links} | set(links_before.values())))
    links = _joined_links(db.connection(), links, grouped, {place["id"]: place for place in places})
    owners = {s["organization_id"] for s in services} | {row.organization_id for row in before}
    programs = rows_of(db, "program", TABLES["program"].c.id.in_({s["program_id"] for s in services} - {None}))
    owners |= {p["organization_id"] for p in programs}
    organization = TABLES["organization"]
    return _Around(
        services, links, places, rows_of(db, "organization", organization.c.id.in_(owners - {None})), programs, links_before,
        grouped.sources, {row["id"] for row in grouped.merged},
    )  # fmt: skip


def _joined_links(
    connection: sa.Connection, links: list[Record], grouped: joining.Groups, places: dict[UUID, Record]
) -> list[Record]:  # fmt: skip
    """Return the links of whatever stands for itself, and those of a group as links of the one that stands for it."""
    merged = {row["id"] for row in grouped.merged}
    streets = joining.streets(connection, places) if grouped.sources else {}
    found = [link for link in links if link["service_id"] not in merged and link["service_id"] not in grouped.sources]
    for stands, sources in grouped.sources.items():
        placed = [
            {**link, **{name: places[link["location_id"]][name] for name in ("latitude", "longitude", "area_id")},
             "street": streets.get(link["location_id"])}
            for link in links if link["service_id"] in sources.order
        ]  # fmt: skip
        found += [{**link, "service_id": stands} for link in joining.without_repeated(placed, sources.order)]
    return found


def _before(db: Session, services: list[UUID]) -> list[Any]:
    """Return what is published of these services and of their links, and what that points to."""
    columns = (PUBLISHED.c[name] for name in ("id", "kind", "location_id", "organization_id"))
    of_them = sa.or_(PUBLISHED.c.id.in_(services), PUBLISHED.c.service_id.in_(services))
    return list(db.execute(sa.select(*columns).where(of_them)))


def _services(db: Session, make: Pieces, around: _Around, links: list[Record], near: dict[UUID, Piece]) -> list[Piece]:
    """Return the pieces of services and of their links, sealed with what stands in them."""
    texts: dict[UUID, dict[str, Record]] = defaultdict(dict)
    for row in db.execute(sa.select(_TEXT).where(_TEXT.c.service_id.in_([s["id"] for s in around.services]))):
        texts[row.service_id][row.language] = {**row.texts, "name": row.name, "description": row.description}
    last = {s["id"]: s["defunct_on"] + timedelta(days=KEPT_DEFUNCT_DAYS) if s["defunct_on"] else None for s in around.services}
    at: dict[UUID, list[Piece]] = defaultdict(list)
    for link in links:
        pointers = {name: link[name] for name in ("service_id", "location_id")}
        piece = make.of("service_at_location", link, until=last[link["service_id"]], **pointers)
        piece.seal(near[link["location_id"]])
        at[link["service_id"]].append(piece)
    found: list[Piece] = []
    for service in around.services:
        pointers = {name: service[name] for name in ("organization_id", "program_id")}
        shown = {"modified": service["last_modified"], "until": last[service["id"]]}
        piece = make.of("service", service, texts.get(service["id"]), **shown, **pointers)
        piece.seal(*(near[key] for key in pointers.values() if key in near), *at[service["id"]])
        found += [piece, *at[service["id"]]]
    return found


def _others(make: Pieces, kind: str, rows: list[Record]) -> dict[UUID, Piece]:
    """Return the sealed pieces of objects that are neither services nor links, by id."""
    found = {}
    for row in rows:
        modified = row["last_modified"] if kind == "organization" else 0
        pointer = row["organization_id"] if kind in ("location", "program") else None
        found[row["id"]] = piece = make.of(kind, row, modified=modified, organization_id=pointer)
        piece.seal()
    return found


def publish(db: Session, kind: str, ids: list[UUID]) -> None:
    """Publish objects of one of OTHERS; what is hidden, or not there any more, is taken back."""
    begin(db)
    rows = rows_of(db, kind, TABLES[kind].c.id.in_(ids))
    hidden = shield.hidden_locations(db.connection(), ids) if kind == "location" else set()
    owners = [o for row in rows if (o := row["id"] if kind == "organization" else row.get("organization_id"))]
    closed = shield.closed_organizations(db.connection(), owners) if kind in ("organization", "program") else set()
    closed |= {row["id"] for row in rows if row.get("organization_id") in closed}
    shown = [row for row in rows if row["id"] not in hidden]
    pieces = _others(Pieces(db, [row["id"] for row in shown], closed), kind, shown)
    if kind == "taxonomy_term":
        _add_details(db, shown, pieces)
    moved = put(db, list(pieces.values()), set(ids) - pieces.keys())
    _done(db, ids)
    _mark_stale(db, moved, [])


def _add_details(db: Session, terms: list[Record], pieces: dict[UUID, Piece]) -> None:
    """Let each category carry the taxonomy it is of."""
    found = rows_of(db, "taxonomy", TABLES["taxonomy"].c.id.in_({t["taxonomy_id"] for t in terms} - {None}))
    made = {piece.id: piece for piece in _others(Pieces(db, [], set()), "taxonomy", found).values()}
    for term in terms:
        if (taxonomy := made.get(term["taxonomy_id"])) is not None:
            pieces[term["id"]].parts = f'"taxonomy_detail":{{{taxonomy.fields}}}'
            pieces[term["id"]].seal()


def publish_waiting(db: Session, limit: int) -> int:
    """Publish up to ``limit`` objects of one kind that wait; return how many (0: nothing waits)."""
    begin(db)
    for kind in OTHERS:
        waiting = sa.select(_WAITING.c.id).where(_WAITING.c.kind == kind).order_by(_WAITING.c.id)
        ids = list(db.execute(waiting.limit(limit)).scalars())
        if ids:
            publish(db, kind, ids)
            return len(ids)
    return 0


def publish_everything(db: Session) -> None:
    """Note that everything waits; what is the same in the end keeps its moment."""
    db.execute(sa.update(_FACTS).values(stale=True))
    for kind in OTHERS:
        wait(db, kind, db.execute(sa.select(TABLES[kind].c.id)).scalars())


def wait(db: Session, kind: str, ids: Iterable[UUID]) -> None:
    """Note that objects of one of OTHERS moved; they are published with everything else, also after a crash."""
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"id": one, "kind": kind} for one in ids]
    if rows:
        db.execute(insert_into(_WAITING).on_conflict_do_nothing(), rows)


def take_back(db: Session, services: list[UUID]) -> None:
    """Take services off every list, with their links; ask again what may be shown of their places and organisations."""
    begin(db)
    before = _before(db, services)
    put(db, [], [row.id for row in before])
    for kind, ids in (("location", {row.location_id for row in before}), ("organization", {row.organization_id for row in before})):
        publish(db, kind, sorted(ids - {None}))


def _done(db: Session, ids: Iterable[UUID]) -> None:
    db.execute(sa.delete(_WAITING).where(_WAITING.c.id.in_(list(ids))))


def _mark_stale(db: Session, moved: set[UUID], but: list[UUID]) -> None:
    """Let the services be published again that hold one of these: what stands in them has changed."""
    if not moved:
        return
    linked = sa.select(_LINK.c.service_id).where(_LINK.c.location_id.in_(moved))
    owned = sa.select(_SERVICE.c.id).where(sa.or_(_SERVICE.c.organization_id.in_(moved), _SERVICE.c.program_id.in_(moved)))
    for which in (linked, owned):
        db.execute(sa.update(_FACTS).where(_FACTS.c.id.in_(which), _FACTS.c.id.not_in(but)).values(stale=True))


def _publish_loose(db: Session, owners: list[UUID], closed: set[UUID]) -> None:
    """Show or hide the places where nothing is offered, once their organisation has opened or closed."""
    loose = sa.and_(_LOCATION.c.organization_id.in_(owners), sa.not_(sa.exists().where(_LINK.c.location_id == _LOCATION.c.id)))
    shown = sa.exists().where(PUBLISHED.c.id == _LOCATION.c.id)
    wrong = sa.case((_LOCATION.c.organization_id.in_(closed), shown), else_=sa.and_(sa.not_(shown), sa.not_(_LOCATION.c.protected)))
    ids = list(db.execute(sa.select(_LOCATION.c.id).where(loose, wrong)).scalars())
    if ids:
        publish(db, "location", ids)
