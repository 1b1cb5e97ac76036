"""One case per subject: opened, opened again by whatever comes later, closed when there is nothing left to decide."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.ids import new_id, new_ref
from app.core.verdict import Verdict
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.moderation import holding, rules
from app.models.mentoring import Mentor, MentorMatch
from app.models.mentorships import MentorGoal, MentorMeeting, MentorMessage
from app.models.moderation import Appeal, Bar, Case, CaseKind, CaseState, Decision, Flag, HoldEnd, Priority, Proposal
from app.models.stories import StoryText

_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]


def open_case(
    db: Session, kind: CaseKind, subject_kind: str, subject_id: UUID, about_id: UUID | None, priority: Priority = Priority.RULE,
    findings: dict[str, int] | None = None,
) -> Case:  # fmt: skip
    """Return the one case of this subject, open and due in time; whoever has it open at the moment notices the change."""
    due_at = rules.due(priority, now())
    values = {"about_id": about_id, "priority": priority, "due_at": due_at, "findings": findings or {}}
    fresh = _insert(db, kind, subject_kind, subject_id, **values)
    case = find(db, kind, subject_kind, subject_id)
    if case is None:
        raise LookupError("a case that was made a moment ago")
    if not fresh:
        _again(db, case, priority, findings)
        now_about(db, case, about_id)
        db.flush()
    return case


def now_about(db: Session, case: Case, about_id: UUID | None) -> None:
    """Let a case be the matter of whoever wrote last; from whoever wrote before it is hidden: it holds what was said of them."""
    before, case.about_id = case.about_id, about_id
    if before is not None and before != about_id:
        bar(db, case, before, hidden=True)


def _insert(db: Session, kind: CaseKind, subject_kind: str, subject_id: UUID, **values: Any) -> bool:
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "id": new_id(), "ref": new_ref(), "kind": kind, "subject_kind": subject_kind, "subject_id": subject_id,
        "state": CaseState.OPEN, "opened_at": now(), "row_version": 1, **values,
    }  # fmt: skip
    made = db.execute(insert_into(_CASES).values(row).on_conflict_do_nothing().returning(_CASES.c.id))
    return made.first() is not None


def _again(db: Session, case: Case, priority: Priority, findings: dict[str, int] | None) -> None:
    due_at = rules.due(priority, now())
    if case.state == CaseState.CLOSED:
        db.execute(sa.delete(Bar).where(col(Bar.case_id) == case.id, col(Bar.once)))
        case.state, case.opened_at, case.claimed_by, case.claimed_until = CaseState.OPEN, now(), None, None
        case.priority, case.due_at, case.snapshot = priority, due_at, None  # the words as they stand now count
        case.handover = case.asked_id = None
    else:  # the more urgent of both, by the earlier of both times
        case.priority, case.due_at = min(case.priority, priority, key=rules.RANKS.index), min(due_at, case.due_at)
    if findings is not None:
        case.findings = findings
    case.row_version += 1


def find(db: Session, kind: CaseKind, subject_kind: str, subject_id: UUID) -> Case | None:
    """Return the case of a subject, held for this transaction."""
    return db.exec(
        select(Case).where(Case.kind == kind, Case.subject_kind == subject_kind, Case.subject_id == subject_id)
        .with_for_update().execution_options(populate_existing=True)
    ).first()  # fmt: skip


def hold_all(db: Session, case: Case) -> None:
    """Hold every case of the same thing for this transaction, in the order of their ids, before what hangs on them."""
    same = select(Case).where(Case.subject_kind == case.subject_kind, Case.subject_id == case.subject_id)
    db.exec(same.order_by(col(Case.id)).with_for_update().execution_options(populate_existing=True)).all()


def close_undecided(db: Session, case: Case, told: str | None = None) -> None:
    """Close a case whose subject is no longer there; those who flagged hear ``told``."""
    if case.state == CaseState.CLOSED:
        case.snapshot = None  # kept in case the decision is taken back
        return
    case.state, case.claimed_by, case.claimed_until, case.snapshot = CaseState.CLOSED, None, None, None
    case.handover = case.asked_id = None
    case.row_version += 1
    db.execute(sa.delete(Proposal).where(col(Proposal.case_id) == case.id))  # nobody has to confirm it any more
    db.flush()
    holding.end(db, case, HoldEnd.GONE)
    if told:
        answer_flags(db, case, told)
    audit.record(db, None, "case.closed", "case", case.id)


def answer_flags(db: Session, case: Case, sentence: str, decision_id: UUID | None = None) -> int:
    """Answer everybody who said "please look" and has no answer yet; return how many. A guest hears it by receipt number.

    ``decision_id``: what was decided; None where there was nothing left to decide.
    """
    waiting = sa.and_(col(Flag.case_id) == case.id, col(Flag.answered_on).is_(None))
    members = db.execute(sa.select(col(Flag.member_id)).where(waiting, col(Flag.member_id).is_not(None)).distinct()).scalars().all()
    answered = {"answer": sentence, "answered_on": now().date(), "decision_id": decision_id}
    done: Any = db.execute(sa.update(Flag).where(waiting).values(answered))
    for member_id in members:
        if member_id is not None:  # once each, however often they told us
            accounts.tell(db, member_id, sentence)
    return int(done.rowcount)


def tell_anew(db: Session, decision_id: UUID, sentence: str) -> None:
    """Answer once more whoever was answered by a decision that was taken back."""
    answered = col(Flag.decision_id) == decision_id
    members = (
        db.execute(sa.select(col(Flag.member_id)).where(answered, col(Flag.member_id).is_not(None)).distinct()).scalars().all()
    )
    db.execute(sa.update(Flag).where(answered).values(answer=sentence, answered_on=now().date()))
    for member_id in members:
        if member_id is not None:
            accounts.tell(db, member_id, sentence)


def brought_by(db: Session, case: Case) -> set[UUID]:
    """Return the members who brought this case: who flagged, whose translation it is; of an appeal also of what it is about."""
    wanted: Any = select(Flag.member_id).where(Flag.case_id == case.id)
    if case.kind == CaseKind.TRANSLATION:
        wanted = select(StoryText.translator_id).where(StoryText.id == case.subject_id)
    if case.kind == CaseKind.APPEAL:
        before = select(Flag.member_id).join(Decision, col(Decision.case_id) == Flag.case_id)
        appealed = select(Appeal.member_id).where(Appeal.decision_id == case.subject_id)
        translated = select(StoryText.translator_id).join(Case, col(Case.subject_id) == StoryText.id)
        translated = translated.join(Decision, col(Decision.case_id) == Case.id).where(Decision.id == case.subject_id)
        wanted = appealed.union(before.where(Decision.id == case.subject_id), translated)
    return {member_id for (member_id,) in db.execute(wanted) if member_id is not None}


def may_open(db: Session, actor: Actor, case: Case) -> Verdict:
    """Answer whether the actor may take this case up."""
    return rules.may_open(actor, case, brought_by(db, case), barred(db, case))


def barred(db: Session, case: Case) -> set[UUID]:
    """Return the members who must not decide this case; of a message also who supervises its mentor by now."""
    found = set(db.exec(select(Bar.member_id).where(Bar.case_id == case.id)))
    if case.kind not in (CaseKind.MESSAGE, CaseKind.MESSAGE_FLAG):
        return found
    return found | supervisors(db, case)


def supervisors(db: Session, case: Case) -> set[UUID]:
    """Return who supervises by now the mentor of whom something written between two is: of a message, a goal, what comes next."""
    pairs = sa.union(*(
        sa.select(col(table.match_id)).where(col(table.id) == case.subject_id)
        for table in (MentorMessage, MentorGoal, MentorMeeting)
    ))  # fmt: skip
    supervises = select(Mentor.supervisor_id).join(MentorMatch, col(MentorMatch.mentor_id) == Mentor.member_id)
    return {one for one in db.exec(supervises.where(col(MentorMatch.id).in_(pairs))).all() if one is not None}


def carry_over(db: Session, before: Case, case: Case) -> None:
    """Keep from a case whoever is kept for good from the one that it is about."""
    for one in db.exec(select(Bar).where(Bar.case_id == before.id, sa.not_(col(Bar.once)))).all():
        bar(db, case, one.member_id, one.hidden)


def set_aside(db: Session, case: Case, seen: int) -> int:
    """Put complaints that came since somebody read the case of a crowd into one of their own; return which version is decided.

    Each complaint makes a new version. Else whoever sends one a minute would keep everybody from ever deciding about the others.
    """
    if case.kind != CaseKind.COMPLAINT or seen >= case.row_version:
        return seen
    db.refresh(case, with_for_update=True)
    waits = sa.and_(col(Flag.case_id) == case.id, col(Flag.answered_on).is_(None))
    waiting, came = db.exec(select(Flag.id).where(waits).order_by(col(Flag.id))).all(), case.row_version - seen
    if case.state != CaseState.OPEN or came >= len(waiting):  # it was decided, or changed in another way
        return seen
    later = open_case(db, case.kind, case.subject_kind, new_id(), case.about_id, case.priority)
    later.crowd, later.due_at = case.crowd, min(later.due_at, case.due_at)
    carry_over(db, case, later)
    db.execute(sa.update(Flag).where(waits, col(Flag.id).in_(waiting[-came:])).values(case_id=later.id))
    db.flush()
    return case.row_version


def bar(db: Session, case: Case, member_id: UUID, hidden: bool = False, once: bool = False) -> None:
    """Keep somebody from deciding a case, for good or ``once``, or from knowing of it at all; the stricter holds."""
    found = db.exec(select(Bar).where(Bar.case_id == case.id, Bar.member_id == member_id)).first()
    if found is None:
        found = Bar(case_id=case.id, member_id=member_id, once=True)
        db.add(found)
    found.hidden, found.once = found.hidden or hidden, found.once and once
    db.flush()
    if case.kind in rules.SEVERE:  # their yes does not count any more
        db.execute(sa.delete(Proposal).where(col(Proposal.case_id) == case.id, col(Proposal.by_id) == member_id))
