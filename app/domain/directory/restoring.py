"""Our own export coming back: ids as they were, and beside the HSDS files what HSDS has no field for."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import Database
from app.core.ids import new_id, new_ref
from app.domain.directory.exporting import OWN_COLUMNS, OWN_FILE
from app.domain.directory.places import AREAS
from app.domain.directory.rows import TABLES, Record
from app.domain.directory.standing import PAIR, VERDICT
from app.domain.directory.storing import TEXTS
from app.models.directory import Feed
from app.models.listing_pairs import PairVerdict

BATCH = 400
_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_SAME = ("foreign_id", "content_hash", "translations", "last_modified", "protected")
_EMPTY: dict[str, Any] = {"overlap": {}, "confirmed": [], "told": {}}  # exports from before had none
_DAYS = ("imported_on", "verified_on", "verify_due", "defunct_on")


def is_export(path: Path) -> bool:
    """Say whether this folder was written by ``export_hsds``."""
    own = path / OWN_FILE
    if not path.is_dir() or not own.is_file():
        return False
    with own.open(encoding="utf-8", errors="replace") as file:
        return file.readline().startswith('{"hearth_export": 1}')


def restore_own(database: Database, path: Path, feed_id: UUID) -> None:
    """Give the rows that this import just brought their own columns and feeds back.

    Only rows of ``feed_id`` are touched: a listing that was here before stays as it is.
    """
    known: dict[str, UUID] = {}  # feeds and areas: their id in the export and here
    lines = _lines(path / OWN_FILE)
    while batch := list(islice(lines, BATCH)):
        with database.transaction() as db:
            for line in batch:
                for kind, content in line.items():
                    _restore(db, kind, content, known, feed_id)


def drop_if_empty(db: Session, feed_id: UUID) -> None:
    """Remove the feed that only carried the export, once nothing hangs on it."""
    if any(db.execute(sa.select(t.c.id).where(t.c.feed_id == feed_id).limit(1)).first() for t in TABLES.values()):
        return
    db.execute(sa.delete(_FEED).where(_FEED.c.id == feed_id))


def _restore(db: Session, kind: str, content: Any, known: dict[str, UUID], carrier: UUID) -> None:
    if kind == "feed":
        known[content["id"]] = _feed(db, content)
    elif kind == "area":
        known[content["id"]] = _area(db, content, known)
    elif kind == "text":
        _text(db, content)
    elif kind == "pair":
        _pair(db, content)
    elif kind in TABLES and content.get("feed_id") in known:
        table = TABLES[kind]
        values = {k: content[k] for k in _SAME if k in content}
        if kind == "service":
            values |= {name: _value(name, content.get(name)) for name in OWN_COLUMNS}
        values["feed_id"] = known[content["feed_id"]]
        if kind == "location":
            values["area_id"] = known.get(content.get("area_id", ""))
        db.execute(sa.update(table).where(table.c.id == UUID(content["id"]), table.c.feed_id == carrier).values(**values))


def _feed(db: Session, content: Record) -> UUID:
    known = db.execute(sa.select(_FEED.c.id).where(_FEED.c.name == content["name"])).scalar()
    if known is not None:
        return UUID(str(known))
    row = {c.name: content.get(c.name) for c in _FEED.c}
    row["id"] = UUID(content["id"])
    row["last_import"] = datetime.fromisoformat(content["last_import"]) if content.get("last_import") else None
    db.execute(sa.insert(_FEED), {k: "" if v is None and k != "last_import" else v for k, v in row.items()})
    return UUID(content["id"])


def _area(db: Session, content: Record, known: dict[str, UUID]) -> UUID:
    same = sa.and_(AREAS.c.country == content["country"], AREAS.c.kind == content["kind"], AREAS.c.name_key == content["name_key"])
    here = db.execute(sa.select(AREAS.c.id).where(same)).scalar()
    if here is not None:
        return UUID(str(here))
    row = {c.name: content.get(c.name) for c in AREAS.c}
    made = UUID(content["id"])
    db.execute(sa.insert(AREAS), {**row, "id": made, "parent_id": known.get(content.get("parent_id", ""))})
    return made


def _text(db: Session, content: Record) -> None:
    service = UUID(content["service_id"])
    there = db.execute(sa.select(TABLES["service"].c.id).where(TABLES["service"].c.id == service)).first()
    same = sa.and_(TEXTS.c.service_id == service, TEXTS.c.language == content["language"])
    if there and not db.execute(sa.select(TEXTS.c.id).where(same)).first():
        row = {c.name: content.get(c.name) for c in TEXTS.c}
        db.execute(sa.insert(TEXTS), {**row, "id": UUID(content["id"]), "service_id": service})


def _pair(db: Session, content: Record) -> None:
    """Keep what was said of two listings where both are here and nobody said anything yet."""
    both = sorted(UUID(content[name]) for name in ("first_id", "second_id"))
    there = db.execute(
        sa.select(sa.func.count()).select_from(TABLES["service"]).where(TABLES["service"].c.id.in_(both))
    ).scalar_one()
    known = db.execute(sa.select(PAIR.c.said).where(PAIR.c.first_id == both[0], PAIR.c.second_id == both[1])).scalar()
    if there == len(both) and not known:
        db.execute(sa.delete(PAIR).where(PAIR.c.first_id == both[0], PAIR.c.second_id == both[1]))
        pair, said = {"id": new_id(), "ref": new_ref()}, {"id": new_id()}
        told = {name: date.fromisoformat(content[name]) for name in ("found_on", "said_on")}
        verdict = PairVerdict(content["verdict"])
        db.execute(sa.insert(PAIR), {
            **pair, "first_id": both[0], "second_id": both[1], "verdict": verdict, "said": 1, "found_on": told["found_on"],
            "score": content["score"], "band": content["band"], "reasons": content["reasons"], "prints": content["prints"],
        })  # fmt: skip
        ends = {name: UUID(content[name]) if content.get(name) else None for name in ("kept_id", "merged_id")}
        db.execute(sa.insert(VERDICT), {**said, "pair_id": pair["id"], "verdict": verdict, "said_on": told["said_on"], **ends})


def _value(name: str, value: Any) -> Any:
    if name == "protected_by_copy":
        return bool(value)
    if name in _EMPTY:
        return value or _EMPTY[name]
    return date.fromisoformat(value) if name in _DAYS and value else value


def _lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            found = json.loads(line)
            if isinstance(found, dict):
                yield found
