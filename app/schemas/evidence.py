"""Shapes of the forms of sealed copies."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.types import Note


class AskCopy(BaseModel):
    """Why what a case is about has to be kept, and for how many days."""

    reason: Annotated[Note, StringConstraints(min_length=1)]
    days: int = Field(ge=0, le=365)


class WishEnd(AskCopy):
    """Another end of a copy (0: delete it now), about the version that somebody read."""

    row_version: int = Field(ge=1, le=10**9)


class Answer(BaseModel):
    """A yes or a no to what is wished of a copy, about the version that somebody read."""

    row_version: int = Field(ge=1, le=10**9)
