"""Which listings stand as one, and which of them stands for the others: worked out from what people said, each time anew.

Two listings that a person called the same are joined by that word alone. Groups are what the words in force connect; whoever takes
one back leaves exactly what the others say. ``service.merged_into`` and what is protected only because of a copy are written from
it, never by hand.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.directory.rows import TABLES
from app.models.listing_pairs import ListingPair, ListingVerdict, PairVerdict

SERVICE = TABLES["service"]
PAIR: sa.Table = ListingPair.__table__  # type: ignore[attr-defined]
VERDICT: sa.Table = ListingVerdict.__table__  # type: ignore[attr-defined]
_STANDS = sa.func.coalesce(SERVICE.c.merged_into, SERVICE.c.id)
_COLUMNS = tuple(SERVICE.c[n] for n in ("id", "merged_into", "defunct_on", "protected", "protected_by_copy"))
Groups = dict[UUID, list[UUID]]


def everything_of(connection: sa.Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Return these services with those that stand for them and those that they stand for; merges are one step deep."""
    stand = set(connection.execute(sa.select(_STANDS).where(SERVICE.c.id.in_(list(ids)))).scalars())
    return set(
        connection.execute(
            sa.select(SERVICE.c.id).where(sa.or_(SERVICE.c.id.in_(stand), SERVICE.c.merged_into.in_(stand)))
        ).scalars()
    )


def standing_for(connection: sa.Connection, service_id: UUID) -> UUID:
    """Return the service that stands for this one; itself, where it was merged into none."""
    return connection.execute(sa.select(_STANDS).where(SERVICE.c.id == service_id)).scalar() or service_id


def regroup(db: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Work out who stands for whom among these and all that they are or were one with; return all of them.

    The one whose name and address people chose last stands; has it ended, the next one of the group does until it is back. While
    one of a group is protected all are; what was so only because of a copy is open again once it stands alone.
    """
    db.flush()
    members, said = _connected(db, everything_of(db.connection(), ids))
    rows = {row.id: row for row in db.execute(sa.select(*_COLUMNS).where(SERVICE.c.id.in_(members)))}
    for group in {id(several): several for several in _groups(sorted(rows), said).values()}.values():
        stands = next((key for key in group if rows[key].defunct_on is None), group[0])
        closed = any(rows[key].protected and not rows[key].protected_by_copy for key in group)
        for key in group:
            _write(db, rows[key], None if key == stands else stands, closed)
    return set(rows)


def words(connection: sa.Connection) -> list[dict[str, Any]]:
    """Return every pair about which a word is in force, with that word."""
    columns = (PAIR.c[n] for n in ("first_id", "second_id", "score", "band", "reasons", "prints", "found_on", "verdict"))
    kept = [
        sa.select(VERDICT.c[n])
        .where(VERDICT.c.pair_id == PAIR.c.id)
        .order_by(VERDICT.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label(n)
        for n in ("said_on", "kept_id", "merged_id")
    ]
    query = sa.select(*columns, *kept).where(PAIR.c.verdict.is_not(None))
    return [dict(row._mapping) for row in connection.execute(query.order_by(kept[0], PAIR.c.id))]


def _connected(db: Session, ids: set[UUID]) -> tuple[set[UUID], list[Any]]:
    """Return what the word "the same" connects these with, and the last such word of each pair, the oldest first."""
    members, new, pairs = set(ids), set(ids), dict[UUID, Any]()
    while new:
        touching = sa.or_(PAIR.c.first_id.in_(new), PAIR.c.second_id.in_(new))
        same = sa.select(PAIR.c.id, PAIR.c.first_id, PAIR.c.second_id).where(PAIR.c.verdict == PairVerdict.SAME, touching)
        found = {row.id: row for row in db.execute(same)}
        new = {key for row in found.values() for key in (row.first_id, row.second_id)} - members
        members |= new
        pairs |= found
    if not pairs:
        return members, []
    words = sa.select(VERDICT.c.pair_id, VERDICT.c.kept_id).where(
        VERDICT.c.pair_id.in_(pairs), VERDICT.c.verdict == PairVerdict.SAME
    )
    last: dict[UUID, Any] = {}
    for row in db.execute(words.order_by(VERDICT.c.id)):
        last.pop(row.pair_id, None)
        last[row.pair_id] = (pairs[row.pair_id].first_id, pairs[row.pair_id].second_id, row.kept_id)
    return members, list(last.values())


def _groups(ids: list[UUID], said: list[Any]) -> Groups:
    """Return the group of each listing: the one that stands first, then those that would stand in its place."""
    groups = {key: [key] for key in ids}
    for first, second, kept in said:
        if first not in groups or second not in groups or groups[first] is groups[second]:
            continue
        stays, goes = (groups[first], groups[second]) if kept in groups[first] else (groups[second], groups[first])
        stays += goes
        groups |= dict.fromkeys(goes, stays)
    return groups


def _write(db: Session, row: Any, merged_into: UUID | None, closed: bool) -> None:
    own = row.protected and not row.protected_by_copy
    values = {"merged_into": merged_into, "protected": own or closed, "protected_by_copy": closed and not own}
    if any(getattr(row, name) != value for name, value in values.items()):
        db.execute(sa.update(SERVICE).where(SERVICE.c.id == row.id).values(values))
