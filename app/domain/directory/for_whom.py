"""For whom a listing is, and what makes it possible to come: what it says itself, never what might be.

Whether papers are asked for is taken from what a source states (``open_to``) and from nothing else: whoever has none must not be
sent by a word that we misread to somebody who asks.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from app.core.i18n import N_
from app.core.text import fold
from app.domain.directory.wordlists import WordLists

OPEN_TO: Final = {
    "women": N_("For women"), "came_back": N_("For people who came back"), "without_papers": N_("No papers needed"),
    "with_children": N_("You can bring children"), "anyone": N_("For everyone"),
}  # fmt: skip
_WORDS = WordLists(Path(__file__).with_name("for_whom.yaml"))
_WOMEN, _MEN = _WORDS.any_of("women"), _WORDS.any_of("men")
_CHILDREN, _NO_CHILDREN = _WORDS.any_of("with_children"), _WORDS.any_of("without_children")
_NO_STEPS, _STEPS = _WORDS.any_of("without_steps"), _WORDS.any_of("steps_in_the_way")


def stated(value: Any) -> list[str]:
    """Return what a source states of OPEN_TO, each once, in the order of OPEN_TO."""
    given = value if isinstance(value, list) else []
    return [key for key in OPEN_TO if key in given]


def marks(open_to: Iterable[str], texts: Iterable[str | None], free: bool, access: Iterable[str]) -> list[str]:
    """Return by which choices a listing is found: free, women, without_papers, with_children, accessible.

    ``texts`` are its names, its categories and who can come; ``access`` what its places say about access.
    """
    given, folded = set(open_to), [fold(text) for text in texts if text]
    together, ways = " / ".join(folded), [fold(text) for text in access]
    found = {
        "free": free,
        "women": "women" in given or bool(_WOMEN.search(together) and not _MEN.search(together)),
        "without_papers": "without_papers" in given,
        "with_children": "with_children" in given or bool(_CHILDREN.search(together) and not _NO_CHILDREN.search(together)),
        "accessible": _accessible(ways),
    }
    return [name for name, holds in found.items() if holds]


def _accessible(ways: list[str]) -> bool:
    """Say whether a place says in words of its own that a wheelchair comes in, and nothing that takes it back.

    "Third floor", "hearing loop" or "parking" say nothing about it; in doubt nobody is sent there.
    """
    return any(_NO_STEPS.search(way) for way in ways) and not any(_STEPS.search(_NO_STEPS.sub(" ", way)) for way in ways)
