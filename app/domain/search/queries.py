"""Find: what fits the words first, then what fits the help that was meant; one row per thing in the reader's language.

First what holds every word, in the order of ``matching``; then what is only listed under a need that a word names; then what
does not say how help is wanted ("free"). Where nothing fits all words, those that name help are looked for alone.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from app.core import i18n
from app.domain.search import matching
from app.domain.search.correcting import correct
from app.domain.search.matching import Asked, Candidate, candidates, how_common
from app.domain.search.reading import Term, loud, read, said, typed
from app.domain.search.remembered import Remembered
from app.domain.search.terms import teachable
from app.models.engine import SearchDocument

Readers = Literal["everyone", "members"]
ENOUGH = 21  # three pages: then nothing is added that fits less well
_D: sa.Table = SearchDocument.__table__  # type: ignore[attr-defined]
_SHOWN = sa.select(_D.c.subject_id, _D.c.language, _D.c.shown).where(
    matching.KIND, matching.AUDIENCE, _D.c.subject_id.in_(sa.bindparam("ids", expanding=True))
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
    """A page of hits; ``corrected`` is what was searched when the typed words stand nowhere.

    The first ``whole`` of all that was found fit every word. The others fit without the words ``left_out`` ("": one or another of
    them); None where there are no others.
    """

    rows: list[Hit]
    more: bool
    corrected: str | None = None
    total_capped: int = 0  # at most BOUND
    left_out: str | None = None
    whole: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """Everything that was found, best first (distance, score, subject), and what was searched in place of the typed words.

    ``left_out`` and ``whole`` as in Found.
    """

    found: list[tuple[float, int, str | UUID]]
    corrected: str | None
    left_out: tuple[Term, ...] | None = None
    whole: int = 0

    def without(self, text: str) -> str | None:
        """Return the words that were left out, as they were typed in ``text``."""
        return None if self.left_out is None else said(self.left_out, text)


@dataclass(frozen=True, slots=True)
class _Some:
    """Candidates, the terms that not all of them fit, and how many fit all."""

    candidates: list[Candidate]
    left_out: tuple[Term, ...] | None
    whole: int


def ranked_searches() -> Remembered[Ranked]:
    """Return an empty memory for ``find``."""
    return Remembered()


def find(
    connection: sa.Connection, *, kind: str, text: str = "", tokens: Sequence[str] = (), audience: Readers = "everyone",
    prefer: Sequence[str] = (), limit: int = 7, offset: int = 0, near: tuple[float, float] | None = None,
    remembered: Remembered[Ranked] | None = None, version: int = 0, keep: Callable[[dict[str, Any]], bool] | None = None,
) -> Found:  # fmt: skip
    """Return one page of at most ``limit`` things from ``offset`` on: what ``rank`` found, and one statement for the cards.

    ``keep`` says of each card (``shown``) whether it stays: for what no filter of the index can say, such as what is open now.
    """
    asked = Asked(connection, kind, audience, tokens, near if near and matching.is_place(near) else None)
    ranked = _remembered(asked, text, remembered, version)
    start, end = max(0, offset), max(0, offset) + max(0, limit)
    if keep is None:
        total, hits = len(ranked.found), _hits(asked, ranked.found[start:end], prefer)
    else:
        kept = [hit for hit in _hits(asked, ranked.found, prefer) if keep(hit.shown)]
        total, hits = len(kept), kept[start:end]
    return Found(hits, total > start + limit, ranked.corrected, total, ranked.without(text), ranked.whole)


def rank(
    connection: sa.Connection, *, kind: str, text: str, tokens: Sequence[str] = (), audience: Readers = "everyone",
    remembered: Remembered[Ranked] | None = None, version: int = 0,
) -> Ranked:  # fmt: skip
    """Return everything that was found, at most BOUND things, best first, for a caller that makes cards of its own.

    ``remembered`` answers again what was asked at the same ``version`` of the content: no statement. Otherwise one; two more
    where the last word has less than SHORT letters and does not fill the bound, one more for a word that names a need, up to two
    more near a place where much is close by, the same again for a word that says how help is wanted ("free"), up to ten more for
    typing mistakes, and where nothing fits at most three times as many for what comes nearest.
    """
    return _remembered(Asked(connection, kind, audience, tokens, None), text, remembered, version)


def _remembered(asked: Asked, text: str, memory: Remembered[Ranked] | None, version: int) -> Ranked:
    words, reader, kept = typed(text), i18n.current(), loud(text)
    if memory is None:
        return _ranked(asked, words, reader, kept)
    key = (version, asked.kind, asked.audience, *sorted(asked.tokens), None, *words, None, reader, *sorted(kept), asked.near)
    return memory.get(key, lambda: _ranked(asked, words, reader, kept))


def _ranked(asked: Asked, words: Sequence[str], reader: str, kept: Set[str]) -> Ranked:
    terms = read(words, reader, kept)
    found, corrected = _fitting(asked, terms), None
    if not found.candidates and words:
        better = correct(asked.connection, words, lambda word: how_common(asked, word), lambda word: matching.stands(asked, word))
        if better != list(words):
            terms = read(better, reader, kept)
            found, corrected = _fitting(asked, terms), " ".join(better)
        found = found if found.candidates else _nearest(asked, terms)
    left_out, whole = found.left_out, found.whole
    return Ranked([(c[0], -c[1], c[5]) for c in found.candidates], corrected if found.candidates else None, left_out, whole)


def _fitting(asked: Asked, terms: Sequence[Term]) -> _Some:
    """Return what fits all terms; where that is little, then what fits without the ones that say how help is wanted, then what
    is listed under a need that is named ("doctor"), then what fits one of several kinds of help.

    Near a place the nearer one stays first, and words are left out only where nothing fits all.
    """
    found = candidates(asked, terms, [t.meanings for t in terms])
    which = [t for t in terms if not t.manner or (asked.near and found)] or list(terms)
    whole, rest = len(found), tuple(t for t in terms if t not in which)
    if rest:
        found = _more(asked, found, which, [t.meanings for t in which])
    if any(t.needs for t in which):
        found = _more(asked, found, which, [t.widest for t in which])
    whole = whole if rest else len(found)
    if not asked.near and found and len(which) > 1 and all(t.listed for t in which):
        some = _more(asked, found, which, [_any(which)])
        return _Some(some, None if len(some) == whole else rest if len(some) == len(found) else (), whole)
    return _Some(found, None if len(found) == whole else rest, whole)


def _nearest(asked: Asked, terms: Sequence[Term]) -> _Some:
    """Return what fits the help that was meant where nothing fits all terms; else what is listed with it; else what fits any."""
    helping = [t for t in terms if t.listed and not t.manner]
    rest = tuple(t for t in terms if t not in helping)
    if helping and not all(t.manner for t in rest) and (found := _fitting(asked, helping).candidates):
        return _Some(found, rest, 0)
    if helping and (found := candidates(asked, helping, [t.nearest for t in helping])):
        return _Some(found, rest, 0)
    several = helping or [t for t in terms if all(map(teachable, t.words))]  # "1" stands in too much
    found = candidates(asked, several, [_any(several)]) if len(several) > 1 else []
    return _Some(found, () if found else None, 0)


def _more(asked: Asked, found: list[Candidate], terms: Sequence[Term], groups: Sequence[Sequence[str]]) -> list[Candidate]:
    """Return what was found, where that is little also what holds one of every group: after it, or by distance."""
    if len(found) >= ENOUGH:
        return found
    there = {candidate[5] for candidate in found}
    both = [*found, *(candidate for candidate in candidates(asked, terms, groups) if candidate[5] not in there)]
    return (sorted(both, key=matching.in_order) if asked.near else both)[: matching.BOUND]


def _any(terms: Sequence[Term]) -> list[str]:
    return [meaning for term in terms for meaning in term.nearest]


def _hits(asked: Asked, page: list[tuple[float, int, str | UUID]], prefer: Sequence[str]) -> list[Hit]:
    if not page:
        return []
    subjects = [subject if isinstance(subject, UUID) else UUID(subject) for _distance_km, _score, subject in page]
    shown: dict[UUID, tuple[int, str, dict[str, Any]]] = {}
    for row in asked.connection.execute(_SHOWN, matching.values(asked) | {"ids": subjects}).all():
        place = prefer.index(row.language) if row.language in prefer else len(prefer)
        known = shown.get(row.subject_id)
        if known is None or (place, row.language) < known[:2]:
            shown[row.subject_id] = (place, row.language, row.shown)
    return [
        Hit(subject, shown[subject][1], shown[subject][2], distance if asked.near else None, score)
        for (distance, score, _subject), subject in zip(page, subjects, strict=True)
        if subject in shown
    ]
