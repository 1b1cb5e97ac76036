"""A guide for paper: the services of a place, by need, with what somebody needs who has no phone at hand."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.core import i18n
from app.core.i18n import _
from app.core.text import shorten
from app.domain.directory import joining, shown
from app.domain.directory.for_whom import OPEN_TO
from app.domain.directory.needs import all_needs
from app.domain.directory.service_view import NOTES
from app.domain.directory.storing import FACTS, SERVICE
from app.domain.search import queries as search
from app.models.directory import Feed

MOST: Final = 80  # services of one guide: about 25 pages
_MOST_LINES = 4
_MOST_LETTERS = 300  # of who can come
_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_WHOLE = (
    sa.select(
        *(SERVICE.c[name] for name in ("id", "status", "alert", "eligibility_description", "open_to")), FACTS.c.facts,
        _FEED.c.note.label("source_note"),
    )
    .join(FACTS, FACTS.c.id == SERVICE.c.id).join(_FEED, _FEED.c.id == SERVICE.c.feed_id)
    .where(SERVICE.c.id.in_(sa.bindparam("ids", expanding=True)), sa.not_(SERVICE.c.protected))
)  # fmt: skip


def guide(
    connection: sa.Connection, area: UUID, need: str, moment: datetime
) -> tuple[list[tuple[str, list[dict[str, Any]]]], bool]:
    """Return [(need in words, services)] of an area, at most MOST services, and whether there are more.

    What is protected is left out: paper goes from hand to hand.
    """
    tokens = [f"area:{area}", *([f"need:{need}"] if need else [])]
    prefer = list(dict.fromkeys((i18n.current(), "en")))
    found = search.find(connection, kind="service", tokens=tokens, prefer=prefer, limit=MOST)
    facts = {
        row.id: {**row._mapping, **joining.as_dates(row.facts.get("instead") or {})}
        for row in connection.execute(_WHOLE, {"ids": [hit.subject_id for hit in found.rows]})
    }
    by_need: dict[str, list[dict[str, Any]]] = {one.id: [] for one in all_needs()}
    others: list[dict[str, Any]] = []
    for hit in found.rows:
        if hit.subject_id in facts:
            first = need or next(iter(hit.shown["needs"]), "")
            by_need.get(first, others).append(_entry(hit, facts[hit.subject_id], moment))
    labels = {one.id: _(one.label) for one in all_needs()}
    groups = [(labels[key], several) for key, several in by_need.items() if several]
    return [*groups, *([(_("More help"), others)] if others else [])], found.more


def _entry(hit: search.Hit, row: dict[str, Any], moment: datetime) -> dict[str, Any]:
    facts, card, note = row["facts"], shown.card(hit, moment), row["source_note"] or ""
    week = [
        f"{day['day']}: {', '.join(day['hours'])}" for day in shown.week_rows(facts.get("hours", []), moment.date()) if day["hours"]
    ]
    where = [", ".join(line for line in (*place["lines"], place["note"]) if line) for place in facts.get("places", ())]
    return {
        "name": hit.shown["name"], "language": card["language"], "organisation": card["organisation"],
        "where": [line for line in dict.fromkeys(where) if line][:_MOST_LINES],
        "phones": [(phone["number"], phone["extension"], phone["about"]) for phone in facts.get("phones", ())][:2],
        "closed": row["status"] == "temporarily closed", "alert": row["alert"] or "",
        "warning": _(note) if note in NOTES else note,
        "who": [*(_(OPEN_TO[one]) for one in row["open_to"] if one in OPEN_TO),
                *filter(None, [shorten(row["eligibility_description"] or "", _MOST_LETTERS)])],
        "hours": week or facts.get("hours_text", [])[:_MOST_LINES], "cost": card["cost_text"],
        "languages": card["language_names"], "freshness": card["freshness_text"], "bring": facts["documents"][:_MOST_LINES],
    }  # fmt: skip
