"""The ballot box of an election: one sealed text, written whole at each vote.

A row for each ballot, or for who has voted, would have an order: rowids in SQLite, ``xmin`` and ``ctid`` in PostgreSQL, moments in
backups. One text has none: marks of who has voted and numbers for those who stand lie in it sorted, each vote seals all of it anew,
and its length grows in steps only. ``docs/threat-model.md`` says what is left to somebody who holds the disk and the key.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from app.core.crypto import keyed_hash

STEP: Final = 4_096  # letters: so its length does not tell how many have voted
NONE: Final = "none"  # the vote for none of those who stand
_MARK: Final = 16  # letters of a hash


@dataclass(slots=True)
class Box:
    """Who has voted (marks), and how many votes each who stands has (by the id of the candidate, or "none").

    Marks are made under a number of chance that lies here and goes with the box: no change of keys lets anybody vote twice.
    """

    voted: set[str] = field(default_factory=set)
    votes: dict[str, int] = field(default_factory=dict)
    salt: str = field(default_factory=lambda: secrets.token_hex(16))

    def mark(self, member_id: UUID) -> str:
        """Return what stands for a member in this box, and in no other."""
        return keyed_hash(self.salt.encode(), "election", member_id.hex)[:_MARK]


def opened(text: str | None) -> Box:
    """Return what lies in a box."""
    if not text:
        return Box()
    held = json.loads(text)
    return Box(set(held["voted"]), dict(held["votes"]), held["salt"])


def closed(box: Box) -> str:
    """Return a box as it is sealed: sorted, and filled up to the next step."""
    held = {"voted": sorted(box.voted), "votes": dict(sorted(box.votes.items())), "salt": box.salt}
    text = json.dumps(held, separators=(",", ":"))
    return text.ljust(-(-len(text) // STEP) * STEP)
