"""What holds for messages of every talk of two. Pure."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor
from app.models.accounts import Role
from app.models.mentorships import MessageState

MOST_HELD: Final = 3  # messages of one writer that wait for a person at a time
TOLD_AGAIN: Final = timedelta(hours=12)  # of several messages in a row the first is told, then one after this long


def may_wait(held: int) -> Verdict:
    """Answer whether one more message may wait for a person; ``held`` of the same writer do already."""
    return unless(held >= MOST_HELD, _("Three of your messages wait for a person already. Take one back, or wait for the answer."))


def may_delete(actor: Actor, author_id: UUID, state: MessageState) -> Verdict:
    """Answer whether the actor may take a message back: their own, in every standing, also after the end."""
    gone = state == MessageState.DELETED or author_id != actor.member_id
    return unless(gone, _("This page is not here."))


def may_show_again(actor: Actor | None, author_id: UUID) -> Verdict:
    """Answer whether what was hidden is shown again: as may_decide(); by the clock (nobody), as a decision said, it always is."""
    return YES if actor is None else may_decide(actor, author_id)


def may_decide(actor: Actor, author_id: UUID) -> Verdict:
    """Answer whether the actor may decide about a message: somebody of safeguarding, never their own."""
    if author_id == actor.member_id:
        return no(_("Nobody decides about themselves. Another coordinator will look."))
    return unless(not actor.has(Role.SAFEGUARDING), _("Only safeguarding decides about this."))
