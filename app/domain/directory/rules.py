"""Who may change the directory: facts in, verdict out."""

from app.core.i18n import _
from app.core.verdict import Verdict, unless
from app.domain.actor import Actor
from app.models.accounts import Role


def may_confirm(actor: Actor) -> Verdict:
    """Coordinators say that a listing is still true."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can confirm a listing."))


def may_correct(actor: Actor) -> Verdict:
    """Coordinators put a listing right, or say that it is gone."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can change a listing."))
