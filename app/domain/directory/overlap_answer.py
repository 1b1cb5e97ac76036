"""What is kept of the answer to "does this exist already?" (``Service.overlap``).

{"on": ISO day, "found": addresses (refs) of what was shown, "different": what is different, in the words of whoever published it};
"found" is empty where nothing was here.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.core.clock import now
from app.core.ids import REF
from app.core.text import clean

MOST_SHOWN: Final = 7
LONGEST: Final = 500  # letters of what is different


def answer(found: Sequence[str], different: str) -> dict[str, Any]:
    """Return the answer of today."""
    return {"on": now().date().isoformat(), "found": list(found), **({"different": different} if different else {})}


def stated(value: Any) -> dict[str, Any] | None:
    """Return an answer as it may be kept, from whatever was sent; None where it is none."""
    if not isinstance(value, dict) or not _is_day(value.get("on")):
        return None
    shown, different = value.get("found"), value.get("different")
    found = [ref for ref in shown if isinstance(ref, str) and REF.fullmatch(ref)][:MOST_SHOWN] if isinstance(shown, list) else []
    said = {"different": clean(different)[:LONGEST]} if isinstance(different, str) and clean(different) else {}
    return {"on": value["on"], "found": found, **said}


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
