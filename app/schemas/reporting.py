"""Shapes of the forms of the numbers: the question about oneself, reference populations, what will change."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import one_line
from app.models.reporting import Body, Composition

OwnWords = Annotated[str, AfterValidator(one_line), StringConstraints(max_length=60)]
Choice = Annotated[str, StringConstraints(max_length=120)]
Source = Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=200)]
Place = Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=120)]
Plan = Annotated[str, AfterValidator(one_line), StringConstraints(min_length=1, max_length=300)]


class TellGender(BaseModel):
    """The answer to the one question about oneself."""

    gender: Literal["woman", "man", "another", "unsaid"]
    words: OwnWords = ""
    age: Choice = ""
    language: Choice = ""
    area: Choice = ""
    years: Choice = ""


class NewReference(BaseModel):
    """Whom the network ought to represent: women's share of a hundred, and where that is from."""

    source: Source
    year: int = Field(ge=1900, le=2200)
    place: Place
    share: int = Field(ge=0, le=100)


class AskMore(BaseModel):
    """Which further questions are asked."""

    asked: list[Literal["age", "language", "area", "years"]] = Field(default_factory=list, max_length=4)


class NewGoal(BaseModel):
    """What the network wants of a figure, of a hundred at least."""

    figure: str = Field(min_length=1, max_length=20)
    least: int = Field(ge=1, le=100)


class EndGoal(BaseModel):
    """Something that is wanted no longer."""

    id: UUID


class SettlePromise(BaseModel):
    """What came of a promise."""

    id: UUID
    outcome: Plan


class NewPromise(BaseModel):
    """What we will change, who sees to it, and by when."""

    what: Plan
    owner: Literal["coordinators", "organisers", "mentors", "analysts", "safeguarding", "operators", "everyone"]
    due: date


class SayOfBody(BaseModel):
    """What a body says of itself; ``agreed``: everybody who sits there does."""

    body: Body
    says: Composition
    agreed: bool = False


class UnsayOfBody(BaseModel):
    """What a body says of itself no longer."""

    id: UUID


class LookAtBody(BaseModel):
    """Whether what a body says of itself fits what one knows."""

    id: UUID
    do: Literal["fits", "back"]


class ErasePromise(BaseModel):
    """A promise that is taken away."""

    id: UUID
