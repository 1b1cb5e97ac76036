"""Talks between two as one of them reads them: hot reads, columns, built once.

What a block keeps away is in none of them; what came before it can still be told about, taken back and ended.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain import limits
from app.domain.actor import Actor
from app.domain.between import rules
from app.domain.two import bubbles
from app.domain.two.wording import why_held
from app.models.accounts import Member, MemberStatus
from app.models.between import MemberBlock, PrivateMessage, PrivateTalk, TalkState
from app.models.groups import Group, GroupMember, GroupState
from app.models.mentorships import MessageState

Bubble = bubbles.Bubble
Page = bubbles.Page
LAST = bubbles.LAST
MOST: Final = 100
_T, _W, _B = PrivateTalk.__table__, PrivateMessage.__table__, MemberBlock.__table__  # type: ignore[attr-defined]
_P, _G = Member.__table__, Group.__table__  # type: ignore[attr-defined]
_S: Any = GroupMember.__table__  # type: ignore[attr-defined]
_ME, _TALK = sa.bindparam("me", type_=sa.Uuid), sa.bindparam("talk", type_=sa.Uuid)
_ASKING = _T.c.asker_id == _ME
_OTHER = sa.case((_ASKING, _T.c.asked_id), else_=_T.c.asker_id)
_OPEN_GROUP = _G.c.state.in_(rules.OPEN_GROUPS)
_SHUT = sa.exists().where(_B.c.member_id == _ME, _B.c.blocked_id == _OTHER)
_SEEN = sa.case((_ASKING, _T.c.asker_read), else_=_T.c.asked_read)
_NEWS = (
    sa.select(sa.func.count()).select_from(_W)
    .where(_W.c.talk_id == _T.c.id, _W.c.author_id != _ME, _W.c.heard, _W.c.state == MessageState.SHOWN, _W.c.number > _SEEN)
    .correlate(_T).scalar_subquery()
)  # fmt: skip
_ONE_OF = _P.alias("one_of")
# From the moment when one turns out to be under 18, not only from that night on.
_YOUNG = sa.exists().where(_ONE_OF.c.id.in_([_T.c.asker_id, _T.c.asked_id]), _ONE_OF.c.adult.is_(False))
_STATE = sa.case((_YOUNG, sa.literal(TalkState.ENDED, _T.c.state.type)), else_=_T.c.state)
_MINE = (
    sa.select(
        _T.c.id, _T.c.ref, _STATE.label("state"), _T.c.last_number, _T.c.asker_name, _T.c.asked_name,
        _ASKING.label("asking"), _P.c.id.label("other_id"),
        # Whoever takes a new name after the end is not to be known by it.
        sa.case((sa.and_(_T.c.state == TalkState.OPEN, ~_SHUT), _P.c.name), else_="").label("name"), _SHUT.label("shut"),
        _G.c.state.label("group_state"), _SEEN.label("seen"), _NEWS.label("news"),
    )
    .select_from(_T.join(_P, _P.c.id == _OTHER).join(_G, _G.c.id == _T.c.group_id))
    .where(sa.or_(_ASKING, _T.c.asked_id == _ME), _T.c.state.in_(rules.TALKS))
)  # fmt: skip
_WITH = sa.bindparam("other", type_=sa.Uuid)
_GOING = _MINE.where(~_SHUT, _T.c.state == TalkState.OPEN, _P.c.id == _WITH)
_ALL = _MINE.where(~_SHUT).order_by(sa.case((_T.c.state == TalkState.OPEN, 0), else_=1), _T.c.id.desc()).limit(MOST)
_ONE = _MINE.where(_T.c.ref == sa.bindparam("ref"))
_SINCE = sa.bindparam("since", type_=_T.c.asked_at.type)
_HERE, _THERE = _S.alias("here"), _S.alias("there")
_ASKS = (
    sa.select(
        _T.c.id, _T.c.ref, _T.c.state, _T.c.language, _T.c.words, _T.c.asked_at, _P.c.id.label("other_id"), _P.c.name,
        _T.c.asker_name, _T.c.asked_name, _ASKING.label("asking"),
        _G.c.name.label("group_name"), _G.c.language.label("group_language"),
    )
    .select_from(
        _T.join(_P, _P.c.id == _OTHER).join(_G, _G.c.id == _T.c.group_id)
        .join(_HERE, sa.and_(_HERE.c.group_id == _G.c.id, _HERE.c.member_id == _ME))
        .join(_THERE, sa.and_(_THERE.c.group_id == _G.c.id, _THERE.c.member_id == _OTHER))
    )
    .where(_T.c.asked_at > _SINCE, _OPEN_GROUP)
    .limit(MOST)
)  # fmt: skip
_MOMENT: Any = sa.bindparam("moment", type_=_P.c.stopped_until.type)
_COME = _ASKS.where(
    _T.c.asked_id == _ME, _T.c.heard, _T.c.state.in_(rules.WAITING), ~_SHUT, _P.c.status == MemberStatus.ACTIVE,
    limits.none_stops(_MOMENT),
).order_by(sa.case((_T.c.state == TalkState.ASKED, 0), else_=1), _T.c.id.desc())  # fmt: skip
# The same whether it waits, was put off, refused, or never heard of.
_GONE_OUT = _ASKS.where(_ASKING, _T.c.state.in_(rules.UNANSWERED)).order_by(_T.c.id.desc())
_BEHIND = (
    sa.select(_T.c.ref, _T.c.state, _T.c.began_on, _T.c.asked_at)
    .where(_SHUT, sa.or_(
        sa.and_(sa.or_(_ASKING, _T.c.asked_id == _ME), _T.c.state.in_(rules.TALKS)),
        sa.and_(_T.c.asked_id == _ME, _T.c.heard, _T.c.state.in_(rules.UNANSWERED)),
    )).order_by(_T.c.id.desc()).limit(MOST)
)  # fmt: skip
_WORDS = sa.select(
    _W.c.ref, _W.c.number, _W.c.state, _W.c.language, _W.c.body, _W.c.why, _W.c.written_at, (_W.c.author_id == _ME).label("own")
).where(_W.c.talk_id == _TALK, sa.or_(_W.c.author_id == _ME, _W.c.heard))  # fmt: skip
_PAGE, _UNSENT = bubbles.before(_WORDS, _W), bubbles.unsent(_WORDS, _W, _W.c.author_id == _ME)


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as one of the two has it."""

    id: UUID
    ref: str
    state: TalkState
    group: GroupState
    asking: bool  # the reader is who asked
    other_id: UUID
    name: str  # "" after the end
    last_number: int
    seen: int
    news: int  # messages that the reader has not read
    shut: bool  # the reader has blocked the other one: nothing new comes, and nothing can be written
    reads: bool  # else it is there for taking back one's own only

    @property
    def open(self) -> bool:
        """Say whether it has not come to its end."""
        return self.state == TalkState.OPEN


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asked, or was asked, in a group that both belong to."""

    id: UUID
    ref: str
    state: TalkState  # for the asked one only
    other_id: UUID
    name: str
    group: str
    group_language: str
    language: str
    words: str
    at: datetime

    @property
    def until(self) -> datetime:
        """Return when it can be answered no more."""
        return self.at + rules.ASKED


def talks(connection: sa.Connection, actor: Actor) -> list[Talk]:
    """Return the actor's talks, those that go on first; one statement."""
    return [_talk(actor, row) for row in connection.execute(_ALL, {"me": actor.me}).all()]


def mine(connection: sa.Connection, actor: Actor, ref: str) -> Talk:
    """Return a talk of the actor's also where they read it no more: what one wrote oneself can be taken back. One statement."""
    row = connection.execute(_ONE, {"ref": ref, "me": actor.me}).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    return _talk(actor, row)


def talk(connection: sa.Connection, actor: Actor, ref: str) -> Talk:
    """Return a talk that the actor reads; NotFound for everybody else. One statement."""
    found = mine(connection, actor, ref)
    if not found.reads:
        raise NotFound(_("This page is not here."))
    return found


def _talk(actor: Actor, row: Any) -> Talk:
    name = _named(row) if row.state == TalkState.OPEN else ""
    return Talk(
        row.id, row.ref, row.state, row.group_state, bool(row.asking), row.other_id, name, row.last_number, row.seen, row.news,
        bool(row.shut), actor.let_in,
    )  # fmt: skip


def _named(row: Any) -> str:
    """Return the other one's name as it was on the day of asking (of earlier rows as it is); "" where it does not stand."""
    kept = row.asked_name if row.asking else row.asker_name
    return (kept or row.name) if row.name else ""


def asks(connection: sa.Connection, actor: Actor) -> list[Ask]:
    """Return who would like to write to the actor, the new ones first; one statement."""
    return _asks(connection.execute(_COME, {"me": actor.me, "since": now() - rules.ASKED, "moment": now()}).all())


def ask(connection: sa.Connection, actor: Actor, ref: str) -> Ask | None:
    """Return one of them, however many there are; one statement."""
    found = connection.execute(_COME.where(_T.c.ref == ref), {"me": actor.me, "since": now() - rules.ASKED, "moment": now()}).all()
    return next(iter(_asks(found)), None)


def asked_by(connection: sa.Connection, actor: Actor, other: UUID) -> bool:
    """Say whether somebody asked the actor, as far as their own page says so; one statement."""
    asked = {"me": actor.me, "since": now() - rules.ASKED, "moment": now(), "other": other}
    return connection.execute(_COME.where(_P.c.id == _WITH), asked).first() is not None


def talk_with(connection: sa.Connection, actor: Actor, other: UUID) -> bool:
    """Say whether the actor and somebody write to each other, as far as the actor's own pages say so; one statement."""
    return connection.execute(_GOING, {"me": actor.me, "other": other}).first() is not None


@dataclass(frozen=True, slots=True)
class Behind:
    """A talk with, or an ask of, somebody whom the reader blocked; of whom does not stand there."""

    ref: str
    talk: bool
    on: date


def behind(connection: sa.Connection, actor: Actor) -> list[Behind]:
    """Return what stands behind the actor's blocks, the newest first; one statement."""
    rows = connection.execute(_BEHIND, {"me": actor.me}).all()
    return [Behind(row.ref, row.state in rules.TALKS, row.began_on or row.asked_at.date()) for row in rows]


def asked(connection: sa.Connection, actor: Actor) -> list[Ask]:
    """Return whom the actor asked; what became of it is in none of them. One statement."""
    return _asks(connection.execute(_GONE_OUT, {"me": actor.me, "since": now() - rules.ASKED}).all())


def _asks(rows: Any) -> list[Ask]:
    return [
        Ask(r.id, r.ref, r.state, r.other_id, _named(r), r.group_name, r.group_language, r.language, r.words, r.asked_at)
        for r in rows
    ]


def page(connection: sa.Connection, of: Talk, me: UUID, number: int = LAST) -> Page:
    """Return 20 messages before a number, on the last page with the reader's own that were not sent; one or two statements."""
    return bubbles.page(connection, _PAGE, _UNSENT, {"talk": of.id, "me": me}, number, why_held)


def one(connection: sa.Connection, of: Talk, me: UUID, ref: str, *, taken_back: bool = False) -> Bubble:
    """Return one message that the reader sees, or, with ``taken_back``, its empty place; NotFound otherwise. One statement."""
    row = connection.execute(_WORDS.where(_W.c.ref == ref), {"talk": of.id, "me": me}).first()
    if row is None or not bubbles.is_there(row, taken_back):
        raise NotFound(_("This page is not here."))
    return bubbles.of_rows([row], why_held)[0]
