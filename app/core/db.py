"""Engines and sessions on SQLite and PostgreSQL: who may write, how long to wait, when to checkpoint.

Three ways in: ``writing()`` (a session that may write; on SQLite it takes the write lock at once), ``reading()`` (a session
that cannot write) and ``hot()`` (a connection for short reads on hot pages, statement by statement).
"""

import contextlib
import enum
import fcntl
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakSet

import sqlalchemy as sa
from pydantic import ConfigDict
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel

from app.core import private
from app.core.crypto import ring
from app.core.ids import new_id
from app.core.turns import take_turns

_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
NAMING = {
    **{kind: f"{kind}_%(table_name)s_%(column_0_N_name)s" for kind in ("ix", "uq", "fk")},
    "ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s",
}  # fmt: skip
SQLModel.metadata.naming_convention = NAMING
BUSY_MS = 5_000
CHECKPOINT_MS = 1_000  # shorter than a writer waits: behind a long reader the checkpoint gives up before writers do
REST_SECONDS = 5  # after which a reading connection to PostgreSQL is asked whether it still lives
READERS = 8  # threads in which pages read from PostgreSQL
SAFE_SQLITE = (3, 51, 3)  # the WAL-reset race is fixed here and in the back-ports below
BACKPORTS = ((3, 50, 7), (3, 44, 6))


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite gets it without a zone and gives it back with one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive moments, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give it back as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(sa.types.TypeDecorator[str]):
    """Text that is encrypted before it reaches the database (AES-256-GCM); ``context`` is "table.column"."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else ring().seal(value.encode(), self.context)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:
        """Open."""
        return None if value is None else ring().open(bytes(value), self.context).decode()


class SealedJson(Sealed):
    """A JSON value that is sealed as text."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        """Seal."""
        return super().process_bind_param(None if value is None else json.dumps(value, ensure_ascii=False), dialect)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        """Open."""
        text = super().process_result_value(value, dialect)
        return None if text is None else json.loads(text)


def words(kind: type[enum.Enum], length: int = 20) -> sa.Enum:
    """Return a column type for an enumeration of words: text in the database, the enumeration in Python."""
    return sa.Enum(kind, native_enum=False, create_constraint=False, length=length, values_callable=lambda e: [m.value for m in e])


def moment(**column: Any) -> Any:
    """Return a Field for a moment in UTC."""
    return Field(sa_type=UtcDateTime, **column)


class Row(SQLModel):
    """What every table has: a sortable id made by us."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]  # rows are never validated by pydantic: 2 MB less

    id: UUID = Field(default_factory=new_id, primary_key=True)


class Database:
    """The engines of one database."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.write_engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE") if self.embedded else _postgres_engine(self.url)
        self.read_engine = _sqlite_engine(self.url, "BEGIN", read_only=True) if self.embedded else _postgres_engine(self.url, True)
        self._auto = self.read_engine.execution_options(isolation_level="AUTOCOMMIT")
        self._mine = threading.local()
        self._kept: WeakSet[sa.Connection] = WeakSet()  # those of threads that ended go by themselves

    def writing(self) -> Session:
        """Return a session that may write; the caller commits."""
        return Session(self.write_engine, expire_on_commit=False)

    def reading(self) -> Session:
        """Return a session in which every write fails."""
        return Session(self.read_engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a writing session and commit it at the end of the block."""
        with self.writing() as session, session.begin():
            yield session

    @cached_property
    def readers(self) -> ThreadPoolExecutor:
        """The threads in which pages read from PostgreSQL; each keeps its connection, so that a read costs no check-out."""
        return ThreadPoolExecutor(READERS, "reader", initializer=lambda: setattr(self._mine, "keeps", True))

    @contextmanager
    def hot(self) -> Iterator[sa.Connection]:
        """Give a read-only connection in autocommit: kept open per thread on SQLite and in ``readers``, else from the pool."""
        if not (self.embedded or getattr(self._mine, "keeps", False)):
            with self._auto.connect() as connection:
                yield connection
            return
        mine = self._kept_open()
        try:
            yield mine
        except sa.exc.DBAPIError:
            mine.close()
            self._mine.connection = None
            raise

    def _kept_open(self) -> sa.Connection:
        """Return the connection of this thread; one that rested goes back to the pool, which asks the server whether it lives."""
        mine: sa.Connection | None = getattr(self._mine, "connection", None)
        moment = time.monotonic()
        rested = not self.embedded and moment - getattr(self._mine, "used_at", moment) > REST_SECONDS
        self._mine.used_at = moment
        if mine is not None and not (mine.closed or mine.invalidated or rested):
            return mine
        if mine is not None:
            mine.close()
        fresh = self._mine.connection = self._auto.connect()
        self._kept.add(fresh)
        return fresh

    def dispose(self) -> None:
        """Close what is open (the kept connections, the pools)."""
        if "readers" in self.__dict__:
            self.__dict__.pop("readers").shutdown()
        for connection in list(self._kept):
            connection.close()
        self._mine = threading.local()
        self.write_engine.dispose()
        self.read_engine.dispose()


def _sqlite_engine(url: sa.URL, begin: str, read_only: bool = False) -> sa.Engine:
    engine = sa.create_engine(
        url, connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000}, pool_size=8,
        max_overflow=-1 if read_only else 16,  # hot() keeps a reading connection for as long as its thread lives
        poolclass=sa.pool.QueuePool, json_serializer=_json, hide_parameters=True,
    )  # fmt: skip

    event.listen(engine, "do_connect", make_private)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in _pragmas(read_only):
            connection.execute(f"PRAGMA {pragma}")

    if not read_only:
        take_turns(engine, BUSY_MS / 1000)

    @event.listens_for(engine, "begin")
    def begin_now(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql(begin)

    return engine


def make_private(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
    """Let the file of a SQLite database that is about to be opened be there, and be this account's alone.

    SQLite gives the files beside it (-wal, -shm) the mode of the database; those of an earlier release may be open still.
    """
    path = Path(arguments[0])
    if str(path) == ":memory:":
        return
    if not os.path.lexists(path):
        private.make_folder(path.parent)
        private.make_file(path)
    for ending in ("", "-wal", "-shm"):
        private.close(path.with_name(path.name + ending))


def _pragmas(read_only: bool) -> list[str]:
    # FULL: promise 11, a confirmed commit survives a power cut. No automatic checkpoint: see checkpoint(). A small cache: every
    # thread keeps a connection, and what is not in its megabyte the kernel has.
    common = ["journal_mode=WAL", "wal_autocheckpoint=0", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}",
              "secure_delete=ON", "temp_store=MEMORY", "cache_size=-1024"]  # fmt: skip
    # The triggers that keep the search index write to a virtual table, which SQLite calls untrusted: only readers can do without.
    return [*common, "query_only=ON", "trusted_schema=OFF"] if read_only else common


def _postgres_engine(url: sa.URL, read_only: bool = False) -> sa.Engine:
    options = "-c statement_timeout=20000 -c lock_timeout=5000 -c timezone=UTC"
    if read_only:
        options += " -c default_transaction_read_only=on"
    engine = sa.create_engine(
        url, pool_size=8, max_overflow=8, pool_pre_ping=not read_only, pool_timeout=5, pool_recycle=1800, json_serializer=_json,
        hide_parameters=True,  # what people typed must not stand in an error message
        connect_args={"connect_timeout": 4, "tcp_user_timeout": 5_000, "options": options},
    )  # fmt: skip
    if read_only:
        _ask_after_a_rest(engine)
    return engine


def _ask_after_a_rest(engine: sa.Engine) -> None:
    """Ask a connection whether it lives only when it lay idle: asking before each read was a third of a hot page's time.

    A connection that breaks between two busy moments fails one read; ``web.reading`` repeats that one.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info["rested_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: sa.pool.ConnectionPoolEntry, _proxy: object) -> None:
        since = record.info.get("rested_since")
        if since is None or time.monotonic() - since < REST_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise sa.exc.InvalidatePoolError from error


def sqlite_is_fixed(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Say whether this SQLite is free of the WAL-reset race (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    return version >= SAFE_SQLITE or any(version[:2] == b[:2] and version >= b for b in BACKPORTS)


def checkpoint(database: Database) -> bool:
    """Move the write-ahead log into the database file; only ever under the writer lock and by one process.

    TRUNCATE takes the lock that writers take, so no writer is at work meanwhile; the file lock keeps a second
    checkpointer away. Returns False when another process holds the job or readers are in the way.
    """
    if not database.embedded or not database.url.database:
        return False
    beside = Path(database.url.database + ".checkpoint")
    private.make_file(beside)
    with beside.open("w") as lock, contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with contextlib.closing(sqlite3.connect(database.url.database, timeout=CHECKPOINT_MS / 1000, isolation_level=None)) as raw:
            raw.execute("PRAGMA wal_autocheckpoint=0")
            return not raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return False
