"""An index from block keys to listings: sorted numbers for what is there, a small table for what came since."""

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.domain.directory.duplicates.blocking import MOST

MANY = 1_000  # listings after which what came since is sorted in, and that are paired in one go
Numbers = NDArray[np.int64]
_NONE: NDArray[np.int32] = np.empty(0, np.int32)


class Index:
    """Listings by number, in the order in which they were added, under all of their keys."""

    def __init__(self) -> None:
        self._keys = array("q")
        self._ends = array("q", [0])  # where the keys of each listing end
        self._settled = 0  # listings that the sorted part covers
        self._sorted: Numbers = np.empty(0, np.int64)  # every key once
        self._starts: Numbers = np.zeros(1, np.int64)  # where its block starts in ``_members``
        self._members: NDArray[np.int32] = _NONE
        self._block: NDArray[np.int32] = _NONE  # for each of ``_keys`` its place in ``_sorted``
        self._since: dict[int, list[int]] = {}
        self._noted = 0  # listings that stand in either part

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, keys: set[int]) -> None:
        """Add the next listing."""
        self._keys.extend(keys)
        self._ends.append(len(self._keys))

    def beside(self, keys: list[int], newcomers: int = 0) -> list[int]:
        """Return who stands in the blocks of these keys, in ascending order; blocks of more than ``MOST`` are passed over.

        ``newcomers`` is how many listings the blocks would gain.
        """
        self._catch_up()
        found: set[int] = set()
        for key, at in zip(keys, np.searchsorted(self._sorted, np.array(keys, np.int64)).tolist(), strict=True):
            there = at < len(self._sorted) and self._sorted[at] == key
            block = self._members[self._starts[at] : self._starts[at + 1]] if there else _NONE
            since = self._since.get(key, [])
            if len(block) + len(since) <= MOST - newcomers:
                found.update(block.tolist(), since)
        return sorted(found)

    def of(self, number: int) -> list[int]:
        """Return who shares a block with a listing of the index, in ascending order, itself among them."""
        return self.beside(self._keys[self._ends[number] : self._ends[number + 1]].tolist())

    def pairs(self, order: list[int]) -> Iterator[tuple[int, list[int]]]:
        """Yield the listings in the order asked for, each with the later ones (by number) that it shares a block with."""
        if self._settled < len(self):
            self._settle()
        for first in range(0, len(order), MANY):
            some = np.array(order[first : first + MANY], np.int64)
            place, other = self._later(some)
            bounds = np.searchsorted(place, np.arange(len(some) + 1)).tolist()
            for at, number in enumerate(some.tolist()):
                yield number, other[bounds[at] : bounds[at + 1]].tolist()

    def _later(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Return the pairs of these listings with later ones, each once: the place in ``numbers``, the number of the other."""
        ends = np.array(self._ends, np.int64)
        places, at = _spread(ends[numbers], ends[numbers + 1] - ends[numbers])
        blocks = self._block[at]
        sizes = self._starts[blocks + 1] - self._starts[blocks]
        fits = (sizes > 1) & (sizes <= MOST)
        within, at = _spread(self._starts[blocks[fits]], sizes[fits])
        places, members = places[fits][within], self._members[at].astype(np.int64)
        later = members > numbers[places]
        coded = np.unique(places[later] * len(self) + members[later])
        return coded // len(self), coded % len(self)

    def _catch_up(self) -> None:
        """Note what was added since the last question."""
        if len(self) - self._settled > MANY:
            self._settle()
        for number in range(self._noted, len(self)):
            for key in self._keys[self._ends[number] : self._ends[number + 1]]:
                self._since.setdefault(key, []).append(number)
        self._noted = len(self)

    def _settle(self) -> None:
        keys, ends = np.array(self._keys, np.int64), np.array(self._ends, np.int64)
        owners = np.repeat(np.arange(len(self), dtype=np.int32), ends[1:] - ends[:-1])
        order = np.argsort(keys, kind="stable")
        self._members = owners[order]
        self._sorted, starts = np.unique(keys[order], return_index=True)
        self._starts = np.append(starts, len(keys))
        self._block = np.empty(len(keys), np.int32)
        self._block[order] = np.repeat(np.arange(len(self._sorted), dtype=np.int32), self._starts[1:] - self._starts[:-1])
        self._since = {}
        self._settled = self._noted = len(self)


def _spread(starts: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Return every position of several ranges, and before it the place of its range among them."""
    places = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    within = np.arange(len(places), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return places, starts[places] + within
