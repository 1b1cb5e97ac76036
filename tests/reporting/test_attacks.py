"""The protector against an attacker who was written apart from it: what is not printed cannot be found, and much is printed."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.reporting.protecting import files, reading
from app.domain.reporting.protecting.publishing import Release, publishable
from tests.reporting import attacker, histories, reference
from tests.reporting.conftest import Raw, numbers, one_table, protect


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_found_in_members_and_active_ones_of_two_quarters(seed: int) -> None:
    raw = histories.history(Random(seed), size=3.0 + seed / 5, small=True)["tables"]
    released = protect(raw)
    assert attacker.found(raw, released) == []
    assert attacker.found(raw, released, moves_known=False) == []


def test_nothing_is_found_in_six_months_with_many_tables() -> None:
    raw = histories.history(Random(7), groups=7)["tables"]
    released = protect(raw)
    assert attacker.found(raw, released) == []
    assert attacker.standing(raw, released) > 0.5


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=5)
    )
)
def test_nothing_is_found_in_any_table(cells: list[list[int]]) -> None:
    raw = [reference.with_totals(one_table(cells))]
    released = protect(raw)
    assert attacker.found(raw, released) == []
    for exact, shown in zip(numbers(raw[0]), numbers(released[0]), strict=True):
        assert shown is None or (exact is not None and exact >= 10 and shown == (exact + 2) // 5 * 5)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_no_difference_of_a_table_and_its_subset_gives_a_small_number(cells: list[tuple[int, ...]], random: Random) -> None:
    whole = reference.with_totals(one_table([list(line) for line in cells]))
    inside = [[n - min(n, random.choice((0, 0, 1, 3, 8))) for n in line] for line in cells]
    part = reference.with_totals(one_table(inside, id="p", universe="active", subset_of="t"))
    assert attacker.found([whole, part], protect([whole, part])) == []


FEW = {"groups": 4, "small": True}  # where the most could be found


@pytest.mark.parametrize("seed", range(6))
def test_other_groups_are_safe_where_one_is_founded_and_one_falls_asleep(seed: int) -> None:
    raw = histories.history(Random(seed), **FEW)["tables"]
    raw = histories.without(raw, "Group 4", "2026-Q1")
    if seed % 2:
        raw = histories.without(raw, "Group 3", "2026-Q2")
    released = protect(raw)
    assert attacker.found(raw, released, own=("Group 4", "Group 3") if seed % 2 else ("Group 4",)) == []
    assert attacker.found(raw, released, moves_known=False) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_group_is_safe_under_a_new_name(seed: int) -> None:
    raw = histories.renamed(histories.history(Random(seed), **FEW)["tables"], "Group 2", "Renamed", "2026-Q2")
    assert attacker.found(raw, protect(raw), formerly={"Renamed": "Group 2"}) == []


@pytest.mark.parametrize("seed", [5, 7])
def test_a_new_name_is_found_among_groups_that_come_and_go_or_is_told(seed: int) -> None:
    raw = histories.history(Random(seed), groups=8, small=True)["tables"]
    raw = histories.renamed(raw, "Group 2", "Renamed", "2026-Q2")
    raw = histories.without(histories.without(raw, "Group 4", "2026-Q1"), "Group 3", "2026-Q2")
    told = [table | ({"formerly": {"Renamed": "Group 2"}} if table["period"] == "2026-Q2" else {}) for table in raw]
    for one in (raw, told):
        found = attacker.found(raw, protect(one), formerly={"Renamed": "Group 2"}, own=("Group 4", "Group 3"))
        assert found == []


def test_a_group_that_two_became_is_safe() -> None:
    raw = histories.history(Random(1), **FEW)["tables"]
    together = [histories.merged(table, ("Group 1", "Group 2"), "Both") if table["period"] == "2026-Q2" else table for table in raw]
    released = protect(together)
    assert attacker.found(together, released) == []
    assert attacker.found(together, released, moves_known=False) == []


@pytest.mark.parametrize("seed", range(4))
def test_cumulative_tables_of_quarters_are_safe_from_who_knows_who_joined(seed: int) -> None:
    raw = histories.history(Random(seed), cumulative=True, **FEW)["tables"]
    released = protect(raw)
    assert attacker.found(raw, released) == []
    assert attacker.found(raw, released, moves_known=False) == []


def one_after_another(raw: list[Raw], *, lasting: bool = True) -> list[Raw]:
    """Publish each period when it has ended, on top of what was published before; what was printed never changes."""
    tables, done = reading.read_tables({"tables": raw}), []
    for period in dict.fromkeys(table.period for table in tables):
        new = [table for table in tables if table.period == period]
        published = publishable(Release([*done, *new], lasting=lasting)).tables
        assert [one.shown for one in published[: len(done)]] == [table.printed for table in done]
        done = [replace(one.table, printed=one.shown, bands=one.bands) for one in published]
    return [files.as_json(one) for one in published]


def given_away(raw: list[Raw], released: list[Raw]) -> Iterator[attacker.Found]:
    """Yield what an attacker who knows who joins and leaves has more closely than five and was never printed."""
    printed_once = {labels for labels, n in places(raw, released) if n is not None}
    return (one for one in attacker.search(raw, released) if (one.name[0], *one.name[2:]) not in printed_once)


@pytest.mark.parametrize("seed", range(2))
def test_releases_one_after_another_keep_hidden_what_they_hid(seed: int) -> None:
    raw = histories.history(Random(seed), groups=8, small=True)["tables"]
    assert list(given_away(raw, one_after_another(raw))) == []


def test_a_year_of_releases_gives_nothing_away_however_many_leave() -> None:
    """In this history more than half of some small cells leave, which gave cells away as long as at most half were expected to."""
    raw = histories.history(Random(2), groups=8, months=12, small=True)["tables"]
    released = one_after_another(raw)
    assert list(given_away(raw, released)) == []
    assert attacker.standing(raw, released) > 0.4
    assert any(given_away(raw, one_after_another(raw, lasting=False)))  # so the attacker finds what is there to be found


def places(raw: list[Raw], released: list[Raw]) -> list[tuple[tuple[str, ...], int | None]]:
    """Return (universe and labels, printed number) of every place in every table."""
    return [
        ((exact["universe"], *sorted({row, col} - {"Σ"})), n)
        for exact, shown in zip(raw, released, strict=True)
        for row, line in zip(
            [*exact["rows"], "Σ"],
            [*([*a, b] for a, b in zip(shown["cells"], shown["row_totals"], strict=True)), [*shown["col_totals"], shown["total"]]],
            strict=True,
        )
        for col, n in zip([*exact["cols"], "Σ"], line, strict=True)
    ]  # fmt: skip


def test_a_file_may_carry_what_was_published_and_gets_it_back_unchanged() -> None:
    raw = histories.history(Random(2), **FEW)["tables"]
    raw += [
        table | {"id": f"share-{table['id']}", "unit": "percent", "of": "row"} for table in raw if table["id"].startswith("mem")
    ]
    raw.sort(key=lambda table: table["period"])
    first = [table for table in raw if table["period"] == "2026-Q1"]
    keys = ("cells", "row_totals", "col_totals", "total", "bands")
    earlier = [
        table | {"published": {key: shown[key] for key in keys if key in shown}}
        for table, shown in zip(first, protect(first), strict=True)
    ]
    both = protect([*earlier, *raw[len(first) :]])
    assert both[: len(first)] == protect(first)


def test_an_earlier_number_that_was_hidden_for_protection_is_still_protected() -> None:
    first = one_table([[40, 9, 30], [41, 50, 33], [60, 8, 52]])
    shown = protect([first])[0]
    hidden = [(i, j) for i, line in enumerate(shown["cells"]) for j, n in enumerate(line) if n is None]
    assert len(hidden) > 1
    published = {key: shown[key] for key in ("cells", "row_totals", "col_totals", "total")}
    later = one_table([[40, 19, 30], [41, 50, 33], [60, 18, 52]], id="t2", period="2026-Q2", rows=["r0", "r1", "r2"])
    both = protect([first | {"published": published}, later])
    assert all(both[1]["cells"][i][j] is None for i, j in hidden)


def test_it_keeps_what_a_careful_simple_protector_keeps() -> None:
    raw = histories.history(Random(0), groups=4, size=3.6, small=True)["tables"]
    assert attacker.standing(raw, protect(raw)) >= 0.9 * attacker.standing(raw, reference.protect(raw)) > 0
