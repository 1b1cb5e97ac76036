"""What an attacker knows of a number from one period to the next, also where groups come, go, or change their name."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.reporting.protecting.numbering import Labels, Numbers, labels_of
from app.domain.reporting.protecting.tables import Table, last_day

ALIKE = 0.5  # two rows may be one group with two names where their counts differ by at most this share of both
GUESSES = 4  # ways in which rows that ended may be rows that began, the likeliest first


@dataclass(slots=True)
class Moves:
    """How numbers hang together over time, as pairs (earlier, later) of numbers.

    ``same``: whoever knows who joined and left knows by how much it changed; ``inside``: those of them that belong to groups that
    stay while others come or go, so that somebody may know them without knowing the totals. ``changed``: numbers of rows that end
    or begin; ``renamed``: guesses which of those that ended are which of those that began, under a new name. ``never_less``:
    cumulative counts from month to month. ``after``: the second is the first a period later.
    """

    same: list[tuple[int, int]] = field(default_factory=list)
    inside: list[tuple[int, int]] = field(default_factory=list)
    renamed: list[list[tuple[int, int]]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    never_less: list[tuple[int, int]] = field(default_factory=list)
    after: list[tuple[int, int]] = field(default_factory=list)


def moved(tables: list[Table], numbers: Numbers) -> Moves:
    """Return what links the numbers of different periods."""
    moves, rows = Moves(), _Rows(tables, numbers)
    stay: set[int] = set()
    for t, table in enumerate(tables):
        if not rows.changes(t):
            continue
        for row, line in zip(table.rows, numbers.at[t], strict=False):
            (moves.changed if row in rows.changes(t) else stay).update(line)
    moves.renamed = [[pair for twins in guess.items() for pair in rows.pairs(*twins)] for guess in rows.guesses()]
    _add_series(moves, tables, numbers)
    moves.inside = [(a, b) for a, b in moves.same if (a in stay or b in stay) and not {a, b} & moves.changed]
    return moves


def _add_series(moves: Moves, tables: list[Table], numbers: Numbers) -> None:
    """Tie each number to what it was a period before: by known comings and goings, by "never less", or only as its successor."""
    latest: dict[Labels, int] = {}
    known: dict[Labels, int] = {}
    grown: dict[Labels, int] = {}
    for t in _in_order(tables):
        table = tables[t]
        for key, number in _keyed(table, numbers, t):
            moves.after += _since(latest, key, number)
            if table.comings_and_goings_are_known:
                moves.same += _since(known, key, number)
            elif table.kind == "cumulative":  # fewer than before: an account was deleted
                moves.never_less += [(a, b) for a, b in _since(grown, key, number) if numbers.counts[a] <= numbers.counts[b]]


def _since(latest: dict[Labels, int], key: Labels, number: int) -> list[tuple[int, int]]:
    """Return the number of the period before with this one, if there is one, and remember this one."""
    before, latest[key] = latest.get(key, number), number
    return [(before, number)] if before != number else []


def _in_order(tables: list[Table]) -> list[int]:
    return sorted(range(len(tables)), key=lambda n: (str(last_day(tables[n].period) or ""), n))


def _keyed(table: Table, numbers: Numbers, t: int) -> Iterator[tuple[Labels, int]]:
    """Yield what a number is called in every period, with the number.

    By its labels alone, unless they mean two things, and always by its labels in this table.
    """
    for line, names in zip(numbers.at[t], labels_of(table), strict=True):
        for number, labels in zip(line, names, strict=True):
            yield (numbers.universes[t], f"\t{table.id_without_period}", *labels), number
            if not numbers.is_ambiguous(number):
                yield (numbers.universes[t], *labels), number


class _Rows:
    """In which periods each row of each universe stands, in tables whose comings and goings are known."""

    def __init__(self, tables: list[Table], numbers: Numbers) -> None:
        self.tables, self.numbers = tables, numbers
        self.used = [n for n in _in_order(tables) if tables[n].comings_and_goings_are_known]
        moments = list(dict.fromkeys(str(last_day(tables[n].period) or tables[n].period) for n in self.used))
        self.moment = {name: place for place, name in enumerate(moments)}
        self.found: dict[tuple[str, bool], dict[tuple[str, str], int]] = {}  # what was asked before
        self.days: dict[str, list[int]] = defaultdict(list)  # of a universe
        self.there: dict[tuple[str, int], set[str]] = defaultdict(set)  # the rows of a universe on a day
        for n in self.used:
            universe, day = self.at(n)
            if day not in self.days[universe]:
                self.days[universe].append(day)
            self.there[universe, day].update(tables[n].rows)

    def at(self, n: int) -> tuple[str, int]:
        """Return the universe of a table, and the place of its day among all days."""
        return self.numbers.universes[n], self.moment[str(last_day(self.tables[n].period) or self.tables[n].period)]

    def changes(self, n: int) -> set[str]:
        """Return the rows of a table that are not there in the period before or after it."""
        if not self.tables[n].comings_and_goings_are_known:
            return set()
        universe, day = self.at(n)
        days = self.days[universe]
        place = days.index(day)
        near = [self.there[universe, other] for other in days[max(0, place - 1) : place + 2] if other != day]
        return {row for row in self.tables[n].rows if any(row not in rows for rows in near)}

    def guesses(self) -> list[dict[str, str]]:
        """Return ways to match rows that ended to rows that began after them: as named, the others by how alike they are.

        The first takes the most alike; each other one begins with another pair.
        """
        first, last, named = dict[str, int](), dict[str, int](), dict[str, str]()
        for n in self.used:
            for row in self.changes(n):
                first.setdefault(row, self.at(n)[1])
                last[row] = self.at(n)[1]
            named |= {before: now for now, before in self.tables[n].formerly.items()}
        able = [(self.apart(a, b), a, b) for a in last for b in first if last[a] < first[b] and a not in named]
        alike = [(a, b) for apart, a, b in sorted(able) if apart <= ALIKE]
        found = list[dict[str, str]]()
        for start in [None, *alike]:
            guess = dict(named)
            for a, b in [*([start] if start else []), *alike]:
                if a not in guess and b not in guess.values():
                    guess[a] = b
            if guess and guess not in found:
                found.append(guess)
        return found[:GUESSES]

    def pairs(self, earlier: str, later: str) -> list[tuple[int, int]]:
        """Return the numbers of a row when it was last there, with those of another when it began."""
        before, after = self._numbers(earlier, last=True), self._numbers(later, last=False)
        return [(before[key], after[key]) for key in sorted(before.keys() & after.keys())]

    def apart(self, earlier: str, later: str) -> float:
        """Return by which share of all their counts two rows differ."""
        counts = [(self.numbers.counts[a], self.numbers.counts[b]) for a, b in self.pairs(earlier, later)]
        return sum(abs(a - b) for a, b in counts) / max(1, sum(a + b for a, b in counts)) if counts else 1.0

    def _numbers(self, row: str, *, last: bool) -> dict[tuple[str, str], int]:
        """Return the numbers of a row by universe and column, in the last or the first period in which it is there."""
        if (row, last) not in self.found:
            found = self.found[row, last] = {}
            for n in self.used if last else reversed(self.used):
                if row in self.there[self.at(n)] and row in self.tables[n].rows:
                    line = self.numbers.at[n][self.tables[n].rows.index(row)]
                    found |= {(self.at(n)[0], col): number for col, number in zip(self.tables[n].labels[1], line, strict=True)}
        return self.found[row, last]
