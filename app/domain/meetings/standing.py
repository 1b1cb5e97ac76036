"""What meetings do when somebody leaves the network, and what they add to a member's own copy."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.i18n import N_
from app.domain.meetings import calendars, coming
from app.models.groups import Group
from app.models.meetings import CalendarFeed, Meeting, MeetingComing, MeetingMinutes, MeetingPlan

LEDGER: Final[Mapping[str, Callable[[Session, UUID], bool]]] = {
    coming.TAKEN_BACK: coming.forget_again, calendars.ENDED: calendars.end_again,
}  # fmt: skip


def purge(db: Session, member_id: UUID) -> None:
    """Erase that somebody comes; what they planned stays with the group, unnamed."""
    db.execute(sa.delete(MeetingComing).where(col(MeetingComing.member_id) == member_id))
    db.execute(sa.update(MeetingPlan).where(col(MeetingPlan.by_id) == member_id).values(by_id=None))
    db.execute(sa.update(MeetingPlan).where(col(MeetingPlan.cohost_by) == member_id).values(cohost_by=None))
    db.execute(sa.update(MeetingMinutes).where(col(MeetingMinutes.by_id) == member_id).values(by_id=None))
    calendars.purge(db, member_id)


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether there was anything to do."""
    return LEDGER[kind](db, subject_id)


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return to which meetings a member said that they come, and what they wrote about meetings of their groups."""
    comes = db.execute(
        sa.select(col(Group.name), col(MeetingPlan.title), col(Meeting.starts_at)).select_from(MeetingComing)
        .join(Meeting, col(Meeting.id) == MeetingComing.meeting_id).join(MeetingPlan, col(MeetingPlan.id) == Meeting.plan_id)
        .join(Group, col(Group.id) == Meeting.group_id)
        .where(col(MeetingComing.member_id) == member_id).order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()  # fmt: skip
    wrote = db.execute(
        sa.select(MeetingPlan, col(Group.name)).join(Group, col(Group.id) == MeetingPlan.group_id)
        .where(col(MeetingPlan.by_id) == member_id).order_by(col(MeetingPlan.id))
    ).all()  # fmt: skip
    minutes = db.execute(
        sa.select(col(MeetingMinutes.words), col(Meeting.starts_at)).join(Meeting, col(Meeting.id) == MeetingMinutes.meeting_id)
        .where(col(MeetingMinutes.by_id) == member_id).order_by(col(MeetingMinutes.id))
    ).all()  # fmt: skip
    feed = db.execute(sa.select(CalendarFeed).where(col(CalendarFeed.member_id) == member_id)).scalars().all()
    return {
        N_("minutes that I wrote"): [{"on": at.date(), "text": words} for words, at in minutes],
        N_("my calendar by address"): [{"since": one.made_on, N_("with titles"): one.titles} for one in feed],
        N_("meetings that I come to"): [
            {N_("group"): name, "title": title, "on": at.date()} for name, title, at in comes
        ],
        N_("what I wrote about meetings"): [
            {N_("group"): name, "title": p.title, "text": p.about, N_("place"): p.place, N_("link"): p.link} for p, name in wrote
        ],
    }  # fmt: skip
