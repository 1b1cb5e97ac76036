"""Who sees a meeting, learns where it is, comes and plans: facts in, verdict out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.groups import rules as groups
from app.domain.groups.rules import Seat
from app.models.accounts import Limit
from app.models.groups import GroupRole, GroupState, Visibility
from app.models.meetings import PlaceFor, PlanState

AHEAD: Final = timedelta(days=400)  # how far ahead one plans
SERIES_DAYS: Final = 366
MOST_AHEAD: Final = 120  # meetings of a group that are still to come
STEP: Final = 5  # in which it is told how many come
UNKNOWN: Final = 3  # so many of the group are always left of whom nobody can tell
REMINDED: Final = timedelta(days=1)  # how long before
AT_ONCE: Final = 500  # reminders in one transaction; the next run tells the others
KEPT: Final = timedelta(days=14)  # how long after a meeting it is known who said that they come


@dataclass(frozen=True, slots=True)
class Stands:
    """How a meeting stands: its group, its words, whether guests may read it."""

    visibility: Visibility
    group: GroupState
    plan: PlanState
    open: bool


def leaves(stands: Stands) -> bool:
    """Say whether more than day and hour may leave this program: of a group that not everybody finds nothing else does."""
    return stands.visibility == Visibility.LISTED and stands.group == GroupState.SHOWN and stands.plan == PlanState.SHOWN


def sees(actor: Actor, seat: Seat, stands: Stands) -> bool:
    """Say whether the meeting is there for the actor; ``seat`` is what it is worth in the group's state."""
    if groups.reads(actor, seat):  # whoever comes reads of one that waits or is hidden when it is: see sees_moment
        return stands.plan == PlanState.SHOWN or seat.role == GroupRole.ORGANISER
    return leaves(stands) and stands.open


def sees_moment(actor: Actor, seat: Seat, comes: bool) -> bool:
    """Say whether somebody reads at least when a meeting is and how it stands: who said that they come, inside the group."""
    return comes and groups.reads(actor, seat)


def learns_place(actor: Actor, seat: Seat, place_for: PlaceFor, comes: bool, today: date) -> bool:
    """Say whether somebody who sees a meeting reads where it is."""
    return place_for == PlaceFor.EVERYBODY or learns_link(actor, seat, comes, today)


def learns_link(actor: Actor, seat: Seat, comes: bool, today: date) -> bool:
    """Say whether somebody reads the link: those who come, and who cares for the group."""
    return groups.reads(actor, seat) and (comes or seat.organises(today))


def may_come(actor: Actor, seat: Seat, plan: PlanState, over: bool, cancelled: bool) -> Verdict:
    """Answer whether the actor may say that they come."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if not seat.inside:
        return no(_("Only members of this group can say that they come."))
    if cancelled:
        return no(_("This meeting is cancelled."))
    if over:
        return no(_("This meeting is over."))
    return unless(plan != PlanState.SHOWN, _("Somebody at the desk reads first what is said of this meeting."))


def may_stay_away(actor: Actor) -> Verdict:
    """Answer whether the actor may say that they do not come: everybody about themselves, always."""
    return unless(not actor.signed_in, _("Join first, or come in with your key."))


def may_plan(actor: Actor, seat: Seat, today: date) -> Verdict:
    """Answer whether the actor may plan, change and cancel meetings of the group."""
    return groups.may_care(actor, seat, today)


def may_start(actor: Actor, seat: Seat, today: date) -> Verdict:
    """Answer whether the actor may plan something new."""
    return may_plan(actor, seat, today) and groups.may_begin(actor)


def check_unread(actor: Actor, field: str) -> None:
    """Raise Invalid for words that others read at once, of somebody whose words a decision has read first."""
    if one := actor.limited(Limit.HELD):
        raise Invalid(field, one.words)


def may_change(actor: Actor, seat: Seat, today: date, over: bool, cancelled: bool) -> Verdict:
    """Answer whether a meeting may be changed or cancelled: not once it is, nor when it is over."""
    if not (verdict := may_plan(actor, seat, today)):
        return verdict
    return unless(over, _("This meeting is over.")) and unless(cancelled, _("This meeting is cancelled."))


def may_close(actor: Actor, seat: Seat, today: date, begun: bool, cancelled: bool) -> Verdict:
    """Answer whether the actor may write minutes or how many came: organisers, once it has begun."""
    if not (verdict := may_plan(actor, seat, today)):
        return verdict
    return unless(not begun, _("This meeting has not begun yet.")) and unless(cancelled, _("This meeting is cancelled."))


def may_agree(actor: Actor, seat: Seat) -> Verdict:
    """Answer whether whoever has the link may say yes or no for a body: not those who care for the group themselves."""
    return unless(actor.signed_in and seat.role == GroupRole.ORGANISER, _("This link is for others. You care for the group."))


def told(others: int, members: int, threshold: int) -> int:
    """Return how many others come as far as that is told, in steps of five, 0 for nothing.

    Not below the threshold of the network: one, two or three who come can be named by whoever knows the people. The reader's own
    yes is not in it, so that nobody finds a step by saying yes and no. And never so many that all of the group might come: then
    it would be known of each.
    """
    most = min(others, members - 1 - UNKNOWN)
    return most // STEP * STEP if most >= threshold else 0


def check_link(link: str) -> None:
    """Raise Invalid for a link that does not lead to another computer by https."""
    if not link:
        return
    sentence = _("Write the whole address. It begins with https://")
    try:
        parts = urlsplit(link)
        bad = parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or "\\" in link or parts.port == 0
    except ValueError as problem:
        raise Invalid("link", sentence) from problem
    if bad or any(c.isspace() for c in link):
        raise Invalid("link", sentence)


def check_where(place: str, link: str) -> None:
    """Raise Invalid where nobody could find the meeting."""
    if not place and not link:
        raise Invalid("place", _("Write where it is, or give a link."))


def check_day(today: date, day: date) -> None:
    """Raise Invalid for a day so far away that nothing can be planned on it, whatever the hour."""
    if day < today - AHEAD:
        raise Invalid("day", _("This is in the past. Choose a day and an hour to come."))
    if day > today + AHEAD + timedelta(days=1):
        raise Invalid("day", _("This is more than a year ahead. Choose an earlier day."))


def check_moment(now: datetime, starts_at: datetime) -> None:
    """Raise Invalid for a moment that is past, or too far ahead."""
    if starts_at <= now:
        raise Invalid("day", _("This is in the past. Choose a day and an hour to come."))
    if starts_at > now + AHEAD:
        raise Invalid("day", _("This is more than a year ahead. Choose an earlier day."))


def check_until(first: date, until: date | None) -> date:
    """Return the last day of a series; raise Invalid where it is missing, before the first or more than a year after it."""
    if until is None:
        raise Invalid("until", _("Write until which day the meetings go on."))
    if not 0 <= (until - first).days <= SERIES_DAYS:
        raise Invalid("until", _("Choose a day from the first meeting to a year later."))
    return until


def check_many(ahead: int, more: int) -> None:
    """Raise Invalid where a group would have too many meetings ahead."""
    if ahead + more > MOST_AHEAD:
        raise Invalid("", _("A group can have %(most)s meetings ahead. These would be %(more)s more.", most=MOST_AHEAD, more=more))


def check_keys(chosen: Sequence[str], known: Sequence[str] | dict[str, str]) -> list[str]:
    """Return what was chosen as far as it can be chosen."""
    return [one for one in dict.fromkeys(chosen) if one in known]
