"""Shapes of the forms of money in the open."""

import re
from datetime import time
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from app.core.i18n import N_, _
from app.core.text import clean, digits, one_line
from app.core.types import LanguageCode, Title
from app.schemas.groups import Seen
from app.schemas.meetings import Day

_AN_HOUR = N_("Write an hour, such as 18:00.")
_WHOLE = N_("Write a whole address that begins with https:// or http://")
_ADDRESS = re.compile(r"https?://[^\s<>\"'@\\/]{4,}(/[^\s<>\"'\\]*)?", re.ASCII)


def _address(text: str) -> str:
    if text and not _ADDRESS.fullmatch(text):
        raise ValueError(_(_WHOLE))
    return text


def _nothing(text: object) -> object:
    return None if text == "" else text


def _hour(text: str | time) -> time:
    if isinstance(text, time):
        return text
    try:
        return time.fromisoformat(digits(text).strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise ValueError(_(_AN_HOUR)) from None


Hour = Annotated[time, BeforeValidator(_hour)]
Words = Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=2_000)]
Name = Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=1, max_length=200)]
Reason = Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=1, max_length=500)]
Sum = Annotated[str, AfterValidator(one_line), StringConstraints(max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{0,3}$")]


class EnterCall(BaseModel):
    """A call for funds: sums as people type them, weights as lines."""

    title: Annotated[Title, Seen]
    by_whom: Name
    about: Words
    language: LanguageCode
    least: Sum = ""
    most: Annotated[Sum, Seen]
    currency: Code = ""
    who: Words
    criteria: Words
    opens_on: Day
    opens_hour: Hour
    closes_on: Day
    closes_hour: Hour
    zone: Annotated[str, StringConstraints(max_length=64)]
    decided_by: Name
    ties: Words
    languages: list[LanguageCode] = Field(min_length=1, max_length=12)
    how: Words
    paper_rule: Annotated[str, AfterValidator(clean), StringConstraints(max_length=2_000)] = ""
    source: Annotated[str, AfterValidator(one_line), AfterValidator(_address), StringConstraints(max_length=300)] = ""
    here: bool = False
    decide_on: Annotated[Day | None, BeforeValidator(_nothing)] = None


class ChangeCall(EnterCall):
    """A call as a coordinator changes it; ``unname``: what stood there before names a person and is not shown."""

    row_version: int = Field(default=0, ge=0, le=10**9)
    unname: bool = False


class CancelCall(BaseModel):
    """Why a call does not take place."""

    why: Words


class TakeOut(BaseModel):
    """Which words of a call name a person and go for good."""

    parts: list[Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]] = Field(default_factory=list, max_length=12)


class WriteMoney(BaseModel):
    """Money that a group received."""

    source: Name
    amount: Annotated[Sum, Seen]
    currency: Code = ""
    purpose: Reason
    first_on: Day
    last_on: Day


class CorrectMoney(WriteMoney):
    """What is right about an earlier line; ``never``: it did not come."""

    id: UUID
    amount: Sum = ""
    why: Reason
    never: bool = False


class TakeWords(BaseModel):
    """The line whose words name a person and go for good."""

    id: UUID
