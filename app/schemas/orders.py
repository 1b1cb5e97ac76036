"""Shapes of the forms of legal orders."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.ids import REF
from app.core.types import Line, Note
from app.models.orders import Notice, OrderOutcome

Needed = Annotated[Note, StringConstraints(min_length=1)]


class NoteOrder(BaseModel):
    """An order as it came."""

    came_on: date
    asker: Needed
    basis: Needed
    asked: Needed
    name: Line = ""


class NameOrder(BaseModel):
    """Whose account an order is about after all; empty for nobody's."""

    name: Line = ""
    row_version: int = Field(ge=1, le=10**9)


class ReferToCopy(BaseModel):
    """The sealed copy that an order is about, by its random name; empty for none."""

    evidence: Annotated[str, StringConstraints(pattern=rf"^(|{REF.pattern})$")] = ""
    row_version: int = Field(ge=1, le=10**9)


class AnswerOrder(BaseModel):
    """What becomes of an order, about the version that somebody read."""

    outcome: OrderOutcome
    exists: Note = ""
    given: Note = ""
    notice: Notice
    notice_on: date | None = None
    row_version: int = Field(ge=1, le=10**9)
