"""The system as arrays, and the closed-form ranges: what each sum alone says, passed on until nothing changes."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from app.domain.reporting.protecting.system import System

if TYPE_CHECKING:
    import numpy as np

Array = Any  # numpy arrays; numpy is imported only when something is protected
PASSES = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows ``least ≤ Σ sign·y ≤ most`` as entries (row, unknown, sign), the sums first, then the limits."""

    size: int
    row: "np.ndarray[Any, Any]"
    unknown: "np.ndarray[Any, Any]"
    sign: "np.ndarray[Any, Any]"
    least: "np.ndarray[Any, Any]"
    most: "np.ndarray[Any, Any]"
    sums: int

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.least)


def problem(system: System) -> Problem:
    """Return the arrays of a system."""
    import numpy as np

    entries: list[tuple[int, int, int]] = []
    for n, found in enumerate(system.sums):
        signs = dict.fromkeys(found.parts, 0)
        for part in found.parts:
            signs[part] += 1
        signs[found.total] = signs.get(found.total, 0) - 1
        entries += [(n, unknown, sign) for unknown, sign in signs.items() if sign]
    sums = len(system.sums)
    for n, (a, b, _slack) in enumerate(system.limits, sums):
        entries += [(n, a, 1), (n, b, -1)]
    row, unknown, sign = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    least = np.array([0.0] * sums + [-inf] * len(system.limits))
    most = np.array([0.0] * sums + [float(slack) for *_pair, slack in system.limits])
    return Problem(system.size, row, unknown, sign, least, most, sums)


def outer(p: Problem, low: Array, high: Array) -> tuple[Array, Array, bool]:
    """Return bounds that no table leaves, and whether they are at rest.

    Interval propagation: in each row, a member is bounded by what all others can reach. Where rows and unknowns form no
    circle, the bounds at rest are exact (a closed form); elsewhere they may be wider than the truth.
    """
    import numpy as np

    for _ in range(PASSES):
        below, above = alone(p, low, high)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, p.unknown, below)
        np.minimum.at(new_high, p.unknown, above)
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            return low, high, True
        low, high = new_low, new_high
    return low, high, False


def alone(p: Problem, low: Array, high: Array) -> tuple[Array, Array]:
    """Return for each entry the lower and upper bound of its unknown that its row alone gives."""
    import numpy as np

    forward = p.sign > 0
    size = np.abs(p.sign)
    smallest = np.where(forward, low[p.unknown], -high[p.unknown]) * size
    largest = np.where(forward, high[p.unknown], -low[p.unknown]) * size
    rest_small = _others(p, smallest)
    rest_large = _others(p, largest)
    up, down = (p.most[p.row] - rest_small) / size, (p.least[p.row] - rest_large) / size
    return np.where(forward, np.ceil(down), np.ceil(-up)), np.where(forward, np.floor(up), np.floor(-down))


def _others(p: Problem, reach: Array) -> Array:
    """Return for each entry the sum of the reaches of the other entries of its row; infinite where one of them is."""
    import numpy as np

    endless = ~np.isfinite(reach)
    finite = np.where(endless, 0.0, reach)
    total = np.bincount(p.row, weights=finite, minlength=p.rows)[p.row] - finite
    count = np.bincount(p.row, weights=endless, minlength=p.rows)[p.row] - endless
    sign = np.where(endless, np.sign(reach), 0.0)
    direction = np.sign(np.bincount(p.row, weights=sign, minlength=p.rows)[p.row])
    return np.where(count > 0.5, np.where(direction > 0, inf, -inf), total)
