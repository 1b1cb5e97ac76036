"""The small lists of frequent names that the name check and the look-over share."""

from functools import cache
from pathlib import Path
from typing import Final

from app.core.text import fold

SECTIONS: Final = ("given", "ambiguous", "family")
_FILE: Final = Path(__file__).parent / "given_names.txt"


@cache
def names(section: str) -> frozenset[str]:
    """Return the folded names of "given", "ambiguous" (everyday words too) or "family"; else KeyError."""
    return _sections()[section]


@cache
def _sections() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {section: set() for section in SECTIONS}
    here = found["given"]
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            here = found[line.strip("[]")]
        elif not line.startswith("#"):
            here.update(fold(word) for word in line.split())
    # A name that is also an everyday word must not count as a name by itself.
    found["given"] -= found["ambiguous"]
    return {section: frozenset(words) for section, words in found.items()}
