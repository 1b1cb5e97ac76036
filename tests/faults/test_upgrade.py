"""An upgrade with people in the database, and one that is killed in the middle: run it again, and everything is there."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import migrate
from app.core.db import Database
from app.jobs import copying
from tests.conftest import _admin
from tests.factories import Make
from tests.faults.running import ROOT, whole

BEFORE = "0006"
# Migrates like the program does, and is killed by itself before statement number n.
KILLED = """
import os, signal, sys
import sqlalchemy as sa
from app.core import migrate
from app.core.db import Database
left = int(sys.argv[2])
@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def count(_c, _cursor, statement, *_rest):
    global left
    left -= statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP"))
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
migrate.upgrade(Database(sys.argv[1]))
"""


@pytest.fixture
def older(server_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database of an earlier release with people and stories in it."""
    url, name = f"sqlite:///{tmp_path}/older.sqlite3", f"u_{os.urandom(6).hex()}"
    if server_url:
        _admin(server_url, f'CREATE DATABASE "{name}"')
        url = sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    migrate.upgrade(database)
    with database.writing() as db:
        make = Make(db)
        for _number in range(20):
            make.story(make.member())
        make.commit()
    migrate.downgrade(database, BEFORE)  # the factories write what today's release has
    yield database
    database.dispose()
    if server_url:
        _admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def of_both(database: Database) -> list[sa.Table]:
    """Return the tables, each with the columns, that the earlier release had and this one has."""
    found = sa.inspect(database.read_engine)
    earlier = {name: {c["name"] for c in found.get_columns(name)} for name in found.get_table_names()}
    return [
        sa.Table(
            t.name, sa.MetaData(), *(sa.Column(c.name, c.type, primary_key=c.primary_key) for c in t.columns if c.name in names)
        )
        for t in copying.tables()
        if (names := earlier.get(t.name))
    ]


def contents(database: Database, tables: list[sa.Table]) -> dict[str, list[str]]:
    """Return every row of these tables."""
    with database.read_engine.connect() as connection:
        return {t.name: list(copying.dump(connection, t)) for t in tables}


def same(before: dict[str, list[str]], after: dict[str, list[str]]) -> bool:
    return all(after[name] == rows for name, rows in before.items())


def test_an_upgrade_keeps_what_people_wrote(older):
    tables = of_both(older)
    before = contents(older, tables)
    assert len(before["story_text"]) == 20
    migrate.upgrade(older)
    assert migrate.is_current(older)
    assert same(before, contents(older, tables))


@pytest.mark.parametrize("statement", [3, 40, 75])
def test_an_upgrade_that_was_killed_is_run_again(older, statement):
    tables = of_both(older)
    before = contents(older, tables)
    url = older.url.render_as_string(hide_password=False)
    older.dispose()
    killed = subprocess.run([sys.executable, "-c", KILLED, url, str(statement)], cwd=ROOT, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert not migrate.is_current(older)
    assert same(before, contents(older, tables))
    migrate.upgrade(older)
    assert migrate.is_current(older)
    assert same(before, contents(older, tables))
    assert whole(older)
