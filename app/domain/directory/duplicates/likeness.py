"""How much of two names is the same: words are paired whatever their order, mistyped and shortened ones too."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from app.domain.directory.duplicates.naming import COMMON, Name, weight
from app.domain.directory.duplicates.spelling import SURE, may_be_near, nearness, sound, sounds_alike

_JOINED = 8  # letters from which words written together or apart are compared as one
_NOBODY: frozenset[str] = frozenset()


class Likeness(NamedTuple):
    """What two names have in common and what only one has, as weights; ``rest`` are words of one alone that say what is offered."""

    both: float
    only_a: float
    only_b: float
    rest: tuple[str, ...]

    @property
    def share(self) -> float:
        """Return the part of all words that is in both (Dice's coefficient, weighted), 0 to 1."""
        whole = 2 * self.both + self.only_a + self.only_b
        return 2 * self.both / whole if whole else 0.0


class _Parting(NamedTuple):
    """The words in both names; the weight of those that are nearly in both, and of the doubt in that; the words of one alone."""

    shared: tuple[str, ...]
    near: float
    doubt: float
    rest_a: tuple[str, ...]
    rest_b: tuple[str, ...]


def total(words: Iterable[str]) -> float:
    """Return the weight of words."""
    return sum(map(weight, words))


def likeness(a: Name, b: Name, aside_a: frozenset[str] = _NOBODY, aside_b: frozenset[str] = _NOBODY) -> Likeness:
    """Compare two names of one language.

    Words that either listing has as town or organisation (``aside``) count like one common word, however many they are.
    """
    shared, near, doubt, rest_a, rest_b = _parting(a, b)
    both = near
    for word in shared:
        both += COMMON if word in aside_a or word in aside_b else weight(word)
    if not rest_a and not rest_b:
        return Likeness(both, doubt, doubt, ())
    own_a = tuple([w for w in rest_a if w not in aside_a and w not in aside_b])
    own_b = tuple([w for w in rest_b if w not in aside_a and w not in aside_b])
    said_a, said_b = COMMON * (len(own_a) < len(rest_a)), COMMON * (len(own_b) < len(rest_b))
    return Likeness(both, total(own_a) + said_a + doubt, total(own_b) + said_b + doubt, own_a + own_b)


@lru_cache(maxsize=50_000)
def _parting(a: Name, b: Name) -> _Parting:
    if a.words == b.words:
        return _Parting(a.words, 0.0, 0.0, (), ())
    only_a = [w for w in a.words if w not in b.words]
    only_b = [w for w in b.words if w not in a.words]
    for long, rest in ((b, only_a), (a, only_b)):
        if any(letters in rest for letters in long.initials):
            return _Parting((), SURE * total(long.words), 0.0, (), ())
    shared = tuple([w for w in a.words if w in b.words])
    near, doubt = _paired(only_a, only_b) if only_a and only_b else (0.0, 0.0)
    return _Parting(shared, near, doubt, tuple(only_a), tuple(only_b))


def _paired(only_a: list[str], only_b: list[str]) -> tuple[float, float]:
    """Take words that are one, differently written, out of both lists; return their weight, and how much of it is in doubt."""
    if _joined(only_a, only_b):
        found = SURE * max(total(only_a), total(only_b))
        only_a.clear()
        only_b.clear()
        return found, 0.0
    found = doubt = 0.0
    for word in only_a[:]:
        best, other = 0.0, ""
        for candidate in only_b:
            if may_be_near(word, candidate) and (near := nearness(word, candidate)) > best:
                best, other = near, candidate
        if best:
            only_a.remove(word)
            only_b.remove(other)
            full = max(weight(word), weight(other))
            found += best * full
            doubt += (1 - best) * full if best < SURE else 0.0
    return found, doubt


def _joined(only_a: list[str], only_b: list[str]) -> bool:
    """Say whether the rests are the same letters, parted elsewhere: "help desk" and "helpdesk"."""
    if len(only_a) == len(only_b):
        return False
    a, b = "".join(only_a), "".join(only_b)
    return min(len(a), len(b)) >= _JOINED and abs(len(a) - len(b)) <= 1 and OSA.distance(a, b, score_cutoff=1) <= 1


@lru_cache(maxsize=20_000)
def heard_alike(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return which part of the words of the shorter name sounds like one of the other: names across scripts, 0 to 1."""
    short, long = sorted((a, b), key=len)
    heard = [sound(w) for w in long]
    return sum(any(sounds_alike(sound(w), h) for h in heard) for w in short) / len(short) if short else 0.0
