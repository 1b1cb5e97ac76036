"""The rules about protected places have changed: every stored listing is judged again, without a new import."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database
from app.domain import versions
from app.domain.audit import actions as audit
from app.domain.directory.compiling import KIND, compile_services
from app.domain.directory.freshness import next_due
from app.domain.directory.places import AreaBook
from app.domain.directory.protecting import VERSION, is_protected, is_short_term
from app.domain.directory.rows import PART_TABLES, TABLES
from app.domain.directory.storing import TEXTS
from app.domain.directory.wire.put import begin

SERVICE, ATTRIBUTE = TABLES["service"], PART_TABLES["attribute"]
BATCH = 400
_COLUMNS = tuple(
    SERVICE.c[n] for n in ("id", "name", "alternate_name", "protected", "protected_by_copy", "short_term", "verify_due")
)


def look_again(database: Database, version: int = VERSION) -> int:
    """Judge all listings by today's rules, unless that was done; return how many are protected now that were not before.

    What is protected already gets its public texts anew. Nothing is opened again: a person may have protected it. A crash
    leaves the old number, so that the next call begins anew.
    """
    with database.reading() as db:
        if versions.one(db.connection(), versions.PROTECTING) == version:
            return 0
    closed, last = 0, UUID(int=0)
    while True:
        with database.transaction() as db:
            begin(db)
            rows = list(db.execute(sa.select(*_COLUMNS).where(SERVICE.c.id > last).order_by(SERVICE.c.id).limit(BATCH)))
            if not rows:
                versions.keep(db, versions.PROTECTING, version)
                if closed:
                    audit.record(db, None, "protect_listings", KIND, count=closed)
                return closed
            closed += _judge(db, rows)
            last = rows[-1].id


def _judge(db: Session, rows: list[Any]) -> int:
    names = _other_names(db, [row.id for row in rows])
    for row in rows:
        names[row.id].append(row.alternate_name or "")
    closed = [row for row in rows if (not row.protected or row.protected_by_copy) and is_protected(row.name, names[row.id])]
    short = [row for row in rows if not row.short_term and is_short_term(row.name, names[row.id])]
    if closed:
        db.execute(
            sa.update(SERVICE).where(SERVICE.c.id.in_([row.id for row in closed])).values(protected=True, protected_by_copy=False)
        )
    soon = next_due(now().date(), short_term=True)
    for row in short:
        db.execute(sa.update(SERVICE).where(SERVICE.c.id == row.id).values(short_term=True, verify_due=min(row.verify_due, soon)))
    anew = sorted({row.id for row in (*closed, *short)} | {row.id for row in rows if row.protected})
    if anew:
        compile_services(db, anew, AreaBook.load(db.connection()))
        versions.bump(db, versions.DIRECTORY)
    return len(closed)


def _other_names(db: Session, ids: list[UUID]) -> dict[UUID, list[str]]:
    """Return the categories and the translated names of services."""
    found: dict[UUID, list[str]] = defaultdict(list)
    labels = sa.select(ATTRIBUTE.c.owner_id, ATTRIBUTE.c.label).where(ATTRIBUTE.c.owner_id.in_(ids), ATTRIBUTE.c.label.is_not(None))
    translated = sa.select(TEXTS.c.service_id, TEXTS.c.name).where(TEXTS.c.service_id.in_(ids), TEXTS.c.name.is_not(None))
    for query in (labels, translated):
        for owner, text in db.execute(query):
            found[owner].append(text)
    return found
