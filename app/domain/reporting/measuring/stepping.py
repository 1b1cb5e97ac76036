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

Counts = dict[str, dict[str, int]]  # question ("" for gender) -> answer -> how many


@dataclass(frozen=True, slots=True)
class Told:
    """Of whom a month told on a step."""

    step: str
    period: str
    people: marks.Marks


def anew(db: Session, people: dict[str, set[UUID]], counts: dict[str, Counts], before: dict[str, Counts]) -> set[str]:
    """Return the steps that are told anew: those of which ten people came or went, or ten changed what they said, since.

    And no people of whom something was ever told are almost the same, of another step neither, now or in another month: else
    somebody who knows who makes the difference would read from two numbers what they said. A step within another one that is told
    in the same release is left to the protector, which looks at the rest between them.

    ``counts`` and ``before`` by step: now, and as they were told last.
    """
    kept = _kept(db)
    last = {one.step: one for one in kept}
    fresh: dict[str, marks.Marks] = {}
    found: set[str] = set()
    for step, _who in registry.steps():
        if len(people[step.key]) >= LARGE:
            found.add(step.key)
            continue
        mine, told = set(marks.by_person(people[step.key]).values()), last.get(step.key)
        if told is None and len(mine) < rules.MOVED:
            found.add(step.key)  # of so few nothing is printed, whoever they are
            continue
        since = ""
        if told is not None and marks.is_alike(mine, told.people):
            if not _answered(counts[step.key], before.get(step.key, {})):
                continue
            since = told.period  # so many answers lie between it and now that nothing older can be compared
        nested = _nested(step.key)
        others = [one.people for one in kept if one.period > since and not (one.step in nested and one is last[one.step])]
        others += [each for key, each in fresh.items() if key not in nested]
        if not any(marks.is_alike(mine, other) for other in others):
            fresh[step.key] = mine
            found.add(step.key)
    return found


def remember(db: Session, period: str, sets: dict[str, list[str]]) -> None:
    """Keep marks of the people of whom a month tells, by step."""
    gone = marks.erased(db)
    db.add_all(StepSet(step=step, period=period, marks=marks.marked(people, gone)) for step, people in sets.items())


def to_remember(people: dict[str, set[UUID]], told: set[str]) -> dict[str, list[str]]:
    """Return whom a month tells of, by step, as far as it has to be remembered."""
    return {key: sorted(map(str, people[key])) for key in told if rules.MOVED <= len(people[key]) < LARGE}


def _kept(db: Session) -> list[Told]:
    """Return what was ever told, the oldest first."""
    rows = db.execute(sa.select(col(StepSet.step), col(StepSet.period), col(StepSet.marks)).order_by(col(StepSet.period)))
    return [Told(step, period, set(text.split())) for step, period, text in rows]


def _answered(now: Counts, before: Counts) -> bool:
    """Say whether at least ten people changed what they said, by the numbers alone: each moves two of them by one."""
    changes = [
        sum(abs(said.get(answer, 0) - before.get(question, {}).get(answer, 0)) for answer in {*said, *before.get(question, {})})
        for question, said in now.items()
    ]
    return max(changes, default=0) >= 2 * rules.MOVED


def _nested(step: str) -> set[str]:
    """Return the steps that hold a step, and those that it holds."""
    return {*_holding(step), *(one.key for one in registry.FUNNEL if step in _holding(one.key))}


def _holding(step: str) -> list[str]:
    of = {one.key: one.of for one in registry.FUNNEL}[step]
    return [of, *_holding(of)] if of else []
