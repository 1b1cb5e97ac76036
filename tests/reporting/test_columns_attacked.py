"""Whether a column that comes or goes tells what one person said of their gender, to somebody who knows who moved (ADR 14)."""

from datetime import date
from typing import Any

import pytest

from app.domain import wiring
from app.domain.reporting.releasing import columns, releases, tables

SECRETS = [bytes([n, n + 1]) * 16 for n in range(250)]
FIRST, SECOND, NEXT = "2026-10", "2026-11", "2027-01"
WITHOUT: dict[str, Any] = {"joined": {"cols": list(tables.TOGETHER)}}
WITH: dict[str, Any] = {"joined": {"cols": list(tables.APART)}}


def counts(another: int, others: int = 200) -> dict[str, Any]:
    return {"steps": {"joined": {"woman": others, "man": others, "another": another, "unsaid": 40}}, "tables": {}}


def apart(another: int, secret: bytes, period: str, printed: dict[str, Any] | None, others: int = 200) -> bool:
    known = [] if printed is None else [(FIRST, printed)]
    return columns.GENDER in columns.of_month(counts(another, others), secret, period, known)


@pytest.mark.parametrize("printed", [WITHOUT, WITH])
def test_within_a_quarter_no_mover_brings_or_takes_the_column(printed: dict[str, Any]) -> None:
    """The old rule (a column from 50 on, each month anew) told it for certain: 49 with, 50 without."""
    for secret in SECRETS:
        assert {apart(said, secret, SECOND, printed) for said in range(70)} == {printed is WITH}
        assert apart(columns.UNTOLD_MOST + 1, secret, SECOND, printed)  # what sentences about women's share count on


@pytest.mark.parametrize(("period", "first"), [(NEXT, 40), (SECOND, 60)])
def test_a_column_that_comes_tells_little_of_who_moved(period: str, first: int) -> None:
    """Somebody knows of one mover. The column comes: how much likelier is that if the mover said it, of 40 numbers of others?"""
    came = {0: 0, 1: 0}
    for secret in SECRETS:
        for others in range(first, first + 40):
            if period == NEXT and apart(others, secret, FIRST, None):
                continue  # it stood there before
            for mover in came:
                came[mover] += apart(others + mover, secret, period, None if period == NEXT else WITHOUT)
    assert came[0] > 500
    assert came[1] / came[0] < 1.25  # from even odds to five in nine at most


def test_a_column_that_goes_at_the_turn_of_a_quarter_tells_little_of_who_left() -> None:
    """Somebody knows of one who left. The column goes: how much likelier is that if the one who left had said it?"""
    went = {0: 0, 1: 0}
    for secret in SECRETS:
        for said in range(columns.RARE, columns.UNTOLD_MOST):
            if apart(said, secret, FIRST, None):
                for left in went:
                    went[left] += not apart(said - left, secret, NEXT, None)
    assert went[0] > 500
    assert went[1] / went[0] < 1.25


def test_a_small_network_has_no_such_column() -> None:
    """50 or more of 59 would leave so few others that their numbers could be found."""
    few = {"steps": {"joined": {"woman": 3, "man": 3, "another": 53, "unsaid": 0}}, "tables": {}}
    assert not any(columns.of_month(few, secret, NEXT, []) for secret in SECRETS)


def test_the_release_follows_what_was_chosen() -> None:
    wiring.connect()
    made: list[Any] = []
    for period, another in ((FIRST, 49), (SECOND, 50), ("2026-12", 89)):
        known = [(counts(49), p, {t["id"]: t for t in one.body["tables"]}) for p, one in made]
        made.append((period, releases.composed(releases.Draft(period, date(2026, 12, 31), counts(another), 10, known[-1:]))))
    cols = [next(t["cols"] for t in one.body["tables"] if t["id"] == "joined") for _p, one in made]
    assert cols == [list(tables.TOGETHER), list(tables.TOGETHER), list(tables.APART)]
    again = releases.composed(releases.Draft(SECOND, date(2026, 12, 1), counts(50), 10, corrected=made[2][1], reason="Told later."))
    assert next(t["cols"] for t in again.body["tables"] if t["id"] == "joined") == list(tables.APART)  # a correction keeps them
