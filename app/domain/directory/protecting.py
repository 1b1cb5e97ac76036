"""Which listings must not show where they are, and which have to be checked more often; the words stand in protecting.yaml."""

import re
import zlib
from pathlib import Path

from app.core.text import fold
from app.domain.directory import traces
from app.domain.directory.needs import all_concepts
from app.domain.directory.wordlists import WordLists

_WORDS = WordLists(Path(__file__).with_name("protecting.yaml"))
_REFUGES = [e for several in all_concepts()["womens_refuge"].words.values() for e in several]
_ORDINARY = _WORDS.any_of("ordinary")
_AT_ONCE = _WORDS.any_of("at_once", more=_REFUGES)
_HOUSE, _SOUGHT = _WORDS.any_of("houses"), _WORDS.any_of("people", "dangers")
_HOME, _DANGER = _WORDS.any_of("houses", "homes"), _WORDS.any_of("dangers")
_LINE = _WORDS.any_of("lines")
_LISTED = re.compile(r"[,;/|]")  # "Housing, violence, work" are three things
_CODE = "2"  # moved by hand when what is done with the words changes

_RULES = (_ORDINARY, _AT_ONCE, _HOUSE, _SOUGHT, _HOME, _DANGER, *traces.PATTERNS)
VERSION = zlib.crc32("\n".join([_CODE, *(p.pattern for p in _RULES)]).encode()) >> 1
"""A number of 31 bits that moves with the rules for places and traces: then what is stored is judged again."""


def is_protected(name: str, labels: list[str]) -> bool:
    """Say whether a name or one category speaks of a shelter or a safe space for people whom somebody may look for.

    ``labels`` are its categories and its other names. Descriptions are not read: legal advice that mentions a shelter must stay
    findable. When in doubt a coordinator decides.
    """
    return any(map(_speaks_of_one, (name, *labels)))


def _speaks_of_one(text: str) -> bool:
    folded = _ORDINARY.sub(" ", fold(text))
    if _AT_ONCE.search(folded) or (_HOUSE.search(folded) and _SOUGHT.search(folded)):
        return True
    return bool(_DANGER.search(folded)) and any(_HOME.search(part) and _DANGER.search(part) for part in _LISTED.split(folded))


def is_short_term(name: str, labels: list[str]) -> bool:
    """Say whether this is a shelter, a safe space or a hotline: checked every 60 days."""
    kinds = (_AT_ONCE, _HOUSE, _LINE)
    return any(kind.search(folded) for text in (name, *labels) if (folded := _ORDINARY.sub(" ", fold(text))) for kind in kinds)
