"""Bounded candidates from the index of each engine, ranked the same way on both.

Order with words: how many of them stand in the title as typed, then how many in other words that mean the same, then ``rank``
(freshness), then the newer document. Without words: ``rank``, then the newer document. With a place: the nearer one. Only the
newest BOUND documents that match are ranked, so that a word that stands everywhere costs no more than a rare one; near a place
they are the newest in three circles.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.search import query_text
from app.domain.search.correcting import beginnings
from app.domain.search.reading import Term, read
from app.domain.search.terms import CELLS, cells_around, lexicon, narrowed
from app.models.engine import SearchDocument

BOUND = 300
MOST = "service"
SHORT = 5  # letters from which every word with this beginning is found; below it the shortest few of the vocabulary
_COMMON = 50
_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
# Ids of subjects stay as the driver gives them until a page is chosen: making 300 UUIDs would be half of the work.
_COLUMNS = (_D.c.id, sa.type_coerce(_D.c.subject_id, sa.String).label("subject"), _D.c.title, _D.c.rank, _D.c.lat, _D.c.lon)
AUDIENCE = sa.or_(_D.c.audience == "everyone", _D.c.audience == sa.bindparam("audience"))
KIND = _D.c.kind == sa.bindparam("kind")
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
_BY_INDEX = {name: newest.where(_MATCH[name], KIND, AUDIENCE).limit(_BOUND) for name, newest in _NEWEST.items()}
_SOME = {
    name: sa.select(sa.literal(1)).select_from(table).where(_MATCH[name]).limit(_BOUND).subquery()
    for name, table in (("sqlite", _FTS), ("postgresql", _D))
}
_HOW_MANY = {name: sa.select(sa.func.count()).select_from(some) for name, some in _SOME.items()}
_OPEN = {
    name: sa.select(sa.literal(1)).select_from(table).where(_MATCH[name], _D.c.audience == "everyone").limit(1)
    for name, table in (("sqlite", sa.join(_FTS, _D, _FTS.c.rowid == _D.c.id)), ("postgresql", _D))
}
_BROWSE = sa.select(*_COLUMNS).where(KIND, AUDIENCE).order_by(_D.c.rank.desc(), _D.c.id.desc()).limit(_BOUND)


@dataclass(frozen=True, slots=True)
class Asked:
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


# A document that matches: distance (km), -words in the title as typed, -in other words, -rank, -id, subject. The smallest first.
Candidate = tuple[float, int, int, int, int, str | UUID]
in_order = itemgetter(0, 1, 2, 3, 4)


def is_place(point: tuple[float, float]) -> bool:
    """Say whether latitude and longitude are on Earth."""
    return -90 <= point[0] <= 90 and -180 <= point[1] <= 180


def candidates(asked: Asked, terms: Sequence[Term], groups: Sequence[Sequence[str]]) -> list[Candidate]:
    """Return what holds one of every group, best first, each subject once, at most BOUND; ``terms`` are looked for in titles."""
    rows = _rows(asked, terms, groups)
    score, here = _scorer(terms), asked.near
    found = [(_distance(here, lat, lon) if here else 0.0, *score(title), -rank, -i, s) for i, s, title, rank, lat, lon in rows]
    best: dict[str | UUID, Candidate] = {}
    for candidate in sorted(found, key=in_order):
        best.setdefault(candidate[5], candidate)
    return list(best.values())[:BOUND]


def subjects(connection: sa.Connection, kind: str, typed: Sequence[str]) -> sa.Select[Any]:
    """Return a statement of the ids of every thing that everybody may read and that holds these folded words, in no order.

    Each word stands for its concepts too, the last one also for the beginning of a longer one; fillers fall away; mistakes are
    not put right, and nothing else is left out.
    """
    name, terms = connection.dialect.name, read(typed)
    write = query_text.sqlite if name == "sqlite" else query_text.postgres
    source = sa.join(_FTS, _D, _FTS.c.rowid == _D.c.id) if name == "sqlite" else _D
    found = sa.select(_D.c.subject_id).select_from(source).where(_MATCH[name], KIND, _D.c.audience == "everyone")
    return found.params(query=write([t.meanings for t in terms], (), (), _long(_last(terms))), kind=kind)


def how_common(asked: Asked, word: str) -> int:
    """Return how many documents that the reader may see a word finds, also in other words; at most 50."""
    query = _writer(asked)([t.widest for t in read([word])], asked.filters)
    statement = _HOW_MANY[asked.connection.dialect.name]
    return asked.connection.execute(statement, {"query": query, "bound": _COMMON}).scalar_one()


def stands(asked: Asked, word: str) -> bool:
    """Say whether a word of the vocabulary stands in any text that the reader may see, whatever is looked for and where."""
    if asked.audience == "members":  # nothing else is in the index
        return True
    query = _writer(asked)([[word]], ())
    return asked.connection.execute(_OPEN[asked.connection.dialect.name], {"query": query}).scalar() is not None


def values(asked: Asked) -> dict[str, Any]:
    """Return the values that every statement takes."""
    return {"kind": asked.kind, "audience": asked.audience, "bound": BOUND}


def _scorer(terms: Sequence[Term]) -> Callable[[str], tuple[int, int]]:
    """Return minus how many of the terms stand in a title as typed, and minus how many in other words that mean the same."""
    needles = [([f" {w}" for w in t.words], frozenset(t.concepts)) for t in terms]
    within = lexicon().within if any(t.concepts for t in terms) else None

    def score(title: str) -> tuple[int, int]:
        spaced, stands = f" {title}", frozenset(within(title.split())) if within else frozenset[str]()
        typed = meant = 0
        for written, concepts in needles:
            if all(w in spaced for w in written):
                typed -= 1
            elif not concepts.isdisjoint(stands):
                meant -= 1
        return typed, meant

    return score


def _rows(asked: Asked, terms: Sequence[Term], groups: Sequence[Sequence[str]]) -> Sequence[Any]:
    if not (terms or asked.tokens or asked.near):
        return asked.connection.execute(_BROWSE, values(asked)).all()
    last = _last(terms)
    if not last or _long(last):
        return _around(asked, groups, last)
    rows = _around(asked, groups, "")
    if len(rows) >= BOUND:
        return rows
    # A few letters begin too many words to merge all their lists; where such a word fills the bound by itself, nobody needs more.
    more = beginnings(asked.connection, last)
    return _around(asked, [*groups[:-1], [*groups[-1], *more]], "") if set(more) - {last} else rows


def _last(terms: Sequence[Term]) -> str:
    """Return the word that may go on: the last one, unless an expression ends with it."""
    return terms[-1].words[0] if terms and len(terms[-1].words) == 1 else ""


def _long(word: str) -> str:
    return word if len(word) >= SHORT else ""


def _around(asked: Asked, groups: Sequence[Sequence[str]], beginning: str) -> Sequence[Any]:
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


def _matching(asked: Asked, groups: Sequence[Sequence[str]], beginning: str, one_of: Sequence[str]) -> Sequence[Any]:
    query = _writer(asked)(groups, asked.filters, one_of, beginning)
    return asked.connection.execute(_BY_INDEX[asked.connection.dialect.name], values(asked) | {"query": query}).all()


def _writer(asked: Asked) -> Any:
    return query_text.sqlite if asked.connection.dialect.name == "sqlite" else query_text.postgres


def _distance(here: tuple[float, float], lat: float | None, lon: float | None) -> float:
    """Return kilometres along the great circle (haversine, radius 6371.0088 km); infinite without a point."""
    if lat is None or lon is None:
        return math.inf
    a, b = math.radians(here[0]), math.radians(lat)
    part = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon - here[1]) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(part)))
