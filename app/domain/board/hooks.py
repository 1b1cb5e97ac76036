"""What moderation hangs onto a help board: it registers here, boards never import it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.groups.hooks import Written
from app.models.board import BoardEntry


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks say of a text: why it would wait, and whether it says how to reach somebody, or where exactly."""

    held: dict[str, int] = field(default_factory=dict)
    exact: bool = False


on_look: list[Callable[[Written], Looked]] = []
# An entry waits for a person, with what the checks counted.
on_held: list[Callable[[Session, BoardEntry, dict[str, int]], None]] = []
# The words of entries (a statement that yields their ids) go.
on_gone: list[Callable[[Session, sa.Select[tuple[UUID]]], None]] = []


def look(written: Written) -> Looked:
    """Ask every check."""
    held: dict[str, int] = {}
    exact = False
    for check in on_look:
        found = check(written)
        exact = exact or found.exact
        for name, count in found.held.items():
            held[name] = held.get(name, 0) + count
    return Looked(held, exact)


def tell_held(db: Session, entry: BoardEntry, found: dict[str, int]) -> None:
    """Tell those who decide that an entry waits."""
    for follow in on_held:
        follow(db, entry, found)


def tell_gone(db: Session, entries: sa.Select[tuple[UUID]]) -> None:
    """Tell those who decide that the words of these entries go."""
    for follow in on_gone:
        follow(db, entries)
