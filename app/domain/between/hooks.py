"""What moderation hangs onto what two people write: it registers here, talks never import it."""

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.two.looks import Looked
from app.models.between import PrivateMessage

# Look at words before they are sent: text, language, whether the other one has not answered yet.
on_look: list[Callable[[str, str, bool], Looked]] = []
# A message waits for a person: the message, to whom it is, what the checks counted.
on_held: list[Callable[[Session, PrivateMessage, UUID, dict[str, int]], None]] = []
# The words of messages (a statement that yields their ids) go: there is nothing left to decide about what was held.
on_gone: list[Callable[[Session, sa.Select[tuple[UUID]]], None]] = []

# The same of asks that have not become a talk.
on_asks_gone: list[Callable[[Session, sa.Select[tuple[UUID]]], None]] = []


def look(text: str, language: str, first: bool) -> Looked:
    """Ask every check."""
    found = [check(text, language, first) for check in on_look]
    held = {name: count for one in found for name, count in one.held.items()}
    return Looked(held, next((one.stop for one in found if one.stop), ""))


def tell_held(db: Session, message: PrivateMessage, to: UUID, found: dict[str, int]) -> None:
    """Tell those who decide that a message waits."""
    for follow in on_held:
        follow(db, message, to, found)


def tell_gone(db: Session, messages: sa.Select[tuple[UUID]]) -> None:
    """Tell those who decide that the words of these messages go."""
    for follow in on_gone:
        follow(db, messages)


def tell_asks_gone(db: Session, asks: sa.Select[tuple[UUID]]) -> None:
    """Tell those who decide that the words of these asks go."""
    for follow in on_asks_gone:
        follow(db, asks)
