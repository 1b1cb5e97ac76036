"""A pause that lasts outlives the restore of an older copy, which may have known nothing of it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain import paused, versions
from app.models.pausing import HousePause


def lasting(db: Session) -> list[dict[str, Any]]:
    """Return the rows of what is paused now, as plain values; nothing where this table is not there yet."""
    columns = {column["name"] for column in sa.inspect(db.connection()).get_columns("house_pause")} if _exists(db) else set()
    if not set(HousePause.model_fields) <= columns:
        return []
    rows = db.exec(select(HousePause).where(col(HousePause.until_at) > now(), col(HousePause.ended_at).is_(None))).all()
    return [{name: getattr(row, name) for name in HousePause.model_fields} for row in rows]


def _exists(db: Session) -> bool:
    return bool(sa.inspect(db.connection()).has_table("house_pause"))


def pause_again(db: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Let go on what was paused before the restore, with who paused it and why; return how many."""
    for values in rows:
        db.merge(HousePause(**values))
        versions.keep(db, f"pause.{values['what'].value}", paused.minute(values["until_at"]))
    return len(rows)
