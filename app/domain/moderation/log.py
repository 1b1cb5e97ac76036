"""The public log: how often what was decided about public stories, quarter by quarter; nothing that would tell of one person."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import days, now
from app.core.i18n import _, month_words
from app.domain.moderation.wording import DECIDED
from app.models.moderation import Case, CaseKind, Decision, DecisionCount, Outcome
from app.models.stories import Audience, Story

MONTHS = 3
SHOWN = 3  # quarters; what is older than a year is removed
_C, _D, _S = Case.__table__, Decision.__table__, Story.__table__  # type: ignore[attr-defined]
_N: Any = DecisionCount.__table__  # type: ignore[attr-defined]
# Only what everybody could read: what was declined unseen, is for members or stands in a group, is nobody's business here.
_PUBLIC = sa.and_(_C.c.kind == CaseKind.FLAG, _S.c.audience == Audience.EVERYONE)
_FOUND = _D.join(_C, _C.c.id == _D.c.case_id).join(_S, _S.c.id == _C.c.subject_id)


@dataclass(frozen=True, slots=True)
class Line:
    """What was decided so often, under which rule ("" where it takes none)."""

    what: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months that are over: the first and the last in words, and what happened often enough to be told."""

    first: str
    last: str
    lines: list[Line]


def quarters(db: Session, threshold: int) -> list[Quarter]:
    """Return the last three quarters that are over, the newest first, as they were counted when they were; one statement.

    Only what happened ``threshold`` times or more in a quarter is told, by outcome and rule, and there is no sum: in a small
    network one decision tells whose story it was. What an appeal took back counts in the quarter in which that happened.
    """
    edges = _edges()
    found = db.execute(sa.select(_N).where(_N.c.quarter >= edges[-1].date(), _N.c.outcome != "", _N.c.often >= threshold)).all()
    return [
        Quarter(
            month_words(first.date()), month_words((end - days(1)).date()),
            sorted((Line(_(DECIDED[Outcome(one.outcome)]), one.rule, one.often) for one in found if one.quarter == first.date()),
                   key=lambda line: (line.rule, line.what)),
        )
        for end, first in pairwise(edges)
    ]  # fmt: skip


def count(db: Session) -> int:
    """Count, once for all processes and for good, the quarters that are over and not counted yet; return how many it was.

    A count that moved later, or differed between two looks, would tell what just happened to one story.
    """
    edges, done = _edges(), 0
    db.execute(sa.delete(_N).where(_N.c.quarter < edges[-1].date()))
    counted: set[date] = set(db.execute(sa.select(_N.c.quarter).where(_N.c.outcome == "")).scalars())
    for end, first in pairwise(edges):
        if first.date() not in counted:
            rows = [(one.outcome.value, one.rule or "", one.often) for one in db.execute(_counts(first, end))]
            values = [{"quarter": first.date(), "outcome": o, "rule": r, "often": n} for o, r, n in [*rows, ("", "", 0)]]
            db.execute(sa.insert(_N), values)
            done += 1
    return done


def _counts(first: datetime, end: datetime) -> sa.Select[Any]:
    def happened(at: Any, outcome: Any, rule: Any) -> Any:
        within = sa.and_(_PUBLIC, ~_D.c.undone, at >= first, at < end)
        return sa.select(outcome.label("outcome"), rule.label("rule")).select_from(_FOUND).where(within)

    both = sa.union_all(
        happened(_D.c.at, _D.c.outcome, _D.c.rule),
        happened(_D.c.overturned_at, sa.literal(Outcome.OVERTURN, _D.c.outcome.type), sa.cast(sa.null(), _D.c.rule.type)),
    ).subquery()
    return sa.select(*both.c, sa.func.count().label("often")).group_by(*both.c)


def _edges() -> list[datetime]:
    """Return when this quarter begins, then the beginnings of those before it, the newest first."""
    edges = [_start(now())]
    while len(edges) <= SHOWN:
        edges.append(_start(edges[-1] - days(1)))
    return edges


def _start(moment: datetime) -> datetime:
    """Return when the quarter of a moment begins."""
    first = (moment.month - 1) // MONTHS * MONTHS + 1
    return moment.replace(month=first, day=1, hour=0, minute=0, second=0, microsecond=0)
