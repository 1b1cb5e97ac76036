"""Who may answer the question about oneself, work on the numbers, and when a month can be counted: facts in, verdict out."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.groups.rules import Seat, may_care
from app.models.accounts import MemberStatus, Role
from app.models.groups import GroupState, Visibility
from app.models.reporting import Composition, Looked, Says

OFFERED_AFTER: Final = timedelta(days=7)  # late on purpose: nobody is asked at the door

# Of a group (ADR 15).
LINE_FROM: Final = 25
ANSWERED_FROM: Final = 10
ANSWERED_SPREAD: Final = 10
MOVED: Final = 10  # so many have to come or go before a group is looked at anew, or two groups have to differ by
COUNTED_WITHIN: Final = timedelta(days=31)


def may_answer(actor: Actor) -> Verdict:
    """Answer whether the actor may say something about themselves: a member who was let in, also during a pause."""
    if not actor.signed_in:
        return no(_("Come in with your key first."))
    if actor.status in (MemberStatus.ACTIVE, MemberStatus.PAUSED):
        return YES
    return no(_("This question is for members. You can answer it once your account is in use."))


def may_withdraw(actor: Actor) -> Verdict:
    """Answer whether the actor may take their answer back: everybody, in every standing."""
    return YES if actor.signed_in else no(_("Come in with your key first."))


def is_offered(joined_on: date, today: date, answered: bool) -> bool:
    """Say whether the page Me offers the question: after some days, until it is answered."""
    return not answered and today - joined_on >= OFFERED_AFTER


def may_work_on_numbers(actor: Actor) -> Verdict:
    """Answer whether the actor works on the numbers: an analyst or a coordinator, with the second step shown."""
    if actor.has(Role.ANALYST, Role.COORDINATOR) and actor.second_factor:
        return YES
    return no(_("Only analysts and coordinators can do this."))


def has_ended(last_day: date | None, today: date) -> Verdict:
    """Answer whether a month can be counted: only once it is over."""
    if last_day is None:
        return no(_("Write the month as year and month, such as 2026-10."))
    return YES if last_day < today else no(_("This month is not over yet. It can be counted from the first day after it."))


def is_in_time(last_day: date, today: date) -> Verdict:
    """Answer whether a month can still be counted for the first time: later the numbers would be those of another time."""
    if today <= last_day + COUNTED_WITHIN:
        return YES
    return no(_("This month was not counted in time. What is counted now would be the numbers of another month."))


def reference_fits(share: int, year: int, today: date) -> Verdict:
    """Answer whether a reference population can be right: a share of a hundred, from a year that has begun."""
    if not 0 <= share <= 100:
        return no(_("A share lies between 0 and 100 of a hundred."))
    return YES if 1900 <= year <= today.year else no(_("Write the year of the source, not later than this year."))


def ends_quarter(last_day: date) -> bool:
    """Say whether a month is the last one of a quarter: then groups are counted, too."""
    return last_day.month % 3 == 0


def line_of(women: int, men: int, another: int, silent: int, least: int) -> Says:
    """Return what is said of a group (Council of Europe, Rec(2003)3: at least 40 in 100 of each), of those who said one of the two.

    If those of another term were counted in it, a line would tell how few they are at most. ``least``: so many have to have said
    one of the two, drawn so that nobody knows it: else that nothing is told would tell how few did.
    """
    answered = women + men
    if answered + another + silent < LINE_FROM or answered < least:
        return Says.UNTOLD
    return Says.BALANCED if 10 * min(women, men) >= 4 * answered else Says.LESS


def promise_fits(due: date, today: date) -> Verdict:
    """Answer whether something can be promised for that day: it lies ahead, within two years."""
    return YES if today < due <= today + timedelta(days=730) else no(_("Choose a day within the next two years."))


def is_public(visibility: Visibility, state: GroupState) -> bool:
    """Say whether everybody sees a group."""
    return visibility == Visibility.LISTED and state == GroupState.SHOWN


def may_say_of_group(actor: Actor, seat: Seat, visibility: Visibility, state: GroupState, today: date) -> Verdict:
    """Answer whether the actor may say who decides in a group: its organisers, where everybody sees the group."""
    if not (verdict := may_care(actor, seat, today)):
        return verdict
    return unless(not is_public(visibility, state), _("Everybody reads this. So only groups that everybody sees can say it."))


def may_unsay_of_group(actor: Actor, seat: Seat, today: date) -> Verdict:
    """Answer whether the actor may say it no longer: organisers, also of a group that not everybody sees any more."""
    return may_care(actor, seat, today)


def may_say_of_network(actor: Actor) -> Verdict:
    """Answer whether the actor may say who decides in the network: a coordinator, with the second step shown."""
    if not (verdict := may_take_part(actor)):
        return verdict
    return unless(not (actor.has(Role.COORDINATOR) and actor.second_factor), _("Only a coordinator can do this."))


def may_look_at_body(actor: Actor, said_by: UUID | None, belongs: bool) -> Verdict:
    """Answer whether the actor may say if it fits: an analyst or coordinator who did not say it and is not of that group."""
    if not (verdict := may_work_on_numbers(actor)):
        return verdict
    return unless(belongs or said_by == actor.member_id, _("This is your own matter: somebody else looks at it."))


def can_be_looked_at(says: Composition, looked: Looked, fits: bool) -> Verdict:
    """Answer whether something can be said to fit, or not: once each, and only where something is said."""
    if says == Composition.SILENT:
        return no(_("They do not say. There is nothing to compare."))
    done = looked == Looked.BACK or (fits and looked == Looked.FITS)
    return unless(done, _("Somebody else has looked at it meanwhile."))
