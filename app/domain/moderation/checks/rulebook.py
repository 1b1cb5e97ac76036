"""The rule book: rules.yaml, and one file of cues for each language, read once and checked when it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from app.domain.moderation.checks.patterns import BadPhrase, Phrases, as_read
from app.domain.moderation.checks.shapes import SMALL, Check, Heading, Level, Subject

HERE: Final = Path(__file__).parent
PERIODS: Final = ("hour", "day", "week", "month")
# What is found in other ways than by phrases.
DETECTED: Final = frozenset(
    {"phone", "link", "email", "handle", "far_pay", "shouting", "many_links", "repeated", "dear_number", "code"}
)


class BadRules(Exception):
    """The rule book cannot be used; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When to point at a text: one group of each of ``every`` and ``least`` of ``some``, all within ``within`` words.

    ``at`` are the groups that are marked in the text (all that was found when empty). One of ``guards`` nearby (words that warn,
    tell, ask) makes a hint of it unless as many kinds of red flags come together as ``Book.despite`` says. ``subjects``: where it
    applies (empty: everywhere); ``groups``: all that it looks at.
    """

    name: str
    check: Check
    level: Level
    every: tuple[frozenset[str], ...]
    some: frozenset[str]
    least: int
    within: int
    at: frozenset[str]
    guards: frozenset[str]
    subjects: frozenset[Subject]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Book:
    """The whole rule book.

    ``kinds``: kind -> groups that say that kind of thing; ``hides``: group -> groups that count for nothing inside its phrases;
    ``denied``: groups that a "no" before them takes away; ``signs``: names of currencies -> ISO 4217; ``pay``: ISO 4217 -> a
    month's pay above which an offer is far above; ``dear``: how numbers begin that cost the caller more; ``known``: the whole words
    of all phrases.
    """

    phrases: Phrases
    rules: tuple[Rule, ...]
    kinds: Mapping[str, frozenset[str]]
    hides: Mapping[str, frozenset[str]]
    denied: frozenset[str]
    guards: frozenset[str]
    flags: frozenset[str]
    despite: int
    signs: Mapping[str, str]
    pay: Mapping[str, float]
    dear: tuple[str, ...]
    groups: frozenset[str]
    languages: tuple[str, ...]
    known: frozenset[str]

    @property
    def excusing(self) -> frozenset[str]:
        """Return the groups that count only in a language the text is in."""
        return self.guards | {"no"}


@cache
def book() -> Book:
    """Return the rule book that is shipped; BadRules when it cannot be used."""
    cues = {path.stem: _loaded(path) for path in sorted((HERE / "cues").glob("*.yaml"))}
    return made(_loaded(HERE / "rules.yaml"), cues)


def _loaded(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def made(rules: Mapping[str, Any], cues: Mapping[str, Mapping[str, Any]]) -> Book:
    """Return the book made of the content of rules.yaml and of cue files by language; BadRules says what is wrong."""
    phrases, groups = Phrases(), set(DETECTED)
    try:
        guards = _names(rules["guards"])
        for language, content in cues.items():
            groups |= _add(phrases, language, content, guards | {"no"})
        phrases.settle()
        listed = tuple(_rule(name, content, guards) for name, content in rules["rules"].items())
        kinds = {kind: _names(inside) for kind, inside in rules["kinds"].items()}
        hides = {group: _names(inside) for group, inside in rules["hides"].items()}
        signs = {as_read(str(sign)): code for code, money in rules["money"].items() for sign in money["signs"]}
        pay = {code: float(money["month"]) for code, money in rules["money"].items() if money.get("month")}
        found = Book(
            phrases, listed, kinds, hides, _names(rules["denied"]), guards, _names(rules["flags"]), int(rules["despite"]), signs,
            pay, tuple(map(str, rules["dear_numbers"])), frozenset(groups), tuple(sorted(cues)), phrases.known(),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, ValueError, BadPhrase) as error:
        raise BadRules(f"The rules of the checks cannot be read: {error}") from error
    _complete(found)
    return found


def _add(phrases: Phrases, language: str, content: Mapping[str, Any], excusing: frozenset[str]) -> set[str]:
    """Add the cues of a language; only what excuses is kept by language, so that "whatsapp" is one phrase and not thirteen."""
    sets: dict[str, list[str]] = {name: str(text).split() for name, text in (content.get("sets") or {}).items()}
    for group, text in content["cues"].items():
        for phrase in _phrases(text):
            try:
                phrases.add(Heading(group, language if group in excusing else ""), phrase, sets)
            except BadPhrase as error:
                raise BadPhrase(f"{language}: {error}") from None
    for word in str(content["small"]).split():
        phrases.add(Heading(SMALL, language), word, sets)
    return set(content["cues"])


def _phrases(text: str) -> Sequence[str]:
    return [phrase.strip() for line in str(text).splitlines() for phrase in line.split(" / ") if phrase.strip()]


def _rule(name: str, content: Mapping[str, Any], guards: frozenset[str]) -> Rule:
    every = tuple(_names(one) for one in content.get("every") or ())
    some = content.get("some") or {}
    of = _names(some.get("of", ""))
    return Rule(
        name, Check(content["check"]), Level(content["level"]), every, of, int(some.get("least", 0)),
        int(content.get("within", 60)), _names(content.get("at", "")), _names(content["guards"]) if "guards" in content else guards,
        frozenset(Subject(one) for one in _names(content.get("subjects", ""))), of.union(*every),
    )  # fmt: skip


def _names(text: object) -> frozenset[str]:
    return frozenset(str(text).split())


def _complete(found: Book) -> None:
    named = {group for rule in found.rules for group in rule.groups | rule.at}
    named = (named - set(found.kinds)) | {group for inside in found.kinds.values() for group in inside}
    named |= {*found.hides, *(g for inside in found.hides.values() for g in inside), *found.denied, *found.guards, *found.flags}
    if unknown := sorted(named - found.groups):
        raise BadRules(f"The rules name groups without any phrase: {', '.join(unknown)}")
