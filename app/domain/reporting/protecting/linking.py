"""What an attacker knows about how numbers hang together within one period: sums, parts, subsets and what they leave over."""

from dataclasses import dataclass, field

from app.domain.reporting.protecting.numbering import Numbers, pairs, words_of
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
    """How numbers hang together.

    ``within``: (part, whole) where the people of the one are among those of the other; ``rests``: (rest, part, whole) where
    those who are in the whole only are few: nobody prints them, but everybody can subtract.
    """

    sums: list[Sum] = field(default_factory=list)
    within: list[tuple[int, int]] = field(default_factory=list)
    rests: list[tuple[int, int, int]] = field(default_factory=list)


def linked(tables: list[Table], numbers: Numbers, few: int) -> Links:
    """Return every link between the numbers of the tables; raises ``BadNumbers`` for a reference or a part that cannot be.

    The rests of fewer than ``few`` people are added to the numbers.
    """
    links = Links()
    for t, table in enumerate(tables):
        _add_sums(links, table, numbers.at[t])
        if table.row_parts:
            _add_parts(links, tables, t, numbers)
        for parent in table.subset_of:
            _add_subset(links, table, numbers.at[t], parent, tables, numbers)
    for part, whole in sorted(set(links.within)):
        left = numbers.counts[whole] - numbers.counts[part]
        if part != whole and left < few:
            links.rests.append((numbers.new((*numbers.names[part], "\trest", *numbers.names[whole]), left), part, whole))
    links.sums += [Sum(REST, whole, (part, rest)) for rest, part, whole in links.rests]
    return links


def _add_sums(links: Links, table: Table, at: list[list[int]]) -> None:
    links.sums += [Sum(ROW, line[-1], tuple(line[:-1])) for line in at]
    counted = [i for i, row in enumerate(table.rows) if row not in table.sums]
    links.sums += [Sum(COLUMN, at[-1][j], tuple(at[i][j] for i in counted)) for j in range(len(table.cols) + 1)]


def _add_parts(links: Links, tables: list[Table], t: int, numbers: Numbers) -> None:
    table = tables[t]
    day = last_day(table.period) or table.period
    of_the_day = [n for n, other in enumerate(tables) if (last_day(other.period) or other.period) == day]
    for row, parts in table.row_parts.items():
        there = [n for n in of_the_day if set(parts) <= set(tables[n].rows)]
        mine = [n for n in there if numbers.universes[n] == numbers.universes[t]]
        if not mine:  # a subset that carries the name of its whole: its parts are in the subset where they fit
            mates = [n for n in there if tables[n].universe == table.universe]
            mine = [n for n in mates if all(fits for fits, _sum in _parts(tables, t, n, row, numbers))]
        if not mine or not parts:
            raise BadNumbers(f'Table "{table.id}" ({table.period}): the parts of "{row}" are in no table of its universe.')
        for fits, found in (both for n in mine for both in _parts(tables, t, n, row, numbers)):
            if not fits:
                raise BadNumbers(f'Table "{table.id}" ({table.period}): "{row}" is not the sum of its parts.')
            links.sums.append(found)


def _parts(tables: list[Table], t: int, n: int, row: str, numbers: Numbers) -> list[tuple[bool, Sum]]:
    """Return for each column that two tables share whether a row of the one is the sum of rows of the other, and that sum."""
    table, other = tables[t], tables[n]
    mine, theirs = ((*one.cols, ALL) for one in (table, other))
    line, inside = numbers.at[t][table.rows.index(row)], [numbers.at[n][other.rows.index(p)] for p in table.row_parts[row]]
    found = [Sum(PARTS, line[mine.index(col)], tuple(cells[j] for cells in inside)) for j, col in enumerate(theirs) if col in mine]
    return [(numbers.counts[one.total] == sum(numbers.counts[m] for m in one.parts), one) for one in found]


def _add_subset(links: Links, table: Table, at: list[list[int]], parent: str, tables: list[Table], numbers: Numbers) -> None:
    whole = _parent(table, parent, tables)
    for (i, j), (k, m) in pairs(table, tables[whole]):
        part, all_of_it = at[i][j], numbers.at[whole][k][m]
        if numbers.counts[part] > numbers.counts[all_of_it]:
            raise BadNumbers(
                f'Table "{table.id}" ({table.period}) has more people than "{parent}", which it is a part of, '
                f"for {words_of(table, i, j)}."
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
