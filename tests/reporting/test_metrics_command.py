"""``hearth metrics``: cases from a file, results into a file, one sentence for what goes wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.conftest import Run

VECTORS = Path(__file__).parent / "data" / "metric_vectors.json"


def test_all_worked_examples_are_answered_in_their_order(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    code, told, wrong = run("metrics", "--cases", VECTORS, "--out", out, "--json")
    assert (code, wrong) == (0, "")
    assert json.loads(told) == {"out": str(out), "cases": 61, "refused": 1}
    asked, answered = json.loads(VECTORS.read_text())["cases"], json.loads(out.read_text())
    assert list(answered) == ["cases"]
    assert [(c["metric"], c["name"]) for c in answered["cases"]] == [(c["metric"], c["name"]) for c in asked]
    assert all(list(c) == ["metric", "name", "result"] for c in answered["cases"])
    assert all(set(c["result"]) == set(a["expected"]) for c, a in zip(answered["cases"], asked, strict=True))


def test_a_bad_case_is_refused_and_the_others_are_answered(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in.json", tmp_path / "out.json"
    reference = {"women_in": 3, "total_in": 20, "women_ref": 130, "total_ref": 100}
    given: list[dict[str, Any]] = [
        {"metric": "participation_ratio", "name": "130 %", "input": reference},
        {"metric": "gini", "name": "no input"},
        {"metric": "gini", "name": "good", "input": {"values": [1, 2, 3, 4]}},
    ]
    source.write_text(json.dumps({"cases": given}))
    code, told, wrong = run("metrics", "--cases", source, "--out", out)
    assert (code, wrong) == (0, "")
    assert told == f"3 cases, 2 of them refused because their figures cannot be right. Written to {out}\n"
    results = [c["result"] for c in json.loads(out.read_text())["cases"]]
    assert results[:2] == [
        {"error": "The women of the reference: 130 of 100 is more than all."},
        {"error": '"input" must be an object with named values.'},
    ]  # fmt: skip
    assert results[2]["value"] == 0.25


BAD = [
    ("", "{source} is not JSON: Expecting value: line 1 column 1 (char 0)."),
    ("[" * 100_000, "{source} is not JSON: it is nested too deeply."),
    ('{"cases": [{"metric": "gini", "metric": "hhi"}]}', "{source} is not JSON: the name 'metric' stands twice in one object."),
    ('{"cases": [{"metric": "gini", "input": {"values": [NaN]}}]}', "{source} is not JSON: NaN is no number."),
    ("[]", "The file must be an object with named values."),
    ("{}", 'The file has no "cases".'),
    ('{"cases": 7}', '"cases" must be a list.'),
    ('{"cases": [7]}', "Case 1 must be an object with named values."),
    ('{"cases": [{"name": "x", "input": {}}]}', 'Case 1: "metric" and "name" are words.'),
]


@pytest.mark.parametrize(("content", "sentence"), [pytest.param(*bad, id=str(n)) for n, bad in enumerate(BAD)])
def test_a_bad_file_gets_one_sentence_and_nothing_is_written(run: Run, tmp_path: Path, content: str, sentence: str) -> None:
    source, out = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(content)
    assert run("metrics", "--cases", source, "--out", out) == (1, "", sentence.format(source=source) + "\n")
    assert not out.exists()


def test_files_that_cannot_be_read_or_written_are_named(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    sentences = {
        (tmp_path / "none.json", out): f"There is no file {tmp_path}/none.json.",
        (tmp_path, out): f"{tmp_path} is a folder; --cases names a file.",
        (VECTORS, tmp_path): f"{tmp_path} is a folder; --out names a file.",
        (VECTORS, tmp_path / "no" / "out.json"): f"There is no folder {tmp_path}/no to write out.json to.",
        (VECTORS, VECTORS): "--out names the cases itself; it would be lost.",
    }
    for (one, other), sentence in sentences.items():
        assert run("metrics", "--cases", one, "--out", other) == (1, "", sentence + "\n")
    assert run("metrics", "--cases", VECTORS)[0] == 2
