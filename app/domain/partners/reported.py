"""What people reported about a partner's listings, together: words, never numbers or days, so that nobody is found in them."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.models.directory import ListingFeedback, Service, Why
from app.models.moderation import Case, CaseState, Flag

FEEDBACK: sa.Table = ListingFeedback.__table__  # type: ignore[attr-defined]
_SERVICE: sa.Table = Service.__table__  # type: ignore[attr-defined]
CASE: sa.Table = Case.__table__  # type: ignore[attr-defined]
FLAG: sa.Table = Flag.__table__  # type: ignore[attr-defined]
# What is wrong with the listing itself is said at once: it tells nothing of whoever stood before the closed door.
FACTS: Final = (Why.CLOSED.value, Why.MOVED.value)
SINCE = sa.or_(_SERVICE.c.verified_on.is_(None), FEEDBACK.c["on"] >= _SERVICE.c.verified_on)
WEEKS: Final = 26  # so far back everything else is looked at
_BEGIN, _END = sa.bindparam("begin", type_=sa.Date), sa.bindparam("end", type_=sa.Date)


def _days(on: sa.ColumnElement[date], why: sa.ColumnElement[str], since: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that this counts: a fact since the last check, everything else in weeks that are over."""
    fact = sa.cast(why, sa.String).in_(FACTS)
    return sa.or_(sa.and_(fact, since), sa.and_(sa.not_(fact), on >= _BEGIN, on < _END))


_SAID = (
    sa.select(
        FEEDBACK.c.service_id, sa.cast(FEEDBACK.c.why, sa.String).label("why"),
        sa.func.count(sa.distinct(FEEDBACK.c["on"])).label("days"),
    )
    .join(_SERVICE, _SERVICE.c.id == FEEDBACK.c.service_id)
    .where(
        FEEDBACK.c.service_id.in_(sa.bindparam("ids", expanding=True)), FEEDBACK.c.why.is_not(None),
        _days(FEEDBACK.c["on"], FEEDBACK.c.why, SINCE),
    )
    .group_by(FEEDBACK.c.service_id, FEEDBACK.c.why)
)  # fmt: skip
_STANDING = sa.select(_SERVICE.c.id, sa.func.coalesce(_SERVICE.c.merged_into, _SERVICE.c.id).label("stands")).where(
    _SERVICE.c.id.in_(sa.bindparam("ids", expanding=True))
)  # fmt: skip
_FLAGGED = (
    sa.select(
        CASE.c.subject_id.label("service_id"), FLAG.c.reason.label("why"), sa.func.count(sa.distinct(FLAG.c["on"])).label("days")
    )
    .join(FLAG, FLAG.c.case_id == CASE.c.id)
    .where(
        CASE.c.subject_kind == "service", CASE.c.state == CaseState.OPEN,
        CASE.c.subject_id.in_(sa.bindparam("ids", expanding=True)), _days(FLAG.c["on"], FLAG.c.reason, sa.true()),
    )
    .group_by(CASE.c.subject_id, FLAG.c.reason)
)  # fmt: skip


def weeks(today: date) -> tuple[date, date]:
    """Return the first day that counts and the day after the last: whole weeks, the newest of them over for a week at least.

    Whoever answers for a listing themselves, to see the next answer of somebody else, sees nothing for 7 to 14 days, and then
    only that some day of that week was one more; a check of the listing changes nothing in it.
    """
    end = today - timedelta(today.weekday() + 7)
    return end - timedelta(weeks=WEEKS), end


def words(times: dict[str, int], threshold: int) -> list[str]:
    """Return what may be told: that it is closed or has moved from the first time, everything else from ``threshold`` days on."""
    return sorted(why for why, count in times.items() if why in FACTS or count >= threshold)


def reported(connection: sa.Connection, services: list[UUID], threshold: int) -> dict[UUID, list[str]]:
    """Return what may be told of what was said of each service (three statements however many they are).

    What people say of several that stand as one is said of the one that stands, and told to the partners of all."""
    begin, end = weeks(now().date())
    times: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    stands = {row.id: row.stands for row in connection.execute(_STANDING, {"ids": services})} if services else {}
    for statement in (_SAID, _FLAGGED) if stands else ():
        for service_id, why, count in connection.execute(statement, {"ids": [*set(stands.values())], "begin": begin, "end": end}):
            times[service_id][str(why)] += count
    return {key: told for key, one in stands.items() if (told := words(times[one], threshold))}


def wrong(said: list[str]) -> bool:
    """Say whether something of this is about the listing being wrong."""
    return any(why in FACTS for why in said)
