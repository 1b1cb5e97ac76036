"""Short keyed marks of people who were counted: they tell later how many are others, and lead to nobody without the key.

The key is the network's own, drawn once and kept sealed: with one that operators change, all marks would be others on that day, and
everything would be told anew.
"""

import secrets
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core import crypto
from app.core.db import Database
from app.domain.reporting import rules
from app.models.accounts import Member, MemberStatus
from app.models.reporting import GroupLine, MarkKey, StepSet

AT_ONCE: Final = 50  # sets that one transaction opens; each holds up to 1,000 marks
MARK: Final = 12  # letters; 48 bits, so that two people hardly ever share one

Marks = set[str]


def is_alike(people: set[Any], others: set[Any]) -> bool:
    """Say whether so few make the difference between two sets that what is said of both would be said of these few."""
    return abs(len(people) - len(others)) < rules.MOVED and len(people ^ others) < rules.MOVED


def erased(db: Session) -> set[UUID]:
    """Return who was erased; of them an id is left."""
    return set(db.execute(sa.select(col(Member.id)).where(col(Member.status) == MemberStatus.GONE)).scalars())


def make_ready(db: Session) -> None:
    """Draw the key, once."""
    if _key(db) is None:
        db.add(MarkKey(key=secrets.token_hex(32)))
        db.flush()


def _key(db: Session) -> str | None:
    return db.execute(sa.select(col(MarkKey.key)).order_by(col(MarkKey.id)).limit(1)).scalar()


def by_person(db: Session, people: set[UUID]) -> dict[UUID, str]:
    """Return the mark of each; after ``make_ready``."""
    key = _key(db)
    if key is None:
        raise RuntimeError("marks are made after make_ready")
    return {one: crypto.keyed_hash(key.encode(), "numbers/marks", str(one))[:MARK] for one in people}


def marked(db: Session, people: Iterable[str], gone: set[UUID]) -> str:
    """Return the marks of people who were counted, as they are kept.

    Whoever was erased meanwhile (``gone``) was counted, and never comes back: chance stands in their place.
    """
    ids = {UUID(one) for one in people}
    return _text({*by_person(db, ids - gone).values(), *(_chance() for _one in ids & gone)})


def purge(db: Session, member_id: UUID) -> None:
    """Note that the marks of somebody who is erased go; ``replace`` does it for all of them at once, outside this transaction."""
    row = db.execute(sa.select(MarkKey).order_by(col(MarkKey.id)).limit(1).with_for_update()).scalar()
    if row is None:
        return
    row.leaving = _text({*(row.leaving or "").split(), *by_person(db, {member_id}).values()})
    db.flush()


def replace(database: Database) -> int:
    """Put chance in place of the marks of whoever was erased; return how many marks went.

    How many moved stays true, and nothing leads to them. Every set is opened once for all of them, a few in each transaction.
    """
    with database.reading() as db:
        leaving = set((db.execute(sa.select(col(MarkKey.leaving)).limit(1)).scalar() or "").split())
        ids = {table: db.execute(sa.select(col(table.id))).scalars().all() for table in (GroupLine, StepSet)} if leaving else {}
    for table, all_of in ids.items():
        for first in range(0, len(all_of), AT_ONCE):
            with database.transaction() as db:
                some = sa.select(table).where(col(table.id).in_(all_of[first : first + AT_ONCE]))
                for row in db.execute(some.order_by(col(table.id)).with_for_update()).scalars():
                    kept = set(row.marks.split())
                    row.marks = _text(kept - leaving | {_chance() for _one in kept & leaving}) if kept & leaving else row.marks
    if leaving:
        with database.transaction() as db:
            key = db.execute(sa.select(MarkKey).order_by(col(MarkKey.id)).limit(1).with_for_update()).scalar_one()
            key.leaving = _text(set((key.leaving or "").split()) - leaving) or None
    return len(leaving)


def _chance() -> str:
    return secrets.token_hex(MARK // 2)


def _text(marks: Marks) -> str:
    return " ".join(sorted(marks))
