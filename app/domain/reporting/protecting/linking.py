"""What an attacker knows about how numbers hang together: sums, parts, subsets, and the same number a period later."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.reporting.protecting.numbering import Numbers, labels_of, pairs, universe_of
from app.domain.reporting.protecting.tables import ALL, Table, last_day
from app.domain.reporting.refusing import BadNumbers

ROW, PARTS, COLUMN, REST = 0, 1, 2, 3  # the order in which a range is widened


@dataclass(frozen=True, slots=True, order=True)
class Sum:
    """``total`` is the sum of ``parts`` (numbers, later unknowns)."""

    kind: int
    total: int
    parts: tuple[int, ...]


@dataclass(slots=True)
class Links:
    """How numbers hang together, as pairs.

    ``same``: they change by the same, known amount; ``within``: the first are some of the people of the second; ``below``: the
    first is at most the second; ``after``: the second is the first a period later.
    """

    sums: list[Sum] = field(default_factory=list)
    same: list[tuple[int, int]] = field(default_factory=list)
    within: list[tuple[int, int]] = field(default_factory=list)
    below: list[tuple[int, int]] = field(default_factory=list)
    after: list[tuple[int, int]] = field(default_factory=list)


def linked(tables: list[Table], numbers: Numbers) -> Links:
    """Return every link between the numbers of the tables; raises ``BadNumbers`` for a reference or a part that cannot be."""
    links = Links()
    for table, at in zip(tables, numbers.at, strict=True):
        _add_sums(links, table, at)
        _add_parts(links, table, at, [(t, a) for t, a in zip(tables, numbers.at, strict=True) if t.period == table.period], numbers)
        for parent in table.subset_of:
            _add_subset(links, table, at, parent, tables, numbers)
    _add_time(links, tables, numbers)
    return links


def _add_sums(links: Links, table: Table, at: list[list[int]]) -> None:
    links.sums += [Sum(ROW, line[-1], tuple(line[:-1])) for line in at]
    counted = [i for i, row in enumerate(table.rows) if row not in table.sums]
    links.sums += [Sum(COLUMN, at[-1][j], tuple(at[i][j] for i in counted)) for j in range(len(table.cols) + 1)]


def _add_parts(
    links: Links, table: Table, at: list[list[int]], others: list[tuple[Table, list[list[int]]]], numbers: Numbers
) -> None:
    for row, parts in table.row_parts.items():
        there = [(t, a) for t, a in others if t.universe == table.universe and set(parts) <= set(t.rows)]
        if not there or not parts:
            raise BadNumbers(f'Table "{table.id}" ({table.period}): the parts of "{row}" are in no table of its universe.')
        for other, cells in there:
            for j, col in enumerate((*other.cols, ALL)):
                k = (*table.cols, ALL).index(col) if col in (*table.cols, ALL) else None
                if k is None:
                    continue
                total, inside = at[table.rows.index(row)][k], tuple(cells[other.rows.index(part)][j] for part in parts)
                if numbers.counts[total] != sum(numbers.counts[n] for n in inside):
                    raise BadNumbers(
                        f'Table "{table.id}" ({table.period}): "{row}" is not the sum of its parts ({col or "total"}).'
                    )
                links.sums.append(Sum(PARTS, total, inside))


def _add_subset(links: Links, table: Table, at: list[list[int]], parent: str, tables: list[Table], numbers: Numbers) -> None:
    whole = _parent(table, parent, tables)
    for (i, j), (k, m) in pairs(table, tables[whole]):
        part, all_of_it = at[i][j], numbers.at[whole][k][m]
        if numbers.counts[part] > numbers.counts[all_of_it]:
            raise BadNumbers(
                f'Table "{table.id}" ({table.period}) has {numbers.counts[part]} where "{parent}", which it is a part of, has '
                f"{numbers.counts[all_of_it]} ({', '.join(labels_of(table, i, j)) or 'total'})."
            )
        links.within.append((part, all_of_it))


def _parent(table: Table, name: str, tables: list[Table]) -> int:
    """Return the position of the table that another is a subset of: by id, of the same period or day if there are several."""
    by_id = [n for n, t in enumerate(tables) if t.id == name and t is not table]
    day = last_day(table.period)
    for fits in (
        lambda t: t.period == table.period,
        lambda t: day is not None and last_day(t.period) == day,
        lambda t: len(by_id) == 1,
    ):
        found = [n for n in by_id if fits(tables[n])]
        if found:
            return found[0]
    raise BadNumbers(f'Table "{table.id}" ({table.period}) is a subset of "{name}", which is not in the file.')


Key = tuple[str, ...]


def _add_time(links: Links, tables: list[Table], numbers: Numbers) -> None:
    """Tie each number to what it was a period before: by known comings and goings, by "never less", or only as its successor."""
    parents = {(t.id, t.period): t for t in tables}
    order = sorted(range(len(tables)), key=lambda n: (str(last_day(tables[n].period) or ""), n))
    latest: dict[Key, int] = {}
    known: dict[Key, tuple[int, frozenset[str]]] = {}
    grown: dict[Key, int] = {}
    for n in order:
        table, rows = tables[n], frozenset(tables[n].rows)
        for key, number, is_column_total in _keyed(table, universe_of(table, parents), numbers, numbers.at[n]):
            if latest.get(key, number) != number:
                links.after.append((latest[key], number))
            latest[key] = number
            if table.comings_and_goings_are_known:
                earlier, earlier_rows = known.get(key, (number, rows))
                # A group that is new or gone changes the totals by people whom nobody needs to know.
                if earlier != number and (earlier_rows == rows or not is_column_total):
                    links.same.append((earlier, number))
                known[key] = (number, rows)
            elif table.kind == "cumulative":
                smaller = grown.get(key, number)
                if smaller != number and numbers.counts[smaller] <= numbers.counts[number]:  # fewer: an account was deleted
                    links.below.append((smaller, number))
                grown[key] = number


def _keyed(table: Table, universe: str, numbers: Numbers, at: list[list[int]]) -> Iterator[tuple[Key, int, bool]]:
    """Yield what a number is called in every period, the number, and whether it is a total over all rows."""
    for i, line in enumerate(at):
        for j, number in enumerate(line):
            labels = labels_of(table, i, j)
            own = (table.id_without_period,) if numbers.is_ambiguous(number) else ()
            yield (universe, *own, *labels), number, i == len(table.rows)
