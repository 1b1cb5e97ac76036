"""Releases month after month, each protected with all before it, against the attacker who has every one of them."""

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest

from app.domain import wiring
from app.domain.reporting.measuring import registry
from app.domain.reporting.measuring.registry import FUNNEL
from app.domain.reporting.protecting.tables import Table
from app.domain.reporting.releasing import releases, tables
from tests.reporting import attacker

MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09")
SAID = ("woman", "man", "another", "unsaid")
AGES = ("18–24", "18–24", "25–34", "50 and over", "")
COUNTED = ("joined", "active", "spoke", "shown", "mentors", "moderates", "leads")


def _network(random: Random) -> list[dict[str, Any]]:
    """Return the frozen counts of each month of a network in which people join, leave, become active and get roles."""
    many = random.choice((60, 140, 300))
    likely = {key: random.uniform(0.05, 0.7) for key in COUNTED}
    women, silent = random.uniform(0.15, 0.6), random.uniform(0.05, 0.3)
    people = []
    for _n in range(many):
        gender = random.choices(SAID, (women, 1 - women, 0.02, silent))[0]
        there = (random.choice((0, 0, 0, 1, 2, 3)), random.choice((4, 4, 4, 4, 1, 2, 3)))
        stands = {key: random.random() < likely[key] for key in COUNTED}
        people.append((f"{gender} {random.choice(AGES)}", there, stands))
    found = []
    for month in range(len(MONTHS)):
        here = [(gender, stands) for gender, (begin, end), stands in people if begin <= month < end]
        steps: dict[str, Any] = {}
        ages: dict[str, Any] = {}
        for step in (s for s in FUNNEL if s.key in COUNTED):
            on = [
                gender for gender, stands in here
                if step.key == "joined" or (stands[step.key] and random.random() < 0.9 and (step.of != "spoke" or stands["spoke"]))
            ]  # fmt: skip
            counts = Counter(both.split()[0] for both in on)
            if step.key in registry.BROKEN_DOWN:
                ages[step.key] = dict(Counter(both.partition(" ")[2] for both in on))
            steps[step.key] = {said: counts[said] for said in SAID}
        for said in SAID:  # who has a shown story has sent one, also where the draw above left them out
            steps["shown"][said] = min(steps["shown"][said], steps["spoke"][said])
        found.append({"steps": steps, "tables": _beside(random, found), "more": {"age": ages}})
    return found


def _beside(random: Random, before: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the tables beside the funnel: small and large numbers, some of which one person moves from month to month."""
    if not before:
        return {
            table.key: {"all": {column: random.choice((0, 1, 4, 9, 11, 23, 60)) for column in table.columns}}
            for table in registry.HEALTH
        }
    return {
        key: {"all": {column: max(0, many + random.choice((-1, 0, 0, 1, 6))) for column, many in one["all"].items()}}
        for key, one in before[-1]["tables"].items()
    }


def _raw(table: Table) -> dict[str, Any]:
    lines = table.grid
    return {
        "id": table.id, "period": table.period, "universe": table.universe, "rows": list(table.rows), "cols": list(table.cols),
        "cells": [list(line[:-1]) for line in lines[:-1]], "row_totals": [line[-1] for line in lines[:-1]],
        "col_totals": list(lines[-1][:-1]), "total": lines[-1][-1], "kind": table.kind,
        **({"subset_of": table.subset_of[0]} if table.subset_of else {}),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_found_in_four_months_of_releases(seed: int) -> None:
    wiring.connect()
    earlier: list[Any] = []
    raw, published = [], []
    for month, counts in zip(MONTHS, _network(Random(seed)), strict=True):
        made = releases.composed(releases.Draft(month, date(2026, 10, 1), counts, 10, earlier[-1:]))  # as the job reads them
        if seed < 2:
            of_all = releases.composed(releases.Draft(month, date(2026, 10, 1), counts, 10, list(earlier)))
            assert made.body["tables"] == of_all.body["tables"]  # months further away say nothing more
        raw += [_raw(table) for table in tables.tables_of(month, counts, {t["id"]: t for t in made.body["tables"]})]
        published += made.body["tables"]
        earlier.append((counts, month, {t["id"]: t for t in made.body["tables"]}))
    assert attacker.found(raw, published, moves_known=False) == []
    assert any(table["total"] is not None for table in published)


@pytest.mark.parametrize("threshold", [5, 10, 15])
def test_a_correction_adds_nothing_that_can_be_found(threshold: int) -> None:
    wiring.connect()
    counts = _network(Random(3))[0]
    first = releases.composed(releases.Draft(MONTHS[0], date(2026, 7, 1), counts, 10))
    reason = "Another threshold."
    again = releases.composed(releases.Draft(MONTHS[0], date(2026, 7, 1), counts, threshold, corrected=first, reason=reason))
    kept = []
    for before, after in zip(first.body["tables"], again.body["tables"], strict=True):
        pairs = zip([*before["cells"][0], before["total"]], [*after["cells"][0], after["total"]], strict=True)
        kept += [(old, new) for old, new in pairs if old is not None]
        assert all(old is not None or new is None for old, new in zip(before["cells"][0], after["cells"][0], strict=True))
    assert all(new in (None, old) for old, new in kept)
    assert any(new is not None for _old, new in kept)
    assert any(new is None for _old, new in kept) is (threshold > 10)
    raw = [_raw(table) for table in tables.tables_of(MONTHS[0], counts, {t["id"]: t for t in first.body["tables"]})]
    for release in (first, again):
        assert attacker.found(raw, release.body["tables"], moves_known=False) == []
