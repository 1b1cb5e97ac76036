"""Which shown number goes next where a hidden one lies in too narrow a range: the smallest of its row, of its column, a total."""

from collections import defaultdict
from dataclasses import dataclass

from app.domain.reporting.protecting.attacking import Attack
from app.domain.reporting.protecting.auditing import SIZES
from app.domain.reporting.protecting.pieces import Map
from app.domain.reporting.protecting.problem import Array, alone
from app.domain.reporting.protecting.solving import Part
from app.domain.reporting.protecting.system import Units


@dataclass(frozen=True, slots=True)
class State:
    """The question as it stands: who attacks, and which units are hidden."""

    attack: Attack
    units: Units
    hidden: set[int]

    def may_go(self, unknown: int) -> bool:
        """Say whether hiding it changes anything: it is shown, and by this release."""
        unit = self.attack.system.unit[unknown]
        return unit not in self.hidden and bool(self.units.counts[unit])

    def loss(self, unknown: int) -> tuple[bool, int, int]:
        """Return what makes hiding it a worse choice: that it is public already, how many people are lost; then its name."""
        return unknown in self.attack.system.public, self.units.people(self.attack.system.unit[unknown]), unknown


def next_hidden(state: State, narrow: Array) -> set[int]:
    """Return the units to hide next; empty where nothing that is shown holds the narrow numbers."""
    low, high = state.attack.bounds(state.hidden)
    found = _by_sums(state, low, high, set(narrow.tolist())) or _by_duals(state, low, high, narrow)
    return {state.attack.system.unit[n] for n in found}


def _by_sums(state: State, low: Array, high: Array, narrow: set[int]) -> set[int]:
    """Choose for numbers that one sum alone holds (or in whose row nothing else is hidden); R4's order: row before column.

    Every sum gives at most one number a round; numbers that no sum holds alone are left to ``_by_duals``.
    """
    p, sums = state.attack.problem, state.attack.system.sums
    below, above = alone(p, low, high)
    mine = defaultdict(list)
    for e, n in enumerate(p.unknown.tolist()):
        if n in narrow and p.row[e] < p.sums:
            mine[n].append(e)
    chosen = set[int]()
    for n in sorted(narrow):
        for e in sorted(mine[n], key=lambda e: sums[p.row[e]]):
            least, most = max(below[e], low[n]), min(above[e], high[n])
            row = int(p.row[e])
            if most - least < state.attack.need[n] or _is_only_hidden(state, row, n):
                found = _from_sum(state, row, n)
                chosen |= found
                if found:
                    break
    return chosen


def _is_only_hidden(state: State, row: int, n: int) -> bool:
    found, unit = state.attack.system.sums[row], state.attack.system.unit
    return not any(unit[m] in state.hidden for m in (*found.parts, found.total) if m != n)


def _from_sum(state: State, row: int, n: int) -> set[int]:
    """Return the smallest shown part of a sum, else its total."""
    found = state.attack.system.sums[row]
    parts = [m for m in found.parts if m != n and state.may_go(m)] or [m for m in (found.total,) if m != n and state.may_go(m)]
    return set(sorted(parts, key=state.loss)[:1])


def _by_duals(state: State, low: Array, high: Array, narrow: Array) -> set[int]:
    """Choose for numbers that only several sums together hold: among what holds them, by the dual of the linear program.

    The smallest cell that does goes before totals.
    """
    import numpy as np

    p = state.attack.problem
    near = Map(p, low, np.ones(p.size, dtype=bool))  # what two roundings fix holds others, too
    chosen = set[int]()
    for n in narrow.tolist():
        part = Part(p, near.around(n, SIZES[-1]))
        place = int(np.searchsorted(part.members, n))
        holding = part.members[sorted(part.holding(place, low[part.members], high[part.members]))].tolist()
        able = [m for m in holding if state.may_go(m)]
        chosen |= set(sorted(able, key=lambda m: (m in state.attack.totals, *state.loss(m)))[:1])
    return chosen
