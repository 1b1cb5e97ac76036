"""The exact assignment: each mentee at most one mentor, each mentor as many as there are places, the sum as large as it can be."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.mentoring.pairs import Bits, Ints, Pairs

NOBODY: Final = -1
_EXACT = 2**51  # whole numbers of this size can be added twice in the solver's floating point and stay exact


@dataclass(frozen=True, slots=True)
class Part:
    """Mentees and mentors that compete with each other, and with nobody else.

    ``mentees`` and ``mentors`` are positions in the lists of the round; ``places`` and the two ``ties`` belong to them. A pair is
    a position in ``mentee``, ``mentor`` (numbers within the part) and ``score``.
    """

    mentees: Ints
    mentors: Ints
    places: Ints
    ties: tuple[Bits, Bits]
    mentee: Ints
    mentor: Ints
    score: Ints


def lots(names: Sequence[str]) -> Bits:
    """Return a number for each id, from which ties are drawn: the same for the same people in whatever order they come."""
    digests = (hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=8).digest() for name in names)
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


def parts(found: Sequence[Pairs], places: Ints, ties: tuple[Bits, Bits]) -> list[Part]:
    """Return the connected components of the admissible pairs; ``places`` of each mentor, ``ties`` of both sides from ``lots``."""
    return [part for pairs in found if len(pairs.score) for part in _components(pairs, places, ties)]


def _components(pairs: Pairs, places: Ints, ties: tuple[Bits, Bits]) -> Iterator[Part]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    many = int(pairs.mentee.max()) + 1
    size = many + int(pairs.mentor.max()) + 1
    graph = coo_array((np.ones(len(pairs.score), np.int8), (pairs.mentee, pairs.mentor + many)), shape=(size, size))
    label = connected_components(graph, directed=False)[1][pairs.mentee]
    order = np.argsort(label, kind="stable")
    for chosen in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
        mentees, mentee = np.unique(pairs.mentee[chosen], return_inverse=True)
        mentors, mentor = np.unique(pairs.mentor[chosen], return_inverse=True)
        useful = np.minimum(places[mentors], np.bincount(mentor))
        yield Part(
            mentees, mentors, useful, (ties[0][mentees], ties[1][mentors]),
            mentee.astype(np.int32), mentor.astype(np.int32), pairs.score[chosen],
        )  # fmt: skip


def assign(part: Part, worth: Ints) -> Ints:
    """Return for each mentee of the part the number of their mentor, or NOBODY, so that Σ (score + worth) is the largest.

    ``worth`` of serving each mentee, > 0. Exact: `linear_sum_assignment` (Crouse 2016, doi 10.1109/TAES.2016.140952) with a column
    for each place, in whole numbers. Of several largest sums one is drawn by lot, so no solver and no order decides.
    """
    from scipy.optimize import linear_sum_assignment

    by_mentee = len(part.mentees) <= part.places.sum()  # the solver wants the fewer ones in rows, and then copies nothing
    cost = _costs(part, worth, by_mentee)
    rows, columns = linear_sum_assignment(cost)
    paired = cost[rows, columns] < 0  # zero: somebody without a mentor beside a place without a mentee
    mentee, column = (rows, columns) if by_mentee else (columns, rows)
    found = np.full(len(part.mentees), NOBODY)
    found[mentee[paired]] = np.repeat(np.arange(len(part.places)), part.places)[column[paired]]
    return found


def _costs(part: Part, worth: Ints, by_mentee: bool) -> npt.NDArray[np.float64]:
    """Return mentees x places (or the other way round): minus the utility with a lot below it, 0 where nobody is paired."""
    most, total = min(len(part.mentees), int(part.places.sum())), int(part.places.sum())
    utility = part.score + worth[part.mentee]
    room = _EXACT // (int(utility.max()) + 1)
    utility *= room
    utility += _draw(part, max(1, room // (most + 1)))  # all lots together stay below one point
    first = np.cumsum(part.places) - part.places
    cost = np.zeros((len(part.mentees), total) if by_mentee else (total, len(part.mentees)))
    for place in range(int(part.places.max())):
        there = part.places[part.mentor] > place
        mentee, column = part.mentee[there], first[part.mentor[there]] + place
        cost[(mentee, column) if by_mentee else (column, mentee)] = -utility[there]
    return cost


def _draw(part: Part, below: int) -> Ints:
    """Return the lot of each pair, a whole number from 0 to ``below`` (not included)."""
    mixed = part.ties[1][part.mentor] * np.uint64(0x9E3779B97F4A7C15)  # the odd numbers of splitmix64 (Steele, Lea, Flood 2014)
    mixed ^= part.ties[0][part.mentee]
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed >>= np.uint64(32)
    return (mixed % np.uint64(below)).astype(np.int64)
