"""Hot reads of help boards: columns, built once, bounded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.actor import Actor
from app.domain.board.rules import Stands
from app.domain.groups import rules as groups
from app.domain.groups.measures import PUBLIC
from app.domain.groups.rules import Seat
from app.models.accounts import Member, MemberStatus
from app.models.board import BoardEntry, BoardSide, BoardStage, BoardState, BoardTaking, TakingState
from app.models.groups import Group, GroupMember

PER_PAGE = 20
LIVE = (TakingState.ASKED, TakingState.AGREED)
Row = Any  # a row of the statements below
_G, _S = Group.__table__, GroupMember.__table__  # type: ignore[attr-defined]
_E, _T, _P = BoardEntry.__table__, BoardTaking.__table__, Member.__table__  # type: ignore[attr-defined]
_Q, _MINE = _P.alias("taker"), _T.alias("mine")
_ME, _GROUP, _TODAY, _NOW = (
    sa.bindparam("me", type_=sa.Uuid), sa.bindparam("group", type_=sa.Uuid), sa.bindparam("today", type_=sa.Date),
    sa.bindparam("now", type_=_P.c.stopped_until.type),
)  # fmt: skip
_SEAT = sa.and_(_S.c.group_id == _G.c.id, _S.c.member_id == _ME)
_MY_TAKING = sa.and_(_MINE.c.entry_id == _E.c.id, _MINE.c.member_id == _ME)


def _here(who: Any) -> sa.ColumnElement[bool]:
    """Of a member: whether they are in good standing; of nobody, not."""
    stopped = sa.or_(who.c.closed, sa.and_(who.c.stopped_until.is_not(None), who.c.stopped_until > _NOW))
    return sa.and_(who.c.status == MemberStatus.ACTIVE, sa.not_(stopped))


_SAID = (
    _E.c.ref, _E.c.side, _E.c.kind, _E.c.title, _E.c.language, _E.c.near, _E.c.state, _E.c.stage, _E.c.until, _E.c.answered,
    _P.c.name.label("writer"), sa.func.coalesce(_here(_P), sa.false()).label("writer_here"),
    sa.func.coalesce(_E.c.by_id == _ME, sa.false()).label("mine"), _MINE.c.state.label("my_taking"),
    (_E.c.until < _TODAY).label("over"),
)  # fmt: skip
_JOINED = _E.outerjoin(_P, _P.c.id == _E.c.by_id).outerjoin(_MINE, _MY_TAKING)
_ONE = (
    sa.select(
        *_SAID, _E.c.id, _E.c.about, _E.c.row_version, _G.c.ref.label("group_ref"), _G.c.name.label("group_name"),
        _G.c.language.label("group_language"), _G.c.state.label("group_state"), _S.c.role, _S.c.role_until,
        PUBLIC.label("counted"), _T.c.state.label("taking"), _T.c.note, _T.c.told, _Q.c.name.label("taker"),
        sa.func.coalesce(_here(_Q), sa.false()).label("taker_here"),
    )
    .select_from(
        _JOINED.join(_G, _G.c.id == _E.c.group_id).outerjoin(_S, _SEAT)
        .outerjoin(_T, sa.and_(_T.c.entry_id == _E.c.id, _T.c.state.in_(LIVE))).outerjoin(_Q, _Q.c.id == _T.c.member_id)
    )
    .where(_G.c.ref == sa.bindparam("group_ref"), _E.c.ref == sa.bindparam("ref"))
)  # fmt: skip
_BETWEEN_US = sa.or_(_E.c.by_id == _ME, _MINE.c.state.in_(LIVE))
_FOR_ALL = sa.and_(
    _E.c.state == BoardState.SHOWN, _E.c.stage != BoardStage.DONE, _E.c.until >= _TODAY, _here(_P),
    sa.or_(_MINE.c.state.is_(None), _MINE.c.state != TakingState.REFUSED),
)  # fmt: skip
_LIST = (
    sa.select(*_SAID).select_from(_JOINED)
    .where(_E.c.group_id == _GROUP, _E.c.state != BoardState.GONE, sa.or_(_BETWEEN_US, _FOR_ALL))
    .order_by(_E.c.id.desc()).limit(PER_PAGE + 1)
)  # fmt: skip
_E2 = _E.alias("place")
_PLACE = sa.select(_E2.c.id).where(_E2.c.ref == sa.bindparam("after"), _E2.c.group_id == _GROUP).scalar_subquery()
_SIDE = _E.c.side == sa.bindparam("side", type_=_E.c.side.type)
_LISTS = {
    (side, further): _LIST.where(*([_SIDE] if side else []), *([_E.c.id < _PLACE] if further else []))
    for side in (False, True) for further in (False, True)
}  # fmt: skip


def seat_of(row: Row) -> Seat:
    """Return how the reader stands to the group of an entry, as far as the group is open."""
    return groups.seat_in(row.group_state, Seat(row.role, row.role_until))


def stands_of(row: Row, agreed: bool = False) -> Stands:
    """Return how an entry stands, and how the reader stands to it."""
    taking = TakingState(row.my_taking) if row.my_taking else None
    return Stands(
        BoardSide(row.side), row.kind, BoardState(row.state), BoardStage(row.stage), bool(row.mine), taking, agreed,
        bool(row.over), bool(row.writer_here), bool(row.answered),
    )  # fmt: skip


def whole_of(row: Row, actor: Actor) -> Stands:
    """Return the same for a row of ``entry``, which knows who took it, and the group."""
    inside = groups.reads(actor, seat_of(row))
    return replace(stands_of(row, row.taking == TakingState.AGREED), inside=inside, counted=bool(row.counted))


def entry(connection: sa.Connection, group_ref: str, ref: str, me: UUID | None, now: datetime) -> Row | None:
    """Return the row of an entry with its group and the reader's seat; the caller decides who sees it. One statement."""
    wanted = {"group_ref": group_ref, "ref": ref, "me": me, "now": now, "today": now.date()}
    return connection.execute(_ONE, wanted).first()


def listing(
    connection: sa.Connection, group_id: UUID, me: UUID, now: datetime, side: str = "", after: str = ""
) -> Sequence[Row]:  # fmt: skip
    """Return up to 21 entries of a board for somebody inside the group, the newest first; one statement.

    Their own and what they took, and what everybody in the group may see; never what they were told no at.
    """
    wanted: dict[str, Any] = {"group": group_id, "me": me, "now": now, "today": now.date()}
    if side:
        wanted["side"] = BoardSide(side)
    if after:
        wanted["after"] = after
    return connection.execute(_LISTS[bool(side), bool(after)], wanted).all()
