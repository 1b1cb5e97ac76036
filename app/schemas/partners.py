"""What coordinators and partners send about a partnership: agreements, keys, people, decisions."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import clean, one_line
from app.core.types import LanguageCode, Line, Note
from app.models.partners import Scope

Label = Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=60)]
Words = Annotated[str, AfterValidator(clean), StringConstraints(min_length=1, max_length=2_000)]


class NewPartner(BaseModel):
    """A partner: its name, the language of its listings, the country where they are unless they say another."""

    name: Annotated[str, AfterValidator(one_line), StringConstraints(min_length=2, max_length=120)]
    language: LanguageCode = "en"
    country: Annotated[str, StringConstraints(pattern="^([A-Z]{2})?$")] = ""


class Agree(BaseModel):
    """What was agreed with a partner, until when."""

    responsibilities: Words
    contact: Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=200)]
    answer_days: Annotated[int, Field(ge=1, le=60)] = 3
    data_agreed: Words
    review_on: date


class MakeKey(BaseModel):
    """A key: a word for it, what it is for, its last day."""

    label: Label
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    until: date


class SendSheet(BaseModel):
    """A spreadsheet of listings: the file comes beside it; the language is that of its texts."""

    language: LanguageCode = "en"


class NewListing(BaseModel):
    """One listing by hand; the names of its fields are those of a spreadsheet's columns (domain/partners/sheets.py)."""

    id: Annotated[str, AfterValidator(one_line), StringConstraints(pattern=r"^[A-Za-z0-9._~:@-]*$", max_length=100)] = ""
    name: Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=500)]
    description: Note = ""
    needs: Annotated[list[str], Field(max_length=12)] = Field(default_factory=list)
    open_to: Annotated[list[str], Field(max_length=5)] = Field(default_factory=list)
    for_whom: Note = ""
    phone: Line = ""
    website: Line = ""
    hours: Note = ""
    cost: Line = ""
    languages: Line = ""
    place: Line = ""
    street: Line = ""
    postcode: Line = ""
    town: Line = ""
    region: Line = ""
    language: LanguageCode = "en"
    different: Annotated[str, AfterValidator(clean), StringConstraints(max_length=500)] = ""
    do: Literal["look", "publish", "join", "refer"] = "look"


class ChangeListing(NewListing):
    """A listing that was written by hand, written anew; ``seen`` says what stood there when the form was opened."""

    seen: Annotated[str, StringConstraints(max_length=32)] = ""


class NameGroup(BaseModel):
    """Whether a group is named as who offers its services."""

    named: Literal["yes", "no"]


class MakeHook(BaseModel):
    """An address that is told when listings have to be looked at."""

    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class NameMember(BaseModel):
    """A member, by the name that others see."""

    name: Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=400)]


class DecideListing(BaseModel):
    """Let a listing in, or not with a reason."""

    id: UUID
    do: Literal["accept", "decline"]
    reason: Annotated[str, AfterValidator(clean), StringConstraints(max_length=500)] = ""
