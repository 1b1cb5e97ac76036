"""Who may pause what, and for how long."""

from datetime import timedelta
from typing import Final

from app.core.i18n import _
from app.core.verdict import Verdict, unless
from app.domain.actor import Actor
from app.models.accounts import Role

HOURS: Final = (6, 24, 72, 168, 720)
"""How long a pause may be; whoever needs more pauses again, so that somebody looks at it once a month."""
WHO: Final = (Role.OPERATOR, Role.SAFEGUARDING)


def may_pause(actor: Actor) -> Verdict:
    """Answer whether the actor may pause something, and end a pause, whoever began it."""
    return unless(not actor.has(*WHO), _("Only operators and safeguarding can pause something here."))


def length(hours: int) -> timedelta | None:
    """Return how long a pause lasts, None for what cannot be chosen."""
    return timedelta(hours=hours) if hours in HOURS else None
