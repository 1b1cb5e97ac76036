"""A month is counted once: exact numbers, frozen and sealed. Nothing but the protector reads them."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.verdict import require
from app.domain.reporting import rules
from app.domain.reporting.measuring import grouping, marks, registry, stepping
from app.domain.reporting.protecting.tables import last_day
from app.domain.reporting.question import answers, more
from app.models.reporting import NumberSnapshot

MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
SAID: Final = ("woman", "man", "another", "unsaid")
GENDER: Final = ""  # the question about it, beside the further ones


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
    marks.make_ready(db)
    return True


def freeze(db: Session, period: str, counts: dict[str, Any] | None = None) -> NumberSnapshot:
    """Return the counts of a month: as they were frozen, or ``counts``, or counted now, the first time; Refused as ``begin``.

    Of two that count at the same moment one wins, and both get its numbers.
    """
    if counts is None and begin(db, period):
        counts = counted(db, period)
    if (found := frozen(db, period)) is not None:
        return found
    counts = dict(counts or {})
    sets = counts.pop("sets", {})
    row = NumberSnapshot(period=period, counted_on=now().date(), counts=json.dumps(counts))
    try:
        with db.begin_nested():
            db.add(row)
            for question, people in sets.items():
                stepping.remember(db, period, question, people, core_settings.current().disclosure_threshold)
            db.flush()
    except sa.exc.IntegrityError:
        return db.exec(select(NumberSnapshot).where(NumberSnapshot.period == period)).one()
    return row


def frozen(db: Session, period: str) -> NumberSnapshot | None:
    """Return the counts of a month that were frozen, None without."""
    return db.exec(select(NumberSnapshot).where(NumberSnapshot.period == period)).first()


def counted(db: Session, period: str) -> dict[str, Any]:
    """Return the exact counts of a month, after ``begin``; only reads. What is not told anew keeps what was told last."""
    end, said = end_of(period) or date.min, answers.opened_for_counting(db)
    people, last = _people(db, end), _before(db, period)
    shown: dict[str, dict[str, stepping.Counts]] = {}
    told: dict[str, dict[str, str]] = {}
    sets: dict[str, dict[str, list[str]]] = {}
    for question in (GENDER, *more.asked(db)):
        counts = {step: _by_answer(question, one, said) for step, one in people.items() if _is_asked(question, step)}
        before = _as_told(last, question)
        fresh = stepping.anew(db, question, people, counts, before, core_settings.current().disclosure_threshold)
        kept = before.counts.keys() & counts.keys() - fresh
        shown[question] = {step: counts[step] if step in fresh else before.counts[step] for step in counts if step in fresh | kept}
        told[question] = {step: period if step in fresh else before.months.get(step, "") for step in shown[question]}
        sets[question] = {step: sorted(map(str, people[step])) for step in fresh}
    first = end.replace(day=1)
    return {
        "steps": {step: {answer: one.get(answer, 0) for answer in SAID} for step, one in shown.pop(GENDER).items()},
        "tables": {table.key: table_of(db, first, end) for table, table_of in registry.tables()},
        "facts": {key: facts_of(db, end) for key, facts_of in registry.facts()},
        "more": shown, "told": told, "sets": sets,
        "groups": grouping.counted(db, end, said, people["joined"]) if rules.ends_quarter(end) else {},
    }  # fmt: skip


def _people(db: Session, end: date) -> dict[str, set[Any]]:
    """Return by step who stands on it: always among those of the step it belongs to."""
    people: dict[str, set[Any]] = {}
    for step, who in registry.steps():
        found = {key for (key,) in db.execute(who(end))}
        people[step.key] = found & people.get(step.of, people["joined"]) if step.of else found
    return people


def _is_asked(question: str, step: str) -> bool:
    return question == GENDER or step in registry.BROKEN_DOWN


def _by_answer(question: str, people: set[Any], said: dict[Any, answers.Said]) -> stepping.Counts:
    """Return how many gave which answer; ``""`` for those who gave none to a further question."""
    if question == GENDER:
        return dict(Counter(said[one].gender if one in said else "unsaid" for one in people))
    return dict(Counter(said[one].more.get(question, "") if one in said else "" for one in people))


def _before(db: Session, period: str) -> dict[str, Any]:
    """Return the frozen counts of the last month that was counted before one."""
    of = col(NumberSnapshot.period)
    row = db.exec(select(NumberSnapshot).where(of < period).order_by(of.desc()).limit(1)).first()
    return opened(row) if row else {}


def _as_told(counts: dict[str, Any], question: str) -> stepping.Before:
    said = counts.get("steps", {}) if question == GENDER else counts.get("more", {}).get(question, {})
    return stepping.Before(said, counts.get("told", {}).get(question, {}))


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
