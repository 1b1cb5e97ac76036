"""JSON schemas of the objects on the wire, made from the table of fields that the importer reads by."""

from typing import Any

from app.domain.directory.needs import all_needs
from app.domain.directory.reading.fields import FIELDS, REQUIRED, child_of
from app.domain.directory.wire.objects import PROFILE_FIELDS, THROUGH

Schema = dict[str, Any]
_ID: Schema = {"type": "string", "format": "uuid"}
_DAY: Schema = {"type": "string", "format": "date"}
_PLAIN: dict[str, Schema] = {
    "text": {"type": "string"}, "name": {"type": "string"}, "url": {"type": "string", "format": "uri"},
    "email": {"type": "string", "format": "email"}, "number": {"type": "number"}, "place": {"type": "number"}, "date": _DAY,
    "moment": {"type": "string", "format": "date-time"}, "time": {"type": "string"}, "id": _ID,
    "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
}  # fmt: skip
# A sub-object that has no table of its own names what it hangs on.
_HANGS_ON = ("location_id", "service_id", "organization_id", "contact_id", "phone_id", "service_at_location_id", "link_id")
# What stands in an object besides its parts: name -> (object, is a list).
_NESTED: dict[str, dict[str, tuple[str, bool]]] = {
    "service": {"organization": ("organization", False), "program": ("program", False),
                "service_at_locations": ("service_at_location", True)},
    "organization": {"services": ("service", True), "locations": ("location", True), "programs": ("program", True)},
    "service_at_location": {"location": ("location", False), "service": ("service", False)},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", False)},
    "attribute": {"taxonomy_term": ("taxonomy_term", False)},
}  # fmt: skip
_REQUIRED = {**REQUIRED, "service_at_location": ()}


def reference(name: str) -> Schema:
    """Return the reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def _of_type(type_: str) -> Schema:
    if type_.startswith("word:"):
        return {"type": "string", "enum": type_.removeprefix("word:").split("|")}
    child = child_of(type_)
    if child is None:
        return dict(_PLAIN[type_])
    return {"type": "array", "items": reference(child[0])} if child[1] else reference(child[0])


def _object(kind: str) -> Schema:
    properties = {"id": _ID, **{name: _of_type(type_) for name, type_ in FIELDS[kind].items()}}
    for name, (other, many) in _NESTED.get(kind, {}).items():
        properties[name] = {"type": "array", "items": reference(other)} if many else reference(other)
    if kind not in _NESTED or kind == "attribute":
        properties |= {name: _ID for name in _HANGS_ON if name not in properties}
    if kind == "service":
        properties |= profile_fields()
    return {"type": "object", "required": ["id", *_REQUIRED.get(kind, ())], "properties": properties}


def profile_fields() -> dict[str, Schema]:
    """Return the fields of a service that HSDS does not have."""
    found: dict[str, Schema] = {
        "language": {"type": "string", "description": "In which language the texts of this answer are."},
        "needs": {"type": "array", "items": {"type": "string", "enum": [need.id for need in all_needs()]},
                  "description": "For which needs it is, in our own few categories."},
        "open_to": {"type": "array", "items": {"type": "string"},
                    "description": "For whom: anyone, women, came_back (people who came back), without_papers (no papers needed), "
                    "with_children (children may come along)."},
        "verified_on": {**_DAY, "description": "When somebody of the network last checked it; left out where nobody has."},
        "verify_due": {**_DAY, "description": "Until when that check, or the first import, counts."},
        "contact_through": {"type": "string", "enum": [THROUGH],
                            "description": "This service is protected: its place, numbers and hours are given to nobody. "
                            "People reach it through a coordinator of the network, from the page named in page."},
        "page": {"type": "string", "format": "uri-reference", "description": "Its page for people, on the same host."},
        "source": {"type": "object", "properties": {name: {"type": "string"} for name in ("title", "licence", "url", "note")},
                   "description": "Whose listing it is, and under which licence; a note may say that it is old."},
        "overlap": {"type": "object", "properties": {"on": _DAY, "found": {"type": "array", "items": {"type": "string"}},
                    "different": {"type": "string"}},
                    "description": "When it was published: the pages of what was here for the same need, and what is different."},
    }  # fmt: skip
    return {name: found[name] for name in PROFILE_FIELDS}


def objects() -> dict[str, Schema]:
    """Return the schema of every object, by the name that HSDS gives it."""
    return {kind: _object(kind) for kind in FIELDS}


def page_of(kind: str) -> Schema:
    """Return the schema of a page."""
    return {"allOf": [reference("Page")], "type": "object", "required": ["contents"],
            "properties": {"contents": {"type": "array", "items": reference(kind)}}}  # fmt: skip


def page() -> Schema:
    """Return what every page says of itself."""
    numbers = {name: {"type": "integer", "minimum": 0} for name in ("total_items", "total_pages", "page_number", "size")}
    flags = {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    return {"type": "object", "required": [*numbers, *flags], "properties": {**numbers, **flags}}


def problem() -> Schema:
    """Return the schema of a mistake (RFC 9457)."""
    texts = {name: {"type": "string"} for name in ("type", "title", "detail")}
    return {"type": "object", "required": ["title", "status"], "properties": {**texts, "status": {"type": "integer"}}}
