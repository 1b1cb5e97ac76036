"""What analysts and coordinators do with the numbers: name whom the network ought to represent, and promise what will change."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.reporting import rules
from app.models.reporting import ChangePromise, ReferencePopulation
from app.schemas.reporting import NewPromise, NewReference

PROMISES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page of those who work on the numbers lists."""

    reference: ReferencePopulation | None
    promises: list[ChangePromise]


def desk(db: Session) -> Desk:
    """Return the reference population in use and what was promised, open ones first."""
    found = select(ChangePromise).order_by(col(ChangePromise.done_on).is_not(None), col(ChangePromise.due_on)).limit(PROMISES_SHOWN)
    return Desk(_in_use(db), list(db.exec(found).all()))


def _in_use(db: Session) -> ReferencePopulation | None:
    used = select(ReferencePopulation).where(col(ReferencePopulation.ended_on).is_(None))
    return db.exec(used.order_by(col(ReferencePopulation.id).desc())).first()


def set_reference(db: Session, actor: Actor, wish: NewReference) -> ReferencePopulation:
    """Compare with this population from the next release on; the one before has its end."""
    require(rules.may_work_on_numbers(actor))
    if reason := rules.reference_fits(wish.share, wish.year, now().date()).reason:
        raise Invalid("year" if 0 <= wish.share <= 100 else "share", reason)
    _end(db)
    row = ReferencePopulation(source=wish.source, year=wish.year, place=wish.place, share=wish.share, made_on=now().date())
    db.add(row)
    db.flush()
    audit.record(db, actor, "numbers.reference_set", "reference", row.id, share=wish.share)
    return row


def end_reference(db: Session, actor: Actor) -> None:
    """Compare with nothing any more."""
    require(rules.may_work_on_numbers(actor))
    if _end(db):
        audit.record(db, actor, "numbers.reference_ended")


def _end(db: Session) -> bool:
    row = _in_use(db)
    if row is None:
        return False
    row.ended_on = now().date()
    db.add(row)
    db.flush()
    return True


def promise(db: Session, actor: Actor, wish: NewPromise) -> ChangePromise:
    """Write down what will change, who sees to it and by when; everyone sees it with the next release."""
    require(rules.may_work_on_numbers(actor))
    today: date = now().date()
    if reason := rules.promise_fits(wish.due, today).reason:
        raise Invalid("due", reason)
    row = ChangePromise(what=wish.what, owner=wish.owner, due_on=wish.due, made_on=today)
    db.add(row)
    db.flush()
    audit.record(db, actor, "numbers.promised", "promise", row.id)
    return row


def settle(db: Session, actor: Actor, promise_id: UUID, outcome: str) -> None:
    """Say what came of a promise; NotFound for one that is not there or was settled before."""
    require(rules.may_work_on_numbers(actor))
    row = db.get(ChangePromise, promise_id)
    if row is None or row.done_on is not None:
        raise NotFound
    row.done_on, row.outcome = now().date(), outcome
    db.add(row)
    db.flush()
    audit.record(db, actor, "numbers.settled", "promise", row.id)
