"""What each step offers to choose from, in the language of the moment, and what was chosen before, as its form shows it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlmodel import Session

from app.core import i18n, languages
from app.core.i18n import _
from app.domain.mentoring.joining import countries, queries
from app.domain.mentoring.joining.checking import LANGUAGES
from app.domain.mentoring.joining.packets import Said
from app.domain.mentoring.joining.rules import MOST_PLACES
from app.domain.mentoring.joining.wording import (
    ACCEPT_WORDS,
    AGE_WORDS,
    CHANNEL_WORDS,
    GENDER_WORDS,
    KIND_WORDS,
    KNOWS_WORDS,
    LEVEL_WORDS,
    NEED_WORDS,
    RULE_WORDS,
    slot_words,
)
from app.domain.mentoring.people import SLOTS
from app.models.mentoring import Mentor, MentorAsk

Choices = list[tuple[str, str]]


def _listed(words: Mapping[Any, str]) -> Choices:
    return [(str(key), _(text)) for key, text in words.items()]


def _of_self() -> dict[str, Any]:
    return {"genders": _listed(GENDER_WORDS), "ages": [("", _("I skip this")), *_listed(AGE_WORDS)]}


def _needs(_db: Session, _said: Said) -> dict[str, Any]:
    return {"needs": _listed(NEED_WORDS)}


def _who(_db: Session, _said: Said) -> dict[str, Any]:
    return {"wishes": _listed(RULE_WORDS), **_of_self()}


def _place(db: Session, said: Said) -> dict[str, Any]:
    spoken = [("", _("No language")), *((c, i18n.language_name(c)) for c in dict.fromkeys((i18n.current(), *languages.OFFERED)))]
    hosts = [("", _("I skip this")), *countries.named()]
    places = queries.places(db, said.get("place", {}).get("place", ""))
    return {"places": places, "languages": spoken, "levels": _listed(LEVEL_WORDS), "many": LANGUAGES, "hosts": hosts}


def _when(_db: Session, _said: Said) -> dict[str, Any]:
    return {"slots": [(str(slot), slot_words(slot)) for slot in range(SLOTS)], "channels": _listed(CHANNEL_WORDS)}


def _help(_db: Session, _said: Said) -> dict[str, Any]:
    return {"needs": _listed(NEED_WORDS), "levels": _listed(KNOWS_WORDS), "kinds": [("", _("I skip this")), *_listed(KIND_WORDS)]}


def _meet(_db: Session, _said: Said) -> dict[str, Any]:
    counts = [(str(count), str(count)) for count in range(1, MOST_PLACES + 1)]
    return {"whom": _listed(ACCEPT_WORDS), "counts": counts, **_of_self()}


_OF: Final[Mapping[str, Callable[[Session, Said], dict[str, Any]]]] = {
    "needs": _needs, "who": _who, "place": _place, "when": _when, "help": _help, "meet": _meet,
}  # fmt: skip


def offered(db: Session, step: str, said: Said) -> dict[str, Any]:
    """Return the choices of a step by name, with what was ``said`` before among them; {} where nothing is chosen."""
    return _OF[step](db, said) if step in _OF else {}


def before(step: str, said: Said, row: MentorAsk | Mentor | None) -> dict[str, Any]:
    """Return what was said in a step, field by field as its form shows it; {} where it was not answered."""
    found = dict(said.get(step, {}))
    if step == "place" and found:
        for number, (code, level) in enumerate(found.pop("languages").items(), 1):
            found |= {f"language{number}": code, f"level{number}": level}
    if step == "words" and step in said and isinstance(row, Mentor):
        found = {"why": row.why, "ties": row.ties, "agreed": True}
    return {name: _typed(value) for name, value in found.items()}


def _typed(value: Any) -> Any:
    """Return a value as a form sends it: a yes is "1"."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return ("1" if value else "") if isinstance(value, bool) else value
