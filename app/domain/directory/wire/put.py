"""Pieces into the tables of what is public: slots for good, moments that only rise, one publisher at a time.

An object keeps its slot for as long as it is there, and something new takes the lowest free one, so a reader who walks through
the pages meets everything that was there all the time, whatever comes and goes meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.core.clock import now
from app.domain.directory.rows import TABLES
from app.models.published import Published, PublishedList, PublishedText

PUBLISHED: sa.Table = Published.__table__  # type: ignore[attr-defined]
TEXTS: sa.Table = PublishedText.__table__  # type: ignore[attr-defined]
LISTS: sa.Table = PublishedList.__table__  # type: ignore[attr-defined]
LISTED = ("service", "organization", "service_at_location", "taxonomy", "taxonomy_term")
KINDS = (*LISTED, "location", "program")
_POINTERS = ("organization_id", "program_id", "service_id", "location_id")
_SHOWN = (*_POINTERS, "until", "language", "digest", "words", "fields", "parts")
_DATED = ("service", "organization")  # they carry last_modified themselves
_AT_ONCE = 500


@dataclass(slots=True)
class Piece:
    """One object as it is published; ``texts`` are its fields in other languages, ``modified`` 0 means now."""

    kind: str
    id: UUID
    fields: str
    parts: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    language: str = ""
    words: str = ""
    until: date | None = None
    modified: int = 0
    organization_id: UUID | None = None
    program_id: UUID | None = None
    service_id: UUID | None = None
    location_id: UUID | None = None
    digest: str = ""

    def seal(self, *nested: "Piece") -> None:
        """Set the digest, over everything that is shown of the object and of what is ``nested`` in it."""
        hashed = blake2b(digest_size=16)
        own = (self.fields, self.parts, sorted(self.texts.items()), self.until, *(getattr(self, name) for name in _POINTERS))
        hashed.update(repr(own).encode("utf-8", "replace"))
        for one in nested:
            hashed.update(one.digest.encode())
        self.digest = hashed.hexdigest()


@dataclass(slots=True)
class _Known:
    """A row that is there already."""

    id: UUID
    kind: str
    slot: int | None
    gone: bool
    digest: str
    organization_id: UUID | None


def begin(db: Session) -> None:
    """Let nobody else publish until this transaction ends; first of all, so that two writers never wait for each other."""
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"kind": kind, "top": 0, "size": 0, "modified": 0} for kind in LISTED]
    db.execute(insert_into(LISTS).values(rows).on_conflict_do_nothing())
    db.execute(sa.select(LISTS.c.kind).order_by(LISTS.c.kind).with_for_update())


def put(db: Session, pieces: list[Piece], gone: Iterable[UUID] = ()) -> set[UUID]:
    """Publish what moved among ``pieces`` and take ``gone`` back; what is the same stays as it is, its moment too.

    Returns the ids of what was there and is different now. The caller has begun.
    """
    known = _known(db, [p.id for p in pieces])
    fresh = [p for p in pieces if p.id not in known]
    moved = [p for p in pieces if p.id in known and (known[p.id].gone or known[p.id].digest != p.digest)]
    left = [row for row in _known(db, gone).values() if not row.gone]
    if not (fresh or moved or left):
        return set()
    lists, stamp = _lists(db), _stamp(db)
    _update(db, moved, known, lists, stamp)  # first: what comes back still has its slot
    _insert(db, fresh, lists, stamp)
    _take_back(db, left, lists)
    _write_texts(db, fresh, moved, left)
    organizations = {p.organization_id for p in (*fresh, *moved)} | {known[p.id].organization_id for p in moved}
    _touch(db, moved, {o for o in organizations | {row.organization_id for row in left} if o}, stamp)
    _date(db, fresh, moved, stamp)
    for kind, row in lists.items():
        db.execute(sa.update(LISTS).where(LISTS.c.kind == kind).values(top=row["top"], size=row["size"], modified=stamp))
    return {p.id for p in moved}


def _known(db: Session, ids: Iterable[UUID]) -> dict[UUID, _Known]:
    columns = [PUBLISHED.c[n] for n in ("id", "kind", "slot", "gone", "digest", "organization_id")]
    found: dict[UUID, _Known] = {}
    stream = iter(ids)
    while some := list(islice(stream, _AT_ONCE)):
        found |= {row.id: _Known(*row) for row in db.execute(sa.select(*columns).where(PUBLISHED.c.id.in_(some)))}
    return found


def _lists(db: Session) -> dict[str, dict[str, int]]:
    return {row.kind: {"top": row.top, "size": row.size} for row in db.execute(sa.select(LISTS))}


def _stamp(db: Session) -> int:
    """Return the moment of this change: now, and later than every one before, so that whoever asks "since" misses nothing."""
    last = db.execute(sa.select(sa.func.max(LISTS.c.modified))).scalar() or 0
    return max(int(now().timestamp() * 1000), last + 1)


def _insert(db: Session, fresh: list[Piece], lists: dict[str, dict[str, int]], stamp: int) -> None:
    by_kind: dict[str, list[Piece]] = defaultdict(list)
    for piece in fresh:
        by_kind[piece.kind].append(piece)
    rows: list[dict[str, Any]] = []
    for kind, several in by_kind.items():
        slots = _slots(db, kind, len(several), lists[kind]) if kind in LISTED else [None] * len(several)
        for piece, slot in zip(several, slots, strict=True):
            shown = {name: getattr(piece, name) for name in _SHOWN}
            rows.append({"id": piece.id, "kind": kind, "slot": slot, "gone": False, "modified": piece.modified or stamp, **shown})
    if rows:
        db.execute(sa.insert(PUBLISHED), rows)


def _slots(db: Session, kind: str, many: int, counted: dict[str, int]) -> list[int]:
    """Return free slots, the lowest first; rows of what went there give them up."""
    free = sa.select(PUBLISHED.c.id, PUBLISHED.c.slot).where(PUBLISHED.c.kind == kind, PUBLISHED.c.gone)
    found = list(db.execute(free.order_by(PUBLISHED.c.slot).limit(many)))
    for n in range(0, len(found), _AT_ONCE):
        db.execute(sa.delete(PUBLISHED).where(PUBLISHED.c.id.in_([row.id for row in found[n : n + _AT_ONCE]])))
    slots = [row.slot for row in found]
    highest = max([counted["top"], *slots])  # where more are needed than are free, nothing is beyond the highest one
    slots += range(highest + 1, highest + 1 + many - len(found))
    counted["top"] = max([counted["top"], *slots])
    counted["size"] += many
    return slots


def _update(db: Session, moved: list[Piece], known: dict[UUID, _Known], lists: dict[str, dict[str, int]], stamp: int) -> None:
    if not moved:
        return
    values = [{"key": p.id, **{f"new_{name}": getattr(p, name) for name in _SHOWN}} for p in moved]
    changed = {name: sa.bindparam(f"new_{name}") for name in _SHOWN} | {"gone": sa.false(), "modified": stamp}
    db.connection().execute(sa.update(PUBLISHED).where(PUBLISHED.c.id == sa.bindparam("key")).values(changed), values)
    for row in (known[p.id] for p in moved):
        if row.gone and row.slot is not None:
            lists[row.kind]["size"] += 1
            lists[row.kind]["top"] = max(lists[row.kind]["top"], row.slot)


def _take_back(db: Session, left: list[_Known], lists: dict[str, dict[str, int]]) -> None:
    empty = {"gone": True, "digest": "", "words": "", "fields": "", "parts": "", "until": None, **dict.fromkeys(_POINTERS)}
    listed, others = ([row for row in left if (row.kind in LISTED) is wanted] for wanted in (True, False))
    for n in range(0, len(listed), _AT_ONCE):
        db.execute(sa.update(PUBLISHED).where(PUBLISHED.c.id.in_([r.id for r in listed[n : n + _AT_ONCE]])).values(empty))
    for n in range(0, len(others), _AT_ONCE):
        db.execute(sa.delete(PUBLISHED).where(PUBLISHED.c.id.in_([r.id for r in others[n : n + _AT_ONCE]])))
    for row in listed:
        lists[row.kind]["size"] -= 1
    for kind in {row.kind for row in listed}:
        there = sa.select(sa.func.max(PUBLISHED.c.slot)).where(PUBLISHED.c.kind == kind, sa.not_(PUBLISHED.c.gone))
        lists[kind]["top"] = db.execute(there).scalar() or 0


def _write_texts(db: Session, fresh: list[Piece], moved: list[Piece], left: list[_Known]) -> None:
    old = [*(p.id for p in moved), *(row.id for row in left)]
    for n in range(0, len(old), _AT_ONCE):
        db.execute(sa.delete(TEXTS).where(TEXTS.c.id.in_(old[n : n + _AT_ONCE])))
    rows = [{"id": p.id, "language": k, "fields": v} for p in (*fresh, *moved) for k, v in p.texts.items()]
    if rows:
        db.execute(sa.insert(TEXTS), rows)


def _touch(db: Session, moved: list[Piece], organizations: set[UUID], stamp: int) -> None:
    """Date what the changed objects are nested in: the places of a service, the organisation of anything."""
    services = [p.id for p in moved if p.kind == "service"]
    links = sa.and_(PUBLISHED.c.kind == "service_at_location", PUBLISHED.c.service_id.in_(services))
    owners = sa.and_(PUBLISHED.c.kind == "organization", PUBLISHED.c.id.in_(organizations))
    for wanted, which in ((services, links), (organizations, owners)):
        if wanted:
            db.execute(sa.update(PUBLISHED).where(which, sa.not_(PUBLISHED.c.gone)).values(modified=stamp))


def _date(db: Session, fresh: list[Piece], moved: list[Piece], stamp: int) -> None:
    """Write the moment into the tables that carry it."""
    for kind in _DATED:
        table = TABLES[kind]
        ids = [p.id for p in moved if p.kind == kind] + [p.id for p in fresh if p.kind == kind and not p.modified]
        for n in range(0, len(ids), _AT_ONCE):
            db.execute(sa.update(table).where(table.c.id.in_(ids[n : n + _AT_ONCE])).values(last_modified=stamp))
