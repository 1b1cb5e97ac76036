"""What an attacker knows of each number by itself: zero or more, what was printed and how it was rounded."""

from dataclasses import dataclass
from math import inf
from typing import Any

from app.domain.reporting.protecting.first import MARGIN
from app.domain.reporting.protecting.system import System
from app.domain.reporting.protecting.tables import rounded

Bounds = tuple[float, float]
SLACK = 2  # a printed number is exact to ±2, because it was rounded to 5


@dataclass(frozen=True, slots=True)
class Knowledge:
    """For each unknown the range of its distance from the truth: what is known anyway, and what printing it adds."""

    anyway: list[Bounds]
    printed: list[Bounds]

    def bounds(self, hidden: set[int]) -> tuple[Any, Any]:
        """Return lower and upper bounds of all unknowns as two arrays."""
        import numpy as np

        both = np.array([self.anyway[n] if n in hidden else self.printed[n] for n in range(len(self.anyway))], dtype=float)
        low, high = both.reshape(-1, 2).T.copy()
        return low, high


def knowledge(system: System, threshold: int) -> Knowledge:
    """Return what is known of each unknown. A printed number is at least the threshold: attackers know the rules."""
    returned = {b for _a, b in system.after}
    anyway, printed = [], []
    for n in range(system.size):
        known = (-inf, inf)
        for count, value in system.told[n]:
            known = _both(known, (-count, inf) if value is None else _rounded_to(value, count, min(threshold, count)))
        for count in (*system.fresh[n], *([system.rests[n]] if n in system.rests else [])):
            known = _both(known, (-count, inf))
        anyway.append(known)
        for count in system.fresh[n]:
            # After a hidden one it is known to have passed by the margin; whether it was hidden may still change, so this is kept.
            least = threshold + MARGIN if n in returned and count >= threshold + MARGIN else threshold
            known = _both(known, _rounded_to(rounded(count), count, least))
        printed.append(known)
    return Knowledge(anyway, printed)


def _rounded_to(value: int, count: int, least: int) -> Bounds:
    """Return how far a printed value lets the count be from the true one."""
    return max(value - SLACK, min(least, count), 0) - count, value + SLACK - count


def _both(a: Bounds, b: Bounds) -> Bounds:
    return max(a[0], b[0]), min(a[1], b[1])
