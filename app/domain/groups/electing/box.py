"""The ballot box of an election: one sealed text, written whole at each vote.

A row for each ballot, or for who has voted, would have an order: rowids in SQLite, ``xmin`` and ``ctid`` in PostgreSQL, moments in
backups. One text has none: marks of who has voted and numbers for those who stand lie in it sorted, each vote seals all of it anew,
and its length grows in steps only. ``docs/threat-model.md`` says what is left to somebody who holds the disk and the key.
"""

import json
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from app.core.crypto import keyed_hash

STEP: Final = 4_096  # letters: so its length does not tell how many have voted
NONE: Final = "none"  # the vote for none of those who stand
_MARK: Final = 16  # letters of a hash


@dataclass(slots=True)
class Box:
    """Who has voted (marks), and how many votes each who stands has (by the id of the candidate, or "none")."""

    voted: set[str] = field(default_factory=set)
    votes: dict[str, int] = field(default_factory=dict)


def opened(text: str | None) -> Box:
    """Return what lies in a box."""
    held = json.loads(text) if text else {}
    return Box(set(held.get("voted", ())), dict(held.get("votes", {})))


def closed(box: Box) -> str:
    """Return a box as it is sealed: sorted, and filled up to the next step."""
    text = json.dumps({"voted": sorted(box.voted), "votes": dict(sorted(box.votes.items()))}, separators=(",", ":"))
    return text.ljust(-(-len(text) // STEP) * STEP)


def mark(secret: bytes, election_id: UUID, member_id: UUID) -> str:
    """Return what stands for a member in the box of one election, and in no other."""
    return keyed_hash(secret, "election", f"{election_id.hex}{member_id.hex}")[:_MARK]
