"""Numbers that move when something public changes; guests' cached pages hang on them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.models.engine import ContentVersion

STORIES, DIRECTORY, PAGES, GROUPS, MONEY = "stories", "directory", "pages", "groups", "money"
PROTECTING = "protecting"  # by which rules all listings were judged last: their number, not a count
_V: Any = sa.table("content_version", sa.column("name"), sa.column("number"))
_ONE = sa.select(_V.c.number).where(_V.c.name == sa.bindparam("name"))
ALL: Any = sa.select(_V.c.name, _V.c.number)


def bump(db: Session, name: str) -> None:
    """Say that public content of this kind changed: every cached page of it is made anew."""
    table = ContentVersion.__table__  # type: ignore[attr-defined]
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert_into(table).values(name=name, number=1)
    db.execute(first.on_conflict_do_update(index_elements=["name"], set_={"number": table.c.number + 1}))


def keep(db: Session, name: str, number: int) -> None:
    """Keep a number that is not a count; it moves the cached pages as well."""
    table = ContentVersion.__table__  # type: ignore[attr-defined]
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert_into(table).values(name=name, number=number)
    db.execute(row.on_conflict_do_update(index_elements=["name"], set_={"number": number}))


def current(connection: sa.Connection) -> dict[str, int]:
    """Return the numbers; one cheap statement."""
    return {str(name): int(number) for name, number in connection.execute(ALL)}


def one(connection: sa.Connection, name: str) -> int:
    """Return the number of one kind of content."""
    return int(connection.execute(_ONE, {"name": name}).scalar() or 0)
