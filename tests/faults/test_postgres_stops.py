"""PostgreSQL is stopped hard while people write and comes back: a page within seconds, no word lost, no restart of ours."""

import shlex
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from app.core import migrate
from app.core.db import Database
from tests.factories import Make
from tests.faults.running import Server, lost_or_half, run_writers, wait_until, writers
from tests.services import postgres

pytestmark = pytest.mark.postgresql
PATIENCE = 5.0  # seconds until somebody is told; the answer itself takes a moment on a busy machine


class Engine:
    """A PostgreSQL server of this test's own that can be stopped and started."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as line:
            self._data = Path(line.execute("SHOW data_directory").fetchone()[0])
            line.execute("ALTER DATABASE postgres SET synchronous_commit = on")  # as PostgreSQL comes: other tests want speed
        self._options = shlex.join(shlex.split((self._data / "postmaster.opts").read_text())[1:])

    def control(self, *words: str) -> None:
        """Run pg_ctl as the server's account."""
        binaries = postgres.postgres_bin()
        subprocess.run(
            [f"{binaries}/pg_ctl", "-D", str(self._data), "-w", *words], check=True, cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=60, **postgres._as(postgres._account()),
        )  # fmt: skip

    def stop(self) -> None:
        """Stop it as a crash would."""
        self.control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start it again, where it was."""
        self.control("-l", str(self._data.parent / "again.log"), "-o", self._options, "start")


@pytest.fixture
def engine() -> Iterator[Engine]:
    """A server that this test may stop."""
    with postgres.server() as url:
        yield Engine(url)


def test_it_goes_away_and_comes_back(engine, settings, tmp_path):
    its = settings.model_copy(update={"database_url": engine.url})
    its.__dict__.pop("database", None)
    database = Database(engine.url)
    migrate.upgrade(database)
    with database.writing() as db:
        people = writers(Make(db), db, 3)
    server = Server(its, tmp_path / "server.log")
    try:
        server.start()
        _through_a_stop(engine, server, database, people)
    finally:
        server.kill()
        database.dispose()


def _through_a_stop(engine: Engine, server: Server, database: Database, people: list) -> None:
    stop = threading.Event()
    threads = run_writers(server, people, stop)
    wait_until(lambda: all(w.acknowledged for w in people), 60, "everybody's words are kept")
    engine.stop()
    stop.set()
    for thread in threads:
        thread.join(30)
    one = people[0]
    away = [one.save(server, "Words while it is away."), server.ask("GET", "/stories"), server.ask("GET", "/me", token=one.token)]
    for answer in (*away, *(a for w in people for a in w.answers)):
        assert answer.status in (200, 303, 503)  # a page for guests may be kept
        assert answer.took < PATIENCE
    assert away[0].status == 503
    assert "Words while it is away." in away[0].text
    assert away[2].status == 503
    assert server.ask("GET", "/healthz").status == 200
    engine.start()
    wait_until(lambda: one.look(server), 20, "it heals by itself")
    assert one.save(server, "Words after it came back.").status == 303
    assert lost_or_half(database, people) == []
    assert sum(len(w.acknowledged) for w in people) >= 4
