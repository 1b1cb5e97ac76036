"""Whole-number tables that fit everything published, found by HiGHS (through scipy) and checked by plain arithmetic."""

from math import inf

from app.domain.reporting.protecting.problem import Array, Problem

NODES = 500  # of one search in whole numbers; what is not found by then counts as not found (a clock would make chance of it)
ALMOST = 1e-6  # what a linear program may be wrong by


class Part:
    """Some unknowns that may move while all others stay at the truth: every table found here is a table of the whole."""

    def __init__(self, p: Problem, members: Array) -> None:
        """Take the sorted members; only rows that one of them stands in are kept."""
        import numpy as np
        from scipy.sparse import csr_array

        place = np.full(p.size, -1)
        place[members] = np.arange(len(members))
        inside = place[p.unknown] >= 0
        rows, local = np.unique(p.row[inside], return_inverse=True)
        self.members = members
        self.least, self.most = p.least[rows], p.most[rows]
        shape = (len(rows), len(members))
        self.matrix = csr_array((p.sign[inside].astype(float), (local, place[p.unknown[inside]])), shape=shape)

    def best(
        self, gain: Array, low: Array, high: Array, *, exact: bool = True, enough: float = 0.0
    ) -> tuple[Array | None, float]:  # fmt: skip
        """Return the fitting table (distances of the members) with the largest Σ gain·y, or None, and that sum with halves allowed.

        Corners of most such problems are whole numbers, so the linear program comes first, which is ten times faster; unless
        ``exact`` and more than ``enough`` is left, it is all that is tried. Without presolving it is faster still, and with it
        other corners are found.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        sums, reach = LinearConstraint(self.matrix, self.least, self.most), inf
        for whole, presolve in ((0, False), (0, True), (1, True))[: 2 + exact]:
            found = milp(
                -gain, integrality=np.full(len(gain), whole), bounds=Bounds(low, high), constraints=sums,
                options={"node_limit": NODES, "presolve": presolve},
            )  # fmt: skip
            if found.x is not None and not whole:
                reach = min(reach, float(gain @ found.x))
            if found.x is not None and self.fits(table := np.rint(found.x), low, high):
                return table, reach
            if reach < enough - ALMOST:
                break
        return None, reach

    def fits(self, table: Array, low: Array, high: Array) -> bool:
        """Say whether a table keeps every bound, sum and limit exactly."""
        rows = self.matrix @ table
        within = (table >= low).all() and (table <= high).all()
        return bool(within and (rows >= self.least).all() and (rows <= self.most).all())

    def holding(self, target: int, low: Array, high: Array) -> set[int]:
        """Return the positions of members whose bounds hold the range of one member narrow (by the dual of the linear program)."""
        import numpy as np
        from scipy.optimize import linprog

        equal = self.least == self.most
        gain = np.zeros(len(low))
        gain[target] = 1.0
        holding: set[int] = set()
        for direction in (-1.0, 1.0):
            found = linprog(
                direction * gain, A_eq=self.matrix[equal], b_eq=self.most[equal], A_ub=self.matrix[~equal], b_ub=self.most[~equal],
                bounds=np.column_stack([low, high]), method="highs",
            )  # fmt: skip
            if found.status == 0:
                duals = np.abs(found.lower.marginals) + np.abs(found.upper.marginals)
                holding |= {int(n) for n in np.flatnonzero(duals > 1e-7)}
        return holding - {target}
