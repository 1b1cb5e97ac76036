"""Shapes of the forms that pause something."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from app.core.types import Note


class PauseNow(BaseModel):
    """For how many hours, and why."""

    hours: int
    reason: Annotated[Note, StringConstraints(min_length=1)]
