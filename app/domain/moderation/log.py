"""The public log: what was decided about public stories, month by month, without people, texts or days."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.i18n import _, month_words
from app.domain.moderation.wording import DECIDED
from app.models.moderation import Case, CaseKind, Decision

MOST = 1_000
_C, _D = Case.__table__, Decision.__table__  # type: ignore[attr-defined]
# Only what everybody could read before: what was declined unseen, or stands in a group, is nobody's business here.
_ROWS = (
    sa.select(_D.c.at, _D.c.outcome, _D.c.rule, _D.c.overturned_at)
    .join_from(_D, _C, _C.c.id == _D.c.case_id)
    .where(_C.c.kind == CaseKind.FLAG, _D.c.at < sa.bindparam("before", type_=_D.c.at.type))
    .order_by(_D.c.at.desc())
    .limit(MOST)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One decision: what, under which rule, and whether an appeal took it back."""

    what: str
    rule: str
    taken_back: bool


def months(db: Session) -> list[tuple[str, list[Line]]]:
    """Return the decisions of the months that are over, the newest month first; inside a month in an order that tells no time."""
    first = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found: dict[Any, list[Line]] = {}
    for row in db.execute(_ROWS, {"before": first}):
        line = Line(_(DECIDED[row.outcome]), row.rule or "", row.overturned_at is not None and row.overturned_at < first)
        found.setdefault(row.at.date().replace(day=1), []).append(line)
    return [(month_words(day), sorted(lines, key=lambda one: (one.rule, one.what))) for day, lines in found.items()]
