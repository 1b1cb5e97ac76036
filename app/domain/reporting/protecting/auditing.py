"""The audit (R4): for every hidden number, two whole-number tables that fit all that is known and are far enough apart."""

from dataclasses import dataclass, field

from app.domain.reporting.protecting.pieces import Map, chunks, has_no_circle, islands
from app.domain.reporting.protecting.problem import Array, Problem, outer
from app.domain.reporting.protecting.solving import Part

WIDTH = 5  # W: highest − lowest of a hidden number must be at least this
IDLE = 3  # searches in a row that show nothing new, before a number is searched by itself
CHUNK = 1500  # unknowns of a part that is searched first, together
WORTH = 0.08  # the share of what is left that a search there must settle, or it is the last one there
SIZES = (300, 3000)  # unknowns of a neighbourhood; what is not shown in the larger one counts as too narrow


@dataclass(slots=True)
class Audit:
    """What was shown so far: hidden numbers whose range is wide enough. Hiding more never takes that back."""

    safe: set[int] = field(default_factory=set)
    searches: int = 0


def too_narrow_alone(p: Problem, low: Array, high: Array, targets: set[int]) -> set[int]:
    """Return the targets that closed-form bounds already hold within less than the width."""
    least, most, _at_rest = outer(p, low, high)
    return {n for n in targets if most[n] - least[n] < WIDTH}


def narrow(p: Problem, low: Array, high: Array, targets: set[int], audit: Audit) -> set[int]:
    """Return the targets for which no two tables at least the width apart were found; the others become ``audit.safe``."""
    import numpy as np

    least, most, at_rest = outer(p, low, high)
    island_of = islands(p, most > least)
    wanted = np.array(sorted(targets - audit.safe), dtype=int)
    left: set[int] = set()
    for label in np.unique(island_of[wanted]) if len(wanted) else ():
        mine = {int(n) for n in wanted[island_of[wanted] == label]}
        if label < 0:
            left |= mine
            continue
        island = np.flatnonzero(island_of == label)
        if at_rest and has_no_circle(p, island):
            audit.safe |= {n for n in mine if most[n] - least[n] >= WIDTH}
        else:
            _search(p, island, least, most, mine, audit)
        left |= mine - audit.safe
    return left


def _search(p: Problem, island: Array, low: Array, high: Array, targets: set[int], audit: Audit) -> None:
    """Search in large parts while that shows much; then around each number that is left.

    There: many numbers at once, then the one in the middle by itself, then more widely.
    """
    import numpy as np

    free = np.zeros(p.size, dtype=bool)
    free[island] = True
    for chunk in chunks(p, island, CHUNK) if len(targets) > SIZES[0] else ():
        search = _Search(Part(p, chunk), low, high, audit)
        search.run([m for m in search.place if m in targets], least=WORTH, exact=False)
    near = Map(p, low, free)
    for n in sorted(targets):
        for size in SIZES:
            if n in audit.safe:
                break
            search = _Search(Part(p, near.around(n, size)), low, high, audit)
            if size == SIZES[0]:
                search.run([m for m in search.place if m in targets])
            search.each(n)
            if len(search.place) == len(island):
                break


class _Search:
    """Tables found within one part, remembered as the lowest and highest value of each target."""

    def __init__(self, part: Part, low: Array, high: Array, audit: Audit) -> None:
        self.part, self.audit = part, audit
        self.low, self.high = low[part.members], high[part.members]
        self.lowest, self.highest = 0 * self.low, 0 * self.low
        self.place = {int(n): k for k, n in enumerate(part.members)}

    def run(self, targets: list[int], *, least: float = 0, exact: bool = True) -> None:
        """Move many targets at once, half of them up and half of them down, in patterns that part every two of them.

        A search that settles at most the share ``least`` of what is left is idle.
        """
        idle, turn = 0, 0
        while idle < (IDLE if exact else 1) and (left := [n for n in targets if n not in self.audit.safe]):
            signs = [1 if (k >> (turn // 2) & 1) ^ (turn & 1) else -1 for k in range(len(left))]
            settled = self.toward({self.place[n]: sign for n, sign in zip(left, signs, strict=True)}, exact=exact)
            idle = 0 if settled > least * len(left) else idle + 1
            turn = (turn + 1) % 12

    def each(self, target: int) -> None:
        """Search the highest and the lowest value of one target."""
        for sign in () if target in self.audit.safe else (1, -1):
            self.toward({self.place[target]: sign})
            if target in self.audit.safe:
                return

    def toward(self, signs: dict[int, int], *, exact: bool = True) -> int:
        """Search one table in a direction; remember what it shows and say how many numbers it made safe."""
        import numpy as np

        low, high, gain = self.low.copy(), self.high.copy(), np.zeros(len(self.low))
        for k, sign in signs.items():  # no further than needed, so that what moves is shared out
            low[k], high[k] = max(low[k], self.highest[k] - WIDTH), min(high[k], self.lowest[k] + WIDTH)
            gain[k] = sign
        self.audit.searches += 1
        table = self.part.best(gain, low, high, exact=exact)
        if table is None:
            return 0
        self.lowest, self.highest = np.minimum(self.lowest, table), np.maximum(self.highest, table)
        wide = {int(n) for n in self.part.members[self.highest - self.lowest >= WIDTH]}
        settled = len(wide - self.audit.safe)
        self.audit.safe |= wide
        return settled
