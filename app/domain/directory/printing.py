"""A guide for paper: the services of a place, by need, with what somebody needs who has no phone at hand."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.core import i18n
from app.core.i18n import _
from app.domain.directory import shown
from app.domain.directory.needs import all_needs
from app.domain.directory.storing import FACTS, SERVICE
from app.domain.search import queries as search

MOST: Final = 80  # services of one guide: about 25 pages
_MOST_LINES = 4
_WHOLE = (
    sa.select(SERVICE.c.id, FACTS.c.facts).join(FACTS, FACTS.c.id == SERVICE.c.id)
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
    facts = {row.id: row.facts for row in connection.execute(_WHOLE, {"ids": [hit.subject_id for hit in found.rows]})}
    by_need: dict[str, list[dict[str, Any]]] = {one.id: [] for one in all_needs()}
    others: list[dict[str, Any]] = []
    for hit in found.rows:
        if hit.subject_id in facts:
            first = need or next(iter(hit.shown["needs"]), "")
            by_need.get(first, others).append(_entry(hit, facts[hit.subject_id], moment))
    labels = {one.id: _(one.label) for one in all_needs()}
    groups = [(labels[key], several) for key, several in by_need.items() if several]
    return [*groups, *([(_("More help"), others)] if others else [])], found.more


def _entry(hit: search.Hit, facts: dict[str, Any], moment: datetime) -> dict[str, Any]:
    card = shown.card(hit, moment)
    week = [
        f"{day['day']}: {', '.join(day['hours'])}" for day in shown.week_rows(facts.get("hours", []), moment.date()) if day["hours"]
    ]
    where = [", ".join(line for line in (*place["lines"], place["note"]) if line) for place in facts.get("places", ())]
    return {
        "name": hit.shown["name"], "language": card["language"], "organisation": card["organisation"],
        "where": [line for line in dict.fromkeys(where) if line][:_MOST_LINES],
        "phones": [phone["number"] for phone in facts.get("phones", ())][:2],
        "hours": week or facts.get("hours_text", [])[:_MOST_LINES], "cost": card["cost_text"],
        "languages": card["language_names"], "freshness": card["freshness_text"], "bring": facts["documents"][:_MOST_LINES],
    }  # fmt: skip
