"""A round: who is matched with whom, why the others are not, and how the groups fare. Plain people in, plain answers out."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np

from app.domain.mentoring import assignment, fairness, pairs, rules
from app.domain.mentoring.answers import GroupReport, Match, Round, Unmatched
from app.domain.mentoring.assignment import Part
from app.domain.mentoring.fairness import BELONGS, GROUPS, Bonus, Group, Served
from app.domain.mentoring.pairs import Bools, Ints
from app.domain.mentoring.people import Mentee, Mentor
from app.domain.mentoring.weights import CURRENT, Weights


def match(
    mentees: Sequence[Mentee], mentors: Sequence[Mentor], *,
    bonus: Bonus | None = None, fair: float | None = None, weights: Weights = CURRENT,
) -> Round:  # fmt: skip
    """Return the best matching of a round; the order of people carries no meaning.

    ``bonus``: points by group, as earlier rounds left them. ``fair``: also keep the rate of each group at most so far (0 to 1)
    below the rate of all, where it can be reached. Raises ValueError when an id comes twice.
    """
    mentees, mentors = sorted(mentees, key=lambda m: m.id), sorted(mentors, key=lambda m: m.id)
    if len({m.id for m in (*mentees, *mentors)}) < len(mentees) + len(mentors):
        raise ValueError("An id stands twice.")
    table = _Table(mentees, mentors, weights)
    points: Bonus = {group: (bonus or {}).get(group, 0) for group in GROUPS}
    if fair is not None:
        points = fairness.raise_until_fair(lambda asked: table.served(table.solve(asked)), points, fair)
    return table.answer(table.solve(points), points)


class _Table:
    """The admissible pairs of a round, solved for one bonus after the other."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], weights: Weights) -> None:
        self.mentees, self.mentors, self.weights = mentees, mentors, weights
        found, self.broken = pairs.find(mentees, mentors, weights)
        places = np.array([min(m.places, len(mentees)) for m in mentors], np.int64)
        ties = assignment.lots([m.id for m in mentees]), assignment.lots([m.id for m in mentors])
        self.parts = [_Solved(part) for part in assignment.parts(found, places, ties)]
        self.aging = np.array([rules.aging(m.waited_days, weights) for m in mentees], np.int64)
        self.reachable = np.zeros(len(mentees), np.bool_)
        for part in self.parts:
            self.reachable[part.part.mentees] = True
        self.members = {group: np.array([belongs(m) for m in mentees], np.bool_) for group, belongs in BELONGS.items()}

    def solve(self, bonus: Bonus) -> Ints:
        """Return for each mentee the position of their mentor, or NOBODY."""
        extra = np.max([np.where(self.members[group], points, 0) for group, points in bonus.items()], axis=0)
        chosen = np.full(len(self.mentees), assignment.NOBODY)
        for part in self.parts:
            part.choose(self.weights.served + self.aging, extra, chosen)
        return chosen

    def served(self, chosen: Ints) -> Served:
        """Return how many people are reachable and matched, all and by group."""
        both = self.reachable, chosen != assignment.NOBODY
        of = {group: (int((both[0] & those).sum()), int((both[1] & those).sum())) for group, those in self.members.items()}
        return Served(int(both[0].sum()), int(both[1].sum()), of)

    def answer(self, chosen: Ints, bonus: Bonus) -> Round:
        """Return the round that was decided."""
        mentor_of: list[int] = chosen.tolist()
        return Round(
            version=self.weights.version,
            pairs=tuple(self._pair(self.mentees[i], self.mentors[j], bonus) for i, j in enumerate(mentor_of) if j >= 0),
            unmatched=tuple(self._unmatched(i) for i, j in enumerate(mentor_of) if j < 0),
            groups=self._groups(chosen, bonus),
            served=self.weights.served,
        )

    def _pair(self, mentee: Mentee, mentor: Mentor, bonus: Bonus) -> Match:
        fit = rules.fit(mentee, mentor, self.weights)
        if fit.reason is not None or fit.components is None or fit.score is None:  # the arrays and the rules say the same
            raise RuntimeError(f"A pair that breaks the rule {fit.reason} was chosen.")
        aging = rules.aging(mentee.waited_days, self.weights)
        bonus_here = fairness.bonus_of(mentee, bonus)
        return Match(mentee.id, mentor.id, fit.components, rules.grounds(mentee, mentor), fit.score, aging, bonus_here)

    def _unmatched(self, number: int) -> Unmatched:
        counts = {reason: int(many) for reason, many in zip(rules.REASONS, self.broken[number], strict=True) if many}
        reachable = bool(self.reachable[number])
        most_frequent = max(counts, key=lambda reason: counts[reason], default=rules.COUNTRY)
        return Unmatched(self.mentees[number].id, rules.FULL if reachable else most_frequent, reachable, counts)

    def _groups(self, chosen: Ints, bonus: Bonus) -> dict[Group, GroupReport]:
        served, waiting = self.served(chosen), chosen == assignment.NOBODY

        def report(group: Group, those: Bools) -> GroupReport:
            people, (reachable, matched), gap = int(those.sum()), served.of[group], served.gap(group)
            return GroupReport(
                people, reachable, matched, bonus[group],
                rate=matched / reachable if reachable else None,
                rate_gap=float(gap) if gap is not None else None,
                waiting_gap_days=self._waiting_gap(waiting & those, waiting & ~those),
                share_without_mentor=1 - reachable / people if people else None,
            )  # fmt: skip

        return {group: report(group, those) for group, those in self.members.items()}

    def _waiting_gap(self, inside: Bools, outside: Bools) -> float | None:
        """Return how many days longer those inside have waited than those outside, in the mean; None where a side is empty."""
        days = [[self.mentees[i].waited_days for i in np.flatnonzero(those).tolist()] for those in (inside, outside)]
        return fmean(days[0]) - fmean(days[1]) if all(days) else None


class _Solved:
    """A part with its last answers: many a bonus changes nothing in many a part."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.answers: list[tuple[Ints, Ints]] = []

    def choose(self, worth: Ints, extra: Ints, chosen: Ints) -> None:
        """Write the mentors of this part's mentees into ``chosen``; ``extra`` is the bonus of each mentee of the round."""
        extra = extra[self.part.mentees]
        found = next((mentor for before, mentor in self.answers if _stays(before, extra, mentor)), None)
        if found is None:
            found = assignment.assign(self.part, worth[self.part.mentees] + extra)
            self.answers.insert(0, (extra, found))
        there = found != assignment.NOBODY
        chosen[self.part.mentees[there]] = self.part.mentors[found[there]]


def _stays(before: Ints, now: Ints, mentor: Ints) -> bool:
    """Say whether an optimum stays one: it does when only served people get more and only unserved ones less."""
    served = mentor != assignment.NOBODY
    return bool(np.all((now == before) | np.where(served, now > before, now < before)))
