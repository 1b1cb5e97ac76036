"""What people send about listings."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import one_line
from app.core.types import Line, Note
from app.models.directory import Outcome, Why

Mark = Annotated[str, StringConstraints(max_length=16)]  # of what the form showed
Named = Annotated[str, AfterValidator(one_line), StringConstraints(max_length=500)]
# Two decimals of a degree are about a kilometre. The phone rounds before it sends; what is finer is rounded here as well.
Choice = Literal["open", "free", "women", "without_papers", "with_children", "accessible"]  # see domain/directory/choosing.py
Coarse = AfterValidator(lambda degrees: round(degrees, 2))


class Helped(BaseModel):
    """Did this help? With the reason only where it did not."""

    helped: Outcome
    why: Why | None = None
    told: Literal["", "1"] = ""  # "1" once the reasons were shown


class Confirm(BaseModel):
    """How a coordinator checked a listing."""

    method: Literal["phone", "visit", "website", "message"] = "phone"


class Called(BaseModel):
    """A check that brought nothing yet."""

    outcome: Literal["no_answer", "wrong_number", "later"]
    method: Literal["phone", "visit", "website", "message"] = "phone"


class Suggest(BaseModel):
    """How a member says that a listing should read; hours in words, what is empty is not suggested."""

    name: Named = ""
    phone: Line = ""
    hours: Note = ""
    was_name: Mark = ""
    was_phone: Mark = ""
    was_hours: Mark = ""


class SayStillTrue(BaseModel):
    """A tap under what a link showed."""

    seen: Mark = ""


class DecideSuggestion(BaseModel):
    """Whether a suggested correction is taken."""

    id: UUID
    do: Literal["accept", "decline", "later"]
    seen: Mark = ""  # of what the page showed as it stands


class Correct(BaseModel):
    """What a coordinator puts right; hours in words."""

    name: Named
    phone: Line = ""
    hours: Note = ""
    was_name: Mark = ""
    was_phone: Mark = ""
    was_hours: Mark = ""


class JudgePair(BaseModel):
    """What a coordinator says about two listings; ``stays``: which of two that are the same stands for both."""

    verdict: Literal["same", "related", "different", "unsure"]
    stays: Literal["first", "second"] = "first"
    seen: Annotated[int, Field(ge=0, le=10_000)]  # how much had been said about them when the page was made


class PartPair(BaseModel):
    """ "The same" is taken back."""

    seen: Annotated[int, Field(ge=0, le=10_000)]


class NearHere(BaseModel):
    """Where a phone is, about (degrees), and what is looked for there."""

    lat: Annotated[float, Field(ge=-90, le=90), Coarse]
    lon: Annotated[float, Field(ge=-180, le=180), Coarse]
    need: Annotated[str, StringConstraints(pattern="^[a-z_]{0,20}$")] = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    language: Annotated[str, StringConstraints(pattern="^$|^[a-z]{2,3}$")] = ""
    only: Annotated[list[Choice], Field(max_length=6)] = Field(default_factory=list)
    page: Annotated[int, Field(ge=1, le=70)] = 1
