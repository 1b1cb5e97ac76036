"""What two people write to each other, and what each takes back. It is sealed, and none of it stands in the trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import new_id, new_ref
from app.core.verdict import Verdict, require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.between import blocking, hooks, reading, rules, telling
from app.domain.two import deciding
from app.domain.two import rules as two
from app.domain.two.wording import NEW
from app.models.between import PrivateMessage, PrivateTalk, TalkState
from app.models.mentorships import MessageState
from app.schemas.mentorships import WriteMessage

WORDS: Final = "private message"  # in the ledger of erasures: one message that its writer took back
ENDED: Final = "talk ended"  # in the ledger of erasures
_T, _W = PrivateTalk.__table__, PrivateMessage.__table__  # type: ignore[attr-defined]
_STANDS = _W.c.state != MessageState.DELETED


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message."""

    ref: str
    held: bool


def write(db: Session, actor: Actor, ref: str, wish: WriteMessage) -> Sent:
    """Write to the other one; what the checks hold waits for a person, and its writer sees that and why.

    Raises NotFound for everybody but the two; Invalid("body") where nothing is sent: then the words stay on the page.
    """
    require(rules.may_write(actor))
    of = _held_still(db, actor, ref)
    _open_or_kept(rules.reaches(of.shut))
    _open_or_kept(rules.goes_on(of.state, of.group))
    answered, waiting = _so_far(db, of.id, actor.me)
    looked = hooks.look(wish.body, wish.language, not answered)
    if looked.stop:
        raise Invalid("body", looked.stop)
    message = PrivateMessage(
        id=new_id(), ref=new_ref(), talk_id=of.id, author_id=actor.me, language=wish.language, body=wish.body,
        state=MessageState.HELD if looked.held else MessageState.SHOWN, why=",".join(looked.held), written_at=now(),
    )  # fmt: skip
    if looked.held:
        _open_or_kept(two.may_wait(waiting))
        db.add(message)
        db.flush()
        hooks.tell_held(db, message, of.other_id, looked.held)
    else:
        send(db, message, of.ref, of.other_id)
    return Sent(message.ref, bool(looked.held))


def _held_still(db: Session, actor: Actor, ref: str) -> reading.Talk:
    """Return the talk, locked: of a word and a goodbye in the same second, one waits and then knows of the other."""
    db.execute(sa.select(_T.c.id).where(_T.c.ref == ref).with_for_update())
    return reading.talk(db.connection(), actor, ref)


def _open_or_kept(verdict: Verdict) -> None:
    """Raise Invalid where it cannot be sent: then the page shows the words again, and nothing typed is lost."""
    if verdict.reason is not None:
        raise Invalid("body", verdict.reason)


def _so_far(db: Session, talk_id: UUID, me: UUID) -> tuple[bool, int]:
    """Return whether the other one has written something that reached the writer, and how many of the writer's own wait."""
    of_talk = _W.c.talk_id == talk_id
    answered = sa.exists().where(of_talk, _W.c.author_id != me, _W.c.number > 1, _W.c.heard)  # 1: the sentence that asked
    held = sa.select(sa.func.count()).select_from(_W).where(of_talk, _W.c.author_id == me, _W.c.state == MessageState.HELD)
    told, waits = db.execute(sa.select(answered, held.scalar_subquery())).one()
    return bool(told), waits


def send(db: Session, message: PrivateMessage, ref: str, to: UUID) -> None:
    """Give a message its place in the order, and tell the other one that there is something to read, but not what.

    To somebody who has blocked its writer it goes by the same statements, and reaches nobody.
    """
    last = sa.select(_W.c.author_id).where(_W.c.talk_id == message.talk_id, _W.c.number.is_not(None))
    by = last.order_by(_W.c.number.desc()).limit(1).scalar_subquery()
    heard, before = db.execute(sa.select(blocking.reaches(message.author_id, to), by)).one()
    number = sa.update(_T).where(_T.c.id == message.talk_id).values(last_number=_T.c.last_number + 1)
    message.number, message.state = int(db.execute(number.returning(_T.c.last_number)).scalar_one()), MessageState.SHOWN
    # The day of one that waited is the day on which it came: an older day below a newer one would tell that somebody held it.
    message.why, message.written_at, message.heard = "", now(), bool(heard)
    db.add(message)
    db.flush()
    within = two.TOLD_AGAIN if before == message.author_id else None
    telling.tell(db, to, telling.address(ref), NEW, heard=message.heard, within=within)


def release(db: Session, actor: Actor, message: PrivateMessage) -> bool:
    """Send a message that waited; False where the talk has ended meanwhile: then nothing comes to the other one any more."""
    require(two.may_decide(actor, message.author_id))
    deciding.stands(message, MessageState.HELD)
    row = db.exec(select(PrivateTalk).where(PrivateTalk.id == message.talk_id).with_for_update()).one()
    if row.state != TalkState.OPEN:
        message.state = MessageState.REFUSED
        db.flush()
        return False
    send(db, message, row.ref, row.asked_id if message.author_id == row.asker_id else row.asker_id)
    return True


def delete(db: Session, actor: Actor, ref: str, message_ref: str) -> None:
    """Take one message back: the words are gone at once, the place in the talk stays."""
    of = reading.mine(db.connection(), actor, ref)
    message = db.exec(select(PrivateMessage).where(PrivateMessage.talk_id == of.id, PrivateMessage.ref == message_ref)).first()
    if message is None:
        raise NotFound(_("This page is not here."))
    require(two.may_delete(actor, message.author_id, message.state))
    erase(db, _W.c.id == message.id)
    ledger.remember(db, WORDS, message.id)


def delete_mine(db: Session, actor: Actor, ref: str) -> reading.Talk:
    """Take back every message that the actor wrote in a talk; return the talk."""
    of = reading.mine(db.connection(), actor, ref)
    mine = sa.and_(_W.c.talk_id == of.id, _W.c.author_id == actor.me)
    require(two.may_delete(actor, actor.me, MessageState.SHOWN))
    ids: Iterable[UUID] = db.execute(sa.select(_W.c.id).where(mine, _STANDS)).scalars().all()
    erase(db, mine)
    ledger.remember_new(db, WORDS, ids)
    return of


def erase(db: Session, which: sa.ColumnElement[bool]) -> int:
    """Empty the messages of ``which`` that stand; return how many it was."""
    db.flush()
    hooks.tell_gone(db, sa.select(_W.c.id).where(which, _STANDS))
    emptied = sa.update(_W).where(which, _STANDS).values(state=MessageState.DELETED, body="", why="")
    count = int(db.execute(emptied).rowcount)  # type: ignore[attr-defined]
    for row in list(db):
        if isinstance(row, PrivateMessage):
            db.expire(row)
    return count


def end(db: Session, actor: Actor, ref: str) -> None:
    """End a talk; nobody is told who did, or why."""
    of = _held_still(db, actor, ref)
    end_where(db, _T.c.id == of.id)
    ledger.remember(db, ENDED, of.id)


def block(db: Session, actor: Actor, ref: str, *, forget: bool) -> None:
    """Block the other one, and take back one's own messages where that is wished; for them the talk looks as before."""
    of = reading.talk(db.connection(), actor, ref)
    if not of.shut:  # the form that was sent twice
        blocking.block(db, actor, of.other_id, of.name or _("Somebody you wrote with"))
    if forget:  # last: where the block is refused, nothing is lost
        delete_mine(db, actor, ref)


def end_where(db: Session, which: sa.ColumnElement[bool], at: datetime | None = None) -> int:
    """End the talks of ``which`` that go on; return how many it was."""
    going = sa.and_(which, _T.c.state == TalkState.OPEN)
    ended: Any = db.execute(sa.update(_T).where(going).values(state=TalkState.ENDED, ended_at=at or now()))
    return int(ended.rowcount)


def note_read(db: Session, of: reading.Talk) -> None:
    """Remember how far the reader has come; never backwards, and told to nobody."""
    mark = "asker_read" if of.asking else "asked_read"
    db.execute(sa.update(_T).where(_T.c.id == of.id, _T.c[mark] < of.last_number).values({mark: of.last_number}))
