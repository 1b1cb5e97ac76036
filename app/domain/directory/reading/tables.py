"""HSDS as tables (datapackages 2.0 and 3.x, CSV folders 1.1): joined through a temporary file, memory bounded."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from app.core.i18n import N_, _
from app.domain.directory.reading.decoding import Table
from app.domain.directory.reading.gate import NAMES, Gate
from app.domain.directory.reading.objects import id_of
from app.domain.directory.reading.renames import BEFORE_3, IGNORED, ONLY_1, TABLES, renamed
from app.domain.directory.reading.shapes import KINDS, Held, Item, Kind, Note, Place, Raw, Record, Unreadable

# object -> [(column with the parent's id, parent, field of the parent)]
PARENTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "phone": tuple((f"{p}_id", p, "phones") for p in ("contact", "service_at_location", "service", "location", "organization")),
    "contact": tuple((f"{p}_id", p, "contacts") for p in ("service_at_location", "service", "location", "organization")),
    "schedule": tuple((f"{p}_id", p, "schedules") for p in ("service_at_location", "service", "location")),
    "address": (("location_id", "location", "addresses"),),
    "accessibility": (("location_id", "location", "accessibility"),),
    "language": tuple((f"{p}_id", p, "languages") for p in ("phone", "service", "location")),
    "funding": (("service_id", "service", "funding"), ("organization_id", "organization", "funding")),
    "service_area": tuple((f"{p}_id", p, "service_areas") for p in ("service_at_location", "service")),
    "required_document": (("service_id", "service", "required_documents"),),
    "cost_option": (("service_id", "service", "cost_options"),),
    "eligibility": (("service_id", "service", "eligibility"),),
    "organization_identifier": (("organization_id", "organization", "organization_identifiers"),),
    "service_capacity": (("service_id", "service", "capacities"),),
    "url": (("service_id", "service", "additional_urls"), ("organization_id", "organization", "additional_websites")),
}  # fmt: skip
_LINKED = ("service", "organization", "location", "service_at_location", "program", "phone", "contact")

_SCHEMA = """
CREATE TABLE row (nr INTEGER PRIMARY KEY, kind TEXT, id TEXT, file TEXT, line INTEGER, cells TEXT);
CREATE TABLE child (parent TEXT, parent_id TEXT, field TEXT, nr INTEGER);
"""
_INDEXES = """
CREATE INDEX by_id ON row (kind, id);
CREATE INDEX by_parent ON child (parent_id, parent, nr);
CREATE INDEX by_row ON child (nr);
"""


class Join:
    """The rows of all tables in a temporary SQLite file, with every row's parents."""

    def __init__(self) -> None:
        self.db = sqlite3.connect("", check_same_thread=False)
        self.db.executescript(_SCHEMA)
        self._count = 0
        self._with_children: set[str] = set()

    def load(self, table: str, source: Table) -> Iterator[Held]:
        """Read a table in; rows that cannot be read come back as Held."""
        for row in source.rows():
            if isinstance(row, Held):
                yield row
                continue
            kind, cells = renamed(table, dict(row.cells))
            self._count += 1
            self.db.execute(
                "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)",
                (self._count, kind, id_of(cells.get("id")), source.path.name, row.line, json.dumps(cells)),
            )
            parents = list(_parents(table, kind, cells))
            if not parents and (kind in PARENTS or kind == "attribute"):
                yield Held(source.path.name, row.line, _("It does not say what it belongs to."), id_of(cells.get("id")))
            for parent, parent_id, field in parents:
                self._with_children.add(parent)
                self.db.execute("INSERT INTO child VALUES (?, ?, ?, ?)", (parent, parent_id, field, self._count))

    def loaded(self) -> None:
        """Build the indexes, once everything is in."""
        self.db.executescript(_INDEXES)

    def records(self, kind: Kind) -> Iterator[tuple[Record, Place]]:
        """Yield the complete objects of one kind, in the order of their table."""
        rows = self.db.execute("SELECT id, file, line, cells FROM row WHERE kind = ? ORDER BY nr", (kind,))
        for identity, file, line, cells in rows:
            place = Place(file, line, _("%(file)s, line %(line)s", file=file, line=line))
            yield self._object(kind, identity, json.loads(cells)), place

    def orphans(self) -> Iterator[Held]:
        """Yield the rows of sub-tables of which no parent is in the tables."""
        rows = self.db.execute(
            "SELECT r.file, r.line, r.id, c.parent, c.parent_id FROM child c JOIN row r ON r.nr = c.nr GROUP BY c.nr HAVING "
            "NOT max(EXISTS (SELECT 1 FROM row p WHERE p.kind = c.parent AND p.id = c.parent_id)) ORDER BY c.nr"
        )
        for file, line, identity, parent, parent_id in rows:
            reason = _(
                "It belongs to the %(kind)s %(id)s, which is not in this source or was held back.",
                kind=_(NAMES.get(parent, N_("record"))),
                id=parent_id,
            )
            yield Held(file, line, reason, identity)

    def has(self, kind: str, identity: str) -> bool:
        """Tell whether a row with this id is in."""
        return self.db.execute("SELECT 1 FROM row WHERE kind = ? AND id = ?", (kind, identity)).fetchone() is not None

    def first(self, kind: str, identity: str) -> Record | None:
        """Return the first row of this kind with this id."""
        row = self.db.execute("SELECT cells FROM row WHERE kind = ? AND id = ? LIMIT 1", (kind, identity)).fetchone()
        return json.loads(row[0]) if row else None

    def _object(self, kind: str, identity: str | None, cells: Record) -> Record:
        if kind == "attribute":
            return self._attribute(cells)
        if kind == "service_capacity" and (unit := id_of(cells.get("unit_id"))):
            cells["unit"] = self.first("unit", unit)
        if identity is None or kind not in self._with_children:
            return cells
        rows = self.db.execute(
            "SELECT c.field, r.kind, r.id, r.cells FROM child c JOIN row r ON r.nr = c.nr "
            "WHERE c.parent_id = ? AND c.parent = ? ORDER BY c.nr",
            (identity, kind),
        ).fetchall()
        for field, child, child_id, child_cells in rows:
            cells.setdefault(field, []).append(self._object(child, child_id, json.loads(child_cells)))
        return cells

    def _attribute(self, cells: Record) -> Record:
        term_id = id_of(cells.get("taxonomy_term_id"))
        term = self.first("taxonomy_term", term_id) if term_id else None
        if term and not cells.get("label"):
            cells["label"] = term.get("name")
        return cells


def _parents(table: str, kind: str, cells: Record) -> Iterator[tuple[str, str, str]]:
    """Yield (parent, its id, field of the parent) for a row of a sub-table."""
    for column, parent, field in PARENTS.get(kind, ()):
        if identity := id_of(cells.get(column)):
            yield parent, identity, field
    if kind == "attribute":
        entity = "service" if table == "service_taxonomy" else str(cells.get("link_entity", "")).strip().lower()
        identity = id_of(cells.get("link_id")) or id_of(cells.get("service_id"))
        if identity:
            yield TABLES.get(entity, "service") if entity in TABLES else "", identity, "attributes"


def tables_in(files: list[Path], descriptor: Path | None, notes: list[Note]) -> list[tuple[str, Path]]:
    """Return (table, file) for every known table, by the datapackage's list or by the names of the files."""
    named = _described(descriptor, notes) if descriptor else {p.stem.lower(): p for p in files if p.suffix.lower() == ".csv"}
    found = []
    for name, path in named.items():
        table = TABLES.get(name) or TABLES.get(path.stem.lower())
        if table is not None:
            found.append((table, path))
        elif name not in IGNORED:
            notes.append(Note(path.name, _("We do not know a table of this name, so it was left out.")))
    return found


def _described(descriptor: Path, notes: list[Note]) -> dict[str, Path]:
    try:
        content = json.loads(descriptor.read_text(encoding="utf-8-sig"))
        resources = [r for r in content["resources"] if isinstance(r, dict)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(_("The list of tables in %(file)s cannot be read.", file=descriptor.name)) from error
    return dict(_resource_files(resources, descriptor.parent, notes))


def _resource_files(resources: list[Record], folder: Path, notes: list[Note]) -> Iterator[tuple[str, Path]]:
    for resource in resources:
        path: Any = resource.get("path")
        path = path[0] if isinstance(path, list) and path else path
        if not isinstance(path, str) or "\0" in path or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            continue
        file = folder / path
        name = str(resource.get("name") or file.stem).lower()
        if file.is_file() and not file.is_symlink():
            yield name, file
        elif name not in IGNORED:
            notes.append(Note(descriptor_name(path), _("The list of tables names this file, but it is not there.")))


def descriptor_name(path: str) -> str:
    """Return the bare file name of a resource's path."""
    return PurePosixPath(path).name[:100]


def version_of(tables: list[tuple[str, Path]]) -> str:
    """Return "1.1", "2.0" or "3" by the tables that are there."""
    names = {table for table, _path in tables}
    if names & ONLY_1:
        return "1.1"
    return "2.0" if names & BEFORE_3 else "3"


def items(tables: list[tuple[str, Path]], notes: list[Note], gate: Gate) -> Iterator[Item | Held]:
    """Yield everything in a set of HSDS tables. Raises Unreadable."""
    join = Join()
    try:
        for table, path in tables:
            yield from join.load(table, Table(path, notes))
        join.loaded()
        _point_attributes(join)
        yield from join.orphans()
        for kind in KINDS:
            for record, place in join.records(kind):
                yield from gate.admit(Raw(kind, _finished(kind, record), place))
    finally:
        join.db.close()


def _point_attributes(join: Join) -> None:
    """Find out what attributes belong to whose row does not name the kind of thing: whatever has that id."""
    for kind in _LINKED:
        done = join.db.execute(
            "UPDATE child SET parent = ? WHERE parent = '' AND EXISTS "
            "(SELECT 1 FROM row p WHERE p.kind = ? AND p.id = child.parent_id)",
            (kind, kind),
        )
        if done.rowcount:
            join._with_children.add(kind)


def _finished(kind: Kind, record: Record) -> Record:
    """Add what older versions say in another way."""
    if kind == "service" and (rules := record.pop("eligibility", None)):
        texts = [str(r["eligibility"]) for r in rules if isinstance(r, dict) and r.get("eligibility")]
        record.setdefault("eligibility_description", "\n".join(texts))
    if kind == "location" and not record.get("location_type") and (type_ := _location_type(record)):
        record["location_type"] = type_
    return record


def _location_type(record: Record) -> str | None:
    """A place with a street address or a point on the map is physical; one with only a post address is postal."""
    types = {a.get("address_type") for a in record.get("addresses", ()) if isinstance(a, dict)}
    if "physical" in types or (record.get("latitude") and record.get("longitude")):
        return "physical"
    return "postal" if "postal" in types else None
