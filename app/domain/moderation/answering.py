"""Answers to appeals, and what becomes of them when what they are about is gone."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain.accounts import actions as accounts
from app.domain.moderation import filing
from app.models.moderation import Appeal, Case, CaseKind, CaseState, Decision, Flag

_D, _C = Decision.__table__, Case.__table__  # type: ignore[attr-defined]


def is_last(db: Session, decision: Decision, case: Case) -> bool:
    """Say whether a decision is the last word about its thing: by whatever case, nobody decided about it later and left it so."""
    later = sa.or_(
        sa.and_(_D.c.case_id == case.id, _D.c.case_version > decision.case_version),
        sa.and_(_D.c.case_id != case.id, _D.c.id > decision.id),
    )
    about = sa.and_(_C.c.subject_kind == case.subject_kind, _C.c.subject_id == case.subject_id)
    found = sa.select(_D.c.id).join_from(_D, _C, _C.c.id == _D.c.case_id).where(about, later, sa.not_(_D.c.undone)).limit(1)
    return db.execute(found).first() is None


def is_appealed(db: Session, case: Case) -> bool:
    """Say whether somebody waits for the answer to an appeal about this case."""
    decisions = sa.select(_D.c.id).where(_D.c.case_id == case.id)
    waits = sa.select(_C.c.id).where(_C.c.kind == CaseKind.APPEAL, _C.c.state == CaseState.OPEN, _C.c.subject_id.in_(decisions))
    return db.execute(waits.limit(1)).first() is not None


def overtake(db: Session, decision: Decision, case: Case, told: str) -> None:
    """Close the appeals about what was decided earlier about the same thing; those who had told us hear of the new decision."""
    same = sa.select(_C.c.id).where(_C.c.subject_kind == case.subject_kind, _C.c.subject_id == case.subject_id)
    earlier = sa.select(_D.c.id).where(_D.c.case_id.in_(same), _D.c.id != decision.id)
    open_now = select(Case).where(Case.kind == CaseKind.APPEAL, Case.state == CaseState.OPEN, col(Case.subject_id).in_(earlier))
    for one in db.exec(open_now.order_by(col(Case.id)).with_for_update().execution_options(populate_existing=True)).all():
        wait_again(db, one.subject_id)
        answer(db, one, "", None, told)
        filing.close_undecided(db, one)


def wait_again(db: Session, decision_id: UUID) -> None:
    """Let the flags of those who wait for the answer to an appeal wait once more."""
    told = sa.select(col(Appeal.flag_id)).where(
        col(Appeal.decision_id) == decision_id, col(Appeal.answered_on).is_(None), col(Appeal.flag_id).is_not(None)
    )
    waits = {"answer": None, "answered_on": None, "decision_id": None, "groundless_by": None}
    db.execute(sa.update(Flag).where(col(Flag.id).in_(told)).values(waits))


def answer(db: Session, case: Case, words: str, overturned: bool | None, sentence: str) -> None:
    """Answer everybody who waits for this appeal; ``sentence`` is ours, ``words`` are those of whoever decided.

    ``overturned`` is None where nobody decided about it: what it is about is gone, or was decided anew.
    """
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
        answer(db, case, "", None, told)
        filing.close_undecided(db, case)


def forget(db: Session, which: sa.ColumnElement[bool]) -> None:
    """Erase what was written in appeals about these cases, on both sides; that there was one, and its outcome, stay."""
    cases = sa.select(_C.c.id).where(which)
    decisions = sa.select(_D.c.id).where(_D.c.case_id.in_(cases))
    about = sa.or_(col(Appeal.decision_id).in_(decisions), col(Appeal.case_id).in_(cases))
    db.execute(sa.update(Appeal).where(about).values(words=None, answer=None))
