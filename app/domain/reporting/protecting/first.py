"""What is hidden before anything is computed: small counts, rows with one answer, shares of few, what was hidden last time."""

from app.domain.reporting.protecting.shares import BAND_FROM
from app.domain.reporting.protecting.system import MARGIN, Units
from app.domain.reporting.protecting.tables import Table


def hidden_first(tables: list[Table], units: Units, threshold: int) -> set[int]:
    """Return the units that rules R1, R6, R8 and R9 hide, and the rests, which no table shows."""
    hidden = {n for n, counts in enumerate(units.counts) if min(counts, default=threshold) < threshold}
    hidden |= units.kept_back | units.rests
    counted = {n for table, at in zip(tables, units.at, strict=True) for n in _printed_as_counts(table, at)}
    for table, at in zip(tables, units.at, strict=True):
        if table.printed is None:
            hidden |= _one_answer(table, at)
            hidden |= _shares_of_few(table, at) - counted
    return hidden


def _one_answer(table: Table, at: list[list[int]]) -> set[int]:
    """R9: where everybody in a group gave one answer, only the total is printed, unless the group says itself whom it is for."""
    found: set[int] = set()
    if len(table.cols) == 1:
        return found
    for row, counts, line in zip(table.rows, table.grid, at, strict=False):
        if row not in table.own_words and sum(n > 0 for n in counts[:-1]) == 1:
            found.update(line[:-1])
    return found


def _printed_as_counts(table: Table, at: list[list[int]]) -> set[int]:
    """Return the units that a table prints as counts: all of a table of counts, the totals of a table of shares."""
    if not table.percent:
        return {n for line in at for n in line}
    return {*at[-1], *(line[-1] for line in at)}


def _shares_of_few(table: Table, at: list[list[int]]) -> set[int]:
    if not table.percent:
        return set()
    return {n for counts, line in zip(table.grid[:-1], at, strict=False) if counts[-1] < BAND_FROM for n in line[:-1]}


def needs_total(tables: list[Table], units: Units) -> list[tuple[int, int]]:
    """Return (cell, row total) where a cell is printed as a share only: without its total it cannot be."""
    counted = {n for table, at in zip(tables, units.at, strict=True) for n in _printed_as_counts(table, at)}
    shares = [(table, at) for table, at in zip(tables, units.at, strict=True) if table.percent and table.printed is None]
    return sorted({(n, line[-1]) for _table, at in shares for line in at[:-1] for n in line[:-1] if n not in counted})


def consequences(hidden: set[int], units: Units, needs: list[tuple[int, int]], threshold: int) -> set[int]:
    """Return ``hidden`` with what must go with it: shares without a total, and small successors of what was hidden (R6)."""
    hidden, enough = set(hidden), threshold + MARGIN
    grew = True
    while grew:
        more = {cell for cell, total in needs if total in hidden}
        more |= {b for a, b in units.after if a in hidden and min(units.counts[b], default=enough) < enough}
        grew = not more <= hidden
        hidden |= more
    return hidden
