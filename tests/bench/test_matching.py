"""``hearth bench matching``: the reference is right, the bound is one, and every figure has its limit. No time is judged."""

import itertools

import pytest

from app.domain.mentoring import matching as rounds
from app.domain.mentoring.people import Mentor
from bench import matching
from bench.matching import Admissible
from bench.mentees import invented


def best_by_trying(pairs: Admissible, mentors: list[Mentor]) -> int:
    """The largest sum, by trying every choice."""
    options: dict[int, list[tuple[int, int]]] = {}
    for i, j, points in zip(pairs.mentee, pairs.mentor, pairs.utility, strict=True):
        options.setdefault(i, []).append((j, points))
    best = 0
    for choice in itertools.product(*([None, *those] for those in options.values())):
        taken = [c for c in choice if c is not None]
        places = [j for j, _ in taken]
        if all(places.count(j) <= mentors[j].places for j in set(places)):
            best = max(best, sum(points for _, points in taken))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_the_reference_finds_the_optimum_and_ours_is_it(seed: int) -> None:
    mentees, mentors = invented(9, 6, seed, countries=1)
    pairs = matching.admissible(mentees, mentors)
    assert pairs.mentee
    utility, matched = matching.optimum(pairs, mentors)
    assert utility == best_by_trying(pairs, mentors)
    answer = rounds.match(mentees, mentors)
    assert (answer.total_utility, len(answer.pairs)) == (utility, matched)


def test_the_bound_is_above_every_fair_round() -> None:
    mentees, mentors = invented(120, 40, 3)
    pairs = matching.admissible(mentees, mentors)
    fair = rounds.match(mentees, mentors, fair=matching.FAIR)
    optimum, _ = matching.optimum(pairs, mentors)
    gap, _ = matching._largest_gap(mentees, pairs, fair)
    assert gap <= matching.FAIR
    assert fair.total_utility <= matching.fair_bound(pairs, mentees, mentors) + 1e-6 <= optimum + 1e-3


def test_each_way_is_measured() -> None:
    ours, plain, fair = (matching.measure(60, 20, way) for way in ("ours", "plain", "fair"))
    assert (ours["changed"], ours["broken"], ours["utility"]) == (0, 0, plain["utility"])
    figures = [*matching._against("60 mentees", ours, plain), *matching._fair("60 mentees, fair", fair)]
    assert {f.goal for f in figures} == {"M1", "M2", "M3"}
    assert all(f.reaches(f.gate) for f in figures if f.goal == "M1")


def test_a_broken_round_is_noticed() -> None:
    mentees, mentors = invented(60, 20, 1)
    answer = rounds.match(mentees, mentors)
    assert matching._broken(answer, mentees, mentors) == 0
    twice = rounds.Round(answer.version, (*answer.pairs, answer.pairs[0]), answer.unmatched, answer.groups, answer.served)
    assert matching._broken(twice, mentees, mentors) > 0
