"""What analysts and coordinators work on: whom the network ought to represent, and (``promising``) what will change."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.reporting import goals, rules
from app.domain.reporting.question import more
from app.models.reporting import ChangePromise, NumberGoal, ReferencePopulation
from app.schemas.reporting import NewReference

PROMISES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page of those who work on the numbers lists."""

    reference: ReferencePopulation | None
    promises: list[ChangePromise]
    goals: list[NumberGoal]
    asked: list[str]


def desk(db: Session) -> Desk:
    """Return the reference population in use and what was promised, open ones first."""
    found = select(ChangePromise).order_by(col(ChangePromise.done_on).is_not(None), col(ChangePromise.due_on)).limit(PROMISES_SHOWN)
    return Desk(_in_use(db), list(db.exec(found).all()), goals.in_use(db), more.asked(db))


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
    """End what is in use; where two were named at the same moment, both."""
    rows = db.exec(select(ReferencePopulation).where(col(ReferencePopulation.ended_on).is_(None))).all()
    for row in rows:
        row.ended_on = now().date()
        db.add(row)
    db.flush()
    return bool(rows)
