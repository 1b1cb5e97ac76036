"""The protector's rules one by one, the shape of what it writes, and what it refuses."""

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.reporting.protecting import auditing, files, first, reading, shares, working
from app.domain.reporting.protecting.publishing import Release, publishable
from app.domain.reporting.refusing import BadNumbers
from tests.reporting import histories
from tests.reporting.conftest import Raw, Run, numbers, one_table, protect

KEYS = ["id", "title", "period", "universe", "rows", "cols", "cells", "row_totals", "col_totals", "total", "rounding", "kind"]


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


def test_shares_are_percentages_of_fifty_or_more_and_bands_of_twenty_five() -> None:
    table = one_table([[20, 43], [24, 24], [14, 31], [120, 84], [11, 13]], unit="percent", of="row")
    released = protect([table])[0]
    assert released["cells"] == [[31, 69], [None, None], [None, None], [59, 41], [None, None]]  # 48 people are no 50
    assert released["bands"] == [[None, None], ["40–60", "40–60"], ["20–40", "over 60"], [None, None], [None, None]]
    assert (released["row_totals"], released["unit"], released["of"]) == ([65, 50, 45, 205, 25], "percent", "row")


@pytest.mark.parametrize(("part", "words"), [(5, "under 20"), (10, "20–40"), (20, "40–60"), (30, "40–60"), (35, "over 60")])
def test_a_band_begins_where_the_one_below_it_ends(part: int, words: str) -> None:
    assert shares.band(part, 50) == words


def test_a_group_that_says_itself_whom_it_is_for_is_left_alone_by_that_rule() -> None:
    cells = [[0, 60], [30, 40], [25, 45]]
    hidden = [
        len(first.hidden_first(work.tables, work.units, 10))
        for own in ([], ["r0"])
        for work in [working.Work(reading.read_tables({"tables": [one_table(cells, own_words=own)]}), 10, lasting=False)]
    ]
    assert hidden == [2, 1]


def months(*counts: int) -> list[Raw]:
    return [one_table([[n, 40], [50, 60]], id=f"t-{m}", period=m) for m, n in zip(("2026-01", "2026-02"), counts, strict=True)]


@pytest.mark.parametrize(("counts", "shown"), [((9, 14), [None, None]), ((9, 15), [None, 15]), ((12, 14), [10, 15])])
def test_what_was_hidden_stays_hidden_unless_it_passes_by_a_margin(counts: tuple[int, int], shown: list[int | None]) -> None:
    assert [table["cells"][0][0] for table in protect(months(*counts))] == shown


def test_the_period_may_be_words_and_a_quarter_may_be_known_by_its_last_month() -> None:
    autumn = [one_table([[9, 40], [50, 60]], period=word, id=f"t-{word}") for word in ("spring", "autumn")]
    assert [table["cells"][0][0] for table in protect(autumn)] == [None, None]
    same = [one_table([[9, 40], [50, 60]], id="t"), one_table([[9, 40], [50, 60]], id="u", period="2026-03")]
    assert numbers(protect(same)[0]) == numbers(protect(same)[1])


def test_where_the_audit_cannot_pass_the_table_is_coarser_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    quarters = [one_table([[9, n], [50, 60]], id=f"t-{q}", period=q) for q, n in (("2026-Q1", 40), ("2026-Q2", 43))]
    other = one_table([[30, 40], [50, 60]], id="u", universe="others")
    monkeypatch.setattr(working, "next_hidden", lambda _state, _narrow: set())  # nothing helps but whole levels
    published = publishable(Release(reading.read_tables({"tables": [*quarters, other]})))
    assert published.notes == [
        f'Table "t-{q}" ({q}) is printed without cells: the audit did not pass with them.' for q in ("2026-Q1", "2026-Q2")
    ]
    first_quarter, _second, others = map(files.as_json, published.tables)
    assert first_quarter["cells"] == [[None, None], [None, None]]
    assert first_quarter["total"] == 160
    assert None not in numbers(others)


def test_where_the_search_fails_nothing_of_the_table_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing.Audit, "lacks", lambda _self, targets: targets)
    published = publishable(Release(reading.read_tables({"tables": [one_table([[9, 40], [50, 60]])]})))
    assert set(numbers(files.as_json(published.tables[0]))) == {None}
    assert published.notes == ['Table "t" (2026-Q1) is not printed: the audit did not pass with any number of it.']


def test_the_record_of_the_audit_is_measured() -> None:
    tables = reading.read_tables({"tables": [one_table([[9, 40], [50, 60], [44, 31]])]})
    published = publishable(Release(tables))
    hidden = numbers(files.as_json(published.tables[0])).count(None)
    assert published.audit == {"cells": 12, "hidden": hidden, "narrowest": published.audit["narrowest"]}
    assert 5 <= published.audit["narrowest"] <= 10
    assert publishable(Release(reading.read_tables({"tables": [one_table([[30, 40]])]}))).audit["narrowest"] is None


def test_both_sides_of_a_table_may_be_one_classification() -> None:
    pairs = {"rows": ["woman", "man"], "cols": ["woman", "man"]}  # mentors by mentees
    assert protect([one_table([[20, 30], [40, 50]], **pairs)])[0]["cells"] == [[20, 30], [40, 50]]
    released = protect([one_table([[20, 30], [30, 9]], **pairs)])[0]
    assert released["cells"][1][1] is None
    assert protect([one_table([[20, 41], [41, 50]], own_words=[], **pairs)])[0]["total"] == 150


def test_parts_may_be_listed_by_row_and_come_out_so() -> None:
    table = one_table([[30, 40], [50, 60], [80, 100]], row_parts=[[], [], ["r0", "r1"]])
    released = protect([table])[0]
    assert released["row_parts"] == [[], [], ["r0", "r1"]]
    assert released["total"] == 180


def test_a_subset_that_carries_the_name_of_its_whole_may_have_parts() -> None:
    whole = [one_table([[30, 40], [50, 60]]), one_table([[80, 100]], id="all", rows=["both"], row_parts={"both": ["r0", "r1"]})]
    part = [
        one_table([[20, 30], [40, 50]], id="active", subset_of="t"),
        one_table([[60, 80]], id="active-all", rows=["both"], subset_of="all", row_parts={"both": ["r0", "r1"]}, period="2026-03"),
    ]  # fmt: skip
    part[1] |= {"period": "2026-Q1"}
    assert [table["total"] for table in protect([*whole, *part])] == [180, 180, 140, 140]


def test_not_stated_may_mean_two_things_and_is_tied_over_time_all_the_same() -> None:
    def two(period: str, ages: list[list[int]]) -> list[Raw]:
        by_gender = one_table([[40, 30], [50, 60]], id=f"gender-{period}", period=period, cols=["woman", "not stated"])
        by_age = one_table(ages, id=f"age-{period}", period=period, cols=["young", "not stated"])
        return [by_gender, by_age]

    raw = [*two("2026-Q1", [[40, 30], [50, 60]]), *two("2026-Q2", [[61, 9], [50, 60]])]
    shown = [table["cells"][0][1] for table in protect(raw)]
    assert shown == [None, None, None, None]  # whoever knows who came and went has Q2 from Q1


HUGE = int("9" * 401)
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
    ({"tables": [one_table([[1, HUGE]])]}, 'Table "t" (2026-Q1): the cell "r0", "c1" is too large to be true (99999'),
    ({"tables": [one_table([[1, 2]], row_parts={"r0": ["r0"]})]}, 'Table "t" (2026-Q1): "r0" is a part of itself.'),
    ({"tables": [one_table([[1], [1]], row_parts={"r0": ["r1"], "r1": ["r0"]})]}, 'Table "t" (2026-Q1): "r0" is a part of itself.'),
    ({"tables": [one_table([[2], [1]], row_parts={"r0": ["r1", "r1"]})]}, 'Table "t" (2026-Q1): a part of "r0" is named twice.'),
    ({"tables": [one_table([[3], [1]], row_parts={"r0": ["r1"]})]}, 'Table "t" (2026-Q1): "r0" is not the sum of its parts.'),
    ({"tables": [one_table([[1]], formerly={"r7": "r0"})]}, 'Table "t" (2026-Q1): "formerly" names a row that is not there: r7.'),
    (
        {"tables": [one_table([[31, 40]], published={"cells": [[35, 40]]})]},
        'Table "t" (2026-Q1): what was published of it is not made of its counts.',
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
    assert json.loads(told)["rules"] == {"version": "3", "threshold": 10, "rounding": 5, "width": 5}
    assert set(json.loads(told)["audit"]) == {"cells", "hidden", "narrowest"}  # and no word about why a number is hidden (R3)
    assert all(n is None or n % 5 == 0 for table in json.loads(out.read_text())["tables"] for n in numbers(table))


def test_a_sentence_never_holds_a_count_of_people(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "history.json"
    for tables in (
        [one_table([[31, 42]], total=77)],
        [one_table([[31, 42]], published={"cells": [[35, 40]]})],
        [one_table([[31, 42]]), one_table([[31, 43]], id="u")],
        [one_table([[31, 42]]), one_table([[32, 41]], id="u", universe="active", subset_of="t")],
    ):
        source.write_text(json.dumps({"tables": tables}))
        code, told, wrong = run("protect", "--in", source, "--out", tmp_path / "out.json")
        assert (code, told) == (1, "")
        assert not {"31", "32", "41", "42", "43", "73", "77"} & set(re.findall(r"\d+", wrong))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"tables": [], "threshold": 4}', "The threshold is 4; below 5 nobody is protected."),
        ('{"tables": [], "lasting": 1}', '"lasting" is true or false.'),
        ('{"tables": 7}', '"tables" must be a list.'),
        ("{", "{source} is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."),
    ],
)
def test_a_bad_file_gets_one_sentence_and_nothing_is_written(run: Run, tmp_path: Path, content: str, sentence: str) -> None:
    source, out = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(content)
    assert run("protect", "--in", source, "--out", out) == (1, "", sentence.replace("{source}", str(source)) + "\n")
    assert not out.exists()
