"""The objects of HSDS 3.1: which fields each has, of which type, which are required, what nests in what.

Written after the JSON schemas of the standard (Open Referral, CC BY-SA 4.0); a test compares the two.
"""

# Types of value: text, name (short text on one line), url, email, number, place (a coordinate), date, moment,
# time, country, id (of another object), word:a|b|c (a closed list).
_LINKS = "attributes=[attribute]"


def _table(spec: str) -> dict[str, str]:
    """Read "field other=type …" into {field: type}; a bare field is text."""
    pairs = (word.partition("=") for word in spec.split())
    return {name: kind.replace("_", " ") if kind.startswith("word:") else kind or "text" for name, _eq, kind in pairs}


_KIND = "word:physical|postal|virtual"

FIELDS: dict[str, dict[str, str]] = {
    "accessibility": _table(f"description details url=url {_LINKS}"),
    "address": _table(
        "attention address_1 address_2 city region state_province postal_code country=country "
        f"address_type={_KIND} {_LINKS}"
    ),
    "attribute": _table("link_type link_entity value label taxonomy_term_id=id"),
    "contact": _table(f"name=name title=name department=name email=email phones=[phone] {_LINKS}"),
    "cost_option": _table(f"valid_from=date valid_to=date option currency amount=number amount_description {_LINKS}"),
    "funding": _table(f"source {_LINKS}"),
    "language": _table(f"name=name code note {_LINKS}"),
    "location": _table(
        f"location_type={_KIND} url=url organization_id=id name=name alternate_name=name description transportation "
        f"latitude=place longitude=place external_identifier external_identifier_type languages=[language] "
        f"addresses=[address] contacts=[contact] accessibility=[accessibility] phones=[phone] schedules=[schedule] {_LINKS}"
    ),
    "organization": _table(
        f"name=name alternate_name=name description email=email website=url additional_websites=[url] tax_status tax_id "
        f"year_incorporated=number legal_status logo=url uri=url parent_organization_id=id funding=[funding] "
        f"contacts=[contact] phones=[phone] organization_identifiers=[organization_identifier] {_LINKS}"
    ),
    "organization_identifier": _table(f"identifier_scheme identifier_type identifier {_LINKS}"),
    "phone": _table(f"number extension=number type description languages=[language] {_LINKS}"),
    "program": _table(f"organization_id=id name=name alternate_name=name description {_LINKS}"),
    "required_document": _table(f"document uri=url {_LINKS}"),
    "schedule": _table(
        "valid_from=date valid_to=date dtstart=date timezone=number until=date count=number "
        "wkst=word:MO|TU|WE|TH|FR|SA|SU freq=word:WEEKLY|MONTHLY interval=number byday byweekno bymonthday byyearday "
        f"description opens_at=time closes_at=time schedule_link=url attending_type notes {_LINKS}"
    ),
    "service": _table(
        "organization_id=id program_id=id name=name alternate_name=name description url=url additional_urls=[url] "
        "email=email status=word:active|inactive|defunct|temporarily_closed interpretation_services application_process "
        "fees_description wait_time fees accreditations eligibility_description minimum_age=number maximum_age=number "
        "assured_date=date assurer_email=email licenses alert last_modified=moment phones=[phone] schedules=[schedule] "
        "service_areas=[service_area] languages=[language] funding=[funding] cost_options=[cost_option] "
        f"required_documents=[required_document] contacts=[contact] capacities=[service_capacity] {_LINKS}"
    ),
    "service_area": _table(f"name description extent extent_type uri {_LINKS}"),
    "service_at_location": _table(
        "service_id=id location_id=id description service_areas=[service_area] contacts=[contact] phones=[phone] "
        f"schedules=[schedule] {_LINKS}"
    ),
    "service_capacity": _table(f"unit={{unit}} available=number maximum=number description updated=moment {_LINKS}"),
    "taxonomy": _table("name=name description uri=url version"),
    "taxonomy_term": _table("code name=name description parent_id=id taxonomy language taxonomy_id=id term_uri=url"),
    "unit": _table(f"name=name scheme identifier uri=url {_LINKS}"),
    "url": _table(f"label url=url {_LINKS}"),
}  # fmt: skip

REQUIRED: dict[str, tuple[str, ...]] = {
    "service": ("name", "status"),
    "organization": ("name", "description"),
    "location": ("location_type",),
    "address": ("address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "phone": ("number",),
    "program": ("name", "description"),
    "taxonomy": ("name", "description"),
    "taxonomy_term": ("name", "description"),
    "organization_identifier": ("identifier_type", "identifier"),
    "service_capacity": ("unit", "available", "updated"),
    "unit": ("name",),
    "url": ("url",),
    # The two ends of the link are optional in HSDS JSON, but a link without ends says nothing.
    "service_at_location": ("service_id", "location_id"),
}

# field -> kind it points to; the record is held back when that object never comes.
MUST_EXIST: dict[str, dict[str, str]] = {
    "service": {"organization_id": "organization"},
    "service_at_location": {"service_id": "service", "location_id": "location"},
}
# Pointers that are dropped, with a note, when the object is not there.
MAY_EXIST: dict[str, dict[str, str]] = {
    "service": {"program_id": "program"},
    "location": {"organization_id": "organization"},
    "program": {"organization_id": "organization"},
    "organization": {"parent_organization_id": "organization"},
    "taxonomy_term": {"parent_id": "taxonomy_term", "taxonomy_id": "taxonomy"},
}

# Ours, not HSDS: handed through as they are when they have the right shape.
OWN_FIELDS = ("translations", "language", "needs", "open_to", "overlap")
# Known to HSDS but carried by the nesting itself, or of no use here; never reported as strange.
SILENT = frozenset(
    "id metadata organization program service_at_locations location service locations services programs taxonomy_term "
    "taxonomy_detail taxonomy_details service_id location_id organization_id contact_id phone_id service_at_location_id "
    "link_id unit_id resource_id verified_on verify_due contact_through page source".split()  # the last ones are our own
)


def child_of(kind: str) -> tuple[str, bool] | None:
    """Return (object, is a list) for the types "[phone]" and "{unit}", None for plain values."""
    if kind[:1] == "[":
        return kind[1:-1], True
    return (kind[1:-1], False) if kind[:1] == "{" else None
