"""What the desk does with a message of two, but for sending it: refuse it, hide it, show it again.

The trail has a decision about a case only: an event of its own would tell the one to whom a message was, if they read the trail.
"""

from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from app.core.errors import Conflict
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.two import rules
from app.models.mentorships import MessageState


class Message(Protocol):
    """A message of whatever talk."""

    author_id: UUID
    state: MessageState


def refuse(db: Session, actor: Actor, message: Message) -> None:
    """Do not send a message that waited; its words stay with its writer."""
    require(rules.may_decide(actor, message.author_id))
    stands(message, MessageState.HELD)
    message.state = MessageState.REFUSED
    db.flush()


def hide(db: Session, actor: Actor, message: Message) -> None:
    """Hide a message from the one who was to read it."""
    require(rules.may_decide(actor, message.author_id))
    if message.state not in (MessageState.HIDDEN, MessageState.DELETED):  # taken back meanwhile, it is decided all the same
        stands(message, MessageState.SHOWN)
        message.state = MessageState.HIDDEN
        db.flush()


def unhide(db: Session, actor: Actor | None, message: Message) -> None:
    """Show a hidden message again, in its old place; by the clock for nobody."""
    require(rules.may_show_again(actor, message.author_id))
    stands(message, MessageState.HIDDEN)
    message.state = MessageState.SHOWN
    db.flush()


def stands(message: Message, state: MessageState) -> None:
    """Raise Conflict where a message is not in this state any more."""
    if message.state != state:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
