"""What every test can ask for: a migrated database on the chosen engine, a browser without a browser, people, a clock."""

import csv
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlmodel import Session

from app.core import clock, crypto, i18n, migrate
from app.core import db as core_db
from app.core import settings as core_settings
from app.core.db import Database
from app.core.settings import Settings
from app.domain.accounts import keys
from tests.factories import Make
from tests.inside import one_loop
from tests.services.chromium import JOURNEYS
from tests.services.compiled import compiled_once

if TYPE_CHECKING:
    from tests.services.again import Again

TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
POSTGRES = os.environ.get("HEARTH_TEST_DATABASE", "sqlite") == "postgresql"
PLACES = [Path(__file__).parents[1] / place for place in JOURNEYS]


def pytest_collection() -> None:
    """What is collected stays until the end: looking for garbage in it finds nothing."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is looked for in what the tests make, not in the collected tests and modules."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of the PostgreSQL round what never opens a database: the round on SQLite runs all of it."""
    lost = [i.nodeid for i in items if i.get_closest_marker("journey") and not {i.path, *i.path.parents} & {*PLACES}]
    if lost:
        raise pytest.UsageError(f"scripts/test looks for journeys in {JOURNEYS} only: {', '.join(lost)}")
    if not POSTGRES:
        return
    other = [i for i in items if "server_url" not in i.fixturenames and not i.get_closest_marker("postgresql")]  # type: ignore[attr-defined]
    config.hook.pytest_deselected(items=other)
    left_out = set(other)
    items[:] = [i for i in items if i not in left_out]


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """The databases of a run are alike."""
    with compiled_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def asked_on_one_loop() -> Iterator[None]:
    """Requests to applications in this process share an event loop."""
    with one_loop():
        yield


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    """Every test happens on one Friday morning in November 2026, unless it moves the clock."""
    with clock.at(TODAY):
        yield


SHIPPED = core_db._pragmas


def _without_waiting(read_only: bool) -> list[str]:
    return [pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in SHIPPED(read_only)]


@pytest.fixture(scope="session", autouse=True)
def disk_not_waited_for() -> Iterator[None]:
    """A test's database need not survive a power cut: waiting for the disk was a quarter of the time of tests of pages."""
    with mock.patch.object(core_db, "_pragmas", _without_waiting):
        yield


@pytest.fixture
def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to SQLite as the program opens them (ask for it before the database)."""
    monkeypatch.setattr(core_db, "_pragmas", SHIPPED)


@pytest.fixture(scope="session", autouse=True)
def keys_hashed_cheaply() -> Iterator[None]:
    """Argon2id with 46 MiB takes a tenth of a second; only tests/accounts/test_keys.py hashes as the program does."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with mock.patch.multiple(keys, _HASHER=cheap, DUMMY=cheap.hash("nobody's")):
        yield


@pytest.fixture(autouse=True)
def usual_cells() -> Iterator[None]:
    """How long a cell of a CSV file may be is one setting of the whole process; a test that lowers it does so for itself."""
    before = csv.field_size_limit()
    yield
    csv.field_size_limit(before)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences outside a request are English."""
    with i18n.speaking("en"):
        yield


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The database server of this run; "" for SQLite."""
    with ExitStack() as stack:
        if POSTGRES:
            from tests.services.postgres import postgres

            yield stack.enter_context(postgres())
        else:
            yield ""


@pytest.fixture(scope="session")
def template(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database that each test gets a copy of."""
    if server_url:
        base = sa.make_url(server_url)
        name = f"template_{os.urandom(6).hex()}"  # other runs and workers may use the same server
        _admin(server_url, f'CREATE DATABASE "{name}"')
        url = base.set(database=name)
    else:
        url = sa.make_url(f"sqlite:///{tmp_path_factory.mktemp('template')}/template.sqlite3")
    database = Database(url.render_as_string(hide_password=False))
    migrate.upgrade(database)
    if database.embedded:
        with database.write_engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    yield url.render_as_string(hide_password=False)
    if server_url:
        _admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _admin(server_url: str, statement: str) -> None:
    engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def one_database(template: str, server_url: str) -> Iterator["Again | None"]:
    """The one database of this process on PostgreSQL; None on SQLite, where a copy costs nothing."""
    if not server_url:
        yield None
        return
    from tests.services.again import Again

    database = Again(server_url, template)
    yield database
    database.close()


@pytest.fixture
def database_url(template: str, one_database: "Again | None", tmp_path: Path) -> Iterator[str]:
    """A fresh database of the chosen engine."""
    if one_database is None:
        target = tmp_path / "hearth.sqlite3"
        target.write_bytes(Path(sa.make_url(template).database or "").read_bytes())
        yield f"sqlite:///{target}"
        return
    yield one_database.url
    one_database.fresh()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Development settings on the fresh database."""
    result = Settings(mode="development", data_dir=tmp_path / "data", database_url=database_url, countries="SN,GH,JO,NG,AM")
    (tmp_path / "data").mkdir()
    core_settings.use(result)
    crypto.set_seal_keys(result.seals)
    return result


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The engines on the fresh database, for tests below the web."""
    result = Database(settings.database)
    yield result
    result.dispose()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A session that may write; nothing is committed unless the test does."""
    with database.writing() as session:
        yield session


@pytest.fixture
def make(db: Session) -> Make:
    """Factories: make.member(), make.story(by=…)."""
    return Make(db)


@pytest.fixture
def count_queries(database: Database) -> Callable[[], Any]:
    """``with count_queries() as statements``: what was sent to this Database while the block ran (transaction control left out)."""

    @contextmanager
    def counting(*engines: sa.Engine) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                seen.append(statement)

        watched = engines or (database.write_engine, database.read_engine)
        for engine in watched:
            sa.event.listen(engine, "before_cursor_execute", note)
        yield seen
        for engine in watched:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting


pytest_plugins = ["tests.browse"]
