"""Tables of counts as the protector sees them: a grid with its totals in the last row and the last column."""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

ALL = ""  # the label of a total: no row and no column may be called so
Grid = tuple[tuple[int, ...], ...]
Shown = tuple[tuple[int | None, ...], ...]
Bands = tuple[tuple[str | None, ...], ...]
_PERIOD = re.compile(r"(\d{4})(?:-?Q([1-4])|-(\d{2})(?:-(\d{2}))?)?")
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Table:
    """Exact counts of people: ``grid[i][j]`` with one more row and one more column than labels, the totals.

    ``kind``: a *stock* is counted on a day, people come and go; a *cumulative* count never forgets anybody.
    ``percent``: it is printed as shares of its rows. ``subset_of``: ids of tables whose people include these.
    ``row_parts``: rows that are the sum of other rows, here or in another table of the same universe and period;
    ``parts_are_listed``: they came as one list for each row.
    ``own_words``: rows whose group says itself whom it is for (R9 does not hide what it says).
    ``formerly``: rows that had another label before, by their label now; what is not named here is guessed (``moving``).
    ``printed``, ``bands``: what an earlier release showed of it; None for a table that is still to be published.
    """

    id: str
    period: str
    universe: str
    rows: tuple[str, ...]
    cols: tuple[str, ...]
    grid: Grid
    title: str = ""
    kind: str = "stock"
    percent: bool = False
    subset_of: tuple[str, ...] = ()
    row_parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts_are_listed: bool = False
    own_words: frozenset[str] = frozenset()
    formerly: dict[str, str] = field(default_factory=dict)
    printed: Shown | None = None
    bands: Bands = ()

    @property
    def labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the labels of rows and columns, totals included."""
        return (*self.rows, ALL), (*self.cols, ALL)

    @property
    def id_without_period(self) -> str:
        """Return what the ids of one table have in common over the periods."""
        return self.id.replace(self.period, "")

    @property
    def sums(self) -> frozenset[str]:
        """Return the rows that are sums of other rows of this table, and are therefore left out of its column totals."""
        return frozenset(row for row, parts in self.row_parts.items() if row in self.rows and set(parts) <= set(self.rows))

    @property
    def is_of_pairs(self) -> bool:
        """Say whether both sides are one classification (mentors by mentees), so that a cell is not the same as its mirror."""
        shared = set(self.rows) & set(self.cols)
        return len(shared) > 1 or set(self.rows) == set(self.cols)

    @property
    def comings_and_goings_are_known(self) -> bool:
        """Say whether somebody may know who joined and who left between two periods of this table.

        People of a group know that of their group over a quarter; of a network, month by month, nobody does.
        """
        return not _MONTH.fullmatch(self.period)

    @property
    def told(self) -> Shown | None:
        """Return the counts that an earlier release gave away: a share or a band tells at most the rounded count it is made of."""
        if self.printed is None or not self.percent:
            return self.printed
        bands = self.bands or ((None,) * len(self.cols),) * len(self.rows)
        cells = (
            (
                *(
                    None if n is None and word is None else rounded(count)
                    for n, word, count in zip(line, words, counts, strict=False)
                ),
            )
            for line, words, counts in zip(self.printed, bands, self.grid, strict=False)
        )
        return (*((*line, shown[-1]) for line, shown in zip(cells, self.printed, strict=False)), self.printed[-1])


def last_day(period: str) -> date | None:
    """Return the last day of a year (2026), quarter (2026-Q1), month (2026-03) or day; None for other words."""
    found = _PERIOD.fullmatch(period.strip())
    if not found:
        return None
    year, quarter, month, day = (int(part) if part else None for part in found.groups())
    month = month or (quarter * 3 if quarter else 12)
    if not year or not 1 <= month <= 12:
        return None
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None


def rounded(count: int) -> int:
    """Return a count rounded to the nearest five (R2); whole numbers have no ties."""
    return (count + 2) // 5 * 5
