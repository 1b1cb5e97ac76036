"""Shapes of the forms of applications, panels and decisions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import clean, one_line
from app.core.types import LanguageCode
from app.schemas.groups import Seen
from app.schemas.meetings import Day
from app.schemas.money import Sum

Answer = Annotated[str, AfterValidator(clean), StringConstraints(max_length=2_000)]
Line = Annotated[str, AfterValidator(one_line), StringConstraints(max_length=200)]
Words = Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=2_000)]
Mark = Annotated[str, StringConstraints(max_length=16)]
Points = Annotated[str, StringConstraints(pattern=r"^([0-9]|10)$")]


class Apply(BaseModel):
    """An application: six answers, a sum, and who receives the money for a group that cannot; a draft may be anything less."""

    name: Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=2, max_length=80)]
    q1: Answer = ""
    q2: Answer = ""
    q3: Answer = ""
    q4: Answer = ""
    q5: Answer = ""
    q6: Answer = ""
    wants: Sum = ""
    host: Line = ""
    papers: Answer = ""
    language: LanguageCode
    row_version: int = Field(default=0, ge=0, le=10**9)
    step: Literal["keep", "send"] = "keep"


class Speak(BaseModel):
    """A voice for an application, or none any more, in the version that was read; the recording comes beside it."""

    row_version: int = Field(default=0, ge=0, le=10**9)


class Join(BaseModel):
    """Which group joins."""

    group: UUID


class Agree(BaseModel):
    """A yes to the words of another group, in the version that was read."""

    row_version: int = Field(default=0, ge=0, le=10**9)


class Say(BaseModel):
    """Words with which something is seen differently."""

    words: Words


class NameSeat(BaseModel):
    """Somebody to sit on a panel, until a day."""

    name: Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=1, max_length=160)]
    until_on: Day


class EndSeat(BaseModel):
    """Who sits on a panel no more."""

    member: UUID


class TakeSeat(BaseModel):
    """A yes or no to a panel; what is declared serves its rule alone."""

    do: Literal["yes", "no"]
    declared: Literal["", "woman", "man", "other"] = ""
    ties: Answer = ""


class Score(BaseModel):
    """Points for each criterion, in their order, and why."""

    points: list[Points] = Field(default_factory=list, max_length=12)
    reason: Words


class Propose(BaseModel):
    """What is decided about one application; no sum: it is not granted. ``seen``: the mark of what the reader saw written down."""

    amount: Sum = ""
    reason: Words
    seen: Mark = ""


class Publish(BaseModel):
    """What everybody reads about a decision; ``seen``: the mark of what the reader saw written down."""

    words: Words
    seen: Mark = ""


class AnswerAppeal(Propose):
    """What comes of an appeal: the decision stays, or another sum is granted."""

    do: Literal["stays", "change"]
