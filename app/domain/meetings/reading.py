"""Hot reads of meetings: columns, built once, bounded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.groups import rules as groups
from app.domain.groups.rules import Seat
from app.domain.meetings.rules import Stands
from app.models.groups import Group, GroupMember, GroupState, Visibility
from app.models.meetings import Meeting, MeetingComing, MeetingMinutes, MeetingPlan, PlanState

PER_PAGE = 20
Row = Any  # a row of the statements below
_G, _S = Group.__table__, GroupMember.__table__  # type: ignore[attr-defined]
_M, _P, _C = Meeting.__table__, MeetingPlan.__table__, MeetingComing.__table__  # type: ignore[attr-defined]
_N: sa.Table = MeetingMinutes.__table__  # type: ignore[attr-defined]
_ME, _GROUP, _NOW = (
    sa.bindparam("me", type_=sa.Uuid),
    sa.bindparam("group", type_=sa.Uuid),
    sa.bindparam("now", type_=_M.c.starts_at.type),
)
_SEAT = sa.and_(_S.c.group_id == _G.c.id, _S.c.member_id == _ME)
_COMES = sa.exists().where(_C.c.meeting_id == _M.c.id, _C.c.member_id == _ME)
_MINE = _COMES.label("comes")


def _others() -> sa.ScalarSelect[int]:
    """Return how many others come; ``rules.told`` makes of it what is shown."""
    counted = sa.select(sa.func.count()).where(_C.c.meeting_id == _M.c.id, sa.or_(_ME.is_(None), _C.c.member_id != _ME))
    return counted.scalar_subquery()


_SAID = (
    _M.c.ref, _M.c.starts_at, _M.c.ends_at, _M.c.cancelled_at, _P.c.title, _P.c.language, _P.c.zone, _P.c.childcare,
    _P.c.women_only, _P.c.bus_money, _P.c.state, _P.c.open,
)  # fmt: skip
_JOINED = _M.join(_P, _P.c.id == _M.c.plan_id)
_ONE = (
    sa.select(
        *_SAID, _M.c.id, _M.c.series_id, _M.c.row_version, _P.c.about, _P.c.place, _P.c.place_for, _P.c.link, _P.c.languages,
        _P.c.access, _P.c.cohost, _P.c.cohosting, _N.c.words.label("minutes_words"),
        _P.c.link.is_not(None).label("has_link"), _P.c.by_id, _G.c.ref.label("group_ref"), _G.c.name.label("group_name"),
        _G.c.language.label("group_language"), _G.c.visibility, _G.c.state.label("group_state"), _G.c.members, _S.c.role,
        _S.c.role_until, _MINE, _others().label("others"),
    )
    .select_from(_JOINED.join(_G, _G.c.id == _M.c.group_id).outerjoin(_S, _SEAT).outerjoin(_N, _N.c.meeting_id == _M.c.id))
    .where(_G.c.ref == sa.bindparam("group_ref"), _M.c.ref == sa.bindparam("ref"))
)  # fmt: skip
_LIST = sa.select(*_SAID, _MINE).select_from(_JOINED).where(_M.c.group_id == _GROUP).limit(PER_PAGE + 1)
_OUTSIDE = sa.and_(_P.c.open, _P.c.state == PlanState.SHOWN)
_READABLE = sa.or_(_P.c.state == PlanState.SHOWN, sa.bindparam("all", type_=sa.Boolean), _COMES)
_M2 = _M.alias("place")
_PLACE = sa.select(_M2.c.starts_at, _M2.c.id).where(_M2.c.ref == sa.bindparam("after"), _M2.c.group_id == _GROUP).subquery()


def _pages(whose: sa.ColumnElement[bool]) -> dict[tuple[bool, bool], sa.Select[Any]]:
    """Return the statements by (over?, further?): what is to come in the order of time, what is over the newest first."""
    here, place = sa.tuple_(_M.c.starts_at, _M.c.id), sa.select(_PLACE.c.starts_at, _PLACE.c.id).scalar_subquery()
    ahead = _LIST.where(whose, _M.c.ends_at > _NOW).order_by(_M.c.starts_at, _M.c.id)
    gone = _LIST.where(whose, _M.c.ends_at <= _NOW).order_by(_M.c.starts_at.desc(), _M.c.id.desc())
    further = {(False, True): ahead.where(here > place), (True, True): gone.where(here < place)}
    return {(False, False): ahead, (True, False): gone, **further}


_INSIDE, _OUT = _pages(_READABLE), _pages(_OUTSIDE)


def seat_of(row: Row) -> Seat:
    """Return how the reader stands to the group of a meeting, as far as the group is open."""
    return groups.seat_in(row.group_state, Seat(row.role, row.role_until))


def stands_of(row: Row) -> Stands:
    """Return how a meeting stands."""
    return Stands(Visibility(row.visibility), GroupState(row.group_state), PlanState(row.state), row.open)


def meeting(connection: sa.Connection, group_ref: str, ref: str, me: UUID | None) -> Row | None:
    """Return the row of a meeting with its group and the reader's seat; the caller decides who sees it. One statement."""
    return connection.execute(_ONE, {"group_ref": group_ref, "ref": ref, "me": me}).first()


def listing(
    connection: sa.Connection, group_id: UUID, me: UUID | None, now: datetime, over: bool = False, after: str = "",
    inside: bool = True, organises: bool = False,
) -> Sequence[Row]:  # fmt: skip
    """Return up to 21 meetings of a group: to come, or over; ``after`` is the last one of the page before. One statement.

    Outside the group only those that guests may read; those that the desk reads first, or hides, for its organisers and who comes.
    """
    wanted: dict[str, Any] = {"group": group_id, "me": me, "now": now}
    if inside:
        wanted["all"] = organises
    if after:
        wanted["after"] = after
    return connection.execute((_INSIDE if inside else _OUT)[over, bool(after)], wanted).all()
