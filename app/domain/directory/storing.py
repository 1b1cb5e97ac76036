"""Batches of imported objects into the tables: new, changed and unchanged told apart, nothing of a person written over."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.ids import new_id, new_ref
from app.core.text import clean
from app.domain.directory.for_whom import stated
from app.domain.directory.freshness import next_due, soon_due
from app.domain.directory.needs import all_needs
from app.domain.directory.offering import offer
from app.domain.directory.places import AREAS, AreaBook
from app.domain.directory.protecting import is_protected, is_short_term
from app.domain.directory.reading.fields import FIELDS, child_of
from app.domain.directory.reading.shapes import KINDS, Item
from app.domain.directory.report import Report
from app.domain.directory.rows import PART_TABLES, TABLES, Ids, Record, Rows, content_hash, take_apart
from app.domain.directory.wire.publish import OTHERS, wait
from app.models.directory import ListingDecision, ServiceFacts, ServiceText

DECISION: sa.Table = ListingDecision.__table__  # type: ignore[attr-defined]
FACTS: sa.Table = ServiceFacts.__table__  # type: ignore[attr-defined]
TEXTS: sa.Table = ServiceText.__table__  # type: ignore[attr-defined]
SERVICE, LOCATION, LINK = TABLES["service"], TABLES["location"], TABLES["service_at_location"]
TERM, ATTRIBUTE = TABLES["taxonomy_term"], PART_TABLES["attribute"]
_TEXT_FIELDS = frozenset({"name", "description"})
ENDED = ("defunct", "inactive")  # states of HSDS in which nobody finds it
_LOOKED_AT = (
    "corrected", "confirmed", "verify_due", "text_version", "name", "description", "defunct_on", "protected", "protected_by_copy",
)  # fmt: skip


class Store:
    """Writes the batches of one import; ``language`` and ``country`` are what the source says of itself."""

    def __init__(
        self, feed_id: UUID, ids: Ids, book: AreaBook, report: Report, language: str, country: str, own_word: bool = False
    ) -> None:  # fmt: skip
        self._feed_id, self._ids, self._book, self._report = feed_id, ids, book, report
        self._language, self._country = language, country
        self._own_word = own_word  # whoever offers it says so itself: what others confirmed may change
        self._needs = {need.id for need in all_needs()}
        self._decided: dict[UUID, Any] = {}  # about services of this batch that were here before and were removed

    def put(self, db: Session, items: list[Item]) -> None:
        """Store one batch, each kind after what it points to."""
        by_kind: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            by_kind[item.kind].append(item)
        for kind in KINDS:
            if by_kind[kind]:
                self._put_kind(db, kind, by_kind[kind])

    def _put_kind(self, db: Session, kind: str, items: list[Item]) -> None:
        known = self._known(db, kind, items)
        self._decided = _decisions(db, {self._ids.of(kind, i.foreign_id) for i in items} - set(known)) if kind == "service" else {}
        fresh: list[Rows] = []
        moved: list[tuple[Rows, frozenset[str]]] = []
        texts: list[Record] = []
        for item in items:
            own_id, hashed = self._ids.of(kind, item.foreign_id), content_hash(item.data)
            before = known.get(own_id)
            if before is not None and (self._ids.same or before["content_hash"] == hashed):
                self._report.count(kind, "unchanged")
                continue
            self._report.count(kind, "new" if before is None else "changed")
            fixed = self._fixed(item, before)
            rows = self._rows(kind, item, hashed, before)
            if before and "status" in fixed and "status" not in before["corrected"]:  # a list says that what a person saw has ended
                rows.main |= {"verify_due": soon_due(before["verify_due"], now().date()), "content_hash": ""}
            if before is None:
                fresh.append(rows)
            else:
                moved.append((rows, fixed))
            if kind == "service":
                texts += _texts(rows.main, item.data)
        self._insert_areas(db)
        _change(db, kind, moved)
        if fresh:
            db.execute(sa.insert(TABLES[kind]), [r.main for r in fresh])
            _insert_parts(db, (r.parts for r in fresh))
        if kind == "service":
            offer(db, moved)
            _store_texts(db, [r.main["id"] for r, _f in moved], texts)
        _mark_stale(db, kind, [r.main["id"] for r in fresh], [r.main["id"] for r, _f in moved])

    def _known(self, db: Session, kind: str, items: list[Item]) -> dict[UUID, Record]:
        table = TABLES[kind]
        columns = [table.c.id, table.c.content_hash]
        if kind == "service":
            columns += [table.c[name] for name in _LOOKED_AT]
        wanted = [self._ids.of(kind, item.foreign_id) for item in items]
        rows = db.execute(sa.select(*columns).where(table.c.id.in_(wanted)))
        return {row.id: dict(row._mapping) for row in rows}

    def _fixed(self, item: Item, before: Record | None) -> frozenset[str]:
        """Return the fields that stay: what a person put right (the report says so), and what one confirmed while that counts."""
        known = before or {}
        fixed = frozenset(known.get("corrected") or ())
        if fixed:
            self._report.count(item.kind, "kept")
            self._report.kept.append(f"{item.kind} {item.foreign_id}: {', '.join(sorted(fixed))}")
        counts = not self._own_word and known.get("confirmed") and known["verify_due"] >= now().date()
        if not counts:
            return fixed
        ended = item.kind == "service" and item.data["status"] in ENDED and not known["defunct_on"]
        return fixed | frozenset(known["confirmed"]) | ({"status"} if ended else set())

    def _rows(self, kind: str, item: Item, hashed: str, before: Record | None) -> Rows:
        rows = take_apart(kind, item.data, self._ids)
        rows.main |= {"feed_id": self._feed_id, "foreign_id": item.foreign_id, "content_hash": hashed}
        columns = TABLES[kind].c
        if "translations" in columns:
            rows.main["translations"] = item.data.get("translations", {})
        if "last_modified" in columns and before is None:
            rows.main["last_modified"] = 0  # moves when it is published
        if kind == "location":
            rows.main["area_id"] = self._area(item.data)
        if kind == "service":
            rows.main |= self._ours(item.data, rows, before)
        return rows

    def _ours(self, data: Record, rows: Rows, before: Record | None) -> Record:
        labels = [a["label"] for a in rows.parts["attribute"] if a.get("label")]
        today = now().date()
        needs = [n for n in dict.fromkeys(data.get("needs", ())) if n in self._needs]
        also = [*labels, data.get("alternate_name") or "", *_translated_names(data)]
        short_term, protected = is_short_term(data["name"], also), is_protected(data["name"], also)
        same: Record = {
            "language": data.get("language") or self._language, "needs": needs, "short_term": short_term,
            "open_to": stated(data.get("open_to")),
        }  # fmt: skip
        if before is None or data.get("overlap"):  # it is an answer of one day: what says nothing of it takes nothing back
            same["overlap"] = data.get("overlap") or {}
        if before is not None:
            texts_moved = any(before[n] != data.get(n) for n in _TEXT_FIELDS)
            ended_on = (before["defunct_on"] or today) if data["status"] == "defunct" else None
            return {
                **same, "defunct_on": ended_on, "protected": protected or before["protected"],
                **({"told": {}} if protected else {}),
                "protected_by_copy": before["protected_by_copy"] and not protected,
                "text_version": before["text_version"] + texts_moved,
            }  # fmt: skip
        decided = self._decided.get(rows.main["id"])
        protected, ended = protected or bool(decided and decided.protected), bool(decided and decided.ended)
        return {
            **same, **({"status": "defunct"} if ended else {}), "protected": protected, "protected_by_copy": False,
            "text_version": 1,
            "ref": new_ref(), "imported_on": today,
            "verified_on": None, "verified_by_role": None, "verify_method": None, "verify_due": next_due(today, short_term),
            "defunct_on": today if ended or data["status"] == "defunct" else None, "corrected": ["status"] if ended else [],
        }  # fmt: skip

    def _area(self, data: Record) -> UUID | None:
        addresses = data.get("addresses") or [{}]
        address = next((a for a in addresses if a.get("address_type") == "physical"), addresses[0])
        point = (data["latitude"], data["longitude"]) if "latitude" in data else None
        country = address.get("country") or self._country
        return self._book.place(country, address.get("state_province", ""), address.get("city", ""), point)

    def _insert_areas(self, db: Session) -> None:
        for row in self._book.take_new():  # one by one: a region stands on the country before it
            db.execute(sa.insert(AREAS), row)

    def insert_areas(self, db: Session) -> None:
        """Store the areas that were made outside a batch."""
        self._insert_areas(db)


def _decisions(db: Session, ids: set[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in db.execute(sa.select(DECISION).where(DECISION.c.id.in_(ids)))}


def _translated_names(data: Record) -> list[str]:
    return [str(fields["name"]) for fields in (data.get("translations") or {}).values() if fields.get("name")]


def _texts(main: Record, data: Record) -> list[Record]:
    made = []
    for language, fields in (data.get("translations") or {}).items():
        texts = {k: clean(str(v)) for k, v in fields.items() if v}
        made.append({
            "id": new_id(), "service_id": main["id"], "language": language[:12], "name": texts.pop("name", "")[:500] or None,
            "description": texts.pop("description", None), "texts": texts, "source_version": main["text_version"], "machine": False,
        })  # fmt: skip
    return made


def _store_texts(db: Session, moved: list[UUID], texts: list[Record]) -> None:
    if moved:
        db.execute(sa.delete(TEXTS).where(TEXTS.c.service_id.in_(moved)))
    if texts:
        db.execute(sa.insert(TEXTS), texts)


def _change(db: Session, kind: str, moved: list[tuple[Rows, frozenset[str]]]) -> None:
    """Write over what the source says, but for the fields that a person put right."""
    table = TABLES[kind]
    for rows, fixed in moved:
        values = {k: v for k, v in rows.main.items() if k not in ("id", *fixed)}
        if "status" in fixed:
            values.pop("defunct_on", None)
        db.execute(sa.update(table).where(table.c.id == rows.main["id"]).values(**values))
    children = {child[0]: name for name, type_ in FIELDS[kind].items() if (child := child_of(type_))}
    free = {part: {r.main["id"] for r, fixed in moved if not _stays(children.get(part), fixed)} for part in PART_TABLES}
    for part, part_table in reversed(PART_TABLES.items()):
        if free[part]:
            db.execute(sa.delete(part_table).where(part_table.c.owner_id.in_(free[part])))
    for part, part_table in PART_TABLES.items():
        found = [row for r, _fixed in moved if r.main["id"] in free[part] for row in r.parts.get(part, ())]
        if found:
            db.execute(sa.insert(part_table), found)


def _stays(name: str | None, fixed: frozenset[str]) -> bool:
    # Phones hang on contacts and languages on phones: they stay or go together.
    return name in fixed or (name in ("contacts", "languages") and "phones" in fixed)


def _insert_parts(db: Session, several: Iterable[dict[str, list[Record]]]) -> None:
    found: dict[str, list[Record]] = defaultdict(list)
    for parts in several:
        for part, rows in parts.items():
            found[part] += rows
    for part, part_table in PART_TABLES.items():
        if found[part]:
            db.execute(sa.insert(part_table), found[part])


def _mark_stale(db: Session, kind: str, fresh: list[UUID], moved: list[UUID]) -> None:
    """Mark what shows something that moved; new services get their facts later, in one go."""
    if kind in OTHERS:
        wait(db, kind, [*fresh, *moved])
    if kind == "service_at_location" and (fresh or moved):
        _stale(db, FACTS.c.id.in_(sa.select(LINK.c.service_id).where(LINK.c.id.in_([*fresh, *moved]))))
    elif moved:
        _mark_around(db, kind, moved)


def _mark_around(db: Session, kind: str, moved: list[UUID]) -> None:
    if kind == "service":
        _stale(db, FACTS.c.id.in_(moved))
    elif kind in ("organization", "program"):
        _stale(db, FACTS.c.id.in_(sa.select(SERVICE.c.id).where(SERVICE.c[f"{kind}_id"].in_(moved))))
    elif kind == "location":
        _stale(db, FACTS.c.id.in_(sa.select(LINK.c.service_id).where(LINK.c.location_id.in_(moved))))
    elif kind == "taxonomy":
        wait(db, "taxonomy_term", db.execute(sa.select(TERM.c.id).where(TERM.c.taxonomy_id.in_(moved))).scalars())
    elif kind == "taxonomy_term":
        _mark_named(db, moved)


def _mark_named(db: Session, terms: list[UUID]) -> None:
    """Mark everything whose attributes name one of these categories."""
    named = sa.select(ATTRIBUTE.c.owner_id).where(ATTRIBUTE.c.taxonomy_term_id.in_(terms))
    linked = sa.select(LINK.c.service_id).where(sa.or_(LINK.c.id.in_(named), LINK.c.location_id.in_(named)))
    for which in (named, linked):
        _stale(db, FACTS.c.id.in_(which))
    for kind in ("organization", "program", "location"):
        table = TABLES[kind]
        wait(db, kind, db.execute(sa.select(table.c.id).where(table.c.id.in_(named))).scalars())


def _stale(db: Session, which: sa.ColumnElement[bool]) -> None:
    db.execute(sa.update(FACTS).where(which).values(stale=True))


def mark_feed(db: Session, feed_id: UUID) -> None:
    """Mark the services of a feed whose own name, licence or note has changed."""
    _stale(db, FACTS.c.id.in_(sa.select(SERVICE.c.id).where(SERVICE.c.feed_id == feed_id)))


def stale_or_missing(limit: int) -> Any:
    """Select services whose facts have to be put together."""
    return (
        sa.select(SERVICE.c.id).outerjoin(FACTS, FACTS.c.id == SERVICE.c.id)
        .where(sa.or_(FACTS.c.id.is_(None), FACTS.c.stale)).order_by(SERVICE.c.id).limit(limit)
    )  # fmt: skip
