"""The people of groups, and an entry as its form says it."""

from typing import Any

from tests.groups.conftest import circle, connected

__all__ = ["circle", "connected", "entry_form"]


def entry_form(**more: Any) -> dict[str, Any]:
    """Return the form of an offer of a tool."""
    return {
        "side": "offer", "kind": "tool", "title": "A sewing machine", "about": "It works well.", "near": "Pikine",
        "language": "en", "days": "14", **more,
    }  # fmt: skip
