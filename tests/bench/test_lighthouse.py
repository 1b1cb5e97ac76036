"""``hearth bench lighthouse``: what becomes of the tool's answers. No figure is judged here."""

import sys
from pathlib import Path

import pytest

from bench import lighthouse

TOOL = f"""#!{sys.executable}
import json, sys
score = next(int(word.rsplit("/", 1)[1]) for word in sys.argv if word.startswith("http"))
path = next(word.split("=", 1)[1] for word in sys.argv if word.startswith("--output-path="))
names = ("performance", "accessibility", "best-practices")
json.dump({{"categories": {{name: {{"score": score / 100}} for name in names}}}}, open(path, "w"))
"""


def test_the_lowest_page_is_the_figure_and_pages_below_the_gate_are_named(tmp_path: Path) -> None:
    tool = tmp_path / "lighthouse"
    tool.write_text(TOOL)
    tool.chmod(0o755)
    scores = {f"/{n}": lighthouse._scores(str(tool), "chromium", f"http://127.0.0.1/{n}", tmp_path, 2) for n in (94, 100, 97)}
    assert scores["/94"] == {"performance": 94, "accessibility": 94, "best-practices": 94}
    found = lighthouse._lowest("performance", scores)
    assert (found.value, found.reaches(found.gate), found.note) == (94, False, "/94 94")
    del scores["/94"]
    found = lighthouse._lowest("performance", scores)
    assert (found.value, found.reaches(found.gate), found.note) == (97, True, "2 pages")
    assert list(tmp_path.iterdir()) == [tool]


def test_without_the_tool_there_is_a_sentence_and_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (figure,) = lighthouse.figures(True, print)
    assert figure.value is None
    assert "lighthouse" in figure.note
