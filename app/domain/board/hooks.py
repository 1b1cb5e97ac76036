"""What moderation hangs onto a help board: it registers here, boards never import it."""

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.models.board import BoardEntry

# An entry waits for a person, with what the checks counted.
on_held: list[Callable[[Session, BoardEntry, dict[str, int]], None]] = []
# The words of entries (a statement that yields their ids) go.
on_gone: list[Callable[[Session, sa.Select[tuple[UUID]]], None]] = []


def tell_held(db: Session, entry: BoardEntry, found: dict[str, int]) -> None:
    """Tell those who decide that an entry waits."""
    for follow in on_held:
        follow(db, entry, found)


def tell_gone(db: Session, entries: sa.Select[tuple[UUID]]) -> None:
    """Tell those who decide that the words of these entries go."""
    for follow in on_gone:
        follow(db, entries)
