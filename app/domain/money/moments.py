"""Day and hour in a time zone: as a coordinator writes them, on nights when clocks change too."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from app.core.errors import Invalid
from app.core.i18n import _

_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def zones() -> tuple[str, ...]:
    """Return the time zones to choose from (IANA)."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_AREAS)))


def moment_of(field: str, day: date, hour: time, zone: str, *, last: bool = False) -> datetime:
    """Return the moment, in UTC, of an hour in a zone; Invalid for an hour that a night leaves out.

    Of an hour that a night has twice it is the first one, or with ``last`` the second: a deadline is never read too early.
    """
    place = ZoneInfo(zone)
    local = datetime.combine(day, hour.replace(second=0, microsecond=0), tzinfo=place).replace(fold=1 if last else 0)
    found = local.astimezone(UTC)
    if found.astimezone(place).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid(field, _("In this night the clocks are put forward, and this hour does not exist there. Choose another one."))
    return found


def day_in(zone: str, moment: datetime) -> date:
    """Return which day it is in a zone at a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def check_zone(field: str, zone: str) -> None:
    """Raise Invalid for what is no time zone of the list."""
    if zone not in zones():
        raise Invalid(field, _("Choose one of these."))
