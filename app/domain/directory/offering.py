"""A source says something else than a person put right or confirmed: both wait side by side, nothing is written over.

What was put right stays until somebody decides; what was confirmed stays while that check counts (``Service.verify_due``).
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.text import clean, one_line
from app.domain.directory.rows import PART_TABLES, TABLES, Rows
from app.models.listing_care import ListingSuggestion, Origin, SuggestionState

_SERVICE, _PHONE, _SCHEDULE = TABLES["service"], PART_TABLES["phone"], PART_TABLES["schedule"]
# Texts that a source may dispute: column of the service, and what it is called where it is decided.
TEXTS: Final = {
    "description": "about", "email": "email", "url": "website", "fees_description": "cost", "eligibility_description": "who",
    "application_process": "how",
}  # fmt: skip
# All that a person puts right or confirms, by its name in ``Service.corrected`` and ``Service.confirmed``.
FIELDS: Final = {"name": "name", "phones": "phone", "schedules": "hours", **TEXTS}
# What a list can take back so that somebody is asked: other texts are left out by lists for many reasons.
_TAKEN_BACK: Final = ("phone", "email")
MOST_OFFERED: Final = 1_000  # letters of hours, to be compared with what stands there
Known = dict[tuple[UUID, str], ListingSuggestion]


def offer(db: Session, moved: Iterable[tuple[Rows, frozenset[str]]]) -> None:
    """Keep what a source offers for fields that a person put right; what agrees with the person by now is asked no more."""
    disputed = [(rows, fixed & FIELDS.keys()) for rows, fixed in moved if fixed & FIELDS.keys()]
    if not disputed:
        return
    ids = [rows.main["id"] for rows, _fixed in disputed]
    stands, known = _as_it_stands(db, ids), _known(db, ids)
    corrected = {
        row.id: row.corrected or ()
        for row in db.execute(sa.select(_SERVICE.c.id, _SERVICE.c.corrected).where(_SERVICE.c.id.in_(ids)))
    }
    for rows, fixed in disputed:
        for column in sorted(fixed):
            if column in ("phones", "schedules") and (rows.main["id"], FIELDS[column]) not in stands and not _offered(rows, column):
                continue  # it is kept elsewhere: then the page as a whole is compared (see ask)
            put_right = column in corrected.get(rows.main["id"], ())  # then the list may never have had it
            _offer(db, rows.main["id"], FIELDS[column], stands, _offered(rows, column), known, gone=not put_right)
    db.flush()


def ask(db: Session, differing: Iterable[tuple[UUID, str, str, str]]) -> None:
    """Keep what sources say beside what somebody confirmed: (service, field, as it stands, what they say)."""
    several = list(differing)
    known = _known(db, [key for key, *_rest in several]) if several else {}
    for key, field, stands, says in several:
        _offer(db, key, field, {(key, field): stands}, says[:MOST_OFFERED], known, gone=True)
    if several:
        db.flush()


def _known(db: Session, ids: list[UUID]) -> Known:
    wanted = select(ListingSuggestion).where(
        col(ListingSuggestion.service_id).in_(ids), ListingSuggestion.origin == Origin.LIST
    )  # fmt: skip
    return {(row.service_id, row.field): row for row in db.exec(wanted.order_by(col(ListingSuggestion.id)))}


def _as_it_stands(db: Session, ids: list[UUID]) -> dict[tuple[UUID, str], str]:
    """Return texts, first number and hours in words by listing and field; three statements."""
    columns = {"name": "name", **TEXTS}
    own = sa.select(_SERVICE.c.id, *(_SERVICE.c[column] for column in columns)).where(_SERVICE.c.id.in_(ids))
    found = {(row.id, name): row._mapping[column] or "" for row in db.execute(own) for column, name in columns.items()}
    for field, table, column in (("phone", _PHONE, _PHONE.c.number), ("hours", _SCHEDULE, _SCHEDULE.c.description)):
        query = sa.select(table.c.service_id, column.label("text")).where(table.c.service_id.in_(ids)).order_by(table.c.position)
        for row in db.execute(query):
            found.setdefault((row.service_id, field), row.text or "")
    return found


def _offered(rows: Rows, column: str) -> str:
    if column == "name":
        return one_line(rows.main["name"])
    if column in TEXTS:
        return str(rows.main[column] or "")
    kind = "phone" if column == "phones" else "schedule"
    own = [part for part in rows.parts.get(kind, ()) if part["service_id"] == rows.main["id"]]
    if column == "phones":
        return one_line(own[0]["number"]) if own else ""
    return clean("\n".join(dict.fromkeys(filter(None, map(_hours, own)))))[:MOST_OFFERED]


def _hours(part: dict[str, Any]) -> str:
    times = "–".join(part[name] for name in ("opens_at", "closes_at") if part[name])
    return part["description"] or " ".join(filter(None, (part["byday"], times)))


def _offer(
    db: Session, service_id: UUID, field: str, stands: dict[tuple[UUID, str], str], offered: str, known: Known, *, gone: bool
) -> None:  # fmt: skip
    """Keep one question; ``gone``: that a list says nothing (any more) is one too, for what leads to people."""
    now_stands, before = stands.get((service_id, field), ""), known.get((service_id, field))
    waits = before is not None and before.state == SuggestionState.WAITING
    if offered == now_stands or (not offered and not (gone and field in _TAKEN_BACK)):
        if before is not None and waits:
            db.delete(before)
        return
    if before is not None and before.offered == offered:
        return  # it waits, or somebody decided about this very value
    if before is not None and waits:
        before.offered, before.current, before.sent_on, before.rest_until = offered, now_stands, now().date(), None
        db.add(before)
        return
    db.add(ListingSuggestion(
        service_id=service_id, field=field, current=now_stands, offered=offered, origin=Origin.LIST, sent_on=now().date()
    ))  # fmt: skip
