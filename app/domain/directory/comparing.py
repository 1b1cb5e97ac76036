"""Two services side by side, and which others somebody may want beside one."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import sqlalchemy as sa

from app.core import i18n
from app.core.i18n import N_, _
from app.core.text import shorten
from app.domain.search import queries as search

MOST_BESIDE: Final = 7
_LONGEST: Final = 300  # letters of a text in the table
_FEW: Final = 3  # places
Shown = dict[str, Any]
Told = Callable[[Shown], Iterable[str | None]]


def beside(connection: sa.Connection, row: Any) -> list[search.Hit]:
    """Return services for the same need as ``row`` (queries.service): the nearest to it, without a point those in its area."""
    facts = row.facts
    point = next(((p["lat"], p["lon"]) for p in facts.get("places", ()) if p["lat"] is not None), None)
    areas = facts["areas"][-1:] if point else facts["areas"][:1]
    tokens = [*(f"need:{need}" for need in row.needs[:1]), *(f"area:{area}" for area in areas)]
    prefer = list(dict.fromkeys((i18n.current(), "en")))
    found = search.find(connection, kind="service", tokens=tokens, prefer=prefer, near=point, limit=MOST_BESIDE + 1)
    return [hit for hit in found.rows if hit.subject_id != row.id][:MOST_BESIDE]


def table(first: Shown, second: Shown) -> list[tuple[str, list[str], list[str]]]:
    """Return (label, lines of the first, lines of the second) of two pages (service_view.view), without what neither says."""
    rows = [(_(label), _lines(told(first)), _lines(told(second))) for label, told in _ROWS]
    return [row for row in rows if row[1] or row[2]]


def _lines(told: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(line for line in told if line))


def _short(name: str) -> Told:
    return lambda page: [shorten(page["texts"][name], _LONGEST)]


def _hours(page: Shown) -> list[str]:
    return [f"{day['day']}: {', '.join(day['hours'])}" for day in page["week"] if day["hours"]] or list(page["hours_text"])


def _where(page: Shown) -> list[str]:
    found = [", ".join(filter(None, (place["name"], *place["lines"]))) or place["note"] or "" for place in page["places"][:_FEW]]
    return found or list(page["served"][:_FEW])


_ROWS: Final[tuple[tuple[str, Told], ...]] = (
    (N_("Organisation"), lambda page: [page["organisation"]]),
    (N_("Open now"), lambda page: [page["open_text"]]),
    (N_("Hours"), _hours),
    (N_("Where"), _where),
    (N_("For whom"), lambda page: [*page["open_to"], page["ages"]]),
    (N_("Who can come"), _short("eligibility_description")),
    (N_("What it costs"), lambda page: [page["cost_text"]]),
    (N_("Languages spoken"), lambda page: [", ".join(page["language_names"])]),
    (N_("What to bring"), lambda page: page["documents"]),
    (N_("How to ask"), _short("application_process")),
    (N_("How long to wait"), _short("wait_time")),
    (N_("Access"), lambda page: [words for place in page["places"] for words in place["access"]]),
    (N_("What it is"), _short("description")),
    (N_("Last checked"), lambda page: [page["freshness_text"]]),
)
