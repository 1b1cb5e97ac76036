"""Which shown number goes next where a hidden one lies in too narrow a range: the smallest of its row, of its column, a total."""

from collections import defaultdict
from dataclasses import dataclass

from app.domain.reporting.protecting.auditing import SIZES, WIDTH
from app.domain.reporting.protecting.pieces import Map
from app.domain.reporting.protecting.problem import Array, Problem, alone
from app.domain.reporting.protecting.solving import Part
from app.domain.reporting.protecting.system import System


@dataclass(frozen=True, slots=True)
class State:
    """The question as it stands: the system, its arrays, what is hidden."""

    system: System
    problem: Problem
    hidden: set[int]

    def may_go(self, unknown: int) -> bool:
        """Say whether hiding it changes anything: it is shown, and by this release."""
        return unknown not in self.hidden and bool(self.system.fresh[unknown])


def by_sums(state: State, low: Array, high: Array, narrow: set[int]) -> set[int]:
    """Choose for numbers that one sum alone holds (or in whose row nothing else is hidden); R4's order: row before column.

    Every sum gives at most one number a round; numbers that no sum holds alone are left to ``by_duals``.
    """
    below, above = alone(state.problem, low, high)
    mine = defaultdict(list)
    for e, n in enumerate(state.problem.unknown.tolist()):
        if n in narrow and state.problem.row[e] < state.problem.sums:
            mine[n].append(e)
    chosen = set[int]()
    for n in sorted(narrow):
        for e in sorted(mine[n], key=lambda e: state.system.sums[state.problem.row[e]]):
            least, most = max(below[e], low[n]), min(above[e], high[n])
            row = int(state.problem.row[e])
            if most - least < WIDTH or _is_only_hidden(state, row, n):
                found = _from_sum(state, row, n)
                chosen |= found
                if found:
                    break
    return chosen


def _is_only_hidden(state: State, row: int, n: int) -> bool:
    found = state.system.sums[row]
    return not any(m in state.hidden for m in (*found.parts, found.total) if m != n)


def _from_sum(state: State, row: int, n: int) -> set[int]:
    """Return the smallest shown part of a sum, else its total."""
    found = state.system.sums[row]
    parts = [m for m in found.parts if m != n and state.may_go(m)] or [m for m in (found.total,) if m != n and state.may_go(m)]
    smallest = min(parts, key=lambda m: (state.system.people(m), m), default=None)
    return set() if smallest is None else {smallest}


def by_duals(state: State, low: Array, high: Array, narrow: set[int]) -> set[int]:
    """Choose for numbers that only several sums together hold: among what holds them, by the dual of the linear program.

    The smallest cell that does goes before totals.
    """
    import numpy as np

    near = Map(state.problem, low, high > low)
    chosen = set[int]()
    for n in sorted(narrow):
        part = Part(state.problem, near.around(n, SIZES[-1]))
        place = int(np.searchsorted(part.members, n))
        chosen |= _first(state, {int(part.members[k]) for k in part.holding(place, low[part.members], high[part.members])})
    return chosen


def _first(state: State, holding: set[int]) -> set[int]:
    totals = {found.total for found in state.system.sums}
    able = [n for n in holding if state.may_go(n)]
    return {min(able, key=lambda n: (n in totals, state.system.people(n), n))} if able else set()
