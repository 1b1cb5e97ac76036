"""Saying that one comes, or does not: a row or none; nobody else reads it, and it goes 14 days after the meeting."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF_LENGTH, new_id
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.groups.rules import Seat
from app.domain.meetings import rules
from app.domain.meetings.wording import BECAUSE, REMINDER
from app.models.accounts import Answer, Member, MemberStatus
from app.models.groups import Group, GroupMember, GroupState
from app.models.meetings import Meeting, MeetingComing, MeetingPlan, PlanState

TAKEN_BACK = "coming"  # in the ledger of erasures: somebody said that they come, and then that they do not
_C: sa.Table = MeetingComing.__table__  # type: ignore[attr-defined]


def link(group_ref: str, ref: str) -> str:
    """Return the address of a meeting, as those who come are told of it."""
    return f"/g/{group_ref}/m/{ref}"


def come(db: Session, actor: Actor, seat: Seat, meeting: Meeting, plan: MeetingPlan, woman: bool) -> None:
    """Say that one comes, once; not in the trail of audit: that would tell for ever who was where."""
    over = meeting.ends_at <= now()
    require(rules.may_come(actor, seat, plan.state, over, meeting.cancelled_at is not None))
    if plan.women_only and not woman:
        raise Invalid("woman", _("This meeting is for women. Say that you are one, or choose another one."))
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"id": new_id(), "meeting_id": meeting.id, "member_id": actor.me, "reminded": False}
    db.execute(insert_into(_C).values(row).on_conflict_do_nothing())


def stay_away(db: Session, actor: Actor, meeting: Meeting) -> None:
    """Say that one does not come: nothing of it is kept."""
    require(rules.may_stay_away(actor))
    mine = sa.and_(_C.c.meeting_id == meeting.id, _C.c.member_id == actor.me)
    gone = db.execute(sa.delete(_C).where(mine).returning(_C.c.id)).scalar()
    if gone is not None:
        ledger.remember(db, TAKEN_BACK, gone)
    group_ref = db.execute(sa.select(col(Group.ref)).where(col(Group.id) == meeting.group_id)).scalar_one()
    _forget_told(db, actor.me, col(Answer.link) == link(group_ref, meeting.ref))


def _forget_told(db: Session, member_id: UUID, where: sa.ColumnElement[bool]) -> None:
    """Forget what somebody was told because they had said that they come."""
    db.execute(sa.delete(Answer).where(col(Answer.member_id) == member_id, col(Answer.sentence).in_(BECAUSE), where))


def take_back(db: Session, meeting_ids: Sequence[UUID]) -> None:
    """Let nobody come to meetings for whom others are wanted now than when they said so: each says it anew."""
    gone = db.execute(sa.delete(_C).where(_C.c.meeting_id.in_(meeting_ids)).returning(_C.c.id))
    ledger.remember_new(db, TAKEN_BACK, gone.scalars().all())


def tell(db: Session, meeting_ids: Sequence[UUID], sentence: str, but: UUID | None = None) -> None:
    """Tell everybody who comes, once each, whatever number of meetings it is; the link leads to the first of theirs.

    It leads back to no decision: the reasons of one are for whoever wrote.
    """
    rows = db.execute(
        sa.select(_C.c.member_id, col(Group.ref), col(Meeting.ref)).join(Meeting, col(Meeting.id) == _C.c.meeting_id)
        .join(Group, col(Group.id) == Meeting.group_id).where(_C.c.meeting_id.in_(meeting_ids))
        .order_by(col(Meeting.starts_at).desc())
    ).all()  # fmt: skip
    first = {member_id: link(group_ref, ref) for member_id, group_ref, ref in rows if member_id != but}
    with accounts.concerning(None):
        accounts.tell_all(db, first.items(), sentence)


def forget_again(db: Session, coming_id: UUID) -> bool:
    """Take back a yes that a restored older copy brought back; return whether it was there."""
    return bool(db.execute(sa.delete(_C).where(_C.c.id == coming_id)).rowcount)  # type: ignore[attr-defined]


def left(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Somebody belongs to the group no longer: they come to none of its meetings."""
    of_group = sa.select(col(Meeting.id)).where(col(Meeting.group_id) == group_id)
    gone = db.execute(sa.delete(_C).where(_C.c.member_id == member_id, _C.c.meeting_id.in_(of_group)).returning(_C.c.id))
    ledger.remember_new(db, TAKEN_BACK, gone.scalars().all())
    group_ref = db.execute(sa.select(col(Group.ref)).where(col(Group.id) == group_id)).scalar_one()
    _forget_told(db, member_id, col(Answer.link).startswith(link(group_ref, "")))


def remind_due(db: Session, moment: datetime) -> int:
    """Tell everybody who comes within a day, once, in words that name nothing; return how many. Safe to repeat."""
    due = (
        select(MeetingComing.id, MeetingComing.member_id, Group.ref, Meeting.ref)
        .join(Meeting, col(Meeting.id) == MeetingComing.meeting_id).join(MeetingPlan, col(MeetingPlan.id) == Meeting.plan_id)
        .join(Group, col(Group.id) == Meeting.group_id).join(Member, col(Member.id) == MeetingComing.member_id)
        .join(GroupMember, sa.and_(col(GroupMember.group_id) == Group.id, col(GroupMember.member_id) == Member.id))
        .where(col(MeetingComing.reminded).is_(False), Meeting.starts_at > moment, Meeting.starts_at <= moment + rules.REMINDED)
        .where(col(Meeting.cancelled_at).is_(None), MeetingPlan.state == PlanState.SHOWN, Member.status == MemberStatus.ACTIVE)
        .where(col(Group.state).in_((GroupState.SHOWN, GroupState.WAITS))).order_by(col(MeetingComing.id)).limit(rules.AT_ONCE)
    )  # fmt: skip
    rows = {row[0]: (row[1], link(row[2], row[3])) for row in db.execute(due).all()}
    mine = sa.update(_C).where(_C.c.id.in_(list(rows)), _C.c.reminded.is_(False)).values(reminded=True).returning(_C.c.id)
    told = [rows[one] for one in db.execute(mine).scalars().all()] if rows else []
    accounts.tell_all(db, told, REMINDER)
    return len(told)


def forget_old(db: Session, moment: datetime) -> int:
    """Delete who said that they come, 14 days after the meeting or once cancelled, and what they were told; return how many."""
    then = moment - rules.KEPT
    gone = sa.or_(col(Meeting.ends_at) < then, col(Meeting.cancelled_at) < then)
    over, of_these = sa.select(col(Meeting.id)).where(gone), sa.select(col(Meeting.ref)).where(gone)
    told = sa.func.substr(col(Answer.link), len(link("", "")) + REF_LENGTH + 1, REF_LENGTH).in_(of_these)
    db.execute(sa.delete(Answer).where(col(Answer.sentence).in_(BECAUSE), told))
    return int(db.execute(sa.delete(_C).where(_C.c.meeting_id.in_(over))).rowcount)  # type: ignore[attr-defined]
