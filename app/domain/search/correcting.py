"""Typing mistakes: a word that stands nowhere becomes the nearest word that does."""

from collections.abc import Sequence

import sqlalchemy as sa
from rapidfuzz.distance import OSA

from app.domain.search.terms import concepts, keys
from app.models.engine import SearchWord, SearchWordKey

_W: sa.Table = SearchWord.__table__  # type: ignore[attr-defined]
_K: sa.Table = SearchWordKey.__table__  # type: ignore[attr-defined]
LONG = 7  # letters from which two mistakes are forgiven
SHORTEST = 4
_KNOWN = sa.select(_W.c.word).where(_W.c.word.in_(sa.bindparam("words", expanding=True)))
_ONE_APART = (
    sa.select(_W.c.word, _W.c["count"]).join(_K, _K.c.word == _W.c.word)
    .where(_K.c.key.in_(sa.bindparam("keys", expanding=True))).distinct().limit(400)
)  # fmt: skip
_SAME_START = (
    sa.select(_W.c.word, _W.c["count"])
    .where(_W.c.word >= sa.bindparam("start"), _W.c.word < sa.bindparam("end"))
    .order_by(_W.c.word).limit(600)
)  # fmt: skip


def correct(connection: sa.Connection, typed: Sequence[str]) -> list[str]:
    """Return the words with every unknown one replaced by the nearest known one (mistakes first, then how common)."""
    known = set(connection.execute(_KNOWN, {"words": list(typed)}).scalars())
    return [w if w in known or len(w) < SHORTEST or concepts(w) else _nearest(connection, w) for w in typed]


def _nearest(connection: sa.Connection, word: str) -> str:
    rows = list(connection.execute(_ONE_APART, {"keys": sorted(keys(word))}))
    allowed = 2 if len(word) >= LONG else 1
    if allowed == 2:
        rows += connection.execute(_SAME_START, {"start": word[:3], "end": word[:2] + chr(ord(word[2]) + 1)})
    near = [(OSA.distance(word, r.word), -r[1], r.word) for r in rows]
    near = [n for n in near if n[0] <= allowed and len(n[2]) >= SHORTEST - 1]
    return min(near)[2] if near else word
