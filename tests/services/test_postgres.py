"""The test database is really there, really UTF-8, and really gone afterwards."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.services import postgres as service

pytestmark = pytest.mark.postgresql

ROOT = Path(__file__).parents[2]


def refused(url: str) -> bool:
    engine = sa.create_engine(url, connect_args={"connect_timeout": 5})
    try:
        with engine.connect():
            return False
    except sa.exc.OperationalError:
        return True
    finally:
        engine.dispose()


def value(url: str, statement: str) -> object:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(sa.text(statement)).scalar_one()
    finally:
        engine.dispose()


def data_folder(url: str) -> Path:
    return Path(str(value(url, "SHOW data_directory")))


def test_a_server_is_utf8_on_loopback_and_gone_at_the_end() -> None:
    with service.server() as url:
        assert value(url, "SHOW server_encoding") == "UTF8"
        assert value(url, "SELECT upper('é')") == "É"
        assert value(url, "SHOW listen_addresses") == "127.0.0.1"
        folder = data_folder(url)
        assert folder.is_dir()
    assert refused(url)
    assert not folder.parent.exists()


def test_databases_on_one_server_do_not_see_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with service.server() as admin:
        monkeypatch.setenv(service.RUNNING, admin)
        with service.postgres() as one, service.postgres() as two:
            names = {value(each, "SELECT current_database()") for each in (one, two)}
            assert len(names) == 2
            assert value(one, "SELECT count(*) FROM pg_stat_user_tables") == 0
        assert refused(one)
        assert value(admin, "SELECT count(*) FROM pg_database WHERE datname LIKE 'hearth_test_%'") == 0


def test_nothing_stays_when_the_tests_are_killed() -> None:
    """`kill -9` gives no chance to clean up: the keeper sees the pipe close and does it."""
    script = "from tests.services.postgres import server\nwith server() as url:\n print(url, flush=True)\n input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        folder = data_folder(url)
        postmaster = int((folder / "postmaster.pid").read_text().splitlines()[0])
        run.kill()
    assert gone(postmaster), "the server outlived the tests by ten seconds"
    assert refused(url)


def gone(process: int) -> bool:
    """Wait at most ten seconds for the end of a process that is not our child."""
    waited = subprocess.run(
        ["timeout", "10", "tail", f"--pid={process}", "-s", "0.05", "-f", "/dev/null"], check=False, capture_output=True
    )
    return waited.returncode == 0


def test_a_machine_without_postgresql_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "postgres_bin", lambda: None)
    monkeypatch.delenv(service.RUNNING, raising=False)
    with pytest.raises(service.PostgresMissing, match="not installed"), service.postgres():
        pass


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def remember(prefix: str) -> str:
        made.append(tempfile.mkdtemp(prefix=prefix))
        return made[-1]

    monkeypatch.setattr(service, "SERVER_SETTINGS", ("no_such_setting=1",))
    monkeypatch.setattr(service, "mkdtemp", remember)
    with pytest.raises(service.PostgresMissing, match="no_such_setting"), service.server():
        pass
    assert made
    assert not Path(made[0]).exists()
