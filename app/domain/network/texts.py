"""Reads house.yaml: the network's own one in the data folder, else the one we ship."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).parent / "house.yaml"


@dataclass(frozen=True, slots=True)
class Rule:
    """A numbered rule of the network in one language."""

    number: int
    title: str
    text: str


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
    own = folder / "house.yaml"
    path = own if own.exists() else SHIPPED
    return _load(path, path.stat().st_mtime)


def _in(language: str, texts: dict[str, Any]) -> Any:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


def _paragraphs(text: str, name: str) -> list[str]:
    return [" ".join(p.split()).replace("{name}", name) for p in text.split("\n\n") if p.strip()]


def about(folder: Path, language: str, name: str) -> About:
    """Return the page about the network in a language (English where it is not written yet)."""
    page = _in(language, _house(folder)["about"])
    sections = [(s["heading"], _paragraphs(s["text"], name)) for s in page["sections"]]
    return About(page["title"], _paragraphs(page["intro"], name), sections)


def rules(folder: Path, language: str) -> list[Rule]:
    """Return the numbered rules in a language."""
    return [Rule(i["number"], *(_in(language, i)[part] for part in ("title", "text"))) for i in _house(folder)["rules"]["items"]]


def rules_intro(folder: Path, language: str) -> tuple[str, str, int]:
    """Return title, opening and version of the rules."""
    page = _house(folder)["rules"]
    return _in(language, page["title"]), _in(language, page["intro"]), int(page["version"])
