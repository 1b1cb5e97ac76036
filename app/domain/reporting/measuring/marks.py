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
from app.domain.reporting import rules
from app.models.accounts import Member, MemberStatus
from app.models.reporting import GroupLine, MarkKey, StepSet

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
    """Put chance in place of the marks of somebody who is erased: how many moved stays true, and nothing leads to them."""
    if _key(db) is None:
        return
    (mine,) = by_person(db, {member_id}).values()
    for table in (GroupLine, StepSet):
        for row in db.execute(sa.select(table)).scalars():
            if mine in (kept := set(row.marks.split())):
                row.marks = _text(kept - {mine} | {_chance()})
    db.flush()


def _chance() -> str:
    return secrets.token_hex(MARK // 2)


def _text(marks: Marks) -> str:
    return " ".join(sorted(marks))
