"""Hot reads of groups: columns, built once; bounded whatever the size of the network."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.domain.groups import rules
from app.domain.groups.rules import Seat
from app.models.abroad import QuestionDoor
from app.models.accounts import Member, MemberStatus
from app.models.groups import (
    Group,
    GroupMember,
    GroupRequest,
    GroupRole,
    GroupState,
    Post,
    PostFile,
    PostState,
    PostThanks,
    RequestState,
    Topic,
    TopicRead,
    Visibility,
)
from app.models.places import Area

PER_PAGE = 20
SEARCHED = 20_000  # posts of a group in which words are looked for, the newest ones
MOST_MINE = 50
Row = Any  # a row of the statements below
_DOOR: sa.Table = QuestionDoor.__table__  # type: ignore[attr-defined]
_G, _S, _A, _P = Group.__table__, GroupMember.__table__, Area.__table__, Member.__table__  # type: ignore[attr-defined]
_ASK: sa.Table = GroupRequest.__table__  # type: ignore[attr-defined]
_T, _W, _R, _H = Topic.__table__, Post.__table__, TopicRead.__table__, PostThanks.__table__  # type: ignore[attr-defined]
_F: sa.Table = PostFile.__table__  # type: ignore[attr-defined]
_ME, _GROUP, _TOPIC = (sa.bindparam(name, type_=sa.Uuid) for name in ("me", "group", "topic"))
_SEAT = sa.and_(_S.c.group_id == _G.c.id, _S.c.member_id == _ME)  # what it is worth, ``seat_of`` says
# A title goes with its first post: hidden, deleted, or by somebody who is paused or suspended, it is not shown.
_TP = _P.alias("topic_author")
_SHOWN_TITLE = sa.and_(
    _T.c.veiled == sa.false(), sa.or_(_T.c.author_id.is_(None), _TP.c.status == MemberStatus.ACTIVE)
)  # fmt: skip
_TITLE = sa.case((sa.or_(_SHOWN_TITLE, _T.c.author_id == _ME), _T.c.title), else_="").label("title")
_ASKED = sa.exists().where(_DOOR.c.group_id == _G.c.id).label("asked")  # it wishes questions from abroad
_WHOLE = (
    sa.select(_G, _A.c.name.label("area"), _A.c.names.label("area_names"), _S.c.role, _S.c.role_until, _S.c.fresh_from, _ASKED)
    .select_from(_G.outerjoin(_S, _SEAT).outerjoin(_A, _A.c.id == _G.c.area_id))
    .where(_G.c.ref == sa.bindparam("ref"))
)
_OF_A_TOPIC = (
    sa.select(
        _G.c.id.label("group_id"), _G.c.ref.label("group_ref"), _G.c.name.label("group_name"), _G.c.visibility, _G.c.state,
        _S.c.role, _S.c.role_until, _T.c.id, _T.c.ref, _TITLE, _T.c.language, _T.c.asks, _T.c.answer_id, _T.c.pinned,
        _T.c.last_number, (_T.c.author_id == _ME).label("own"), _R.c.number.label("seen"),
        sa.exists().where(_W.c.topic_id == _T.c.id, _W.c.number.is_(None), _W.c.author_id == _ME).label("waits"),
    )
    .select_from(
        _T.join(_G, _G.c.id == _T.c.group_id).outerjoin(_S, _SEAT).outerjoin(
            _R, sa.and_(_R.c.topic_id == _T.c.id, _R.c.member_id == _ME)
        ).outerjoin(_TP, _TP.c.id == _T.c.author_id)
    )
    .where(_T.c.ref == sa.bindparam("ref"), _G.c.ref == sa.bindparam("group_ref"))
)  # fmt: skip
_MY_WORDS = sa.exists().where(_W.c.topic_id == _T.c.id, _W.c.number.is_(None), _W.c.author_id == _ME)
_SHOWN_TOPIC = sa.or_(_T.c.last_number > 0, sa.and_(_T.c.author_id == _ME, _MY_WORDS.where(_W.c.state != PostState.DELETED)))
# What was last written in before somebody came, or called everything read, holds nothing new for them.
_SEEN = sa.case((_T.c.last_at <= _S.c.fresh_from, _T.c.last_number), else_=sa.func.coalesce(_R.c.number, 0))
_TOPICS = (
    sa.select(
        _T.c.ref, _TITLE, _T.c.language, _T.c.asks, _T.c.answer_id, _T.c.pinned, _T.c.last_number, _T.c.last_at,
        _SEEN.label("seen"), _MY_WORDS.where(_W.c.state == PostState.HELD).label("held"),
    )
    .select_from(
        _T.outerjoin(_R, sa.and_(_R.c.topic_id == _T.c.id, _R.c.member_id == _ME))
        .outerjoin(_S, sa.and_(_S.c.group_id == _T.c.group_id, _S.c.member_id == _ME)).outerjoin(_TP, _TP.c.id == _T.c.author_id)
    )
    .where(_T.c.group_id == _GROUP, _SHOWN_TOPIC)
    .limit(PER_PAGE + 1)
)  # fmt: skip
_FIRST = _TOPICS.order_by(_T.c.pinned.desc(), _T.c.last_at.desc(), _T.c.id.desc())
_T2 = _T.alias("place")
_PLACE = sa.and_(_T2.c.ref == sa.bindparam("before"), _T2.c.group_id == _GROUP)
_FURTHER = _TOPICS.where(
    _T.c.pinned == sa.false(),
    sa.tuple_(_T.c.last_at, _T.c.id)
    < sa.tuple_(sa.select(_T2.c.last_at).where(_PLACE).scalar_subquery(), sa.select(_T2.c.id).where(_PLACE).scalar_subquery()),
).order_by(_T.c.last_at.desc(), _T.c.id.desc())
# Whoever has left is no longer named, and what a paused or stopped member wrote is not shown meanwhile.
_HERE = sa.or_(_W.c.author_id.is_(None), _P.c.status == MemberStatus.ACTIVE, _P.c.id == _ME)
_SP, _QP, _Q = _S.alias("seat"), _P.alias("quoted_member"), _W.alias("quoted")
_QS = _S.alias("quoted_seat")
_QUOTED = sa.and_(
    _Q.c.state == PostState.SHOWN, sa.or_(_Q.c.author_id.is_(None), _QP.c.status == MemberStatus.ACTIVE)
)  # fmt: skip
_POSTS = (
    sa.select(
        _W.c.id, _W.c.ref, _W.c.number, _W.c.state, _W.c.language, _W.c.thanks, _W.c.written_at, _W.c.edited_at,
        (_W.c.author_id == _ME).label("own"), _HERE.label("here"), _W.c.body,
        sa.case((_SP.c.id.is_not(None), _P.c.name)).label("name"), _SP.c.role, _SP.c.role_until,
        _H.c.id.is_not(None).label("thanked"), _F.c.kind, _F.c.files, _F.c.seconds, _F.c.width, _F.c.height,
        _Q.c.ref.label("quoted_ref"), _Q.c.language.label("quoted_language"),
        sa.case((_QUOTED, _Q.c.body), else_="").label("quoted_body"),
        sa.case((sa.and_(_QUOTED, _QS.c.id.is_not(None)), _QP.c.name)).label("quoted_name"),
    )
    .select_from(
        _W.outerjoin(_P, _P.c.id == _W.c.author_id)
        .outerjoin(_SP, sa.and_(_SP.c.member_id == _W.c.author_id, _SP.c.group_id == _W.c.group_id))
        .outerjoin(_H, sa.and_(_H.c.post_id == _W.c.id, _H.c.member_id == _ME))
        .outerjoin(_F, sa.and_(_F.c.post_id == _W.c.id, _F.c.aside.is_(False)))
        .outerjoin(_Q, _Q.c.id == _W.c.quote_id).outerjoin(_QP, _QP.c.id == _Q.c.author_id)
        .outerjoin(_QS, sa.and_(_QS.c.member_id == _Q.c.author_id, _QS.c.group_id == _W.c.group_id))
    )
    .where(_W.c.topic_id == _TOPIC)
)  # fmt: skip
_NUMBER = sa.bindparam("number", type_=sa.Integer)
_PAGE = _POSTS.where(_W.c.number >= _NUMBER, _W.c.number < _NUMBER + PER_PAGE).order_by(_W.c.number)
_WAITING = _POSTS.where(_W.c.number.is_(None), _W.c.author_id == _ME, _W.c.state != PostState.DELETED).order_by(_W.c.id).limit(20)
_NEWS = (
    sa.select(sa.func.count())
    .select_from(_T.outerjoin(_R, sa.and_(_R.c.topic_id == _T.c.id, _R.c.member_id == _ME)))
    .where(
        _T.c.group_id == _S.c.group_id, _T.c.last_at > _S.c.fresh_from, _T.c.last_number > sa.func.coalesce(_R.c.number, 0)
    )
    .correlate(_S).scalar_subquery()
)  # fmt: skip
# In a group that a decision hid its organisers can change the words; the others can only leave, and its name is not repeated.
_READS = sa.or_(_G.c.state != GroupState.HIDDEN, _S.c.role == GroupRole.ORGANISER)
_MY_NAME = sa.case((_READS, _G.c.name), else_="")
_SEATS = (
    sa.select(_G.c.ref, _MY_NAME.label("name"), _G.c.language, _S.c.role, sa.case((_READS, _NEWS), else_=0).label("news"))
    .select_from(_S.join(_G, _G.c.id == _S.c.group_id))
    .where(_S.c.member_id == _ME, _G.c.state != GroupState.CLOSED)
    .order_by(_G.c.name, _G.c.id)
    .limit(MOST_MINE)
)
_FOUND_BY_OTHERS = sa.and_(_G.c.state == GroupState.SHOWN, _G.c.visibility != Visibility.HIDDEN)
_WISHES = (
    sa.select(_G.c.ref, sa.case((_FOUND_BY_OTHERS, _G.c.name), else_="").label("name"), _G.c.language, sa.null(), sa.literal(0))
    .select_from(_ASK.join(_G, _G.c.id == _ASK.c.group_id))
    .where(_ASK.c.member_id == _ME, _ASK.c.state == RequestState.WAITING)
    .limit(MOST_MINE)
)
_MINE = sa.union_all(sa.select(_SEATS.subquery("seats")), sa.select(_WISHES.subquery("wishes")))
_RECENT = (
    sa.select(_W.c.id, _W.c.topic_id, _W.c.number, _W.c.folded)
    .where(_W.c.group_id == _GROUP, _W.c.state == PostState.SHOWN)
    .order_by(_W.c.id.desc())
    .limit(SEARCHED)
    .subquery()
)
MOST_WORDS = 6


def _holding(count: int) -> sa.Select[Any]:
    """Return the search for posts that hold ``count`` words."""
    hits = [_RECENT.c.folded.like(sa.bindparam(f"word{n}"), escape="\\") for n in range(count)]
    return (
        sa.select(
            _T.c.ref, _TITLE, _T.c.language.label("topic_language"), _W.c.number, _W.c.body, _W.c.language, _W.c.written_at,
            sa.case((_SP.c.id.is_not(None), _P.c.name)).label("name"),
        )
        .select_from(
            _RECENT.join(_W, _W.c.id == _RECENT.c.id).join(_T, _T.c.id == _W.c.topic_id)
            .outerjoin(_P, _P.c.id == _W.c.author_id).outerjoin(_TP, _TP.c.id == _T.c.author_id)
            .outerjoin(_SP, sa.and_(_SP.c.member_id == _W.c.author_id, _SP.c.group_id == _W.c.group_id))
        )
        .where(*hits, _HERE)
        .order_by(_RECENT.c.id.desc())
        .limit(PER_PAGE)
    )  # fmt: skip


_FOUND = {count: _holding(count) for count in range(1, MOST_WORDS + 1)}


def seat_of(row: Row) -> Seat:
    """Return how the reader stands to the group of a row, as far as the group is open."""
    return rules.seat_in(row.state, Seat(row.role, row.role_until))


def group(connection: sa.Connection, ref: str, me: UUID | None) -> Row | None:
    """Return the row of a group with the reader's seat, whoever they are; the caller decides who sees it. One statement."""
    return connection.execute(_WHOLE, {"ref": ref, "me": me}).first()


def topics(connection: sa.Connection, group_id: UUID, me: UUID, before: str = "") -> Sequence[Row]:
    """Return up to 21 topics, the pinned ones first, then those last written in; ``before`` is the last one of the page before."""
    if before:
        return connection.execute(_FURTHER, {"group": group_id, "me": me, "before": before}).all()
    return connection.execute(_FIRST, {"group": group_id, "me": me}).all()


def topic(connection: sa.Connection, group_ref: str, ref: str, me: UUID) -> Row | None:
    """Return the row of a topic with its group and the reader's seat; one statement."""
    return connection.execute(_OF_A_TOPIC, {"group_ref": group_ref, "ref": ref, "me": me}).first()


def posts(connection: sa.Connection, topic_id: UUID, me: UUID, number: int, waits: bool) -> list[Row]:
    """Return 20 posts from ``number`` on, then (with ``waits``) the reader's own that wait; one or two statements."""
    of = {"topic": topic_id, "me": me}
    found = list(connection.execute(_PAGE, {**of, "number": number}))
    return [*found, *connection.execute(_WAITING, of)] if waits else found


def mine(connection: sa.Connection, me: UUID) -> tuple[list[Row], list[Row]]:
    """Return the groups somebody belongs to, with how many topics hold something new, and those they asked to come into.

    One statement. A name is empty where it is not for the reader any more: then they can leave, or take back what they asked.
    """
    rows = sorted(connection.execute(_MINE, {"me": me}).all(), key=lambda row: (row.name, row.ref))
    return [row for row in rows if row.role is not None], [row for row in rows if row.role is None]


def holding(connection: sa.Connection, group_id: UUID, me: UUID, looked_for: Sequence[str]) -> Sequence[Row]:
    """Return up to 20 shown posts of a group that hold every (folded) word, the newest first; one statement, none without words."""
    asked = list(looked_for)[:MOST_WORDS]
    if not asked:
        return []
    safe = {f"word{n}": "%" + _escaped(word) + "%" for n, word in enumerate(asked)}
    return connection.execute(_FOUND[len(asked)], {"group": group_id, "me": me, **safe}).all()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def organises(row: Row, today: date) -> bool:
    """Say whether the reader cares for the group of a row today."""
    return seat_of(row).organises(today)
