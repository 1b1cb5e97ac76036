"""What cards and pages say about a listing, in the reader's language, at a given moment."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time, get_day_names

from app.core import i18n
from app.core.i18n import _
from app.domain.directory import hours
from app.domain.directory.freshness import Freshness, state_of
from app.domain.directory.needs import all_needs
from app.domain.directory.places import name_in
from app.domain.search.queries import Hit

Shown = dict[str, Any]


def card(hit: Hit, moment: datetime, number: int = 0) -> Shown:
    """Return what the card macro takes; ``number`` marks it on a map."""
    shown, language = hit.shown, i18n.current()
    state, words = freshness(_day(shown["verified"]), _day(shown["due"]), _day(shown["imported"]), moment.date())
    is_open, open_words = opening(shown["hours"], shown["zone"], moment)
    area = shown["area"]
    return {
        "ref": shown["ref"], "name": f"{number}. {shown['name']}" if number else shown["name"],
        "organisation": shown["organisation"],
        "needs": need_labels(shown["needs"][:3]), "town": name_in(area, language) if area else "",
        "distance_km": round(hit.distance_km, 1 if hit.distance_km < 10 else None) if hit.distance_km is not None else None,
        "freshness": state.value, "freshness_text": words, "cost_text": cost(shown["cost"]),
        "language_names": language_names(shown["languages"]), "open_now": is_open, "open_text": open_words,
        "other_language_text": other_language(hit.language), "language": hit.language,
    }  # fmt: skip


def freshness(verified: date | None, due: date | None, imported: date | None, today: date) -> tuple[Freshness, str]:
    """Return the state of a listing and the words of its badge."""
    state = state_of(verified, due or today, today)
    match state:
        case Freshness.FRESH:
            return state, _("Checked %(day)s", day=day_words(verified, today))
        case Freshness.DUE:
            return state, _("Checked %(day)s, to be checked again", day=day_words(verified, today))
        case Freshness.OLD if verified:
            return state, _("Not confirmed since %(day)s", day=day_words(verified, today))
        case Freshness.OLD:
            return state, _("Here since %(day)s, never checked", day=day_words(imported, today))
    return state, _("Not checked yet")


def day_words(day: date | None, today: date) -> str:
    """Return "3 May" or, for another year, "3 May 2025" in the reader's language."""
    return _formatted(day, "d MMM" if day.year == today.year else "d MMM y", _locale()) if day else ""


@lru_cache(maxsize=4_096)  # the same few days stand on every card
def _formatted(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def opening(schedules: list[Shown], zone: str | None, moment: datetime) -> tuple[bool | None, str]:
    """Return whether it is open at the place now, and the words for it ("" where nothing is known)."""
    now = hours.open_now(schedules, moment, zone)
    if now.open is None:
        return None, ""
    if now.open:
        return True, _("Open until %(time)s", time=clock_words(now.until)) if now.until else _("Open all day")
    if now.next_day is None or now.next_time is None:
        return False, ""
    day = get_day_names("abbreviated", locale=_locale())[now.next_day.weekday()]
    return False, _("Closed now, opens %(day)s %(time)s", day=day, time=clock_words(now.next_time))


def clock_words(at: time) -> str:
    """Return the time of day as the reader's language writes it."""
    return format_time(at, "short", locale=_locale())


def week_rows(schedules: list[Shown], today: date) -> list[Shown]:
    """Return the seven days of this week with their hours; empty when no hours can be read."""
    monday = today - timedelta(days=today.weekday())
    names = get_day_names("wide", locale=_locale())
    days = hours.week(schedules, monday)
    if not any(days):
        return []
    return [
        {"day": names[n], "today": n == today.weekday(), "hours": [f"{clock_words(a)} – {clock_words(b)}" for a, b in pairs]}
        for n, pairs in enumerate(days)
    ]


def today_at(zone: str | None, moment: datetime) -> date:
    """Return the day it is at a place."""
    return moment.astimezone(hours.zone_named(zone)).date() if zone else moment.date()


def cost(value: Shown | None) -> str:
    """Return the words for what it costs."""
    if not value:
        return ""
    return _("Free") if value.get("free") else str(value["text"])


def need_labels(ids: list[str]) -> list[str]:
    """Return the labels of needs."""
    return [_(need.label) for need in all_needs() if need.id in ids]


def language_names(codes: list[str]) -> list[str]:
    """Return languages by name; what is no code stays as it was written."""
    return [i18n.language_name(c) if len(c) in (2, 3) and c.isalpha() else c for c in codes]


def other_language(language: str) -> str:
    """Return the line that says that a text is not in the reader's language, or ""."""
    here = i18n.current()
    if language.partition("-")[0] == here.partition("-")[0]:
        return ""
    name, own = i18n.language_name(language, here), i18n.language_name(here, here)
    return _("Text in %(language)s, not yet in %(yours)s", language=name, yours=own)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _locale() -> str:
    return i18n.current().replace("-", "_")
