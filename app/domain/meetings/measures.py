"""What meetings give to the numbers: how many everybody could see, and how many came by what was entered as totals."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.groups.measures import PUBLIC
from app.models.groups import Group
from app.models.meetings import Cohosting, Meeting, MeetingAttendance, MeetingPlan, PlanState

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


def outward(db: Session, _first: date, last: date) -> Counts:
    """Return how many meetings of public groups in the 365 days until ``last`` (UTC) everybody could see, and how many not.

    Those held with another body that agreed count as the first. To come, one belongs to the group. Meetings for women only and of
    groups for women, those that were cancelled, and those whose words are not shown, are not counted.
    """
    begin = datetime.combine(last - timedelta(days=364), time.min, UTC)
    wanted = (
        sa.select(col(MeetingPlan.open), col(MeetingPlan.cohosting)).join(Meeting, col(Meeting.plan_id) == MeetingPlan.id)
        .join(Group, col(Group.id) == Meeting.group_id)
        .where(PUBLIC, col(Group.women_only).is_(False), col(MeetingPlan.women_only).is_(False))
        .where(col(MeetingPlan.state) == PlanState.SHOWN, col(Meeting.cancelled_at).is_(None))
        .where(col(Meeting.starts_at) >= begin, col(Meeting.starts_at) <= datetime.combine(last, time.max, UTC))
    )  # fmt: skip
    found = Counter(is_open or with_whom == Cohosting.CONFIRMED for is_open, with_whom in db.execute(wanted))
    return {"all meetings": {"open": found[True], "inside": found[False]}}
