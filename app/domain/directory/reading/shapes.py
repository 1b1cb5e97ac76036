"""What a reader hands over: items, rows held back with a reason, notes, and files that cannot be read."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from app.core.errors import HearthError

Kind = Literal[
    "organization", "service", "location", "service_at_location", "taxonomy", "taxonomy_term", "program"
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "taxonomy", "taxonomy_term", "organization", "program", "location", "service", "service_at_location",
)  # fmt: skip
Record = dict[str, Any]

# A name space of our own, so that our ids never meet UUIDv5 ids of other software.
_SPACE = uuid.UUID("6f0a3f0e-5b0a-4b53-9d0f-0d7d1f5f7c55")


@dataclass(frozen=True, slots=True)
class Item:
    """One HSDS 3.1 object without nulls; ``where`` says in plain words where it stood, ``notes`` what was left out."""

    kind: Kind
    foreign_id: str
    data: Record
    where: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """One row or object that is not handed on, and why; ``line`` is the line, or the number of the record in JSON."""

    file: str
    line: int
    reason: str
    foreign_id: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a whole file that a person should know, such as a guessed encoding."""

    file: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: file, line (or number of the record), and the same in words."""

    file: str
    line: int
    words: str


@dataclass(slots=True)
class Raw:
    """A record on its way to the gate: still unchecked, ``shared`` if several rows may rightly repeat it."""

    kind: Kind
    data: Record
    place: Place
    shared: bool = False
    notes: list[str] = field(default_factory=list)


class Unreadable(HearthError):
    """The whole file cannot be read; ``sentence`` says why to the person who chose it."""


def stable_id(feed: str, kind: str, foreign_id: str) -> uuid.UUID:
    """Return the id under which we keep a foreign object: UUIDv5 of feed, kind and foreign id.

    A foreign id that is a UUID already is turned as well: two feeds may carry the same id (copies of one another,
    or examples that nobody changed), and neither may write over the other's records.
    """
    parts = (feed, kind, foreign_id)
    return uuid.uuid5(_SPACE, "".join(f"{len(part)}:{part}" for part in parts))
