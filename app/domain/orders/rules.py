"""Who works on legal orders, what an answer needs, and when it takes two people."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import Verdict, unless
from app.domain.actor import Actor
from app.models.accounts import Role
from app.models.orders import Notice, OrderOutcome

WHO: Final = (Role.SAFEGUARDING, Role.OPERATOR)
LONGEST_SILENCE: Final = timedelta(days=366)
"""For how long at most an order keeps somebody from being told; a longer one is looked at again and noted anew."""


OLDEST: Final = timedelta(days=3_660)


def may_work(actor: Actor) -> Verdict:
    """Answer whether the actor reads and answers legal orders: as few as can be, and not those who decide about words."""
    return unless(not (actor.has(*WHO) and actor.second_factor), _("Only operators and safeguarding can do this."))


def may_see(actor: Actor, about_id: UUID | None) -> Verdict:
    """Answer whether an order exists for the actor: not one that is about their own account."""
    if not (verdict := may_work(actor)):
        return verdict
    return unless(about_id is not None and about_id == actor.member_id, _("This page is not here."))


def may_answer(actor: Actor, about_id: UUID | None, closed: bool) -> Verdict:
    """Answer whether the actor may (still) write what becomes of an order, or confirm it."""
    if not (verdict := may_see(actor, about_id)):
        return verdict
    return unless(closed, _("This order is answered. What was written stays as it is."))


def closes(answered_by: UUID | None, unchanged: bool, others: Collection[UUID]) -> bool:
    """Say whether an answer closes an order: what another person wrote who may (still) do so, unchanged; or where nobody else may.

    ``others``: who else may answer it today.
    """
    return not others or (answered_by in others and unchanged)


def check(outcome: OrderOutcome, exists: str, given: str, notice: Notice, notice_on: date | None, about: bool, today: date) -> None:
    """Raise Invalid with field and sentence where an answer is not complete."""
    if not exists:
        raise Invalid("exists", _("Write what there is here of what was asked; “nothing” is an answer too."))
    if outcome in (OrderOutcome.GIVEN, OrderOutcome.PART) and not given:
        raise Invalid("given", _("Write exactly what is handed over."))
    if outcome in (OrderOutcome.NOTHING, OrderOutcome.REFUSED) and given:
        raise Invalid("given", _("Nothing is handed over in this case. Leave this empty, or choose another answer."))
    if about != (notice != Notice.NOBODY):
        raise Invalid("notice", _("It is about somebody with an account here, so say whether they are told.") if about else
                      _("It is about nobody with an account here, so nobody can be told."))  # fmt: skip
    if notice == Notice.LATER and (notice_on is None or not today < notice_on <= today + LONGEST_SILENCE):
        raise Invalid("notice_on", _("Write until which day the law forbids to tell them: at most a year ahead."))


def due(notice: Notice | None, notice_on: date | None, told_on: date | None, closed: bool, today: date) -> bool:
    """Say whether somebody is told of an order today."""
    waits = closed and told_on is None
    return waits and (notice == Notice.TOLD or (notice == Notice.LATER and notice_on is not None and notice_on <= today))
