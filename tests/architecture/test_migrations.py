"""Migrations on the engine of this run: forwards to exactly the models, with data, and back to nothing."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import app.models  # noqa: F401 - registers every table
from app.core import migrate
from app.core.db import Database
from tests.architecture import reviewed
from tests.conftest import _admin
from tests.factories import Make

REVISIONS = sorted(migrate.known())
APPEND_ONLY = ("consent", "audit_event")


@pytest.fixture
def empty(server_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database without anything in it."""
    url, name = f"sqlite:///{tmp_path}/empty.sqlite3", f"m_{os.urandom(6).hex()}"
    if server_url:
        _admin(server_url, f'CREATE DATABASE "{name}"')
        url = sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    yield database
    database.dispose()
    if server_url:
        _admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _of_the_engine(thing: Any, name: str | None, kind: str, reflected: bool, _compare: Any) -> bool:
    """Leave out what one engine has for searching and no model describes (migration 0008)."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", "")
    if str(table).startswith("search_index"):
        return False
    own = {"words", "ix_search_document_words", "ix_search_word_start"}
    return not (reflected and name in own and str(table).startswith("search_"))


def _compare_type(
    _context: Any, _column: Any, _their: Any, found: sa.types.TypeEngine[Any], wanted: sa.types.TypeEngine[Any]
) -> bool | None:
    """Text without a limit is TEXT in migrations and a string without a length in models; None: let Alembic compare."""
    plain = wanted.impl if isinstance(wanted, sa.types.TypeDecorator) else wanted
    same = isinstance(found, sa.Text) and isinstance(plain, sa.String) and plain.length is None
    return False if same else None


def _differences(database: Database) -> list[Any]:
    with database.read_engine.connect() as connection:
        options = {"compare_type": _compare_type, "include_object": _of_the_engine}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata))


def test_revisions_form_one_line() -> None:
    scripts = ScriptDirectory(str(migrate.FOLDER))
    assert scripts.get_heads() == [REVISIONS[-1]]
    assert [s.down_revision for s in scripts.walk_revisions()][::-1] == [None, *REVISIONS[:-1]]


def test_upgrade_makes_the_models_and_downgrade_leaves_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    assert migrate.is_current(empty)
    assert _differences(empty) == []
    migrate.downgrade(empty)
    with empty.read_engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    migrate.upgrade(empty)
    assert _differences(empty) == []


def test_a_column_that_no_migration_makes_is_noticed(empty: Database) -> None:
    migrate.upgrade(empty)
    migrate._run(empty, lambda c: c.attributes["connection"].execute(sa.text("ALTER TABLE area ADD COLUMN surprise INTEGER")))
    assert [d[0] for d in _differences(empty)] == ["remove_column"]


def _value(column: sa.Column[Any], number: int, pointed: dict[str, Any], later: int) -> Any:
    if column.foreign_keys:
        return pointed.get(next(iter(column.foreign_keys)).column.table.name)
    length = getattr(column.type, "length", None)
    made: dict[type, Callable[[], Any]] = {
        str: lambda: uuid4().hex if length in (None, 32) else uuid4().hex[: min(length, 12)],
        bool: lambda: True, int: lambda: number, float: lambda: 1.5, bytes: lambda: b"sealed",
        datetime: lambda: datetime(2026, 1, 2, 3, 4, tzinfo=UTC if column.type.timezone else None),  # type: ignore[attr-defined]
        date: lambda: date(2026, 1, 1) + timedelta(days=number + later), dict: dict, object: dict,
    }  # fmt: skip
    kind = column.type.python_type
    return uuid4() if kind.__name__ == "UUID" else made[kind]()


def _tables(connection: sa.Connection) -> sa.MetaData:
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _m: not name.startswith(("search_index", "alembic")))
    return found


def _fill(connection: sa.Connection, found: sa.MetaData, keys: dict[str, Any], later: int = 0) -> set[str]:
    """Put one row into every table there is; return the names of those that have room for one only (something in it is unique)."""
    full = set()
    for table in found.sorted_tables:
        row = {c.name: _value(c, n, keys, later) for n, c in enumerate(table.columns) if not c.computed}
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(table), row)
            keys[table.name] = row.get("id")
        except sa.exc.IntegrityError:
            full.add(table.name)
    return full


def _plain(table: sa.Table) -> list[sa.Column[Any]]:
    return [c for c in table.columns if not c.computed]


def _rows(connection: sa.Connection, found: sa.MetaData) -> dict[str, list[dict[str, Any]]]:
    asked = {t.name: connection.execute(sa.select(*_plain(t)).order_by(*t.primary_key.columns)) for t in found.sorted_tables}
    return {name: [dict(row) for row in rows.mappings()] for name, rows in asked.items()}


def _kept(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Leave out what a migration has reason to change."""
    changed = {*reviewed.DROPPED, *reviewed.REWRITTEN}
    return [{k: v for k, v in row.items() if f"{name}.{k}" not in changed} for row in rows]


def test_an_upgrade_keeps_every_row(empty: Database) -> None:
    """Every revision finds rows of every one before it: a row is put into each table at each step, and all go on to the end."""
    before: dict[str, list[dict[str, Any]]] = {}
    keys: dict[str, Any] = {}
    full: set[str] = set()
    for number, revision in enumerate(REVISIONS):
        migrate.upgrade(empty, revision)
        with empty.write_engine.begin() as connection:
            found = _tables(connection)
            now = _rows(connection, found)
            for name, rows in before.items():
                columns = set(_kept(rows, name)[0])
                assert [{k: row[k] for k in columns} for row in now[name]] == _kept(rows, name), (revision, name)
            full |= _fill(connection, found, keys, 100 * number)
            before = _rows(connection, found)
        assert {name for name, rows in before.items() if not rows} == set(), revision
    assert full == reviewed.ONE_ROW.keys()
    assert migrate.is_current(empty)
    assert len(before["member"]) == len(REVISIONS) - 1  # accounts came with the second


def test_what_was_dropped_is_gone() -> None:
    there = {f"{t.name}.{c.name}" for t in SQLModel.metadata.sorted_tables for c in t.columns}
    assert not there & set(reviewed.DROPPED)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}"])
def test_what_is_added_to_these_stays(empty: Database, table: str, change: str) -> None:
    migrate.upgrade(empty)
    with empty.write_engine.begin() as connection:
        assert _fill(connection, _tables(connection), {}) == set()
    column = {"consent": "how", "audit_event": "verb"}[table]
    with empty.write_engine.begin() as connection:
        held = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()
    assert held == 1
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), empty.write_engine.begin() as connection:
        connection.execute(sa.text(change.format(t=table, c=column)))


def test_the_models_refuse_what_the_database_refuses(make: Make) -> None:
    member = make.member()
    make.commit()
    with pytest.raises(sa.exc.IntegrityError):
        make.story(by=member, published_on=None)
