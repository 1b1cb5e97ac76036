"""The protector at work (R4, R10): hide, audit, hide further, until no attacker finds a hidden number."""

from collections import Counter

from app.domain.reporting.protecting.attacking import Attack, attacks
from app.domain.reporting.protecting.first import consequences, hidden_first, needs_total
from app.domain.reporting.protecting.hiding import State, next_hidden
from app.domain.reporting.protecting.problem import Array
from app.domain.reporting.protecting.tables import Table

LEVELS = 3  # of coarseness: without cells, with the grand total only, nothing


class Work:
    """What is hidden so far, and why: ``for_good`` by rules R1, R6, R8, R9 and R10, all else for protection.

    ``kept``: units that are not to be hidden for protection; ``coarse``: how coarse each table had to become.
    """

    def __init__(self, tables: list[Table], threshold: int, *, lasting: bool) -> None:
        """Hide what the rules hide; raises ``BadNumbers`` where tables contradict each other."""
        self.tables, self.threshold = tables, threshold
        self.units, self.attacks, self.told_before = attacks(tables, threshold, lasting=lasting)
        self.needs = needs_total(tables, self.units)
        self.coarse, self.kept = Counter[int](), set[int]()
        self.hidden = self.for_good = self.closed(hidden_first(tables, self.units, threshold))

    def closed(self, hidden: set[int]) -> set[int]:
        """Return hidden units with what has to go with them."""
        return consequences(hidden, self.units, self.needs, self.threshold)

    def hide(self) -> None:
        """Hide until no attacker finds anything; where nothing more can be chosen, take the coarser table (R10)."""
        while found := self.found():
            if not self.hide_more(*found) and not self.coarsen(*found):
                return  # nothing is printed any more

    def found(self) -> tuple[Attack, Array] | None:
        """Return an attacker who finds something, and the unknowns he finds; None when the audit passes."""
        for attack in self.attacks:
            if len(narrow := attack.narrow(self.hidden)):
                return attack, narrow
        return None

    def hide_more(self, attack: Attack, narrow: Array) -> bool:
        """Hide what holds the narrow numbers; False where nothing that may be hidden does."""
        more = next_hidden(State(attack, self.units, self.hidden | self.kept), narrow)
        self.hidden = self.closed(self.hidden | more)
        return bool(more)

    def coarsen(self, attack: Attack, narrow: Array) -> bool:
        """Hide the cells, then the totals of rows and columns, then everything of the tables that hold narrow numbers.

        Where that is done already, of all tables. False when nothing is left.
        """
        mine = set(narrow.tolist())
        beside = {n for found in attack.system.sums for n in (found.total, *found.parts) if mine & {found.total, *found.parts}}
        touched = {attack.system.unit[n] for n in beside}
        able = [t for t, table in enumerate(self.tables) if table.printed is None and self.coarse[t] < LEVELS]
        for t in [t for t in able if any(touched & set(line) for line in self.units.at[t])] or able:
            self.coarse[t] += 1
            at = self.units.at[t]
            totals = {*at[-1][:-1], *(line[-1] for line in at[:-1])} if self.coarse[t] > 1 else set()
            everything = {at[-1][-1]} if self.coarse[t] > 2 else set()
            self.for_good = self.closed(self.for_good | {n for line in at[:-1] for n in line[:-1]} | totals | everything)
        self.hidden = self.closed(self.hidden | self.for_good)
        return bool(able)
