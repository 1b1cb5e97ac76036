"""The only way out for numbers: ``publishable(release)`` applies rules R1 to R10 and returns what may be printed."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.reporting.protecting import auditing, hiding
from app.domain.reporting.protecting.first import consequences, hidden_first, needs_total
from app.domain.reporting.protecting.hiding import State
from app.domain.reporting.protecting.knowledge import Knowledge, knowledge
from app.domain.reporting.protecting.linking import linked
from app.domain.reporting.protecting.numbering import numbered
from app.domain.reporting.protecting.problem import problem
from app.domain.reporting.protecting.shares import percentage
from app.domain.reporting.protecting.system import System, assembled
from app.domain.reporting.protecting.tables import Shown, Table, rounded

RULES = "1"  # raise it with every change of what is printed or hidden
ROUNDS = 200  # searches for what to hide further; then the coarser table goes out
LEVELS = 3  # of coarseness: without cells, with the grand total only, nothing


@dataclass(frozen=True, slots=True)
class Release:
    """Tables in the order of their periods; those with ``printed`` were published before and are only protected further."""

    tables: list[Table]
    threshold: int = 10


@dataclass(frozen=True, slots=True)
class Printed:
    """One table as it may be shown: rounded counts, or whole percentages of its rows with counts as totals; None is hidden."""

    table: Table
    shown: Shown


@dataclass(frozen=True, slots=True)
class Published:
    """What goes out, and the record of R10. ``told_before``: hidden numbers that earlier releases had given away already."""

    tables: list[Printed]
    rules: dict[str, Any]
    audit: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def publishable(release: Release) -> Published:
    """Return the release as it may be printed.

    Raises ``BadNumbers`` where tables contradict each other. The result never holds a number below the threshold, and every
    hidden one has a range of at least ``auditing.WIDTH`` for somebody who knows the rules, everything printed, and who joined
    and left between two periods of a table of groups.
    """
    if not release.tables:
        return Published([], _rules(release), {"cells": 0, "hidden": 0, "narrowest": None})
    numbers = numbered(release.tables)
    system = assembled(release.tables, numbers, linked(release.tables, numbers), release.threshold)
    work = _Work(release, system)
    work.run()
    tables = [work.printed(n) for n in range(len(release.tables))]
    return Published(tables, _rules(release), work.record(), work.notes)


def _rules(release: Release) -> dict[str, Any]:
    return {"version": RULES, "threshold": release.threshold, "rounding": 5, "width": auditing.WIDTH}


class _Work:
    """One run of the protector: hide, audit, hide further, until every hidden number is safe."""

    def __init__(self, release: Release, system: System) -> None:
        self.release, self.system = release, system
        self.problem = problem(system)
        self.known: Knowledge = knowledge(system, release.threshold)
        self.needs = needs_total(release.tables, system)
        self.audit, self.notes, self.coarse = auditing.Audit(), list[str](), 0
        self.hidden = self.closed(hidden_first(release.tables, system, release.threshold))
        self.first = len(self.hidden)
        self.given_away = self.lost()

    def closed(self, hidden: set[int]) -> set[int]:
        """Return hidden numbers with what has to go with them."""
        return consequences(hidden, self.system, self.needs, self.release.threshold)

    def lost(self) -> set[int]:
        """Return numbers that stay narrow even if this release printed nothing: earlier releases gave them away."""
        if not any(self.system.told):
            return set()
        everything = set(range(self.system.size))
        low, high = self.known.bounds(everything)
        targets = {n for n in everything if self.system.fresh[n] or self.kept_back(n)}
        return auditing.narrow(self.problem, low, high, targets, auditing.Audit())

    def kept_back(self, n: int) -> bool:
        """Say whether an earlier release hid it."""
        return any(printed is None for _count, printed in self.system.told[n])

    def run(self) -> None:
        """Hide until the audit passes; when nothing more can be chosen, or after too many rounds, take the coarser tables."""
        for turn in range(ROUNDS * (LEVELS + 1)):
            narrow, state, low, high = self.question()
            if not narrow:
                return
            choice = hiding.by_sums(state, low, high, narrow)
            if not choice:
                choice = hiding.by_duals(state, low, high, narrow)
            if (turn + 1) % ROUNDS == 0 or not choice:
                if not self.coarsen(narrow):
                    self.given_away |= narrow
                continue
            self.hidden = self.closed(self.hidden | choice)

    def question(self) -> tuple[set[int], State, Any, Any]:
        """Return the hidden numbers whose range is too narrow now: by closed form if there are any, else by the audit."""
        low, high = self.known.bounds(self.hidden)
        targets = self.hidden - self.given_away - self.audit.safe
        narrow = auditing.too_narrow_alone(self.problem, low, high, targets)
        narrow = narrow or auditing.narrow(self.problem, low, high, targets, self.audit)
        return narrow, State(self.system, self.problem, self.hidden), low, high

    def coarsen(self, narrow: set[int]) -> bool:
        """Hide the cells (then the totals of rows and columns, then everything) of tables with a narrow number (R10)."""
        self.coarse += 1
        more: set[int] = set()
        for table, at in zip(self.release.tables, self.system.at, strict=True):
            lines = [*at[:-1], at[-1]]
            if table.printed is None and narrow & {n for line in lines for n in line}:
                more |= {n for line in at[:-1] for n in line[:-1]}
                more |= {n for n in (*at[-1][:-1], *(line[-1] for line in at[:-1])) if self.coarse > 1}
                more |= {at[-1][-1]} if self.coarse > 2 else set()
                self.notes.append(
                    f'Table "{table.id}" ({table.period}) is printed without details: the audit did not pass with them.'
                )
        grew = not more <= self.hidden
        self.hidden = self.closed(self.hidden | more)
        self.notes = sorted(set(self.notes))
        return grew or self.coarse <= LEVELS

    def printed(self, n: int) -> Printed:
        """Return one table as it may be printed."""
        table, at = self.release.tables[n], self.system.at[n]
        if table.printed is not None:
            return Printed(table, table.printed)
        shown = [
            [None if unknown in self.hidden else rounded(count) for unknown, count in zip(line, counts, strict=True)]
            for line, counts in zip(at, table.grid, strict=True)
        ]
        if table.percent:
            for line in shown[:-1]:
                whole = line[-1]
                line[:-1] = [None if n is None or whole is None else percentage(n, whole) for n in line[:-1]]
            shown[-1][:-1] = [None] * len(table.cols)  # shares are of rows; what stands below them would be read as one
        return Printed(table, tuple(map(tuple, shown)))

    def record(self) -> dict[str, Any]:
        """Return the result of the audit."""
        fresh = {n for n in range(self.system.size) if self.system.fresh[n]}
        hidden = self.hidden & fresh
        return {
            "cells": len(fresh), "hidden": len(hidden), "narrowest": auditing.WIDTH if hidden - self.given_away else None,
            "hidden_for_protection": len(self.hidden) - self.first, "told_before": len(self.given_away),
            "searches": self.audit.searches,
        }  # fmt: skip
