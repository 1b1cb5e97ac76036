"""Days and moments as people read them, in the language of the page."""

from datetime import date, datetime

from app.core import i18n


def day(moment: date | datetime | None) -> str:
    """Return "20 November 2026" in the current language, "" for none."""
    return i18n.day_words(moment) if moment else ""


def day_and_hour(moment: datetime | None) -> str:
    """Return day and time of day (UTC, said so) in the current language."""
    return i18n.moment_words(moment) if moment else ""
