"""Meetings as calendar files (RFC 5545), by the icalendar library: what leaves the program is decided here alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from app.core.i18n import _

if TYPE_CHECKING:
    from icalendar import Event

NAME = "calendar.ics"  # of every file: it tells nothing
_SPACE = UUID("6f3c1a52-0d55-4a6e-9d3b-2f8f3c2f7a10")


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting as far as it leaves the program; without a title it is called an appointment, and nothing else is said."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    version: int
    cancelled: bool
    title: str = ""
    place: str = ""


def write(entries: Iterable[Entry], made_at: datetime) -> bytes:
    """Return a calendar file with these entries; moments in UTC, so that no table of time zones is needed."""
    from icalendar import Calendar  # here: 4 MB for each server from its start, and few ask for a calendar

    calendar = Calendar()
    calendar.add("prodid", "-//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    return bytes(calendar.to_ical())


def _event(entry: Entry, made_at: datetime) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{uuid5(_SPACE, entry.id.hex)}@calendar")
    event.add("dtstamp", made_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("sequence", entry.version)
    event.add("summary", entry.title or _("Appointment"))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if entry.place:
        event.add("location", entry.place)
    return event
