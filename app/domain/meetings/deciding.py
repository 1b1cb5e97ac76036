"""What the desk does with what is said of a meeting: show it, hide it. Who comes is told here, whoever wrote it by moderation."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import rules as groups
from app.domain.meetings import coming, planning
from app.domain.meetings.wording import NOT_READ, READ_AGAIN
from app.models.meetings import Meeting, MeetingPlan, PlanState


def show(db: Session, actor: Actor | None, plan: MeetingPlan) -> None:
    """Show what is said of a meeting: after it waited, or again after it was hidden, also by the clock (for nobody)."""
    require(groups.may_show_again(actor, plan.by_id))
    shown = _alike(db, plan, PlanState.HIDDEN) if plan.state == PlanState.HIDDEN else [plan]
    _put(db, shown, PlanState.SHOWN, READ_AGAIN)
    audit.record(db, actor, "meeting.release", "meeting", plan.id)


def hide(db: Session, actor: Actor, plan: MeetingPlan) -> None:
    """Hide a meeting from everybody but the organisers of its group; who comes reads when it is, and that it is hidden."""
    require(groups.may_decide(actor, plan.by_id))
    _put(db, _alike(db, plan, PlanState.SHOWN), PlanState.HIDDEN, NOT_READ)
    audit.record(db, actor, "meeting.hide", "meeting", plan.id)


def _alike(db: Session, plan: MeetingPlan, state: PlanState) -> list[MeetingPlan]:
    """Return a plan, and those of its group that say the same: a meeting of a series that was only moved has one of its own."""
    same = MeetingPlan.group_id == plan.group_id, MeetingPlan.title == plan.title, MeetingPlan.about == plan.about
    others = db.exec(select(MeetingPlan).where(*same, MeetingPlan.state == state, MeetingPlan.id != plan.id)).all()
    return [plan, *(one for one in others if planning.words_of(one) == planning.words_of(plan))]


def _put(db: Session, plans: list[MeetingPlan], state: PlanState, sentence: str) -> None:
    for one in plans:
        one.state = state
    db.flush()
    ahead = sa.and_(col(Meeting.plan_id).in_([one.id for one in plans]), col(Meeting.ends_at) > now())
    coming.tell(db, db.execute(sa.select(col(Meeting.id)).where(ahead)).scalars().all(), sentence)
