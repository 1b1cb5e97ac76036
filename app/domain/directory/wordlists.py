"""Lists of words and expressions as patterns over folded text; how they are written stands in protecting.yaml."""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from app.core.text import fold
from app.domain.directory.needs import listed

_BETWEEN = r"[\W_]{1,3}"
_ARABIC = re.compile("[\u0600-\u06ff]")
# What is written in one word with the next: and, so, with, like, for, the.
_BEFORE_ARABIC = "[وف]?[بكل]?(?:ال|ل)?"
_NOTHING = r"(?!)"


class WordLists:
    """The sections of a file of words."""

    def __init__(self, path: Path) -> None:
        self._sections: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def expressions(self, *sections: str) -> list[str]:
        """Return the expressions of these sections in all their languages."""
        return [e for name in sections for text in self._sections[name].values() for e in listed(text)]

    def source(self, *sections: str, more: Iterable[str] = ()) -> str:
        """Return the text of a pattern that matches one of these expressions, whole but for what a star leaves open."""
        made = {_pattern(e): bool(_ARABIC.search(e)) for e in [*self.expressions(*sections), *more]}
        arabic = sorted((p for p, is_arabic in made.items() if is_arabic), key=len, reverse=True)
        others = sorted((p for p, is_arabic in made.items() if not is_arabic), key=len, reverse=True)
        return f"(?:{'|'.join(others) or _NOTHING}|{_BEFORE_ARABIC}(?:{'|'.join(arabic) or _NOTHING}))"

    def any_of(self, *sections: str, more: Iterable[str] = ()) -> re.Pattern[str]:
        """Return what finds one of these expressions in folded text, where a word begins: linear in the text."""
        return re.compile(r"(?<!\w)" + self.source(*sections, more=more))


def _pattern(expression: str) -> str:
    parts = [p for p in re.split(r"[\s'’ʼ.\-]+", fold(expression)) if p]
    tokens = [re.escape(p.rstrip("*")) + (r"\w*" if p.endswith("*") else "") for p in parts]
    joined = tokens[0] + "".join(_BETWEEN + (_BEFORE_ARABIC if _ARABIC.search(t) else "") + t for t in tokens[1:])
    return joined.removesuffix(r"\w*") if parts[-1].endswith("*") else joined + r"(?!\w)"
