"""``hearth check``: one answer for a file of lines, plain words without --json, and sentences for files that cannot be read."""

import json

import pytest

TEXT = "Hello, how are you?\n\nWork in Dubai, pay only 100 dollars registration fee.\r\nCall 077 123 45 67\n"


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_bytes(TEXT.encode())
    return str(path)


def test_each_line_has_its_level_and_findings(run, lines):
    code, told, _ = run("check", lines, "--json")
    answer = json.loads(told)
    assert code == 0
    assert [(line["line"], line["level"]) for line in answer["lines"]] == [(1, "none"), (2, "none"), (3, "hold"), (4, "hint")]
    assert (answer["checked"], answer["held"], answer["hinted"], answer["clean"]) == (4, 1, 1, 2)
    finding = next(f for f in answer["lines"][2]["findings"] if f["rule"] == "fee_first")
    assert finding["check"] == "recruiter"
    assert TEXT.splitlines()[2][finding["start"] : finding["end"]] == finding["text"]
    assert finding["why"].startswith("Money is asked for")
    assert finding["do"]


def test_without_json_it_is_read_by_people(run, lines):
    code, told, _ = run("check", lines)
    assert code == 0
    assert "fee_first" in told
    assert told.strip().endswith("4 lines: 1 held, 1 hinted, 2 clean.")


def test_reasons_come_in_other_languages(run, lines):
    told = json.loads(run("check", lines, "--json", "--reasons", "fr")[1])
    assert "argent" in told["lines"][2]["findings"][0]["why"]


def test_the_kind_of_text_and_who_writes_count(run, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("We are hiring drivers.\nHello, +221 77 123 45 67\n")
    held = {kind: json.loads(run("check", str(path), "--json", "--kind", kind)[1])["held"] for kind in ("any", "post", "listing")}
    assert held == {"any": 0, "post": 1, "listing": 0}
    assert json.loads(run("check", str(path), "--json", "--first")[1])["held"] == 1


def test_a_list_of_words_can_be_tried(run, tmp_path, lines):
    words = tmp_path / "own.yaml"
    words.write_text("en: {hold: [hello]}")
    assert json.loads(run("check", lines, "--json", "--words", str(words))[1])["held"] == 2
    words.write_text("en: {ban: [hello]}")
    code, _out, wrong = run("check", lines, "--words", str(words))
    assert code == 1
    assert "own.yaml" in wrong


@pytest.mark.parametrize(
    ("content", "held"), [(b"", 0), (b"\n", 0), (b"\xef\xbb\xbfHello", 0), ("a\x00b\u2028c".encode(), 0), (b"a\n\n\n", 0)]
)
def test_odd_files_are_read(run, tmp_path, content, held):
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    code, told, _ = run("check", str(path), "--json")
    assert code == 0
    answer = json.loads(told)
    assert answer["held"] == held
    assert len(answer["lines"]) == answer["checked"] == len(content.removesuffix(b"\n").split(b"\n")) * bool(content)


@pytest.mark.parametrize(("content", "sentence"), [
    (None, "There is no file"), (b"ok\nb\xff\xfe", "is not UTF-8 text: line 2"), (b"ok\n" + b"a" * 100_001, "Line 2 of"),
    ("folder", "is a folder"),
])  # fmt: skip
def test_what_cannot_be_read_is_a_sentence(run, tmp_path, content, sentence):
    path = tmp_path / "x.txt"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    code, told, wrong = run("check", str(path), "--json")
    assert (code, told) == (1, "")
    assert sentence in wrong
    assert "Traceback" not in wrong


@pytest.mark.parametrize(
    "words", [["check"], ["check", "a", "b"], ["check", "a", "--kind", "poem"], ["check", "a", "--reasons", "xx"]]
)
def test_wrong_use_is_2(run, words):
    assert run(*words)[0] == 2


def test_what_is_printed_commands_no_terminal(run, tmp_path):
    file = tmp_path / "lines.txt"
    file.write_text("send \x1b]0;pwned\x07 your pass\u202eport to the agent\n", encoding="utf-8")
    _, told, _ = run("check", str(file))
    assert not {c for c in told if ord(c) < 32 and c != "\n"} | ({"\u202e"} & set(told))
