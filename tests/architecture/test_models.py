"""Tables: nothing is loaded by surprise, every pointer is a real one, every moment has its zone."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers
from sqlmodel import SQLModel

import app.models  # noqa: F401 - registers every table
from app.core.db import UtcDateTime

TABLES = list(SQLModel.metadata.tables.values())


def test_every_relationship_raises_unless_it_is_loaded_on_purpose() -> None:
    configure_mappers()
    mappers = list(SQLModel._sa_registry.mappers)
    assert len(mappers) == len(TABLES)
    assert [str(r) for m in mappers for r in m.relationships if r.lazy not in ("raise", "raise_on_sql")] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_moment_knows_its_zone(table: sa.Table) -> None:
    assert [c.name for c in table.columns if isinstance(c.type, sa.DateTime) and not isinstance(c.type, UtcDateTime)] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_pointer_to_a_member_is_held_by_the_database_or_meant_to_outlive_them(table: sa.Table) -> None:
    outlive = {
        "consent",
        "moderation_case",
        "moderation_decision",
        "flag",
        "appeal",
        "moderation_bar",
    }  # proof that stays as bare ids
    pointers = [c for c in table.columns if c.name in ("member_id", "author_id")]
    assert all(c.foreign_keys for c in pointers) or table.name in outlive


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_constraint_has_a_name_that_a_migration_can_say(table: sa.Table) -> None:
    assert [c for c in table.constraints if c.name is None] == []
    assert all(len(str(i.name)) <= 63 for i in table.indexes)  # PostgreSQL cuts longer ones
