"""What everybody would read if something were decided: decided inside a savepoint, and taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core.clock import now
from app.core.i18n import _
from app.domain.accounts import queries as accounts
from app.domain.actor import Actor
from app.domain.moderation import answering, deciding, filing, reading, second
from app.domain.moderation.rules import Choice
from app.domain.moderation.told import told
from app.models.accounts import Answer
from app.models.moderation import Case, CaseKind, Flag


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody will read, in their own language."""

    text: str
    note: str
    language: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be said if this were decided: nothing of it has happened."""

    to_author: list[Letter]
    to_translator: list[Letter]
    to_appellants: list[Letter]  # those who see an earlier decision differently
    to_flaggers: str
    flaggers: int
    second: bool = False  # another person has to confirm it first


def preview(db: Session, actor: Actor, ref: str, choice: Choice) -> Preview:
    """Return what everybody would read: decides inside a savepoint and takes it back. Raises what decide() raises."""
    case = deciding.ready(db, actor, ref, choice)
    people: dict[str, list[UUID | None]] = {
        "to_author": [case.about_id],
        "to_translator": [_translator(db, case)],
        "to_appellants": [],
    }
    if case.kind == CaseKind.APPEAL:  # of these, only those who appealed hear of it
        people = {"to_author": [], "to_translator": [], "to_appellants": [*answering.waiting_for(db, case)]}
    alone = bool(second.may_decide(db, actor, case, choice))
    moment = now()
    before = {one for who in people.values() for member_id in who for one in _answers(db, member_id, moment)}
    to_flaggers = told(case.kind, choice.outcome, choice.days)
    waiting = sa.select(sa.func.count()).where(col(Flag.case_id) == case.id, col(Flag.answered_on).is_(None))
    count = int(db.execute(waiting).scalar_one())
    savepoint = db.begin_nested()
    try:
        deciding.carry_out(db, actor, case, choice)
        letters = {
            to: [one for m in who for one in _letters(db, m, _answers(db, m, moment) - before)] for to, who in people.items()
        }
    finally:
        savepoint.rollback()
        db.expire_all()  # rows that were read inside the savepoint show what has not happened
    return Preview(**letters, to_flaggers=_(to_flaggers) if to_flaggers and count else "", flaggers=count, second=not alone)


def _translator(db: Session, case: Case) -> UUID | None:
    """Return who translated what the case is about, where that is not the teller."""
    if case.kind != CaseKind.TRANSLATION:
        return None
    return next(iter(filing.brought_by(db, case) - {case.about_id}), None)


def _answers(db: Session, member_id: UUID | None, since: datetime) -> set[UUID]:
    if member_id is None:
        return set()
    return set(db.exec(select(Answer.id).where(Answer.member_id == member_id, Answer.at >= since)))


def _letters(db: Session, member_id: UUID | None, made: set[UUID]) -> list[Letter]:
    if member_id is None or not made:
        return []
    language = reading.of_member(db, member_id)
    found = db.exec(select(Answer).where(col(Answer.id).in_(made)).order_by(col(Answer.id))).all()
    with i18n.speaking(language):
        return [Letter(accounts.in_words(a), a.note or "", language) for a in found]
