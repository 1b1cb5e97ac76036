"""A month is counted once: exact numbers, frozen and sealed. Nothing but the protector reads them."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.verdict import require
from app.domain.reporting import rules
from app.domain.reporting.measuring import grouping, registry
from app.domain.reporting.protecting.tables import last_day
from app.domain.reporting.question import answers, more
from app.models.reporting import NumberSnapshot

MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
SAID: Final = ("woman", "man", "another", "unsaid")


def last_ended(today: date) -> str:
    """Return the last month that is over, such as 2026-10."""
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def end_of(period: str) -> date | None:
    """Return the last day of a month; None for what is no month."""
    return last_day(period) if MONTH.fullmatch(period) else None


def begin(db: Session, period: str) -> bool:
    """Say whether a month has to be counted, and note then that it is; Refused before its end or too late."""
    end = end_of(period)
    require(rules.has_ended(end, now().date()))
    if frozen(db, period) is not None:
        return False
    require(rules.is_in_time(end or date.min, now().date()))  # what is no month was refused above
    answers.note_counting(db, period)
    return True


def freeze(db: Session, period: str, counts: dict[str, Any] | None = None) -> NumberSnapshot:
    """Return the counts of a month: as they were frozen, or ``counts``, or counted now, the first time; Refused as ``begin``.

    Of two that count at the same moment one wins, and both get its numbers.
    """
    if counts is None and begin(db, period):
        counts = counted(db, period)
    if (found := frozen(db, period)) is not None:
        return found
    row = NumberSnapshot(period=period, counted_on=now().date(), counts=json.dumps(counts))
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except sa.exc.IntegrityError:
        return db.exec(select(NumberSnapshot).where(NumberSnapshot.period == period)).one()
    return row


def frozen(db: Session, period: str) -> NumberSnapshot | None:
    """Return the counts of a month that were frozen, None without."""
    return db.exec(select(NumberSnapshot).where(NumberSnapshot.period == period)).first()


def counted(db: Session, period: str) -> dict[str, Any]:
    """Return the exact counts of a month, after ``begin``; only reads."""
    end = end_of(period) or date.min
    said = answers.opened_for_counting(db)
    people: dict[str, set[Any]] = {"": set()}
    steps: dict[str, dict[str, int]] = {}
    for step, who in registry.steps():
        found = {key for (key,) in db.execute(who(end))}
        within = people.get(step.of) if step.of else found
        people[step.key] = found & (within if within is not None else people["joined"])
        counts = Counter(said[one].gender if one in said else "unsaid" for one in people[step.key])
        steps[step.key] = {answer: counts[answer] for answer in SAID}
    first = end.replace(day=1)
    tables = {table.key: counts(db, first, end) for table, counts in registry.tables()}
    further = {key: _by_answer(key, said, people) for key in more.asked(db)}
    groups = grouping.counted(db, end, said, people["joined"]) if rules.ends_quarter(end) else {}
    return {"steps": steps, "tables": tables, "more": further, "groups": groups}


def _by_answer(key: str, said: dict[Any, answers.Said], people: dict[str, set[Any]]) -> dict[str, dict[str, int]]:
    """Return by step how many people gave which answer to a further question; "" for those who gave none."""
    return {
        step: dict(Counter(said[one].more.get(key, "") if one in said else "" for one in people[step]))
        for step in registry.BROKEN_DOWN
        if step in people
    }


def opened(snapshot: NumberSnapshot) -> dict[str, Any]:
    """Return the exact counts of a month, for the protector."""
    counts: dict[str, Any] = json.loads(snapshot.counts)
    return counts


def forget_groups(db: Session, period: str) -> None:
    """Take the groups out of the frozen counts, and with them who was counted in which: their lines keep all that is needed."""
    found = frozen(db, period)
    if found is not None and (counts := opened(found)).pop("groups", None):
        found.counts = json.dumps(counts)


def is_late(db: Session, period: str) -> bool:
    """Say whether a later month is counted already."""
    return bool(db.execute(sa.select(sa.exists().where(col(NumberSnapshot.period) > period))).scalar())
