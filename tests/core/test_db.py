"""Database guards on both engines: who may write, moments with zones, writers side by side, the checkpoint."""

import contextlib
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import migrate
from app.core.db import Database, checkpoint, sqlite_is_fixed
from app.domain import versions
from app.models.engine import OnceKey

pytestmark = pytest.mark.usefixtures("as_shipped")

EMBEDDED = "only the embedded database has a write-ahead log of its own"
WRITERS, EACH = 8, 12


def test_a_moment_without_a_zone_is_refused(database):
    with pytest.raises(sa.exc.StatementError, match="without a time zone"), database.transaction() as db:
        db.add(OnceKey(key="k", at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


def test_moments_come_back_as_utc(database):
    there = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with database.transaction() as db:
        db.add(OnceKey(key="k", at=there))
    with database.reading() as db:
        row = db.get_one(OnceKey, "k")
    assert row.at == there
    assert row.at.tzinfo is UTC


def test_a_reading_session_cannot_write(database):
    with database.reading() as db, pytest.raises(sa.exc.DBAPIError):
        versions.bump(db, "x")
    with database.hot() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text("DELETE FROM content_version"))
    with database.hot() as connection:  # and the next one works
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1


def test_a_refused_write_does_not_tell_what_was_typed(database):
    def write() -> None:
        with database.transaction() as db:
            db.add(OnceKey(key="canary words", at=datetime(2026, 1, 1, tzinfo=UTC)))

    write()
    with pytest.raises(sa.exc.IntegrityError) as refused:
        write()
    assert "canary" not in str(refused.value).split("[SQL")[1]


def test_eight_writers_at_once_lose_nothing_and_never_hit_a_lock(database):
    failures, acknowledged = [], []

    def write(number: int) -> None:
        for turn in range(EACH):
            try:
                with database.transaction() as db:
                    versions.bump(db, "race")
                    db.add(OnceKey(key=f"{number}-{turn}", at=datetime(2026, 1, 1, tzinfo=UTC)))
                acknowledged.append((number, turn))
            except sa.exc.DBAPIError as error:
                failures.append(str(error.orig))

    run_all(write)
    with database.reading() as db:
        kept = db.execute(sa.select(sa.func.count()).select_from(sa.table("once_key"))).scalar()
        number = versions.current(db.connection())["race"]
    assert failures == []
    assert len(acknowledged) == kept == number == WRITERS * EACH


def run_all(work) -> None:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
        assert not thread.is_alive()


@pytest.fixture
def embedded(tmp_path):
    """A SQLite database, whatever engine the other tests run on."""
    database = Database(f"sqlite:///{tmp_path}/own.sqlite3")
    migrate.upgrade(database)
    yield database
    database.dispose()


def wal_bytes(database: Database) -> int:
    path = Path(f"{database.url.database}-wal")
    return path.stat().st_size if path.exists() else 0


def fill(database: Database, rows: int, prefix: str) -> None:
    for number in range(rows):
        with database.transaction() as db:
            db.add(OnceKey(key=f"{prefix}{number}", location="x" * 290, at=datetime(2026, 1, 1, tzinfo=UTC)))


def test_nobody_checkpoints_by_itself_and_the_checkpoint_empties_the_log(embedded):
    fill(embedded, 150, "a")  # more than 1000 pages would have been moved automatically
    grown = wal_bytes(embedded)
    assert grown > 1_000_000
    assert checkpoint(embedded)
    assert wal_bytes(embedded) == 0
    fill(embedded, 150, "b")
    assert wal_bytes(embedded) <= grown * 1.2


def test_only_one_checkpoints_at_a_time(embedded):
    import fcntl

    with Path(f"{embedded.url.database}.checkpoint").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not checkpoint(embedded)
    assert checkpoint(embedded)


def test_a_long_reader_stops_the_checkpoint_but_not_the_writers(embedded):
    fill(embedded, 3, "a")
    with embedded.read_engine.connect() as reader, reader.begin():
        reader.execute(sa.text("SELECT count(*) FROM once_key")).scalar()
        fill(embedded, 3, "b")
        waiting = threading.Thread(target=checkpoint, args=(embedded,))
        waiting.start()
        fill(embedded, 3, "c")  # would fail after five seconds if the checkpoint held the lock as long as writers wait
        waiting.join(timeout=30)
        assert not waiting.is_alive()
        assert reader.execute(sa.text("SELECT count(*) FROM once_key")).scalar() == 3
    assert checkpoint(embedded)


def test_writers_beside_a_checkpointer_keep_the_file_whole(embedded):
    done, failures, stop = [], [], threading.Event()

    def keep_checkpointing() -> None:
        while not stop.is_set():
            checkpoint(embedded)

    def write(number: int) -> None:
        try:
            fill(embedded, EACH, f"{number}-")
            done.append(number)
        except sa.exc.DBAPIError as error:
            failures.append(str(error.orig))

    sweeper = threading.Thread(target=keep_checkpointing)
    sweeper.start()
    try:
        run_all(write)
    finally:
        stop.set()
        sweeper.join(timeout=60)
    assert failures == []
    assert len(done) == WRITERS
    with embedded.reading() as db:
        assert db.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
        assert db.execute(sa.text("SELECT count(*) FROM once_key")).scalar() == WRITERS * EACH


def test_every_connection_has_the_guards(embedded):
    wanted = {"journal_mode": "wal", "wal_autocheckpoint": 0, "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for engine in (embedded.write_engine, embedded.read_engine):
        with engine.connect() as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert found == wanted


@pytest.mark.parametrize(
    ("version", "fixed"),
    [((3, 40, 1), False), ((3, 46, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 50, 7), True), ((3, 50, 6), False),
     ((3, 44, 6), True), ((3, 45, 9), False), ((3, 52, 0), True)],
)  # fmt: skip
def test_which_sqlite_has_the_race(version, fixed):
    assert sqlite_is_fixed(version) is fixed


def test_a_migration_that_was_killed_goes_on(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/half.sqlite3")
    migrate.upgrade(database, "0003")
    with sqlite3.connect(f"{tmp_path}/half.sqlite3") as raw:  # what the next step would make is half there, not committed
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("CREATE TABLE half (id INTEGER)")
        raw.rollback()
    assert not migrate.is_current(database)
    migrate.upgrade(database)
    assert migrate.is_current(database)
    migrate.upgrade(database)
    database.dispose()


def test_a_later_schema_is_recognised(database):
    with database.write_engine.connect() as connection, connection.begin():
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrate.is_newer(database)


def test_writers_of_one_process_take_turns_in_the_order_in_which_they_came() -> None:
    from threading import Thread

    from app.core.turns import Turns

    turns, order, threads = Turns(), list[int](), list[Thread]()
    assert turns.take(1)

    def wait(n: int) -> None:
        assert turns.take(10)
        order.append(n)
        turns.give()

    for n in range(20):
        threads.append(Thread(target=wait, args=(n,)))
        threads[-1].start()
        while len(turns._waiting) <= n:
            pass
    turns.give()
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))
    assert turns.take(0)
    assert not turns.take(0)


def test_a_turn_ends_with_the_transaction_however_that_ends(database: Database) -> None:
    for number in range(3):
        with contextlib.suppress(ZeroDivisionError), database.transaction() as db:
            db.execute(sa.text("SELECT 1"))
            if number == 1:
                raise ZeroDivisionError
    with database.writing() as db:
        db.execute(sa.text("SELECT 1"))
    with database.transaction() as db:
        db.execute(sa.text("SELECT 1"))
