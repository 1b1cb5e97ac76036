"""What goes back to a partner of its own protected listing: nothing that leads to the door, so that no key gives it away."""

from typing import Any, Final

import sqlalchemy as sa

from app.domain.directory.protecting import is_protected
from app.domain.directory.rows import Record
from app.domain.directory.wire.shield import closed_organizations, shielded
from app.models.partners import PartnerRecord

_WITHOUT: Final = frozenset({"service_at_locations", "locations", "organization", "program", "translations"})


def object_of(connection: sa.Connection, record: PartnerRecord, row: Any) -> Record:
    """Return the object as it was taken; of one that is protected, here or by its words, only what everybody may know.

    ``row`` is its standing (queries.shown).
    """
    kind = "service" if record.kind == "service" else "organization"
    if not (row.protected or _speaks_of_one(record.content) or _belongs_to_one(connection, kind, record)):
        return record.content
    kept = shielded(kind, {name: value for name, value in record.content.items() if name not in _WITHOUT})
    for name in ("organization", "program"):
        if inner := record.content.get(name):
            kept[name] = {field: inner[field] for field in ("id", "name") if field in inner}
    names = {code: {"name": texts["name"]} for code, texts in record.content.get("translations", {}).items() if texts.get("name")}
    return {**kept, **({"translations": names} if names else {})}


def _speaks_of_one(data: Record) -> bool:
    """Judge by the words what is not in the directory yet, or no more."""
    labels = [one.get("label", "") for one in data.get("attributes", [])]
    names = [str(texts.get("name", "")) for texts in data.get("translations", {}).values()]
    return is_protected(data.get("name", ""), [*labels, data.get("alternate_name", ""), *names])


def _belongs_to_one(connection: sa.Connection, kind: str, record: PartnerRecord) -> bool:
    return kind == "organization" and record.object_id in closed_organizations(connection, [record.object_id])
