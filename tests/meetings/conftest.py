"""The people of groups, and a meeting as its form says it."""

from datetime import timedelta
from typing import Any

from app.core.clock import now
from tests.groups.conftest import circle, connected

__all__ = ["circle", "connected", "said"]


def said(days: int = 7, **more: Any) -> dict[str, Any]:
    """Return the form of a meeting in so many days, at 18:00 in Dakar."""
    return {
        "title": "Tea at the market", "about": "We talk about papers.", "language": "en", "hour": "18:00", "zone": "Africa/Dakar",
        "day": (now() + timedelta(days=days)).date().isoformat(), "minutes": "90", "place": "Rue 9, blue door",
        "place_for": "coming", "link": "", **more,
    }  # fmt: skip
