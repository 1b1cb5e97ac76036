"""Who asks for a sealed copy, who confirms and who reads it: never anybody whom it concerns."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor
from app.models.accounts import Role
from app.models.moderation import CaseKind

WHO: Final = (Role.SAFEGUARDING, Role.OPERATOR)
"""Who confirms and reads; what was written to one person only safeguarding reads."""
_NOBODY: Final = N_(
    "A copy takes two people, and nobody else is left who may confirm it. Ask an operator to give somebody the role."
)
ASK: Final = (Role.COORDINATOR, *WHO)
LENGTHS: Final = (30, 90, 180, 365)
END: Final = 0  # instead of a length: delete it now
STANDS: Final = timedelta(days=7)  # how long a wish waits for the second person; then it is as if it had not been made
COPIED: Final = frozenset({
    CaseKind.STORY, CaseKind.TRANSLATION, CaseKind.FLAG, CaseKind.POST, CaseKind.TALK, CaseKind.MESSAGE, CaseKind.MESSAGE_FLAG,
})  # fmt: skip


def may_ask(kind: CaseKind, holds: bool, others: bool, waits: bool) -> Verdict:
    """Answer whether somebody may ask for a copy: whoever has the case open, and only where another person can confirm it.

    ``waits``: one of the same case waits already for its second person.
    """
    if kind not in COPIED:
        return no(_("There is nothing here that somebody wrote or said and that could be copied."))
    if not holds:
        return no(_("Open the case again first. Nothing you wrote is lost."))
    if waits:
        return no(_("A copy of this waits already for a second person."))
    return unless(not others, _(_NOBODY))


def may_see(actor: Actor, concerned: bool) -> Verdict:
    """Answer whether a copy exists for the actor; ``concerned``: it is theirs, they told us of it, lead it or left it to others."""
    if not (actor.has(*WHO) and actor.second_factor):
        return no(_("Only operators and safeguarding can do this."))
    return unless(concerned, _("This page is not here."))


def may_look(actor: Actor, concerned: bool, private: bool) -> Verdict:
    """Answer whether the actor reads what is in a copy."""
    if not (verdict := may_see(actor, concerned)):
        return verdict
    return unless(private and not actor.has(Role.SAFEGUARDING), _("It was written to one person. Only safeguarding reads it."))


def may_confirm(actor: Actor, concerned: bool, waits: bool, own: bool, asks: bool = True) -> Verdict:
    """Answer whether the actor confirms what somebody else wishes; ``asks``: who may (still) ask, and is not concerned by now."""
    if not (verdict := may_see(actor, concerned)):
        return verdict
    if not waits:
        return no(_("Nothing waits here for a second person any more."))
    if not asks:
        return no(_("Whoever asked for this may not ask any more. Somebody else has to ask anew."))
    return unless(own, _("You asked for this yourself, so another person confirms it."))


def may_wish(actor: Actor, concerned: bool, kept: bool, others: bool) -> Verdict:
    """Answer whether the actor may ask for another end of a copy that is kept."""
    if not (verdict := may_see(actor, concerned)):
        return verdict
    if not kept:
        return no(_("Nobody has confirmed this copy yet."))
    return unless(not others, _(_NOBODY))


def check(reason: str, days: int, lengths: Collection[int]) -> None:
    """Raise Invalid with field and sentence where a wish is not complete."""
    if not reason.strip():
        raise Invalid("reason", _("Write why it has to be kept. No names."))
    if days not in lengths:
        raise Invalid("days", _("Choose for how long."))
