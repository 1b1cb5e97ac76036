"""Sessions are rows: how long they last, how one is read on every request."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.clock import now
from app.core.db import UtcDateTime
from app.domain import limits, paused
from app.domain.actor import GUEST, POWER, Actor
from app.models.accounts import Member, MemberStatus, PhoneMode, Role, RoleGrant, SignIn

SHARED_IDLE = timedelta(minutes=30)
OWN_IDLE_DAYS = 30
WORK_IDLE = timedelta(minutes=30)
WORK_LENGTH = timedelta(hours=12)
OWN_LENGTH = timedelta(days=180)

_S, _M, _G = SignIn.__table__, Member.__table__, RoleGrant.__table__  # type: ignore[attr-defined]
# One statement for the session, its member, the roles of today and what the house has paused; built once.
_LOAD = (
    sa.select(
        _S.c.id.label("sign_in_id"), _S.c.mode, _S.c.idle_until, _S.c.proven_at, _S.c.second_factor_at,
        _M.c.id, _M.c.name, _M.c.language, _M.c.status, _M.c.closed, *limits.COLUMNS.values(), _G.c.role,
        paused.NAME, paused.NUMBER,
    )
    .join(_M, _M.c.id == _S.c.member_id)
    .outerjoin(_G, sa.and_(
        _G.c.member_id == _M.c.id, _G.c.from_on <= sa.bindparam("today", type_=sa.Date),
        _G.c.until_on > sa.bindparam("today", type_=sa.Date), _G.c.ended_on.is_(None),
    ))
    .outerjoin(paused.TABLE, paused.LASTS)
    .where(
        _S.c.token_hash == sa.bindparam("hashed"), _S.c.idle_until > sa.bindparam("now", type_=UtcDateTime),
        _S.c.ends_at > sa.bindparam("now", type_=UtcDateTime), _M.c.status != MemberStatus.GONE,
    )
)  # fmt: skip


def idle_time(mode: PhoneMode) -> timedelta:
    """Return after how long without a request a session ends."""
    return SHARED_IDLE if mode == PhoneMode.SHARED else timedelta(days=OWN_IDLE_DAYS)


def load_actor(connection: sa.Connection, hashed: str, second_factor_waived: bool = False) -> tuple[Actor, datetime | None]:
    """Return who holds the session of this token hash (a guest when it is over) and when it would end idle."""
    moment = now()
    rows = connection.execute(
        _LOAD, {"hashed": hashed, "now": moment, "today": moment.date(), "minute": paused.minute(moment)}
    ).all()
    if not rows:
        return GUEST, None
    first = rows[0]
    roles = frozenset(r.role for r in rows if r.role is not None)
    lasting = paused.among({(r.paused, r.paused_until) for r in rows if r.paused is not None}, moment)
    return _actor(first, roles, second_factor_waived, lasting, moment), first.idle_until


def _actor(row: Any, roles: frozenset[Role], waived: bool, lasting: tuple[paused.Lasting, ...], moment: datetime) -> Actor:
    kept_from = limits.of(row, moment)
    return Actor(
        member_id=row.id, name=row.name, language=row.language, status=row.status, roles=roles, limits=kept_from,
        sign_in_id=row.sign_in_id, mode=row.mode, proven_at=row.proven_at,
        second_factor=waived or row.second_factor_at is not None or roles.isdisjoint(POWER),
        pauses=lasting,
    )  # fmt: skip
