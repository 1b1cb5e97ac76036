"""What people reported about a partner's listings, together: words, never numbers or days, so that nobody is found in them."""

from collections import defaultdict
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.models.directory import ListingFeedback, Service, Why
from app.models.moderation import Case, CaseState, Flag

FEEDBACK: sa.Table = ListingFeedback.__table__  # type: ignore[attr-defined]
_SERVICE: sa.Table = Service.__table__  # type: ignore[attr-defined]
CASE: sa.Table = Case.__table__  # type: ignore[attr-defined]
FLAG: sa.Table = Flag.__table__  # type: ignore[attr-defined]
# What is wrong with the listing itself is said at once: it tells nothing of whoever stood before the closed door.
FACTS: Final = (Why.CLOSED.value, Why.MOVED.value)
SINCE = sa.or_(_SERVICE.c.verified_on.is_(None), FEEDBACK.c["on"] >= _SERVICE.c.verified_on)
_SAID = (
    sa.select(FEEDBACK.c.service_id, sa.cast(FEEDBACK.c.why, sa.String).label("why"), sa.func.count().label("times"))
    .join(_SERVICE, _SERVICE.c.id == FEEDBACK.c.service_id)
    .where(FEEDBACK.c.service_id.in_(sa.bindparam("ids", expanding=True)), FEEDBACK.c.why.is_not(None), SINCE)
    .group_by(FEEDBACK.c.service_id, FEEDBACK.c.why)
)  # fmt: skip
_FLAGGED = (
    sa.select(CASE.c.subject_id.label("service_id"), FLAG.c.reason.label("why"), sa.func.count().label("times"))
    .join(FLAG, FLAG.c.case_id == CASE.c.id)
    .where(
        CASE.c.subject_kind == "service", CASE.c.state == CaseState.OPEN,
        CASE.c.subject_id.in_(sa.bindparam("ids", expanding=True)),
    )
    .group_by(CASE.c.subject_id, FLAG.c.reason)
)  # fmt: skip


def words(times: dict[str, int], threshold: int) -> list[str]:
    """Return what may be told: that it is closed or has moved from the first time, everything else from ``threshold`` people on."""
    return sorted(why for why, count in times.items() if why in FACTS or count >= threshold)


def reported(connection: sa.Connection, services: list[UUID], threshold: int) -> dict[UUID, list[str]]:
    """Return what was said of each service since its last check (two statements however many they are)."""
    times: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for statement in (_SAID, _FLAGGED) if services else ():
        for service_id, why, count in connection.execute(statement, {"ids": services}):
            times[service_id][str(why)] += count
    found: dict[UUID, list[str]] = {}
    for service_id, said in times.items():
        if told := words(said, threshold):
            found[service_id] = told
    return found


def wrong(said: list[str]) -> bool:
    """Say whether something of this is about the listing being wrong."""
    return any(why in FACTS for why in said)
