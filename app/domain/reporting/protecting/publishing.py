"""The only way out for numbers: ``publishable(release)`` applies rules R1 to R10 and returns what may be printed."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.reporting.protecting.auditing import WIDTH
from app.domain.reporting.protecting.improving import improve
from app.domain.reporting.protecting.shares import SHARE_FROM, band, percentage
from app.domain.reporting.protecting.tables import Bands, Shown, Table, rounded
from app.domain.reporting.protecting.working import Work

RULES = "3"  # raise it with every change of what is printed or hidden
COARSER = (
    "is printed without cells: the audit did not pass with them.",
    "is printed with its grand total only: the audit did not pass with more.",
    "is not printed: the audit did not pass with any number of it.",
)


@dataclass(frozen=True, slots=True)
class Release:
    """Tables in the order of their periods; those with ``printed`` were published before and are only protected further.

    ``lasting``: later releases follow, so ranges keep a margin for people who leave until then.
    """

    tables: list[Table]
    threshold: int = 10
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """One table as it may be shown: rounded counts, or whole percentages of its rows with counts as totals; None is hidden.

    ``bands``: in a table of shares, the bands of those that are too few for a percentage (no totals).
    """

    table: Table
    shown: Shown
    bands: Bands = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What goes out, and the record of R10: ``cells``, ``hidden`` and ``narrowest`` (10 stands for all that is wider).

    ``told_before``: how many numbers an attacker who knows who joined and left has more closely than that already, because of
    earlier releases. Not for print.
    """

    tables: list[Printed]
    rules: dict[str, Any]
    audit: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    told_before: int = 0


def publishable(release: Release) -> Published:
    """Return the release as it may be printed.

    Raises ``BadNumbers`` where tables contradict each other. The result never holds a number below the threshold, and every
    hidden one, of this and of earlier releases, has a range of at least ``auditing.WIDTH`` for somebody who knows the rules,
    everything printed, and who joined and left between two periods of a table of groups; where earlier releases had left it
    less, nothing narrows it further.
    """
    rules = {"version": RULES, "threshold": release.threshold, "rounding": 5, "width": WIDTH}
    if not release.tables:
        return Published([], rules, {"cells": 0, "hidden": 0, "narrowest": None})
    work = Work(release.tables, release.threshold, lasting=release.lasting)
    work.hide()
    improve(work)
    tables = [_printed(work, n) for n in range(len(release.tables))]
    return Published(tables, rules, _record(work), _notes(work), work.told_before)


def _printed(work: Work, n: int) -> Printed:
    """Return one table as it may be printed."""
    table, at = work.tables[n], work.units.at[n]
    if table.printed is not None:
        return Printed(table, table.printed, table.bands)
    shown = [
        [None if unit in work.hidden else rounded(count) for unit, count in zip(line, counts, strict=True)]
        for line, counts in zip(at, table.grid, strict=True)
    ]
    return _shares(table, shown) if table.percent else Printed(table, tuple(map(tuple, shown)))


def _notes(work: Work) -> list[str]:
    """Return a sentence for each table that is coarser than it was meant to be."""
    return [
        f'Table "{work.tables[t].id}" ({work.tables[t].period}) {COARSER[level - 1]}' for t, level in sorted(work.coarse.items())
    ]


def _record(work: Work) -> dict[str, Any]:
    """Return the result of the audit: the narrowest range that was shown of a hidden number or of a small rest."""
    cells = {n for n, counts in enumerate(work.units.counts) if counts}
    widths = [attack.audit.width[attack.targets(work.hidden)] for attack in work.attacks if not attack.later]
    narrowest = min((int(min(width.min(), 2 * WIDTH)) for width in widths if len(width)), default=None)
    return {"cells": len(cells), "hidden": len(work.hidden & cells), "narrowest": narrowest}


def _shares(table: Table, shown: list[list[int | None]]) -> Printed:
    """Return a table of shares of its rows: whole percentages of rounded counts, bands where fewer people stand behind them."""
    lines, bands = list[tuple[int | None, ...]](), list[tuple[str | None, ...]]()
    for line, counts in zip(shown[:-1], table.grid, strict=False):
        *cells, whole = line
        parts = [(n, whole) if n is not None and whole is not None else None for n in cells]
        many = counts[-1] >= SHARE_FROM
        lines.append((*(percentage(*pair) if pair and many else None for pair in parts), whole))
        bands.append(tuple(band(*pair) if pair and not many else None for pair in parts))
    lines.append((*[None] * len(table.cols), shown[-1][-1]))  # shares are of rows; what stands below them would be read as one
    return Printed(table, tuple(lines), tuple(bands) if any(map(any, bands)) else ())
