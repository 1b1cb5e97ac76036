"""The directory's sub-objects: phones, addresses, hours … of organisations, services and places (HSDS 3.1)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row
from app.models.directory import few, to


class Part(Row):
    """What every sub-object has: the whole object (service, place …) it came with, and its place in the list."""

    owner_id: UUID = Field(index=True)
    position: int = 0


class Phone(Part, table=True):
    """A number to call."""

    __table_args__ = few("location_id", "service_id", "organization_id", "contact_id", "service_at_location_id")
    location_id: UUID | None = to("location")
    service_id: UUID | None = to("service")
    organization_id: UUID | None = to("organization")
    contact_id: UUID | None = to("contact")
    service_at_location_id: UUID | None = to("service_at_location")
    number: str
    extension: float | None = None
    type: str | None = None
    description: str | None = None


class Contact(Part, table=True):
    """Somebody to ask for."""

    __table_args__ = few("organization_id", "service_id", "service_at_location_id", "location_id")
    organization_id: UUID | None = to("organization")
    service_id: UUID | None = to("service")
    service_at_location_id: UUID | None = to("service_at_location")
    location_id: UUID | None = to("location")
    name: str | None = None
    title: str | None = None
    department: str | None = None
    email: str | None = None


class Address(Part, table=True):
    """A postal or street address of a place."""

    __table_args__ = few("location_id")
    location_id: UUID | None = to("location")
    attention: str | None = None
    address_1: str
    address_2: str | None = None
    city: str
    region: str | None = None
    state_province: str
    postal_code: str
    country: str
    address_type: str = Field(max_length=10)


class Schedule(Part, table=True):
    """When something is open (HSDS takes its rules from RFC 5545)."""

    __table_args__ = few("service_id", "location_id", "service_at_location_id")
    service_id: UUID | None = to("service")
    location_id: UUID | None = to("location")
    service_at_location_id: UUID | None = to("service_at_location")
    valid_from: str | None = None
    valid_to: str | None = None
    dtstart: str | None = None
    timezone: float | None = None  # hours from UTC, as HSDS has it
    until: str | None = None
    count: float | None = None
    wkst: str | None = None
    freq: str | None = None
    interval: float | None = None
    byday: str | None = None
    byweekno: str | None = None
    bymonthday: str | None = None
    byyearday: str | None = None
    description: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    schedule_link: str | None = None
    attending_type: str | None = None
    notes: str | None = None


class ServiceArea(Part, table=True):
    """Where a service is offered, beyond its doors."""

    __tablename__ = "service_area"
    __table_args__ = few("service_id", "service_at_location_id")
    service_id: UUID | None = to("service")
    service_at_location_id: UUID | None = to("service_at_location")
    name: str | None = None
    description: str | None = None
    extent: str | None = None
    extent_type: str | None = None
    uri: str | None = None


class Language(Part, table=True):
    """A language that is spoken there."""

    __table_args__ = few("service_id", "location_id", "phone_id")
    service_id: UUID | None = to("service")
    location_id: UUID | None = to("location")
    phone_id: UUID | None = to("phone")
    name: str | None = None
    code: str | None = None
    note: str | None = None


class Accessibility(Part, table=True):
    """How a place can be used by people with disabilities."""

    __table_args__ = few("location_id")
    location_id: UUID | None = to("location")
    description: str | None = None
    details: str | None = None
    url: str | None = None


class CostOption(Part, table=True):
    """What it costs."""

    __tablename__ = "cost_option"
    __table_args__ = few("service_id")
    service_id: UUID | None = to("service")
    valid_from: str | None = None
    valid_to: str | None = None
    option: str | None = None
    currency: str | None = None
    amount: float | None = None
    amount_description: str | None = None


class RequiredDocument(Part, table=True):
    """What to bring."""

    __tablename__ = "required_document"
    __table_args__ = few("service_id")
    service_id: UUID | None = to("service")
    document: str | None = None
    uri: str | None = None


class Funding(Part, table=True):
    """Who pays for it."""

    __table_args__ = few("organization_id", "service_id")
    organization_id: UUID | None = to("organization")
    service_id: UUID | None = to("service")
    source: str | None = None


class Attribute(Part, table=True):
    """A category of anything, or a fact that HSDS has no field for; it may hang on every other object."""

    __table_args__ = (sa.Index(None, "link_id"), *few("taxonomy_term_id"))
    link_id: UUID
    link_entity: str = Field(max_length=40)
    link_type: str | None = None
    taxonomy_term_id: UUID | None = None
    value: str | None = None
    label: str | None = None


class Metadata(Row, table=True):
    """What was changed in a listing, from what to what, in which role."""

    resource_id: UUID = Field(index=True)
    resource_type: str = Field(max_length=40)
    last_action_date: str = Field(max_length=10)
    last_action_type: str = Field(max_length=20)
    field_name: str = Field(max_length=60)
    previous_value: str
    replacement_value: str
    updated_by: str = Field(max_length=60)


# In the order in which rows can be written: a contact before its phones, a phone before its languages.
PARTS: dict[str, type[Any]] = {
    "contact": Contact, "phone": Phone, "language": Language, "address": Address, "schedule": Schedule,
    "service_area": ServiceArea, "accessibility": Accessibility, "cost_option": CostOption,
    "required_document": RequiredDocument, "funding": Funding, "attribute": Attribute,
}  # fmt: skip
