"""Shapes of the forms of meetings."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.core.text import clean, digits, is_seen, one_line
from app.core.types import LanguageCode
from app.models.meetings import PlaceFor


def _seen(text: str) -> str:
    """Refuse what looks empty to everybody who reads it."""
    if not is_seen(text):
        raise PydanticCustomError("string_too_short", "Nothing of it can be seen.", {"min_length": 1})
    return text


def _figures(typed: object) -> object:
    """Take figures of every script."""
    return digits(typed).strip() if isinstance(typed, str) else typed


def _whole_minutes(hour: time) -> time:
    """Forget seconds and an offset: the zone says it."""
    return time(hour.hour, hour.minute)


Day = Annotated[date, BeforeValidator(_figures)]
Hour = Annotated[time, BeforeValidator(_figures), AfterValidator(_whole_minutes)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]


class PlanMeeting(BaseModel):
    """What is said of a meeting, and when it is: day and hour as people say them in ``zone``."""

    title: Annotated[str, AfterValidator(one_line), AfterValidator(_seen), StringConstraints(min_length=1, max_length=80)]
    about: Annotated[str, AfterValidator(clean), StringConstraints(max_length=2_000)] = ""
    language: LanguageCode
    day: Day
    hour: Hour
    zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,40}$")]
    fold: Literal["", "0", "1"] = ""
    minutes: Annotated[int, BeforeValidator(_figures)] = Field(default=90, ge=15, le=720)
    place: Annotated[str, AfterValidator(one_line), StringConstraints(max_length=200)] = ""
    place_for: PlaceFor = PlaceFor.COMING
    link: Annotated[str, AfterValidator(one_line), StringConstraints(max_length=300)] = ""
    childcare: bool = False
    women_only: bool = False
    bus_money: bool = False
    languages: list[LanguageCode] = Field(default_factory=list, max_length=8)
    access: list[Key] = Field(default_factory=list, max_length=10)
    open: bool = False


class StartMeetings(PlanMeeting):
    """A meeting, or a series of them through a day."""

    rhythm: Literal["once", "weekly", "fortnightly", "monthly"] = "once"
    until: Day | None = None


class ChangeMeeting(PlanMeeting):
    """A meeting as an organiser changes it; ``row_version`` is the state that was on the screen."""

    row_version: int = Field(default=0, ge=0, le=10**9)
    scope: Literal["one", "following"] = "one"


class CancelMeeting(BaseModel):
    """Which meetings are cancelled."""

    scope: Literal["one", "following"] = "one"


class Come(BaseModel):
    """Whether somebody comes; the word that one is a woman, where a meeting is for women, is kept nowhere."""

    do: Literal["yes", "no"]
    woman: bool = False


Total = Annotated[int, BeforeValidator(_figures)]


class WriteMinutes(BaseModel):
    """Minutes; ``row_version`` is the state that was on the screen, 0 where there were none."""

    words: Annotated[str, AfterValidator(clean), StringConstraints(max_length=4_000)] = ""
    row_version: int = Field(default=0, ge=0, le=10**9)


class CountAttendance(BaseModel):
    """How many came, as totals."""

    women: Total = Field(default=0, ge=0, le=500)
    men: Total = Field(default=0, ge=0, le=500)
    others: Total = Field(default=0, ge=0, le=500)


class AskCohost(BaseModel):
    """The name of a body that holds a meeting too."""

    body: Annotated[str, AfterValidator(one_line), AfterValidator(_seen), StringConstraints(min_length=2, max_length=80)]


class Agree(BaseModel):
    """The answer of a body."""

    do: Literal["yes", "no"]


class MakeCalendar(BaseModel):
    """What the address of a calendar tells."""

    tells: Literal["times", "titles"] = "times"
