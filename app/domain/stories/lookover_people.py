"""Names of people, and small places named after "in" or "near": by cues, by lists of frequent names, by capitals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel import Locale

from app.core.text import fold
from app.domain.accounts.given import names as listed
from app.domain.stories.lookover_dates import months
from app.domain.stories.lookover_parts import Hit, Kind, Plain, ordinary, phrases, plain

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*+")
_INITIAL: Final = re.compile(r"[.!?:;\"«»“”„\n(*•]|^")
_ELISION: Final = re.compile(r"(?:[dlmnstj]|qu|jusqu)'", re.IGNORECASE)
_PARTICLES: Final = ("ben", "ibn", "bin", "al", "el", "ould", "mint", "de", "da", "dos", "von", "van", "abd", "abou", "abu", "umm",
                     "بن", "ابن", "بنت", "ولد", "عبد", "ابو", "ام", "ابي", "آل")  # fmt: skip
_ONE_LETTER_WORDS: Final = "وفبلك"
_NAMED_LANGUAGES: Final = ("en", "fr", "es", "pt")
_SHORTEST_ACRONYM: Final = 2
_LONGEST_ACRONYM: Final = 5
_SHORTEST_NAME: Final = 3
_MOST_PARTS: Final = 3
_SHOUTING: Final = 0.6


@dataclass(frozen=True, slots=True)
class Token:
    """A word: offsets in the plain text, plain lower case, folded, whether it has a capital, can have one, opens a sentence."""

    start: int
    end: int
    word: str
    key: str
    capital: bool
    cased: bool
    opens: bool
    on: bool  # the Arabic word "on", which folds to the name Ali


def tokens(text: Plain) -> list[Token]:
    """Return the words of the text in order."""
    found = []
    last_end = 0
    for match in _WORD.finditer(text.text):
        start, end = match.span()
        elided = _ELISION.match(match.group())
        if elided and elided.end() < len(match.group()):
            start += elided.end()
        found.append(_token(text, start, end, opens=bool(_INITIAL.search(text.text, last_end, match.start())) or last_end == 0))
        last_end = end
    return found


def _token(text: Plain, start: int, end: int, *, opens: bool) -> Token:
    first = text.text[start]
    whole = text.whole[slice(*text.original(start, end))]
    cased = first.upper() != first or first.lower() != first
    return Token(start, end, text.lower[start:end], fold(whole), first.isupper(), cased, opens, whole == "على")


@cache
def _not_names() -> frozenset[str]:
    """Return words with a capital that name no person: our own list, and what CLDR knows of countries, languages, months."""
    found = set(ordinary())
    for language in _NAMED_LANGUAGES:
        locale = Locale.parse(language)
        found |= set(months(language))
        for name in (*locale.territories.values(), *locale.languages.values(), *locale.days["format"]["wide"].values()):
            found |= {w for w in re.split(r"[\s()&,.-]+", plain(str(name)).lower) if len(w) >= _SHORTEST_NAME}
            found.add(plain(str(name)).lower)
    return frozenset(found)


def people(text: Plain, language: str) -> Iterator[Hit]:
    """Yield names of people, and capitalised unknown words after "in", "near" … as places."""
    words = tokens(text)
    marked: dict[int, str] = {}
    _by_list(words, marked)
    _by_cue(text, words, marked)
    if language != "de" and not _shouts(words):  # German nouns all have capitals
        _by_capital(text, words, marked)
    yield from _joined(text, words, marked)


def _shouts(words: list[Token]) -> bool:
    cased = [w for w in words if w.cased]
    return len(cased) > _MOST_PARTS and sum(w.capital for w in cased) > _SHOUTING * len(cased)


def _by_list(words: list[Token], marked: dict[int, str]) -> None:
    informal = not any(w.capital and not w.opens for w in words)
    for i, word in enumerate(words):
        key = _bare(word)
        if _is_servant_of(words, i):
            marked[i] = marked[i + 1] = "name"
        written = word.capital or not word.cased or informal or _follows_kin(words, i)
        if (key in listed("given") and written) or (key in listed("ambiguous") and _sure(words, i)):
            marked[i] = "name"


def _is_servant_of(words: list[Token], i: int) -> bool:
    """Tell whether "Abd" and "al-…" stand here as two words, in Arabic script."""
    return words[i].key in ("عبد", "وعبد", "لعبد") and i + 1 < len(words) and words[i + 1].key.startswith("ال")


def _bare(word: Token) -> str:
    """Return the folded word without a one-letter Arabic word before it ("and Mohammed"), where the rest is a name."""
    if word.key[:1] in _ONE_LETTER_WORDS and len(word.key) > _SHORTEST_NAME and word.key not in listed("given"):
        rest = word.key[1:]
        if rest in listed("given"):
            return rest
    return word.key


def _follows_kin(words: list[Token], i: int) -> bool:
    return i > 0 and words[i - 1].word in (*phrases("kin"), *phrases("title"))


def _sure(words: list[Token], i: int) -> bool:
    """Tell whether an everyday word is a name here: a capital inside a sentence, a title before, or a surname after."""
    word = words[i]
    if (word.cased and not word.capital) or word.on:
        return False
    after = words[i + 1] if i + 1 < len(words) else None
    surname = after is not None and after.start - word.end == 1 and (after.capital, after.cased) == (word.capital, word.cased)
    if surname and after is not None and (after.key in listed("family") or after.key in listed("given")):
        return True
    if word.cased:
        return not word.opens
    return i > 0 and words[i - 1].word in phrases("title")


@cache
def _cue() -> re.Pattern[str]:
    own = "|".join(map(re.escape, phrases("own_name")))
    return re.compile(rf"(?<![^\W\d_])(?:{own})(?![^\W\d_])[ :,\"'«(]{{1,4}}")


def _by_cue(text: Plain, words: list[Token], marked: dict[int, str]) -> None:
    starts = {word.start: i for i, word in enumerate(words)}
    for match in _cue().finditer(text.lower):
        first = starts.get(match.end())
        if first is None or words[first].word in _not_names():
            continue
        strong = match.group().split()[0] not in ("called", "named", "known", "llamado", "llamada", "nomme", "nommee")
        if words[first].capital or not words[first].cased or (strong and _is_listed(words[first])):
            marked[first] = "own"
    titles = (*phrases("title"),)
    for i in range(1, len(words)):
        before, word = words[i - 1], words[i]
        if word.capital and before.word in titles and _adjacent(text, before, word) and word.word not in _not_names():
            marked.setdefault(i, "name")


def _is_listed(word: Token) -> bool:
    return any(word.key in listed(section) for section in ("given", "ambiguous", "family"))


def _adjacent(text: Plain, before: Token, after: Token) -> bool:
    between = text.text[before.end : after.start]
    return between in (" ", ". ", "-", " d'", " l'", "  ")


def _by_capital(text: Plain, words: list[Token], marked: dict[int, str]) -> None:
    for i, word in enumerate(words):
        if i in marked or word.opens or not _unknown(text, word):
            continue
        before = words[i - 1]
        if i - 1 in marked and _adjacent(text, before, word):
            marked[i] = marked[i - 1]
        elif _is_locative(words, i):
            marked[i] = "small place"
        else:
            marked[i] = "name"
            if before.opens and before.capital and _unknown(text, before) and _adjacent(text, before, word):
                marked.setdefault(i - 1, "name")


def _unknown(text: Plain, word: Token) -> bool:
    """Tell whether a word has a capital, is no acronym, and is not on the lists of large places, days, peoples …"""
    if not word.capital or len(word.word) < _SHORTEST_ACRONYM:
        return False
    if len(word.word) <= _LONGEST_ACRONYM and text.text[word.start : word.end].isupper():
        return False
    parts = (word.word, *word.word.split("-"))
    return not any(part in _not_names() for part in parts)


def _is_locative(words: list[Token], i: int) -> bool:
    one = words[i - 1].word
    return one in phrases("locative") or (i > 1 and f"{words[i - 2].word} {one}" in phrases("locative"))


def _joined(text: Plain, words: list[Token], marked: dict[int, str]) -> Iterator[Hit]:
    """Join marked neighbours, surnames and particles into one find each."""
    i = 0
    while i < len(words):
        if i not in marked:
            i += 1
            continue
        last = i
        while last + 1 < len(words) and last - i < _MOST_PARTS + 1 and _goes_on(text, words, marked, last):
            last += 1
        first = _with_particle(text, words, i)
        yield _hit(words, marked[i], first, last)
        i = last + 1


def _goes_on(text: Plain, words: list[Token], marked: dict[int, str], last: int) -> bool:
    here, after = words[last], words[last + 1]
    if not _adjacent(text, here, after):
        return False
    if last + 1 in marked or (after.key in listed("family") and after.capital == here.capital) or _is_listed_name(here, after):
        return True
    if after.key in _PARTICLES and last + 2 < len(words):
        following = words[last + 2]
        return last + 2 in marked or following.capital or (not following.cased and after.key in ("بن", "ابن", "ولد"))
    return here.key in _PARTICLES and (after.capital or not after.cased)


def _is_listed_name(here: Token, after: Token) -> bool:
    return not here.cased and (after.key in listed("ambiguous") or after.key in listed("given"))


def _with_particle(text: Plain, words: list[Token], first: int) -> int:
    if first and words[first - 1].key in ("عبد", "ابو", "ام", "ابي", "abou", "abu", "abd", "el", "al"):
        return first - 1 if _adjacent(text, words[first - 1], words[first]) else first
    return first


def _hit(words: list[Token], why: str, first: int, last: int) -> Hit:
    start = words[first].start
    bare = _bare(words[first])
    if bare != words[first].key:
        start += 1
    if why == "small place":
        return Hit(start, words[last].end, Kind.PLACE, "small place")
    hint = "own" if why == "own" else "kin" if _follows_kin(words, first) else "person"
    return Hit(start, words[last].end, Kind.NAME, hint)
