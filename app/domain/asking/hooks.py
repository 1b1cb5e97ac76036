"""What moderation hangs onto questions from abroad: it registers here, they never import it."""

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

# The words of these (a statement that yields their ids) go.
on_gone: list[Callable[[Session, sa.Select[tuple[UUID]]], None]] = []


def tell_gone(db: Session, words: sa.Select[tuple[UUID]]) -> None:
    """Tell those who decide that these words go."""
    for follow in on_gone:
        follow(db, words)
