"""The only way out for numbers: ``publishable(release)`` applies rules R1 to R10 and returns what may be printed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from app.domain.reporting.protecting.attacking import Attack, attacks
from app.domain.reporting.protecting.auditing import WIDTH, Audit
from app.domain.reporting.protecting.first import consequences, hidden_first, needs_total
from app.domain.reporting.protecting.hiding import State, next_hidden
from app.domain.reporting.protecting.problem import Array
from app.domain.reporting.protecting.shares import SHARE_FROM, band, percentage
from app.domain.reporting.protecting.tables import Bands, Shown, Table, rounded

RULES = "2"  # raise it with every change of what is printed or hidden
TRIES = 600_000  # attempts to give back what was hidden needlessly, times numbers: small releases are tried through
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
    work = _Work(release)
    work.hide()
    work.give_back()
    tables = [work.printed(n) for n in range(len(release.tables))]
    return Published(tables, rules, work.record(), work.notes(), work.told_before)


class _Work:
    """One run of the protector: hide, audit, hide further until every hidden number is safe; then give back what need not be."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.units, self.attacks, self.told_before = attacks(release.tables, release.threshold, lasting=release.lasting)
        self.needs = needs_total(release.tables, self.units)
        self.coarse = Counter[int]()  # by table
        self.hidden = self.for_good = self.closed(hidden_first(release.tables, self.units, release.threshold))

    def closed(self, hidden: set[int]) -> set[int]:
        """Return hidden units with what has to go with them."""
        return consequences(hidden, self.units, self.needs, self.release.threshold)

    def hide(self) -> None:
        """Hide until the audit passes with every attacker; where nothing more can be chosen, take the coarser table (R10)."""
        while found := self.found():
            attack, narrow = found
            more = next_hidden(State(attack, self.units, self.hidden), narrow)
            if not more and not self.coarsen(attack, narrow):
                return  # nothing is printed any more
            self.hidden = self.closed(self.hidden | more)

    def found(self) -> tuple[Attack, Array] | None:
        """Return an attacker who finds something, and the unknowns he finds; None when the audit passes."""
        for attack in self.attacks:
            if len(narrow := attack.narrow(self.hidden)):
                return attack, narrow
        return None

    def coarsen(self, attack: Attack, narrow: Array) -> bool:
        """Hide the cells, then the totals of rows and columns, then everything of the tables that hold narrow numbers.

        Where that is done already, of all tables. False when nothing is left.
        """
        mine = set(narrow.tolist())
        beside = {n for found in attack.system.sums for n in (found.total, *found.parts) if mine & {found.total, *found.parts}}
        touched = {attack.system.unit[n] for n in beside}
        able = [t for t, table in enumerate(self.release.tables) if table.printed is None and self.coarse[t] < len(COARSER)]
        for t in [t for t in able if any(touched & set(line) for line in self.units.at[t])] or able:
            self.coarse[t] += 1
            at = self.units.at[t]
            totals = {*at[-1][:-1], *(line[-1] for line in at[:-1])} if self.coarse[t] > 1 else set()
            everything = {at[-1][-1]} if self.coarse[t] > 2 else set()
            self.for_good = self.closed(self.for_good | {n for line in at[:-1] for n in line[:-1]} | totals | everything)
        self.hidden = self.closed(self.hidden | self.for_good)
        return bool(able)

    def give_back(self) -> None:
        """Show again what was hidden for protection where the audit passes with it: first what most people stand in."""
        totals = {n for at in self.units.at for n in (*at[-1], *(line[-1] for line in at))}
        extra = sorted(self.hidden - self.for_good, key=lambda n: (n in totals, -self.units.people(n), n))
        for unit in extra[: TRIES // self.units.size]:
            fewer = self.hidden - {unit}
            if self.closed(fewer) != fewer:
                continue
            audits = list[Audit]()
            for attack in self.attacks:
                audit = attack.audited(fewer)
                if audit is None:
                    break
                audits.append(audit)
            else:
                self.hidden = fewer
                for attack, audit in zip(self.attacks, audits, strict=True):
                    attack.audit = audit

    def printed(self, n: int) -> Printed:
        """Return one table as it may be printed."""
        table, at = self.release.tables[n], self.units.at[n]
        if table.printed is not None:
            return Printed(table, table.printed, table.bands)
        shown = [
            [None if unit in self.hidden else rounded(count) for unit, count in zip(line, counts, strict=True)]
            for line, counts in zip(at, table.grid, strict=True)
        ]
        return _shares(table, shown) if table.percent else Printed(table, tuple(map(tuple, shown)))

    def notes(self) -> list[str]:
        """Return a sentence for each table that is coarser than it was meant to be."""
        tables = self.release.tables
        return [f'Table "{tables[t].id}" ({tables[t].period}) {COARSER[level - 1]}' for t, level in sorted(self.coarse.items())]

    def record(self) -> dict[str, Any]:
        """Return the result of the audit: the narrowest range that was shown of a hidden number or of a small rest."""
        cells = {n for n, counts in enumerate(self.units.counts) if counts}
        widths = [attack.audit.width[attack.targets(self.hidden)] for attack in self.attacks if not attack.later]
        narrowest = min((int(min(width.min(), 2 * WIDTH)) for width in widths if len(width)), default=None)
        return {"cells": len(cells), "hidden": len(self.hidden & cells), "narrowest": narrowest}


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
