"""What mentor and mentee write to each other, and what each takes back. It is sealed, and none of it stands in the trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core import i18n
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import new_id, new_ref
from app.core.verdict import Verdict, require
from app.domain import ledger
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.media.voice import Voice
from app.domain.mentoring.together import hooks, reading, rules, voices
from app.domain.mentoring.together.wording import NEW, why_held
from app.models.accounts import Answer
from app.models.mentoring import MentorMatch
from app.models.mentorships import MentorMessage, Mentorship, MessageState
from app.schemas.mentorships import WriteMessage

WORDS: Final = "mentor_message"  # in the ledger of erasures: one message that its writer took back
_W, _S = MentorMessage.__table__, Mentorship.__table__  # type: ignore[attr-defined]
_STANDS = _W.c.state != MessageState.DELETED


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message."""

    ref: str
    held: bool


def address(ref: str) -> str:
    """Return where the talk of a pair stands."""
    return f"/my/mentoring/with/{ref}"


def write(db: Session, actor: Actor, ref: str, wish: WriteMessage, voice: Voice | None = None) -> Sent:
    """Write to the other one, also with a voice that says the same; what the checks hold waits, and its writer sees that and why.

    Raises NotFound for everybody but the two; Invalid("body") where nothing is sent: then the words stay on the page.
    """
    require(rules.may_talk(actor))
    of = held_still(db, actor, ref)
    _open_or_kept(rules.goes_on(actor, of.state, is_mentee=of.is_mentee))
    begin(db, of.match_id)
    so_far = _so_far(db, of.match_id, actor.me)
    looked = hooks.look(wish.body, wish.language, of.shared, rules.read_first(actor))
    if looked.stop:
        raise Invalid("body", looked.stop)
    message = MentorMessage(
        id=new_id(), ref=new_ref(), match_id=of.match_id, author_id=actor.me, language=wish.language, body=wish.body,
        state=MessageState.HELD if looked.held else MessageState.SHOWN, why=",".join(looked.held), written_at=now(),
    )  # fmt: skip
    if looked.held:
        _open_or_kept(rules.may_wait(so_far.held))
        db.add(message)
        db.flush()
        hooks.tell_held(db, message, of.other_id, looked.held)
    else:
        send(db, message, of.ref, of.other_id, so_far)
    if voice is not None:
        voices.keep(db, message, voice)
    return Sent(message.ref, bool(looked.held))


def checked(actor: Actor, of: reading.Talk, field: str, words: str) -> None:
    """Ask the checks about a line that both read at once; Invalid(field) also for what would wait: nothing waits there."""
    looked = hooks.look(words, i18n.current(), of.shared, rules.read_first(actor)) if words else hooks.Looked()
    if looked.stop:
        raise Invalid(field, looked.stop)
    if looked.held:
        raise Invalid(field, " ".join((*why_held(",".join(looked.held)), _("It cannot stand here."))))


def held_still(db: Session, actor: Actor, ref: str) -> reading.Talk:
    """Return the talk with its pair locked: of a word and a goodbye in the same second, one waits and then knows of the other."""
    db.execute(sa.select(col(MentorMatch.id)).where(col(MentorMatch.ref) == ref).with_for_update())
    return reading.talk(db.connection(), actor, ref)


def _open_or_kept(verdict: Verdict) -> None:
    """Raise Invalid where it cannot be sent: then the page shows the words again, and nothing typed is lost."""
    if verdict.reason is not None:
        raise Invalid("body", verdict.reason)


def begin(db: Session, match_id: UUID) -> None:
    """Make what a pair has beside it, if it is not there yet: after the end, the two find their lines by it."""
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    db.execute(insert_into(_S).values(id=new_id(), match_id=match_id, last_number=0).on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class SoFar:
    """What a writer needs to know of the talk: how many of their own wait, whose is the last."""

    held: int
    by_me: bool


def _so_far(db: Session, match_id: UUID, me: UUID) -> SoFar:
    of_pair = _W.c.match_id == match_id
    last = sa.select(_W.c.author_id).where(of_pair, _W.c.number.is_not(None))
    row = db.execute(last.order_by(_W.c.number.desc()).limit(1)).first()
    held = sa.select(sa.func.count()).select_from(_W).where(of_pair, _W.c.author_id == me, _W.c.state == MessageState.HELD)
    return SoFar(db.execute(held).scalar_one(), row is not None and row.author_id == me)


def send(db: Session, message: MentorMessage, ref: str, to: UUID, so_far: SoFar | None = None) -> None:
    """Give a message its place in the order, and tell the other one that there is something to read, but not what."""
    before = so_far or _so_far(db, message.match_id, message.author_id)
    number = sa.update(_S).where(_S.c.match_id == message.match_id).values(last_number=_S.c.last_number + 1)
    message.number, message.state = int(db.execute(number.returning(_S.c.last_number)).scalar_one()), MessageState.SHOWN
    # The day of one that waited is the day on which it came: an older day below a newer one would tell that somebody held it.
    message.why, message.written_at = "", now()
    db.add(message)
    db.flush()
    _tell(db, to, address(ref), before.by_me)


def _tell(db: Session, to: UUID, page: str, by_me: bool) -> None:
    """Tell of something to read; where that stands there unread, it is of now: rows for each turn would be a diary of the two."""
    found = select(Answer).where(Answer.member_id == to, Answer.link == page, Answer.sentence == NEW)
    last = db.exec(found.order_by(col(Answer.at).desc(), col(Answer.id).desc()).limit(1)).first()
    if not rules.is_told(by_me, now() - last.at if last else None):
        return
    if last is not None and last.read_at is None:
        last.at = now()
        db.flush()
    else:
        tell(db, to, NEW, link=page)


def delete(db: Session, actor: Actor, ref: str, message_ref: str) -> None:
    """Take one message back: the words are gone at once, the place in the talk stays."""
    of = reading.mine(db.connection(), actor, ref)
    message = db.exec(select(MentorMessage).where(MentorMessage.match_id == of.match_id, MentorMessage.ref == message_ref)).first()
    if message is None:
        raise NotFound(_("This page is not here."))
    require(rules.may_delete(actor, message.author_id, message.state))
    _erase(db, _W.c.id == message.id)
    ledger.remember(db, WORDS, message.id)


def delete_mine(db: Session, actor: Actor, ref: str) -> reading.Talk:
    """Take back every message that the actor wrote in a talk, also where they read it no more; return the talk."""
    of = reading.mine(db.connection(), actor, ref)
    mine = sa.and_(_W.c.match_id == of.match_id, _W.c.author_id == actor.me)
    require(rules.may_delete(actor, actor.me, MessageState.SHOWN))
    ids: Iterable[UUID] = db.execute(sa.select(_W.c.id).where(mine, _STANDS)).scalars().all()
    _erase(db, mine)
    ledger.remember_new(db, WORDS, ids)
    return of


def delete_again(db: Session, message_id: UUID) -> bool:
    """Take back a message that a restored older copy brought back; return whether it was there."""
    return _erase(db, _W.c.id == message_id) > 0


def _erase(db: Session, which: sa.ColumnElement[bool]) -> int:
    """Empty the messages of ``which`` that stand; return how many it was. Whoever decides holds the case first, and so do we."""
    db.flush()
    hooks.tell_gone(db, sa.select(_W.c.id).where(which, _STANDS))
    voices.forget(db, sa.select(_W.c.id).where(which, _STANDS))
    emptied = sa.update(_W).where(which, _STANDS).values(state=MessageState.DELETED, body="", why="")
    count = int(db.execute(emptied).rowcount)  # type: ignore[attr-defined]
    for row in list(db):
        if isinstance(row, MentorMessage):
            db.expire(row)
    return count
