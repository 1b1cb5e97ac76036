"""The directory as HSDS 3.1 JSON files: one list per kind, without nulls, readable by anybody and by our own importer."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import sqlalchemy as sa

from app.core.db import Database
from app.domain.directory import standing
from app.domain.directory.places import AreaBook
from app.domain.directory.rows import MODELS, TABLES, Parts, Record
from app.domain.directory.storing import SERVICE, TEXTS
from app.domain.directory.traces import without_traces
from app.domain.directory.wire import shield
from app.domain.directory.wire.objects import moment, public
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
    "verify_method", "verify_due", "defunct_on", "corrected", "text_version", "protected_by_copy", "overlap", "confirmed", "told",
)  # fmt: skip
_REACHES = ("phone.number", "email", "url")
_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_METADATA: sa.Table = Metadata.__table__  # type: ignore[attr-defined]


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
        for kind, name in FILES.items():
            with (folder / name).open("w", encoding="utf-8") as file:
                counts[kind] = _write_list(file, _objects(connection, kind, own))
        texts = sa.select(TEXTS, SERVICE.c.protected).join(SERVICE, SERVICE.c.id == TEXTS.c.service_id)
        for row in connection.execute(texts.order_by(TEXTS.c.service_id, TEXTS.c.language)):
            _line(own, {"text": _plain(_text_of(dict(row._mapping)))})
        for word in standing.words(connection):
            _line(own, {"pair": _plain(word)})
    return counts


def _objects(connection: sa.Connection, kind: str, own: TextIO) -> Iterator[Record]:
    table, last = TABLES[kind], None
    while True:
        query = sa.select(table).order_by(table.c.id).limit(BATCH)
        rows = [dict(r._mapping) for r in connection.execute(query.where(table.c.id > last) if last else query)]
        if not rows:
            return
        last = rows[-1]["id"]
        shown, closed = _shown(connection, kind, rows)
        ids = [row["id"] for row in shown]
        parts, changes = Parts(connection, ids), _changes(connection, ids) if kind == "service" else {}
        for row in shown:
            _line(own, {kind: _own(kind, row, row["id"] in closed)})
            made = public(kind, row, parts, closed=row["id"] in closed)
            if kind == "service":
                made |= {"last_modified": moment(row["last_modified"])} if row["last_modified"] else {}
                # What was put right quotes numbers and hours.
                made |= {"metadata": changes[row["id"]]} if row["id"] in changes and row["id"] not in closed else {}
            yield made


def _shown(connection: sa.Connection, kind: str, rows: list[Record]) -> tuple[list[Record], set[UUID]]:
    """Return the rows that leave the house, and the ids of those that show no way to them."""
    hidden: set[UUID] = set()
    if kind == "location":
        hidden = shield.hidden_locations(connection, [row["id"] for row in rows])
    elif kind == "service_at_location":
        protected = shield.protected_services(connection, {row["service_id"] for row in rows})
        hidden = {row["id"] for row in rows if row["service_id"] in protected}
    closed = {row["id"] for row in rows if kind == "service" and row["protected"]}
    if kind in ("organization", "program"):
        name = "id" if kind == "organization" else "organization_id"
        owners = shield.closed_organizations(connection, {row[name] for row in rows} - {None})
        closed = {row["id"] for row in rows if row[name] in owners}
    return [row for row in rows if row["id"] not in hidden], closed


def _changes(connection: sa.Connection, ids: list[UUID]) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = {}
    for row in connection.execute(sa.select(_METADATA).where(_METADATA.c.resource_id.in_(ids)).order_by(_METADATA.c.id)):
        told = _plain(dict(row._mapping))
        if row.field_name in _REACHES:  # somebody may have asked to have it removed
            told["previous_value"] = ""
        found.setdefault(row.resource_id, []).append(told)
    return found


def _own(kind: str, row: Record, closed: bool) -> Record:
    names = ["id", "feed_id", "foreign_id", "content_hash"]
    names += [n for n in ("translations", "last_modified", "area_id", "protected") if n in MODELS[kind].__table__.c]
    names += OWN_COLUMNS if kind == "service" else ()
    made = {name: row[name] for name in names}
    if closed and kind == "service":
        made["told"] = {}
    if closed and "overlap" in made:  # in whatever words somebody wrote there, they may lead to the door
        made["overlap"] = {name: value for name, value in row["overlap"].items() if name != "different"}
    if closed and "translations" in made:
        made["translations"] = {language: _without_ways(texts) for language, texts in row["translations"].items()}
    return _plain(made)


def _without_ways(texts: Record) -> Record:
    return {name: text if name == "name" else without_traces(str(text or "")) for name, text in texts.items()}


def _text_of(row: Record) -> Record:
    """Return a text in another language; of a protected place without the sentences that lead to a door."""
    if row.pop("protected"):
        row |= _without_ways({"description": row["description"]}) | {"texts": _without_ways(row["texts"])}
    return row


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
