"""What moderation hangs onto what mentor and mentee write: it registers here, mentoring never imports it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.models.mentorships import MentorMessage


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks say: why it waits for a person (check -> how often), and why it is not taken at all (a sentence or "")."""

    held: dict[str, int] = field(default_factory=dict)
    stop: str = ""


# Look at words before they are sent: text, language, whether both want numbers and addresses to be given.
on_look: list[Callable[[str, str, bool], Looked]] = []
# A message waits for a person: the message, to whom it is, what the checks counted.
on_held: list[Callable[[Session, MentorMessage, UUID, dict[str, int]], None]] = []
# The words of messages (a statement that yields their ids) go: there is nothing left to decide about what was held.
on_gone: list[Callable[[Session, sa.Select[tuple[UUID]]], None]] = []


def look(text: str, language: str, shared: bool, read_first: bool = False) -> Looked:
    """Ask every check; ``read_first``: a decision lets everything of the writer be read by a person first."""
    found = [check(text, language, shared) for check in on_look]
    held = {"decision": 1} if read_first else {}
    held |= {name: count for one in found for name, count in one.held.items()}
    return Looked(held, next((one.stop for one in found if one.stop), ""))


def tell_held(db: Session, message: MentorMessage, to: UUID, found: dict[str, int]) -> None:
    """Tell those who decide that a message waits."""
    for follow in on_held:
        follow(db, message, to, found)


def tell_gone(db: Session, messages: sa.Select[tuple[UUID]]) -> None:
    """Tell those who decide that the words of these messages go."""
    for follow in on_gone:
        follow(db, messages)
