"""Mentee and mentor as the matcher sees them: plain facts, nothing that names anybody."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from app.core import languages
from app.schemas.matching import (
    AGE_BANDS,
    CHANNELS,
    CONVERSATION,
    FLUENT,
    NEEDS,
    SLOTS,
    Accepts,
    AgeBand,
    Channel,
    Experience,
    Gender,
    GenderRule,
    Kind,
    Level,
    Need,
    Slot,
)

__all__ = [
    "AGE_BANDS", "CHANNELS", "CONVERSATION", "FLUENT", "NEEDS", "SLOTS", "Accepts", "AgeBand", "Channel", "Experience", "Gender",
    "GenderRule", "Kind", "Level", "Mentee", "Mentor", "Need", "Person", "Slot",
]  # fmt: skip


def _known_language(code: str) -> str:
    if not languages.is_known(code):
        raise ValueError("unknown language")
    return code


# The limits are checked where people come in from outside (instances.py); nothing here costs time when they are made inside.
Name = Annotated[str, Field(min_length=1)]
Language = Annotated[str, AfterValidator(_known_language)]
Weight = Annotated[int, Field(ge=1, le=3)]
Number = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What both sides tell; ``id`` is unique over both sides of a round.

    ``neighbours`` are regions; ``hosts`` the countries lived in, empty when they are not shared for matching; ``languages``
    code → level; ``channels`` in order of preference; ``age_band`` None under 18. ``blocked`` and ``declined`` hold ids of the
    other side. Somebody who is a mentor and looks for one stands on both sides under two ids, each in the ``blocked`` of the other.
    """

    id: Name
    country: Name
    region: Name
    neighbours: frozenset[Name]
    remote: bool
    languages: dict[Language, Level]
    hosts: frozenset[Name]
    gender: Gender
    adult: bool
    age_band: AgeBand | None
    slots: frozenset[Slot]
    channels: tuple[Channel, ...]
    blocked: frozenset[str]
    declined: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentee(Person):
    """Somebody who looks for a mentor; ``needs`` need → weight, ``waited_days`` whole days since they asked."""

    needs: dict[Need, Weight]
    gender_rule: GenderRule
    asks_trained: bool
    waited_days: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor(Person):
    """Somebody who offers to be one; ``experience`` need → 0 to 3, ``trained`` as valid on the day of the round."""

    kind: Kind
    experience: dict[Need, Experience]
    accepts: Accepts
    capacity: Number
    caseload: Number
    vetted: bool
    trained: bool
    active: bool

    @property
    def places(self) -> int:
        """Return how many mentees can still come."""
        return max(0, self.capacity - self.caseload) if self.active else 0
