"""The parts of ``hearth bench``: data, figures, comparing, children that end. No figure is judged here."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.core import migrate
from app.core.db import Database
from app.domain import wiring
from app.domain.directory import importing
from app.domain.search import queries
from app.models.stories import Story
from bench import command, data, floor, imports, loadpair, pages, servers
from bench.report import Figure
from bench.report import table as as_text


def count(database: Database, table: str) -> int:
    with database.reading() as db:
        return int(db.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one())


def small(database: Database) -> data.Size:
    """A little more than the seed has."""
    return data.Size(count(database, "service") + 5, count(database, "story") + 8, count(database, "member") + 6)


@pytest.fixture
def seeded(db, database, make, tmp_path) -> Database:
    """Two services by the importer, one published story by its shapes, a few members."""
    wiring.connect()
    source = tmp_path / "feed"
    source.mkdir()
    place = {"id": "p", "location_type": "physical", "name": "House", "latitude": 31.95, "longitude": 35.93}
    place["addresses"] = [{"id": "a", "address_1": "Street 1", "city": "Amman", "state_province": "Amman", "postal_code": "1",
                           "country": "JO", "address_type": "physical"}]  # fmt: skip
    services = [{"id": f"s{n}", "name": f"Legal help {n}", "status": "active", "description": "Papers and advice"} for n in (1, 2)]
    for service in services:
        service["phones"] = [{"id": "t", "number": "+962 6 1234567"}]
    links = [{"id": f"l{n}", "service_id": f"s{n}", "location_id": "p"} for n in (1, 2)]
    for name, rows in (("locations", [place]), ("services", services), ("service_at_locations", links)):
        (source / f"{name}.json").write_text(json.dumps(rows))
    importing.import_directory(database, source, feed_name="seed", country="JO")
    area = make.area()
    story = make.story(make.member("Amina"), area_id=area.id)
    make.commit()
    assert story.ref
    return database


def test_the_data_grows_to_its_size_and_can_be_found(seeded):
    size = small(seeded)
    data.grow(seeded, size, lambda _line: None)
    for table, wanted in (("service", size.services), ("story", size.stories), ("member", size.members)):
        assert count(seeded, table) == wanted
    assert count(seeded, "service_facts") == size.services
    with seeded.reading() as db:
        found = queries.find(db.connection(), kind="service", text="legal", limit=50)
        refs = set(db.execute(sa.select(sa.column("ref")).select_from(sa.table("service"))).scalars())
    assert len(found.rows) == size.services
    assert {hit.shown["ref"] for hit in found.rows} == refs


def test_growing_twice_to_the_same_size_adds_nothing(seeded):
    size = small(seeded)
    data.grow(seeded, size, lambda _line: None)
    data.grow(seeded, size, lambda _line: None)
    assert count(seeded, "service") == size.services
    assert count(seeded, "member") == size.members


def test_addresses_are_of_what_everybody_may_read(seeded, settings):
    there = servers.addresses(settings.database)
    with seeded.reading() as db:
        stories = set(db.execute(sa.select(Story.__table__.c.ref)).scalars())
    assert set(there.stories) == stories
    assert len(there.services) == 2


def test_the_cache_name_moves_with_size_and_schema(monkeypatch, tmp_path):
    before = data._key(data.QUICK)
    assert data._key(data.QUICK) == before
    assert data._key(data.FULL) != before
    copied = Path(shutil.copytree(migrate.FOLDER, tmp_path / "migrations"))
    changed = next((copied / "versions").glob("0001*.py"))
    changed.write_text(changed.read_text() + "# another column\n")
    monkeypatch.setattr(migrate, "FOLDER", copied)
    assert data._key(data.QUICK) != before


def test_figures_know_which_side_of_a_limit_is_good():
    more, less = Figure("P1", "x", 0.4, 0.35, 0.6, more=True), Figure("P8", "y", 170.0, 160, 120)
    nothing = Figure("W5", "z", None, 1.6, note="needs root")
    assert (more.reaches(more.gate), more.reaches(more.stretch)) == (True, False)
    assert (less.reaches(less.gate), nothing.reaches(nothing.gate)) == (False, None)
    assert less.as_dict()["met"] is False
    assert "MISSED" in less.line()
    assert "needs root" in as_text([more, nothing])


def test_ratios_are_medians_of_the_rounds():
    ours, base = pages.Speed([10, 40, 30], [9, 3, 6]), pages.Speed([20, 40, 20], [3, 3, 3])
    assert ours.ratio(base) == 1.0  # of 0.5, 1.0, 1.5
    assert ours.late(base) == 2.0


def test_an_error_while_loading_is_no_figure(monkeypatch):
    broken = [SimpleNamespace(errors=1, requests=5, rps=1.0, p95=1.0)]
    monkeypatch.setattr(loadpair, "take_turns", lambda _options, _targets: {"a": broken})
    with pytest.raises(RuntimeError, match="1 errors in 5 requests"):
        pages.load([], pages.Pace(1, 1))


def test_only_this_machine_may_be_loaded():
    with pytest.raises(SystemExit):
        loadpair.parse(["x=http://192.0.2.1/"])


def test_the_floor_answers_its_pages(tmp_path):
    engine = floor.open_database(str(tmp_path / "floor.sqlite3"))
    floor.fill(engine, members=300, topics=120)
    app = floor.build(engine)
    with TestClient(app) as client:
        for path in ("/hello", "/page", "/list/7", "/topic/7", "/naive/7"):
            assert client.get(path).status_code == 200, path
        assert client.get("/list/7").text.count("<li id=") > 0
        assert client.post("/reply/7", data={"text": "hello"}, follow_redirects=False).status_code == 303
    engine.dispose()


def test_a_child_ends_with_its_block(tmp_path):
    waiting = [sys.executable, "-c", "import signal; signal.pause()"]
    with pytest.raises(KeyboardInterrupt), servers.child(waiting, {}, tmp_path / "log") as one:
        raise KeyboardInterrupt
    assert one.returncode == -signal.SIGTERM


def test_a_server_that_does_not_start_says_why(tmp_path):
    log = tmp_path / "log"
    with servers.child([sys.executable, "-c", "raise SystemExit('no database')"], {}, log) as one:
        one.wait()
        with pytest.raises(RuntimeError, match="no database"):
            servers._wait("http://127.0.0.1:9/", one, log)


def test_a_copied_listing_points_to_copied_things():
    row = imports._copied({"id": "a", "organization_id": "o", "name": "Help"}, 3)
    assert row == {"id": "a-3", "organization_id": "o-3", "name": "Help 3"}


def test_the_command_prints_json_and_fails_for_a_missed_gate(monkeypatch, capsys):
    monkeypatch.setattr(command.imports, "figures", lambda _quick, _say: [Figure("P8", "memory", 170.0, 160, 120, "MB")])
    assert command.run("import", json_out=True) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["figures"][0]["goal"] == "P8"
    assert answer["figures"][0]["met"] is False
    monkeypatch.setattr(command.imports, "figures", lambda _quick, _say: [Figure("P8", "memory", 100.0, 160, 120, "MB")])
    assert command.run("import") == 0


@pytest.mark.parametrize("tool", ["loadpair", "pageweight", "slowlink", "floor"])
def test_the_tools_work_alone(tool):
    path = Path(data.__file__).with_name(f"{tool}.py")
    done = subprocess.run([sys.executable, str(path), "--help"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
