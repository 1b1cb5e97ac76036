"""What people send about listings."""

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from app.core.types import Line
from app.models.directory import Outcome, Why

Text = Annotated[str, StringConstraints(max_length=400)]


class Helped(BaseModel):
    """Did this help? With the reason only where it did not."""

    helped: Outcome
    why: Why | None = None
    told: Literal["", "1"] = ""  # "1" once the reasons were shown


class Confirm(BaseModel):
    """How a coordinator checked a listing."""

    method: Literal["phone", "visit", "website", "message"] = "phone"


class Correct(BaseModel):
    """What a coordinator puts right; hours in words."""

    name: Line
    phone: Line = ""
    hours: Text = ""
