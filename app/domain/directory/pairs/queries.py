"""Reads for those who decide about pairs: what waits, what was decided, two listings side by side."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.directory.rows import TABLES
from app.domain.directory.standing import PAIR, VERDICT
from app.domain.directory.storing import FACTS
from app.models.directory import Feed

_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_SERVICE, _ORGANIZATION = TABLES["service"], TABLES["organization"]
_FIRST, _SECOND = _SERVICE.alias("first"), _SERVICE.alias("second")
_LISTS = (_FEED.alias("first_feed"), _FEED.alias("second_feed"))
_STANDS = [sa.func.coalesce(side.c.merged_into, side.c.id) for side in (_FIRST, _SECOND)]
_LISTED = (
    sa.select(
        PAIR, _FIRST.c.name.label("first_name"), _SECOND.c.name.label("second_name"), _FIRST.c.language.label("first_language"),
        _SECOND.c.language.label("second_language"), _FIRST.c.protected.label("first_protected"),
        _SECOND.c.protected.label("second_protected"), _LISTS[0].c.title.label("first_list"),
        _LISTS[1].c.title.label("second_list"),
    )
    .join(_FIRST, _FIRST.c.id == PAIR.c.first_id).join(_SECOND, _SECOND.c.id == PAIR.c.second_id)
    .join(_LISTS[0], _LISTS[0].c.id == _FIRST.c.feed_id).join(_LISTS[1], _LISTS[1].c.id == _SECOND.c.feed_id)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_WAITING = _LISTED.where(
    PAIR.c.verdict.is_(None), _FIRST.c.defunct_on.is_(None), _SECOND.c.defunct_on.is_(None), _STANDS[0] != _STANDS[1]
).order_by(PAIR.c.score.desc(), PAIR.c.id)
_AFTER_SURE = _WAITING.where(
    sa.or_(
        PAIR.c.score < sa.bindparam("score", type_=sa.Float),
        sa.and_(PAIR.c.score == sa.bindparam("score", type_=sa.Float), PAIR.c.id > sa.bindparam("id", type_=sa.Uuid)),
    )
)
_LAST = sa.select(VERDICT.c.id).where(VERDICT.c.pair_id == PAIR.c.id).order_by(VERDICT.c.id.desc()).limit(1).scalar_subquery()
_DECIDED = _LISTED.add_columns(_LAST.label("said_last")).where(PAIR.c.verdict.is_not(None)).order_by(_LAST.desc(), PAIR.c.id)
_AFTER_LAST = _DECIDED.where(sa.bindparam("id", type_=sa.Uuid) > _LAST)
_SIDES = (
    sa.select(
        *(_SERVICE.c[n] for n in (
            "id", "ref", "name", "description", "language", "needs", "open_to", "protected", "eligibility_description",
            "verified_on", "verify_due", "imported_on", "defunct_on", "merged_into",
        )),
        FACTS.c.facts, _ORGANIZATION.c.name.label("organisation"), _FEED.c.title.label("list"),
    )
    .join(_FEED, _FEED.c.id == _SERVICE.c.feed_id).outerjoin(FACTS, FACTS.c.id == _SERVICE.c.id)
    .outerjoin(_ORGANIZATION, _ORGANIZATION.c.id == _SERVICE.c.organization_id)
    .where(_SERVICE.c.id.in_(sa.bindparam("ids", expanding=True)))
)  # fmt: skip


Position = tuple[float, UUID]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two listings, and what was said about them, the newest first."""

    pair: Any
    first: Any
    second: Any
    said: list[Any]


def listed(connection: sa.Connection, decided: bool, limit: int, after: Position | None = None) -> list[Any]:
    """Return pairs that wait, the surest first, or those decided, the latest first; one more says that there are more.

    ``after``: only what stands behind this position (see ``position``), however far that is.
    """
    first, further = (_DECIDED, _AFTER_LAST) if decided else (_WAITING, _AFTER_SURE)
    values = {"score": after[0], "id": after[1]} if after else {}
    return list(connection.execute(further if after else first, {"most": limit + 1, **values}))


def position(row: Any, decided: bool) -> Position:
    """Return where a row of ``listed`` stands."""
    return (0.0, row.said_last) if decided else (row.score, row.id)


def sides(connection: sa.Connection, ref: str) -> Sides | None:
    """Return one pair with both listings (three statements), or None."""
    pair = connection.execute(sa.select(PAIR).where(PAIR.c.ref == ref)).first()
    if pair is None:
        return None
    both = {row.id: row for row in connection.execute(_SIDES, {"ids": [pair.first_id, pair.second_id]})}
    said = connection.execute(sa.select(VERDICT).where(VERDICT.c.pair_id == pair.id).order_by(VERDICT.c.id.desc())).all()
    return Sides(pair, both[pair.first_id], both[pair.second_id], list(said))
