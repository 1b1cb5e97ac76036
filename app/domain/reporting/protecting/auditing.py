"""The audit (R4): for every hidden number, two whole-number tables that fit all that is known and are far enough apart."""

from app.domain.reporting.protecting.pieces import Map, chunks, has_no_circle, islands, islands_apart
from app.domain.reporting.protecting.problem import Array, Problem, outer
from app.domain.reporting.protecting.solving import Part

WIDTH = 5  # W: highest − lowest of a hidden number must be at least this
IDLE = 3  # searches in a row that show nothing new, before a number is searched by itself
FEW = 8  # targets that are searched one by one where the first that is narrow ends the search
CHUNK = 1500  # unknowns of a part that is searched first, together
WORTH = 0.08  # the share of what is left that a search there must settle, or it is the last one there
SIZES = (300, 3000)  # unknowns of a neighbourhood; what is not shown in the larger one counts as too narrow


class Audit:
    """Tables found so far that fit what one attacker knows, and the lowest and highest value of every number in them.

    ``need``: how wide the range of each number must be; 0 where nothing is asked. Hiding more takes nothing back. ``effort``: the
    unknowns of all searches.
    """

    def __init__(self, p: Problem, need: Array) -> None:
        """Begin with the truth as the only table."""
        import numpy as np

        self.p, self.need, self.effort = p, need, 0
        self.tables: list[tuple[Array, Array]] = []
        self.lowest, self.highest = np.zeros(p.size), np.zeros(p.size)
        self.width = np.zeros(p.size)  # what was shown, by tables or by a closed form

    def within(self, low: Array, high: Array) -> "Audit":
        """Return a copy with those tables only that keep within bounds."""
        import numpy as np

        copy = Audit(self.p, self.need)
        copy.effort = self.effort + self.p.size
        if (self.lowest >= low).all() and (self.highest <= high).all():
            copy.tables, copy.lowest, copy.highest = self.tables.copy(), self.lowest.copy(), self.highest.copy()
        else:
            for members, table in self.tables:
                if (table >= low[members]).all() and (table <= high[members]).all():
                    copy.add(members, table)
        copy.width = np.asarray(copy.highest - copy.lowest)
        return copy

    def add(self, members: Array, table: Array) -> None:
        """Remember a table: the distances of some unknowns from the truth, where all others are."""
        import numpy as np

        self.tables.append((members, table))
        self.lowest[members] = np.minimum(self.lowest[members], table)
        self.highest[members] = np.maximum(self.highest[members], table)
        self.width[members] = np.maximum(self.width[members], self.highest[members] - self.lowest[members])

    def lacks(self, targets: Array) -> Array:
        """Return those of some unknowns whose range was not shown to be wide enough."""
        return targets[self.width[targets] < self.need[targets]]

    def narrow(self, low: Array, high: Array, targets: Array, *, one_is_enough: bool = False) -> Array:
        """Return the targets for which no two tables far enough apart were found.

        Those that closed-form bounds already hold are returned alone, without a search. ``one_is_enough``: the search may end with
        the first one that is narrow.
        """
        import numpy as np

        targets = self.lacks(targets)
        if not len(targets):
            return targets
        least, most, at_rest = outer(self.p, low, high)
        held = targets[most[targets] - least[targets] < self.need[targets]]
        if len(held):
            return held
        is_target = np.zeros(self.p.size, dtype=bool)
        is_target[targets] = True
        for island in islands_apart(islands(self.p, most > least)):
            mine = island[is_target[island]]
            if not len(mine):
                continue
            if at_rest and has_no_circle(self.p, island):
                self.width[mine] = np.maximum(self.width[mine], most[mine] - least[mine])
            else:
                self._search(island, least, most, mine, one_is_enough=one_is_enough)
            if one_is_enough and len(self.lacks(mine)):
                break
        return self.lacks(targets)

    def _search(self, island: Array, low: Array, high: Array, targets: Array, *, one_is_enough: bool) -> None:
        """Search in large parts while that shows much; then around each number that is left.

        There: many numbers at once, then the one in the middle by itself, then more widely.
        """
        import numpy as np

        free = np.zeros(self.p.size, dtype=bool)
        free[island] = True
        for chunk in chunks(self.p, island, CHUNK) if len(targets) > SIZES[0] else ():
            search = _Search(self, chunk, low, high)
            search.run(np.intersect1d(chunk, targets), least=WORTH, exact=False)
        near = Map(self.p, low, free)
        for n in targets:
            for size in SIZES:
                if not len(self.lacks(np.array([n]))):
                    break
                search = _Search(self, near.around(int(n), size), low, high)
                if size == SIZES[0] and (len(targets) > FEW or not one_is_enough):
                    search.run(np.intersect1d(search.part.members, targets))
                search.each(int(n))
                if len(search.part.members) == len(island):
                    break
            if one_is_enough and len(self.lacks(np.array([n]))):
                return


class _Search:
    """A search for tables within one part."""

    def __init__(self, audit: Audit, members: Array, low: Array, high: Array) -> None:
        self.audit, self.part = audit, Part(audit.p, members)
        self.low, self.high = low[members], high[members]

    def run(self, targets: Array, *, least: float = 0, exact: bool = True) -> None:
        """Move many targets at once, half of them up and half of them down, in patterns that part every two of them.

        A search that settles at most the share ``least`` of what is left is idle.
        """
        import numpy as np

        idle, turn = 0, 0
        while idle < (IDLE if exact else 1) and len(left := self.audit.lacks(targets)):
            up = ((np.arange(len(left)) >> (turn // 2)) & 1) ^ (turn & 1)
            self.toward(left, np.where(up, 1, -1), exact=exact)
            settled = len(left) - len(self.audit.lacks(left))
            idle = 0 if settled > least * len(left) else idle + 1
            turn = (turn + 1) % 12

    def each(self, target: int) -> None:
        """Search the highest and the lowest value of one target."""
        import numpy as np

        one, reach = np.array([target]), 0.0
        for sign in (1, -1):
            if len(self.audit.lacks(one)):
                reach += self.toward(one, np.array([sign]), enough=self.audit.need[target] - reach if sign < 0 else 0.0)

    def toward(self, targets: Array, signs: Array, *, exact: bool = True, enough: float = 0.0) -> float:
        """Search one table that moves targets by the signs, no further than needed, so that what moves is shared out.

        Returns how far they could move if halves were allowed; where that is less than ``enough``, whole numbers are not tried.
        """
        import numpy as np

        audit, place = self.audit, np.searchsorted(self.part.members, targets)
        low, high, gain = self.low.copy(), self.high.copy(), np.zeros(len(self.low))
        need = audit.need[targets]
        low[place] = np.maximum(low[place], np.minimum(0, audit.highest[targets] - need))
        high[place] = np.minimum(high[place], np.maximum(0, audit.lowest[targets] + need))
        gain[place] = signs
        audit.effort += len(self.low)
        table, reach = self.part.best(gain, low, high, exact=exact, enough=enough)
        if table is not None:
            audit.add(self.part.members, table)
        return reach
