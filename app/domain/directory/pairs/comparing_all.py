"""The whole directory compared in one go: after an import of very many listings. Read first, then written in small parts."""

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import Database
from app.domain.directory.duplicates.finding import Directory, ordered
from app.domain.directory.pairs.finding import changed, digests_of, forget, forget_ended, keep
from app.domain.directory.pairs.listings import digest_of, listings
from app.domain.directory.rows import TABLES
from app.domain.directory.standing import PAIR
from app.domain.directory.wire.put import begin
from app.models.directory import ServiceFacts

_FACTS: sa.Table = ServiceFacts.__table__  # type: ignore[attr-defined]
_SERVICE = TABLES["service"]
BATCH = 400
T = TypeVar("T")


def compare_all(database: Database) -> int:
    """Compare every listing with every other; return how many there are. About 0.6 GB of memory for 100,000."""
    directory, digests = Directory(), dict[UUID, str]()
    with database.reading() as db:
        for ids in _all_ids(db):
            for service_id, listing in listings(db.connection(), ids).items():
                directory.add(listing)
                digests[service_id] = digest_of(listing)
    matches = ordered(directory.pairs())
    del directory
    for some in _parts(sorted(digests)):
        with database.transaction() as db:
            begin(db)
            changed(db, listings(db.connection(), some))
    for found in _parts(matches):
        with database.transaction() as db:
            begin(db)
            firsts, prints = [UUID(m.id1) for m in found], {key: digests[key] for m in found for key in (UUID(m.id1), UUID(m.id2))}
            keep(db, found, db.execute(sa.select(PAIR).where(PAIR.c.first_id.in_(firsts))).all(), prints)
    _forget_others(database, {(UUID(m.id1), UUID(m.id2)) for m in matches}, digests)
    return _note_compared(database, digests)


def _parts(several: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(several), BATCH):
        yield several[start : start + BATCH]


def _all_ids(db: Session) -> Iterator[list[UUID]]:
    last = UUID(int=0)
    while ids := list(
        db.execute(sa.select(_SERVICE.c.id).where(_SERVICE.c.id > last).order_by(_SERVICE.c.id).limit(BATCH)).scalars()
    ):
        yield ids
        last = ids[-1]


def _forget_others(database: Database, met: set[tuple[UUID, UUID]], digests: dict[UUID, str]) -> None:
    """Forget pairs of listings that were compared and are none now."""
    with database.transaction() as db:
        rows = db.execute(sa.select(PAIR.c.id, PAIR.c.first_id, PAIR.c.second_id, PAIR.c.said)).all()
        over = [
            row for row in rows
            if (row.first_id, row.second_id) not in met and row.first_id in digests and row.second_id in digests
        ]  # fmt: skip
        for some in _parts(over):
            forget(db, some)


def _note_compared(database: Database, digests: dict[UUID, str]) -> int:
    """Note what was compared; what moved meanwhile is compared again."""
    with database.reading() as db:
        everything = list(_all_ids(db))
    for ids in everything:
        with database.transaction() as db:
            now = digests_of(db, ids)
            there = {key: digest_of(listing) for key, listing in listings(db.connection(), ids).items()}
            forget_ended(db, [key for key in ids if key not in there])
            same = [key for key in ids if key not in there or there[key] == digests.get(key) == now.get(key)]
            db.execute(sa.update(_FACTS).where(_FACTS.c.id.in_(same)).values(compared=True))
    return len(digests)
