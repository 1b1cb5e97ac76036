"""The protector against an attacker who was written apart from it: what is not printed cannot be found, and much is printed."""

import json
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.reporting.protecting import files, reading
from app.domain.reporting.protecting.publishing import Release, publishable
from app.domain.reporting.refusing import BadNumbers
from tests.reporting import attacker, histories, reference
from tests.reporting.conftest import Run

Raw = dict[str, Any]
KEYS = ["id", "title", "period", "universe", "rows", "cols", "cells", "row_totals", "col_totals", "total", "rounding", "kind"]


def protect(raw: list[Raw], threshold: int = 10) -> list[Raw]:
    printed = publishable(Release(reading.read_tables({"tables": raw}), threshold)).tables
    return json.loads(json.dumps([files.as_json(one) for one in printed]))  # type: ignore[no-any-return]


def numbers(table: Raw) -> list[int | None]:
    cells = [n for line in table["cells"] for n in line]
    return [*cells, *table["row_totals"], *table["col_totals"], table["total"]]


def one_table(cells: list[list[int]], **more: Any) -> Raw:
    rows, cols = [f"r{n}" for n in range(len(cells))], [f"c{n}" for n in range(len(cells[0]))]
    return {"id": "t", "period": "2026-Q1", "universe": "members", "rows": rows, "cols": cols, "cells": cells, **more}


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_found_in_members_and_active_ones_of_two_quarters(seed: int) -> None:
    raw = histories.history(Random(seed), size=3.0 + seed / 5, small=True)["tables"]
    released = protect(raw)
    assert attacker.attacked(raw, released)[1] == []
    assert attacker.attacked(raw, released, moves_known=False)[1] == []


def test_nothing_is_found_in_six_months_with_many_tables() -> None:
    raw = histories.history(Random(7))["tables"]
    released = protect(raw)
    assert attacker.attacked(raw, released)[1] == []
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
    assert attacker.attacked(raw, released)[1] == []
    for exact, shown in zip(numbers(raw[0]), numbers(released[0]), strict=True):
        assert shown is None or (exact is not None and exact >= 10 and shown == (exact + 2) // 5 * 5)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_no_difference_of_a_table_and_its_subset_gives_a_small_number(cells: list[tuple[int, ...]], random: Random) -> None:
    whole = reference.with_totals(one_table([list(line) for line in cells]))
    inside = [[n - min(n, random.choice((0, 0, 1, 3, 8))) for n in line] for line in cells]
    part = reference.with_totals(one_table(inside, id="p", universe="active", subset_of="t"))
    assert attacker.attacked([whole, part], protect([whole, part]))[1] == []


def test_it_keeps_what_a_careful_simple_protector_keeps() -> None:
    kept = []
    for seed in range(3):
        raw = histories.history(Random(seed), groups=6, size=3.6, small=True)["tables"]
        kept.append((attacker.standing(raw, protect(raw)), attacker.standing(raw, reference.protect(raw, rests=False))))
    assert sum(ours for ours, _theirs in kept) >= 0.9 * sum(theirs for _ours, theirs in kept)


def test_a_release_has_the_agreed_shape_and_is_the_same_every_time() -> None:
    history = histories.history(Random(3), groups=4)
    released = protect(history["tables"])
    assert released == protect(history["tables"])
    for exact, shown in zip(history["tables"], released, strict=True):
        assert list(shown)[: len(KEYS)] == KEYS
        assert set(shown) - set(KEYS) == set(exact) & {"subset_of", "row_parts"}
        assert {k: exact[k] for k in exact if k not in KEYS[6:10]} == {k: shown[k] for k in shown if k not in KEYS[6:10]}


def test_small_counts_zero_included_are_hidden_and_others_are_rounded() -> None:
    released = protect([one_table([[0, 9, 33, 48], [9, 0, 42, 37]])])[0]
    assert released["cells"] == [[None, None, 35, 50], [None, None, 40, 35]]
    assert (released["row_totals"], released["col_totals"], released["total"]) == ([90, 90], [None, None, 75, 85], 180)


def test_where_all_gave_one_answer_only_the_total_is_printed() -> None:
    table = one_table([[0, 60], [30, 40], [25, 45]])
    assert protect([table])[0]["cells"][0] == [None, None]
    assert protect([table])[0]["row_totals"][0] == 60


def test_a_raised_threshold_hides_more() -> None:
    table = one_table([[12, 33, 14], [40, 41, 15], [44, 52, 61]])
    assert None not in numbers(protect([table])[0])
    assert protect([table], threshold=20)[0]["cells"][0][0] is None


def test_shares_are_whole_percentages_of_rounded_counts_of_fifty_or_more() -> None:
    table = one_table([[20, 43], [14, 31], [120, 84]], unit="percent", of="row")
    released = protect([table])[0]
    assert released["cells"] == [[31, 69], [None, None], [59, 41]]
    assert (released["row_totals"], released["unit"], released["of"]) == ([65, 45, 205], "percent", "row")


BAD: list[tuple[Any, str]] = [
    ({}, 'The file has no "tables".'),
    ([], "The file must be an object with named values."),
    ({"tables": [7]}, "A table must be an object with named values."),
    ({"tables": [one_table([[1, -2]])]}, 'Table "t" (2026-Q1): the cell "r0", "c1" is negative (-2).'),
    ({"tables": [one_table([[1, None]])]}, 'Table "t" (2026-Q1): the cell "r0", "c1" is missing.'),
    ({"tables": [one_table([[1, 2.5]])]}, 'Table "t" (2026-Q1): the cell "r0", "c1" must be a whole number, not 2.5.'),
    ({"tables": [one_table([[1, 2]], total=4)]}, 'Table "t" (2026-Q1): the total of "all" is not the sum of its cells.'),
    ({"tables": [one_table([[1, 2]])] * 2}, 'The id "t" stands twice for 2026-Q1.'),
    ({"tables": [one_table([[1, 2]], subset_of="x")]}, 'Table "t" (2026-Q1) is a subset of "x", which is not in the file.'),
    ({"tables": [one_table([[1, 2]]), one_table([[1, 3]], id="u")]}, 'The tables of "members" for 2026-Q1 do not fit'),
    (
        {"tables": [one_table([[1, 2]]), one_table([[2, 1]], id="u", universe="active", subset_of="t")]},
        'Table "u" (2026-Q1) has more people than "t", which it is a part of, for r0 and c0.',
    ),
    ({"tables": [one_table([[1, 2]], period="2026-Q2"), one_table([[1, 2]])]}, "The periods are not in order"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "sentence"), [pytest.param(*bad, id=str(n)) for n, bad in enumerate(BAD)])
def test_tables_that_cannot_be_right_are_refused_with_a_sentence(file: Any, sentence: str) -> None:
    with pytest.raises(BadNumbers) as refused:
        publishable(Release(reading.read_tables(file)))
    assert refused.value.sentence.startswith(sentence)


def test_the_command_writes_protected_tables_and_says_what_it_hid(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "history.json", tmp_path / "release.json"
    history = histories.history(Random(2), groups=4, months=3, small=True)
    source.write_text(json.dumps(history))
    code, told, wrong = run("protect", "--in", source, "--out", out, "--json")
    assert (code, wrong) == (0, "")
    assert json.loads(out.read_text()) == {"tables": protect(history["tables"])}
    assert json.loads(told)["rules"] == {"version": "2", "threshold": 10, "rounding": 5, "width": 5}
    assert set(json.loads(told)["audit"]) >= {"cells", "hidden", "narrowest"}
    exact = {n for table, line in product(history["tables"], range(1)) for n in numbers(table) if n and n % 5 and line == 0}
    assert not exact & {n for table in json.loads(out.read_text())["tables"] for n in numbers(table)}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"tables": [], "threshold": 4}', "The threshold is 4; below 5 nobody is protected."),
        ('{"tables": 7}', '"tables" must be a list.'),
        ("{", "{source} is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."),
    ],
)
def test_a_bad_file_gets_one_sentence_and_nothing_is_written(run: Run, tmp_path: Path, content: str, sentence: str) -> None:
    source, out = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(content)
    assert run("protect", "--in", source, "--out", out) == (1, "", sentence.replace("{source}", str(source)) + "\n")
    assert not out.exists()
