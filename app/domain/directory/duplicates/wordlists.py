"""The word lists of this package, folded and ready to look things up in."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.core.text import words
from app.domain.directory.duplicates.spelling import folded, without_article
from app.domain.directory.needs import all_needs

_FILE = Path(__file__).with_name("words.yaml")


def _folded(text: str) -> list[str]:
    """Return the expressions of a list "a, b c, d", each folded to words with one space between them."""
    return [key for entry in re.split(r"\s*,\s*", text.strip()) if (key := key_of(entry))]


def key_of(text: str) -> str:
    """Return the form in which expressions stand in the lists."""
    return " ".join(map(without_article, words(folded(text))))


@cache
def _content() -> dict[str, Any]:
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


@cache
def of_all_languages(name: str) -> frozenset[str]:
    """Return the expressions of a list that is kept by language."""
    return frozenset(key for text in _content()[name].values() for key in _folded(text))


@cache
def short_forms() -> dict[str, str]:
    """Return what short forms stand for."""
    return {key_of(str(short)): key_of(full) for short, full in _content()["short_forms"].items()}


@cache
def number_words() -> dict[str, str]:
    """Return numbers in words as digits."""
    return {key: str(number) for number, text in _content()["numbers"].items() for key in _folded(text)}


@cache
def audience_bits() -> dict[str, int]:
    """Return for each expression the bit of the people it names."""
    return {key: 1 << n for n, text in enumerate(_content()["audience"].values()) for key in _folded(text)}


@cache
def opposed_bits() -> tuple[tuple[int, int], ...]:
    """Return the pairs of bits that exclude one another."""
    bits = {name: 1 << n for n, name in enumerate(_content()["audience"])}
    return tuple((bits[a], bits[b]) for a, b in _content()["opposed"])


@cache
def place_kinds() -> dict[str, str]:
    """Return for each word of places the kind it speaks of."""
    return {key: kind for kind, text in _content()["place_kinds"].items() for key in _folded(text)}


@cache
def place_small() -> frozenset[str]:
    """Return the words of places that mean nothing by themselves."""
    return frozenset(_folded(_content()["place_small"]))


@cache
def town_names() -> tuple[tuple[str, ...], ...]:
    """Return the names of each town that has several, as they are written."""
    return tuple(tuple(re.split(r"\s*,\s*", text)) for text in _content()["town_names"])


@cache
def languages() -> dict[str, str]:
    """Return the language of each word that the lists (those of the needs too) have in one language only."""
    lists = [_content()["small"], _content()["common"], *({k: ", ".join(v) for k, v in need.words.items()} for need in all_needs())]
    found: dict[str, set[str]] = {}
    for by_language in lists:
        for language, text in by_language.items():
            for word in (word for key in _folded(text) for word in key.split()):
                found.setdefault(word, set()).add(language)
    return {word: next(iter(known)) for word, known in found.items() if len(known) == 1}
