"""Numbers and hours that somebody confirmed stay as they were seen, wherever their source keeps them, while that check counts.

A source may have them at the service, at its places, at a contact or at whoever offers it; ``Service.told`` has them as the page
showed them: {"of": ids of the listings that stood as one, "phones", "hours", "hours_text": as in the facts of the page}.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.core.clock import now
from app.core.text import clean
from app.domain.directory.hours import in_words

WAYS: Final = {"phones": ("phones",), "schedules": ("hours", "hours_text")}  # by what they are called in ``Service.confirmed``
_ALL: Final = tuple(name for names in WAYS.values() for name in names)
Record = dict[str, Any]
Asked = tuple[Any, str, str, str]  # id of the service, field, as it stands, what its source says


def as_told(facts: Mapping[str, Any], group: Iterable[Any]) -> Record:
    """Return what is kept of a page when somebody confirms it."""
    return {"of": sorted(map(str, group)), **{name: facts.get(name, []) for name in _ALL}}


def instead(row: Mapping[str, Any], group: Iterable[Any]) -> Record:
    """Return what the page tells in place of what sources say; nothing once the check has ended or others stand as one with it."""
    told = row["told"] or {}
    if not told or row["verify_due"] < now().date() or told["of"] != sorted(map(str, group)):
        return {}
    counts = [field for field in WAYS if field in (row["confirmed"] or ()) and field not in (row["corrected"] or ())]
    return {name: told[name] for field in counts for name in WAYS[field]}


def differing(row: Mapping[str, Any], live: Mapping[str, Any], told: Mapping[str, Any]) -> list[Asked]:
    """Return where sources say something else than what is told: the first number, the hours in words."""
    found = []
    if told and "phones" in told:
        found.append(("phone", _first(told), _first(live)))
    if told and "hours" in told:
        found.append(("hours", _hours(told, row["language"]), _hours(live, row["language"])))
    # A number that the list has taken back is asked about too; hours it may have moved into words that nobody can compare.
    return [(row["id"], field, stands, says) for field, stands, says in found if says != stands and (says or field == "phone")]


def _first(facts: Mapping[str, Any]) -> str:
    return facts["phones"][0]["number"] if facts["phones"] else ""


def _hours(facts: Mapping[str, Any], language: str) -> str:
    return lines(facts["hours"], facts["hours_text"], language)


def lines(schedules: Iterable[Mapping[str, Any]], told: Iterable[str], language: str) -> str:
    """Return hours as words, a line for each."""
    return clean("\n".join(dict.fromkeys([*in_words(schedules, language), *told])))
