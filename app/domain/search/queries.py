"""Find: bounded candidates from the index, the same ranking on both engines, one row per thing in the reader's language.

Order with words: how many of them stand in the title, then ``rank`` (freshness), then the newer document; last what is only
listed under a need that a word names. Without words: ``rank``, then the newer document. With a place: the nearer one. Only the
newest BOUND documents that match are ranked, so that a word that stands everywhere costs no more than a rare one; near a place
they are the newest in three circles.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from app.domain.search import query_text
from app.domain.search.correcting import beginnings, correct
from app.domain.search.remembered import Remembered
from app.domain.search.terms import CELLS, cells_around, narrowed, needs, typed_words
from app.models.engine import SearchDocument

Readers = Literal["everyone", "members"]
BOUND = 300
ENOUGH = 21  # three pages: then a word that names a need adds nothing
MOST = "service"
SHORT = 5  # letters from which every word with this beginning is found; below it the shortest few of the vocabulary
_COMMON = 50
_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
# Ids of subjects stay as the driver gives them until a page is chosen: making 300 UUIDs would be half of the work.
_COLUMNS = (_D.c.id, sa.type_coerce(_D.c.subject_id, sa.String).label("subject"), _D.c.title, _D.c.rank, _D.c.lat, _D.c.lon)
_AUDIENCE = sa.or_(_D.c.audience == "everyone", _D.c.audience == sa.bindparam("audience"))
_KIND = _D.c.kind == sa.bindparam("kind")
_BOUND = sa.bindparam("bound", type_=sa.Integer)
_FTS = sa.table("search_index", sa.column("rowid"), sa.column("search_index"))
_MATCH = {
    "sqlite": _FTS.c.search_index.op("MATCH")(sa.bindparam("query", type_=sa.Text)),
    # A literal, so that the server plans each query for how common its words are.
    "postgresql": sa.literal_column("search_document.words").op("@@")(
        sa.cast(sa.bindparam("query", type_=sa.Text, literal_execute=True), sa.dialects.postgresql.TSQUERY)  # type: ignore[attr-defined]
    ),
}
_NEWEST = {
    "sqlite": sa.select(*_COLUMNS).join_from(_FTS, _D, _FTS.c.rowid == _D.c.id).order_by(_FTS.c.rowid.desc()),
    "postgresql": sa.select(*_COLUMNS).order_by(_D.c.id.desc()),
}
_BY_INDEX = {name: newest.where(_MATCH[name], _KIND, _AUDIENCE).limit(_BOUND) for name, newest in _NEWEST.items()}
_SOME = {
    name: sa.select(sa.literal(1)).select_from(table).where(_MATCH[name]).limit(_BOUND).subquery()
    for name, table in (("sqlite", _FTS), ("postgresql", _D))
}
_HOW_MANY = {name: sa.select(sa.func.count()).select_from(some) for name, some in _SOME.items()}
_BROWSE = sa.select(*_COLUMNS).where(_KIND, _AUDIENCE).order_by(_D.c.rank.desc(), _D.c.id.desc()).limit(_BOUND)
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
class _Asked:
    """What one call looks for."""

    connection: sa.Connection
    kind: str
    audience: str
    tokens: Sequence[str]
    near: tuple[float, float] | None

    @property
    def filters(self) -> list[str]:
        """Return the filters as they stand in the index; the kind and who may read are one of them.

        Nearly everything is a service that everybody may read: there the columns decide alone, and the index is spared a list
        of everything.
        """
        if self.kind == MOST:
            return narrowed(self.tokens)
        return [*narrowed(self.tokens), f"kind:{self.kind}" if self.audience == "members" else f"open:{self.kind}"]


# A document that matches: distance, -score, -rank, -id, subject. The smallest comes first.
_Candidate = tuple[float, int, int, int, str | UUID]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Everything that was found, best first (distance, score, subject), and what was searched in place of the typed words."""

    found: list[tuple[float, int, str | UUID]]
    corrected: str | None


def ranked_searches() -> Remembered[Ranked]:
    """Return an empty memory for ``find``."""
    return Remembered()


def find(
    connection: sa.Connection, *, kind: str, text: str = "", tokens: Sequence[str] = (), audience: Readers = "everyone",
    prefer: Sequence[str] = (), limit: int = 7, offset: int = 0, near: tuple[float, float] | None = None,
    remembered: Remembered[Ranked] | None = None, version: int = 0,
) -> Found:  # fmt: skip
    """Return one page of at most ``limit`` things from ``offset`` on: what ``rank`` found, and one statement for the cards."""
    asked = _Asked(connection, kind, audience, tokens, near if near and _is_place(near) else None)
    ranked = _remembered(asked, text, remembered, version)
    start, total = max(0, offset), len(ranked.found)
    page = ranked.found[start : start + max(0, limit)]
    return Found(_hits(asked, page, prefer), total > start + limit, ranked.corrected, total)


def rank(
    connection: sa.Connection, *, kind: str, text: str, tokens: Sequence[str] = (), audience: Readers = "everyone",
    remembered: Remembered[Ranked] | None = None, version: int = 0,
) -> Ranked:  # fmt: skip
    """Return everything that was found, at most BOUND things, best first, for a caller that makes cards of its own.

    ``remembered`` answers again what was asked at the same ``version`` of the content: no statement. Otherwise one; two more
    where the last word has less than SHORT letters and does not fill the bound, one more for a word that names a need, up to two
    more near a place where much is close by, and up to ten more for typing mistakes.
    """
    return _remembered(_Asked(connection, kind, audience, tokens, None), text, remembered, version)


def _remembered(asked: _Asked, text: str, memory: Remembered[Ranked] | None, version: int) -> Ranked:
    typed = tuple(typed_words(text))
    if memory is None:
        return _ranked(asked, typed)
    key = (version, asked.kind, asked.audience, *sorted(asked.tokens), None, *typed, asked.near)
    return memory.get(key, lambda: _ranked(asked, typed))


def _ranked(asked: _Asked, typed: Sequence[str]) -> Ranked:
    candidates, corrected = _named(asked, typed), None
    if not candidates and typed:
        better = correct(asked.connection, typed, lambda word: _how_common(asked, word))
        if better != list(typed):
            candidates = _named(asked, better)
            corrected = " ".join(better) if candidates else None
    return Ranked([(c[0], -c[1], c[4]) for c in candidates], corrected)


def _named(asked: _Asked, typed: Sequence[str]) -> list[_Candidate]:
    """Return what holds the words; where that is little and a word names a need ("doctor"), then also what is listed under it."""
    found = _candidates(asked, typed, query_text.meanings)
    if len(found) >= ENOUGH or not any(needs(word) for word in typed):
        return found
    wider = _candidates(asked, typed, query_text.widest)
    if asked.near:
        return wider  # the nearer one stays first
    there = {candidate[4] for candidate in found}
    return [*found, *(candidate for candidate in wider if candidate[4] not in there)][:BOUND]


def subjects(connection: sa.Connection, kind: str, typed: Sequence[str]) -> sa.Select[Any]:
    """Return a statement of the ids of every thing that everybody may read and that holds these folded words, in no order.

    Each word stands for its concepts too, the last one also for the beginning of a longer one; mistakes are not put right.
    """
    name = connection.dialect.name
    groups = [query_text.meanings(w) for w in typed]
    beginning = typed[-1] if len(typed[-1]) >= SHORT else ""
    write = query_text.sqlite if name == "sqlite" else query_text.postgres
    source = sa.join(_FTS, _D, _FTS.c.rowid == _D.c.id) if name == "sqlite" else _D
    found = sa.select(_D.c.subject_id).select_from(source).where(_MATCH[name], _KIND, _D.c.audience == "everyone")
    return found.params(query=write(groups, (), (), beginning), kind=kind)


def _is_place(point: tuple[float, float]) -> bool:
    return -90 <= point[0] <= 90 and -180 <= point[1] <= 180


def _candidates(asked: _Asked, typed: Sequence[str], means: Callable[[str], list[str]]) -> list[_Candidate]:
    """Return what matches, best first, each subject once, at most BOUND."""
    rows = _rows(asked, typed, [means(word) for word in typed])
    needles = [f" {w}" for w in typed]
    if asked.near:
        here = asked.near
        found = [(_distance(here, lat, lon), -_score(needles, title), -rank, -i, s) for i, s, title, rank, lat, lon in rows]
    else:
        found = [(0.0, -_score(needles, title), -rank, -i, s) for i, s, title, rank, _lat, _lon in rows]
    best: dict[str | UUID, _Candidate] = {}
    for candidate in sorted(found, key=itemgetter(0, 1, 2, 3)):
        best.setdefault(candidate[4], candidate)
    return list(best.values())[:BOUND]


def _score(needles: Sequence[str], title: str) -> int:
    title = f" {title}"
    score = 0
    for needle in needles:
        if needle in title:
            score += 1
    return score


def _rows(asked: _Asked, typed: Sequence[str], groups: Sequence[Sequence[str]]) -> Sequence[Any]:
    if not (typed or asked.tokens or asked.near):
        return asked.connection.execute(_BROWSE, _values(asked)).all()
    if typed and len(typed[-1]) >= SHORT:
        return _around(asked, groups, typed[-1])
    rows = _around(asked, groups, "")
    if len(rows) >= BOUND or not typed:
        return rows
    # A few letters begin too many words to merge all their lists; where such a word fills the bound by itself, nobody needs more.
    more = beginnings(asked.connection, typed[-1])
    return _around(asked, [*groups[:-1], [*groups[-1], *more]], "") if set(more) - {typed[-1]} else rows


def _around(asked: _Asked, groups: Sequence[Sequence[str]], beginning: str) -> Sequence[Any]:
    if asked.near is None:
        return _matching(asked, groups, beginning, ())
    # From the widest circle inwards, until one holds less than the bound: then everything in it is here.
    found: dict[int, sa.Row[Any]] = {}
    for size in reversed(range(len(CELLS))):
        rows = _matching(asked, groups, beginning, cells_around(size, *asked.near))
        found |= {row.id: row for row in rows}
        if len(rows) < BOUND:
            break
    return list(found.values())


def _matching(asked: _Asked, groups: Sequence[Sequence[str]], beginning: str, one_of: Sequence[str]) -> Sequence[Any]:
    query = _writer(asked)(groups, asked.filters, one_of, beginning)
    return asked.connection.execute(_BY_INDEX[asked.connection.dialect.name], _values(asked) | {"query": query}).all()


def _how_common(asked: _Asked, word: str) -> int:
    query = _writer(asked)([[word]], asked.filters)
    statement = _HOW_MANY[asked.connection.dialect.name]
    return asked.connection.execute(statement, {"query": query, "bound": _COMMON}).scalar_one()


def _writer(asked: _Asked) -> Any:
    return query_text.sqlite if asked.connection.dialect.name == "sqlite" else query_text.postgres


def _values(asked: _Asked) -> dict[str, Any]:
    return {"kind": asked.kind, "audience": asked.audience, "bound": BOUND}


def _distance(here: tuple[float, float], lat: float | None, lon: float | None) -> float:
    """Return kilometres along the great circle (haversine, radius 6371.0088 km); infinite without a point."""
    if lat is None or lon is None:
        return math.inf
    a, b = math.radians(here[0]), math.radians(lat)
    part = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon - here[1]) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(part)))


def _hits(asked: _Asked, page: list[tuple[float, int, str | UUID]], prefer: Sequence[str]) -> list[Hit]:
    if not page:
        return []
    subjects = [subject if isinstance(subject, UUID) else UUID(subject) for _distance_km, _score, subject in page]
    shown: dict[UUID, tuple[int, str, dict[str, Any]]] = {}
    for row in asked.connection.execute(_SHOWN, _values(asked) | {"ids": subjects}).all():
        place = prefer.index(row.language) if row.language in prefer else len(prefer)
        known = shown.get(row.subject_id)
        if known is None or (place, row.language) < known[:2]:
            shown[row.subject_id] = (place, row.language, row.shown)
    return [
        Hit(subject, shown[subject][1], shown[subject][2], distance if asked.near else None, score)
        for (distance, score, _subject), subject in zip(page, subjects, strict=True)
        if subject in shown
    ]
