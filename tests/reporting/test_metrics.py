"""Metrics: every worked example, what is refused, and what holds for any figures."""

import json
from itertools import combinations
from math import comb, isclose
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.reporting.metrics import METRICS, calculate, cases
from app.domain.reporting.refusing import BadNumbers

VECTORS = json.loads((Path(__file__).parent / "data" / "metric_vectors.json").read_text())
SMALL = st.integers(0, 60)


def same(found: Any, expected: Any) -> bool:
    """Numbers within the tolerance; null, words and their absence exactly (so null is never 0)."""
    if expected is None or isinstance(expected, str) or found is None:
        return bool(found == expected)
    return abs(found - expected) <= VECTORS["tolerance"]


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c['metric']}: {c['name']}") for c in VECTORS["cases"]])
def test_worked_example(case: dict[str, Any]) -> None:
    found = cases.answer(cases.Case(case["metric"], case["name"], case["input"]))
    assert (found["metric"], found["name"]) == (case["metric"], case["name"])
    result, expected = found["result"], case["expected"]
    assert set(result) == set(expected)
    assert "error" in expected or {name: value for name, value in result.items() if not same(value, expected[name])} == {}


def test_every_metric_has_worked_examples() -> None:
    assert {case["metric"] for case in VECTORS["cases"]} == set(METRICS)


AS_OF = {"as_of": "2026-06-30T12:00:00"}
PLACE = {"need": "health", "audience": "all", "lat": 10, "lon": 10, "started": "2026-03-01"}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("gini", {"values": [100, None]}, "An amount is missing."),
    ("gini", {"values": [100, -0.01]}, "An amount is negative (-0.01)."),
    ("gini", {"values": [100, "5"]}, "An amount must be a number, not '5'."),
    ("gini", {"values": [100, True]}, "An amount must be a number, not True."),
    ("gini", {"values": [float("nan")]}, "An amount must be a number, not nan."),
    ("gini", {"values": [float("inf")]}, "An amount must be a number, not inf."),
    ("gini", {"values": None}, "The amounts must be a list."),
    ("gini", {}, "gini: values missing."),
    ("hhi", {"values": [3, -1]}, "An amount is negative (-1)."),
    ("hhi", {"values": [3, None]}, "An amount is missing."),
    ("gini_per_member", {"groups": [{"funds": -1, "members": 3}]}, "The funds of a group is negative (-1)."),
    ("gini_per_member", {"groups": [{"members": 3}]}, "The funds of a group is missing."),
    ("gini_per_member", {"groups": [{"funds": 1, "members": None}]}, "The members of a group is missing."),
    ("gini_per_member", {"groups": [{"funds": 1, "members": 2.5}]}, "The members of a group must be a whole number, not 2.5."),
    ("gini_per_member", {"groups": [7]}, "A group must be an object with named values."),
    ("wilson", {"k": 13, "n": 12}, "The share: 13 of 12 is more than all."),
    ("wilson", {"k": 1, "n": 0}, "The share: 1 of 0 is more than all."),
    ("wilson", {"k": -1, "n": 12}, "The part is negative (-1)."),
    ("wilson", {"k": None, "n": 12}, "The part is missing."),
    ("openness", {"activities": ["open", "yes"]}, 'An activity is "open", "closed" or null.'),
    ("ei_index", {"nodes": {"a": "x"}, "ties": [["a"]]}, "A tie is a pair of people."),
    ("assortativity", {"nodes": ["a"], "ties": []}, "The nodes must be an object with named values."),
    ("duplicate_rate", {"listings": 3, "entities": 4}, "Services behind the listings: 4 of 3 is more than all."),
    ("duplicate_rate", {"listings": 3, "entities": 0}, "There are listings, but no service behind them."),
    ("duplicate_rate", {"listings": None, "entities": 0}, "The number of listings is missing."),
    ("service_overlap", {"activities": [PLACE | {"lat": 91}], "services": []}, "A latitude lies between −90 and 90, not at 91."),
    ("service_overlap", {"activities": [PLACE], "services": [], "km": -1}, "The distance is negative (-1)."),
    (
        "service_overlap",
        {"activities": [PLACE], "services": [PLACE | {"started": "2026-01-02", "ended": "2026-01-01"}]},
        "A service ended before it started.",
    ),
    ("freshness", {"verified": ["2026-02-30"], "as_of": "2026-06-30"}, "A day of verification is no date: '2026-02-30'."),
    ("freshness", {"verified": [], "as_of": None}, "The day of the report is missing."),
    (
        "response_time",
        AS_OF | {"requests": [{"created": "2026-06-02", "answered": "2026-06-01"}]},
        "An answer stands before its request.",
    ),
    ("response_time", AS_OF | {"requests": [{"answered": "2026-06-01"}]}, "The moment of a request is missing."),
    ("closed_loop", AS_OF | {"referrals": [{"status": "lost"}]}, "A referral has no such status: 'lost'."),
    ("closed_loop", AS_OF | {"referrals": [{"status": "open"}]}, "The day of a referral is missing."),
    ("women_share", {"women": -1, "men": 0, "other": 0, "undisclosed": 0}, "The number of women is negative (-1)."),
    ("women_share", {"women": 1, "men": 0, "other": None, "undisclosed": 0}, "The number of others is missing."),
    (
        "participation_ratio",
        {"women_in": 3, "total_in": 20, "women_ref": 130, "total_ref": 100},
        "The women of the reference: 130 of 100 is more than all.",
    ),
    (
        "participation_ratio",
        {"women_in": 21, "total_in": 20, "women_ref": 30, "total_ref": 100},
        "The women: 21 of 20 is more than all.",
    ),
    (
        "participation_ratio",
        {"women_in": 3, "total_in": 20, "women_ref": None, "total_ref": 100},
        "The women of the reference is missing.",
    ),
    ("parity_index", {"served_w": 5, "eligible_w": 4, "served_m": 1, "eligible_m": 2}, "The women served: 5 of 4 is more than"),
    ("parity_index", {"served_w": 1, "eligible_w": 4, "served_m": 3, "eligible_m": 2}, "The men served: 3 of 2 is more than all."),
    ("dissimilarity", {"groups": [{"women": 3, "men": -1}]}, "The men of a group is negative (-1)."),
    ("dissimilarity", {"groups": [{"women": 3}]}, "The men of a group is missing."),
    ("theil", {"values": [1]}, "There is no metric 'theil'. There are: "),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "figures", "sentence"), [pytest.param(*r, id=f"{r[0]} {n}") for n, r in enumerate(REFUSED)])
def test_figures_that_cannot_be_right_are_refused_with_a_sentence(metric: str, figures: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadNumbers) as refused:
        calculate(metric, figures)
    assert refused.value.sentence.startswith(sentence)


ZERO_IS_A_NUMBER = [
    ("wilson", {"k": 0, "n": 12}, "value"),
    ("women_share", {"women": 0, "men": 3, "other": 0, "undisclosed": 0}, "share"),
    ("participation_ratio", {"women_in": 0, "total_in": 20, "women_ref": 84, "total_ref": 300}, "value"),
    ("parity_index", {"served_w": 0, "eligible_w": 12, "served_m": 10, "eligible_m": 40}, "value"),
    ("freshness", {"verified": [None], "as_of": "2026-06-30"}, "fresh_share"),
    ("response_time", AS_OF | {"requests": [{"created": "2026-06-01", "answered": None}]}, "in_time_share"),
    ("closed_loop", AS_OF | {"referrals": [{"status": "open", "sent": "2026-05-01"}]}, "closed_rate"),
    ("duplicate_rate", {"listings": 12, "entities": 12}, "value"),
    ("gini", {"values": [5]}, "value"),
]


@pytest.mark.parametrize(("metric", "figures", "name"), ZERO_IS_A_NUMBER)
def test_a_share_of_zero_is_zero_and_not_null(metric: str, figures: dict[str, Any], name: str) -> None:
    assert calculate(metric, figures)[name] == 0


NOT_DEFINED = [
    ("wilson", {"k": 0, "n": 0}, "zero_denominator"),
    ("gini", {"values": []}, "no_groups"),
    ("gini", {"values": [0]}, "zero_total"),
    ("hhi", {"values": []}, "no_groups"),
    ("gini_per_member", {"groups": [{"funds": 9, "members": 0}]}, "no_groups"),
    ("service_overlap", {"activities": [{"need": "health"}], "services": []}, "zero_denominator"),
    ("participation_ratio", {"women_in": 0, "total_in": 0, "women_ref": 84, "total_ref": 300}, "zero_denominator"),
    ("parity_index", {"served_w": 3, "eligible_w": 12, "served_m": 0, "eligible_m": 40}, "zero_denominator"),
    ("dissimilarity", {"groups": []}, "one_sex_missing"),
    ("assortativity", {"nodes": {"a": "x", "b": None}, "ties": [["a", "b"], ["a", "a"]]}, "no_ties"),
]


@pytest.mark.parametrize(("metric", "figures", "reason"), NOT_DEFINED)
def test_what_is_not_defined_is_null_with_its_reason_and_not_zero(metric: str, figures: dict[str, Any], reason: str) -> None:
    result = calculate(metric, figures)
    assert result["value"] is None
    assert result["reason"] == reason


def test_labels_that_all_stand_once_allow_no_tie_inside() -> None:
    result = calculate("ei_index", {"nodes": {"a": "x", "b": "y"}, "ties": [["a", "b"]]})
    assert (result["value"], result["density_adjusted"], result["reason"]) == (1, None, "no_internal_tie_possible")


def test_who_is_ignored_does_not_look_fast() -> None:
    answered = [{"created": "2026-06-20T12:00:00", "answered": "2026-06-20T13:00:00"}]
    ignored = [{"created": "2026-06-01T12:00:00", "answered": None}] * 2
    assert calculate("response_time", AS_OF | {"requests": answered})["median_hours"] == 1
    assert calculate("response_time", AS_OF | {"requests": answered + ignored})["reason"] == "median_not_reached"
    late = [{"created": "2026-06-20T12:00:00", "answered": "2026-07-01T12:00:00"}]  # after the report: not given yet
    assert calculate("response_time", AS_OF | {"requests": late})["reason"] == "median_not_reached"


@pytest.mark.parametrize(
    ("service", "met"),
    [
        ({}, 0),  # began the same day
        ({"started": "2026-02-28"}, 1),
        ({"started": "2026-02-28", "ended": "2026-03-01"}, 1),
        ({"started": "2026-02-27", "ended": "2026-02-28"}, 0),
        ({"started": "2026-02-28", "need": "housing"}, 0),
        ({"started": "2026-02-28", "audience": "women"}, 1),  # "all" meets every audience
        ({"started": "2026-02-28", "lat": 10.089}, 1),  # 9.9 km
        ({"started": "2026-02-28", "lat": 10.091}, 0),  # 10.1 km
        ({"started": "2026-02-28", "lat": None}, 0),
    ],
)
def test_a_service_overlaps_when_it_was_running_nearby(service: dict[str, Any], met: int) -> None:
    assert calculate("service_overlap", {"activities": [PLACE], "services": [PLACE | service]})["value"] == met


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=12), st.integers(2, 9))
def test_gini_is_the_mean_difference_and_knows_no_currency(amounts: list[int], rate: int) -> None:
    assume(sum(amounts))
    n = len(amounts)
    apart = sum(abs(a - b) for a, b in combinations(amounts, 2)) / (n * sum(amounts))
    result = calculate("gini", {"values": amounts})
    assert isclose(result["value"], apart, abs_tol=1e-9)
    assert isclose(calculate("gini", {"values": [a * rate for a in amounts]})["value"], apart, abs_tol=1e-9)
    assert -1e-9 <= result["corrected"] <= 1 + 1e-9


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 9)), min_size=1, max_size=8))
def test_gini_per_member_is_the_gini_of_members(groups: list[tuple[int, int]]) -> None:
    assume(sum(funds for funds, _members in groups))
    result = calculate("gini_per_member", {"groups": [{"funds": f, "members": m} for f, m in groups]})
    each = calculate("gini", {"values": [f / m for f, m in groups for _ in range(m)]})
    assert isclose(result["value"], each["value"], abs_tol=1e-9)


@given(SMALL, SMALL)
def test_an_interval_holds_its_share(part: int, rest: int) -> None:
    assume(part + rest)
    result = calculate("wilson", {"k": part, "n": part + rest})
    assert 0 <= result["low"] <= result["value"] + 1e-12
    assert result["value"] - 1e-12 <= result["high"] <= 1


@given(SMALL, SMALL, SMALL, SMALL)
def test_the_bounds_hold_the_share_whoever_stayed_silent(women: int, men: int, other: int, silent: int) -> None:
    result = calculate("women_share", {"women": women, "men": men, "other": other, "undisclosed": silent})
    assume(result["share"] is not None)
    assert result["low"] - 1e-12 <= result["share"] <= result["high"] + 1e-12


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6))
def test_what_chance_does_is_the_mean_over_all_draws(groups: list[tuple[int, int]]) -> None:
    women, men = (sum(pair[k] for pair in groups) for k in (0, 1))
    assume(women and men)
    result = calculate("dissimilarity", {"groups": [{"women": w, "men": m} for w, m in groups]})
    mean = 0.0
    for size in map(sum, groups):
        for w in range(max(0, size - men), min(size, women) + 1):
            chance = comb(women, w) * comb(men, size - w) / comb(women + men, size)
            mean += chance * abs(w / women - (size - w) / men) / 2
    assert isclose(result["expected_random"], mean, abs_tol=1e-9)
    assert 0 <= result["value"] <= 1 + 1e-12


def test_a_target_or_a_window_of_any_length_is_taken() -> None:
    request = {"created": "2026-01-01T08:00:00Z", "answered": "2026-01-09T08:00:00Z"}
    found = calculate("response_time", {"requests": [request], "as_of": "2026-02-01T00:00:00Z", "target_hours": 1e14})
    assert found["in_time_share"] == 1
    referral = {"sent": "2026-01-01", "status": "open"}
    assert calculate("closed_loop", {"referrals": [referral], "as_of": "2026-02-01", "window_days": 1e10})["judged"] == 0


def test_an_unknown_need_is_nobody_s_need() -> None:
    here = {"lat": 14.7, "lon": -17.4, "started": "2026-03-01"}
    found = calculate("service_overlap", {"activities": [here], "services": [here | {"started": "2026-01-01"}]})
    assert (found["value"], found["assessed"]) == (0, 1)


def test_chance_in_a_large_network_is_quick() -> None:
    groups = [{"women": 400_000, "men": 600_000}, {"women": 100_000, "men": 900_000}]
    result = calculate("dissimilarity", {"groups": groups})
    assert isclose(result["expected_random"], 0.0007, abs_tol=0.0002)
    assert isclose(result["adjusted"], result["value"], abs_tol=0.001)
