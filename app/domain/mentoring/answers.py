"""What a round answers: pairs to propose, people who wait on, and how the groups fare."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.mentoring.fairness import Group
from app.domain.mentoring.rules import Grounds
from app.domain.mentoring.weights import Components


@dataclass(frozen=True, slots=True)
class Match:
    """A pair to propose: what is stored and later told in words (``wording``), and two bonuses that nobody is ever shown."""

    mentee: str
    mentor: str
    components: Components
    grounds: Grounds
    score: int
    aging: int
    bonus: int


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody who waits on: the binding reason, and how many mentors of the country break which rule first.

    ``reachable``: somebody fits, but every such mentor is taken now. Words for the person are in ``wording``.
    """

    mentee: str
    reason: str
    reachable: bool
    broken: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GroupReport:
    """How a group fares: people, of them reachable and matched; gaps to all (rate) and to the others (mean days of waiting)."""

    people: int
    reachable: int
    matched: int
    bonus: int
    rate: float | None
    rate_gap: float | None
    waiting_gap_days: float | None
    share_without_mentor: float | None


@dataclass(frozen=True, slots=True)
class Round:
    """The answer of a round; pairs and unmatched by id of the mentee."""

    version: str
    pairs: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    groups: Mapping[Group, GroupReport]
    served: int  # the worth of serving one more person, for the total

    @property
    def total_utility(self) -> int:
        """Return the sum of 1000 + score + aging over the pairs, without the bonus of groups."""
        return sum(self.served + pair.score + pair.aging for pair in self.pairs)
