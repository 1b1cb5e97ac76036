"""The exact assignment: each mentee at most one mentor, each mentor as many as there are places, the sum as large as it can be."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.mentoring.pairs import Bits, Ints, Pairs

NOBODY: Final = -1
_EXACT: Final = 2**51  # whole numbers of this size can be added twice in the solvers' floating point and stay exact
_FEW: Final = 0.02  # of all pairs of a part: below, a list is quicker than a table
_MOST_CELLS: Final = 120_000_000  # of a table: one gigabyte


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

    ``worth`` of serving each mentee, > 0. Exact, in whole numbers, with a column for each place: where many pairs are possible
    `linear_sum_assignment` (Crouse 2016, doi 10.1109/TAES.2016.140952), where few are `min_weight_full_bipartite_matching` (Jonker,
    Volgenant 1987, doi 10.1007/BF02278710). Of several largest sums one is drawn by lot, so no solver and no order decides.
    """
    cells = len(part.mentees) * int(part.places.sum())
    few = len(part.score) < _FEW * len(part.mentees) * len(part.mentors)
    place = (_thin if few or cells > _MOST_CELLS else _dense)(part, _with_lots(part, worth))
    found = np.full(len(part.mentees), NOBODY)
    found[place >= 0] = np.repeat(np.arange(len(part.places)), part.places)[place[place >= 0]]
    return found


def _dense(part: Part, utility: Ints) -> Ints:
    """Return the place of each mentee, or NOBODY, from a table of all mentees and places."""
    from scipy.optimize import linear_sum_assignment

    total, many = int(part.places.sum()), len(part.mentees)
    by_mentee = many <= total  # the solver wants the fewer ones in rows, and then copies nothing
    cost = np.zeros((many, total) if by_mentee else (total, many))  # 0 where nobody is paired
    first = np.cumsum(part.places) - part.places
    for number in range(int(part.places.max())):
        there = part.places[part.mentor] > number
        mentee, place = part.mentee[there], first[part.mentor[there]] + number
        cost[(mentee, place) if by_mentee else (place, mentee)] = -utility[there]
    rows, columns = linear_sum_assignment(cost)
    paired = cost[rows, columns] < 0
    mentee, place = (rows, columns) if by_mentee else (columns, rows)
    found = np.full(many, NOBODY)
    found[mentee[paired]] = place[paired]
    return found


def _thin(part: Part, utility: Ints) -> Ints:
    """Return the place of each mentee, or NOBODY, from a list of what is possible; each mentee may also stay without."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    total, many = int(part.places.sum()), len(part.mentees)
    times, dearest = part.places[part.mentor], int(utility.max()) + 1
    pair = np.repeat(np.arange(len(times)), times)
    place = (np.cumsum(part.places) - part.places)[part.mentor[pair]] + _counted(times)
    rows = np.concatenate([part.mentee[pair], np.arange(many)])
    columns = np.concatenate([place, total + np.arange(many)])
    costs = np.concatenate([dearest - utility[pair], np.full(many, dearest)]).astype(np.float64)
    _rows, found = min_weight_full_bipartite_matching(csr_array((costs, (rows, columns)), shape=(many, total + many)))
    return np.where(found < total, found, NOBODY)


def _counted(times: Ints) -> Ints:
    """Return 0, 1, 2 … for each repetition: [2, 3] gives 0, 1, 0, 1, 2."""
    return np.asarray(np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times), np.int64)


def _with_lots(part: Part, worth: Ints) -> Ints:
    """Return the utility of each pair with a lot below it: all lots together stay below one point of utility."""
    utility = part.score + worth[part.mentee]
    room = _EXACT // (int(utility.max()) + 1)
    most = min(len(part.mentees), int(part.places.sum()))
    utility *= room
    utility += _draw(part, max(1, room // (most + 1)))
    return utility


def _draw(part: Part, below: int) -> Ints:
    """Return the lot of each pair, a whole number from 0 to ``below`` (not included)."""
    mixed = part.ties[1][part.mentor] * np.uint64(0x9E3779B97F4A7C15)  # the odd numbers of splitmix64 (Steele, Lea, Flood 2014)
    mixed ^= part.ties[0][part.mentee]
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed >>= np.uint64(32)
    return (mixed % np.uint64(below)).astype(np.int64)
