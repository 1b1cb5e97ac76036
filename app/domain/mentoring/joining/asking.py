"""Asking for a mentor: step by step, changed or taken back at any time. That somebody asked is told to nobody."""

from typing import Final

from pydantic import BaseModel
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import NotFound, Refused
from app.core.i18n import _
from app.core.verdict import require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.mentoring.joining import checking, keeping, rules
from app.domain.mentoring.rounds import moving
from app.models.mentoring import AskState, MentorAsk

TAKEN_BACK: Final = "mentor_ask"  # in the ledger of erasures


def save(db: Session, actor: Actor, step: str, data: BaseModel, seen: int) -> None:
    """Keep one step; a wish that waits goes on waiting, since the same day: the next round knows what is said now."""
    require(rules.may_ask(actor))
    content = checking.content(db, step, data)
    row = keeping.begun(db, MentorAsk, actor.me, seen)
    moving.said_anew(db, actor.me, as_mentor=False)
    keeping.put(db, row, step, content)


def send(db: Session, actor: Actor, seen: int) -> None:
    """Ask: from today on the wish waits."""
    require(rules.may_ask(actor))
    row = keeping.begun(db, MentorAsk, actor.me, seen)
    if rules.missing(rules.ASK, set(keeping.told(row))):
        raise Refused(_("One step is still open. Go through it first."))
    if row.state == AskState.BEGUN:
        row.state, row.asked_on = AskState.WAITING, now().date()
    keeping.touch(db, row)


def still_right(db: Session, actor: Actor) -> None:
    """Say that a wish that waits is still right: it waits a year from today."""
    require(rules.may_ask(actor))
    row = keeping.own(db, MentorAsk, actor.me, lock=True)
    if row is None or row.state != AskState.WAITING:
        raise NotFound(_("This page is not here."))
    keeping.touch(db, row)


def take_back(db: Session, actor: Actor) -> None:
    """Erase the wish with all that was said; without one nothing happens."""
    require(rules.may_take_back(actor))
    row = keeping.own(db, MentorAsk, actor.me, lock=True)
    if row is not None:
        moving.wish_taken_back(db, actor.me)
        ledger.remember(db, TAKEN_BACK, row.id)
        db.delete(row)
        db.flush()
