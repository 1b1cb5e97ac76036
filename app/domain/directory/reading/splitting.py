"""Nested HSDS JSON taken apart: a service with everything in it becomes organization, locations, service and links."""

from collections.abc import Iterator
from typing import Any

from app.domain.directory.reading.objects import id_of
from app.domain.directory.reading.shapes import Kind, Place, Raw, Record

HINTS: dict[str, Kind] = {
    "services": "service", "service": "service", "organizations": "organization", "organization": "organization",
    "locations": "location", "location": "location", "service_at_locations": "service_at_location",
    "service_at_location": "service_at_location", "taxonomies": "taxonomy", "taxonomy": "taxonomy",
    "taxonomy_terms": "taxonomy_term", "taxonomy_term": "taxonomy_term", "programs": "program", "program": "program",
}  # fmt: skip
# Fields that only one kind has, most telling first.
_SIGNS: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("location", frozenset({"location_type", "addresses", "latitude"})),
    ("taxonomy_term", frozenset({"taxonomy", "taxonomy_detail", "taxonomy_id", "term_uri"})),
    ("service", frozenset({"status", "service_at_locations", "program_id", "application_process"})),
    ("service_at_location", frozenset({"location_id", "location", "service", "service_id"})),
    ("organization", frozenset({"website", "services", "locations", "programs", "legal_status", "tax_status",
                                "organization_identifiers", "year_incorporated", "parent_organization_id"})),
    ("taxonomy", frozenset({"version"})),
)  # fmt: skip


def kind_of(record: Record, hint: str | None) -> Kind:
    """Tell what a JSON object is: from the name of the file or list it stood in, else from its fields."""
    if hint in HINTS:
        return HINTS[hint]
    keys = record.keys()
    return next((kind for kind, signs in _SIGNS if keys & signs), "service")


def split(kind: Kind, record: Record, place: Place, *, shared: bool = False) -> Iterator[Raw]:
    """Yield the objects inside ``record`` and itself, each after those it points to; links are filled in."""
    record = dict(record)
    for term in _terms(record):
        yield from _term(term, place)
    if kind == "service":
        yield from _service(record, place, shared)
    elif kind == "organization":
        yield from _organization(record, place, shared)
    elif kind == "service_at_location":
        yield from _link(record, place, shared)
    elif kind == "taxonomy_term":
        yield from _term(record, place, shared=shared)
    else:
        yield Raw(kind, record, place, shared)


def _service(record: Record, place: Place, shared: bool) -> Iterator[Raw]:
    yield from _pointed(record, "organization", "organization_id", "organization", place)
    yield from _pointed(record, "program", "program_id", "program", place)
    links = _dicts(record.pop("service_at_locations", None))
    yield Raw("service", record, place, shared)
    for link in links:
        yield from _link({**link, "service_id": record.get("id")}, place, True)


def _organization(record: Record, place: Place, shared: bool) -> Iterator[Raw]:
    inside = {name: _dicts(record.pop(name, None)) for name in ("locations", "programs", "services")}
    yield Raw("organization", record, place, shared)
    mine = {"organization_id": record.get("id")}
    for kind, name in (("program", "programs"), ("location", "locations"), ("service", "services")):
        for part in inside[name]:
            yield from split(HINTS[kind], {**part, **mine}, place, shared=True)


def _link(record: Record, place: Place, shared: bool) -> Iterator[Raw]:
    record = dict(record)
    yield from _pointed(record, "service", "service_id", "service", place)
    yield from _pointed(record, "location", "location_id", "location", place)
    yield Raw("service_at_location", record, place, shared)


def _pointed(record: Record, name: str, id_name: str, kind: Kind, place: Place) -> Iterator[Raw]:
    """Take a nested object out of ``record``, leaving its id; yield what is in it."""
    inner = record.pop(name, None)
    if isinstance(inner, dict):
        if id_of(inner.get("id")) is not None:
            record[id_name] = inner["id"]
        yield from split(kind, inner, place, shared=True)


def _term(record: Record, place: Place, *, shared: bool = True) -> Iterator[Raw]:
    record = dict(record)
    # The 3.0 examples write taxonomy_details, the schemas taxonomy_detail.
    detail = record.pop("taxonomy_detail", None) or record.pop("taxonomy_details", None)
    if isinstance(detail, dict):
        record.setdefault("taxonomy_id", detail.get("id"))
        yield Raw("taxonomy", detail, place, True)
    yield Raw("taxonomy_term", record, place, shared)


def _terms(record: Record) -> list[Record]:
    """Return the terms in the attributes of a record; each attribute keeps the id and, as label, the name."""
    terms: list[Record] = []
    attributes = []
    for attribute in _dicts(record.get("attributes")):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict):
            terms.append(term)
            label = attribute.get("label") or term.get("name")
            attribute = {**attribute, "taxonomy_term_id": term.get("id"), "label": label}
        attributes.append(attribute)
    if attributes:
        record["attributes"] = attributes
    return terms


def _dicts(value: Any) -> list[Record]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
