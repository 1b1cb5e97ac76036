"""Two listings side by side, field by field, in the reader's language."""

from datetime import datetime
from typing import Any

from app.core import i18n
from app.core.i18n import _
from app.domain.directory import shown
from app.domain.directory.for_whom import OPEN_TO
from app.domain.directory.pairs import wording
from app.domain.directory.pairs.queries import Sides
from app.domain.directory.traces import without_traces

Shown = dict[str, Any]


def view(sides: Sides, moment: datetime) -> Shown:
    """Return everything that the page of a pair shows."""
    pair = sides.pair
    for_, against = wording.reasons(pair.reasons, protected=sides.first.protected or sides.second.protected)
    first, second = _side(sides.first, moment), _side(sides.second, moment)
    return {
        "ref": pair.ref, "seen": pair.said, "verdict": pair.verdict.value if pair.verdict else "", "likely": pair.band == "likely",
        "for": for_, "against": against, "first": _head(sides.first), "second": _head(sides.second),
        "one": (sides.first.merged_into or sides.first.id) == (sides.second.merged_into or sides.second.id),
        "fields": [
            (label, values, second[label], values == second[label])
            for label, values in first.items() if values or second[label]
        ],
        "said": [(i18n.day_words(row.said_on), _(wording.SAID[row.verdict])) for row in sides.said],
        "fresher": "second" if (sides.second.verified_on or sides.second.imported_on) > (
            sides.first.verified_on or sides.first.imported_on) else "first",
    }  # fmt: skip


def _head(row: Any) -> Shown:
    return {
        "ref": row.ref, "name": row.name, "list": row.list, "language": row.language, "ended": row.defunct_on is not None,
        "merged": row.merged_into is not None, "protected": row.protected,
    }  # fmt: skip


def _side(row: Any, moment: datetime) -> dict[str, list[str]]:
    facts = row.facts or {}
    hours = [
        f"{day['day']}: {', '.join(day['hours'])}" for day in shown.week_rows(facts.get("hours", []), moment.date()) if day["hours"]
    ]
    texts = [text for text in (row.description, row.eligibility_description) if text]
    if row.protected:
        texts = [kept for kept in map(without_traces, texts) if kept]
    where = [" · ".join(p["lines"]) or p["name"] or "" for p in facts.get("places", ())]
    return {
        _("From the list"): [row.list], _("Organisation"): [row.organisation] if row.organisation else [],
        _("What it says"): texts[:1], _("For whom"): [*(_(OPEN_TO[o]) for o in row.open_to if o in OPEN_TO), *texts[1:]],
        _("Needs"): shown.need_labels(row.needs),
        _("Place"): [_("Protected: the way there is told by people only")] if row.protected else [line for line in where if line],
        _("Number to call"): [phone["number"] for phone in facts.get("phones", ())],
        _("E-mail"): list(facts.get("emails", ())), _("Web page"): list(facts.get("urls", ())),
        _("Hours"): [*hours, *facts.get("hours_text", ())],
        _("Languages"): shown.language_names(facts.get("languages", [])),
        _("What it costs"): [cost] if (cost := shown.cost(facts.get("cost"))) and not row.protected else [],
        _("Last check"): [shown.freshness(row.verified_on, row.verify_due, row.imported_on, moment.date())[1]],
    }  # fmt: skip


def card(row: Any) -> Shown:
    """Return what the list of pairs shows of one."""
    for_, against = wording.reasons(row.reasons, protected=row.first_protected or row.second_protected)
    return {
        "ref": row.ref, "first": row.first_name, "second": row.second_name,
        "lists": list(dict.fromkeys([row.first_list, row.second_list])),
        "languages": (row.first_language, row.second_language), "likely": row.band == "likely", "for": for_[:3],
        "against": against[:2], "verdict": _(wording.SAID[row.verdict]) if row.verdict else "",
    }  # fmt: skip
