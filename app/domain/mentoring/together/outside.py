"""Help from outside: one of two thinks of it, both want it, then a coordinator takes it up. The mentee alone may, the mentor not.

Only the kind of help is kept, no words. A no of the mentee shows to nobody: the proposal stays on the mentor's page until it goes
by itself, so a mentor cannot press.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _, day_words
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts.telling import tell, tell_all
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.mentoring.joining.wording import NEED_WORDS
from app.domain.mentoring.together import lines, nudging, reading, rules, talking
from app.models.accounts import Answer, Member
from app.models.mentoring import MentorMatch
from app.models.mentorships import MentorHelp
from app.schemas.mentorships import AnswerHelp, TakeUpHelp, WantHelp

GONE: Final = "mentor_help"  # in the ledger of erasures
NEED_BYTES: Final = 16  # more than the longest
PAGE: Final = "/desk/pairs/help"
MOST: Final = 50
ASKED: Final = N_("In a mentorship help from outside is wanted. What it is stands under Work, Mentors.")
PROPOSED: Final = N_("The one with whom you go thinks that help from outside could be good. Look whether you want it.")
TAKEN_UP: Final = N_("You wanted help from outside. A coordinator writes to you.")
NOT_TAKEN_UP: Final = N_(
    "You wanted help from outside, and nobody could take it up in time. You can ask again, or look under Help."
)
_H: sa.Table = MentorHelp.__table__  # type: ignore[attr-defined]
_M: sa.Table = MentorMatch.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Help:
    """Help from outside as one of the two reads it."""

    ref: str
    need: str
    own: bool
    alone: bool
    day: str
    state: str  # proposed, sent, answered


@dataclass(frozen=True, slots=True)
class Wanted:
    """Help that is wanted, as a coordinator reads it."""

    ref: str
    name: str
    need: str
    day: str


def listed(connection: sa.Connection, of: reading.Talk) -> list[Help]:
    """Return what stands there for a reader, the newest first; one statement. Of what is sent the mentor reads no answer."""
    mine = [_H.c.refused.is_(False)] if of.is_mentee else [_H.c.alone.is_(False)]
    rows = connection.execute(
        sa.select(_H.c.ref, _H.c.need, _H.c.by_mentee, _H.c.alone, _H.c.on, _H.c.sent_on, _H.c.answered_on)
        .where(_H.c.match_id == of.match_id, *mine).order_by(_H.c.id.desc()).limit(MOST)
    )  # fmt: skip
    return [
        Help(
            row.ref, _(NEED_WORDS[row.need.strip()]), row.by_mentee == of.is_mentee, row.alone, day_words(row.sent_on or row.on),
            "answered" if row.answered_on and of.is_mentee else "sent" if row.sent_on else "proposed",
        )
        for row in rows
    ]  # fmt: skip


def propose(db: Session, actor: Actor, ref: str, wish: WantHelp) -> bool:
    """Think of help from outside; return whether it went to the coordinators at once. Raises Invalid where it cannot stand."""
    of = lines.written_in(db, actor, ref)
    require(rules.may_want_help(of.is_mentee, alone=wish.alone))
    own = select(MentorHelp).where(MentorHelp.match_id == of.match_id, MentorHelp.by_mentee == of.is_mentee)
    open_ = [one for one in db.exec(own).all() if one.answered_on is None]
    if any(one.need.strip() == wish.need for one in open_):  # also one that was refused: else the mentor would learn of the no
        raise Invalid("need", _("This stands there already."))
    if len(open_) >= rules.MOST_HELP:
        raise Invalid("", _("Three stand there already. Take one out, or wait."))
    row = MentorHelp(
        ref=new_ref(), match_id=of.match_id, mentee_id=actor.me if of.is_mentee else of.other_id, need=wish.need.ljust(NEED_BYTES),
        by_mentee=of.is_mentee, alone=wish.alone, on=now().date(),
    )  # fmt: skip
    if wish.alone:
        _send(db, row, of)
    else:
        _tell_once(db, of.other_id, PROPOSED, address(of.ref))
    db.add(row)
    db.flush()
    return wish.alone


def address(ref: str) -> str:
    """Return where help from outside stands for the two."""
    return f"{talking.address(ref)}/outside"


def answer(db: Session, actor: Actor, ref: str, help_ref: str, wish: AnswerHelp) -> bool:
    """Say yes, or no, or (the mentee) want it without the mentor; return whether it went to the coordinators."""
    of = reading.talk(db.connection(), actor, ref)
    found = select(MentorHelp).where(MentorHelp.match_id == of.match_id, MentorHelp.ref == help_ref).with_for_update()
    row = db.exec(found.execution_options(populate_existing=True)).first()
    if row is None or (row.refused if of.is_mentee else row.alone):
        raise NotFound(_("This page is not here."))
    require(rules.may_want_help(of.is_mentee, alone=wish.do == "alone"))
    if wish.do == "no":
        require(rules.may_take_back(actor))
        return _no(db, of, row)
    lines.written_in(db, actor, ref)
    if row.sent_on is not None or (row.by_mentee == of.is_mentee) == (wish.do == "yes"):
        raise Invalid("", _("This changed meanwhile. Look at it again."))
    row.alone = wish.do == "alone"
    _send(db, row, of)
    db.flush()
    return True


def _no(db: Session, of: reading.Talk, row: MentorHelp) -> bool:
    """Take out what one thought of oneself; of the mentor's the mentee says no, which shows nowhere."""
    if of.is_mentee and not row.by_mentee and row.sent_on is None:
        row.refused = True
    elif of.is_mentee or (not row.by_mentee and row.sent_on is None):
        ledger.remember(db, GONE, row.id)
        db.delete(row)
    else:  # what the mentee wants goes on, whatever the mentor says of it
        raise NotFound(_("This page is not here."))
    db.flush()
    return False


def _send(db: Session, row: MentorHelp, of: reading.Talk) -> None:
    """Let it go to the coordinators who are neither of the two; Invalid where there is none."""
    match = db.get_one(MentorMatch, of.match_id)
    there = [one for one in nudging.coordinators(db) if one not in (match.mentee_id, match.mentor_id)]
    if not there:
        raise Invalid("", _("Nobody at the desk can take this up at the moment. Look under Help, or ask again later."))
    row.sent_on = now().date()
    unread = sa.select(col(Answer.member_id)).where(
        col(Answer.member_id).in_(there), col(Answer.sentence) == ASKED, col(Answer.read_at).is_(None)
    )
    told = set(db.execute(unread).scalars())
    tell_all(db, [(one, PAGE) for one in there if one not in told], ASKED)


def _tell_once(db: Session, member_id: UUID, sentence: str, page: str) -> None:
    unread = select(Answer.id).where(
        Answer.member_id == member_id, Answer.sentence == sentence, Answer.link == page,
        sa.or_(col(Answer.read_at).is_(None), col(Answer.at) > now() - rules.TOLD_AGAIN),
    )  # fmt: skip
    if db.exec(unread.limit(1)).first() is None:
        tell(db, member_id, sentence, link=page)


def forget(db: Session, of: reading.Talk) -> None:
    """Take out what one of the two thought of; of the mentor what is not sent yet."""
    mine = [_H.c.match_id == of.match_id, _H.c.by_mentee == of.is_mentee, *([] if of.is_mentee else [_H.c.sent_on.is_(None)])]
    ledger.remember_new(db, GONE, db.execute(sa.delete(_H).where(*mine).returning(_H.c.id)).scalars().all())


def _waiting(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(_H.c.id, _H.c.ref, _H.c.need, _H.c.sent_on, _H.c.mentee_id, _M.c.mentor_id, col(Member.name))
        .select_from(_H.join(Member, col(Member.id) == _H.c.mentee_id).outerjoin(_M, _M.c.id == _H.c.match_id))
        .where(
            _H.c.sent_on.is_not(None), _H.c.answered_on.is_(None), _H.c.mentee_id != actor.me,
            sa.func.coalesce(_M.c.mentor_id != actor.me, sa.true()),
        )
    )  # fmt: skip


def wanted(db: Session, actor: Actor) -> list[Wanted]:
    """Return what waits for a coordinator, the oldest first; never of one's own pair. One statement."""
    rows = db.execute(_waiting(actor).order_by(_H.c.sent_on, _H.c.id).limit(MOST)).all()
    return [Wanted(row.ref, row.name, _(NEED_WORDS[row.need.strip()]), day_words(row.sent_on)) for row in rows]


def one(db: Session, actor: Actor, ref: str) -> Wanted:
    """Return what waits for a coordinator under this address; NotFound when it does not, or is of one's own pair."""
    row = db.execute(_waiting(actor).where(_H.c.ref == ref)).first()
    if row is None:
        raise NotFound(_("This is not open any more. Nothing happens because of it."))
    return Wanted(row.ref, row.name, _(NEED_WORDS[row.need.strip()]), day_words(row.sent_on))


def take_up(db: Session, actor: Actor, ref: str, wish: TakeUpHelp) -> None:
    """Write to the mentee what there is, or how to go on; it waits no more."""
    db.execute(sa.select(_H.c.id).where(_H.c.ref == ref).with_for_update())
    row = db.execute(_waiting(actor).where(_H.c.ref == ref)).first()
    if row is None:
        raise NotFound(_("This is not open any more. Nothing happens because of it."))
    require(rules.may_take_up(actor, row.mentee_id, row.mentor_id))
    db.execute(sa.update(_H).where(_H.c.id == row.id).values(answered_on=now().date()))
    tell(db, row.mentee_id, TAKEN_UP, note=wish.note, link="/help")
    audit.record(db, actor, "mentoring.helped", "help", row.id)


def remove_old(db: Session, moment: datetime) -> None:
    """Let proposals and answered ones go after 30 days, and what nobody took up after 60: whoever wanted it is told."""
    today = moment.date()
    late = _H.c.sent_on < today - timedelta(days=rules.UNHELPED_DAYS)
    open_ = db.execute(sa.delete(_H).where(late, _H.c.answered_on.is_(None)).returning(_H.c.mentee_id)).scalars().all()
    tell_all(db, [(member_id, "/help") for member_id in open_], NOT_TAKEN_UP)
    since = today - timedelta(days=rules.HELP_DAYS)
    db.execute(sa.delete(_H).where(sa.or_(sa.and_(_H.c.sent_on.is_(None), _H.c.on < since), _H.c.answered_on < since)))


def purge(db: Session, member_id: UUID) -> None:
    """Erase what a mentee who left wanted, and what a mentor who left only proposed; what is sent is the mentee's."""
    of_mentor = sa.select(_M.c.id).where(_M.c.mentor_id == member_id)
    db.execute(sa.delete(_H).where(sa.or_(
        _H.c.mentee_id == member_id, sa.and_(_H.c.match_id.in_(of_mentor), _H.c.sent_on.is_(None))
    )))  # fmt: skip
    db.execute(sa.update(_H).where(_H.c.match_id.in_(of_mentor)).values(match_id=None))


def erase_again(db: Session, help_id: UUID) -> bool:
    """Take out once more what a restored older copy brought back; return whether it was there."""
    return bool(db.execute(sa.delete(_H).where(_H.c.id == help_id)).rowcount)  # type: ignore[attr-defined]


def export(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    """Return for the member's own copy what they wanted as a mentee; what a mentor proposed is about somebody else."""
    rows = db.execute(sa.select(_H).where(_H.c.mentee_id == member_id).order_by(_H.c.id))
    return [
        {"on": row.on, "kind": _(NEED_WORDS[row.need.strip()]), N_("passed on"): row.sent_on, N_("answered on"): row.answered_on}
        for row in rows
    ]
