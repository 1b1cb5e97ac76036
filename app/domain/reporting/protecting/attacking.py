"""One attacker at work: his unknowns, what he has to be kept from, and what an audit has shown so far."""

from app.domain.reporting.protecting.auditing import WIDTH, Audit
from app.domain.reporting.protecting.linking import linked
from app.domain.reporting.protecting.moving import moved
from app.domain.reporting.protecting.numbering import numbered
from app.domain.reporting.protecting.pieces import Map
from app.domain.reporting.protecting.problem import Array, outer, problem
from app.domain.reporting.protecting.solving import ALMOST, Part
from app.domain.reporting.protecting.system import System, Units, assembled, knowers, must_not_be_found, rules_of, units
from app.domain.reporting.protecting.tables import Table


class Attack:
    """An attacker who must find none of the numbers that are asked.

    ``need``: how wide the range of each unknown has to stay when it is hidden: ``WIDTH``, or what it is without this release
    where that is less (earlier releases or his own knowledge give it away, and nothing may narrow it further); 0 where not asked.
    What an earlier release printed and moved by a known amount since is public for him, and not asked. ``later``: he is yet to
    come (``Release.lasting``).
    """

    def __init__(self, system: System, asked: set[int], *, told: bool, later: bool = False) -> None:
        """Take the unknowns asked; ``told``: what is known anyway may hold numbers that propagation does not find."""
        import numpy as np

        self.system, self.problem, self.later = system, problem(system), later
        self.totals = {found.total for found in system.sums}
        self._anyway, self._printed = (np.array(b, dtype=float).reshape(-1, 2) for b in (system.anyway, system.printed))
        self._unit = np.array(system.unit, dtype=int)
        self.need = self._needed(np.array(sorted(asked), dtype=int), told=told)
        self.audit = Audit(self.problem, self.need)

    def bounds(self, hidden: set[int]) -> tuple[Array, Array]:
        """Return lower and upper bounds of all unknowns when some units are hidden."""
        import numpy as np

        is_hidden = np.isin(self._unit, np.fromiter(hidden, dtype=int, count=len(hidden)))
        both = np.where(is_hidden[:, None], self._anyway, self._printed)
        return both[:, 0].copy(), both[:, 1].copy()

    def targets(self, hidden: set[int]) -> Array:
        """Return the unknowns that are asked and hidden."""
        import numpy as np

        return np.flatnonzero((self.need > 0) & np.isin(self._unit, np.fromiter(hidden, dtype=int, count=len(hidden))))

    def narrow(self, hidden: set[int]) -> Array:
        """Return the unknowns whose range is too narrow."""
        return self.audit.narrow(*self.bounds(hidden), self.targets(hidden))

    def restricted(self, hidden: set[int]) -> Audit:
        """Return the audit with those tables only that fit when fewer units are hidden."""
        return self.audit.within(*self.bounds(hidden))

    def audited(self, hidden: set[int]) -> tuple[Audit, bool]:
        """Return the audit with fewer units hidden than before, and whether it passes."""
        audit = self.restricted(hidden)
        return audit, not len(audit.narrow(*self.bounds(hidden), self.targets(hidden), one_is_enough=True))

    def _needed(self, asked: Array, *, told: bool) -> Array:
        import numpy as np

        low, high = self._anyway[:, 0].copy(), self._anyway[:, 1].copy()
        least, most, _at_rest = outer(self.problem, low, high)
        need = np.zeros(self.system.size)
        need[asked] = np.minimum(WIDTH, (most - least)[asked])
        if not told:
            return need
        audit = Audit(self.problem, need.copy())
        for n in audit.narrow(low, high, asked).tolist():
            part = Part(self.problem, Map(self.problem, least, most > least).around(n, self.system.size))
            gain = (part.members == n).astype(float)
            reach = sum(part.best(sign * gain, low[part.members], high[part.members], exact=False)[1] for sign in (1, -1))
            if reach < WIDTH - ALMOST:  # so it is not the search that failed
                need[n] = audit.width[n]
        return need


def attacks(tables: list[Table], threshold: int, *, lasting: bool) -> tuple[Units, list[Attack], int]:
    """Return what is hidden together, the attackers to protect against, and how many numbers were given away before.

    Given away is what the first attacker has more closely than ``WIDTH`` by earlier releases and his knowledge of changed groups.
    An attacker who knows less is asked only about what could not be asked of those before him. Raises ``BadNumbers``.
    """
    numbers = numbered(tables)
    links, moves = linked(tables, numbers, threshold), moved(tables, numbers)
    together, rules = units(numbers, links, moves), rules_of(tables, numbers, links, moves, threshold)
    everything = must_not_be_found(numbers, links)
    left, found, given = everything, list[Attack](), set[int]()
    for equals in knowers(moves, lasting=lasting):
        still = set(left)
        for knower in equals if left else ():
            system = assembled(numbers, links, moves, knower, together.of, rules)
            asked = {system.place[n] for n in left} - system.public
            found.append(Attack(system, asked, told=left != everything or any(numbers.told), later=knower.later))
            if not knower.later:
                still -= {n for n in left if found[-1].need[system.place[n]] >= WIDTH}
            if knower == equals[0] and left is everything:
                given = {n for n in still if system.place[n] not in system.public} - knower.whole
        left = still if still != left else left
    return together, found, len(given)
