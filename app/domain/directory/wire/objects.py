"""From rows to public HSDS objects: the one mapping, for the export and for the public interface."""

from datetime import UTC, date, datetime
from typing import Any

from app.domain.directory.reading.fields import FIELDS, child_of
from app.domain.directory.rows import Parts, Record
from app.domain.directory.wire.shield import shielded

# HSDS has no fields for these; they stand in our profile and in SILENT of reading/fields.py.
PROFILE_FIELDS = ("language", "needs", "open_to", "verified_on", "verify_due", "contact_through", "page", "source", "overlap")
THROUGH = "network"


def public(kind: str, row: Record, parts: Parts, *, closed: bool = False, feed: Record | None = None) -> Record:
    """Return one object without nulls, its parts nested; ``closed`` leaves out every way to it, ``feed`` names its source.

    ``last_modified`` is for the caller: it hangs on what is nested.
    """
    made = parts.record(kind, row)
    made = shielded(kind, made) if closed else made
    return {**made, **_of_ours(row, closed, feed)} if kind == "service" else made


def _of_ours(row: Record, closed: bool, feed: Record | None) -> Record:
    found: Record = {
        "language": row["language"], "needs": row["needs"], "open_to": row["open_to"], "verified_on": _day(row["verified_on"]),
        "verify_due": _day(row["verify_due"]), "contact_through": THROUGH if closed else None, "page": f"/help/{row['ref']}",
        "source": source_of(feed), "overlap": None if closed else row["overlap"],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def source_of(feed: Record | None) -> Record | None:
    """Return whose listing it is and under which licence, as far as the source says it."""
    names = {"title": "title", "licence": "licence", "url": "source_url", "note": "note"}
    return {name: feed[column] for name, column in names.items() if feed[column]} if feed else None


def in_other_words(kind: str, made: Record, translations: dict[str, Record], closed: bool) -> dict[str, Record]:
    """Return the own fields of an object in each other language that has a text of its own."""
    found: dict[str, Record] = {}
    for language, texts in translations.items():
        known = {name: text for name, text in texts.items() if text and FIELDS[kind].get(name) in ("text", "name")}
        known = {name: text for name, text in shielded(kind, known).items() if text} if closed else known
        if known.get("name") or known.get("description"):
            own = own_fields(kind, made)
            found[language] = {**own, **known, **({"language": language} if "language" in own else {})}
    return found


def own_fields(kind: str, made: Record) -> Record:
    """Return the fields of an object itself, without its sub-objects."""
    return {name: value for name, value in made.items() if child_of(FIELDS[kind].get(name, "")) is None}


def own_parts(kind: str, made: Record) -> Record:
    """Return the sub-objects of an object."""
    return {name: value for name, value in made.items() if child_of(FIELDS[kind].get(name, "")) is not None}


def moment(milliseconds: int) -> str:
    """Return milliseconds since 1970 as HSDS writes moments."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _day(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else None
