"""Reads house.yaml: the network's own one in the data folder, else the one we ship."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.core.i18n import N_, Sentence
from app.domain.network import dsa

SHIPPED = Path(__file__).parent / "house.yaml"
OWN = "house.yaml"
log = logging.getLogger("hearth.texts")


@dataclass(frozen=True, slots=True)
class Rule:
    """A numbered rule of the network in one language; category and keywords are codes of the DSA (``dsa.py``)."""

    number: int
    title: str
    text: str
    category: str = "OTHER_VIOLATION_TC"
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """The page about the network: title, opening, and sections of a heading and paragraphs."""

    title: str
    intro: list[str]
    sections: list[tuple[str, list[str]]]


@lru_cache(maxsize=4)
def _load(path: Path, _changed: float) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def _house(folder: Path) -> dict[str, Any]:
    own = folder / OWN
    if own.exists():
        wrong = fault(own)
        if wrong is None:
            return _load(own, own.stat().st_mtime)
        log.error("%s is not used: %s", OWN, wrong.words("en"))
    return _load(SHIPPED, SHIPPED.stat().st_mtime)


def fault(path: Path) -> Sentence | None:
    """Return what is wrong with a house.yaml, None when every page of it can be shown."""
    return _fault(path, path.stat().st_mtime)


@lru_cache(maxsize=4)
def _fault(path: Path, changed: float) -> Sentence | None:
    try:
        house = _load(path, changed)
        for language in {*house["about"], "en"}:
            _about(house, language, "")
            _rules(house, language)
            _rules_intro(house, language)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        return Sentence(N_("it cannot be read near line %(line)s"), {"line": line})
    except (yaml.YAMLError, UnicodeError, OSError, RecursionError):
        return Sentence(N_("it cannot be read"))
    except KeyError as error:
        return Sentence(N_("%(name)s is missing"), {"name": repr(error.args[0])})
    except (AttributeError, TypeError, ValueError, StopIteration):
        return Sentence(N_("a part of it is not what the shipped file has at that place"))
    return None


def _in(language: str, texts: dict[str, Any]) -> Any:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


def _paragraphs(text: str, name: str) -> list[str]:
    return [" ".join(p.split()).replace("{name}", name) for p in text.split("\n\n") if p.strip()]


def about(folder: Path, language: str, name: str) -> About:
    """Return the page about the network in a language (English where it is not written yet)."""
    return _about(_house(folder), language, name)


def _about(house: dict[str, Any], language: str, name: str) -> About:
    page = _in(language, house["about"])
    sections = [(s["heading"], _paragraphs(s["text"], name)) for s in page["sections"]]
    return About(page["title"], _paragraphs(page["intro"], name), sections)


def rules(folder: Path, language: str) -> list[Rule]:
    """Return the numbered rules in a language."""
    return _rules(_house(folder), language)


def _rules(house: dict[str, Any], language: str) -> list[Rule]:
    return [_rule(item, language) for item in house["rules"]["items"]]


def _rule(item: dict[str, Any], language: str) -> Rule:
    words, category, keywords = _in(language, item), item.get("category", "OTHER_VIOLATION_TC"), tuple(item.get("keywords", ()))
    if category not in dsa.CATEGORIES or not dsa.KEYWORDS.issuperset(keywords):
        raise ValueError("not a code of the DSA")
    return Rule(item["number"], words["title"], words["text"], category, keywords)


def rules_intro(folder: Path, language: str) -> tuple[str, str, int]:
    """Return title, opening and version of the rules."""
    return _rules_intro(_house(folder), language)


def for_machines(folder: Path) -> dict[str, Any]:
    """Return the rules for programs (Art. 14 DSA): version, and each rule in every language it is written in, with its codes."""
    house = _house(folder)
    items = []
    for item in house["rules"]["items"]:
        rule = _rule(item, "en")
        words = {language: told for language, told in item.items() if isinstance(told, dict)}
        items.append({
            "number": rule.number, "category": f"STATEMENT_CATEGORY_{rule.category}",
            "keywords": [f"KEYWORD_{word}" for word in rule.keywords],
            "title": {language: told["title"] for language, told in words.items()},
            "text": {language: " ".join(told["text"].split()) for language, told in words.items()},
        })  # fmt: skip
    return {"version": int(house["rules"]["version"]), "rules": items}


def in_every_language(folder: Path) -> dict[str, Any]:
    """Return everything that the page of the rules says, in every language, as it is written down for later."""
    page = _house(folder)["rules"]
    said = {name: {language: " ".join(text.split()) for language, text in page[name].items()} for name in ("title", "intro")}
    return {**for_machines(folder), **said}


def _rules_intro(house: dict[str, Any], language: str) -> tuple[str, str, int]:
    page = house["rules"]
    return _in(language, page["title"]), _in(language, page["intro"]), int(page["version"])
