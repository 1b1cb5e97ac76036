"""Which steps are told anew in a month, and which stay as told: a step moves only when ten of its people have (ADR 16)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.reporting import rules
from app.domain.reporting.measuring import marks, registry
from app.models.reporting import StepSet

LARGE: Final = 1000  # people: nobody knows all who come to so many in a month, or go; such a step is told anew each time

Counts = dict[str, int]  # answer -> how many


@dataclass(frozen=True, slots=True)
class Before:
    """What the month before says to one question, by step, and of which month that is."""

    counts: dict[str, Counts]
    months: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Told:
    step: str
    period: str
    people: marks.Marks
    printed: bool  # it was large enough for numbers of it to be printed, and small enough for somebody to know everybody


def anew(
    db: Session, question: str, people: dict[str, set[UUID]], counts: dict[str, Counts], before: Before, threshold: int
) -> set[str]:  # fmt: skip
    """Return the steps of which the answers to one question are told anew: ten people came or went, or ten answered anew, since.

    And no people whose answers to it were ever told are almost the same, of another step neither, in whichever month: else somebody
    who knows who makes the difference would read from two numbers what they said. Only a step within another one that is told in
    this month too is left to the protector, which looks at the rest between them.
    """
    kept = _kept(db, question)
    last = {one.step: one for one in kept}
    fresh: dict[str, marks.Marks] = {}
    found: set[str] = set()
    for step in (step.key for step, _who in registry.steps() if step.key in counts):
        if len(people[step]) >= LARGE:
            found.add(step)
            continue
        mine, told, since = set(marks.by_person(db, people[step]).values()), last.get(step), ""
        if told is not None and marks.is_alike(mine, told.people):
            if before.months.get(step) != told.period or not _answered(counts[step], before.counts[step]):
                continue
            since = told.period  # so many answers lie between it and now that nothing older can be compared
        others = [one.people for one in kept if one.printed and one.period > since]
        others += [each for key, each in fresh.items() if key not in _holding(step)]
        if len(mine) < threshold:
            found.add(step)  # of so few nothing is printed, whoever they are
        elif not any(marks.is_alike(mine, other) for other in others):
            fresh[step] = mine
            found.add(step)
    return found


def remember(db: Session, period: str, question: str, sets: dict[str, list[str]], threshold: int) -> None:
    """Keep marks of the people of whom a month tells, by step; of a large step only that it was told."""
    gone = marks.erased(db)
    for step, people in sets.items():
        large = len(people) >= LARGE
        text = "" if large else marks.marked(db, people, gone)
        printed = threshold <= len(people) < LARGE
        db.add(StepSet(step=step, question=question, period=period, marks=text, printed=printed))


def _kept(db: Session, question: str) -> list[_Told]:
    """Return what was ever told of a question, the oldest first."""
    of = sa.select(col(StepSet.step), col(StepSet.period), col(StepSet.marks), col(StepSet.printed))
    rows = db.execute(of.where(col(StepSet.question) == question).order_by(col(StepSet.period)))
    return [_Told(step, period, set(text.split()), printed) for step, period, text, printed in rows]


def _answered(now: Counts, before: Counts) -> bool:
    """Say whether at least ten people changed what they said, by the numbers alone: each moves two of them by one."""
    return sum(abs(now.get(answer, 0) - before.get(answer, 0)) for answer in {*now, *before}) >= 2 * rules.MOVED


def _holding(step: str) -> list[str]:
    """Return the steps that hold a step, the nearest first."""
    of = {one.key: one.of for one in registry.FUNNEL}[step]
    return [of, *_holding(of)] if of else []


def told_within(step: str, months: dict[str, str], steps: set[str]) -> str:
    """Return the nearest step that holds a step and is of the same month, "" for none: only there every person is in both."""
    same = (key for key in _holding(step) if key in steps and months.get(key) == months.get(step))
    return next(same, "")
