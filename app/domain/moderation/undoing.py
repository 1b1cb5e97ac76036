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
from app.domain.groups import deciding as groups
from app.domain.moderation import answering, filing, group_words, holding, posts, rules, subjects
from app.domain.moderation.wording import DECIDED, KINDS
from app.domain.stories import actions as stories
from app.models.groups import Group, GroupState, Post, PostState
from app.models.moderation import MOST_AT_ONCE, Appeal, Case, CaseKind, CaseState, Decision, Flag, Outcome
from app.models.stories import Story, StoryStatus

_LATER = Decision.__table__.alias()  # type: ignore[attr-defined]
UNDONE = N_("A moment ago we told you what was decided. Whoever decided it took that back at once. Somebody looks at it again, and "
            "you hear what comes of it.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recent:
    """Something that the actor decided a moment ago and may still take back."""

    ref: str
    text: str


def hidden_now(db: Session, case: Case) -> bool | None:
    """Say whether what a flag is about is hidden by us; None where that cannot be, or where it is gone."""
    if case.kind == CaseKind.FLAG:
        story = db.get(Story, case.subject_id)
        return None if story is None else story.status == StoryStatus.PAUSED and story.held
    if case.kind == CaseKind.TALK:
        return bool((group_words if case.subject_kind == group_words.GROUP else posts).is_hidden(db, case))
    return None


def recent(db: Session, actor: Actor) -> list[Recent]:
    """Return what the actor decided in the last ten minutes and may take back, the newest first; one statement."""
    latest = sa.select(sa.func.max(_LATER.c.case_version)).where(_LATER.c.case_id == Case.id).scalar_subquery()
    rows = db.execute(
        sa.select(col(Decision.ref), col(Decision.outcome), col(Case.kind)).join(Case, col(Case.id) == Decision.case_id).where(
            col(Decision.decided_by) == actor.member_id, col(Decision.at) > now() - rules.UNDO,
            col(Decision.overturned_at).is_(None),
            col(Case.kind).in_(rules.UNDOABLE), col(Case.state) == CaseState.CLOSED, col(Decision.case_version) == latest,
        ).order_by(col(Decision.id).desc()).limit(MOST_AT_ONCE)
    )  # fmt: skip
    return [Recent(ref, f"{_(KINDS[kind])}: {_(DECIDED[outcome])}") for ref, outcome, kind in rows]


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
    case.snapshot = _snapshot(db, case)
    holding.begin_again(db, case, decision)
    for member_id in accounts.told_of(db, decision.id, concerned):
        accounts.tell(db, member_id, UNDONE)
    audit.record(db, actor, "case.undone", "case", case.id)
    db.flush()


def may_undo(db: Session, actor: Actor, decision: Decision, case: Case) -> Verdict:
    """Answer whether the actor may (still) take this decision back."""
    of_case = sa.select(col(Decision.id)).where(col(Decision.case_id) == case.id)
    appealed = db.execute(sa.select(col(Appeal.id)).where(col(Appeal.decision_id).in_(of_case)).limit(1)).first() is not None
    stands = case.state == CaseState.CLOSED and decision.overturned_at is None and answering.is_last(db, decision, case)
    if not (verdict := filing.may_open(db, actor, case)):
        return verdict
    return rules.may_undo(case.kind, now() - decision.at, stands and not appealed)


def _put_back(db: Session, actor: Actor, decision: Decision, case: Case) -> None:
    """Let the thing stand as it did before; Conflict where it stands elsewhere by now, in the hands of whose it is."""
    hid = decision.outcome == Outcome.HIDE
    if decision.hidden_before is None or decision.hidden_before == hid:
        return
    thing: Story | Post | Group
    if case.kind == CaseKind.FLAG:
        thing = db.get_one(Story, case.subject_id)
        stands = hidden_now(db, case) if hid else thing.status == StoryStatus.PUBLISHED
        act = stories.unhide if hid else stories.hide
    elif case.subject_kind == group_words.GROUP:
        thing = db.get_one(Group, case.subject_id)
        stands = thing.state == (GroupState.HIDDEN if hid else GroupState.SHOWN)
        act = groups.show_group if hid else groups.hide_group  # type: ignore[assignment]
    else:
        thing = db.get_one(Post, case.subject_id)
        stands = thing.state == (PostState.HIDDEN if hid else PostState.SHOWN)
        act = groups.unhide if hid else groups.hide  # type: ignore[assignment]
    if not stands:
        raise Conflict(_("It was changed or taken back since, so there is nothing left to take back."))
    act(db, actor, thing)  # type: ignore[arg-type]


def _snapshot(db: Session, case: Case) -> str | None:
    if case.kind == CaseKind.FLAG:
        return subjects.snapshot_of(db, case)
    if case.kind == CaseKind.TALK:
        return group_words.snapshot(db, case) if case.subject_kind == group_words.GROUP else posts.snapshot(db, case)
    return None
