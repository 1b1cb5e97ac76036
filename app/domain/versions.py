"""Numbers that move when something public changes; guests' cached pages hang on them."""

import sqlalchemy as sa
from sqlmodel import Session

from app.models.engine import ContentVersion

STORIES, DIRECTORY, PAGES = "stories", "directory", "pages"
ALL = sa.select(sa.column("name"), sa.column("number")).select_from(sa.table("content_version"))


def bump(db: Session, name: str) -> None:
    """Say that public content of this kind changed: every cached page of it is made anew."""
    table = ContentVersion.__table__  # type: ignore[attr-defined]
    done = db.execute(sa.update(table).where(table.c.name == name).values(number=table.c.number + 1))
    if not done.rowcount:  # type: ignore[attr-defined]
        db.execute(sa.insert(table).values(name=name, number=1))


def current(connection: sa.Connection) -> dict[str, int]:
    """Return the numbers; one cheap statement."""
    return {str(name): int(number) for name, number in connection.execute(ALL)}
