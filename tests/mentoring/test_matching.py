"""Rounds: the optimum and nothing less, no rule broken, the same answer in whatever order people come."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.mentoring import instances, pairs, rules
from app.domain.mentoring.answers import Round
from app.domain.mentoring.matching import match
from app.domain.mentoring.people import Mentee, Mentor
from app.domain.mentoring.weights import CURRENT
from bench.mentees import invented
from tests.mentoring.people import mentee, mentor, rounds

DATA = Path(__file__).parent / "data"
People = tuple[Sequence[Mentee], Sequence[Mentor]]


def best_by_trying(mentees: Sequence[Mentee], mentors: Sequence[Mentor], bonus: dict[str, int] | None = None) -> int:
    """Return the largest total utility, found by trying every choice of every mentee."""
    fits = [[(k, fit.score) for k, m in enumerate(mentors) if (fit := rules.fit(one, m)).reason is None] for one in mentees]

    @cache
    def best(first: int, left: tuple[int, ...]) -> int:
        if first == len(mentees):
            return 0
        worth = CURRENT.served + rules.aging(mentees[first].waited_days) + (bonus or {}).get(mentees[first].id, 0)
        most = best(first + 1, left)
        for k, score in fits[first]:
            if left[k]:
                most = max(most, worth + (score or 0) + best(first + 1, (*left[:k], left[k] - 1, *left[k + 1 :])))
        return most

    return best(0, tuple(m.places for m in mentors))


def check(answer: Round, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
    """Assert that everybody is listed once, that no rule is broken, no place used twice, every number right."""
    asking, helping = {m.id: m for m in mentees}, {m.id: m for m in mentors}
    listed = [pair.mentee for pair in answer.pairs] + [one.mentee for one in answer.unmatched]
    assert sorted(listed) == sorted(asking)
    for name, many in Counter(pair.mentor for pair in answer.pairs).items():
        assert many <= helping[name].places
    for pair in answer.pairs:
        found = rules.fit(asking[pair.mentee], helping[pair.mentor])
        assert (found.reason, found.components, found.score) == (None, pair.components, pair.score)
    for one in answer.unmatched:
        reasons = {rules.fit(asking[one.mentee], m).reason for m in mentors}
        assert one.reachable == (None in reasons)
        assert one.reason == rules.FULL if one.reachable else one.reason in (reasons or {rules.COUNTRY})


def test_the_instance_reaches_its_optimum() -> None:
    people = instances.read((DATA / "instance_100.json").read_bytes())
    optimum = json.loads((DATA / "instance_100.optimum.json").read_text())
    answer = match(people.mentees, people.mentors)
    check(answer, people.mentees, people.mentors)
    assert {"total_utility": answer.total_utility, "matched": len(answer.pairs)} == optimum


@settings(deadline=None, max_examples=150)
@given(rounds(7, 5))
def test_nothing_better_can_be_found_by_trying(people: People) -> None:
    answer = match(*people)
    check(answer, *people)
    assert answer.total_utility == best_by_trying(*people)


@settings(deadline=None, max_examples=50)
@given(rounds(5, 4), st.fixed_dictionaries({g: st.integers(0, 300) for g in ("women", "remote", "remote_women")}))
def test_the_optimum_counts_the_bonus_of_groups(people: People, bonus: dict[str, int]) -> None:
    answer = match(*people, bonus=bonus)
    check(answer, *people)
    of = {}
    for one in people[0]:
        groups = [("women", one.gender == "woman"), ("remote", one.remote), ("remote_women", one.gender == "woman" and one.remote)]
        of[one.id] = max([0, *(bonus[group] for group, belongs in groups if belongs)])
    assert answer.total_utility + sum(pair.bonus for pair in answer.pairs) == best_by_trying(*people, of)
    assert all(pair.bonus == of[pair.mentee] for pair in answer.pairs)


@settings(deadline=None, max_examples=60)
@given(rounds(8, 6), st.randoms(use_true_random=False), st.sampled_from([None, 0.02]))
def test_the_order_of_people_means_nothing(people: People, dice: random.Random, fair: float | None) -> None:
    mentees, mentors = list(people[0]), list(people[1])
    before = match(mentees, mentors, fair=fair)
    dice.shuffle(mentees)
    dice.shuffle(mentors)
    assert match(mentees, mentors, fair=fair) == before


def test_a_draw_is_decided_by_lot_and_not_by_the_order_of_names() -> None:
    mentees = [mentee(f"m{n}") for n in range(40)]
    first = match(mentees, [mentor(capacity=21)])
    assert match(mentees[::-1], [mentor(capacity=21)]) == first
    served = [int(pair.mentee[1:]) for pair in first.pairs]
    assert len(served) == 20
    assert served not in (list(range(20)), list(range(20, 40)))


@settings(deadline=None)
@given(rounds(8, 8))
def test_the_arrays_say_what_the_rules_say(people: People) -> None:
    mentees, mentors = people
    found, broken = pairs.find(mentees, mentors, CURRENT)
    scores = {(int(i), int(j)): int(s) for part in found for i, j, s in zip(part.mentee, part.mentor, part.score, strict=True)}
    countries = {m.country for m in mentors}
    for i, one in enumerate(mentees):
        counts: Counter[str] = Counter()
        for j, other in enumerate(mentors):
            fit = rules.fit(one, other)
            assert scores.get((i, j)) == (fit.score if fit.reason is None else None)
            if (fit.reason and other.country == one.country) or one.country not in countries:
                counts[fit.reason or ""] += 1
        assert dict(zip(rules.REASONS, broken[i].tolist(), strict=True)) == {r: counts[r] for r in rules.REASONS}


def test_the_arrays_hold_many_languages_and_come_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "_CELLS", 40)
    mentees, mentors = invented(60, 25, seed=3, countries=2)
    codes = sorted({f"{a}{b}" for a in "abcdefghij" for b in "abcdefghij"})  # more than one word of bits holds
    mentees = [replace(m, languages={codes[n]: 3, codes[n + 30]: 2, **m.languages}) for n, m in enumerate(mentees)]
    mentors = [replace(m, languages=dict.fromkeys(codes[n::3], 3)) for n, m in enumerate(mentors)]
    found, _broken = pairs.find(mentees, mentors, CURRENT)
    got = {(int(i), int(j)): int(s) for part in found for i, j, s in zip(part.mentee, part.mentor, part.score, strict=True)}
    fits = {(i, j): rules.fit(a, b) for i, a in enumerate(mentees) for j, b in enumerate(mentors)}
    assert len(got) > 20
    assert got == {pair: fit.score for pair, fit in fits.items() if fit.reason is None}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_larger_round_equals_the_plain_way(seed: int) -> None:
    from scipy.optimize import linear_sum_assignment

    mentees, mentors = invented(160, 45, seed)
    utility = np.zeros((len(mentees), len(mentors)))
    for i, one in enumerate(mentees):
        for j, other in enumerate(mentors):
            fit = rules.fit(one, other)
            utility[i, j] = 0 if fit.reason else CURRENT.served + (fit.score or 0) + rules.aging(one.waited_days)
    wide = np.repeat(utility, [m.places for m in mentors], axis=1)
    rows, columns = linear_sum_assignment(wide, maximize=True)
    answer = match(mentees, mentors)
    check(answer, mentees, mentors)
    assert answer.total_utility == wide[rows, columns].sum()
    assert len(answer.pairs) == (wide[rows, columns] > 0).sum()


@pytest.mark.parametrize(
    ("mentees", "mentors", "reason"),
    [
        ([mentee()], [], rules.COUNTRY),
        ([mentee()], [mentor(country="GN")], rules.COUNTRY),
        ([mentee()], [mentor(country="GN", active=False)], rules.FULL),
        ([mentee()], [mentor(blocked=frozenset({"m1"}))], rules.BLOCKED),
        ([mentee()], [mentor("t1", slots=frozenset()), mentor("t2", languages={}), mentor("t3", slots=frozenset())], rules.TIME),
        ([mentee()], [mentor("t1", slots=frozenset()), mentor("t2", languages={}), mentor("t3", country="GN")], rules.LANGUAGE),
        ([mentee(adult=False, age_band=None)], [mentor()], rules.MINOR),
    ],
)
def test_who_waits_on_has_the_most_frequent_reason(mentees: list[Mentee], mentors: list[Mentor], reason: str) -> None:
    answer = match(mentees, mentors)
    assert [(one.mentee, one.reason) for one in answer.unmatched] == [("m1", reason)]


def test_who_fits_but_lost_the_place_waits_for_a_place() -> None:
    late = mentee("m2", waited_days=0)
    answer = match([mentee(), late], [mentor(), *(mentor(f"x{n}", languages={}) for n in range(5))])
    assert [(one.mentee, one.reason, one.reachable) for one in answer.unmatched] == [("m2", rules.FULL, True)]


def test_a_round_without_people_has_an_empty_answer() -> None:
    answer = match([], [mentor()])
    assert (answer.pairs, answer.unmatched, answer.total_utility) == ((), (), 0)
    assert match([], []).groups["women"].rate is None


def test_an_id_may_not_come_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        match([mentee("a")], [mentor("a")])


def test_no_number_is_too_large() -> None:
    answer = match([mentee(waited_days=10**30), mentee("m2")], [mentor(capacity=10**30)])
    assert [pair.aging for pair in answer.pairs] == [250, 83]
    report = match([mentee(waited_days=10**30, languages={}), mentee("m2", gender="man", languages={})], [mentor()]).groups["women"]
    assert report.waiting_gap_days == pytest.approx(1e30)
