"""Files and the command: what comes out, and a sentence for each way in which a file can be wrong."""

import csv
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.core import settings as core_settings
from app.core.settings import Settings
from app.domain.directory.duplicates import files
from app.domain.directory.duplicates.listing import listing_from
from app.domain.directory.duplicates.scoring import Match, Reason
from app.domain.directory.reading import Unreadable
from app.domain.directory.reading.shapes import Note

Run = Callable[..., tuple[int, str, str]]
ROW = {
    "id": "x1", "partner": "city", "name": "Legal advice", "organization": "Open Door Inc.", "description": None,
    "address": "Polna 7",
    "city": "Radom", "postcode": "26-600", "country": "PL", "lat": 51.4, "lon": 21.15, "phone": "+48 48 362 11 22", "email": None,
    "url": "https://opendoor.example", "categories": ["law"], "language": "en",
}  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Run the command without any settings; gives exit code, output, and what went to standard error."""
    import logging

    before = Settings(mode="demo")
    for name in ("HEARTH_SECRET_KEY", "HEARTH_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HEARTH_MODE", "demo")
    monkeypatch.setenv("HEARTH_DATA_DIR", str(tmp_path / "untouched"))
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def go(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(["duplicates", *words])
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        assert not (tmp_path / "untouched").exists()
        return code, told.out, told.err

    yield go
    root.handlers[:] = handlers
    root.setLevel(level)
    core_settings.use(before)


def pairs_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_pairs_are_written(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "listings.json", tmp_path / "pairs.csv"
    other = ROW | {"id": "a2", "partner": "union", "name": "Legal Advise", "phone": "483621122", "organization": "Open Door"}
    source.write_text(json.dumps([ROW, other, ROW | {"id": "x3", "name": "Choir", "phone": None, "url": None}]))
    code, told, err = run("--in", str(source), "--out", str(target))
    assert (code, err) == (0, "")
    assert told.splitlines() == ["3 listings, 3 pairs compared: 1 likely, 0 to look at.", f"Written to {target}"]
    assert target.read_text(encoding="utf-8").splitlines()[0] == "id1,id2,score,band,reasons"
    (row,) = pairs_in(target)
    assert (row["id1"], row["id2"], row["band"]) == ("a2", "x1", "likely")
    assert 0.8 <= float(row["score"]) <= 1
    assert row["reasons"].startswith("name_same +4.75; phone_same +2.80; ")


def test_json_for_machines(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "listings.json", tmp_path / "pairs.csv"
    source.write_text(json.dumps([ROW, ROW | {"id": "x2", "partner": "union"}]))
    code, told, _err = run("--in", str(source), "--out", str(target), "--json")
    assert code == 0
    assert json.loads(told) == {
        "listings": 2, "compared": 1, "pairs": 1, "likely": 1, "maybe": 0, "out": str(target),
    }  # fmt: skip


@pytest.mark.parametrize("text", [
    "[]", '[{"id": 1}]', '{"listings": []}', '{"id": "1"}', '{"id": "1"}\n{"id": "2"}', "\ufeff[]",
    '[{"id": "1", "more": {"a": [1]}}]', '[{"id": "1", "lat": "51.4", "lon": "21"}]', '[{"id": "1", "lat": NaN}]',
    '[{"id": "1", "categories": "law; food", "phone": 483621122}]', '[{"id": "1", "lat": 1e999, "lon": ""}]',
    '[{"id": "1", "phone": ["1", "2"], "categories": null}]',
])  # fmt: skip
def test_files_that_are_well(run: Run, tmp_path: Path, text: str) -> None:
    source, target = tmp_path / "listings.json", tmp_path / "pairs.csv"
    source.write_text(text, encoding="utf-8")
    assert run("--in", str(source), "--out", str(target))[0] == 0
    assert pairs_in(target) == []


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "The file listings.json is empty."),
    ("   \n", "The file listings.json is empty."),
    ("id,name\n1,x\n", "listings.json: From here on, the file is not correct JSON."),
    ("null", "listings.json: From here on, the file is not correct JSON."),
    ('[{"id": "1"}, {"id": ', "listings.json, entry 2: From here on, the file is not correct JSON."),
    ("[7]", "listings.json, entry 1: it is not an object."),
    ('[{"id": "1"}, {"name": "x"}]', "listings.json, entry 2: it has no id."),
    ('[{"id": null}]', "listings.json, entry 1: it has no id."),
    ('[{"id": " "}]', "listings.json, entry 1: it has no id."),
    ('[{"id": "1", "name": {"en": "x"}}]', "listings.json, entry 1: its name is not a text."),
    ('[{"id": "1", "email": true}]', "listings.json, entry 1: its email is not a text."),
    ('[{"id": "1", "categories": [["a"]]}]', "listings.json, entry 1: its categories is not a text."),
    ('[{"id": "1", "lat": "north"}]', "listings.json, entry 1: its lat is not a number."),
    ('[{"id": "1", "lon": [1]}]', "listings.json, entry 1: its lon is not a number."),
    ('[{"id": "1"}, {"id": 2}, {"id": 1}]', "listings.json, entry 3: its id 1 is that of entry 1 too."),
    ('[{"id": "1", "name": ' + "[" * 100_000 + "]" * 100_000 + "}]", "listings.json: The record is nested too deeply."),
])  # fmt: skip
def test_files_that_are_not(run: Run, tmp_path: Path, text: str, sentence: str) -> None:
    source, target = tmp_path / "listings.json", tmp_path / "pairs.csv"
    source.write_text(text, encoding="utf-8")
    assert run("--in", str(source), "--out", str(target)) == (1, "", f"{sentence}\n")
    assert [p.name for p in tmp_path.iterdir()] == ["listings.json"]


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    code, _told, err = run("--in", str(tmp_path / "none.json"), "--out", str(tmp_path / "pairs.csv"))
    assert (code, err) == (1, "The file none.json cannot be opened: No such file or directory\n")


def test_a_folder_is_no_file(run: Run, tmp_path: Path) -> None:
    assert run("--in", str(tmp_path), "--out", str(tmp_path / "pairs.csv"))[0] == 1


@pytest.mark.parametrize("target", ["", "none/pairs.csv"])
def test_pairs_need_a_place(run: Run, tmp_path: Path, target: str) -> None:
    (tmp_path / "listings.json").write_text(json.dumps([ROW]))
    out = tmp_path / target
    code, _told, err = run("--in", str(tmp_path / "listings.json"), "--out", str(out))
    assert (code, err) == (1, f"The pairs cannot be written to {out}: it must be a file in a folder that exists.\n")


def test_the_listings_are_not_written_over(run: Run, tmp_path: Path) -> None:
    source, other = tmp_path / "listings.json", tmp_path / "link.csv"
    source.write_text(json.dumps([ROW]))
    other.symlink_to(source)
    for out in (source, other):
        assert run("--in", str(source), "--out", str(out)) == (1, "", "--out names the listings themselves; they would be lost.\n")
    assert json.loads(source.read_text()) == [ROW]


def test_pairs_go_into_a_pipe_and_through_a_link(tmp_path: Path) -> None:
    pipe, real, link = tmp_path / "pipe", tmp_path / "real.csv", tmp_path / "link.csv"
    os.mkfifo(pipe)
    link.symlink_to(real)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_text)
        files.write_pairs(pipe, [])
        assert read.result(10) == "id1,id2,score,band,reasons\n"
    files.write_pairs(link, [])
    assert (pipe.is_fifo(), link.is_symlink(), real.exists()) == (True, True, True)


@pytest.mark.parametrize("words", [(), ("--in", "x"), ("--out", "x"), ("--in", "x", "--out", "y", "--fast")])
def test_wrong_use(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words)[0] == 2


def test_help(run: Run) -> None:
    code, told, _err = run("--help")
    assert code == 0
    assert "--json" in told
    assert told.startswith("usage: hearth duplicates")


@pytest.mark.parametrize("encoding", ["cp1252", "iso8859-2", "cp1250"])
def test_an_encoding_that_can_only_be_guessed(run: Run, tmp_path: Path, encoding: str) -> None:
    source, target = tmp_path / "listings.json", tmp_path / "pairs.csv"
    source.write_bytes(json.dumps([ROW | {"name": "Café"}], ensure_ascii=False).encode(encoding))
    sentence = "listings.json is not in UTF-8, as JSON has to be. Save it as UTF-8 and try again.\n"
    assert run("--in", str(source), "--out", str(target)) == (1, "", sentence)
    assert not target.exists()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_an_encoding_that_is_known_is_said(run: Run, tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "listings.json"
    source.write_bytes(json.dumps([ROW | {"name": "Café"}], ensure_ascii=False).encode(encoding))
    code, _told, err = run("--in", str(source), "--out", str(tmp_path / "pairs.csv"))
    assert (code, err) == (0, f"listings.json: The file is not in UTF-8; it was read as {encoding}.\n")


@pytest.mark.parametrize(("identity", "cell"), [
    ("=1+1", "'=1+1"), ("@x", "'@x"), ("+x", "'+x"), ("-x", "'-x"), ("-5", "-5"), ("+5", "+5"), ("a=b", "a=b"),
    ("x,\"y\"", 'x,"y"'),
])  # fmt: skip
def test_spreadsheets_see_no_formula(tmp_path: Path, identity: str, cell: str) -> None:
    files.write_pairs(tmp_path / "p.csv", [Match(identity, "z", 0.5, "maybe", (Reason("phone_same", 2.8),))])
    (row,) = pairs_in(tmp_path / "p.csv")
    assert (row["id1"], row["reasons"]) == (cell, "phone_same +2.80")


def test_the_old_file_stays_where_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "p.csv"
    target.write_text("old")

    def broken() -> Iterator[Match]:
        yield Match("a", "b", 0.5, "maybe", ())
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        files.write_pairs(target, broken())
    assert [p.name for p in tmp_path.iterdir()] == ["p.csv"]
    assert target.read_text() == "old"


def test_a_record_becomes_a_listing() -> None:
    found = listing_from(ROW | {"categories": "law; food ;", "lat": "51.4", "lon": None, "phone": [1, "2"], "unknown": 7})
    assert (found.id, found.description, found.lat, found.lon, found.phone) == ("x1", "", 51.4, None, "1\n2")
    assert found.categories == ("law", "food")
    assert listing_from({"id": 7}).id == "7"


def test_listings_come_one_after_another(tmp_path: Path) -> None:
    """Nothing after the first bad entry is read, everything before it is handed on."""
    source = tmp_path / "listings.json"
    source.write_text('[{"id": "1"}, {"id": "2"}, {}, {"id": "3"}]')
    notes: list[Note] = []
    stream = files.read_listings(source, notes)
    assert [next(stream).id, next(stream).id] == ["1", "2"]
    with pytest.raises(files.BadFile, match="entry 3: it has no id"):
        next(stream)
    with pytest.raises(Unreadable):
        list(files.read_listings(tmp_path / "none.json", notes))


def test_numbers_cut_at_the_edge_of_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, Any]] = [{"id": "1", "lat": 52.25, "lon": -0.5}, {"id": "2", "lat": 1e-05, "lon": 21}]
    source = tmp_path / "listings.json"
    source.write_text("\n".join(map(json.dumps, rows)))
    for block in range(1, 40):
        monkeypatch.setattr("app.domain.directory.reading.json_stream._BLOCK", block)
        found = [(x.id, x.lat, x.lon) for x in files.read_listings(source, [])]
        assert found == [("1", 52.25, -0.5), ("2", 1e-05, 21.0)]
