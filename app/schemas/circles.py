"""Forms of circles."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import clean
from app.core.types import LanguageCode
from app.schemas.groups import Seen

SeatRef = Annotated[str, StringConstraints(pattern=r"^[2-9a-z]{12}$")]


class PlanCircle(BaseModel):
    """A circle that a coordinator plans."""

    title: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=80)]
    about: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=1_000)]
    language: LanguageCode
    places: Annotated[int, Field(ge=3, le=8)]
    begins_on: date
    weeks: Annotated[int, Field(ge=4, le=26)]
    mentor: SeatRef
    second: Annotated[str, StringConstraints(pattern=r"^$|^[2-9a-z]{12}$")] = ""


class ChooseSeat(BaseModel):
    """What a coordinator decides about somebody who asks."""

    do: Literal["in", "out"]
    seat: SeatRef


class PressCircle(BaseModel):
    """What somebody does with a circle."""

    do: Literal["ask", "take_back", "lead", "step_back", "end", "begin"]
