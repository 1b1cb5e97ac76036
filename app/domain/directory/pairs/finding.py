"""Every listing that comes or moves is compared with those beside it, at once; very many are compared all together."""

from collections.abc import Iterable, Sequence
from struct import pack, unpack
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database
from app.core.ids import new_id, new_ref
from app.domain.directory.duplicates.blocking import MOST, lasting_keys
from app.domain.directory.duplicates.facts import facts_of
from app.domain.directory.duplicates.finding import Directory, ordered
from app.domain.directory.duplicates.listing import Listing
from app.domain.directory.duplicates.scoring import Match
from app.domain.directory.pairs.listings import digest_of, listings
from app.domain.directory.rows import TABLES
from app.domain.directory.standing import PAIR, VERDICT
from app.domain.directory.wire.put import begin
from app.models.directory import ServiceFacts
from app.models.listing_pairs import ListingKey, ListingPrint, PairVerdict

PRINT: sa.Table = ListingPrint.__table__  # type: ignore[attr-defined]
KEY: sa.Table = ListingKey.__table__  # type: ignore[attr-defined]
_FACTS: sa.Table = ServiceFacts.__table__  # type: ignore[attr-defined]
_SERVICE = TABLES["service"]
BATCH: Final = 50
LOOKED_AT: Final = 400  # whether they moved at all
MANY: Final = 1_000  # that moved: from here on comparing everything costs less than one after another
# A person looked, and what they saw is not what stands there now.
_ASKED_AGAIN: Final = (PairVerdict.DIFFERENT, PairVerdict.UNSURE)
_WAITING = sa.select(_FACTS.c.id).where(sa.not_(_FACTS.c.compared))
_BESIDE = (
    sa.select(PRINT.c.id).distinct().join(KEY, KEY.c.number == PRINT.c.number)
    .where(
        KEY.c.key.in_(
            sa.select(KEY.c.key).where(KEY.c.key.in_(sa.bindparam("keys", expanding=True)))
            .group_by(KEY.c.key).having(sa.func.count() <= MOST)
        )
    )
)  # fmt: skip


def compare_waiting(database: Database) -> int:
    """Compare every listing that moved since it was compared last; return how many. What a crash left, the next call does."""
    done, moved = _settle(database)
    if moved > MANY:
        from app.domain.directory.pairs.comparing_all import compare_all

        return compare_all(database)
    while True:
        with database.transaction() as db:
            ids = list(db.execute(_WAITING.order_by(_FACTS.c.id).limit(BATCH)).scalars())
            if not ids:
                return done
            compare(db, ids)
            done += len(ids)


def _settle(database: Database) -> tuple[int, int]:
    """Note what waits but is as it was when it was compared last; return how many did not move, and how many did."""
    still = moved = 0
    last = UUID(int=0)
    while True:
        with database.transaction() as db:
            ids = list(db.execute(_WAITING.where(_FACTS.c.id > last).order_by(_FACTS.c.id).limit(LOOKED_AT)).scalars())
            if not ids:
                return still, moved
            begin(db)
            known, found = digests_of(db, ids), listings(db.connection(), ids)
            same = [key for key, listing in found.items() if known.get(key) == digest_of(listing)]
            db.execute(sa.update(_FACTS).where(_FACTS.c.id.in_(same)).values(compared=True))
            still, moved, last = still + len(same), moved + len(ids) - len(same), ids[-1]


def compare(db: Session, ids: Sequence[UUID]) -> None:
    """Compare these services with those that share a block with them, and keep the pairs that a person should look at."""
    begin(db)
    found = listings(db.connection(), ids)
    forget_ended(db, [key for key in ids if key not in found])
    moved = changed(db, found)
    if moved:
        _look_beside(db, moved)
    db.execute(sa.update(_FACTS).where(_FACTS.c.id.in_(ids)).values(compared=True))


def forget_ended(db: Session, ids: Sequence[UUID]) -> None:
    """Forget how listings were when they were compared, now that they have ended: once back they are compared with what came."""
    db.execute(sa.update(PRINT).where(PRINT.c.id.in_(ids)).values(digest=""))


def changed(db: Session, found: dict[UUID, Listing]) -> dict[UUID, tuple[Listing, list[int]]]:
    """Keep the prints and keys of listings; return those that are not as they were compared last, with their keys."""
    known = {row.id: row for row in db.execute(sa.select(PRINT).where(PRINT.c.id.in_(list(found))))}
    last = db.execute(sa.select(sa.func.max(PRINT.c.number))).scalar() or 0
    moved: dict[UUID, tuple[Listing, list[int]]] = {}
    prints, keyed, gone = [], [], []
    for service_id, listing in found.items():
        before, digest = known.get(service_id), digest_of(listing)
        if before is not None and before.digest == digest:
            continue
        keys = sorted(lasting_keys(facts_of(listing)))
        last += before is None
        number = before.number if before else last
        gone += [(key, number) for key in _unpacked(before.blocks)] if before else []
        prints.append({"id": service_id, "number": number, "digest": digest, "blocks": pack(f"<{len(keys)}q", *keys)})
        keyed += [{"key": key, "number": number} for key in keys]
        moved[service_id] = (listing, keys)
    db.execute(sa.delete(PRINT).where(PRINT.c.id.in_(list(moved))))
    _remove_keys(db, gone)
    if prints:
        db.execute(sa.insert(PRINT), prints)
    if keyed:
        db.execute(sa.insert(KEY), keyed)
    return moved


def _unpacked(keys: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(keys) // 8}q", keys)


def _remove_keys(db: Session, gone: list[tuple[int, int]]) -> None:
    if gone:
        which = sa.and_(KEY.c.key == sa.bindparam("k"), KEY.c.number == sa.bindparam("n"))
        db.connection().execute(sa.delete(KEY).where(which), [{"k": key, "n": number} for key, number in gone])


def _look_beside(db: Session, moved: dict[UUID, tuple[Listing, list[int]]]) -> None:
    keys = {key for _listing, own in moved.values() for key in own}
    beside = set(db.execute(_BESIDE, {"keys": sorted(keys)}).scalars())
    others = listings(db.connection(), sorted(beside | moved.keys()))
    directory = Directory(others.values())
    matches = {(m.id1, m.id2): m for listing, _keys in moved.values() for m in directory.check(listing)}
    of_them = sa.or_(PAIR.c.first_id.in_(list(moved)), PAIR.c.second_id.in_(list(moved)))
    known = db.execute(sa.select(PAIR).where(of_them)).all()
    met = keep(db, ordered(matches.values()), known, digests_of(db, list(others)))
    forget(db, [row for row in known if row.id not in met])


def digests_of(db: Session, ids: list[UUID]) -> dict[UUID, str]:
    """Return what listings were like when they were compared last."""
    rows = db.execute(sa.select(PRINT.c.id, PRINT.c.digest).where(PRINT.c.id.in_(ids)))
    return {row.id: row.digest for row in rows}


def keep(db: Session, matches: Iterable[Match], known: Iterable[Any], prints: dict[UUID, str]) -> set[UUID]:
    """Keep pairs, new ones and those that were known; return the ids of the known ones that were found again."""
    before = {(row.first_id, row.second_id): row for row in known}
    met: set[UUID] = set()
    fresh = []
    for match in matches:
        first, second = UUID(match.id1), UUID(match.id2)
        row = before.get((first, second))
        told = {
            "score": match.score, "band": match.band, "reasons": [[r.code, r.adds] for r in match.reasons],
            "prints": f"{prints.get(first, '')}:{prints.get(second, '')}",
        }  # fmt: skip
        if row is None:
            own = {"id": new_id(), "ref": new_ref(), "first_id": first, "second_id": second, "verdict": None, "said": 0}
            fresh.append({**own, "found_on": now().date(), **told})
            continue
        met.add(row.id)
        if row.prints != told["prints"] and row.verdict in _ASKED_AGAIN:
            told["verdict"] = None
        db.execute(sa.update(PAIR).where(PAIR.c.id == row.id).values(told))
    if fresh:
        db.execute(sa.insert(PAIR), fresh)
    return met


def forget(db: Session, rows: Iterable[Any]) -> None:
    """Drop pairs that are none any more; of those about which somebody said something, the reasons, for they hold no longer."""
    several = list(rows)
    unsaid, said = ([row.id for row in several if bool(row.said) is spoken] for spoken in (False, True))
    if unsaid:
        db.execute(sa.delete(PAIR).where(PAIR.c.id.in_(unsaid)))
    if said:
        db.execute(sa.update(PAIR).where(PAIR.c.id.in_(said)).values(reasons=[]))


def forget_pairs(db: Session, gone: Sequence[UUID]) -> None:
    """Drop what was compared of services that leave the database, their pairs and what was said about them."""
    pairs = sa.select(PAIR.c.id).where(sa.or_(PAIR.c.first_id.in_(gone), PAIR.c.second_id.in_(gone)))
    db.execute(sa.delete(VERDICT).where(VERDICT.c.pair_id.in_(pairs)))
    db.execute(sa.delete(PAIR).where(sa.or_(PAIR.c.first_id.in_(gone), PAIR.c.second_id.in_(gone))))
    rows = db.execute(sa.select(PRINT.c.number, PRINT.c.blocks).where(PRINT.c.id.in_(gone))).all()
    _remove_keys(db, [(key, number) for number, blocks in rows for key in _unpacked(blocks)])
