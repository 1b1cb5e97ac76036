"""What meetings give to the numbers: how many came, by what was entered as totals; whoever it was stands nowhere."""

from collections import Counter
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.groups.measures import PUBLIC
from app.models.groups import Group
from app.models.meetings import Meeting, MeetingAttendance, MeetingPlan, PlanState

Counts = dict[str, dict[str, int]]
COLUMNS = {"women": "women", "men": "men", "others": "another or not said"}


def attended(db: Session, first: date, last: date) -> Counts:
    """Return how often women, men and others came to meetings of public groups from ``first`` to ``last`` (by the day in UTC).

    Somebody who came twice is counted twice. Meetings for women only and of groups for women are left out: they say themselves
    whom they are for.
    """
    begin, end = datetime.combine(first, time.min, UTC), datetime.combine(last, time.max, UTC)
    wanted = (
        sa.select(col(MeetingAttendance.counts)).join(Meeting, col(Meeting.id) == MeetingAttendance.meeting_id)
        .join(MeetingPlan, col(MeetingPlan.id) == Meeting.plan_id).join(Group, col(Group.id) == Meeting.group_id)
        .where(PUBLIC, col(Group.women_only).is_(False), col(MeetingPlan.women_only).is_(False))
        .where(col(MeetingPlan.state) == PlanState.SHOWN, col(Meeting.cancelled_at).is_(None))
        .where(col(Meeting.starts_at) >= begin, col(Meeting.starts_at) <= end)
    )  # fmt: skip
    total: Counter[str] = Counter()
    for counts in db.execute(wanted).scalars():
        total.update(counts)
    return {"visits": {column: total[key] for key, column in COLUMNS.items()}}
