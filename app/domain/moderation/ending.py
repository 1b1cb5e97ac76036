"""Flags and decisions end after a year; what is still open stays."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import days
from app.models.moderation import Appeal, Bar, Case, CaseState, Decision, Flag, Hold

KEPT_DAYS = 365
_CASE: sa.Table = Case.__table__  # type: ignore[attr-defined]
_FLAG: sa.Table = Flag.__table__  # type: ignore[attr-defined]
_DECISION: sa.Table = Decision.__table__  # type: ignore[attr-defined]
_APPEAL: sa.Table = Appeal.__table__  # type: ignore[attr-defined]
_HOLD: sa.Table = Hold.__table__  # type: ignore[attr-defined]
_BAR: sa.Table = Bar.__table__  # type: ignore[attr-defined]


def remove_old(db: Session, moment: datetime) -> int:
    """Remove answered flags, decisions and closed cases that are older than a year; return how many rows went."""
    edge = moment - days(KEPT_DAYS)
    closed = sa.select(_CASE.c.id).where(_CASE.c.state == CaseState.CLOSED)
    over = sa.delete(_APPEAL).where(_APPEAL.c.answered_on < edge.date(), _APPEAL.c.case_id.in_(closed))
    done: list[Any] = [db.execute(over)]
    kept = sa.select(_APPEAL.c.flag_id).where(_APPEAL.c.flag_id.is_not(None))  # until their appeals end
    old_flags = sa.and_(_FLAG.c.answered_on < edge.date(), _FLAG.c.case_id.in_(closed), _FLAG.c.id.not_in(kept))
    appealed = sa.select(_APPEAL.c.decision_id)
    old_decisions = sa.and_(_DECISION.c.at < edge, _DECISION.c.case_id.in_(closed), _DECISION.c.id.not_in(appealed))
    done += [db.execute(sa.delete(_FLAG).where(old_flags)), db.execute(sa.delete(_DECISION).where(old_decisions))]
    done.append(db.execute(sa.delete(_HOLD).where(_HOLD.c.ended_on < edge.date())))
    left = (sa.select(table.c.case_id) for table in (_FLAG, _DECISION, _APPEAL, _HOLD))
    bare = sa.and_(_CASE.c.state == CaseState.CLOSED, _CASE.c.opened_at < edge, *(_CASE.c.id.not_in(ids) for ids in left))
    db.execute(sa.delete(_BAR).where(_BAR.c.case_id.in_(sa.select(_CASE.c.id).where(bare))))
    done.append(db.execute(sa.delete(_CASE).where(bare)))
    return sum(result.rowcount for result in done)
