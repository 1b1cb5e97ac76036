"""Flags, decisions and closed cases end after a year; open ones and younger ones stay."""

from datetime import timedelta

from sqlmodel import select

from app.core.clock import now
from app.core.ids import new_id, new_ref
from app.domain.moderation.ending import remove_old
from app.models.moderation import Case, CaseKind, CaseState, Decision, Flag, Outcome


def _case(db, days: int, state: CaseState = CaseState.CLOSED) -> Case:
    then = now() - timedelta(days=days)
    case = Case(
        ref=new_ref(), kind=CaseKind.FLAG, state=state, subject_kind="story", subject_id=new_id(), opened_at=then, due_at=then
    )
    db.add(case)
    db.flush()
    answered = then.date() if state == CaseState.CLOSED else None
    db.add(Flag(case_id=case.id, reason="spam", note="words", on=then.date(), answered_on=answered))
    if state == CaseState.CLOSED:
        db.add(Decision(case_id=case.id, decided_by=new_id(), at=then, outcome=Outcome.KEEP, reason="why"))
    db.flush()
    return case


def test_what_was_answered_more_than_a_year_ago_goes_and_the_rest_stays(db):
    _case(db, 366)
    young, waiting = _case(db, 300), _case(db, 500, CaseState.OPEN)
    assert remove_old(db, now()) == 3
    assert set(db.exec(select(Case.id)).all()) == {young.id, waiting.id}
    assert set(db.exec(select(Flag.case_id)).all()) == {young.id, waiting.id}
    assert db.exec(select(Decision.case_id)).all() == [young.id]


def test_a_case_that_was_opened_again_keeps_its_younger_flag(db):
    case = _case(db, 400)
    db.add(Flag(case_id=case.id, reason="spam", on=now().date(), answered_on=now().date()))
    db.flush()
    assert remove_old(db, now()) == 2
    assert db.exec(select(Case.id)).all() == [case.id]
