"""Parts of a problem that can be searched by themselves: what hangs together, and the neighbourhood of one number."""

from collections import deque
from typing import Any

from app.domain.reporting.protecting.problem import Array, Problem

LONG = 24  # of a longer sum, only so many parts are taken into a neighbourhood


def islands(p: Problem, free: Array, entries: Array | bool = True) -> Array:
    """Return for each unknown the number of its connected component among those that can move at all; -1 for the others.

    ``entries``: which entries of the rows connect.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    used = free[p.unknown] & entries
    many = p.size + p.rows
    graph = coo_array((np.ones(used.sum()), (p.unknown[used], p.size + p.row[used])), shape=(many, many))
    _count, labels = connected_components(graph, directed=False)
    return np.where(free, labels[: p.size], -1)


def islands_apart(island_of: Array) -> list[Array]:
    """Return the sorted unknowns of each island."""
    import numpy as np

    order = np.argsort(island_of, kind="stable")
    apart = np.split(order, np.flatnonzero(np.diff(island_of[order])) + 1)
    return [members for members in apart if len(members) and island_of[members[0]] >= 0]


def chunks(p: Problem, island: Array, size: int) -> list[Array]:
    """Return an island cut into parts of about ``size`` unknowns, each sorted; what stands in long sums only is in every part.

    What hangs together by short sums (a group with all its tables) stays together.
    """
    import numpy as np

    free = np.zeros(p.size, dtype=bool)
    free[island] = True
    many = np.bincount(p.row[free[p.unknown]], minlength=p.rows)
    short = (many <= LONG)[p.row]
    label = islands(p, free, short)[island]
    names, first, count = np.unique(label, return_index=True, return_counts=True)
    common = island[np.isin(label, names[count == 1])]
    blocks = [(int(f), int(n), int(c)) for n, f, c in zip(names, first, count, strict=True) if c > 1]
    parts: list[list[int]] = [[]]
    filled = 0
    for _first, name, inside in sorted(blocks):
        if filled and filled + inside > size:
            parts.append([])
            filled = 0
        parts[-1].append(name)
        filled += inside
    return [np.union1d(common, island[np.isin(label, names)]) for names in parts]


def has_no_circle(p: Problem, members: Array) -> bool:
    """Say whether rows and these unknowns (one island) form a tree: then the closed-form bounds are exact."""
    import numpy as np

    inside = np.zeros(p.size, dtype=bool)
    inside[members] = True
    used = inside[p.unknown]
    unit = bool((np.abs(p.sign[used]) == 1).all())
    return unit and int(used.sum()) == len(members) + len(np.unique(p.row[used])) - 1


class Map:
    """Who stands in which row, among the unknowns that can move."""

    def __init__(self, p: Problem, low: Array, free: Array) -> None:
        """Build lists of neighbours once; a neighbourhood is then a short walk."""
        import numpy as np

        self.givers: dict[int, list[int]] = {}
        self.place: dict[int, dict[int, int]] = {}
        self.room = np.minimum(-low, 5)
        self.rows_of: list[list[int]] = [[] for _ in range(p.size)]
        self.in_row: list[list[int]] = [[] for _ in range(p.rows)]
        self.total_of: list[int] = [-1] * p.rows
        for row, unknown, sign in zip(p.row.tolist(), p.unknown.tolist(), p.sign.tolist(), strict=True):
            if free[unknown]:
                self.rows_of[unknown].append(row)
                self.in_row[row].append(unknown)
                if sign < 0:
                    self.total_of[row] = unknown

    def around(self, start: int, size: int) -> Any:
        """Return the sorted unknowns nearest to ``start``, at most about ``size``.

        Short sums (a group with all its tables) come whole; of long ones come the total, those that can give most, and the next.
        """
        import numpy as np

        seen, walked = {start}, set()
        near, far = [start], deque[int]()
        while (near or far) and len(seen) < size:
            unknown = near.pop() if near else far.popleft()
            if unknown not in seen:
                seen.add(unknown)
            for row in self.rows_of[unknown]:
                if row in walked:
                    continue
                walked.add(row)
                if len(self.in_row[row]) <= LONG:
                    new = [n for n in self.in_row[row] if n not in seen]
                    seen.update(new)
                    near.extend(new)
                else:
                    far.extend(self._some(row, unknown))
        return np.array(sorted(seen))

    def _some(self, row: int, unknown: int) -> list[int]:
        members = self.in_row[row]
        if len(members) <= LONG:
            return members
        if row not in self.givers:
            self.givers[row] = sorted(members, key=lambda n: (-self.room[n], n))[: LONG // 2]
            self.place[row] = {n: k for k, n in enumerate(members)}
        place = self.place[row][unknown]
        near = [members[(place + k) % len(members)] for k in range(LONG // 2)]
        mixed = [n for pair in zip(self.givers[row], near, strict=True) for n in pair]
        return [*([self.total_of[row]] if self.total_of[row] >= 0 else []), *mixed]
