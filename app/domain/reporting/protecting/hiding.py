"""Which shown number goes next where a hidden one lies in too narrow a range: the smallest of its row, of its column, a total."""

from collections import defaultdict
from dataclasses import dataclass

from app.domain.reporting.protecting.auditing import SIZES, WIDTH
from app.domain.reporting.protecting.knowledge import Bounds
from app.domain.reporting.protecting.pieces import Map
from app.domain.reporting.protecting.problem import Array, Problem, alone
from app.domain.reporting.protecting.solving import Part
from app.domain.reporting.protecting.system import System


@dataclass(frozen=True, slots=True)
class Choice:
    """What is hidden further: numbers that were shown, and bands that were printed for hidden ones."""

    numbers: frozenset[int]
    bands: frozenset[int]


@dataclass(frozen=True, slots=True)
class State:
    """The question as it stands: the system, its arrays, what is hidden, which bands are printed."""

    system: System
    problem: Problem
    hidden: set[int]
    bands: dict[int, Bounds]

    def may_go(self, unknown: int) -> bool:
        """Say whether hiding it changes anything: it is shown, and by this release."""
        return unknown not in self.hidden and bool(self.system.fresh[unknown])


def by_sums(state: State, low: Array, high: Array, narrow: set[int]) -> Choice:
    """Choose for numbers that one sum alone holds (or in whose row nothing else is hidden); R4's order: row before column.

    Every sum gives at most one number a round; numbers that no sum holds alone are left to ``by_duals``.
    """
    below, above = alone(state.problem, low, high)
    mine = defaultdict(list)
    for e, n in enumerate(state.problem.unknown.tolist()):
        if n in narrow and state.problem.row[e] < state.problem.sums:
            mine[n].append(e)
    chosen, bands = set[int](), set[int]()
    for n in sorted(narrow):
        entries = sorted(mine[n], key=lambda e: state.system.sums[state.problem.row[e]])
        for e in entries:
            least, most = max(below[e], low[n]), min(above[e], high[n])
            row = int(state.problem.row[e])
            if most - least < WIDTH or _is_only_hidden(state, row, n):
                found = _from_sum(state, row, n)
                chosen |= found.numbers
                bands |= found.bands
                if found.numbers or found.bands:
                    break
    return Choice(frozenset(chosen), frozenset(bands))


def _is_only_hidden(state: State, row: int, n: int) -> bool:
    found = state.system.sums[row]
    return not any(m in state.hidden for m in (*found.parts, found.total) if m != n)


def _from_sum(state: State, row: int, n: int) -> Choice:
    """Return the bands of a sum if it has any, else its smallest shown part, else its total."""
    found = state.system.sums[row]
    members = [m for m in (*found.parts, found.total) if m != n or n in state.bands]
    bands = frozenset(m for m in members if m in state.bands)
    parts = [m for m in found.parts if m != n and state.may_go(m)] or [m for m in (found.total,) if m != n and state.may_go(m)]
    smallest = min(parts, key=lambda m: (state.system.people(m), m), default=None)
    return Choice(frozenset() if bands or smallest is None else frozenset({smallest}), bands)


def by_duals(state: State, low: Array, high: Array, narrow: set[int]) -> Choice:
    """Choose for numbers that only several sums together hold: among what holds them, by the dual of the linear program.

    The smallest cell that does goes before totals; without a dual, whatever is near goes.
    """
    import numpy as np

    near = Map(state.problem, low, high > low)
    chosen, bands = set(), set()
    for n in sorted(narrow):
        part = Part(state.problem, near.around(n, SIZES[-1]))
        place = int(np.searchsorted(part.members, n))
        holding = {int(part.members[k]) for k in part.holding(place, low[part.members], high[part.members])}
        bands |= holding & set(state.bands)
        if not holding & set(state.bands):
            chosen |= _first(state, holding)
    return Choice(frozenset(chosen), frozenset(bands))


def _first(state: State, holding: set[int]) -> set[int]:
    totals = {found.total for found in state.system.sums}
    able = [n for n in holding if state.may_go(n)]
    return {min(able, key=lambda n: (n in totals, state.system.people(n), n))} if able else set()
