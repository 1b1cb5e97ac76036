"""Shapes of the forms of the desk, of flags and of receipt numbers."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.core.types import Line, Note
from app.models.moderation import Outcome


class SendFlag(BaseModel):
    """What is wrong, in one word and, if one likes, in one's own."""

    reason: Annotated[str, StringConstraints(max_length=20)]
    note: Note = ""
    name: Line = ""


class Complain(SendFlag):
    """A complaint about a person."""

    who: Annotated[Line, StringConstraints(min_length=1)]


class FindFlagged(BaseModel):
    """The address of what somebody wants to tell us about."""

    address: Line


class AskNumber(BaseModel):
    """A receipt number as somebody types it."""

    number: Line


class Differ(BaseModel):
    """What somebody sees differently about a decision."""

    words: Annotated[Note, StringConstraints(min_length=1)]


class DifferByNumber(Differ):
    """The same, by receipt number."""

    number: Line


class Decide(BaseModel):
    """A decision; ``step`` says whether to show what will be said, to send it, or to change it again."""

    outcome: Outcome
    rule: int | None = Field(default=None, ge=1, le=99)
    words: Note = ""
    row_version: int = Field(ge=1, le=10**9)
    groundless: bool = False
    step: Literal["look", "send", "edit"] = "look"


class Press(BaseModel):
    """A form that is only a button."""
