"""Rules and score of one pair: every worked pair to the last number, and what stands between them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.domain.mentoring import rules
from app.domain.mentoring.people import Mentee, Mentor
from app.domain.mentoring.rules import fit
from app.domain.mentoring.weights import CURRENT, TABLE
from tests.mentoring.people import mentee, mentee_of, mentor, mentor_of

CASES = json.loads((Path(__file__).parent / "data" / "pair_vectors.json").read_text())["cases"]


def test_there_are_all_the_worked_pairs() -> None:
    assert len(CASES) == 49
    assert {case["reason"] for case in CASES} == {None, *rules.REASONS}


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{n:02} {case['name']}") for n, case in enumerate(CASES)])
def test_worked_pair(case: dict[str, Any]) -> None:
    one = TypeAdapter(Mentee).validate_json(json.dumps(case["mentee"]), strict=True)
    other = TypeAdapter(Mentor).validate_json(json.dumps(case["mentor"]), strict=True)
    found, aging = fit(one, other), rules.aging(one.waited_days)
    assert found.reason == case["reason"]
    assert (found.components and found.components._asdict()) == case["components"]
    assert found.score == case["score"]
    assert aging == case["aging"]
    if case["utility"] is not None:
        assert CURRENT.served + (found.score or 0) + aging == case["utility"]


@pytest.mark.parametrize(("a", "b", "expected"), [(0, 7, 0), (1, 2, 1), (3, 2, 2), (5, 3, 2), (4, 3, 1), (662_500, 1000, 663)])
def test_halves_go_up(a: int, b: int, expected: int) -> None:
    assert rules.half_up(a, b) == expected


@pytest.mark.parametrize(
    ("who", "whom", "reason"),
    [
        ({}, {}, None),
        ({}, {"capacity": 1}, rules.FULL),
        ({}, {"capacity": 0, "caseload": 3}, rules.FULL),
        ({}, {"active": False}, rules.FULL),
        ({"country": "GN", "blocked": frozenset({"t1"})}, {}, rules.COUNTRY),
        ({"blocked": frozenset({"t1"}), "declined": frozenset({"t1"})}, {}, rules.BLOCKED),
        ({}, {"declined": frozenset({"m1"}), "languages": {}}, rules.DECLINED),
        ({"languages": {}, "gender_rule": "man_required"}, {}, rules.LANGUAGE),
        ({"gender_rule": "woman_required"}, {"gender": "another", "accepts": "men_only"}, rules.GENDER),
        ({"gender": "another", "adult": False}, {"accepts": "women_only"}, rules.ACCEPTS),
        ({"adult": False, "age_band": "18-24", "asks_trained": True}, {"trained": False}, rules.MINOR),
        ({}, {"adult": False, "age_band": None}, rules.MINOR),
        ({"asks_trained": True, "slots": frozenset()}, {"trained": False}, rules.TRAINED),
        ({"slots": frozenset(), "channels": ()}, {}, rules.TIME),
        ({"channels": ()}, {}, rules.CHANNEL),
        ({"channels": ("chat",)}, {}, rules.CHANNEL),
        ({"channels": ("in_person",)}, {"channels": ("in_person",), "region": "SN-09"}, rules.CHANNEL),
    ],
)
def test_the_first_broken_rule_is_told(who: dict[str, Any], whom: dict[str, Any], reason: str | None) -> None:
    assert fit(mentee(**who), mentor(**whom)).reason == reason


def test_neighbours_are_the_mentees() -> None:
    far = mentor(region="SN-09", neighbours=frozenset({"SN-02"}))
    assert rules.components(mentee(), far).place == 200
    assert rules.components(mentee(neighbours=frozenset({"SN-09"})), far).place == 500


@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_a_score_stands_between_0_and_1000_and_decides_the_minimum(first: int, second: int) -> None:
    one, other = mentee_of(first, "m0"), mentor_of(second, "t0")
    found = fit(one, other)
    assert (found.score is None) == (found.components is None) == (rules.first_broken(one, other) is not None)
    if found.components is not None and found.score is not None:
        assert all(0 <= part <= 1000 for part in found.components)
        assert 0 <= found.score <= 1000
        assert (found.reason == rules.MINIMUM) == (found.score < CURRENT.minimum)


@given(st.integers(0, 10**12))
def test_waiting_longer_never_counts_less(days: int) -> None:
    assert 0 <= rules.aging(days) <= rules.aging(days + 1) <= 250


def test_every_version_of_the_weights_adds_up() -> None:
    assert [sum(weights.parts) for weights in TABLE.values()] == [1000] * len(TABLE)
    assert all(weights.version == version for version, weights in TABLE.items())


def test_grounds_are_what_stands_behind_the_components() -> None:
    one = mentee(needs={"legal": 1, "business": 3}, languages={"fr": 3, "wo": 3, "ar": 1}, gender_rule="woman_preferred")
    other = mentor(experience={"legal": 3, "business": 1}, languages={"wo": 3, "fr": 3, "ar": 3}, hosts=frozenset())
    found = rules.grounds(one, other)
    assert (found.need, found.language) == ("business", "fr")  # equal parts: the first of the list; equal levels: by code
    assert found.asks
    assert rules.grounds(mentee(needs={}), mentor()).need is None
