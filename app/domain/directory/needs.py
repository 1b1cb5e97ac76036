"""Needs in plain words: twelve categories, the finer concepts below them, and the words people use in many languages."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.core.i18n import N_
from app.core.text import words

_FILE = Path(__file__).with_name("needs.yaml")
# No word list holds an expression of more words than this.
_LONGEST = 5
# Longer texts mention many things by the way; above this a need must be mentioned often enough to count.
_SHORT_TEXT_WORDS = 12
_MOST_NEEDS = 4
_ARABIC_ARTICLES = ("وال", "بال", "لل", "ال")
# The labels stand in the YAML file; they are named here so that the catalogues carry them.
LABELS = (
    N_("Housing"), N_("Work and skills"), N_("Papers and rights"), N_("Health"), N_("Someone to talk to"), N_("Money"),
    N_("Learning"), N_("Children and family"), N_("Starting a business"), N_("Pensions and property"), N_("Safety"),
    N_("Food and things"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """One category: its id, the name of its icon, its label (in English, to be translated) and its broad words."""

    id: str
    icon: str
    label: str
    words: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing people look for: its id, the need it belongs to, and its words by language."""

    id: str
    need: str
    words: dict[str, tuple[str, ...]]


@cache
def all_needs() -> tuple[Need, ...]:
    """Return the needs in the order in which they are shown."""
    return tuple(Need(key, v["icon"], v["label"], _words(v)) for key, v in _content()["needs"].items())


@cache
def all_concepts() -> dict[str, Concept]:
    """Return the concepts by id."""
    return {key: Concept(key, v["need"], _words(v)) for key, v in _content()["concepts"].items()}


def needs_for(text: str) -> list[str]:
    """Return the ids of the needs a category, name or description speaks of, the most mentioned first.

    The longest expression wins: "mental health" is somebody to talk to, not health.
    """
    tokens = words(text[:5_000])
    hits: Counter[str] = Counter()
    at = 0
    while at < len(tokens):
        found, length = _longest(tokens, at)
        hits.update(found)
        at += length
    if not hits:
        return []
    order = {need.id: n for n, need in enumerate(all_needs())}
    least = 1 if len(tokens) <= _SHORT_TEXT_WORDS else max(hits.values()) / 2
    kept = sorted((n for n in hits if hits[n] >= least), key=lambda n: (-hits[n], order[n]))
    return kept[:_MOST_NEEDS]


def stem(word: str) -> str:
    """Return a folded word without what changes least of the meaning: the Arabic article, the plural s of Latin scripts."""
    for article in _ARABIC_ARTICLES:
        if word.startswith(article) and len(word) > len(article) + 2:
            return word[len(article) :]
    if word.isascii() and len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


@cache
def broad_index() -> dict[str, tuple[str, ...]]:
    """Return the needs of every common word for them, by the stems of the word or expression."""
    broad: dict[str, dict[str, None]] = {}
    for need in all_needs():
        for key in _keys(need.words):
            broad.setdefault(key, {})[need.id] = None
    return {key: tuple(ids) for key, ids in broad.items()}


def section(name: str) -> dict[str, dict[str, Any]]:
    """Return a part of the word lists as it is written, such as "manner"."""
    return dict(_content()[name])


def _longest(tokens: list[str], at: int) -> tuple[tuple[str, ...], int]:
    for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
        if found := _need_index().get(_key(tokens[at : at + length])):
            return found, length
    return (), 1


def _key(tokens: list[str]) -> str:
    return " ".join(stem(token) for token in tokens)


@cache
def _need_index() -> dict[str, tuple[str, ...]]:
    """Map every expression to its needs; where a word stands in both lists, the broad word of a need counts."""
    index: dict[str, dict[str, None]] = {}
    for concept in all_concepts().values():
        for key in _keys(concept.words):
            index.setdefault(key, {})[concept.need] = None
    broad = broad_index()
    return {key: broad.get(key) or tuple(index[key]) for key in index | dict.fromkeys(broad)}


def _keys(by_language: dict[str, tuple[str, ...]]) -> list[str]:
    return [key for several in by_language.values() for word in several if (key := _key(words(word)))]


def listed(text: str) -> tuple[str, ...]:
    """Return the words and expressions of a list with commas."""
    return tuple(re.split(r"\s*,\s*", text.strip()))


def _words(entry: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    skipped = ("icon", "label", "need")
    return {k: listed(v) for k, v in entry.items() if k not in skipped}


@cache
def _content() -> dict[str, Any]:
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
