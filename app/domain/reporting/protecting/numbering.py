"""Which cells of which tables are the same number: tables of one universe and one day share what has the same labels."""

from dataclasses import dataclass, field
from itertools import product

from app.domain.reporting.protecting.tables import ALL, Table, last_day
from app.domain.reporting.refusing import BadNumbers

Name = tuple[str, ...]  # universe, day, labels: what a number counts


@dataclass(slots=True)
class Numbers:
    """Every number once: ``at[t][i][j]`` is the number in table t, row i, column j (totals last)."""

    names: list[Name] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    at: list[list[list[int]]] = field(default_factory=list)
    known: dict[Name, list[tuple[int, str, object]]] = field(
        default_factory=dict
    )  # number, period, what its labels are chosen from

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
        universe = universe_of(table, parents)
        ends = (frozenset(table.rows), frozenset(table.cols))
        rows, cols = table.labels
        numbers.at.append([[_number(numbers, table, universe, ends, i, j) for j in range(len(cols))] for i in range(len(rows))])
    return numbers


def universe_of(table: Table, by_id: dict[tuple[str, str], Table]) -> str:
    """Return whom a table counts, in words that stay the same over the periods.

    A part of a universe that carries the name of the whole is a universe of its own.
    """
    parents = (by_id.get((parent, table.period)) for parent in table.subset_of)
    own = table.universe.replace(table.period, "")
    return f"{own}\n{table.id_without_period}" if any(p and p.universe == table.universe for p in parents) else own


def labels_of(table: Table, i: int, j: int) -> tuple[str, ...]:
    """Return the labels of a cell in alphabetical order, so that a table turned on its side is the same table."""
    rows, cols = table.labels
    return tuple(sorted(label for label in (rows[i], cols[j]) if label != ALL))


Ends = tuple[frozenset[str], frozenset[str]]


def _number(numbers: Numbers, table: Table, universe: str, ends: Ends, i: int, j: int) -> int:
    labels = labels_of(table, i, j)
    name = (universe, str(last_day(table.period) or table.period), *labels)
    count = table.grid[i][j]
    kinds = frozenset(end for end, n in zip(ends, (i, j), strict=True) if n < len(end))  # what its labels are chosen from
    same = numbers.known.setdefault(name, [])
    for number, period, others in same:
        if numbers.counts[number] == count:
            return number
        if others == kinds and period == table.period:
            what = " and ".join(labels) or "everybody"
            raise BadNumbers(
                f'The tables of "{table.universe}" for {table.period} do not fit: table "{table.id}" has {count} for {what}, '
                f"another one has {numbers.counts[number]}."
            )
    numbers.names.append((*name[:2], *labels, *([f"\n{count}"] if same else [])))
    numbers.counts.append(count)
    same.append((len(numbers.counts) - 1, table.period, kinds))
    return len(numbers.counts) - 1


def pairs(table: Table, other: Table) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the places of two tables that carry the same labels, totals included."""
    places, found = [dict(zip(labels, range(len(labels)), strict=True)) for labels in other.labels], []
    for (i, row), (j, col) in product(*(list(enumerate(labels)) for labels in table.labels)):
        if row in places[0] and col in places[1]:
            found.append(((i, j), (places[0][row], places[1][col])))
        elif col in places[0] and row in places[1]:
            found.append(((i, j), (places[0][col], places[1][row])))
    return found
