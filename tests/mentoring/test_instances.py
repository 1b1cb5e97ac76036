"""A round in a file: what is read, what is refused with which sentence, what is written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.core import settings as core_settings
from app.core.errors import Invalid
from app.domain.mentoring import instances, rules
from app.domain.mentoring.matching import match

DATA = Path(__file__).parent / "data"
SMALL = json.loads((DATA / "instance_100.json").read_text())
SMALL = {"mentees": SMALL["mentees"][:3], "mentors": SMALL["mentors"][:3]}
Run = Callable[..., tuple[int, str, str]]


def changed(side: str, number: int, **fields: Any) -> bytes:
    """The small instance with other values for one person; ``...`` takes a field away."""
    people = json.loads(json.dumps(SMALL))
    person = people[side][number] | fields
    people[side][number] = {name: value for name, value in person.items() if value is not ...}
    return json.dumps(people).encode()


BAD = [
    (b"", "The file is not JSON: EOF while parsing a value at line 1 column 0."),
    (b"a,b\n1,2", "The file is not JSON: expected value at line 1 column 1."),
    (b'{"mentees": [', "The file is not JSON: EOF while parsing a list at line 1 column 13."),
    (b'{"mentees": ["\xe9"]}', "The file is not JSON: invalid unicode code point at line 1 column 15."),
    (json.dumps(SMALL).encode("utf-16"), "The file is not JSON: expected value at line 1 column 1."),
    (b"[" * 100_000, "The file is not JSON: recursion limit exceeded at line 1 column 202."),
    (b"[]", "The file is not an instance: it must hold an object with “mentees” and “mentors”."),
    (b"null", "The file is not an instance: it must hold an object with “mentees” and “mentors”."),
    (b'{"mentees": []}', "The list “mentors” is missing."),
    (b'{"mentees": {}, "mentors": []}', "“mentees” should be a list, and is {}."),
    (b'{"mentees": [], "mentors": [7]}', "Mentor 1: should be an object with the fields of a person, and is 7."),
    (b'{"mentees": [], "mentors": []}', "There are no mentors in the file, so nobody can be matched."),
    (changed("mentors", 1, slots=...), "Mentor 2 (“t00001”): “slots” is missing."),
    (changed("mentees", 0, id=..., needs=...), "Mentee 1: “id” is missing. (And 1 more to put right.)"),
    (changed("mentees", 0, id=7), "Mentee 1: “id” should be text, and is 7."),
    (changed("mentees", 0, id=""), "Mentee 1 (“”): “id” should be at least one letter, and is \"\"."),
    (changed("mentees", 2, id="m00000"), "The id “m00000” stands more than once: an id belongs to one mentee or one mentor."),
    (changed("mentees", 2, id="t00000"), "The id “t00000” stands more than once: an id belongs to one mentee or one mentor."),
    (
        changed("mentees", 0, languages={"xx": 3}),
        "Mentee 1 (“m00000”): “xx” is no language that we know; its code should be as in “fr”, “wo” or “prs”.",
    ),
    (
        changed("mentors", 0, languages={"klingon": 3}),
        "Mentor 1 (“t00000”): “klingon” is no language that we know; its code should be as in “fr”, “wo” or “prs”.",
    ),
    (changed("mentees", 0, languages={"fr": 4}), "Mentee 1 (“m00000”): “languages.fr” should be 3 or less, and is 4."),
    (changed("mentees", 0, languages={"fr": 0}), "Mentee 1 (“m00000”): “languages.fr” should be 1 or more, and is 0."),
    (changed("mentees", 0, languages=["fr"]), 'Mentee 1 (“m00000”): “languages” should be an object, and is ["fr"].'),
    (changed("mentors", 2, capacity=-1), "Mentor 3 (“t00002”): “capacity” should be 0 or more, and is -1."),
    (changed("mentors", 2, capacity="2"), 'Mentor 3 (“t00002”): “capacity” should be a whole number, and is "2".'),
    (changed("mentors", 2, capacity=2.5), "Mentor 3 (“t00002”): “capacity” should be a whole number, and is 2.5."),
    (changed("mentors", 2, capacity=True), "Mentor 3 (“t00002”): “capacity” should be a whole number, and is true."),
    (changed("mentors", 2, caseload=None), "Mentor 3 (“t00002”): “caseload” should be a whole number, and is null."),
    (changed("mentors", 2, active="yes"), 'Mentor 3 (“t00002”): “active” should be true or false, and is "yes".'),
    (changed("mentors", 2, active=1), "Mentor 3 (“t00002”): “active” should be true or false, and is 1."),
    (changed("mentors", 0, experience={"legal": 4}), "Mentor 1 (“t00000”): “experience.legal” should be 3 or less, and is 4."),
    (changed("mentees", 0, needs={"legal": 0}), "Mentee 1 (“m00000”): “needs.legal” should be 1 or more, and is 0."),
    (changed("mentees", 0, waited_days=-1), "Mentee 1 (“m00000”): “waited_days” should be 0 or more, and is -1."),
    (changed("mentees", 0, slots=[1, 14]), "Mentee 1 (“m00000”): “slots.1” should be below 14, and is 14."),
    (changed("mentees", 0, slots="1"), 'Mentee 1 (“m00000”): “slots” should be a list, and is "1".'),
    (changed("mentees", 0, channels=[["phone"]]),
     "Mentee 1 (“m00000”): “channels.0” should be 'phone', 'chat' or 'in_person', and is [\"phone\"]."),
    (changed("mentees", 0, gender=None),
     "Mentee 1 (“m00000”): “gender” should be 'woman', 'man', 'another' or 'undisclosed', and is null."),
    (changed("mentees", 0, age_band=None), "Mentee “m00000”: an adult needs an age_band."),
    (changed("mentees", 0, country="x" * 60, region=["x" * 60]),
     f"Mentee 1 (“m00000”): “region” should be text, and is [\"{'x' * 38}…."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), [pytest.param(*bad, id=str(n)) for n, bad in enumerate(BAD)])
def test_a_bad_file_gets_one_clear_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        instances.read(content)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize("need", ["cooking", ""])
def test_an_unknown_need_is_told_with_the_ones_there_are(need: str) -> None:
    with pytest.raises(Invalid, match=rf"“needs.{need}” should be 'housing', .* or 'finance', and is \"{need}\"\."):
        instances.read(changed("mentees", 0, needs={need: 1}))


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(SMALL).encode("utf-8-sig"),
        json.dumps(SMALL | {"note": "for May"}).encode(),
        json.dumps(SMALL | {"mentees": []}).encode(),
        changed("mentees", 0, nickname="Z", languages={"prs": 3, "ctg": 2, "uz-Latn": 1}),
        changed("mentees", 0, adult=False, age_band=None),
        changed("mentees", 0, needs={}, hosts=[], slots=[], channels=[], languages={}, neighbours=[]),
        changed("mentors", 0, capacity=1, caseload=4),
        changed("mentors", 0, capacity=10**30),
    ],
)
def test_what_is_unusual_but_right_is_read(content: bytes) -> None:
    people = instances.read(content)
    match(people.mentees, people.mentors)


def test_the_answer_has_the_agreed_shape() -> None:
    people = instances.read((DATA / "instance_100.json").read_bytes())
    answer = json.loads(json.dumps(instances.as_json(match(people.mentees, people.mentors, fair=0.02))))
    assert list(answer) == ["version", "pairs", "unmatched", "groups"]
    assert answer["version"] == "1"
    for pair in answer["pairs"]:
        assert list(pair) == ["mentee", "mentor", "score", "components"]
        assert list(pair["components"]) == ["needs", "language", "place", "abroad", "contact", "gender", "age"]
    assert all(list(one) == ["mentee", "reason"] and one["reason"] in rules.REASONS for one in answer["unmatched"])
    assert len(answer["pairs"]) + len(answer["unmatched"]) == 100
    assert set(answer["groups"]) == {"women", "remote", "remote_women"}
    assert answer["groups"]["women"]["rate_gap"] <= 0.02
    assert answer["groups"]["remote_women"]["rate"] is None


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Any) -> Any:
    """Run ``hearth match`` without any setting; returns exit code, output, errors."""
    import logging

    for name in ("HEARTH_MODE", "HEARTH_SECRET_KEY", "HEARTH_SEAL_KEYS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def go(*words: object) -> tuple[int, str, str]:
        try:
            code = cli.main(["match", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    yield go
    root.handlers[:] = handlers
    root.setLevel(level)
    core_settings.use(settings)


def test_the_command_writes_the_optimum(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    code, told, wrong = run("--instance", DATA / "instance_100.json", "--out", out, "--json")
    assert (code, wrong) == (0, "")
    optimum = json.loads((DATA / "instance_100.optimum.json").read_text())
    assert {name: json.loads(told)[name] for name in optimum} == optimum
    assert len(json.loads(out.read_text())["pairs"]) == optimum["matched"]
    assert out.stat().st_mode & 0o077 == 0  # who is matched with whom is for its owner


def test_the_command_takes_the_rule_about_rates(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("--instance", DATA / "instance_100.json", "--out", out, "--fair", "0.02")[0] == 0
    assert json.loads(out.read_text())["groups"]["women"]["rate_gap"] <= 0.02


@pytest.mark.parametrize("value", ["2", "-0.1", "nan", "half", ""])
def test_a_share_is_from_0_to_1(run: Run, tmp_path: Path, value: str) -> None:
    code, _told, wrong = run("--instance", DATA / "instance_100.json", "--out", tmp_path / "o", f"--fair={value}")
    assert code == 2
    assert f"{value!r} is not a share from 0 to 1" in wrong


def test_nothing_is_written_for_a_bad_file(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "round"
    folder.mkdir()
    source, out = folder / "in.json", folder / "out.json"
    source.write_bytes(changed("mentors", 2, capacity=-1))
    out.write_text("from last week")
    code, told, wrong = run("--instance", source, "--out", out)
    assert (code, told, wrong) == (1, "", "Mentor 3 (“t00002”): “capacity” should be 0 or more, and is -1.\n")
    assert out.read_text() == "from last week"
    assert sorted(p.name for p in folder.iterdir()) == ["in.json", "out.json"]


def test_a_file_that_cannot_be_read_or_written_is_named(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(SMALL))
    sentences = {
        (tmp_path / "none.json", out): f"There is no file {tmp_path}/none.json.",
        (tmp_path, out): f"{tmp_path} is a folder; --instance names a file.",
        (source, tmp_path): f"{tmp_path} is a folder; --out names a file.",
        (source, tmp_path / "no" / "out.json"): f"There is no folder {tmp_path}/no to write out.json to.",
        (source, source): "--out names the instance itself; it would be lost.",
    }
    for (one, other), sentence in sentences.items():
        assert run("--instance", one, "--out", other) == (1, "", sentence + "\n")
    assert json.loads(source.read_text()) == SMALL


def test_a_link_stays_a_link_and_a_device_a_device(run: Run, tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("before")
    link.symlink_to(target)
    assert run("--instance", DATA / "instance_100.json", "--out", link)[0] == 0
    assert link.is_symlink()
    assert len(json.loads(target.read_text())["pairs"]) == 79
    assert run("--instance", DATA / "instance_100.json", "--out", "/dev/null")[0] == 0
    assert Path("/dev/null").is_char_device()


def test_a_full_disk_leaves_what_was_there(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "round" / "out.json"
    out.parent.mkdir()
    out.write_text("before")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.commands.files.os.fsync", full)
    code, _told, wrong = run("--instance", DATA / "instance_100.json", "--out", out)
    assert code == 1
    assert "No space left" in wrong
    assert out.read_text() == "before"
    assert [p.name for p in out.parent.iterdir()] == ["out.json"]
