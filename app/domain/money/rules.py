"""Who enters and changes calls, who writes down what a group received, and what cannot be: facts in, verdict out."""

import enum
import re
from datetime import date, datetime, timedelta
from typing import Final

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.text import digits
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.groups.rules import Seat, reads
from app.models.accounts import Role
from app.models.groups import GroupRole, GroupState, Visibility

WHOLE: Final = 100  # what the weights of a call add up to
MOST_CRITERIA: Final = 12
LONGEST_CALL: Final = timedelta(days=3 * 366)
FIRST_YEAR: Final = 2000  # of a call; hours of a zone cannot be worked out at the ends of the calendar
MOST_LINES: Final = 1_000  # of one group; as many more may put others right
OLDEST_LINE: Final = timedelta(days=20 * 366)
LONGEST_PERIOD: Final = timedelta(days=10 * 366)
_CRITERION: Final = re.compile(r"([0-9]{1,3})(?![.,\u066b]?[0-9]) ?[%\u066a]?[ :.)\u2013-]*(.{2,200})")


class CallState(enum.StrEnum):
    """Where a call stands: worked out from its days, so that nobody can forget to open or close it."""

    COMING = "coming"
    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"


def state_of(opens_at: datetime, closes_at: datetime, cancelled_at: datetime | None, moment: datetime) -> CallState:
    """Return where a call stands at a moment; at the very moment of the deadline it is closed."""
    if cancelled_at is not None:
        return CallState.CANCELLED
    if moment >= closes_at:
        return CallState.OVER
    return CallState.OPEN if moment >= opens_at else CallState.COMING


def may_enter(actor: Actor) -> Verdict:
    """Answer whether the actor may enter a call: coordinators whom no decision keeps from writing, with their second step."""
    return may_take_part(actor) and unless(
        not (actor.has(Role.COORDINATOR) and actor.second_factor), _("Only a coordinator can do this.")
    )


def may_change(actor: Actor, state: CallState, tied: bool) -> Verdict:
    """Answer whether the actor may change or cancel a call: as long as it has not ended.

    Of a call that this network decides nobody does who belongs to a group that asks (``tied``): it is their own race.
    """
    if not (verdict := may_enter(actor)):
        return verdict
    if state == CallState.CANCELLED:
        return no(_("This call was cancelled. It stays as it was; enter another one."))
    if state == CallState.OVER:
        return no(_("This call has closed. It stays as it was; enter another one."))
    return no(tied_here()) if tied else YES


def may_cancel(actor: Actor, state: CallState, here: bool, decided: bool, tied: bool) -> Verdict:
    """Answer whether the actor may cancel a call: one that this network decides also between its deadline and the decision."""
    if here and state == CallState.OVER:
        if tied and may_enter(actor):
            return no(tied_here())
        return may_enter(actor) and unless(decided, _("This call is decided. It stays as it was."))
    return may_change(actor, state, tied)


def tied_here() -> str:
    """Return what a coordinator is told who belongs to a group that asks."""
    return _("You belong to a group that asks for this money. Another coordinator does this.")


def check_times(opens_at: datetime, closes_at: datetime, moment: datetime) -> None:
    """Raise Invalid for a new call that would be over already, or that closes before it opens."""
    if closes_at <= moment:
        raise Invalid("closes_on", _("This moment is over. Choose a later one."))
    if closes_at <= opens_at:
        raise Invalid("closes_on", _("It closes before it opens. Choose a later day."))
    if closes_at - min(opens_at, moment) > LONGEST_CALL:
        raise Invalid("closes_on", _("Choose a day within the next three years."))


def check_days(opens: date, closes: date, today: date) -> None:
    """Raise Invalid for days, as they were typed, that no call can have; the exact moments are looked at by check_times."""
    for field, day in (("opens_on", opens), ("closes_on", closes)):
        if not FIRST_YEAR <= day.year <= (today + LONGEST_CALL).year + 1:
            raise Invalid(field, _("Check the year of this day."))


def check_moved(was: tuple[datetime, datetime], wished: tuple[datetime, datetime], moment: datetime) -> None:
    """Raise Invalid where the deadline comes nearer, or a call that has opened opens anew (pairs: opens, closes)."""
    if wished[1] < was[1]:
        raise Invalid("closes_on", _("The deadline only moves to a later moment: somebody may count on it."))
    if wished[0] != was[0] and was[0] <= moment:
        raise Invalid("opens_on", _("This call has opened already. That stays."))


def check_sum(least: int | None, most: int) -> None:
    """Raise Invalid for a range that runs backwards (minor units)."""
    if least is not None and least >= most:
        raise Invalid("least", _("The smallest sum is below the largest one. Leave it empty where there is only one sum."))


def read_criteria(typed: str) -> list[tuple[int, str]]:
    """Return weight and words of each line, such as "40 Women lead it"; Invalid("criteria") unless the weights add up to 100."""
    found = []
    for line in filter(None, (line.strip() for line in digits(typed).splitlines())):
        match = _CRITERION.fullmatch(line)
        if not match:
            sentence = _(
                "One a line, its weight first, a whole number, such as: 40 Women lead it. This line is not so: %(line)s",
                line=line[:80],
            )
            raise Invalid("criteria", sentence)
        found.append((int(match[1]), match[2].strip()))
    if not found or len(found) > MOST_CRITERIA:
        raise Invalid("criteria", _("Write one to %(n)s lines.", n=MOST_CRITERIA))
    if any(weight == 0 for weight, _words in found):
        raise Invalid("criteria", _("A weight of 0 decides nothing. Leave that line out."))
    if (total := sum(weight for weight, _words in found)) != WHOLE:
        raise Invalid("criteria", _("The weights add up to %(total)s. They must add up to 100.", total=total))
    return found


def shows_money(visibility: Visibility, state: GroupState) -> bool:
    """Say whether everybody reads what a group received: what is found in the list is shown whole, nothing of the others."""
    return visibility == Visibility.LISTED and state == GroupState.SHOWN


def may_read_money(actor: Actor, visibility: Visibility, state: GroupState, seat: Seat) -> bool:
    """Say whether the actor reads what a group received: of a group that is not listed only those inside; ``seat``: see seat_in."""
    return shows_money(visibility, state) or reads(actor, seat)


def may_write_money(actor: Actor, seat: Seat, today: date) -> Verdict:
    """Answer whether the actor writes down what the group received: its organisers, and whoever keeps the accounts."""
    if not (verdict := may_take_part(actor)):
        return verdict
    keeps = seat.role == GroupRole.MONEY and (seat.role_until is None or seat.role_until > today)
    return unless(
        not (keeps or seat.organises(today)), _("Only organisers, and whoever keeps the accounts of this group, can do this.")
    )


def may_add_line(lines: int) -> Verdict:
    """Answer whether one more line fits."""
    return unless(lines >= MOST_LINES, _("There are %(n)s lines already: no more fit here.", n=MOST_LINES))


def check_period(first: date, last: date, today: date) -> None:
    """Raise Invalid for a period that runs backwards, or is too long or too far away."""
    if last < first:
        raise Invalid("last_on", _("The period ends before it begins. Choose a later day."))
    if first < today - OLDEST_LINE or last > today + LONGEST_PERIOD or last - first > LONGEST_PERIOD:
        raise Invalid("first_on", _("Choose a period of at most ten years, not longer than twenty years ago."))
