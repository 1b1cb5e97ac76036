"""What talks of two do when somebody leaves a group or the network, or time is over, and what they add to a member's own copy."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.between import asking, blocking, hooks, rules, talking, telling
from app.domain.two.wording import STATES
from app.models.accounts import Member, MemberStatus
from app.models.between import MemberBlock, PrivateMessage, PrivateTalk, TalkState
from app.models.mentorships import MessageState

LEDGER: Final = (talking.WORDS, talking.ENDED, asking.ASK, asking.REFUSED, blocking.LIFTED)
STANDS: Final = (blocking.BLOCKED,)  # in the same ledger: what an older copy lacks, and is made anew
_T, _W, _B = PrivateTalk.__table__, PrivateMessage.__table__, MemberBlock.__table__  # type: ignore[attr-defined]
_EMPTY: Final = {"state": TalkState.GONE, "words": "", "asker_name": None, "asked_name": None}
_P: sa.Table = Member.__table__  # type: ignore[attr-defined]


def left(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Somebody belongs to a group no longer: what they have with others there ends, and looks like any other end."""
    theirs = sa.and_(_T.c.group_id == group_id, _of(member_id))
    asking.end_asks(db, theirs)
    talking.end_where(db, theirs)


def standing_changed(db: Session, member_id: UUID, standing: MemberStatus) -> None:
    """End the talks of somebody who leaves or was stopped; a pause shows to nobody: what comes meanwhile waits for them."""
    if standing in (MemberStatus.LEAVING, MemberStatus.SUSPENDED):
        talking.end_where(db, _of(member_id))


def stopped(db: Session, member_id: UUID) -> None:
    """End the talks of somebody whom a decision stops: nobody goes on writing to them meanwhile."""
    talking.end_where(db, _of(member_id))


def purge(db: Session, member_id: UUID) -> None:
    """Erase what is here of a member who left, with the words of both; that they left shows in nobody's list of blocks."""
    _gone(db, sa.select(_T.c.id).where(_of(member_id)))
    hooks.tell_asks_gone(db, sa.select(_T.c.id).where(_of(member_id)))
    db.execute(sa.delete(_T).where(_of(member_id)))
    blocking.forget(db, member_id)


def remove_old(db: Session, moment: datetime) -> int:
    """Erase talks a week after their end and messages after twelve months, end what has gone silent; return how many messages."""
    over = sa.select(_T.c.id).where(_T.c.state == TalkState.ENDED, _T.c.ended_at < moment - rules.AFTER_END)
    old = sa.and_(_W.c.written_at < moment - rules.KEPT)
    hooks.tell_gone(db, sa.select(_W.c.id).where(old))
    count = int(db.execute(sa.delete(_W).where(old)).rowcount)  # type: ignore[attr-defined]
    count += _gone(db, over)
    db.execute(sa.update(_T).where(_T.c.id.in_(over)).values(**_EMPTY))
    _end_silent(db, moment)
    lapsed = sa.and_(_T.c.state.not_in(rules.TALKS), _T.c.asked_at < moment - rules.ASKED)
    hooks.tell_asks_gone(db, sa.select(_T.c.id).where(lapsed, _T.c.state != TalkState.GONE))
    telling.forget(db, sa.select(_T.c.ref).where(lapsed))
    db.execute(sa.update(_T).where(lapsed, _T.c.state != TalkState.GONE).values(**_EMPTY))
    again = moment - rules.AGAIN
    forgotten = sa.and_(_T.c.state == TalkState.GONE, _T.c.asked_at < again, sa.or_(_T.c.ended_at.is_(None), _T.c.ended_at < again))
    db.execute(sa.delete(_T).where(forgotten))
    return count


def _end_silent(db: Session, moment: datetime) -> None:
    """End talks in which one of the two has been silent for twelve months, or turns out to be under 18.

    An account that nobody comes to is erased after eighteen months: by then nothing here could show that it was.
    """
    of_talk = sa.and_(_W.c.talk_id == _T.c.id, _W.c.number.is_not(None))
    silent = sa.or_(*(~sa.exists().where(of_talk, _W.c.author_id == side) for side in (_T.c.asker_id, _T.c.asked_id)))
    young = sa.exists().where(_P.c.id.in_([_T.c.asker_id, _T.c.asked_id]), _P.c.adult.is_(False))
    talking.end_where(db, sa.or_(sa.and_(_T.c.began_on < (moment - rules.KEPT).date(), silent), young), moment)


def _gone(db: Session, talks: sa.Select[tuple[UUID]]) -> int:
    """Erase the messages of talks, and what told of them; return how many messages."""
    which = _W.c.talk_id.in_(talks)
    hooks.tell_gone(db, sa.select(_W.c.id).where(which))
    telling.forget(db, sa.select(_T.c.ref).where(_T.c.id.in_(talks)))
    return int(db.execute(sa.delete(_W).where(which)).rowcount)  # type: ignore[attr-defined]


def _of(member_id: UUID) -> sa.ColumnElement[bool]:
    return sa.or_(_T.c.asker_id == member_id, _T.c.asked_id == member_id)


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether it was there."""
    if kind == talking.WORDS:
        return talking.erase(db, _W.c.id == subject_id) > 0
    if kind == talking.ENDED:
        return talking.end_where(db, _T.c.id == subject_id) > 0
    if kind == asking.REFUSED:
        return asking.refuse_again(db, subject_id)
    return asking.take_back_again(db, subject_id) if kind == asking.ASK else blocking.lift_again(db, subject_id)


make_again = blocking.block_again


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member asked and wrote, and whom they blocked by the name of then: never the words or names of others."""
    wrote = db.execute(
        sa.select(_W.c.written_at, _W.c.body, _W.c.state)
        .where(_W.c.author_id == member_id, _W.c.state != MessageState.DELETED).order_by(_W.c.id)
    )  # fmt: skip
    asked = db.execute(
        sa.select(_T.c.asked_at, _T.c.words, _T.c.language)
        .where(_T.c.asker_id == member_id, _T.c.state.not_in(_NO_ASK))
        .order_by(_T.c.id)
    )
    blocked = db.execute(sa.select(_B.c.on, _B.c.name).where(_B.c.member_id == member_id).order_by(_B.c.id))
    return {
        N_("what I wrote to one person in a group"): [
            {"on": row.written_at.date(), "text": row.body, N_("state"): Coded(row.state.value, _(STATES[row.state]))}
            for row in wrote
        ],
        N_("how I asked to talk"): [{"on": row.asked_at.date(), "text": row.words} for row in asked],
        N_("whom I blocked"): [{"on": row.on, "name": row.name} for row in blocked],
    }  # fmt: skip


_NO_ASK: Final = (*rules.TALKS, TalkState.BACK, TalkState.GONE)
