"""Everything has an end date: one table of what goes when, and the job that keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from app.core.clock import now
from app.core.db import Database
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.models.accounts import Answer, Export, Invitation, Member, MemberStatus, SignIn, WayBack
from app.models.engine import Delivery, DeliveryState, Draft, OnceKey, Tries


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of ``table`` whose ``column`` is older than ``days`` are removed (if ``also`` holds)."""

    table: type[SQLModel]
    column: str
    days: int
    also: Callable[[sa.Table], sa.ColumnElement[bool]] | None = None


RULES = (
    Rule(SignIn, "idle_until", 30),
    Rule(Draft, "saved_at", 90),
    Rule(OnceKey, "at", 2),
    Rule(Tries, "window_start", 2),
    Rule(Delivery, "done_at", 7, lambda t: t.c.state != DeliveryState.OWED),
    Rule(Answer, "at", 365),
    Rule(Export, "ends_at", 1),
    Rule(Invitation, "until", 365),
)
UNUSED_ACCOUNT = timedelta(days=548)  # 18 months
WAY_BACK_DAYS = 30


def _table(kind: type[Any]) -> sa.Table:
    table: sa.Table = kind.__table__
    return table


def remove_old(db: Session, moment: datetime) -> dict[str, int]:
    """Apply the table of rules; return how many rows went, by table."""
    gone: dict[str, int] = {}
    for rule in RULES:
        table = _table(rule.table)
        old = table.c[rule.column] < moment - timedelta(days=rule.days)
        result: Any = db.execute(sa.delete(table).where(sa.and_(old, rule.also(table)) if rule.also else old))
        gone[table.name] = result.rowcount
    return gone


def run(database: Database, _settings: Settings) -> str:
    """Remove what is past its date, erase the accounts whose seven days are over, and those unused for 18 months."""
    moment = now()
    with database.transaction() as db:
        gone = remove_old(db, moment)
        leaving = db.exec(select(Member.id).where(Member.status == MemberStatus.LEAVING, sa.column("delete_after") <= moment)).all()
        unused = db.exec(
            select(Member.id).where(Member.status != MemberStatus.GONE, Member.seen_on < (moment - UNUSED_ACCOUNT).date())
        ).all()
    for member_id in [*leaving, *unused]:
        with database.transaction() as db:
            accounts.purge_member(db, member_id)
    return f"{sum(gone.values())} rows, {len(leaving) + len(unused)} accounts"


def old_ways_back(moment: datetime) -> sa.ColumnElement[bool]:
    """Return which requests to come back are over: 30 days after they were asked for."""
    table = _table(WayBack)
    return table.c.asked_at < moment - timedelta(days=WAY_BACK_DAYS)
