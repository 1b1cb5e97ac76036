"""The page of one service: its rows as what the template shows, in the reader's language."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import phonenumbers

from app.core import i18n
from app.core.i18n import N_, _
from app.domain.directory import shown
from app.domain.directory.for_whom import OPEN_TO
from app.domain.directory.places import name_in
from app.domain.directory.queries import ServiceRows
from app.domain.directory.sketch import Sketch, sketch
from app.domain.directory.traces import without_traces

_TEXT_FIELDS = (
    "eligibility_description",
    "application_process",
    "wait_time",
    "fees_description",
    "interpretation_services",
    "alert",
)
NOTES = (
    N_("Old test data, not current help. Do not call these numbers."),
)  # of the demo's directories: they must be understood by everybody
_PAGE_KB = 18  # what a page weighs on a phone without the facts of its listing


def view(rows: ServiceRows, moment: datetime) -> dict[str, Any]:
    """Return everything the page shows of one service."""
    row, facts = rows.service, rows.service.facts
    texts, language = _texts(row)
    documents, served = facts["documents"], facts["served"]
    if row.protected:
        texts = {name: text if name == "name" else without_traces(text) for name, text in texts.items()}
        documents, served = [d for d in map(without_traces, documents) if d], [s for s in map(without_traces, served) if s]
    state, badge = shown.freshness(row.verified_on, row.verify_due, row.imported_on, moment.date())
    is_open, open_text = shown.opening(facts.get("hours", []), facts.get("zone"), moment)
    today = shown.today_at(facts.get("zone"), moment)
    cost = without_traces(shown.cost(facts["cost"])) if row.protected else shown.cost(facts["cost"])
    return {
        "ref": row.ref, "name": texts["name"], "language": language, "texts": texts, "organisation": row.organisation or "",
        "other_language_text": shown.other_language(language), "needs": shown.need_labels(row.needs), "protected": row.protected,
        "freshness": state.value, "freshness_text": badge, "checked": checked(row),
        "open_now": is_open, "open_text": open_text,
        "week": shown.week_rows(facts.get("hours", []), today), "hours_text": facts.get("hours_text", []),
        "cost_text": cost, "cost_more": texts.get("fees_description") if cost and texts.get("fees_description") != cost else "",
        "language_names": shown.language_names(facts["languages"]), "documents": documents, "served": served,
        "phones": [{**p, "href": tel(p["number"])} for p in facts.get("phones", [])], "emails": facts.get("emails", []),
        "urls": facts.get("urls", []),
        "places": [_place(p) for p in facts.get("places", [])], "sketch": _sketch(facts, rows.towns), "ages": _ages(row),
        "open_to": [_(OPEN_TO[o]) for o in row.open_to if o in OPEN_TO],
        "closed_for_now": row.status == "temporarily closed", "source": row.source, "licence": row.licence,
        "source_url": row.source_url, "source_note": _(row.source_note) if row.source_note in NOTES else row.source_note,
        "also_from": facts.get("also_from", []), "different": "" if row.protected else row.overlap.get("different", ""),
        "kb": _PAGE_KB + len(json.dumps(facts)) // 1000,
    }  # fmt: skip


def _texts(row: Any) -> tuple[dict[str, Any], str]:
    """Return the texts in the reader's language where there is a translation with a text of its own, else the source's."""
    own = {"name": row.name, "description": row.description or "", **{n: getattr(row, n) or "" for n in _TEXT_FIELDS}}
    if row.language == row.other_language or not (row.other_name or row.other_description):
        return own, row.language
    translated = {"name": row.other_name, "description": row.other_description, **row.other_texts}
    return {**own, **{k: v for k, v in translated.items() if v}}, row.other_language


def checked(row: Any) -> str:
    """Return in words who checked a listing last (in which role), how and when, and until when that counts."""
    if row.verified_on is None:
        day = i18n.day_words(row.imported_on)
        return _("Nobody of this network has checked it yet. It came into the list on %(day)s.", day=day)
    day, due = (i18n.day_words(d) for d in (row.verified_on, row.verify_due))
    how = {
        "phone": _("A coordinator checked it by phone on %(day)s. Next check: %(due)s.", day=day, due=due),
        "visit": _("A coordinator went there on %(day)s. Next check: %(due)s.", day=day, due=due),
        "partner": _("Whoever offers it confirmed it on %(day)s. Next check: %(due)s.", day=day, due=due),
        "website": _("A coordinator checked it on their website on %(day)s. Next check: %(due)s.", day=day, due=due),
    }
    return how.get(row.verify_method, _("A coordinator checked it on %(day)s. Next check: %(due)s.", day=day, due=due))


@lru_cache(maxsize=2_000)  # finding out what a number is takes as long as a statement
def tel(number: str) -> str:
    """Return a tel: address; several numbers in one text give none, because a wrong number is worse than none."""
    match = next(iter(phonenumbers.PhoneNumberMatcher(number, None)), None)
    if match is not None:
        return "tel:" + phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    digits = "".join(c for c in number if c.isdigit())
    plain = not set(number) - set("0123456789 -()./+")
    return f"tel:{digits}" if plain and 3 <= len(digits) <= 15 else ""


def _place(place: dict[str, Any]) -> dict[str, Any]:
    name = place["names"].get(i18n.current()) or place["name"] or ""
    geo = f"geo:{place['lat']:.5f},{place['lon']:.5f}" if place["lat"] is not None else ""
    lines = [line for line in place["lines"] if line != name]
    return {**place, "name": name, "lines": lines, "geo": geo, "access": [a for a in place["access"] if a]}


def _sketch(facts: dict[str, Any], around: list[Any]) -> Sketch | None:
    places = [p for p in facts.get("places", []) if p["lat"] is not None]
    points = [((p["lat"], p["lon"]), p["name"] or "", n) for n, p in enumerate(places, 1)]
    return sketch(points, towns(around))


def towns(rows: list[Any]) -> list[tuple[tuple[float, float], str]]:
    """Return the points and names of towns in the reader's language."""
    return [((r.lat, r.lon), name_in({"name": r.name, "names": r.names}, i18n.current())) for r in rows]


def _ages(row: Any) -> str:
    low, high = row.minimum_age or 0, row.maximum_age or 0
    if low and 0 < high < 120:
        return _("For people of %(low)s to %(high)s years", low=f"{low:g}", high=f"{high:g}")
    if low:
        return _("For people of %(low)s years and older", low=f"{low:g}")
    return _("For people up to %(high)s years", high=f"{high:g}") if 0 < high < 120 else ""


def query(values: dict[str, str | list[str]]) -> str:
    """Return an address's query without what is empty, "?" included; "" for none. A list stands there value by value."""
    text = urlencode({k: v for k, v in values.items() if v}, doseq=True)
    return f"?{text}" if text else ""
