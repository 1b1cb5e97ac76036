"""Words that stand in the index: the ones a beginning can become, and the nearest one to a typing mistake.

A mistake may also have meant a word that stands nowhere but names help ("avocat" where every listing is English).
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from app.domain.search.terms import concepts, keys, lexicon, teachable
from app.models.engine import SearchWord, SearchWordKey

_W: sa.Table = SearchWord.__table__  # type: ignore[attr-defined]
_K: sa.Table = SearchWordKey.__table__  # type: ignore[attr-defined]
LONG = 7  # letters from which two mistakes are forgiven
SWAPPED = 5  # letters from which two that changed places are forgiven beside another mistake: that is one slip of the hand
SHORTEST = 4
BEGINNINGS = 40
_TRIED = 5
_WIDER = ((3, 2, 600), (1, 1, 4_000))  # for two mistakes: letters in common at the start, difference in length, words looked at
_BEYOND = "\U0010ffff"  # after every letter
_KNOWN = sa.select(_W.c.word).where(_W.c.word.in_(sa.bindparam("words", expanding=True)))
_ONE_APART = (
    sa.select(_W.c.word).join(_K, _K.c.word == _W.c.word)
    .where(_K.c.key.in_(sa.bindparam("keys", expanding=True))).distinct().limit(400)
)  # fmt: skip


def _starting(collation: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    # By code point on both engines, whatever the language of the server: the range of a beginning is then one piece of an index.
    by_letter = _W.c.word.collate(collation)
    starting = sa.select(_W.c.word).where(by_letter >= sa.bindparam("start"), by_letter < sa.bindparam("end"))
    near = starting.where(sa.func.length(_W.c.word).between(sa.bindparam("least"), sa.bindparam("most")))
    shortest = starting.order_by(sa.func.length(_W.c.word), by_letter).limit(BEGINNINGS)
    return shortest, near.order_by(by_letter).limit(sa.bindparam("bound", type_=sa.Integer))


_STARTING = {"sqlite": _starting("BINARY"), "postgresql": _starting("C")}
Common = Callable[[str], int]
Stands = Callable[[str], bool]


def beginnings(connection: sa.Connection, start: str) -> list[str]:
    """Return the shortest words with this beginning, at most BEGINNINGS."""
    shortest, _ = _STARTING[connection.dialect.name]
    return list(connection.execute(shortest, {"start": start, "end": start + _BEYOND}).scalars())


def correct(connection: sa.Connection, typed: Sequence[str], common: Common, stands: Stands) -> list[str]:
    """Return the words with every unknown one replaced by the nearest known one; a word that is known stays.

    The vocabulary holds the words of every text, so a word is known only where ``stands(word)`` says that it is in one which the
    reader may see: what is not corrected would otherwise tell which words stand in the others. ``common(word)`` says how many
    things that the reader may see a word finds; it decides between equally near ones.
    """
    known = {w for w in connection.execute(_KNOWN, {"words": list(typed)}).scalars() if stands(w)}
    return [w if w in known or not _correctable(w) else _nearest(connection, w, common) for w in typed]


def _correctable(word: str) -> bool:
    known = lexicon()
    return len(word) >= SHORTEST and teachable(word) and not (concepts(word) or word in known.fillers or word in known.known)


def _nearest(connection: sa.Connection, word: str, common: Common) -> str:
    one_apart = connection.execute(_ONE_APART, {"keys": sorted(keys(word))}).scalars().all()
    near = _near(word, [*one_apart, *_meaningful(word, 1)], 1)
    if SWAPPED <= len(word) < LONG:
        near = near or _near_swapped(connection, word)
    elif len(word) >= LONG:
        for letters, difference, bound in _WIDER:
            near = near or _near(word, _like(connection, word, letters, difference, bound), 2)
    # Of two that find as much, the one that stands there: "محامي", not "محام".
    stands = set(one_apart)
    counted = [(distance, -count, w not in stands, w) for distance, _, w in near[:_TRIED] if (count := common(w))]
    return min(counted)[3] if counted else word


def _near_swapped(connection: sa.Connection, word: str) -> list[tuple[int, bool, str]]:
    """Return what is one mistake away from the word with two neighbouring letters in each other's place."""
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1) if word[i] != word[i + 1]]
    words = connection.execute(_ONE_APART, {"keys": sorted({key for one in swapped for key in keys(one)})}).scalars().all()
    words = [*words, *_meaningful(word, 2)]
    return sorted({(2, w[0] != word[0], w) for one in swapped for _distance, _other, w in _near(one, words, 1)})


def _like(connection: sa.Connection, word: str, letters: int, difference: int, bound: int) -> Sequence[str]:
    """Return words with the same first letters and about as many letters."""
    _, near = _STARTING[connection.dialect.name]
    start, length = word[:letters], len(word)
    values = {"start": start, "end": start + _BEYOND, "least": length - difference, "most": length + difference, "bound": bound}
    meaningful = (w for w in _meaningful(word, 2) if w.startswith(start) and abs(len(w) - length) <= difference)
    return [*connection.execute(near, values).scalars(), *meaningful]


def _meaningful(word: str, mistakes: int) -> list[str]:
    """Return words at most so many mistakes away that name help, in any language, whether or not they stand anywhere.

    With the same first letter only: among eleven languages a short word is otherwise near to one of them by chance.
    """
    found = extract(word, lexicon().words, scorer=OSA.distance, score_cutoff=mistakes, limit=None)
    return [w for w, _distance, _place in found if w[0] == word[0]]


def _near(word: str, words: Sequence[str], allowed: int) -> list[tuple[int, bool, str]]:
    """Return (mistakes, other first letter, word) of the words at most ``allowed`` mistakes away, the nearest first."""
    measured = ((OSA.distance(word, w, score_cutoff=allowed), w[0] != word[0], w) for w in words if len(w) >= SHORTEST - 1)
    return sorted({m for m in measured if m[0] <= allowed})
