"""Answers to appeals, and what becomes of them when what they are about is gone."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain.accounts import actions as accounts
from app.domain.moderation import filing
from app.models.moderation import Appeal, Case, CaseKind, Decision

_D, _C = Decision.__table__, Case.__table__  # type: ignore[attr-defined]


def answer(db: Session, case: Case, words: str, overturned: bool, sentence: str) -> None:
    """Answer everybody who waits for this appeal; ``sentence`` is ours, ``words`` are those of whoever decided."""
    waiting = db.exec(select(Appeal).where(Appeal.case_id == case.id, col(Appeal.answered_on).is_(None))).all()
    for one in waiting:
        one.overturned, one.answer, one.answered_on = overturned, words, now().date()
        if one.member_id is not None:
            with accounts.concerning(one.decision_id):
                accounts.tell(db, one.member_id, sentence, note=words)
    db.flush()


def waiting_for(db: Session, case: Case) -> set[UUID]:
    """Return the members who wait for the answer to an appeal."""
    waiting = select(Appeal.member_id).where(Appeal.case_id == case.id, col(Appeal.answered_on).is_(None))
    return {member_id for member_id in db.exec(waiting) if member_id is not None}


def close_about(db: Session, which: sa.ColumnElement[bool], told: str) -> None:
    """Close the appeals about these cases: what was decided is gone. ``which`` is a condition on the case."""
    decisions = sa.select(_D.c.id).where(_D.c.case_id.in_(sa.select(_C.c.id).where(which)))
    cases = select(Case).where(Case.kind == CaseKind.APPEAL, col(Case.subject_id).in_(decisions)).with_for_update()
    for case in db.exec(cases).all():
        answer(db, case, "", False, told)
        filing.close_undecided(db, case)


def forget(db: Session, which: sa.ColumnElement[bool]) -> None:
    """Erase what was written in appeals about these cases, on both sides; that there was one, and its outcome, stay."""
    cases = sa.select(_C.c.id).where(which)
    decisions = sa.select(_D.c.id).where(_D.c.case_id.in_(cases))
    about = sa.or_(col(Appeal.decision_id).in_(decisions), col(Appeal.case_id).in_(cases))
    db.execute(sa.update(Appeal).where(about).values(words=None, answer=None))
