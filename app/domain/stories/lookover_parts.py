"""What the detectors of the look-over share: kinds, findings, and a plain copy of the text that remembers where it came from."""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from app.core.text import fold

_DATA: Final = Path(__file__).parent / "lookover_data"
# Some single characters stand for whole phrases (U+FDFA for 18 letters); 20,000 of them must not become a book.
_LONGEST_FACE: Final = 3
_FACES: Final = str.maketrans("ىیئکہھ،؛؟۔٫٬।。’ʼ‘`´ʹ", "ييي" + "كهه" + ",;?..,.." + "''''''")


class Kind(StrEnum):
    """What was found."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    PLACE = "place"
    DATE = "date"
    ID_NUMBER = "id_number"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Finding:
    """One hint: ``text`` is ``whole[start:end]``; ``suggestion`` may stand in its place."""

    start: int
    end: int
    kind: Kind
    text: str
    reason: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A find in the plain copy, in its own offsets; ``hint`` picks the wording, ``instead`` is a ready suggestion."""

    start: int
    end: int
    kind: Kind
    hint: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """The text without accents, marks and hidden characters, all digits ASCII; ``at[i]`` is where ``text[i]`` came from."""

    text: str
    lower: str
    at: list[int]
    whole: str

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in the whole text, with the marks that belong to its last letter."""
        if len(self.at) == len(self.whole):  # nothing was left out and nothing has grown
            return start, end
        begin, stop = self.at[start], self.at[end - 1] + 1
        while stop < len(self.whole) and unicodedata.category(self.whole[stop])[0] == "M":
            stop += 1
        return begin, stop

    def without(self, hits: list[Hit]) -> str:
        """Return the plain text with the hits blanked out, at the same length."""
        kept = list(self.text)
        for hit in hits:
            kept[hit.start : hit.end] = "\n" * (hit.end - hit.start)
        return "".join(kept)

    def index(self, position: int) -> int:
        """Return the first plain offset that came from ``position`` or later."""
        return bisect_left(self.at, position)


def plain(whole: str) -> Plain:
    """Return the plain copy of ``whole``."""
    faces = {c: c if " " <= c <= "~" else _face(c) for c in set(whole)}
    at: list[int] = []
    if all(len(face) == 1 for face in faces.values()):
        at.extend(range(len(whole)))
    else:
        for position, c in enumerate(whole):
            at.extend([position] * len(faces[c]))
    text = whole.translate({ord(c): face for c, face in faces.items() if face != c})
    lower = text.lower()
    if len(lower) != len(text):  # a few letters grow in lower case; offsets matter more than they do
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return Plain(text, lower, at, whole)


@lru_cache(maxsize=8192)
def _face(c: str) -> str:
    category = unicodedata.category(c)
    if category[0] == "M" or category == "Cf" or c == "\u0640":
        return ""
    if c == "\n" or category in ("Zl", "Zp"):
        return "\n"
    if category == "Pd":
        return "-"
    if category in ("Cc", "Zs", "Cs"):
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(c))
    return _compatible(c).translate(_FACES)


def _compatible(c: str) -> str:
    parts = "".join(p for p in unicodedata.normalize("NFKD", c) if unicodedata.category(p)[0] != "M")
    return parts if 0 < len(parts) <= _LONGEST_FACE else c


@cache
def phrases(section: str) -> tuple[str, ...]:
    """Return the plain lower-case phrases of a section of ``cues.txt``, longest first; KeyError for an unknown one."""
    return tuple(sorted({plain(phrase).lower for phrase in _cues()[section]}, key=lambda p: (-len(p), p)))


@cache
def spellings(section: str) -> frozenset[str]:
    """Return the same phrases folded: they keep the vowel signs that the plain text has lost."""
    return frozenset(fold(phrase) for phrase in _cues()[section])


@cache
def _cues() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    here: set[str] = set()
    for line in (_DATA / "cues.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            here.update(phrase.strip() for phrase in line.split("|") if phrase.strip())
    return found


@cache
def ordinary() -> frozenset[str]:
    """Return plain lower-case words that carry a capital without naming a person or a small place."""
    lines = (_DATA / "ordinary.txt").read_text("utf-8").splitlines()
    return frozenset(plain(word).lower for line in lines if not line.startswith("#") for word in line.split())


@cache
def everyday(section: str) -> frozenset[str]:
    """Return folded words of ``everyday.txt``: "words" as they stand, "nouns" that take an article, "doing" in Latin script."""
    found: dict[str, set[str]] = {}
    here: set[str] = set()
    for line in (_DATA / "everyday.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            here.update(fold(word) for word in line.split())
    return frozenset(found[section])
