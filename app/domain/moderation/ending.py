"""Flags and decisions end after a year; what is still open stays."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import days
from app.models.moderation import Case, CaseState, Decision, Flag

KEPT_DAYS = 365
_CASE: sa.Table = Case.__table__  # type: ignore[attr-defined]
_FLAG: sa.Table = Flag.__table__  # type: ignore[attr-defined]
_DECISION: sa.Table = Decision.__table__  # type: ignore[attr-defined]


def remove_old(db: Session, moment: datetime) -> int:
    """Remove answered flags, decisions and closed cases that are older than a year; return how many rows went."""
    edge = moment - days(KEPT_DAYS)
    closed = sa.select(_CASE.c.id).where(_CASE.c.state == CaseState.CLOSED)
    young = (
        sa.select(_FLAG.c.case_id).where(sa.or_(_FLAG.c.answered_on.is_(None), _FLAG.c.answered_on >= edge.date())),
        sa.select(_DECISION.c.case_id).where(_DECISION.c.at >= edge),
    )
    old_flags = sa.and_(_FLAG.c.answered_on < edge.date(), _FLAG.c.case_id.in_(closed))
    old_decisions = sa.and_(_DECISION.c.at < edge, _DECISION.c.case_id.in_(closed))
    done: list[Any] = [db.execute(sa.delete(_FLAG).where(old_flags)), db.execute(sa.delete(_DECISION).where(old_decisions))]
    bare = sa.and_(_CASE.c.state == CaseState.CLOSED, _CASE.c.opened_at < edge, *(_CASE.c.id.not_in(ids) for ids in young))
    done.append(db.execute(sa.delete(_CASE).where(bare)))
    return sum(result.rowcount for result in done)
