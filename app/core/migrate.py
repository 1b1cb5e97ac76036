"""Bring a database to the schema of this release, and say whether it is there."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from app.core.db import Database, make_private

if TYPE_CHECKING:  # Alembic is imported where it is used: a server that runs does not carry it about
    from alembic.config import Config

FOLDER = Path(__file__).parents[2] / "migrations"
_VERSION = sa.table("alembic_version", sa.column("version_num"))
_LOCK = 7_200


def config(connection: sa.Connection | None = None, **attributes: object) -> "Config":
    """Return Alembic's configuration without a file."""
    from alembic.config import Config

    result = Config()
    result.set_main_option("script_location", str(FOLDER))
    result.attributes["connection"] = connection
    result.attributes.update(attributes)
    return result


def known() -> set[str]:
    """Return every revision this release knows: the numbers that its migrations' files begin with."""
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def head() -> str:
    """Return the newest revision this release knows."""
    return max(known())


def revision(database: Database) -> str:
    """Return the revision of the database, "" when it is empty."""
    with database.read_engine.connect() as connection:
        if not sa.inspect(connection).has_table(_VERSION.name):
            return ""
        return connection.execute(sa.select(_VERSION.c.version_num)).scalar() or ""


def is_current(database: Database) -> bool:
    """Say whether the schema is this release's."""
    return revision(database) == head()


def is_newer(database: Database) -> bool:
    """Say whether a later release made this schema (then this one must not touch it)."""
    found = revision(database)
    return bool(found) and found not in known()


def upgrade(database: Database, to: str = "head") -> None:
    """Apply what is missing; each change in a transaction of its own, so that a killed run goes on where it stopped."""
    from alembic import command

    _run(database, lambda c: command.upgrade(c, to))


def downgrade(database: Database, to: str = "base") -> None:
    """Take changes back (for tests and emergencies)."""
    from alembic import command

    _run(database, lambda c: command.downgrade(c, to))


def _run(database: Database, step: Callable[["Config"], None]) -> None:
    engine = sa.create_engine(database.url, poolclass=NullPool)
    if database.embedded:
        sa.event.listen(engine, "do_connect", make_private)
        sa.event.listen(engine, "connect", _plain_sqlite)
        sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.connect() as connection:
            if not database.embedded:
                connection.execute(sa.text("SELECT pg_advisory_lock(:n)"), {"n": _LOCK})
                connection.commit()
            step(config(connection))
            if connection.in_transaction():
                connection.commit()
    finally:
        engine.dispose()


def _plain_sqlite(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "wal_autocheckpoint=0", "synchronous=FULL", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
