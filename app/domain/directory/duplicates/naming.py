"""Names of listings and organisations as what they are compared by: words, numbers, the people they are for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.core.text import words
from app.domain.directory.duplicates import wordlists
from app.domain.directory.duplicates.spelling import folded, script, without_article

_HOURS = re.compile(r"\b(?:24\s*[/x]\s*7|24\s*-?\s*(?:h|hrs?|hours?|heures|ساعة|godz\w*)\b)", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_BETWEEN = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_LAST_LETTER = re.compile(r"(?<=\s)[\"'(„“]?([^\W\d_])[\"')”]?\s*$")
_LEVEL = re.compile(r"\b([abc])-?([12])\b")  # of a language: "A1", "B2"
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){5,}")  # of a telephone: "116 123" and "116123"
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}
_ROMAN_LAST = {"i": "1", "v": "5", "x": "10"}
_ORDINAL = frozenset({"st", "nd", "rd", "th", "er", "eme", "й", "я", "ша", "га"})
COMMON = 0.25  # weight of a word that half of all listings have, where any other counts 1
_LONGEST_FORM = 4  # words
MOST_WORDS = 24  # names are short; what is longer is a description


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A name taken apart. ``words`` are folded and in order, without legal forms; ``numbers`` without leading zeros.

    ``name_of`` gives the same one for the same text, and comparisons are kept by pair.
    """

    words: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    audience: int = 0
    initials: tuple[str, ...] = ()  # of the words that count, and of all of them
    script: str = ""
    cut: bool = False  # whether it says itself that something is missing: "Food for families and…"

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers)


@lru_cache(maxsize=100_000)
def weight(word: str) -> float:
    """Return how much a word tells about which listing it is."""
    return COMMON if word in wordlists.of_all_languages("common") else 1.0


@lru_cache(maxsize=50_000)
def name_of(text: str, least_initials: int = 3) -> Name:
    """Take a name apart. Legal forms go where something else remains, initials stay ("J. Kowalski" is not "A. Kowalski").

    ``least_initials`` is how many words must be there for their first letters to stand for the name.
    """
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), _HOURS.sub(" ", text))
    letter, cut = _LAST_LETTER.search(text), text.rstrip().endswith(("…", "..."))
    text = _LONG_NUMBER.sub(lambda found: re.sub(r"\D", "", found[0]), folded(text))
    levels = {f"{found[1]}{found[2]}" for found in _LEVEL.finditer(text)}
    tokens = [without_article(w) for w in words(_BETWEEN.sub(" ", _LEVEL.sub(" ", text)))[:MOST_WORDS]]
    tokens, numbers = _numbers(_without_legal_forms(tokens), folded(letter[1]) if letter else "")
    numbers |= levels
    audience = audience_of(tokens)
    known, small = wordlists.short_forms(), wordlists.of_all_languages("small")
    content = [w for token in tokens if token not in small for w in known.get(token, token).split()]
    plain = tuple(dict.fromkeys(content or tokens))
    initials = dict.fromkeys("".join(w[0] for w in some) for some in (content, tokens) if len(some) >= least_initials)
    return Name(plain, numbers, audience, tuple(initials), script("".join(plain)), cut)


def audience_of(tokens: Sequence[str]) -> int:
    """Return the bits of the people that words name (see ``wordlists.audience_bits``)."""
    bits, found = wordlists.audience_bits(), 0
    for at, token in enumerate(tokens):
        found |= bits.get(token, 0)
        if at:
            found |= bits.get(f"{tokens[at - 1]} {token}", 0)
    return found


def opposed(a: int, b: int) -> bool:
    """Say whether two audiences exclude one another: women and men, beginners and advanced."""
    return a != b and any(_sides(a, x, y) * _sides(b, x, y) == -1 for x, y in wordlists.opposed_bits())


def _sides(audience: int, x: int, y: int) -> int:
    """Return 1 for the one side alone, -1 for the other alone, 0 for both or neither."""
    return bool(audience & x) - bool(audience & y)


def other_number(a: frozenset[str], b: frozenset[str]) -> bool:
    """Say whether each of two names has a number that the other has not: "Clinic 1" and "Clinic 2"."""
    return bool(a - b) and bool(b - a)


def _without_legal_forms(tokens: list[str]) -> list[str]:
    """Drop legal forms from both ends as long as a word of more than one letter remains."""
    while (form := _form_at_an_end(tokens)) is not None:
        tokens = tokens[form]
    return tokens


def _form_at_an_end(tokens: list[str]) -> slice | None:
    """Return what is left when the longest legal form at either end goes, None where there is none or nothing else.

    Single letters are a legal form behind a name ("S. A."), but initials before it.
    """
    forms = wordlists.of_all_languages("legal_forms")
    for n in range(min(_LONGEST_FORM, len(tokens) - 1), 0, -1):
        first, last = tokens[:n], tokens[-n:]
        if " ".join(last) in forms and any(len(token) > 1 for token in tokens[:-n]):
            return slice(None, -n)
        if " ".join(first) in forms and max(map(len, first)) > 1 and any(len(token) > 1 for token in tokens[n:]):
            return slice(n, None)
    return None


def _numbers(tokens: list[str], letter: str) -> tuple[list[str], frozenset[str]]:
    """Part numbers from words; Roman ones, numbers in words and single letters count where they end a name."""
    found: set[str] = set()
    kept: list[str] = []
    for token in tokens:
        if token.isdecimal():
            found.add(token.lstrip("0") or "0")
        elif token in _ROMAN:
            found.add(_ROMAN[token])
        elif not (token in _ORDINAL and found):
            kept.append(token)
    last = kept[-1] if len(kept) > 1 else ""
    if last and last == letter:
        return kept[:-1], frozenset({*found, _ROMAN_LAST.get(last, last)})
    if not found and (number := _ROMAN_LAST.get(last) or wordlists.number_words().get(last)):
        return kept[:-1], frozenset({number})
    return kept, frozenset(found)
