"""Words and tokens as they stand in the index; nothing that people type reaches an engine's query syntax."""

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from app.core.text import words

# Private use letters: folding turns them into spaces, so a token can never be something that was typed or written.
MARK = "\ue000"
PART = "\ue001"
MOST_WORDS = 8
LONGEST = 40  # letters of a word
LONGEST_QUERY = 400
LONGEST_TEXT = 150_000  # letters of a document; PostgreSQL holds 1 MB of different words a row
CELLS = (0.05, 0.25, 1.0)  # degrees: about 6, 28 and 111 km high
_PLAIN = re.compile(r"[0-9a-z\ue001]{1,60}")
Meaning = Callable[[str], Sequence[str]]
_SIGN = re.compile(r"[\x00-/:-@\[-`{-\x7f]")  # never in a folded word; a row from elsewhere may hold anything


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What folded words and expressions ("legal aid") stand for, in any language; ``words`` can be meant by a typing mistake.

    ``concepts``: ids of what it stands for. ``needs``: ids of the needs that it names ("doctor" is the common word for health);
    ``listed``: of the needs under which its concepts are listed. ``manner``: whether it only says how ("free"). ``within``: the
    concepts in the words of a document. ``fillers`` say nothing in some language, ``silent`` are the places of those that say
    nothing in a sentence, for a reader of a language; ``known`` are all words of all expressions.
    """

    concepts: Meaning
    needs: Meaning
    listed: Meaning
    manner: Callable[[str], bool]
    within: Callable[[Sequence[str]], Iterable[str]]
    fillers: Set[str] = frozenset()
    silent: Callable[[Sequence[str], str], Set[int]] = lambda _words, _reader: frozenset()
    known: Set[str] = frozenset()
    words: Sequence[str] = ()
    longest: int = 1


_EMPTY = Lexicon(lambda _w: (), lambda _w: (), lambda _w: (), lambda _w: False, lambda _w: ())
_registered = [_EMPTY]


def register(lexicon: Lexicon) -> None:
    """Set what words stand for (called once at start)."""
    _registered[:] = [lexicon]


def lexicon() -> Lexicon:
    """Return what words stand for; nothing before it is registered."""
    return _registered[0]


def concepts(expression: str) -> Sequence[str]:
    """Return the concepts of a folded word or expression."""
    return lexicon().concepts(expression)


def token(text: str) -> str:
    """Return a filter such as "need:housing" as one word of the index; unusual ones are hashed."""
    plain = text.lower().replace(":", PART).replace("-", "")
    if not _PLAIN.fullmatch(plain):
        plain = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
    return MARK + plain


def pairs(filters: Iterable[str]) -> list[str]:
    """Return one filter for every pair of a need and an area: what both lists share, found without going through either."""
    given = list(filters)
    needs, areas = ([t for t in given if t.startswith(start)] for start in ("need:", "area:"))
    joined = (f"{need} {area}".lower().replace("-", "") for need in needs for area in areas)
    return ["pair:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12] for text in joined]


def narrowed(filters: Sequence[str]) -> list[str]:
    """Return filters that mean the same with pairs in place of the needs and areas they stand for."""
    joined = pairs(filters)
    return [*joined, *(t for t in filters if not t.startswith(("need:", "area:")))] if joined else list(filters)


def cells(lat: float | None, lon: float | None) -> list[str]:
    """Return the cells of a point (degrees) as filters, one per size; none for what is no place on Earth."""
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return []
    return [_cell(size, *_position(size, lat, lon)) for size in range(len(CELLS))]


def cells_around(size: int, lat: float, lon: float) -> list[str]:
    """Return the nine cells of one size (an index into CELLS) on and around a point."""
    row, column = _position(size, lat, lon)
    turn = round(360 / CELLS[size])
    return sorted({_cell(size, row + a, (column + b) % turn) for a in (-1, 0, 1) for b in (-1, 0, 1)})


def typed_words(text: str, most: int = MOST_WORDS) -> list[str]:
    """Return the folded words of a query, bounded in number and length."""
    return _bounded(words(text[:LONGEST_QUERY]), LONGEST_QUERY)[:most]


def document_words(text: str) -> list[str]:
    """Return the folded words of a document, bounded in number and length."""
    return _bounded(words(text[:LONGEST_TEXT]), LONGEST_TEXT)


def concept_tokens(*texts: Sequence[str]) -> list[str]:
    """Return the tokens of the concepts that the words and expressions of a document stand for."""
    return sorted({token(f"concept:{c}") for text in texts for c in lexicon().within(text)})


def teachable(word: str) -> bool:
    """Say whether a word may correct others: no numbers (a year is not a mistake), no signs, not one letter, not very long."""
    return 2 <= len(word) <= 24 and not any(c.isnumeric() for c in word) and not _SIGN.search(word)


def keys(word: str) -> set[str]:
    """Return the word itself and the word without each of its letters."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def _bounded(found: list[str], most: int) -> list[str]:
    # Folding can make one letter many (U+FDFA alone becomes four words), or leave a capital (the letters inside U+2121).
    kept, length = [], 0
    for word in found:
        length += min(len(word), LONGEST)
        if length > most:
            break
        kept.append(word[:LONGEST].lower())
    return kept


def _position(size: int, lat: float, lon: float) -> tuple[int, int]:
    turn = round(360 / CELLS[size])
    return math.floor((lat + 90) / CELLS[size]), math.floor((lon + 180) / CELLS[size]) % turn


def _cell(size: int, row: int, column: int) -> str:
    return f"cell{size}:{row + 1}x{column}"  # row + 1: the row below the South Pole has a name too, and holds nothing
