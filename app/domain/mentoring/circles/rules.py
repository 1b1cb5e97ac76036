"""Who sets a circle up, leads it, asks to come in and ends it. Pure."""

from datetime import date, timedelta
from typing import Final

from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.models.accounts import Role
from app.models.circles import CircleState, SeatState

FEWEST, MOST_LEADS, MOST_ASKS = 3, 2, 2  # people who begin; who lead it; circles that somebody asks for or is in at a time
SOONEST_DAYS, LATEST_DAYS, WAIT_DAYS = 3, 90, 30  # until it begins, and how long after its day one waits for a beginning
GOODBYE_DAYS, KEPT_DAYS = 14, 182  # to say goodbye; until the plan is erased
WEEKS: Final = (4, 8, 12, 16, 26)


def may_plan(actor: Actor) -> Verdict:
    """Answer whether the actor may set circles up and choose who is in them."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can do this."))


def may_choose(actor: Actor, *, inside: bool) -> Verdict:
    """Answer whether the actor may decide about a circle: a coordinator who neither leads it nor asks to come in."""
    if not (verdict := may_plan(actor)):
        return verdict
    return unless(inside, _("Nobody decides about a circle that they lead or ask for."))


def may_ask(actor: Actor, *, adult: bool, state: CircleState, seat: SeatState | None, others: int) -> Verdict:
    """Answer whether the actor may ask to come in; ``others``: circles that they ask for or are in."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if not adult:
        return no(_("Circles are for people from 18 on."))
    if Role.COORDINATOR in actor.roles:
        return no(_("As a coordinator you read who asks to come in, so you come into no circle yourself."))
    if state != CircleState.OPEN or seat is not None:
        return no(_("This changed meanwhile. Look at it again."))
    return unless(others >= MOST_ASKS, _("Two circles at a time are enough. Leave one, or take back that you asked."))


def may_lead(actor: Actor) -> Verdict:
    """Answer whether a mentor who is asked may say yes; no, and an end, can always be said."""
    return may_take_part(actor) and unless(not actor.has(Role.MENTOR), _("Only mentors lead a circle."))


def may_go(actor: Actor) -> Verdict:
    """Answer yes in every standing: one can always take back that one asked, and stop leading."""
    return unless(not actor.signed_in, _("Come in with your key to see this."))


def begins_well(inside: int, leads: int) -> Verdict:
    """Answer whether a circle of so many people can begin."""
    if leads == 0:
        return no(_("Nobody leads it yet."))
    return unless(inside < FEWEST, _("Three people at least have to be in before it begins."))


def day_fits(begins: date, today: date) -> bool:
    """Say whether a circle may be planned for a day."""
    return today + timedelta(days=SOONEST_DAYS) <= begins <= today + timedelta(days=LATEST_DAYS)


def sees_talk(seat: SeatState | None, state: CircleState) -> bool:
    """Say whether somebody is led to the talk of a circle."""
    return seat == SeatState.IN and state in (CircleState.RUNNING, CircleState.GOODBYE)
