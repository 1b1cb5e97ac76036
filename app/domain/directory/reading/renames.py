"""What HSDS 1.1 and 2.0 called things that are named otherwise in 3.x: tables, columns, weekdays."""

from collections.abc import Callable

from app.core.i18n import _
from app.domain.directory.reading.cleaning import text_of
from app.domain.directory.reading.shapes import Record

# name of a file or resource -> object of HSDS 3.x (or one of the old tables that need more than a rename)
TABLES: dict[str, str] = {
    "organization": "organization", "organizations": "organization",
    "program": "program", "programs": "program",
    "service": "service", "services": "service",
    "location": "location", "locations": "location",
    "service_at_location": "service_at_location", "service_at_locations": "service_at_location",
    "services_at_location": "service_at_location", "services_at_locations": "service_at_location",
    "phone": "phone", "phones": "phone",
    "contact": "contact", "contacts": "contact",
    "address": "address", "addresses": "address",
    "physical_address": "physical_address", "physical_addresses": "physical_address",
    "postal_address": "postal_address", "postal_addresses": "postal_address",
    "schedule": "schedule", "schedules": "schedule",
    "regular_schedule": "regular_schedule", "regular_schedules": "regular_schedule",
    "holiday_schedule": "holiday_schedule", "holiday_schedules": "holiday_schedule",
    "funding": "funding", "fundings": "funding",
    "eligibility": "eligibility", "eligibilities": "eligibility", "eligibilitys": "eligibility",
    "service_area": "service_area", "service_areas": "service_area",
    "required_document": "required_document", "required_documents": "required_document",
    "payment_accepted": "payment", "payments_accepted": "payment", "payment_accepteds": "payment",
    "cost_option": "cost_option", "cost_options": "cost_option",
    "language": "language", "languages": "language",
    "accessibility": "accessibility", "accessibility_for_disabilities": "accessibility",
    "taxonomy": "taxonomy", "taxonomies": "taxonomy", "taxonomys": "taxonomy",
    "taxonomy_term": "taxonomy_term", "taxonomy_terms": "taxonomy_term", "terms": "taxonomy_term",
    "attribute": "attribute", "attributes": "attribute",
    "link_taxonomy": "attribute", "link_taxonomies": "attribute",
    "service_attribute": "service_taxonomy", "service_attributes": "service_taxonomy",
    "service_taxonomy": "service_taxonomy", "service_taxonomies": "service_taxonomy",
    "services_taxonomy": "service_taxonomy", "services_taxonomies": "service_taxonomy",
    "other_attribute": "attribute", "other_attributes": "attribute",
    "organization_identifier": "organization_identifier", "organization_identifiers": "organization_identifier",
    "service_capacity": "service_capacity", "service_capacities": "service_capacity",
    "unit": "unit", "units": "unit",
    "url": "url", "urls": "url",
}  # fmt: skip
# Tables that say something about the data, not about services; they are left out without a word.
IGNORED = frozenset({"metadata", "meta_table_description", "meta_table_descriptions"})

# A folder with one of these is older than 3.0; with one of the second group it is 1.1.
BEFORE_3 = frozenset({"physical_address", "postal_address", "regular_schedule", "holiday_schedule", "eligibility",
                      "payment", "service_taxonomy"})  # fmt: skip
ONLY_1 = frozenset({"regular_schedule", "holiday_schedule"})

# table -> {old column: new column}
COLUMNS: dict[str, dict[str, str]] = {
    "organization": {"url": "website"},
    "language": {"language": "name"},
    "service_area": {"service_area": "name"},
    "accessibility": {"accessibility": "description"},
    "taxonomy": {"vocabulary": "name"},
    "taxonomy_term": {"term": "name", "vocabulary": "taxonomy"},
    "service_taxonomy": {"taxonomy_id": "taxonomy_term_id", "taxonomy_detail": "value"},
    "attribute": {"taxonomy_id": "taxonomy_term_id", "link_type": "link_entity"},
    "payment": {"payment": "option"},
    "schedule": {"start_date": "valid_from", "end_date": "valid_to"},
    "holiday_schedule": {"start_date": "valid_from", "end_date": "valid_to"},
}

# old table -> the object it becomes
BECOMES = {
    "physical_address": "address", "postal_address": "address", "regular_schedule": "schedule",
    "holiday_schedule": "schedule", "payment": "cost_option", "service_taxonomy": "attribute",
}  # fmt: skip

_WEEKDAYS = {
    name: short
    for short, names in {
        "MO": "monday mon mo 1", "TU": "tuesday tue tues tu 2", "WE": "wednesday wed we 3",
        "TH": "thursday thu thur thurs th 4", "FR": "friday fri fr 5", "SA": "saturday sat sa 6", "SU": "sunday sun su 7",
    }.items()
    for name in names.split()
}  # fmt: skip


def renamed(table: str, row: Record) -> tuple[str, Record]:
    """Return (object of 3.x, row with the columns of 3.x) for a row of any version."""
    columns = COLUMNS.get(table, {})
    new = dict(row)
    for old, name in columns.items():
        if old in new and name not in new:
            new[name] = new.pop(old)
    if table == "taxonomy" and ("parent_id" in row or "parent_name" in row or "vocabulary" in row):
        # Until 2.0, the table called taxonomy holds the terms.
        return renamed("taxonomy_term", row)
    if table in _MORE:
        new = _MORE[table](new)
    return BECOMES.get(table, table), new


def _physical(row: Record) -> Record:
    return {"address_type": "physical", **row}


def _postal(row: Record) -> Record:
    return {"address_type": "postal", **row}


def _regular(row: Record) -> Record:
    day = _WEEKDAYS.get((text_of(row.get("weekday")) or "").casefold())
    if day is None:
        return {"description": text_of(row.get("weekday")), **row}
    return {"freq": "WEEKLY", "byday": day, **row}


def _holiday(row: Record) -> Record:
    if (text_of(row.get("closed")) or "").casefold() in ("true", "1", "yes", "t"):
        return {"description": _("Closed"), **row}
    return row


_MORE: dict[str, Callable[[Record], Record]] = {
    "physical_address": _physical,
    "postal_address": _postal,
    "regular_schedule": _regular,
    "holiday_schedule": _holiday,
}
