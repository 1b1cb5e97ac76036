"""What people choose help by, beside need, place, words and language; a listing that does not say it is left out, not judged."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from app.core.i18n import N_, _
from app.domain.directory import for_whom, hours, open_slots

OPEN_NOW: Final = "open"
CHOICES: Final = {
    OPEN_NOW: N_("Open now"), "free": N_("Free"), "women": N_("For women only"), "without_papers": N_("No papers needed"),
    "with_children": N_("You can bring children"), "accessible": N_("Accessible with a wheelchair"),
}  # fmt: skip
PATTERN: Final = f"^({'|'.join(CHOICES)})$"


def choices() -> list[tuple[str, str]]:
    """Return (key, label) of everything that can be chosen."""
    return [(key, _(label)) for key, label in CHOICES.items()]


def in_order(chosen: Sequence[str]) -> list[str]:
    """Return what was chosen, each once, in the order of CHOICES: the same search has one address."""
    return [key for key in CHOICES if key in chosen]


def tokens(chosen: Sequence[str], moment: datetime) -> list[str]:
    """Return the filters of the search for what was chosen."""
    return [f"open:{open_slots.slot(moment)}" if key == OPEN_NOW else f"is:{key}" for key in chosen]


def found_by(row: Mapping[str, Any], facts: Mapping[str, Any], today: date) -> list[str]:
    """Return the filters by which a service (its row and what its page shows) is found."""
    free = bool((facts["cost"] or {}).get("free"))
    said = (row["name"], row["alternate_name"], row["eligibility_description"], *facts["labels"])
    access = [words for place in facts.get("places", ()) for words in place["access"] if words]
    return [
        *(f"need:{need}" for need in row["needs"]), *(f"area:{area}" for area in facts["areas"]),
        *(f"lang:{code[:2].lower()}" for code in facts["languages"]),
        *(f"is:{mark}" for mark in for_whom.marks(row["open_to"], said, free, access)),
        *(f"open:{piece}" for piece in open_slots.slots(facts.get("hours", ()), facts.get("zone"), today)),
        *(["concept:free"] if free else []),
    ]  # fmt: skip


def keep(chosen: Sequence[str], moment: datetime) -> Callable[[dict[str, Any]], bool] | None:
    """Return what says of a card whether it stays: open at this minute; None where the index has said it all."""
    if OPEN_NOW not in chosen:
        return None
    return lambda card: hours.open_now(card["hours"], moment, card["zone"]).open is True
