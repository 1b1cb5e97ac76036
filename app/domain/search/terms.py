"""Words and tokens as they stand in the index; nothing that people type reaches an engine's query syntax."""

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Sequence

from app.core.text import words

MARK = "\ue000"  # private use: a token can never be something that was typed
MOST_WORDS = 8
LONGEST = 40
_PLAIN = re.compile(r"[^0-9a-z]+")

Widen = Callable[[str], Sequence[str]]
_widen: list[Widen] = []


def register(widen: Widen) -> None:
    """Set what turns a folded word into the concepts it stands for, in any language (called once at start)."""
    _widen[:] = [widen]


def concepts(word: str) -> Sequence[str]:
    """Return the concepts of a folded word."""
    return _widen[0](word) if _widen else ()


def token(text: str) -> str:
    """Return a filter such as "need:housing" as one word of the index; long ones are hashed."""
    plain = _PLAIN.sub("", text.lower())
    if len(plain) > LONGEST or plain != text.lower().replace(":", "").replace("-", ""):
        plain = hashlib.sha256(text.encode()).hexdigest()[:24]
    return MARK + plain


def cell(lat: float, lon: float) -> str:
    """Return the one-degree cell of a point (about 110 km high) as a filter."""
    return f"cell:{math.floor(lat) + 90}x{math.floor(lon) + 180}"


def cells_around(lat: float, lon: float) -> list[str]:
    """Return the nine cells in which everything within about 100 km lies (at the latitudes where people live)."""
    return [cell(max(-90, min(89, lat + a)), (lon + b + 180) % 360 - 180) for a in (-1, 0, 1) for b in (-1, 0, 1)]


def typed_words(text: str) -> list[str]:
    """Return the folded words of a query, bounded in number and length."""
    return [w[:LONGEST] for w in words(text[:400])][:MOST_WORDS]


def document_words(text: str) -> list[str]:
    """Return the folded words of a document, bounded in length."""
    return [w[:LONGEST] for w in words(text)]


def concept_tokens(document: Iterable[str]) -> list[str]:
    """Return the tokens of the concepts that the words of a document stand for."""
    return sorted({token(f"concept:{c}") for w in document for c in concepts(w)})


def keys(word: str) -> set[str]:
    """Return the word itself and the word without each of its letters."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}
