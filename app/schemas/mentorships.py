"""Forms of going together."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import clean
from app.core.types import LanguageCode
from app.models.mentorships import Dimension
from app.schemas.groups import Seen
from app.schemas.matching import Channel, Need

MOST_LETTERS = 4_000
Mood = Literal["", "lighter", "same", "heavier"]


class WriteMessage(BaseModel):
    """What mentor or mentee write to each other."""

    body: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=MOST_LETTERS)]
    language: LanguageCode


class TellMeeting(BaseModel):
    """That the two met: the day, how, how many minutes, which goal, what next; of the mentee how it was, of the mentor a wish."""

    on: date
    channel: Channel
    minutes: Annotated[int, Field(ge=5, le=600)]
    goal: Annotated[str, StringConstraints(pattern=r"^$|^[2-9a-z]{12}$")] = ""
    next: Annotated[str, AfterValidator(clean), StringConstraints(max_length=500)] = ""
    mood: Mood = ""
    supervisor: bool = False


class ChangeMeeting(BaseModel):
    """The mentee says, or takes back, how a meeting was for them; whoever wrote it down takes it out."""

    do: Literal["mood", "remove"]
    mood: Mood = ""


class TellGoal(BaseModel):
    """A goal in one dimension, or why there is none."""

    dimension: Dimension
    words: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=500)]
    none: bool = False


class ChangeGoal(BaseModel):
    """Where a goal stands now; or it is taken out by whoever wrote it."""

    do: Literal["open", "reached", "set_aside", "remove"]


class ForgetReview(BaseModel):
    """Which answer is taken back."""

    month: Annotated[int, Field(ge=1, le=6)]


class ShareNumbers(BaseModel):
    """Whether numbers and addresses may pass between the two."""

    do: Literal["yes", "no"]


class WantHelp(BaseModel):
    """Which help from outside; of the mentee whether the mentor is to know."""

    need: Need
    alone: bool = False


class AnswerHelp(BaseModel):
    """What one of the two says of it: yes; the mentee also: without the mentor, or no (taken back)."""

    do: Literal["yes", "alone", "no"]


class TakeUpHelp(BaseModel):
    """What a coordinator writes to the mentee."""

    note: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=2_000)]


class TellReview(BaseModel):
    """How it goes, after one, three or six months; after six also whether to go on for another half year."""

    month: Annotated[int, Field(ge=1, le=6)]
    going: Literal["well", "partly", "not"]
    helped: Annotated[str, AfterValidator(clean), StringConstraints(max_length=500)] = ""
    change: Annotated[str, AfterValidator(clean), StringConstraints(max_length=500)] = ""
    go_on: bool = False
