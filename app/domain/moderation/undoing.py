"""Taking a decision about a flag back within ten minutes: as if it had not been made, and everybody who was told hears so."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, NotFound, Refused
from app.core.i18n import N_, _
from app.core.verdict import Verdict
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.moderation import conduct, filing, holding, misuse, rules, things
from app.domain.moderation.wording import DECIDED, KINDS
from app.models.moderation import MOST_AT_ONCE, Appeal, Case, CaseKind, CaseState, Decision, Flag

_D, _C = Decision.__table__.alias(), Case.__table__.alias()  # type: ignore[attr-defined]
_A = Appeal.__table__.alias()  # type: ignore[attr-defined]
UNDONE = N_("A moment ago we told you what was decided. Whoever decided it took that back at once. Somebody looks at it again, and "
            "you hear what comes of it.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recent:
    """Something that the actor decided a moment ago and may still take back."""

    ref: str
    text: str
    case: str  # the address part of its case


def recent(db: Session, actor: Actor) -> list[Recent]:
    """Return what the actor decided in the last ten minutes and may take back, the newest first; one statement."""
    there = [
        sa.and_(col(Case.subject_kind) == kind, sa.exists().where(of.table.id == Case.subject_id, of.state.in_(of.standing)))
        for kind, of in things.THINGS.items()
    ]
    rows = db.execute(
        sa.select(col(Decision.ref), col(Decision.outcome), col(Case.kind), col(Case.ref))
        .join(Case, col(Case.id) == Decision.case_id).where(
            col(Decision.decided_by) == actor.member_id, col(Decision.at) > now() - rules.UNDO,
            col(Case.kind).in_(rules.UNDOABLE), *_stands(), sa.or_(col(Case.subject_kind).not_in(list(things.THINGS)), *there),
        ).order_by(col(Decision.id).desc()).limit(MOST_AT_ONCE)
    )  # fmt: skip
    return [Recent(ref, f"{_(KINDS[kind])}: {_(DECIDED[outcome])}", case) for ref, outcome, kind, case in rows]


def is_there(db: Session, case: Case) -> bool:
    """Say whether a decision about this case can be taken back at all: others see what was flagged, or we hide it."""
    of = things.THINGS.get(case.subject_kind)
    thing = db.get(of.table, case.subject_id) if of and case.kind in rules.UNDOABLE else None
    return of is not None and thing is not None and getattr(thing, of.state.key) in of.standing


def forget_words(db: Session) -> int:
    """Erase the words that were kept only for a decision that may be taken back, once its time is over; return of how many."""
    lately = sa.exists().where(col(Decision.case_id) == Case.id, col(Decision.at) > now() - rules.UNDO)
    kept = sa.and_(col(Case.state) == CaseState.CLOSED, col(Case.snapshot).is_not(None))
    return int(db.execute(sa.update(Case).where(kept, ~lately).values(snapshot=None)).rowcount)  # type: ignore[attr-defined]


def _stands() -> list[sa.ColumnElement[bool]]:
    """Return the conditions on a decision of the last ten minutes and its case: the last word, and nobody sees it differently.

    Deciding closes the appeals about the same thing, of whatever case. Nobody can tell us twice, so what closed one stays.
    """
    same = sa.and_(_C.c.subject_kind == Case.subject_kind, _C.c.subject_id == Case.subject_id)
    later = sa.or_(
        sa.and_(_D.c.case_id == Decision.case_id, _D.c.case_version > Decision.case_version),
        sa.and_(_D.c.case_id != Decision.case_id, _D.c.id > Decision.id),
    )
    since = (now() - rules.UNDO).date()
    overtaken = sa.and_(_A.c.overturned.is_(None), sa.or_(_A.c.answered_on.is_(None), _A.c.answered_on >= since))
    decided, appealed = _D.join(_C, _C.c.id == _D.c.case_id), _A.join(_D, _D.c.id == _A.c.decision_id)
    appealed = appealed.join(_C, _C.c.id == _D.c.case_id)
    return [
        col(Decision.overturned_at).is_(None), col(Case.state) == CaseState.CLOSED,
        ~sa.exists(sa.select(_D.c.id).select_from(decided).where(same, later, sa.not_(_D.c.undone)).correlate(Decision, Case)),
        ~sa.exists(
            sa.select(_A.c.id).select_from(appealed).where(same, sa.or_(_A.c.decision_id == Decision.id, overtaken))
            .correlate(Decision, Case)
        ),
    ]  # fmt: skip


def undo(db: Session, actor: Actor, refs: Collection[str]) -> tuple[int, str]:
    """Take decisions back; return how many, and why the last of the others could not be ("" where all could)."""
    done, why = 0, ""
    for ref in refs:
        try:
            with db.begin_nested():
                _undo(db, actor, ref)
            done += 1
        except (Conflict, NotFound, Refused) as problem:
            why = problem.sentence
    return done, why


def _undo(db: Session, actor: Actor, ref: str) -> None:
    """Take one decision back: its thing stands as before, those who told us wait again, the case is open with who decided it."""
    decision = db.exec(select(Decision).where(Decision.ref == ref, Decision.decided_by == actor.me)).first()
    if decision is None:
        raise NotFound(_("This page is not here."))
    case = db.get_one(Case, decision.case_id)
    filing.hold_all(db, case)
    db.refresh(decision, with_for_update=True)
    verdict = may_undo(db, actor, decision, case)
    if not verdict:
        raise Conflict(verdict.reason or "")
    _put_back(db, actor, decision, case)
    told = sa.and_(col(Flag.case_id) == case.id, col(Flag.decision_id) == decision.id)
    concerned = set(filter(None, [decision.about_id, *db.exec(select(Flag.member_id).where(told))]))
    waits = {"answer": None, "answered_on": None, "decision_id": None, "groundless_by": None}
    db.execute(sa.update(Flag).where(told).values(waits))
    decision.overturned_at, decision.undone = now(), True
    case.state, case.claimed_by, case.claimed_until = CaseState.OPEN, actor.me, now() + rules.CLAIM
    case.row_version += 1
    if case.kind == CaseKind.ACCOUNT and case.about_id is not None:
        conduct.work_out(db, case.about_id)
    holding.begin_again(db, case, decision)
    for member_id in accounts.told_of(db, decision.id, concerned):
        accounts.tell(db, member_id, UNDONE)
    for member_id in misuse.warned(db, decision.id):
        accounts.tell(db, member_id, misuse.TAKEN_BACK)
    audit.record(db, actor, "case.undone", "case", case.id)
    db.flush()


def may_undo(db: Session, actor: Actor, decision: Decision, case: Case) -> Verdict:
    """Answer whether the actor may (still) take this decision back."""
    if not (verdict := filing.may_open(db, actor, case)):
        return verdict
    of_case = sa.select(col(Decision.id)).join(Case, col(Case.id) == Decision.case_id).where(col(Decision.id) == decision.id)
    return rules.may_undo(case.kind, now() - decision.at, db.execute(of_case.where(*_stands())).first() is not None)


def _put_back(db: Session, actor: Actor, decision: Decision, case: Case) -> None:
    """Let the thing stand as it did before; Conflict where it is gone, or stands elsewhere by now.

    Whose it is may have taken it back, or deleted it for good: then its words are theirs alone, and there is nothing to decide.
    """
    of = things.THINGS.get(case.subject_kind)
    if of is None:  # whom a complaint is about: nothing was hidden by it
        return
    thing = things.held(db, case)
    state = None if thing is None else getattr(thing, of.state.key)
    hid = decision.outcome in rules.HIDES
    hidden, changes = things.hidden_now(db, case), decision.hidden_before not in (None, hid)
    if state not in of.standing or (hid and not hidden) or (not hid and hidden):
        raise Conflict(_("It was changed or taken back since, so there is nothing left to take back."))
    if changes:
        (of.show if hid else of.hide)(db, actor, thing)
