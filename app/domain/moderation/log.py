"""The public log: how often what was decided about public stories, quarter by quarter; nothing that would tell of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import days, now
from app.core.i18n import _, month_words
from app.domain.moderation.wording import DECIDED
from app.models.moderation import Case, CaseKind, Decision, Outcome
from app.models.stories import Audience, Story

MONTHS = 3
SHOWN = 3  # quarters; what is older than a year is removed
_C, _D, _S = Case.__table__, Decision.__table__, Story.__table__  # type: ignore[attr-defined]
_EDGES = [sa.bindparam(f"edge{number}", type_=_D.c.at.type) for number in range(SHOWN + 1)]  # the newest first
# Only what everybody could read: what was declined unseen, is for members or stands in a group, is nobody's business here.
_PUBLIC = sa.and_(_C.c.kind == CaseKind.FLAG, _S.c.audience == Audience.EVERYONE)
_FOUND = _D.join(_C, _C.c.id == _D.c.case_id).join(_S, _S.c.id == _C.c.subject_id)


def _happened(at: Any, outcome: Any, rule: Any) -> Any:
    quarter = sa.case(*((at >= edge, number) for number, edge in enumerate(_EDGES[1:])))
    within = sa.and_(_PUBLIC, ~_D.c.undone, at >= _EDGES[-1], at < _EDGES[0])
    return sa.select(quarter.label("quarter"), outcome.label("outcome"), rule.label("rule")).select_from(_FOUND).where(within)


_ALL = sa.union_all(
    _happened(_D.c.at, _D.c.outcome, _D.c.rule),
    _happened(_D.c.overturned_at, sa.literal(Outcome.OVERTURN, _D.c.outcome.type), sa.cast(sa.null(), _D.c.rule.type)),
).subquery()
_COUNTS = (
    sa.select(*_ALL.c, sa.func.count().label("often")).group_by(*_ALL.c)
    .having(sa.func.count() >= sa.bindparam("threshold", type_=sa.Integer))
)  # fmt: skip

_kept: WeakKeyDictionary[Any, tuple[Any, Sequence[Any]]] = WeakKeyDictionary()  # by database: of which day, the counts


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
    """Return the last three quarters that are over, the newest first, of which no decision is removed yet.

    One statement on the first look of a day, none on the others: counting goes through a year of decisions, and a count that moves
    while somebody watches would tell what just happened to one story.

    Only what happened ``threshold`` times or more in a quarter is counted, by outcome and rule, and there is no sum: in a small
    network one decision tells whose story it was. What an appeal took back counts in the quarter in which that happened.
    """
    edges = [_start(now())]
    while len(edges) <= SHOWN:
        edges.append(_start(edges[-1] - days(1)))
    lines: list[list[Line]] = [[] for _number in range(SHOWN)]
    for row in _counts(db, threshold, edges):
        lines[row.quarter].append(Line(_(DECIDED[row.outcome]), row.rule or "", row.often))
    return [
        Quarter(month_words(edges[n + 1].date()), month_words((edges[n] - days(1)).date()), sorted(found, key=_order))
        for n, found in enumerate(lines)
    ]


def _counts(db: Session, threshold: int, edges: list[datetime]) -> Sequence[Any]:
    of, counted_by = db.get_bind().engine, (now().date(), threshold)
    if of not in _kept or _kept[of][0] != counted_by:
        wanted = {"threshold": threshold, **{f"edge{number}": edge for number, edge in enumerate(edges)}}
        _kept[of] = (counted_by, db.execute(_COUNTS, wanted).all())
    return _kept[of][1]


def _order(line: Line) -> tuple[str, str]:
    return line.rule, line.what


def _start(moment: datetime) -> datetime:
    """Return when the quarter of a moment begins."""
    first = (moment.month - 1) // MONTHS * MONTHS + 1
    return moment.replace(month=first, day=1, hour=0, minute=0, second=0, microsecond=0)
