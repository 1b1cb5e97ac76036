"""R8: whole percentages of rounded counts where at least 50 stand behind them, bands where at least 25 do."""

from math import inf

from app.domain.reporting.protecting.first import BAND_FROM, SHARE_FROM
from app.domain.reporting.protecting.knowledge import SLACK, Bounds
from app.domain.reporting.protecting.system import System
from app.domain.reporting.protecting.tables import Table, rounded

BANDS = ("under 20", "20–40", "40–60", "over 60")


def percentage(part: int, whole: int) -> int:
    """Return a rounded count as a whole percentage of another one (halves upwards)."""
    return (200 * part + whole) // (2 * whole)


def band(part: int, whole: int) -> str:
    """Return the band of a share: under 20, 20–40, 40–60 or over 60 % of the whole."""
    hundred = 100 * part
    return BANDS[(hundred >= 20 * whole) + (hundred >= 40 * whole) + (hundred > 60 * whole)]


def banded(table: Table, row: int) -> bool:
    """Say whether the shares of a row are printed as bands."""
    return table.percent and BAND_FROM <= rounded(table.grid[row][-1]) < SHARE_FROM


def bands_of_hidden(tables: list[Table], system: System, hidden: set[int]) -> dict[int, Bounds]:
    """Return for hidden cells with a band how far it lets them be from the truth; a band stands only beside a shown total."""
    found: dict[int, Bounds] = {}
    for table, at in zip(tables, system.at, strict=True):
        for i in range(len(table.rows)):
            if table.printed is None and banded(table, i) and at[i][-1] not in hidden:
                for j, n in enumerate(at[i][:-1]):
                    if n in hidden:
                        low, high = _reach(table.grid[i][j], table.grid[i][-1])
                        before = found.get(n, (-inf, inf))
                        found[n] = max(before[0], low), min(before[1], high)
    return found


def _reach(count: int, whole: int) -> Bounds:
    """Return how far below and above a count its band reaches."""
    total, own = rounded(whole), band(rounded(count), rounded(whole))
    inside = [five for five in range(0, total + 10, 5) if band(five, total) == own]
    least = max(0, min(inside) - SLACK) - count
    return least, inf if own == BANDS[-1] else max(inside) + SLACK - count
