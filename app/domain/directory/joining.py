"""One listing stands for several that people found to be the same: field by field the fresher, while the rows stay as they came.

Nothing is moved or written over when listings are merged: each source goes on keeping its own rows, and what people see of the
one that stands is put together from all of them, each time. So taking a merge back leaves everything exactly as it would be.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.directory.rows import TABLES, Record, Sources
from app.domain.directory.zones import km_between

SERVICE = TABLES["service"]
SAME_PLACE_KM = 0.15
_TEXTS = (
    "description", "alternate_name", "fees_description", "fees", "application_process", "wait_time", "interpretation_services",
    "eligibility_description", "alert", "accreditations", "licenses",
)  # fmt: skip
_TOGETHER = (("url",), ("email",), ("minimum_age", "maximum_age"))  # what only makes sense from one and the same source
_CHECKED = ("verified_on", "verified_by_role", "verify_method", "verify_due")
SHOWN_INSTEAD = ("status", *_TEXTS, "minimum_age", "maximum_age", "needs", "open_to", *_CHECKED)


@dataclass(slots=True)
class Groups:
    """Services by the one that stands for them; ``sources`` only of those that stand for more than themselves."""

    rows: list[Record]  # one for each group, put together
    merged: list[Record]  # the rows of those that another one stands for
    sources: dict[UUID, Sources] = field(default_factory=dict)


def groups(rows: list[Record]) -> Groups:
    """Put the rows of whole groups together (see ``everything_of``). What has ended adds nothing to the one that stands."""
    above = {row["id"]: row["merged_into"] for row in rows}

    def top(key: UUID) -> UUID:
        while above.get(key) in above:
            key = above[key]
        return key

    members: dict[UUID, list[Record]] = defaultdict(list)
    for row in rows:
        if row["merged_into"] is None or row["merged_into"] in above:
            members[top(row["id"])].append(row)
    made = Groups([], [row for row in rows if row["merged_into"] is not None])
    for row in rows:
        if row["merged_into"] is not None:
            continue
        several = [one for one in members[row["id"]] if one is row or one["defunct_on"] is None]
        if len(several) == 1:
            made.rows.append(row)
            continue
        ordered = sorted(several, key=lambda one: (one["verified_on"] or date.min, one["imported_on"], one is row), reverse=True)
        made.rows.append(_joined(row, ordered))
        put_right = {name: one["id"] for one in reversed(ordered) for name in one["corrected"] or ()}
        made.sources[row["id"]] = Sources([one["id"] for one in ordered], put_right)
    return made


def _joined(stands: Record, ordered: list[Record]) -> Record:
    """Return the row that people see: the name is that of the one that stands, everything else the freshest's that says it."""
    made = dict(stands)
    readable = [row for row in ordered if row["language"] == stands["language"]]  # one text, one language
    for names, rows in (*(((name,), readable) for name in _TEXTS), *((names, ordered) for names in _TOGETHER)):
        put_right = [row for row in rows if set(names) & set(row["corrected"] or ())]
        source = next((row for row in put_right or rows if any(row[name] not in (None, "") for name in names)), stands)
        made |= {name: source[name] for name in names}
    made |= {name: list(dict.fromkeys(one for row in ordered for one in row[name] or ())) for name in ("needs", "open_to")}
    made["status"] = next((row for row in ordered if "status" in (row["corrected"] or ())), ordered[0])["status"]
    made["corrected"] = sorted({name for row in ordered for name in row["corrected"] or ()})
    made |= {name: any(row[name] for row in ordered) for name in ("protected", "short_term")}
    return {**made, **{name: ordered[0][name] for name in _CHECKED}}


def instead(row: Record) -> Record:
    """Return what the page of a listing that stands for several says in place of its own row; dates as ISO days."""
    return {name: value.isoformat() if isinstance(value := row[name], date) else value for name in SHOWN_INSTEAD}


def as_dates(told: Mapping[str, Any]) -> Record:
    """Return what ``instead`` wrote, with dates."""
    days = ("verified_on", "verify_due")
    return {name: date.fromisoformat(value) if name in days and value else value for name, value in told.items()}


def without_repeated(links: list[Record], order: list[UUID]) -> list[Record]:
    """Return the places of a group, the same place once: that of the freshest source, with its hours.

    ``links`` have service_id, and latitude, longitude and area_id of their place.
    """
    kept: list[Record] = []
    for source in order:
        own = [link for link in links if link["service_id"] == source]
        kept += [link for link in own if not any(_same_place(link, one) for one in kept if one["service_id"] != source)]
    return kept


def _same_place(a: Record, b: Record) -> bool:
    if a["latitude"] is None or b["latitude"] is None:
        return a["area_id"] is not None and a["area_id"] == b["area_id"]
    return km_between((a["latitude"], a["longitude"]), (b["latitude"], b["longitude"])) <= SAME_PLACE_KM


def not_fresher(edge: date) -> sa.ColumnElement[bool]:
    """Return the condition that no other source of a listing that stands for several was confirmed until ``edge`` or later."""
    other = SERVICE.alias("other")
    return sa.not_(sa.exists().where(other.c.merged_into == SERVICE.c.id, other.c.verify_due >= edge, other.c.defunct_on.is_(None)))
