"""Shapes of the forms of groups."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.core.text import clean, is_seen, one_line
from app.core.types import LanguageCode
from app.models.groups import GroupRole, JoinPolicy, Visibility


def _seen(text: str) -> str:
    """Refuse what looks empty to everybody who reads it."""
    if not is_seen(text):
        raise PydanticCustomError("string_too_short", "Nothing of it can be seen.", {"min_length": 1})
    return text


Seen = AfterValidator(_seen)
Key = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]
Step = Literal["1", "2", "3", "4", "5", "mixed", "unknown"]


class Typology(BaseModel):
    """The four axes, and who pays for the group."""

    begun_by: Step = "unknown"
    support: Step = "unknown"
    journeys: Step = "unknown"
    structure: Step = "unknown"
    funded_by: Annotated[str, AfterValidator(one_line), StringConstraints(max_length=200)] = ""


class DescribeGroup(BaseModel):
    """What a group says about itself, and how one comes in."""

    name: Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=2, max_length=80)]
    purpose: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=2_000)]
    language: LanguageCode
    area: UUID | None = None
    themes: list[Key] = Field(default_factory=list, max_length=12)
    open_to: list[Key] = Field(default_factory=list, max_length=4)
    women_only: bool = False
    visibility: Visibility
    join_policy: JoinPolicy
    question: Annotated[str, AfterValidator(one_line), StringConstraints(max_length=200)] = ""
    rules: Annotated[str, AfterValidator(clean), StringConstraints(max_length=4_000)] = ""
    agenda: Annotated[str, AfterValidator(clean), StringConstraints(max_length=2_000)] = ""


class StartGroup(DescribeGroup, Typology):
    """A new group, from a template."""

    template: Key = "empty"


class ChangeGroup(DescribeGroup):
    """A group as one of its organisers changes it; ``row_version`` is the state that was on the screen."""

    row_version: int = Field(default=0, ge=0, le=10**9)


class JoinGroup(BaseModel):
    """Coming in: the answer to the question, and the word that one is a woman where a group is for women."""

    answer: Annotated[str, AfterValidator(clean), StringConstraints(max_length=2_000)] = ""
    woman: bool = False


class UseCode(BaseModel):
    """A code that lets somebody in."""

    code: Annotated[str, StringConstraints(max_length=60)]
    woman: bool = False


class AnswerRequest(BaseModel):
    """Yes or no to somebody who would like to come in."""

    id: UUID
    do: Literal["accept", "refuse"]
    reason: Annotated[str, AfterValidator(clean), StringConstraints(max_length=2_000)] = ""


class MakeCode(BaseModel):
    """How often a code works and until when."""

    uses: int = Field(default=1, ge=1, le=200)
    last_day: date


class ChosenRow(BaseModel):
    """One of a list."""

    id: UUID


class GiveRole(BaseModel):
    """A role in the group, until a day."""

    name: Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=1, max_length=160)]
    role: GroupRole
    until: date


class MyKind(BaseModel):
    """Private: what one is here; "" takes it back."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,20}$")] = ""


class MyStep(BaseModel):
    """Private: the step further that one has gone; "" takes it back."""

    step: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,20}$")] = ""


class LeaveGroup(BaseModel):
    """Why somebody leaves, if they say it, and whether what they wrote goes too."""

    reason: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,20}$")] = ""
    words: Literal["stay", "go"] = "stay"


class WritePost(BaseModel):
    """What somebody writes; ``quote`` is the post they answer to."""

    body: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=4_000)]
    language: LanguageCode
    quote: Annotated[str, StringConstraints(pattern=r"^$|^[2-9a-z]{12}$")] = ""


class WritePicture(WritePost):
    """A picture: the words say what it shows, and the question about faces."""

    faces: Literal["none", "agreed", "unsure"]


class StartTopic(WritePost):
    """A new topic with its first post."""

    title: Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=1, max_length=120)]
    asks: bool = False


class ChangePost(BaseModel):
    """Other words for a post."""

    body: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=4_000)]


class BeginElection(BaseModel):
    """Which role a group chooses anew, and for how many days people stand and vote."""

    role: GroupRole
    stand_days: int = Field(default=7, ge=3, le=30)
    vote_days: int = Field(default=7, ge=3, le=30)
    hand_on: bool = False


class StandForRole(BaseModel):
    """A few words of somebody who stands, or none."""

    words: Annotated[str, AfterValidator(clean), StringConstraints(max_length=600)] = ""
    language: LanguageCode
    own_wish: Literal["1"]


class SayPoint(BaseModel):
    """A point of the passport, and whether it is done."""

    point: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]
    do: Literal["done", "not"]


class Vote(BaseModel):
    """The id of somebody who stands, or "none"."""

    ballot: Annotated[str, StringConstraints(pattern=r"^(none|[0-9a-f]{32})$")]
