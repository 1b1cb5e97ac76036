"""Asking to talk, and the answer: a yes is told, nothing else is. None of it stands in the trail: it is theirs alone."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import Verdict, require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.between import blocking, hooks, reading, rules, telling
from app.domain.between.wording import ASKS, PLACE, SAID_YES
from app.domain.groups import hooks as words
from app.domain.groups import queries, talking
from app.domain.two.wording import why_held
from app.models.accounts import Member, MemberStatus
from app.models.between import PrivateMessage, PrivateTalk, TalkState
from app.models.groups import Group, GroupMember, Post, PostState
from app.schemas.between import AskToTalk

# In the ledger of erasures: an ask that was taken back, and one that was answered with a no.
ASK: Final = "ask to talk"
REFUSED: Final = "ask refused"
_T, _P = PrivateTalk.__table__, Member.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody whose words the actor reads in a group."""

    group: Group
    post_ref: str
    member_id: UUID
    name: str


def whom(db: Session, actor: Actor, group_ref: str, post_ref: str) -> Whom:
    """Return who wrote a post, where the actor may know: both are in the group, and it is shown. NotFound otherwise."""
    group, _seat = queries.inside(db, actor, group_ref)
    post = queries.post(db, group.id, post_ref, actor)
    wrote = (
        sa.select(col(Member.id), col(Member.name)).join(GroupMember, col(GroupMember.member_id) == Member.id)
        .where(col(Member.id) == post.author_id, col(GroupMember.group_id) == group.id, col(Member.status) == MemberStatus.ACTIVE)
    )  # fmt: skip
    row = db.execute(wrote).first()
    if row is None or row.id == actor.me or post.state != PostState.SHOWN:
        raise queries.not_here()
    return Whom(group, post_ref, row.id, row.name)


def author(db: Session, actor: Actor, group_ref: str, post_ref: str) -> tuple[UUID | None, str]:
    """Return who wrote a post, and a name: also of somebody who rests or was taken out, so that nobody escapes a block.

    Who is not named in the group has no name here either; who has left is None: a block then looks the same as any other.
    """
    group, _seat = queries.inside(db, actor, group_ref)
    seat = sa.and_(col(GroupMember.member_id) == Member.id, col(GroupMember.group_id) == group.id)
    wrote: Any = (
        sa.select(col(Post.author_id), col(Member.name), col(Member.status), col(GroupMember.id).label("seat"))
        .select_from(Post).outerjoin(Member, col(Member.id) == Post.author_id).outerjoin(GroupMember, seat)
        .where(col(Post.group_id) == group.id, col(Post.ref) == post_ref, col(Post.number).is_not(None))
    )  # fmt: skip
    row = db.execute(wrote).first()
    if row is None or row.author_id == actor.me:
        raise queries.not_here()
    named = row.seat is not None and row.status == MemberStatus.ACTIVE
    return row.author_id, row.name if named else _("Somebody whose words you read in a group")


def ask(db: Session, actor: Actor, to: Whom, wish: AskToTalk) -> None:
    """Ask somebody to talk. Whether they hear of it shows nowhere: not if they blocked the actor, nor if it is too soon again.

    Raises Refused, or Invalid("words") where nothing is sent: then the words stay on the page.
    """
    require(rules.may_ask(actor))
    _or_keep(rules.may_ask_strangers(talking.is_newcomer(db, actor.me)))
    _known(db, actor, to)
    day = sa.select(sa.func.count()).where(_T.c.asker_id == actor.me, _T.c.asked_at > now() - days(1))
    _or_keep(rules.may_ask_today(db.execute(day).scalar_one()))
    if words.look_closely(words.Written(wish.words, wish.language)).place:  # where to meet, they say once both agreed
        raise Invalid("words", _(PLACE))
    looked = hooks.look(wish.words, wish.language, True)
    if looked.stop or looked.held:  # nothing waits for a person here: it is one sentence, and can be written anew
        raise Invalid("words", looked.stop or " ".join((*why_held(",".join(looked.held)), _("It cannot stand here."))))
    heard = bool(db.execute(sa.select(_hears(actor.me, to.member_id))).scalar_one())
    row = PrivateTalk(
        ref=new_ref(), group_id=to.group.id, asker_id=actor.me, asked_id=to.member_id, asker_name=actor.name, asked_name=to.name,
        heard=heard, language=wish.language, words=wish.words, asked_at=now(),
    )  # fmt: skip
    db.add(row)
    db.flush()
    telling.tell(db, to.member_id, telling.place_of_ask(row.ref), ASKS, heard=heard)


def _known(db: Session, actor: Actor, to: Whom) -> None:
    """Raise Invalid where the two write to each other already, or the other one asked: as far as the actor's own pages say so."""
    connection = db.connection()
    if reading.talk_with(connection, actor, to.member_id):
        raise Invalid("words", _("The two of you write to each other already. It stands under My messages."))
    if reading.asked_by(connection, actor, to.member_id):
        raise Invalid("words", _("This person has asked you already. You can say yes under My messages."))


def _or_keep(verdict: Verdict) -> None:
    if verdict.reason is not None:
        raise Invalid("words", verdict.reason)


def _hears(asker: UUID, asked: UUID) -> sa.ColumnElement[bool]:
    """Return the condition that the asked one learns of an ask.

    They do not if they blocked the asker, heard of an ask of theirs within half a year, or wrote with them until then.
    """
    cut = now() - rules.AGAIN
    there = sa.and_(_T.c.asker_id == asker, _T.c.asked_id == asked)
    back = sa.and_(_T.c.asker_id == asked, _T.c.asked_id == asker)
    lately = sa.exists().where(there, _T.c.heard, _T.c.asked_at > cut)
    wrote = sa.exists().where(sa.or_(there, back), sa.or_(_T.c.state == TalkState.OPEN, _T.c.ended_at > cut))
    young = sa.exists().where(_P.c.id.in_([asker, asked]), _P.c.adult.is_(False))
    return sa.and_(blocking.reaches(asker, asked), ~lately, ~wrote, ~young)


def answer(db: Session, actor: Actor, ref: str, said: str) -> str | None:
    """Say yes, later, no, or no and block; return the address part of the talk where one begins. NotFound where it is gone."""
    found = reading.ask(db.connection(), actor, ref)
    going = _going(db, actor.me, found.other_id) if found else None
    row = db.get(PrivateTalk, found.id, with_for_update=True, populate_existing=True) if found else None
    if found is None or row is None or row.state not in rules.WAITING:
        raise NotFound(_("This page is not here."))
    if said == "yes":
        require(rules.may_write(actor))
        if going is not None:  # the two write to each other already: one talk is enough
            end_asks(db, _T.c.id == row.id)
            return going
        _begin(db, row)
        return row.ref
    if said == "block":
        blocking.block(db, actor, found.other_id, found.name)
    row.state = TalkState.LATER if said == "later" else TalkState.NO
    db.flush()
    if row.state == TalkState.NO:
        ledger.remember(db, REFUSED, row.id)
    telling.forget(db, sa.select(_T.c.ref).where(_T.c.id == row.id), actor.me)
    return None


def _pair(one: UUID, other: UUID) -> sa.ColumnElement[bool]:
    """Return the condition that a row is about these two."""
    return sa.or_(*(sa.and_(_T.c.asker_id == by, _T.c.asked_id == to) for by, to in ((one, other), (other, one))))


def _going(db: Session, one: UUID, other: UUID) -> str | None:
    """Return the talk of two that goes on; every row of theirs is locked, in one order, so of two answers at once one waits."""
    rows = db.execute(sa.select(_T.c.ref, _T.c.state).where(_pair(one, other)).order_by(_T.c.id).with_for_update()).all()
    return next((row.ref for row in rows if row.state == TalkState.OPEN), None)


def _begin(db: Session, row: PrivateTalk) -> None:
    """Let a talk begin with the sentence of whoever asked; they are told, unless they have blocked the other one since."""
    row.state, row.began_on, row.last_number, row.asked_read = TalkState.OPEN, now().date(), 1, 1
    db.add(PrivateMessage(
        ref=new_ref(), talk_id=row.id, author_id=row.asker_id, number=1, language=row.language, body=row.words, written_at=now(),
    ))  # fmt: skip
    row.words, row.asker_read = "", 1
    db.flush()
    end_asks(db, sa.and_(_pair(row.asker_id, row.asked_id), _T.c.id != row.id))  # both asked
    telling.forget(db, sa.select(_T.c.ref).where(_T.c.id == row.id))
    heard = bool(db.execute(sa.select(blocking.reaches(row.asked_id, row.asker_id))).scalar_one())
    telling.tell(db, row.asker_id, telling.address(row.ref), SAID_YES, heard=heard)


def take_back(db: Session, actor: Actor, ref: str) -> bool:
    """Take one's ask back with its words; False where a talk has begun, or it was over, meanwhile. NotFound for others."""
    wanted = select(PrivateTalk).where(PrivateTalk.ref == ref, PrivateTalk.asker_id == actor.me)
    row = db.exec(wanted.with_for_update()).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    if row.state not in rules.UNANSWERED:
        return False
    take_back_again(db, row.id)
    ledger.remember(db, ASK, row.id)
    return True


def take_back_again(db: Session, talk_id: UUID) -> bool:
    """Take an ask back, also one that a restored older copy brought back; return whether there was anything to do."""
    return end_asks(db, _T.c.id == talk_id) > 0


def refuse_again(db: Session, talk_id: UUID) -> bool:
    """Answer with a no an ask that a restored older copy brought back; return whether there was anything to do."""
    waiting = sa.and_(_T.c.id == talk_id, _T.c.state.in_(rules.WAITING))
    telling.forget(db, sa.select(_T.c.ref).where(waiting))
    return bool(db.execute(sa.update(_T).where(waiting).values(state=TalkState.NO)).rowcount)  # type: ignore[attr-defined]


def end_asks(db: Session, which: sa.ColumnElement[bool]) -> int:
    """Empty the asks of ``which`` that have not become a talk; return how many it was."""
    open_asks = sa.and_(which, _T.c.state.in_(rules.UNANSWERED))
    hooks.tell_asks_gone(db, sa.select(_T.c.id).where(open_asks))
    telling.forget(db, sa.select(_T.c.ref).where(open_asks))
    emptied = sa.update(_T).where(open_asks).values(state=TalkState.BACK, words="", asker_name=None, asked_name=None)
    return int(db.execute(emptied).rowcount)  # type: ignore[attr-defined]
