"""What is read about money: the register, one call with its history, what a group received."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.db import UtcDateTime
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain.money import rules
from app.models.accounts import Member, MemberStatus
from app.models.groups import Group, GroupMember, GroupRole, GroupState
from app.models.money import FundCall, FundCallChange, GroupMoney

PER_PAGE: Final = 20
_C, _H = FundCall.__table__, FundCallChange.__table__  # type: ignore[attr-defined]
_M: sa.Table = GroupMoney.__table__  # type: ignore[attr-defined]
_NEWER, _OLDER = _M.alias("newer"), _M.alias("older")
_MOMENT, _FIRST = sa.bindparam("moment", type_=UtcDateTime()), sa.bindparam("first", type_=sa.Integer)
_GROUP = sa.bindparam("group", type_=sa.Uuid())
_CARDS = sa.select(
    _C.c.ref, _C.c.title, _C.c.language, _C.c.by_whom, _C.c.least, _C.c.most, _C.c.currency, _C.c.opens_at, _C.c.closes_at,
    _C.c.zone, _C.c.cancelled_at,
)  # fmt: skip
_ENDED = sa.or_(_C.c.closes_at <= _MOMENT, _C.c.cancelled_at.is_not(None))
_RUNNING = _CARDS.where(sa.not_(_ENDED)).order_by(_C.c.closes_at, _C.c.id).limit(PER_PAGE + 1).offset(_FIRST)
_OVER = _CARDS.where(_ENDED).order_by(_C.c.closes_at.desc(), _C.c.id).limit(PER_PAGE + 1).offset(_FIRST)
_CALL = sa.select(_C).where(_C.c.ref == sa.bindparam("ref"))
_HISTORY = (
    sa.select(_H.c.at, _H.c.before, _H.c.unnamed)
    .where(_H.c.call_id == sa.bindparam("call", type_=sa.Uuid()))
    .order_by(_H.c.id.desc())
    .limit(PER_PAGE + 1)
    .offset(_FIRST)
)
_LINES = (
    sa.select(
        _M.c.id, _M.c.source, _M.c.amount, _M.c.currency, _M.c.purpose, _M.c.first_on, _M.c.last_on, _M.c.why, _M.c.written_on,
        _NEWER.c.written_on.label("righted_on"), _OLDER.c.written_on.label("rights_of"), _OLDER.c.amount.label("rights_amount"),
        _OLDER.c.currency.label("rights_currency"), _C.c.ref.label("call_ref"),
    )
    .select_from(
        _M.outerjoin(_NEWER, _NEWER.c.corrects_id == _M.c.id).outerjoin(_OLDER, _OLDER.c.id == _M.c.corrects_id)
        .outerjoin(_C, _C.c.id == _M.c.call_id)
    )
    .where(_M.c.group_id == _GROUP).order_by(_M.c.id.desc()).limit(PER_PAGE + 1).offset(_FIRST)
)  # fmt: skip


def stands_from() -> sa.Join:
    """Return lines beside what put them right: ``STANDS`` then holds for lines that count."""
    return _M.outerjoin(_NEWER, _NEWER.c.corrects_id == _M.c.id)


STANDS: Final = sa.and_(_NEWER.c.id.is_(None), _M.c.amount.is_not(None))
_TOTALS = (
    sa.select(_M.c.currency, sa.func.sum(_M.c.amount).label("total"))
    .select_from(stands_from())
    .where(_M.c.group_id == _GROUP, STANDS).group_by(_M.c.currency).order_by(_M.c.currency)
)  # fmt: skip


def calls(connection: sa.Connection, over: bool, page: int) -> Sequence[Any]:
    """Return up to 21 calls: those to come and open, the nearest deadline first, or those over or cancelled; one statement."""
    wanted = _OVER if over else _RUNNING
    return connection.execute(wanted, {"moment": now(), "first": (page - 1) * PER_PAGE}).all()


def whole(connection: sa.Connection, ref: str, page: int) -> tuple[Any, Sequence[Any]]:
    """Return a call and up to 21 changes, what stood in it before, the newest first; two statements. NotFound for none."""
    row = connection.execute(_CALL, {"ref": ref}).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    return row, connection.execute(_HISTORY, {"call": row.id, "first": (page - 1) * PER_PAGE}).all()


def call(db: Session, ref: str, *, lock: bool = False) -> FundCall:
    """Return a call, locked where it is about to change; NotFound for none."""
    wanted = select(FundCall).where(FundCall.ref == ref)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.exec(wanted).first()
    if found is None:
        raise NotFound(_("This page is not here."))
    return found


def was_changed(db: Session, call_id: UUID) -> bool:
    """Say whether anything else stood in a call before."""
    return db.exec(select(FundCallChange.id).where(FundCallChange.call_id == call_id).limit(1)).first() is not None


def state(call: Any) -> rules.CallState:
    """Return where a call, or a row of one, stands now."""
    return rules.state_of(call.opens_at, call.closes_at, call.cancelled_at, now())


def organisers(db: Session, today: date) -> list[UUID]:
    """Return who cares for any group today or keeps its accounts, each once; one statement."""
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > today)
    wanted = (
        sa.select(col(GroupMember.member_id)).distinct()
        .join(Group, col(Group.id) == col(GroupMember.group_id)).join(Member, col(Member.id) == col(GroupMember.member_id))
        .where(col(GroupMember.role).in_((GroupRole.ORGANISER, GroupRole.MONEY)), lasts, col(Group.state) != GroupState.CLOSED)
        .where(col(Member.status).in_((MemberStatus.ACTIVE, MemberStatus.PAUSED)))
    )  # fmt: skip
    return list(db.execute(wanted).scalars())


def lines(connection: sa.Connection, group_id: UUID, page: int) -> Sequence[Any]:
    """Return up to 21 lines of what a group received, the last written first; one statement."""
    return connection.execute(_LINES, {"group": group_id, "first": (page - 1) * PER_PAGE}).all()


def totals(connection: sa.Connection, group_id: UUID) -> list[tuple[str, int]]:
    """Return currency and sum (minor units) of what stands; currencies are never added to each other. One statement."""
    return [(row.currency, int(row.total)) for row in connection.execute(_TOTALS, {"group": group_id})]


def count(db: Session, group_id: UUID, *, corrections: bool) -> int:
    """Return how many lines a group has that put another one right, or how many that do not."""
    kind = _M.c.corrects_id.is_not(None) if corrections else _M.c.corrects_id.is_(None)
    return int(db.execute(sa.select(sa.func.count()).where(_M.c.group_id == group_id, kind)).scalar_one())


def line(db: Session, group_id: UUID, line_id: UUID) -> GroupMoney:
    """Return a line of this group; NotFound for none."""
    found = db.exec(select(GroupMoney).where(GroupMoney.group_id == group_id, GroupMoney.id == line_id)).first()
    if found is None:
        raise NotFound(_("This page is not here."))
    return found


def righted(db: Session, line_id: UUID) -> bool:
    """Say whether a line was put right already."""
    return db.exec(select(GroupMoney.id).where(GroupMoney.corrects_id == line_id)).first() is not None


def words(db: Session, group_id: UUID) -> str:
    """Return what the last fifty lines of a group say in words of its own: for whoever reads them at the desk."""
    wanted = sa.select(_M.c.source, _M.c.purpose, _M.c.why).where(_M.c.group_id == group_id).order_by(_M.c.id.desc()).limit(50)
    return "\n\n".join(" · ".join(filter(None, row)) for row in db.execute(wanted) if any(row))
