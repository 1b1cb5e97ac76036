"""Fairness between groups: who belongs to which, how far a group is behind, and the bonus that brings it up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from app.domain.mentoring.people import Mentee

Group = Literal["women", "remote", "remote_women"]
Bonus = Mapping[Group, int]
BELONGS: Final[Mapping[Group, Callable[[Mentee], bool]]] = {
    "women": lambda mentee: mentee.gender == "woman",
    "remote": lambda mentee: mentee.remote,
    "remote_women": lambda mentee: mentee.remote and mentee.gender == "woman",
}
GROUPS: Final = tuple(BELONGS)
SMALLEST: Final = 5  # reachable people; the rate of fewer says nothing
KEPT, MOVED, PER_DAY, HIGHEST = 0.7, 0.3, 10, 300  # how waiting steers the bonus
_STEP, _MOST = 16, 4096  # the first raise for the rate rule, and the bonus at which a group comes before everybody


@dataclass(frozen=True, slots=True)
class Served:
    """How many people can be reached (one admissible mentor or more), and how many of them got a mentor: all, and by group."""

    reachable: int
    matched: int
    of: Mapping[Group, tuple[int, int]]

    def gap(self, group: Group) -> Fraction | None:
        """Return how far the group's rate is below the rate of all; None where nobody of it can be reached."""
        reachable, matched = self.of[group]
        return Fraction(self.matched, self.reachable) - Fraction(matched, reachable) if reachable else None


def bonus_of(mentee: Mentee, bonus: Bonus) -> int:
    """Return the bonus of a mentee: the largest one of the groups they belong to."""
    return max((points for group, points in bonus.items() if points and BELONGS[group](mentee)), default=0)


def steer(before: float, waiting_gap: float | None) -> float:
    """Return the next bonus of a group: 0.7 of the last one + 0.3 of 10 points per day, 0 to 300.

    ``waiting_gap``: mean days of those of the group who still wait, minus the mean of the others; None where a side is empty.
    """
    return KEPT * before + MOVED * min(HIGHEST, max(0.0, PER_DAY * (waiting_gap or 0.0)))


def raise_until_fair(ask: Callable[[Bonus], Served], bonus: Bonus, limit: float) -> dict[Group, int]:
    """Raise the bonus of the group that is furthest behind, by as little as it takes, until no rate gap is above ``limit``.

    ``ask`` answers who is served with a bonus. Groups with fewer than five reachable people are not judged. A group that no bonus
    brings up gets the smallest one that helps it most. Whole fractions are compared, so a gap of the limit itself is kept.
    """
    now, most = dict(bonus), Fraction(str(limit))
    stuck: set[Group] = set()
    while (group := _furthest_behind(ask(now), most, stuck)) is not None:
        now[group], reached = _raised(ask, now, group, most)
        if not reached:
            stuck.add(group)
    return now


def _raised(ask: Callable[[Bonus], Served], bonus: Bonus, group: Group, most: Fraction) -> tuple[int, bool]:
    """Return the bonus of a group that does as much as can be done, and whether its gap is then small enough."""

    def served(points: int) -> Served:
        return ask({**bonus, group: points})

    def keeps(points: int) -> bool:
        gap = served(points).gap(group)
        return gap is not None and gap <= most

    enough = _smallest(bonus[group], keeps)
    if enough is not None:
        return enough, True
    best = served(_MOST).of[group]
    most_helpful = _smallest(bonus[group], lambda points: served(points).of[group] >= best)
    return _MOST if most_helpful is None else most_helpful, False


def _furthest_behind(served: Served, most: Fraction, stuck: set[Group]) -> Group | None:
    behind = [(gap, group) for group in GROUPS if group not in stuck and (gap := served.gap(group)) is not None and gap > most]
    return max(((gap, group) for gap, group in behind if served.of[group][0] >= SMALLEST), default=(None, None))[1]


def _smallest(low: int, holds: Callable[[int], bool]) -> int | None:
    """Return the smallest bonus from ``low`` on for which something holds; None when it does not even for the most."""
    high, step = low, _STEP
    while not holds(high):
        if high == _MOST:
            return None
        low, high, step = high, min(_MOST, high + step), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
