"""The directory as HSDS 3.1 JSON files: one list per kind, without nulls, readable by anybody and by our own importer."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import sqlalchemy as sa

from app.core.db import Database
from app.domain.directory.places import AreaBook
from app.domain.directory.rows import MODELS, TABLES, Parts, Record
from app.domain.directory.storing import TEXTS
from app.models.directory import Feed
from app.models.directory_parts import Metadata

BATCH = 500
FILES = {
    "taxonomy": "taxonomies.json", "taxonomy_term": "taxonomy_terms.json", "organization": "organizations.json",
    "program": "programs.json", "location": "locations.json", "service": "services.json",
    "service_at_location": "service_at_locations.json",
}  # fmt: skip
OWN_FILE = "hearth-own.txt"  # a name that readers of HSDS pass over; one JSON object per line
OWN_COLUMNS = (
    "ref", "language", "needs", "open_to", "protected", "short_term", "imported_on", "verified_on", "verified_by_role",
    "verify_method", "verify_due", "defunct_on", "corrected", "text_version",
)  # fmt: skip
_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_METADATA: sa.Table = Metadata.__table__  # type: ignore[attr-defined]
# What a protected place never gives away: these parts are left out, and its links to places with them.
_CLOSED = ("contacts", "phones", "schedules", "email", "url", "additional_urls", "website", "additional_websites", "uri")


def export_hsds(database: Database, folder: Path) -> dict[str, int]:
    """Write the files into ``folder`` (made if missing) and return how many objects of each kind are in them.

    Protected places are not in the files: services at them come without place, number and hours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with database.reading() as db, (folder / OWN_FILE).open("w", encoding="utf-8") as own:
        connection = db.connection()
        _line(own, {"hearth_export": 1})
        for row in connection.execute(sa.select(_FEED).order_by(_FEED.c.name)):
            _line(own, {"feed": _plain(dict(row._mapping))})
        for area in AreaBook.load(connection).rows():
            _line(own, {"area": _plain(area)})
        hidden = _Hidden(connection)
        for kind, name in FILES.items():
            with (folder / name).open("w", encoding="utf-8") as file:
                counts[kind] = _write_list(file, _objects(connection, kind, hidden, own))
        for row in connection.execute(sa.select(TEXTS).order_by(TEXTS.c.service_id, TEXTS.c.language)):
            _line(own, {"text": _plain(dict(row._mapping))})
    return counts


class _Hidden:
    """Services without a place on the wire, the places that only they use, and the organisations that offer nothing else."""

    def __init__(self, connection: sa.Connection) -> None:
        service, link, location = TABLES["service"], TABLES["service_at_location"], TABLES["location"]
        offers = connection.execute(sa.select(service.c.id, service.c.organization_id, service.c.protected)).all()
        self.services = {o.id for o in offers if o.protected}
        self.organizations = {o.organization_id for o in offers if o.protected} - {
            o.organization_id for o in offers if not o.protected
        }
        pairs = connection.execute(sa.select(link.c.location_id, link.c.service_id)).all()
        open_places = {p.location_id for p in pairs if p.service_id not in self.services}
        theirs = connection.execute(sa.select(location.c.id).where(location.c.organization_id.in_(self.organizations))).scalars()
        self.locations = {p.location_id for p in pairs} | set(theirs)
        self.locations -= open_places

    def has(self, kind: str, row: Record) -> bool:
        """Say whether this object stays at home."""
        return (kind == "location" and row["id"] in self.locations) or (
            kind == "service_at_location" and row["service_id"] in self.services
        )


def _objects(connection: sa.Connection, kind: str, hidden: _Hidden, own: TextIO) -> Iterator[Record]:
    table, last = TABLES[kind], None
    while True:
        query = sa.select(table).order_by(table.c.id).limit(BATCH)
        rows = [dict(r._mapping) for r in connection.execute(query.where(table.c.id > last) if last else query)]
        if not rows:
            return
        last = rows[-1]["id"]
        ids = [row["id"] for row in rows]
        parts, changes = Parts(connection, ids), _changes(connection, ids) if kind == "service" else {}
        for row in rows:
            if hidden.has(kind, row):
                continue
            _line(own, {kind: _own(kind, row)})
            made = parts.record(kind, row)
            closed = row["id"] in hidden.services or row["id"] in hidden.organizations
            if closed:
                made = {k: v for k, v in made.items() if k not in _CLOSED}
            if kind == "service":
                made["last_modified"] = datetime.fromtimestamp(row["last_modified"] / 1000, UTC).isoformat(timespec="milliseconds")
                # What was put right quotes numbers and hours.
                made |= {"metadata": changes[row["id"]]} if row["id"] in changes and not closed else {}
            yield made


def _changes(connection: sa.Connection, ids: list[UUID]) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = {}
    for row in connection.execute(sa.select(_METADATA).where(_METADATA.c.resource_id.in_(ids)).order_by(_METADATA.c.id)):
        found.setdefault(row.resource_id, []).append(_plain(dict(row._mapping)))
    return found


def _own(kind: str, row: Record) -> Record:
    names = ["id", "feed_id", "foreign_id", "content_hash"]
    names += [n for n in ("translations", "last_modified", "area_id") if n in MODELS[kind].__table__.c]
    names += OWN_COLUMNS if kind == "service" else ()
    return _plain({name: row[name] for name in names})


def _plain(row: Record) -> Record:
    return {k: _text(v) for k, v in row.items() if v is not None}


def _text(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    iso: Callable[[], str] | None = getattr(value, "isoformat", None)
    return iso() if iso else value


def _write_list(file: TextIO, objects: Iterator[Record]) -> int:
    count = 0
    file.write("[")
    for count, one in enumerate(objects, 1):
        file.write(("\n" if count == 1 else ",\n") + json.dumps(one, ensure_ascii=False))
    file.write("\n]\n")
    return count


def _line(file: TextIO, content: Record) -> None:
    file.write(json.dumps(content, ensure_ascii=False) + "\n")
