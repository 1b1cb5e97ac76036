"""Towns, addresses and points: taken apart, and whether two of them can be the same place."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from math import cos, hypot, radians
from typing import NamedTuple

from rapidfuzz.distance import OSA

from app.core.text import words
from app.domain.directory.duplicates import wordlists
from app.domain.directory.duplicates.spelling import (
    SURE,
    folded,
    may_be_near,
    nearness,
    script,
    sound,
    sounds_alike,
    without_article,
)

KM_PER_DEGREE = 111.2
_TYPING = 0.8  # part of the letters of two towns' names that must agree for a typing mistake
_BETWEEN = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_REGION = re.compile(r"(?<=\w)\s*[,(（،]")
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_LONG_NUMBER = 4  # digits from which a number beside a town's name is a postcode


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A town taken apart: its own words, what kind of place it says it is, numbers, and what is heard of it.

    ``town_of`` gives the same one for the same text, and comparisons are kept by pair.
    """

    core: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    heard: str = ""
    known: int = -1  # its number among the towns with several names
    script: str = ""

    def __bool__(self) -> bool:
        return bool(self.core)

    @property
    def key(self) -> str:
        """Return what all spellings of this town share, as far as one can tell."""
        if self.known >= 0:
            return f"#{self.known}"
        return (self.heard if len(self.heard) >= 2 else "".join(sorted(self.core))) + "".join(sorted(self.numbers))


class Point(NamedTuple):
    """A place on the earth in degrees; ``shrink`` is the cosine of the latitude, kept because it is needed for every pair."""

    lat: float
    lon: float
    shrink: float


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """An address taken apart: words of the street without its kind, numbers without their letters."""

    words: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    script: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers)


@lru_cache(maxsize=50_000)
def town_of(text: str) -> Town:
    """Take a town's name apart ("Mafraq City": mafraq, a town).

    What follows a comma or a bracket is a region, a long number a postcode.
    """
    core, kinds, numbers = _parts(_REGION.split(text, 1)[0])
    heard = "".join(sorted(sound(w) for w in core))
    known = _known().get(" ".join(sorted(core)), -1)
    return Town(core, frozenset(kinds), frozenset(numbers), heard, known, script("".join(core)))


def _parts(text: str) -> tuple[tuple[str, ...], set[str], set[str]]:
    kinds, small = wordlists.place_kinds(), wordlists.place_small()
    tokens = [_SHORT.get(w, w) for w in map(without_article, words(folded(text)))]
    numbers = {t.lstrip("0") for t in tokens if t.isdecimal() and len(t) < _LONG_NUMBER}
    named = [t for t in tokens if not t.isdecimal() and t not in small]
    core = [t for t in named if t not in kinds]
    return tuple(core or named), {kinds[t] for t in named if t in kinds}, numbers


@cache
def _known() -> dict[str, int]:
    return {
        " ".join(sorted(_parts(name)[0])): n for n, names in enumerate(wordlists.town_names()) for name in names
    }  # fmt: skip


@lru_cache(maxsize=50_000)
def compare_towns(a: Town, b: Town) -> str:
    """Say whether two towns are the same, differ only in the kind of place, or are others; "" where they cannot be compared."""
    if a.core == b.core and a.kinds == b.kinds and a.numbers == b.numbers:
        return "town_same"
    if (a.numbers - b.numbers) and (b.numbers - a.numbers):
        return "town_other"
    if not _same_core(a, b):
        return "town_other" if a.script == b.script or a.known >= 0 <= b.known else ""
    other_kind = a.kinds and b.kinds and a.kinds.isdisjoint(b.kinds)
    return "town_kind" if other_kind or a.numbers != b.numbers else "town_same"


def _same_core(a: Town, b: Town) -> bool:
    if a.known >= 0 and b.known >= 0:
        return a.known == b.known
    if a.core == b.core or set(a.core) <= set(b.core) or set(b.core) <= set(a.core):
        return True
    if a.script != b.script:
        return sounds_alike(a.heard, b.heard)
    return OSA.normalized_similarity(" ".join(a.core), " ".join(b.core)) >= _TYPING


def point_of(lat: float | None, lon: float | None) -> Point | None:
    """Return a point, None where there is none; 0, 0 lies in the sea and stands for "not known"."""
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None
    return Point(lat, lon, cos(radians(lat)))


def km_apart(a: Point, b: Point) -> float:
    """Return the distance in kilometres, on a flat earth: right to a hundredth within a country, which is all that counts here."""
    east = abs(a.lon - b.lon)
    return KM_PER_DEGREE * hypot(a.lat - b.lat, min(east, 360 - east) * a.shrink)


@lru_cache(maxsize=50_000)
def address_of(text: str, town: Town) -> Address:
    """Take an address apart; words that only say street, floor or town do not count."""
    skip, small = wordlists.of_all_languages("street_words"), wordlists.of_all_languages("small")
    tokens = words(_BETWEEN.sub(" ", folded(text)))
    plain = [without_article(t) for t in tokens if not t.isdecimal()]
    names = frozenset(t for t in plain if len(t) > 1 and t not in skip and t not in small and t not in town.core)
    numbers = dict.fromkeys(n for t in tokens if t.isdecimal() and (n := t.lstrip("0")) and len(n) < _LONG_NUMBER + 1)
    return Address(names, tuple(numbers), script("".join(names)))


@lru_cache(maxsize=50_000)
def street_share(a: Address, b: Address) -> float:
    """Return which part of the street's words of the shorter address the other has too, 0 to 1."""
    if a.words == b.words:
        return 1.0
    short, long = (a.words, b.words) if len(a.words) <= len(b.words) else (b.words, a.words)
    if a.script != b.script:
        heard = [sound(w) for w in long]
        return sum(any(sounds_alike(sound(w), h) for h in heard) for w in short) / len(short)
    return sum(w in long or any(may_be_near(w, other) and nearness(w, other) == SURE for other in long) for w in short) / len(short)
