"""One listing stands for several that people found to be the same: field by field the fresher, while the rows stay as they came.

What a person checked comes first while that check counts; then what was checked last.

Nothing is moved or written over when listings are merged: each source goes on keeping its own rows, and what people see of the
one that stands is put together from all of them, each time. So taking a merge back leaves everything exactly as it would be.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.text import fold
from app.domain.directory.rows import PART_TABLES, TABLES, Record, Sources
from app.domain.directory.zones import km_between

SERVICE = TABLES["service"]
_COST, _ADDRESS = PART_TABLES["cost_option"], PART_TABLES["address"]
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_PRICED = sa.select(_COST.c.owner_id).where(_COST.c.owner_id.in_(_IDS))
_STREETS = sa.select(_ADDRESS.c.location_id, _ADDRESS.c.address_1).where(_ADDRESS.c.location_id.in_(_IDS)).order_by(
    _ADDRESS.c.position.desc(), _ADDRESS.c.id
)  # fmt: skip
SAME_PLACE_KM = 0.15
_TEXTS = (
    "description", "alternate_name", "application_process", "wait_time", "interpretation_services", "alert", "accreditations",
    "licenses",
)  # fmt: skip
_PRICE, _AGES = ("fees_description", "fees"), ("minimum_age", "maximum_age")
_FOR_WHOM = ("eligibility_description",)
_CHECKED = ("verified_on", "verified_by_role", "verify_method", "verify_due")
SHOWN_INSTEAD = ("status", *_TEXTS, *_PRICE, *_FOR_WHOM, *_AGES, "needs", "open_to", *_CHECKED)


@dataclass(slots=True)
class Groups:
    """Services by the one that stands for them; ``sources`` only of those that stand for more than themselves."""

    rows: list[Record]  # one for each group, put together
    merged: list[Record]  # the rows of those that another one stands for
    sources: dict[UUID, Sources] = field(default_factory=dict)


def groups(connection: sa.Connection, rows: list[Record]) -> Groups:
    """Put the rows of whole groups together (see standing). What has ended adds nothing to the one that stands."""
    members: dict[UUID, list[Record]] = defaultdict(list)
    for row in rows:
        members[row["merged_into"] or row["id"]].append(row)
    several_of = [row["id"] for found in members.values() if len(found) > 1 for row in found]
    priced = set(connection.execute(_PRICED, {"ids": several_of}).scalars()) if several_of else set()
    made = Groups([], [row for row in rows if row["merged_into"] is not None])
    for row in rows:
        if row["merged_into"] is not None:
            continue
        several = [one for one in members[row["id"]] if one is row or one["defunct_on"] is None]
        if len(several) == 1:
            made.rows.append(row)
            continue
        ordered = sorted(several, key=lambda one: (*_believed(one), one is row), reverse=True)
        price = _price(row, ordered, priced)
        made.rows.append(_joined(row, ordered, price))
        alone = {name: one["id"] for one in reversed(ordered) for name in one["corrected"] or ()}
        made.sources[row["id"]] = Sources([one["id"] for one in ordered], {**alone, "cost_options": price["id"]})
    return made


def _believed(row: Record) -> tuple[bool, date, date]:
    """Return by what sources are ordered: what a person checked is not written over by a list while that check counts."""
    by_person = row["verified_by_role"] not in (None, "partner") and row["verify_due"] >= now().date()
    return by_person, row["verified_on"] or date.min, row["imported_on"]


def _price(stands: Record, ordered: list[Record], priced: set[UUID]) -> Record:
    """Return the source whose prices are told, all of them: "free" from one and an amount from another contradict each other."""
    said = (row for row in ordered if row["id"] in priced or (row["language"] == stands["language"] and _says(row, _PRICE)))
    return next(said, stands)


def _says(row: Record, names: tuple[str, ...]) -> bool:
    return any(row[name] not in (None, "") for name in names)


def _joined(stands: Record, ordered: list[Record], price: Record) -> Record:
    """Return the row that people see: the name is that of the one that stands, everything else the first's that says it."""
    made = dict(stands)
    readable = [row for row in ordered if row["language"] == stands["language"]]  # one text, one language
    # What only makes sense from one and the same source is taken together: ages with the words about them.
    for names, rows in (*(((name,), readable) for name in _TEXTS), (("url",), ordered), (("email",), ordered)):
        put_right = [row for row in rows if set(names) & set(row["corrected"] or ())]
        source = next((row for row in put_right or rows if _says(row, names)), stands)
        made |= {name: source[name] for name in names}
    people = next((row for row in (*readable, *ordered) if _says(row, (*_FOR_WHOM, *_AGES))), stands)
    made |= {name: people[name] for name in _AGES}
    told = [*((name, people) for name in _FOR_WHOM), *((name, price) for name in _PRICE)]
    made |= {name: source[name] if source["language"] == stands["language"] else None for name, source in told}
    made["also_called"] = [row["name"] for row in ordered if row is not stands]
    made |= {name: list(dict.fromkeys(one for row in ordered for one in row[name] or ())) for name in ("needs", "open_to")}
    made["status"] = next((row for row in ordered if "status" in (row["corrected"] or ())), ordered[0])["status"]
    made["corrected"] = sorted({name for row in ordered for name in row["corrected"] or ()})
    made |= {name: any(row[name] for row in ordered) for name in ("protected", "short_term")}
    return {**made, **{name: ordered[0][name] for name in (*_CHECKED, "confirmed", "told")}}


def instead(row: Record) -> Record:
    """Return what the page of a listing that stands for several says in place of its own row; dates as ISO days."""
    return {name: value.isoformat() if isinstance(value := row[name], date) else value for name in SHOWN_INSTEAD}


def as_dates(told: Mapping[str, Any]) -> Record:
    """Return what ``instead`` wrote, with dates."""
    days = ("verified_on", "verify_due")
    return {name: date.fromisoformat(value) if name in days and value else value for name, value in told.items()}


def in_other_words(stands: Record, sources: list[Record], texts: Mapping[UUID, list[Record]]) -> list[Record]:
    """Return the texts of a listing in other languages, each language once: its own translations, then what the others say."""
    found: dict[str, Record] = {text["language"]: text for text in texts.get(stands["id"], ())}
    for row in sources:
        own = {"language": row["language"], "name": row["name"], "description": row["description"], "texts": {}}
        for text in (own, *texts.get(row["id"], ())):
            found.setdefault(text["language"], text)
    found.pop(stands["language"], None)
    return list(found.values())


def streets(connection: sa.Connection, places: Iterable[UUID]) -> dict[UUID, str]:
    """Return street and number of places that have any, to be compared."""
    rows = connection.execute(_STREETS, {"ids": list(places)})
    return {row.location_id: fold(row.address_1).strip() for row in rows if row.address_1}


def without_repeated(links: list[Record], order: list[UUID]) -> list[Record]:
    """Return the places of a group, the same place once: that of the freshest source, with its hours.

    Where one of two says more (a street, a point), that one stays. ``links`` have service_id, and latitude, longitude, area_id and
    street of their place.
    """
    kept: list[Record] = []
    for source in order:
        others = len(kept)
        for link in (one for one in links if one["service_id"] == source):
            twin = next((n for n, one in enumerate(kept[:others]) if _same_place(link, one)), None)
            if twin is None:
                kept.append(link)
            elif _told_of(link) > _told_of(kept[twin]):
                kept[twin] = link
    return kept


def _told_of(link: Record) -> int:
    return bool(link["street"]) + (link["latitude"] is not None)


def _same_place(a: Record, b: Record) -> bool:
    if a["latitude"] is not None and b["latitude"] is not None:
        return km_between((a["latitude"], a["longitude"]), (b["latitude"], b["longitude"])) <= SAME_PLACE_KM
    if a["street"] and b["street"] and a["street"] != b["street"]:
        return False
    return a["area_id"] is not None and a["area_id"] == b["area_id"]


def not_fresher(edge: date) -> sa.ColumnElement[bool]:
    """Return the condition that no other source of a listing that stands for several was confirmed until ``edge`` or later."""
    other = SERVICE.alias("other")
    return sa.not_(sa.exists().where(other.c.merged_into == SERVICE.c.id, other.c.verify_due >= edge, other.c.defunct_on.is_(None)))
