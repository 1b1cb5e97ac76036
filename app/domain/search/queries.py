"""Find: bounded candidates from the index, the same ranking on both engines, one row per thing in the reader's language.

Order with words: how many of them stand in the title, then ``rank`` (freshness), then the newer document. Without words:
``rank``, then the newer document. With a place: the nearer one. Only the newest BOUND documents that match are ranked, so
that a word that stands everywhere costs no more than a rare one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from app.domain.search import query_text
from app.domain.search.correcting import correct
from app.domain.search.terms import cells_around, typed_words
from app.models.engine import SearchDocument

BOUND = 500
_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
_COLUMNS = (_D.c.id, _D.c.subject_id, _D.c.title, _D.c.rank, _D.c.lat, _D.c.lon)
_AUDIENCE = sa.or_(_D.c.audience == "everyone", _D.c.audience == sa.bindparam("audience"))
_KIND = _D.c.kind == sa.bindparam("kind")
_FTS = sa.table("search_index", sa.column("rowid"), sa.column("search_index"))
_BY_INDEX = {
    "sqlite": sa.select(*_COLUMNS)
    .join(_FTS, _FTS.c.rowid == _D.c.id)
    .where(_FTS.c.search_index.op("MATCH")(sa.bindparam("query", type_=sa.Text)), _KIND, _AUDIENCE)
    .order_by(_FTS.c.rowid.desc())
    .limit(sa.bindparam("bound", type_=sa.Integer)),
    "postgresql": sa.select(*_COLUMNS)
    .where(sa.literal_column("search_document.words").op("@@")(sa.cast(sa.bindparam("query", type_=sa.Text), sa.dialects.postgresql.TSQUERY)),  # type: ignore[attr-defined]
           _KIND, _AUDIENCE)
    .order_by(_D.c.id.desc())
    .limit(sa.bindparam("bound", type_=sa.Integer)),
}  # fmt: skip
_BROWSE = (
    sa.select(*_COLUMNS).where(_KIND, _AUDIENCE).order_by(_D.c.rank.desc(), _D.c.id.desc())
    .limit(sa.bindparam("bound", type_=sa.Integer))
)  # fmt: skip
_SHOWN = sa.select(_D.c.subject_id, _D.c.language, _D.c.shown).where(
    _KIND, _AUDIENCE, _D.c.subject_id.in_(sa.bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, as its card shows it."""

    subject_id: UUID
    language: str
    shown: dict[str, Any]
    distance_km: float | None = None
    score: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; ``corrected`` is what was searched when the typed words stand nowhere."""

    rows: list[Hit]
    more: bool
    corrected: str | None = None
    total_capped: int = 0  # at most BOUND


@dataclass(frozen=True, slots=True)
class _Candidate:
    subject_id: UUID
    order: tuple[float, ...]
    distance_km: float | None
    score: int


def find(
    connection: sa.Connection, *, kind: str, text: str = "", tokens: Sequence[str] = (),
    audience: Literal["everyone", "members"] = "everyone", prefer: Sequence[str] = (), limit: int = 7, offset: int = 0,
    near: tuple[float, float] | None = None,
) -> Found:  # fmt: skip
    """Return one page; two statements, and three more when nothing was found and the words are corrected."""
    typed, corrected = typed_words(text), None
    candidates = _candidates(connection, kind, typed, tokens, audience, near)
    if not candidates and typed:
        better = correct(connection, typed)
        if better != typed:
            candidates = _candidates(connection, kind, better, tokens, audience, near)
            corrected = " ".join(better) if candidates else None
    page = candidates[offset : offset + limit]
    return Found(_hits(connection, kind, audience, page, prefer), len(candidates) > offset + limit, corrected, len(candidates))


def _candidates(
    connection: sa.Connection, kind: str, typed: Sequence[str], tokens: Sequence[str], audience: str,
    near: tuple[float, float] | None,
) -> list[_Candidate]:  # fmt: skip
    values = {"kind": kind, "audience": audience, "bound": BOUND}
    filters = list(tokens)
    if kind != "service":
        filters.append(f"kind:{kind}")  # services are nearly everything; for the rest the index narrows at once
    if typed or tokens or near:
        write = query_text.sqlite if connection.dialect.name == "sqlite" else query_text.postgres
        values["query"] = write(typed, filters, cells_around(*near) if near else ())
        rows = connection.execute(_BY_INDEX[connection.dialect.name], values).all()
    else:
        rows = connection.execute(_BROWSE, values).all()
    best: dict[UUID, _Candidate] = {}
    for row in rows:
        found = _candidate(row, typed, near)
        known = best.get(row.subject_id)
        if known is None or found.order < known.order:
            best[row.subject_id] = found
    return sorted(best.values(), key=lambda c: c.order)


def _candidate(row: Any, typed: Sequence[str], near: tuple[float, float] | None) -> _Candidate:
    title = f" {row.title} " if typed else ""
    score = sum(f" {w}" in title for w in typed)
    distance = _distance(near, row.lat, row.lon) if near else None
    first = distance if distance is not None else math.inf if near else 0.0
    return _Candidate(row.subject_id, (first, -score, -row.rank, -row.id), distance, score)


def _distance(here: tuple[float, float], lat: float | None, lon: float | None) -> float | None:
    """Return kilometres along the great circle (haversine, radius 6371.0088 km)."""
    if lat is None or lon is None:
        return None
    a, b = math.radians(here[0]), math.radians(lat)
    part = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon - here[1]) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(part)))


def _hits(connection: sa.Connection, kind: str, audience: str, page: list[_Candidate], prefer: Sequence[str]) -> list[Hit]:
    if not page:
        return []
    values = {"kind": kind, "audience": audience, "ids": [c.subject_id for c in page]}
    shown: dict[UUID, tuple[int, str, dict[str, Any]]] = {}
    for row in connection.execute(_SHOWN, values):
        place = prefer.index(row.language) if row.language in prefer else len(prefer)
        known = shown.get(row.subject_id)
        if known is None or (place, row.language) < known[:2]:
            shown[row.subject_id] = (place, row.language, row.shown)
    return [
        Hit(c.subject_id, shown[c.subject_id][1], shown[c.subject_id][2], c.distance_km, c.score)
        for c in page
        if c.subject_id in shown
    ]
