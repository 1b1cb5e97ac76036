"""What is read about meetings before something changes in them."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.domain.meetings import rules
from app.domain.meetings.rules import Stands
from app.models.groups import Group
from app.models.meetings import Meeting, MeetingComing, MeetingPlan, PlanState


def stands(group: Group, plan: MeetingPlan) -> Stands:
    """Return how a meeting stands."""
    return Stands(group.visibility, group.state, plan.state, plan.open)


def find(db: Session, actor: Actor, group_ref: str, ref: str) -> tuple[Group, Seat, Meeting, MeetingPlan]:
    """Return a meeting that the actor sees as somebody inside its group, or comes to; for everybody else it is not there."""
    group, seat = groups.inside(db, actor, group_ref)
    row = db.exec(
        select(Meeting, MeetingPlan).join(MeetingPlan, col(MeetingPlan.id) == Meeting.plan_id)
        .where(Meeting.group_id == group.id, Meeting.ref == ref).execution_options(populate_existing=True)
    ).first()  # fmt: skip
    if row is None or not (rules.sees(actor, seat, stands(group, row[1])) or comes(db, actor, row[0])):
        raise groups.not_here()
    return group, seat, row[0], row[1]


def comes(db: Session, actor: Actor, meeting: Meeting) -> bool:
    """Say whether the actor said that they come."""
    mine = MeetingComing.meeting_id == meeting.id, MeetingComing.member_id == actor.member_id
    return db.exec(select(MeetingComing.id).where(*mine)).first() is not None


def follows(db: Session, meeting: Meeting) -> bool:
    """Say whether a later meeting of the series has the same words, so that both can be changed at once."""
    later = select(Meeting.id).where(
        col(Meeting.series_id).is_not(None), Meeting.series_id == meeting.series_id, Meeting.plan_id == meeting.plan_id,
        Meeting.starts_at > meeting.starts_at, col(Meeting.cancelled_at).is_(None),
    )  # fmt: skip
    return db.exec(later.limit(1)).first() is not None


def cared_for(db: Session, actor: Actor, group_ref: str, ref: str) -> tuple[Group, Seat, Meeting, MeetingPlan]:
    """Return a meeting for an organiser of its group; for everybody else the page is not there."""
    groups.cared_for(db, actor, group_ref)
    return find(db, actor, group_ref, ref)


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[Group, Meeting, MeetingPlan]:
    """Return a shown meeting that the actor sees, also as a guest; NotFound when there is nothing to see for them."""
    row = db.exec(
        select(Group, Meeting, MeetingPlan).join(Meeting, col(Meeting.group_id) == Group.id)
        .join(MeetingPlan, col(MeetingPlan.id) == Meeting.plan_id).where(Meeting.ref == ref)
    ).first()  # fmt: skip
    if row is None:
        raise groups.not_here()
    group, seat = groups.group(db, actor, row[0].ref)
    found = stands(group, row[2])
    if not rules.sees(actor, seat, found) or found.plan != PlanState.SHOWN:
        raise groups.not_here()
    return row[0], row[1], row[2]


def ahead(db: Session, group_id: UUID) -> int:
    """Return how many meetings of a group are still to come."""
    wanted = sa.select(sa.func.count()).where(
        col(Meeting.group_id) == group_id, col(Meeting.starts_at) > now(), col(Meeting.cancelled_at).is_(None)
    )  # fmt: skip
    return int(db.execute(wanted).scalar_one())


def last_zone(db: Session, group_id: UUID) -> str:
    """Return the time zone of what the group planned last, "" where it planned nothing yet."""
    wanted = select(MeetingPlan.zone).where(MeetingPlan.group_id == group_id).order_by(col(MeetingPlan.id).desc()).limit(1)
    return db.exec(wanted).first() or ""
