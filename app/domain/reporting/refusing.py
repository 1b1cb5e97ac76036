"""Numbers that cannot be taken: one sentence, and the checks that every reader of numbers shares."""

import math
from typing import Any

from app.core.errors import HearthError

_MOST = 10**15  # far above any network, in any currency; below it, whole numbers are exact


class BadNumbers(HearthError):
    """A figure, a file or a table cannot be right; the sentence says which one and why."""


def number(value: Any, what: str) -> float | int:
    """Return a finite number that is 0 or more (money, metres); anything else is refused."""
    if value is None:
        raise BadNumbers(f"{what} is missing.")
    if isinstance(value, bool) or not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise BadNumbers(f"{what} must be a number, not {_shown(value)}.")
    if value < 0:
        raise BadNumbers(f"{what} is negative ({_shown(value)}).")
    if value > _MOST:
        raise BadNumbers(f"{what} is too large to be true ({_shown(value)}).")
    return value


def whole(value: Any, what: str) -> int:
    """Return a count: a whole number that is 0 or more; anything else is refused."""
    checked = number(value, what)
    if checked != int(checked):
        raise BadNumbers(f"{what} must be a whole number, not {value}.")
    return int(checked)


def within(part: int, all_of_it: int, what: str) -> None:
    """Refuse a part that is larger than its whole."""
    if part > all_of_it:
        raise BadNumbers(f"{what}: {part} of {all_of_it} is more than all.")


def listed(value: Any, what: str) -> list[Any]:
    """Return a list; anything else is refused."""
    if not isinstance(value, list):
        raise BadNumbers(f"{what} must be a list.")
    return value


def mapped(value: Any, what: str) -> dict[str, Any]:
    """Return an object with named values; anything else is refused."""
    if not isinstance(value, dict):
        raise BadNumbers(f"{what} must be an object with named values.")
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"
