"""Who may change the directory: facts in, verdict out."""

from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor
from app.models.accounts import Role


def may_confirm(actor: Actor) -> Verdict:
    """Coordinators say that a listing is still true."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can confirm a listing."))


def may_correct(actor: Actor) -> Verdict:
    """Coordinators put a listing right, or say that it is gone."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can change a listing."))


def may_suggest(actor: Actor) -> Verdict:
    """Members say how a listing should read."""
    return unless(not actor.active, _("Only members of the network can suggest a correction."))


def may_judge_pairs(actor: Actor) -> Verdict:
    """Coordinators say whether two listings are one."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can say whether two listings are one."))


def may_merge(*, ended: bool, said_to_be_two: bool, protected: tuple[bool, bool]) -> Verdict:
    """Two listings can stand as one while both are there, and both are protected or neither: one must not give the other away.

    ``said_to_be_two``: somebody said so of two listings that would be one by this.
    """
    if said_to_be_two:
        return no(_("With this two would be one of which somebody said that they are two. Look at those first: Decided so far."))
    if ended:
        return no(_("One of them has ended. There is nothing to merge."))
    return unless(
        protected[0] != protected[1], _("Only one of them is protected. Protect the other one first, or say that they differ.")
    )
