"""Names of people, and small places named after "in" or "near": by cues, by lists of frequent names, by capitals."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from app.domain.accounts.given import names as listed
from app.domain.stories import lookover_uncased as uncased
from app.domain.stories.lookover_parts import Hit, Kind, Plain, everyday, ordinary, phrases
from app.domain.stories.lookover_words import (
    Token,
    adjacent,
    is_announced,
    is_everyday,
    is_listed,
    not_names,
    shouts,
    together,
    tokens,
    whispers,
)  # fmt: skip

_CHILD_OF: Final = ("ben", "bent", "bin", "bint", "ibn", "mint", "ould")
_OPENERS: Final = (*_CHILD_OF, "abd", "abdul", "abou", "aboubakr", "abu", "al", "el", "oum", "oumou", "um", "umm")
_BETWEEN: Final = ("da", "de", "del", "dela", "di", "do", "dos", "du", "la", "las", "le", "los", "ter", "the", "van", "von")
_PARTICLES: Final = (*_OPENERS, *_BETWEEN, "بن", "ابن", "بنت", "ولد", "عبد", "ابو", "ام", "ابي", "ال", "ايت")
_MOST_BETWEEN: Final = 3  # particles in a row, as in "de la"
_SHORTEST_ACRONYM: Final = 2
_LONGEST_ACRONYM: Final = 5
_SHORTEST_SURNAME: Final = 3
_MOST_PARTS: Final = 3
# Words that are often not what comes before a name: "a town called …".
_WEAK: Final = ("called", "named", "known", "llamado", "llamada", "nomme", "nommee")
_BEFORE_NAME: Final = re.compile(r"[ :,\"'«(]{1,4}")
_DOES: Final = re.compile(r".{2,}(?:ed|ing|ait|ais|aient|ont)")


def people(text: Plain, language: str) -> Iterator[Hit]:
    """Yield names of people, and capitalised unknown words after "in", "near" … as places."""
    words = tokens(text)
    marked: dict[int, str] = {}
    _by_list(words, marked)
    uncased.mark(text, words, marked)
    _by_cue(text, words, marked)
    if language != "de" and not shouts(words):  # German nouns all have capitals
        _by_capital(text, words, marked)
    yield from _joined(text, words, marked)


def _by_list(words: list[Token], marked: dict[int, str]) -> None:
    informal = not any(w.capital and not w.opens for w in words)
    given, ambiguous = listed("given"), listed("ambiguous")
    for i, word in enumerate(words):
        key = word.key if word.cased else uncased.bare(word)[0]
        if not word.cased and _is_servant_of(words, i):
            marked[i] = marked[i + 1] = "name"
        is_given = key in given and (word.capital or not word.cased or informal or _follows_kin(words, i))
        if is_given or (key in ambiguous and _sure(words, i)) or (word.capital and _is_double(word)):
            marked[i] = "name"


def _is_servant_of(words: list[Token], i: int) -> bool:
    """Tell whether "Abd" and "al-…" stand here as two words, in Arabic script."""
    return words[i].key in ("عبد", "وعبد", "لعبد") and i + 1 < len(words) and words[i + 1].key.startswith("ال")


def _is_double(word: Token) -> bool:
    """Tell whether a word is two first names in one, as in "Jean-Pierre"."""
    parts = word.key.split("-")
    return len(parts) > 1 and all(p in listed("given") or p in listed("ambiguous") for p in parts)


def _follows_kin(words: list[Token], i: int) -> bool:
    return is_announced(words, i, "kin", "title")


def _sure(words: list[Token], i: int) -> bool:
    """Tell whether an everyday word is a name here: a capital inside a sentence, a title before, or a surname after."""
    word = words[i]
    if (word.cased and not word.capital) or word.small:
        return False
    after = words[i + 1] if i + 1 < len(words) else None
    surname = after is not None and after.start - word.end == 1 and (after.capital, after.cased) == (word.capital, word.cased)
    if surname and after is not None and (after.key in listed("family") or after.key in listed("given")):
        return True
    if word.cased:
        return not word.opens
    return is_announced(words, i, "title")


@cache
def _cue() -> re.Pattern[str]:
    own = "|".join(map(re.escape, phrases("own_name")))
    return re.compile(rf"(?<![^\W\d_])(?:{own})(?![^\W\d_])")


def _by_cue(text: Plain, words: list[Token], marked: dict[int, str]) -> None:
    starts = {word.start: i for i, word in enumerate(words)}
    low = whispers(words)
    for match in _cue().finditer(text.lower):
        first = _after_cue(text, words, starts.get(match.start()), match.end())
        if first is None or not uncased.is_spelled(text, match.start(), match.end(), "own_name"):
            continue
        for i in range(starts[match.start()], first):
            marked.pop(i, None)  # "Ana kirana" is Hausa for "they call me"
        if _may_be_told(words[first], weak=match.group().split()[0] in _WEAK, low=low):
            marked[first] = "own"
    for i in range(1, len(words)):
        before, word = words[i - 1], words[i]
        titled = before.word in phrases("title") or (before.word == "m" and before.capital and text.text[before.end] == ".")
        if word.capital and titled and adjacent(text, before, word) and word.word not in not_names():
            marked.setdefault(i, "name")


def _after_cue(text: Plain, words: list[Token], begin: int | None, end: int) -> int | None:
    """Return the word that is told after "my name is" …, over what may stand between ("my name was called")."""
    if begin is None:
        return None
    i = begin
    while i < len(words) and words[i].start < end:
        i += 1
    while i < len(words) and words[i].word in phrases("copula") and together(text, words[i - 1], words[i]):
        i += 1
    return i if i < len(words) and _BEFORE_NAME.fullmatch(text.text, words[i - 1].end, words[i].start) else None


def _may_be_told(word: Token, *, weak: bool, low: bool) -> bool:
    if not word.cased:
        return not is_everyday(word) and not uncased.is_told(word)
    if word.word in (not_names() if weak else ordinary()):
        return False
    told = len(word.word) >= _SHORTEST_SURNAME and (is_listed(word) or (low and not _is_doing(word)))
    return word.capital or (not weak and told)


def _is_doing(word: Token) -> bool:
    return word.key in everyday("doing") or bool(_DOES.fullmatch(word.key))


def _by_capital(text: Plain, words: list[Token], marked: dict[int, str]) -> None:
    for i, word in enumerate(words):
        if i in marked or word.opens or not _unknown(word):
            continue
        before = words[i - 1]
        if i - 1 in marked and adjacent(text, before, word):
            marked[i] = marked[i - 1]
        elif _is_locative(words, i):
            marked[i] = "small place"
        else:
            marked[i] = "name"
            if before.opens and before.capital and _unknown(before) and adjacent(text, before, word):
                marked.setdefault(i - 1, "name")


def _unknown(word: Token) -> bool:
    """Tell whether a word has a capital, is no acronym, and is not on the lists of large places, days, peoples …"""
    if not word.capital or len(word.word) < _SHORTEST_ACRONYM:
        return False
    if word.upper and len(word.word) <= _LONGEST_ACRONYM:
        return False
    parts = (word.word, *(part for part in word.word.split("-") if part not in _OPENERS))
    return not any(part in not_names() for part in parts)


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
        first, last = _with_opener(text, words, i), _last(text, words, marked, i)
        yield _hit(words, marked[i], first, last)
        i = last + 1


def _last(text: Plain, words: list[Token], marked: dict[int, str], first: int) -> int:
    """Return the last word of the name that begins at ``first``."""
    last, guesses = first, 0
    for _part in range(_MOST_PARTS + 1):
        step = _next_part(text, words, marked, last)
        if step == last and last + 1 < len(words) and together(text, words[last], words[last + 1]):
            step += _may_be_surname(words, last + 1, marked[first], guesses)
            guesses += step > last
        if step == last:
            break
        last = step
    return last


def _next_part(text: Plain, words: list[Token], marked: dict[int, str], last: int) -> int:
    """Return the last word of the next part of a name (with its particles), or ``last`` when it ends here."""
    here, j = words[last], last + 1
    while j < len(words) and j - last <= _MOST_BETWEEN and words[j].key in _PARTICLES and j not in marked:
        if not adjacent(text, words[j - 1], words[j]):
            return last
        j += 1
    if j >= len(words) or not adjacent(text, words[j - 1], words[j]):
        return last
    after = words[j]
    if j > last + 1 or here.key in _PARTICLES:
        follows = _follows_particle(words, j, careless=here.cased and not here.capital)
        return j if j in marked or follows or _is_surname(text, words[j - 1], after) else last
    if uncased.letters_before(after):
        return last  # "and Ahmad" is somebody else
    known = j in marked or (after.key in listed("family") and after.capital == here.capital) or _is_listed_name(here, after)
    return j if known or _is_surname(text, here, after) else last


def _follows_particle(words: list[Token], i: int, *, careless: bool) -> bool:
    before, word = words[i - 1], words[i]
    if not word.cased:
        return not before.cased and uncased.may_follow(words, i, "", 0)
    return word.capital or (careless and before.key in _OPENERS and word.word not in ordinary())


def _is_listed_name(here: Token, after: Token) -> bool:
    return not here.cased and not after.small and (after.key in listed("ambiguous") or after.key in listed("given"))


def _is_surname(text: Plain, here: Token, after: Token) -> bool:
    """Tell by the writing that a word after a name belongs to it: a capital, an initial, "al-…"."""
    if here.initial and text.text[here.end : after.start] == ". ":
        return after.capital and after.word not in ordinary()
    if not together(text, here, after) or not here.capital:
        return False
    if after.word.split("-")[0] in _OPENERS and "-" in after.word:
        return True
    return after.capital and (after.initial or after.word not in ordinary()) and not after.opens


def _may_be_surname(words: list[Token], i: int, why: str, guesses: int) -> bool:
    """Tell whether word ``i`` may go on with a name though nothing in its writing says so."""
    before, word = words[i - 1], words[i]
    if not word.cased:
        return not before.cased and uncased.may_follow(words, i, why, guesses)
    careless = before.cased and not before.capital and not word.capital  # a name in small letters
    return careless and guesses == 0 and len(word.word) >= _SHORTEST_SURNAME and word.word not in ordinary() and not _is_doing(word)


def _with_opener(text: Plain, words: list[Token], first: int) -> int:
    """Return where a name begins: "Abu", "Aïcha bint", a surname in capitals before the first name."""
    if not first or not _opens(text, words, first):
        return first
    before, earlier = words[first - 1], words[max(0, first - 2)]
    child_of = before.key in _CHILD_OF and earlier.capital and earlier.word not in not_names()
    return first - 2 if child_of and together(text, earlier, before) else first - 1


def _opens(text: Plain, words: list[Token], first: int) -> bool:
    before = words[first - 1]
    if not adjacent(text, before, words[first]):
        return False
    if not before.cased:
        return uncased.opens_name(words, first - 1)
    surname = before.upper and before.end - before.start >= _SHORTEST_SURNAME and not words[first].upper
    return before.key in _OPENERS or (surname and together(text, before, words[first]) and before.word not in not_names())


def _hit(words: list[Token], why: str, first: int, last: int) -> Hit:
    start = words[first].start + uncased.letters_before(words[first])
    if why == "small place":
        return Hit(start, words[last].end, Kind.PLACE, "small place")
    hint = "own" if why == "own" else "kin" if _follows_kin(words, first) else "person"
    return Hit(start, words[last].end, Kind.NAME, hint)
