"""Shapes of the forms that pause something."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.types import Note


class PauseNow(BaseModel):
    """For how many hours, and why."""

    hours: int = Field(ge=1, le=720)
    reason: Annotated[Note, StringConstraints(min_length=1)]
