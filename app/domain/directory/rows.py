"""An HSDS object taken apart into rows of our tables, and rows put together into HSDS objects again."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.directory.reading.fields import FIELDS, child_of
from app.domain.directory.reading.shapes import stable_id
from app.models import directory, directory_parts

Record = dict[str, Any]
MODELS: dict[str, Any] = {
    "taxonomy": directory.Taxonomy, "taxonomy_term": directory.TaxonomyTerm, "organization": directory.Organization,
    "program": directory.Program, "location": directory.Location, "service": directory.Service,
    "service_at_location": directory.ServiceAtLocation,
}  # fmt: skip
TABLES: dict[str, sa.Table] = {kind: model.__table__ for kind, model in MODELS.items()}
PART_TABLES: dict[str, sa.Table] = {kind: model.__table__ for kind, model in directory_parts.PARTS.items()}
POINTERS = {
    "organization_id": "organization", "program_id": "program", "service_id": "service", "location_id": "location",
    "parent_organization_id": "organization", "taxonomy_id": "taxonomy", "parent_id": "taxonomy_term",
    "taxonomy_term_id": "taxonomy_term",
}  # fmt: skip
# Sub-objects without a table of their own: kept in their parent as they are.
_INSIDE = frozenset({"url", "organization_identifier", "service_capacity", "unit"})


def _plan(kind: str, table: sa.Table) -> dict[str, str]:
    """Return the fields that are kept: "" for a column of its own, else the kind of sub-object."""
    found: dict[str, str] = {}
    for name, type_ in FIELDS[kind].items():
        child = child_of(type_)
        if child is None and name in table.c and name != "last_modified":
            found[name] = ""
        elif child is not None and (child[0] not in _INSIDE or name in table.c):
            found[name] = child[0]
    return found


_ALL = {**TABLES, **PART_TABLES}
_PLAN = {kind: _plan(kind, table) for kind, table in _ALL.items()}
# Every row of a table has the same keys, so that one statement writes them all.
_EMPTY: dict[str, Record] = {
    kind: {name: None if child == "" else [] for name, child in _PLAN[kind].items() if child == "" or child in _INSIDE}
    for kind in TABLES
} | {kind: dict.fromkeys(c.name for c in table.c) for kind, table in PART_TABLES.items()}


def content_hash(data: Record) -> str:
    """Return what tells whether an object changed since the last import."""
    packed = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(packed.encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Ids:
    """Turns foreign ids into ours; ``same`` keeps ids that are UUIDs (our own export coming back)."""

    feed: str
    same: bool = False

    def of(self, kind: str, foreign_id: str) -> UUID:
        """Return our id of a foreign object."""
        if self.same:
            try:
                return UUID(foreign_id)
            except ValueError:
                pass
        return stable_id(self.feed, kind, foreign_id)

    def within(self, kind: str, parent: UUID, foreign_id: str) -> UUID:
        """Return our id of a sub-object: two parents may share one foreign sub-object, each gets its own."""
        return self.of(kind, foreign_id if self.same else f"{parent}/{foreign_id}")


@dataclass(slots=True)
class Rows:
    """The rows of one object: its own and, by table, those of its parts."""

    main: Record
    parts: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))


def take_apart(kind: str, data: Record, ids: Ids) -> Rows:
    """Return the rows of a clean HSDS object (see reading); our own columns are for the caller to add."""
    own_id = ids.of(kind, data["id"])
    rows = Rows({"id": own_id, **_EMPTY[kind]})
    for name, value in data.items():
        child = _PLAN[kind].get(name)
        if child == "":
            rows.main[name] = _pointed(name, value, ids)
        elif child in _INSIDE:
            rows.main[name] = [_inside(child, v, own_id, ids) for v in value]
        elif child:
            _parts(rows, child, value, kind, own_id, own_id, ids)
    return rows


def _parts(rows: Rows, kind: str, values: Any, parent: str, parent_id: UUID, owner: UUID, ids: Ids) -> None:
    seen: set[UUID] = {row["id"] for row in rows.parts[kind]}
    for n, value in enumerate(values):
        own_id = ids.within(kind, parent_id, value["id"])
        if own_id in seen:
            own_id = stable_id(str(parent_id), kind, f"{value['id']}#{n}")
        seen.add(own_id)
        row = {**_EMPTY[kind], "id": own_id, "owner_id": owner, "position": n}
        for name, inner in value.items():
            child = _PLAN[kind].get(name)
            if child == "":
                row[name] = _pointed(name, inner, ids)
            elif child:
                _parts(rows, child, inner, kind, own_id, owner, ids)
        row |= _link(kind, parent, parent_id)
        rows.parts[kind].append(row)


def _link(kind: str, parent: str, parent_id: UUID) -> Record:
    if kind == "attribute":
        return {"link_id": parent_id, "link_entity": parent}
    return {f"{parent}_id": parent_id}


def _pointed(name: str, value: Any, ids: Ids) -> Any:
    return ids.of(POINTERS[name], str(value)) if value is not None and name in POINTERS else value


def _inside(kind: str, value: Any, parent: UUID, ids: Ids) -> Record:
    """Return a sub-object that stays JSON, its ids made ours."""
    own_id = ids.within(kind, parent, str(value["id"]))
    made: Record = {"id": str(own_id)}
    for name, type_ in FIELDS[kind].items():
        child = child_of(type_)
        if name not in value:
            continue
        if child is None:
            found = _pointed(name, value[name], ids)
            made[name] = str(found) if isinstance(found, UUID) else found
        elif child[1]:
            made[name] = [_inside(child[0], v, own_id, ids) for v in value[name]]
        else:
            made[name] = _inside(child[0], value[name], own_id, ids)
    return made


# Of several sources of one listing, hours are told as one of them has them: mixed they would contradict each other.
_WHOLE = frozenset({"schedule"})
_FIELD_OF = {"phone": "phones", "schedule": "schedules", "cost_option": "cost_options"}  # by the kind of part


@dataclass(frozen=True, slots=True)
class Sources:
    """What a listing that stands for several is made of: ids, the first believed; which one alone tells a field (see joining)."""

    order: list[UUID]
    alone: dict[str, UUID]

    def of(self, kind: str) -> list[UUID]:
        """Return whose parts of a kind are told."""
        one = self.alone.get(_FIELD_OF.get(kind, ""))
        return [one] if one else self.order


class Parts:
    """The parts of several objects, loaded at once, put back into their places.

    ``joined``: services that stand for several (see joining) have the parts of all their sources, each once.
    """

    def __init__(
        self, connection: sa.Connection, owners: list[UUID], kinds: tuple[str, ...] = tuple(PART_TABLES),
        joined: Mapping[UUID, Sources] | None = None,
    ) -> None:  # fmt: skip
        self._of: dict[tuple[str, UUID], list[Record]] = defaultdict(list)
        for kind in kinds if owners else ():
            table = PART_TABLES[kind]
            query = sa.select(table).where(table.c.owner_id.in_(owners)).order_by(table.c.position, table.c.id)
            for row in connection.execute(query):
                record = dict(row._mapping)
                self._of[kind, _parent_of(kind, record)].append(record)
        made = {(kind, key): self._join(kind, key, sources) for key, sources in (joined or {}).items() for kind in kinds}
        self._of |= {key: parts for key, parts in made.items() if parts}

    def _join(self, kind: str, stands: UUID, sources: Sources) -> list[Record]:
        found: dict[Any, Record] = {}
        for source in sources.of(kind):
            for part in self.of(source, kind):
                found.setdefault(_content(kind, part), _handed_on(kind, part, stands))
            if found and kind in _WHOLE:
                break
        return list(found.values())

    def of(self, parent_id: UUID, kind: str) -> list[Record]:
        """Return the parts of one kind right below ``parent_id``, as rows."""
        return self._of.get((kind, parent_id), [])

    def categories(self) -> set[UUID]:
        """Return the categories that the attributes among these parts name."""
        named = (row["taxonomy_term_id"] for (kind, _parent), rows in self._of.items() if kind == "attribute" for row in rows)
        return {one for one in named if one is not None}

    def record(self, kind: str, row: Record, *, nested: bool = True) -> Record:
        """Return an HSDS object without nulls from its row and its parts."""
        made: Record = {"id": str(row["id"])}
        for name, type_ in FIELDS[kind].items():
            child = child_of(type_)
            if child is None:
                if (value := row.get(name)) is not None and name != "last_modified":
                    made[name] = _on_the_wire(name, type_, value)
            elif child[0] in _INSIDE:
                if row.get(name):
                    made[name] = row[name]
            elif nested and (parts := self.of(row["id"], child[0])):
                made[name] = [self._part(child[0], part, kind) for part in parts]
        return made

    def _part(self, kind: str, row: Record, parent: str) -> Record:
        made = self.record(kind, row)
        if kind == "attribute":
            return {**made, "link_id": str(row["link_id"]), "link_entity": parent}
        return {**made, f"{parent}_id": str(row[f"{parent}_id"])} if row.get(f"{parent}_id") else made


_NOT_CONTENT = frozenset({"id", "owner_id", "position", "service_id", "link_id", "link_entity"})


def _content(kind: str, part: Record) -> Any:
    """Return what tells whether two sources say the same."""
    if kind == "phone" and (number := "".join(c for c in part["number"] if c.isdecimal())):
        return number.lstrip("0"), part["extension"]
    return json.dumps({k: v for k, v in part.items() if k not in _NOT_CONTENT and v is not None}, sort_keys=True, default=str)


def _handed_on(kind: str, part: Record, stands: UUID) -> Record:
    return {**part, ("link_id" if kind == "attribute" else "service_id"): stands}


def _on_the_wire(name: str, type_: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if type_ == "number" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _parent_of(kind: str, row: Record) -> UUID:
    if kind == "attribute":
        return UUID(str(row["link_id"]))
    pointers = ("contact_id", "phone_id", "service_at_location_id", "location_id", "service_id", "organization_id")
    found = next((row[name] for name in pointers if row.get(name)), row["owner_id"])
    return UUID(str(found))
