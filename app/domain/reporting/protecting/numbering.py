"""Which cells of which tables are the same number: tables of one universe and one day share what has the same labels."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product

from app.domain.reporting.protecting.tables import ALL, Table, last_day
from app.domain.reporting.refusing import BadNumbers

Labels = tuple[str, ...]
Name = tuple[str, ...]  # universe, day, labels: what a number counts
Known = tuple[int, str, object]  # a number, its period, and what its labels are chosen from


@dataclass(slots=True)
class Numbers:
    """Every number once: ``at[t][i][j]`` is the number in table t, row i, column j (totals last).

    ``fresh``: whether this release may print it; ``told``: what earlier releases printed of it (None: they hid it there).
    """

    names: list[Name] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    fresh: list[bool] = field(default_factory=list)
    told: list[list[int | None]] = field(default_factory=list)
    at: list[list[list[int]]] = field(default_factory=list)
    universes: list[str] = field(default_factory=list)  # by table
    known: dict[Name, list[tuple[int, str, object]]] = field(
        default_factory=dict
    )  # number, period, what its labels are chosen from

    def new(self, name: Name, count: int) -> int:
        """Add a number and return its place."""
        self.names.append(name)
        self.counts.append(count)
        self.fresh.append(False)
        self.told.append([])
        return len(self.counts) - 1

    def is_ambiguous(self, number: int) -> bool:
        """Say whether another number has the same labels, because "not stated" means two things."""
        return self.names[number][-1].startswith("\n")


def numbered(tables: list[Table]) -> Numbers:
    """Give every cell and total its number; raises ``BadNumbers`` where two tables contradict each other.

    The same label in two different classifications ("not stated" of age and of gender) is the same number only where the
    counts agree: what an attacker may take for equal is treated as equal.
    """
    numbers, parents = Numbers(), {(t.id, t.period): t for t in tables}
    for table in tables:
        numbers.universes.append(_universe_of(table, parents))
        ends = (frozenset(table.rows), frozenset(table.cols))
        rows, cols = table.labels
        names = labels_of(table)
        at = [[_number(numbers, table, names[i][j], ends, i, j) for j in range(len(cols))] for i in range(len(rows))]
        numbers.at.append(at)
        for line, told in zip(at, table.told or at, strict=True):
            for number, value in zip(line, told, strict=True):
                if table.told is None:
                    numbers.fresh[number] = True
                else:
                    numbers.told[number].append(value)
    return numbers


def _universe_of(table: Table, by_id: dict[tuple[str, str], Table]) -> str:
    """Return whom a table counts, in words that stay the same over the periods.

    A part of a universe that carries the name of the whole is a universe of its own.
    """
    parents = (by_id.get((parent, table.period)) for parent in table.subset_of)
    own = table.universe.replace(table.period, "")
    return f"{own}\n{table.id_without_period}" if any(p and p.universe == table.universe for p in parents) else own


def words_of(table: Table, i: int, j: int) -> str:
    """Return the labels of a cell for a sentence."""
    rows, cols = table.labels
    return " and ".join(label for label in (rows[i], cols[j]) if label != ALL) or "everybody"


def labels_of(table: Table) -> list[list[Labels]]:
    """Return the labels of every cell in alphabetical order, so that a table turned on its side is the same table.

    Where both sides are one classification the sides are kept apart.
    """
    rows, cols = table.labels
    sides = ("\trow\t", "\tcolumn\t") if table.is_of_pairs else ("", "")
    named = [[side + label if label != ALL else ALL for label in labels] for side, labels in zip(sides, (rows, cols), strict=True)]
    return [[tuple(sorted(label for label in pair if label != ALL)) for pair in product([row], named[1])] for row in named[0]]


Ends = tuple[frozenset[str], frozenset[str]]


def _number(numbers: Numbers, table: Table, labels: Labels, ends: Ends, i: int, j: int) -> int:
    name = (numbers.universes[-1], str(last_day(table.period) or table.period), *labels)
    count = table.grid[i][j]
    kinds = frozenset(end for end, n in zip(ends, (i, j), strict=True) if n < len(end))  # what its labels are chosen from
    same = numbers.known.setdefault(name, [])
    for number, period, others in same:
        if numbers.counts[number] == count:
            return number
        if others == kinds and period == table.period:
            raise BadNumbers(
                f'The tables of "{table.universe}" for {table.period} do not fit: table "{table.id}" has another number for '
                f"{words_of(table, i, j)} than one before it."
            )
    number = numbers.new((*name[:2], *labels, *([f"\n{count}"] if same else [])), count)
    same.append((number, table.period, kinds))
    return number


def pairs(table: Table, other: Table) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the places of two tables that carry the same labels, totals included."""
    places, found = [dict(zip(labels, range(len(labels)), strict=True)) for labels in other.labels], []
    for (i, row), (j, col) in product(*(list(enumerate(labels)) for labels in table.labels)):
        if row in places[0] and col in places[1]:
            found.append(((i, j), (places[0][row], places[1][col])))
        elif col in places[0] and row in places[1]:
            found.append(((i, j), (places[0][col], places[1][row])))
    return found


def classes(many: int, ties: list[tuple[int, int]]) -> list[int]:
    """Return for each of ``many`` numbers the lowest one that it is tied to."""
    root = list(range(many))

    def top(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for a, b in ties:
        first, second = sorted((top(a), top(b)))
        root[second] = first
    return [top(n) for n in root]


def grouped(of: list[int]) -> dict[int, list[int]]:
    """Return the numbers of each class."""
    found = defaultdict(list)
    for n, name in enumerate(of):
        found[name].append(n)
    return dict(found)
