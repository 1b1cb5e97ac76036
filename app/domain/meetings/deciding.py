"""What the desk does with what is said of a meeting: show it, hide it; whoever wrote it is told by moderation."""

from sqlmodel import Session

from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import rules as groups
from app.models.meetings import MeetingPlan, PlanState


def show(db: Session, actor: Actor, plan: MeetingPlan) -> None:
    """Show what is said of a meeting: after it waited, or again after it was hidden."""
    require(groups.may_decide(actor, plan.by_id))
    plan.state = PlanState.SHOWN
    db.flush()
    audit.record(db, actor, "meeting.release", "meeting", plan.id)


def hide(db: Session, actor: Actor, plan: MeetingPlan) -> None:
    """Hide a meeting from everybody but the organisers of its group."""
    require(groups.may_decide(actor, plan.by_id))
    plan.state = PlanState.HIDDEN
    db.flush()
    audit.record(db, actor, "meeting.hide", "meeting", plan.id)
