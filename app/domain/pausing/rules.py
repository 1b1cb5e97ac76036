"""Who may pause what, and for how long."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import Verdict, unless
from app.domain.actor import Actor
from app.models.accounts import Role

HOURS: Final = (6, 24, 72, 168, 720)
"""How long a pause may be; whoever needs more pauses again, so that somebody looks at it once a month."""
ASKED: Final = timedelta(days=3)
WHO: Final = (Role.OPERATOR, Role.SAFEGUARDING)


def may_pause(actor: Actor) -> Verdict:
    """Answer whether the actor may pause something, and end a pause, whoever began it."""
    return unless(not actor.has(*WHO), _("Only operators and safeguarding can pause something here."))


def may_end(actor: Actor, others: Collection[UUID], asked_by: UUID | None, age: timedelta | None) -> Verdict:
    """Answer whether the actor ends a pause now: as the second person, or where nobody else may.

    ``others``: who else may; ``asked_by``, ``age``: who wanted to end it, and how long ago. What was asked counts for
    three days, while whoever asked may (still) pause.
    """
    if not (verdict := may_pause(actor)):
        return verdict
    confirmed = asked_by in others and age is not None and age <= ASKED
    return unless(bool(others) and not confirmed, _("It takes two people to end a pause. The others were told; another one has to "
                                                    "end it too, within three days."))  # fmt: skip


def may_shorten(lasts: datetime | None, wished: datetime, others: Collection[UUID]) -> Verdict:
    """Answer whether a pause may take the place of one that lasts: not by somebody alone where it would end sooner."""
    sooner = lasts is not None and wished < lasts and bool(others)
    return unless(sooner, _("What lasts ends later than that, and it takes two people to end a pause. Choose a later end."))


def length(hours: int) -> timedelta | None:
    """Return how long a pause lasts, None for what cannot be chosen."""
    return timedelta(hours=hours) if hours in HOURS else None
