"""The command line as its users meet it: help, JSON, exit codes, and sentences in place of stack traces."""

import json
import os
import socket
import sqlite3

import pytest

from app.core.clock import now
from app.core.db import Database, checkpoint
from app.core.ids import new_id
from app.core.settings import Settings
from app.domain.media.store import from_url
from app.jobs import erasures
from app.models.accounts import Erasure

COMMANDS = (
    "serve",
    "worker",
    "migrate",
    "demo",
    "coordinator",
    "role",
    "second-step",
    "import",
    "export",
    "match",
    "check",
    "backup",
    "restore",
    "doctor",
    "reseal",
    "duplicates",
    "metrics",
    "protect",
    "report",
    "bench",
    "stress",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    code, told, _ = run(command, "--help")
    assert code == 0
    assert "--json" in told
    assert told.startswith(f"usage: hearth {command}")


WRONG = [[], ["nonsense"], ["backup"], ["coordinator", "destroy"], ["serve", "--port", "many"], ["serve", "--port", "99999"]]


@pytest.mark.parametrize("words", WRONG)
def test_wrong_use_is_2(run, words):
    assert run(*words)[0] == 2


@pytest.fixture
def wide():
    """The umask of most machines: whatever a program makes may be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder):
    return sorted(
        (path.relative_to(folder).as_posix(), f"{path.stat().st_mode & 0o777:o}")
        for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077
    )  # fmt: skip


def test_what_the_house_makes_is_for_its_account_only(run, tmp_path, monkeypatch, wide):
    home = tmp_path / "not" / "there"
    monkeypatch.setenv("HEARTH_DATA_DIR", str(home))
    monkeypatch.setenv("HEARTH_DATABASE_URL", f"sqlite:///{home}/hearth.sqlite3")
    assert run("migrate")[0] == 0
    assert run("coordinator", "create", "--name", "Awa")[0] == 0
    settings = Settings(mode="development", data_dir=home, database_url=f"sqlite:///{home}/hearth.sqlite3")
    database = Database(settings.database)
    from_url(settings.media).put(b"RIFFxxxxWEBP", ".webp")
    with database.transaction() as db:  # open, so that the files beside it are there
        db.add(Erasure(kind="member", subject_id=new_id(), on=now().date()))
    erasures.note_erasures(database, settings)
    checkpoint(database)
    made = {path.name for path in home.rglob("*")}
    assert {"hearth.sqlite3", "hearth.sqlite3-wal", "hearth.sqlite3-shm", "hearth.sqlite3.checkpoint", "erasures.jsonl"} <= made
    assert open_to_others(tmp_path / "not") == []
    database.dispose()
    assert run("backup", str(home / "b.hearth"))[0] == 0
    assert run("restore", str(home / "b.hearth"), "--force")[0] == 0
    assert open_to_others(tmp_path / "not") == []


def test_a_database_that_was_open_to_all_is_closed_and_its_group_stays(run, tmp_path, monkeypatch, wide):
    file = tmp_path / "hearth.sqlite3"
    file.touch()
    file.chmod(0o664)
    monkeypatch.setenv("HEARTH_DATABASE_URL", f"sqlite:///{file}")
    assert run("migrate")[0] == 0
    assert file.stat().st_mode & 0o777 == 0o660


def test_the_usual_way(run, tmp_path):
    code, told, _ = run("migrate", "--json")
    assert code == 0
    assert json.loads(told)["to"]
    code, told, _ = run("coordinator", "create", "--name", "Awa", "--json")
    assert code == 0
    assert len(json.loads(told)["key"].split()) >= 4
    code, told, _ = run("backup", str(tmp_path / "b.hearth"), "--json")
    assert code == 0
    assert json.loads(told)["rows"] > 0
    assert run("restore", str(tmp_path / "b.hearth"))[0] == 1
    code, told, _ = run("restore", str(tmp_path / "b.hearth"), "--force", "--json")
    assert code == 0
    assert json.loads(told)["erased_again"] == 0
    code, told, _ = run("doctor", "--audit", "--json")
    assert json.loads(told)["ok"] is (code == 0) is True
    assert run("reseal", "--json")[0] == 0


def test_statements_of_reasons(run, tmp_path):
    run("migrate")
    code, told, _ = run("export", "statements", str(tmp_path / "out"), "--since", "2026-01-31", "--json")
    assert code == 0
    assert json.loads(told) == {"folder": str(tmp_path / "out"), "statements": 0, "files": [], "held_back": {}}
    code, _, wrong = run("export", "statements", str(tmp_path / "out"), "--since", "yesterday")
    assert code == 2
    assert "'yesterday' is not a day such as 2026-11-30" in wrong


def test_the_yearly_report(run, tmp_path):
    run("migrate")
    code, told, _ = run("export", "transparency", str(tmp_path / "out"), "--year", "2026", "--json")
    assert code == 0
    assert json.loads(told)["files"] == ["transparency-2026.json", "transparency-2026.csv"]
    for wrong in ([], ["--year", "1999"], ["--year", "2999"]):
        code, _, said = run("export", "transparency", str(tmp_path / "out"), *wrong)
        assert code == 1
        assert "--year 2026" in said


def test_everything_that_can_be_exported(run, tmp_path):
    run("migrate")
    code, told, _ = run("export", "all", str(tmp_path / "out"), "--json")
    assert code == 0
    told = json.loads(told)
    assert {what: one["folder"] for what, one in told.items()} == {n: str(tmp_path / "out" / n) for n in ("hsds", "statements")}
    assert (tmp_path / "out" / "hsds" / "services.json").exists()


def test_a_port_in_use_is_a_sentence(run):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        code, _, wrong = run("serve", "--host", "127.0.0.1", "--port", str(number))
    assert code == 1
    assert f"127.0.0.1:{number} cannot be used: another program uses it" in wrong


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["https://example.org/hsds"], "Name the feed with --feed"),
        (["https://example.org/hsds", "--feed", "a", "--mapping", "b"], "A mapping file is for files"),
        (["http://127.0.0.1/hsds", "--feed", "a"], "only https, and no private network"),
        (["README.md", "--every", "24"], "--every is for an https address"),
    ],
)
def test_an_address_is_no_file(run, arguments, says):
    code, _, wrong = run("import", "hsds", *arguments, "--dry-run")
    assert code == 1
    assert says in wrong


def test_fresh_keys_need_no_settings(run, monkeypatch):
    monkeypatch.setenv("HEARTH_MODE", "production")
    code, told, _ = run("doctor", "--new-key", "--json")
    assert code == 0
    assert set(json.loads(told)) == {"HEARTH_SECRET_KEY", "HEARTH_SEAL_KEYS"}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HEARTH_MODE", "production", "HEARTH_SECRET_KEY"), ("HEARTH_DATABASE_URL", "mysql://x/y", "HEARTH_DATABASE_URL"),
        ("HEARTH_WORKERS", "many", "HEARTH_WORKERS"), ("HEARTH_SEAL_KEYS", "short", "32 bytes"),
        ("HEARTH_DATABASE_URL", "postgresql+psycopg://x:y@127.0.0.1:9/z", "The database cannot be used"),
        ("HEARTH_DATABASE_URL", "sqlite:////proc/none/x.sqlite3", "none"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_a_sentence(run, monkeypatch, tmp_path, name, value, told):
    monkeypatch.setenv(name, value)
    code, _out, wrong = run("backup", str(tmp_path / "x"))
    assert code == 1
    assert told in wrong


def test_missing_and_wrong_files_are_sentences(run, tmp_path):
    (tmp_path / "letter").write_text("not a backup")
    for words in (
        ["restore", str(tmp_path / "none")],
        ["restore", str(tmp_path / "letter"), "--force"],
        ["import", "hsds", str(tmp_path / "none")],
    ):
        code, _out, wrong = run(*words)
        assert code == 1
        assert len(wrong.strip()) > 10


def test_an_older_and_a_later_schema_are_refused_politely(run, database):
    import sqlalchemy as sa

    for revision, sentence in (("0001", "hearth migrate"), ("9999", "later release")):
        with database.write_engine.connect() as connection, connection.begin():
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
        code, _out, wrong = run("backup", "/tmp/never")
        assert code == 1
        assert sentence in wrong


def test_a_file_that_is_no_database_is_a_sentence(run, monkeypatch, tmp_path):
    (tmp_path / "junk.sqlite3").write_bytes(b"junk " * 500)
    monkeypatch.setenv("HEARTH_DATABASE_URL", f"sqlite:///{tmp_path}/junk.sqlite3")
    code, _out, wrong = run("migrate")
    assert code == 1
    assert "cannot be used" in wrong


def test_a_locked_database_is_a_sentence(run, monkeypatch, tmp_path):
    monkeypatch.setattr("app.core.db.BUSY_MS", 100)
    monkeypatch.setenv("HEARTH_DATABASE_URL", f"sqlite:///{tmp_path}/own.sqlite3")
    assert run("migrate")[0] == 0
    with sqlite3.connect(tmp_path / "own.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        code, _out, wrong = run("coordinator", "create")
        other.rollback()
    assert code == 1
    assert "busy" in wrong


def test_a_folder_that_is_no_directory_gets_a_sentence(run, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear neighbour", encoding="utf-8")
    run("migrate")
    code, out, err = run("import", "hsds", str(tmp_path), "--dry-run")
    assert (code, out) == (1, "")
    assert "that we can read" in err
