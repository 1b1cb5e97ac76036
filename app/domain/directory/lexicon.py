"""What the words of a search stand for, in any language: concepts, needs, how help is wanted, and words that say nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from app.core.text import words
from app.domain.directory.needs import all_concepts, all_needs, broad_index, listed, section, stem

LONGEST = 5  # words of an expression; no list holds one of more
_DIFFERENT = 50_000  # words whose stems are remembered: the same ones come again and again
_ARABIC = re.compile("[\u0600-\u06ff]{4,}")
_BEFORE = ("", "و", "ف", "ب", "ل", "ك", "ول", "وب", "فل")  # and, so, with, for, like
_AFTER = ("", "ا", "ي", "نا", "ها", "هم", "كم")  # the accusative; my, our, her, their, your


def concepts(expression: str) -> list[str]:
    """Return the ids of the concepts that a folded word or expression stands for; for what people type.

    A broad word that stands for no finer concept ("housing", "logement") stands for its need: "need_housing". An everyday word
    ("hungry") stands for the concepts that it asks for.
    """
    key = _key(expression.split())
    return list(dict.fromkeys([*_written().get(key, ()), *_asked_for().get(key, ())]))


def concepts_of(expression: str) -> list[str]:
    """Return the ids of the concepts that a folded word or expression stands for where a document holds it."""
    return list(_written().get(_key(expression.split()), ()))


def needs_named(expression: str) -> list[str]:
    """Return the ids of the needs whose common words, in any language, this is one of: "doctor" names health.

    An everyday word ("hungry") names those of the concepts that it asks for.
    """
    key, known = _key(expression.split()), all_concepts()
    everyday = () if is_manner(expression) else (known[c].need for c in _asked_for().get(key, ()))
    return list(dict.fromkeys([*broad_index().get(key, ()), *everyday]))


def needs_meant(expression: str) -> list[str]:
    """Return the ids of the needs under which its concepts are listed: "passport" is under papers and rights."""
    known = all_concepts()
    found = (known[c].need if c in known else c.removeprefix("need_") for c in concepts(expression) if c not in _manner())
    return list(dict.fromkeys([*needs_named(expression), *found]))


def is_manner(expression: str) -> bool:
    """Say whether it tells how help is wanted ("free", "cheap"), not which."""
    return any(c in _manner() for c in concepts_of(expression))


def concepts_in(text: Sequence[str]) -> set[str]:
    """Return the concepts of all words and expressions in the folded words of a document."""
    stems, written, starts, found = [_stem(w) for w in text], _written(), _starts(), set[str]()
    for at, first in enumerate(stems):
        for length in range(1, starts.get(first, 0) + 1):
            found.update(written.get(" ".join(stems[at : at + length]), ()))
    return found


@cache
def fillers() -> frozenset[str]:
    """Return the folded words that say nothing about what is looked for; none that alone stands for something."""
    return frozenset(w for w in _spoken() if not concepts(w))


def silent(typed: Sequence[str], reader: str = "") -> frozenset[int]:
    """Return the places of the folded words of a sentence that say nothing in it.

    A filler counts in a language that another word of the sentence is in, or in the reader's where none tells: "don" is Hausa
    in a Hausa sentence only.
    """
    spoken = [_mute().get(w, frozenset()) | _languages().get(w, frozenset()) for w in typed]
    found = set[int]()
    for at, word in enumerate(typed):
        mute = _mute().get(word, frozenset())
        others = {language for n, some in enumerate(spoken) if typed[n] != word for language in some}
        if mute & others or (reader in mute and not others):
            found.add(at)
    whole = {n for first, last in _places(typed, "silent") for n in range(first, last + 1)}
    return frozenset((found | whole) - {last for _first, last in _places(typed, "meant")})


def _places(typed: Sequence[str], name: str) -> list[tuple[int, int]]:
    """Return the first and last places of the expressions of the section ``name`` in a sentence."""
    starts = ((at, e) for at in range(len(typed)) for e in _phrases(name) if tuple(typed[at : at + len(e)]) == e)
    return [(at, at + len(e) - 1) for at, e in starts]


@cache
def _phrases(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words(e)) for text in section(name).values() for e in listed(str(text)))


@cache
def known_words() -> frozenset[str]:
    """Return the folded words of all expressions."""
    broad = (w for need in all_needs() for several in need.words.values() for w in several)
    return frozenset(w for expression in (*broad, *(e for _id, e in _expressions())) for w in words(expression))


@cache
def meaningful_words() -> tuple[str, ...]:
    """Return the folded words that alone stand for something: what a typing mistake may have meant."""
    return tuple(sorted(w for w in known_words() if concepts(w)))


@lru_cache(_DIFFERENT)
def _stem(word: str) -> str:
    """Return the stem of a folded word; of an Arabic one that no list holds, that of the word inside it ("for my children")."""
    found = stem(word)
    if found in _stems() or not _ARABIC.fullmatch(word):
        return found
    return next((bare for bare in _inside(word) if bare in _stems()), found)


def _inside(word: str) -> Iterator[str]:
    """Yield what an Arabic word can be without what is written to it, the least taken away first; three letters stay."""
    for before in _BEFORE:
        for after in _AFTER if word.startswith(before) else ():
            bare = stem(word.removeprefix(before).removesuffix(after))
            if len(bare) >= 3 and word.endswith(after):
                yield bare
                if bare.endswith("ت"):
                    yield f"{bare[:-1]}ه"  # عائلتي: the ending of عائلة opens before another


@cache
def _stems() -> frozenset[str]:
    return frozenset(map(stem, known_words()))


def _key(tokens: Iterable[str]) -> str:
    return " ".join(_stem(token) for token in tokens)


@cache
def _written() -> dict[str, tuple[str, ...]]:
    """Map every expression to what it stands for where it is written: concepts, or the need of a broad word."""
    index: dict[str, dict[str, None]] = {}
    everyday = section("everyday")
    for concept, expression in _expressions():
        if concept not in everyday:
            for key in _ways(expression):
                index.setdefault(key, {})[concept] = None
    broad = {key: tuple(f"need_{need}" for need in ids) for key, ids in broad_index().items()}
    return broad | {key: tuple(ids) for key, ids in index.items()}


@cache
def _asked_for() -> dict[str, tuple[str, ...]]:
    index: dict[str, dict[str, None]] = {}
    for entry in (*section("manner").values(), *section("everyday").values()):
        for expression in _listed_in(entry):
            for key in _ways(expression):
                index.setdefault(key, {}).update(dict.fromkeys(listed(entry["for"]) if "for" in entry else ()))
    return {key: tuple(ids) for key, ids in index.items()}


@cache
def _starts() -> dict[str, int]:
    """Map every first stem of an expression to the number of words of the longest one."""
    longest: dict[str, int] = {}
    for key in _written():
        first, length = key.split(" ", 1)[0], key.count(" ") + 1
        longest[first] = max(longest.get(first, 0), length)
    return longest


@cache
def _manner() -> frozenset[str]:
    return frozenset(section("manner"))


@cache
def _expressions() -> tuple[tuple[str, str], ...]:
    """Return (concept, expression) for everything but the broad words of the needs."""
    finer = ((c.id, w) for c in all_concepts().values() for several in c.words.values() for w in several)
    others = ((key, w) for name in ("manner", "everyday") for key, entry in section(name).items() for w in _listed_in(entry))
    return (*finer, *others)


@cache
def _mute() -> dict[str, frozenset[str]]:
    """Map every filler to the languages in which it is one."""
    found: dict[str, set[str]] = {}
    for language, text in section("fillers").items():
        for word in {w for e in listed(str(text)) for w in words(e)} & fillers():
            found.setdefault(word, set()).add(language)
    return {word: frozenset(several) for word, several in found.items()}


@cache
def _languages() -> dict[str, frozenset[str]]:
    """Map every word of an expression, fillers left out, to the languages of these expressions."""
    entries = [*(need.words for need in all_needs()), *(concept.words for concept in all_concepts().values())]
    others = (entry for name in ("manner", "everyday") for entry in section(name).values())
    entries += [{language: listed(text) for language, text in entry.items() if language != "for"} for entry in others]
    found: dict[str, set[str]] = {}
    for entry in entries:
        for language, several in entry.items():
            for word in {w for e in several for w in words(e)} - fillers():
                found.setdefault(word, set()).add(language)
    return {word: frozenset(several) for word, several in found.items()}


@cache
def _spoken() -> frozenset[str]:
    return frozenset(w for text in section("fillers").values() for expression in listed(str(text)) for w in words(expression))


def _listed_in(entry: dict[str, Any]) -> list[str]:
    return [w for language, text in entry.items() if language != "for" for w in listed(text)]


def _ways(expression: str) -> set[str]:
    """Return the key of an expression, and the one without its filler words where several words remain."""
    tokens = words(expression)
    plain = [t for t in tokens if t not in _spoken()]
    return {_key(tokens), _key(plain)} if len(plain) > 1 else {_key(tokens)}
