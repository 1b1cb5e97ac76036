"""The yearly report of Art. 15 of the Digital Services Act, point by point; every number of it through publishable().

What this program does not know is said in words, not left out: suspensions after misuse, which are worked out when they are asked
for and stand in no row. The sheets of Implementing Regulation (EU) 2024/2835 take the same numbers.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

import sqlalchemy as sa

from app.core.clock import days, now
from app.core.settings import Settings
from app.domain.moderation.ending import KEPT_DAYS
from app.domain.moderation.rules import HIDES
from app.domain.moderation.statements import RESTRICTS
from app.domain.moderation.wording import FLAGGED, REASONS
from app.domain.network import texts
from app.domain.reporting.protecting.publishing import Release, publishable
from app.domain.reporting.protecting.tables import Table
from app.models.moderation import Appeal, Case, CaseKind, Decision, Flag, Outcome
from app.models.orders import LegalOrder, Notice, OrderOutcome

_D, _C, _F, _A = Decision.__table__, Case.__table__, Flag.__table__, Appeal.__table__  # type: ignore[attr-defined]
_L: sa.Table = LegalOrder.__table__  # type: ignore[attr-defined]
_TOLD: Final = (CaseKind.FLAG, CaseKind.TALK)  # what somebody said is wrong with something that others had written
_ACCOUNTS: Final = {
    Outcome.SUSPEND: "account suspended", Outcome.CLOSE: "account terminated",
    **dict.fromkeys((Outcome.HOLD_POSTS, Outcome.NO_TOPICS, Outcome.READ_ONLY), "service limited"),
}  # fmt: skip
_RESTRICTIONS: Final = ("content not shown", "content hidden", "service limited", "account suspended", "account terminated")
_POINTS: Final = {
    "a": "Orders of authorities (Art. 9 and 10) that were answered, by what became of them, and who was told.",
    "b": "Notices (Art. 16), by what was chosen, and what came of them. None came by trusted flaggers; none was decided "
         "by automated means alone; action is taken under the house rules.",
    "c": "Moderation on own initiative, by restriction and category of the rule. Programs point at words and hold them until a "
         "person decides; those who decide read what was found and why.",
    "d": "Internal complaints (Art. 20), by who sees it differently, and what came of them. Another person decides.",
    "e": "Automated means: a program marks words for the person who decides, and hides at once, until a person has looked, what "
         "people say is dangerous; it decides nothing. What it finds on ordinary texts and on scams is measured by "
         "`hearth bench checks`.",
    "24(1)(b)": "Suspensions after misuse (Art. 23) are worked out from marks when they are asked for, and are not counted.",
}  # fmt: skip
HEAD: Final = ("point", "table", "row", "column", "value")


def report(connection: sa.Connection, settings: Settings, year: int) -> dict[str, Any]:
    """Return the report of a calendar year: hidden numbers are None, medians are whole days and only where enough was counted.

    Decisions are kept for a year, so a report that is made later says from which day on it counts.
    """
    kept = (now() - days(KEPT_DAYS)).date()
    first, last = max(date(year, 1, 1), kept), date(year, 12, 31)
    threshold = settings.disclosure_threshold
    found, told = _notices(connection, first, last), _decided(connection, settings, first, last)
    appeals = _appeals(connection, first, last)
    tables = [
        _table("orders", year, OrderOutcome, ("told", "not told yet", "about nobody"), _orders(connection, first, last)),
        _table("notices", year, sorted({reason.key for kind in FLAGGED.values() for reason in REASONS[kind]}),
               ("action taken", "no action", "waits"), found.counts),
        _table("own initiative", year, _RESTRICTIONS, sorted(_categories(settings)), told.counts),
        _table("complaints", year, ("by the author", "by the notifier"), ("upheld", "reversed", "not decided"), appeals.counts),
        _table("automated means", year, ("marked by a program", "not marked"), _RESTRICTIONS, told.marked),
    ]  # fmt: skip
    printed = publishable(Release(tables, threshold)).tables
    return {
        "year": year, "counted_from": first.isoformat(), "counted_until": min(last, now().date()).isoformat(),
        "complete": kept <= date(year, 1, 1) and now().date() > last, "threshold": threshold, "rounding": 5, "points": _POINTS,
        "tables": [
            {"point": point, "id": one.table.id, "rows": list(one.table.labels[0]), "columns": list(one.table.labels[1]),
             "cells": [list(line) for line in one.shown]}
            for point, one in zip("abcde", printed, strict=True)
        ],
        "median_days": {"notices": _median(found.lengths, threshold), "complaints": _median(appeals.lengths, threshold)},
    }  # fmt: skip


class _Counted:
    """What was counted: pairs of labels, for how many days each waited, and what a program had marked."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.marked: Counter[tuple[str, str]] = Counter()
        self.lengths: list[int] = []


def _categories(settings: Settings) -> set[str]:
    """Return the categories of the DSA under which the house rules of today stand."""
    return {rule.category for rule in texts.rules(settings.data_dir, "en")}


def _table(name: str, year: int, rows: Iterable[str], cols: Iterable[str], counts: Counter[tuple[str, str]]) -> Table:
    labels, heads = tuple(rows), tuple(cols)
    grid = [[counts[row, column] for column in heads] for row in labels]
    lines = [[*line, sum(line)] for line in grid]
    lines.append([sum(line[n] for line in lines) for n in range(len(heads) + 1)])
    return Table(
        id=f"{name} {year}", period=str(year), universe=name, rows=labels, cols=heads, grid=tuple(tuple(line) for line in lines),
        kind="cumulative",
    )  # fmt: skip


def _orders(connection: sa.Connection, first: date, last: date) -> Counter[tuple[str, str]]:
    rows = connection.execute(
        sa.select(_L.c.outcome, _L.c.notice, _L.c.told_on).where(_L.c.closed_on.between(first, last), _L.c.outcome.is_not(None))
    )
    named = {True: "told", False: "not told yet"}
    return Counter(
        (outcome, "about nobody" if notice == Notice.NOBODY else named[told is not None]) for outcome, notice, told in rows
    )


def _notices(connection: sa.Connection, first: date, last: date) -> _Counted:
    found = _Counted()
    rows = connection.execute(
        sa.select(_F.c.reason, _F.c.on, _F.c.answered_on, _D.c.outcome).join_from(_F, _C, _C.c.id == _F.c.case_id)
        .outerjoin(_D, _D.c.id == _F.c.decision_id).where(_C.c.kind.in_(_TOLD), _F.c.on.between(first, last))
    )  # fmt: skip
    for reason, on, answered, outcome in rows:
        acted = "waits" if answered is None else "action taken" if outcome in (*HIDES, Outcome.ASK_CHANGE) else "no action"
        found.counts[reason, acted] += 1
        if answered is not None:
            found.lengths.append((answered - on).days)
    return found


def _decided(connection: sa.Connection, settings: Settings, first: date, last: date) -> _Counted:
    found, categories = _Counted(), {str(rule.number): rule.category for rule in texts.rules(settings.data_dir, "en")}
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    rows = connection.execute(
        sa.select(_C.c.kind, _D.c.outcome, _D.c.rule, _D.c.machine_helped, _D.c.at).join_from(_D, _C, _C.c.id == _D.c.case_id)
        .where(~_D.c.undone, _D.c.at >= since)
    )  # fmt: skip
    for kind, outcome, rule, helped, at in rows:
        if (kind, outcome) not in RESTRICTS or at.date() > last:
            continue
        restriction = _ACCOUNTS.get(outcome, "content hidden" if outcome in HIDES else "content not shown")
        found.marked["marked by a program" if helped else "not marked", restriction] += 1
        if kind not in _TOLD and rule in categories:
            found.counts[restriction, categories[rule]] += 1
    return found


def _appeals(connection: sa.Connection, first: date, last: date) -> _Counted:
    found = _Counted()
    rows = connection.execute(
        sa.select(_A.c.flag_id, _A.c.on, _A.c.answered_on, _A.c.overturned).where(_A.c.on.between(first, last))
    )
    for flag_id, on, answered, overturned in rows:
        became = {True: "reversed", False: "upheld"}.get(overturned, "not decided")
        found.counts["by the notifier" if flag_id else "by the author", became] += 1
        if answered is not None:
            found.lengths.append((answered - on).days)
    return found


def _median(lengths: Sequence[int], threshold: int) -> int | None:
    """Return a median in whole days, None below twice the threshold: with fewer, one case could be read from it."""
    return round(median(lengths)) if len(lengths) >= 2 * threshold else None


def write(folder: Path, made: dict[str, Any]) -> list[str]:
    """Write the report as JSON and as CSV (RFC 4180; hidden numbers are empty); return the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"transparency-{made['year']}"
    (folder / f"{name}.json").write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEAD)
        writer.writerows((point, "", "", "", words) for point, words in made["points"].items())
        for table in made["tables"]:
            for row, line in zip(table["rows"], table["cells"], strict=True):
                for column, value in zip(table["columns"], line, strict=True):
                    writer.writerow((table["point"], table["id"], row, column, "" if value is None else value))
    return [f"{name}.json", f"{name}.csv"]
