"""From rows to what pages show: meetings, in the language of the moment, each in its own time zone."""

from datetime import datetime
from typing import Any

from babel.dates import format_datetime, get_timezone_location

from app.core import i18n
from app.core.i18n import _
from app.domain.meetings import clocks, rules
from app.domain.meetings.wording import ACCESS
from app.models.meetings import Cohosting, Meeting, MeetingPlan


def _locale() -> str:
    return i18n.current().replace("-", "_")


def zone_name(zone: str) -> str:
    """Return the place that a time zone is named after, "UTC" for that one."""
    if zone == "UTC":
        return zone
    return str(get_timezone_location(zone, locale=_locale(), return_city=True)) or zone


def zones(countries: tuple[str, ...], used: str) -> list[tuple[str, str]]:
    """Return the time zones that one can choose, by name; also the one that is used already."""
    offered = {*clocks.zones_of(countries), *([used] if clocks.known(used) else [])}
    return sorted(((zone, zone_name(zone)) for zone in offered), key=lambda pair: pair[1])


def _said(moment: datetime, zone: str, pattern: str) -> str:
    return str(format_datetime(clocks.said(moment, zone), pattern, tzinfo=None, locale=_locale()))


def card(row: Any, now: datetime, words: bool = True) -> dict[str, Any]:
    """Return what a list says about a meeting; without ``words`` only when it is and how it stands."""
    title, language = (row.title, row.language) if words else (_("Meeting"), i18n.current())
    return {
        "ref": row.ref, "title": title, "language": language, "day": _said(row.starts_at, row.zone, "EEEE d MMMM y"),
        "hours": f"{_said(row.starts_at, row.zone, 'HH:mm')}–{_said(row.ends_at, row.zone, 'HH:mm')}", "zone": zone_name(row.zone),
        "over": row.ends_at <= now, "cancelled": row.cancelled_at is not None, "childcare": words and row.childcare,
        "women_only": words and row.women_only, "bus_money": words and row.bus_money,
        "comes": bool(row.comes), "state": row.state.value,
    }  # fmt: skip


def come_text(row: Any, threshold: int, over: bool) -> str:
    """Return how many others come, roughly, and only where that names nobody."""
    many = rules.told(row.others, row.members, threshold)
    if not many:
        return _("How many come is told from %(n)s on, and roughly.", n=threshold)
    if over:
        return _("At least %(n)s others said that they would come.", n=many)
    return _("At least %(n)s others come.", n=many)


def whole(row: Any, now: datetime, place: bool, link: bool) -> dict[str, Any]:
    """Return what the page of a meeting says; ``place`` and ``link``: whether the reader learns them."""
    return card(row, now) | {
        "about": row.about, "place": row.place if place else None, "has_place": row.place is not None,
        "link": row.link if link else None, "has_link": row.has_link, "series": row.series_id is not None,
        "languages": [i18n.language_name(code) for code in row.languages],
        "access": [_(ACCESS[key]) for key in row.access if key in ACCESS], "open": row.open,
        "cohost": row.cohost if row.cohosting == Cohosting.CONFIRMED else "",
    }  # fmt: skip


def now_said(plan: MeetingPlan, meeting: Meeting) -> dict[str, str]:
    """Return what stands there about a meeting now, for an organiser whose change came too late."""
    at, until = meeting.starts_at, meeting.ends_at
    when = f"{_said(at, plan.zone, 'EEEE d MMMM y, HH:mm')}–{_said(until, plan.zone, 'HH:mm')}"
    return {"when": when, "title": plan.title, "place": plan.place or "", "link": plan.link or "", "about": plan.about}


def asked(plan: MeetingPlan, meeting: Meeting, group: str) -> dict[str, Any]:
    """Return what a body that is named as holding a meeting too reads; without ``group`` only when it is."""
    at, until = meeting.starts_at, meeting.ends_at
    return {
        "body": plan.cohost, "day": _said(at, plan.zone, "EEEE d MMMM y"), "zone": zone_name(plan.zone), "group": group,
        "hours": f"{_said(at, plan.zone, 'HH:mm')}–{_said(until, plan.zone, 'HH:mm')}", "title": plan.title if group else "",
        "language": plan.language,
    }  # fmt: skip
