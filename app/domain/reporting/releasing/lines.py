"""The line about each group: decided with the release of a quarter's last month, kept until ten have moved (ADR 15)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core import settings as core_settings
from app.core.clock import now
from app.domain.reporting import rules
from app.domain.reporting.measuring import counting, marks
from app.domain.reporting.protecting.tables import last_day
from app.domain.reporting.releasing import columns
from app.models.reporting import GroupLine, NumberRelease, Says


def decide(db: Session, release: NumberRelease, counts: dict[str, Any], threshold: int) -> None:
    """Keep what is said of the groups that were counted; nothing new where the release hides any number of those who joined.

    Where such a number is hidden, lines about groups could narrow it; where all are printed, they tell nothing more of it. Nor is
    anything told late, with a later month counted already: that one was compared without these lines.
    """
    groups = counts.get("groups", {})
    if groups and _all_printed(release.body["tables"]) and not counting.is_late(db, release.period):
        gone = marks.erased(db)
        for key, said in groups.items():
            if "people" in said:  # else it was counted by an earlier version, which marked others than it counted
                db.add(_line(db, release, key, said, threshold, gone))
    counting.forget_groups(db, release.period)
    db.flush()


def _line(db: Session, release: NumberRelease, key: str, said: dict[str, Any], threshold: int, gone: set[UUID]) -> GroupLine:
    secret = core_settings.current().secret
    least = columns.enough(secret, release.period, key, max(rules.ANSWERED_FROM, threshold), rules.ANSWERED_SPREAD)
    says = Says.UNTOLD if said["alike"] else rules.line_of(said["woman"], said["man"], said["another"], said["unsaid"], least)
    return GroupLine(
        group_id=UUID(key), period=release.period, says=says, threshold=threshold, marks=marks.marked(db, said["people"], gone),
        counted_on=last_day(release.period) or release.counted_on,
    )  # fmt: skip


def _all_printed(tables: list[dict[str, Any]]) -> bool:
    joined = next((table for table in tables if table["id"] == "joined"), None)
    return joined is not None and None not in (*joined["cells"][0], joined["total"])


def publish(db: Session, release: NumberRelease) -> None:
    """Show the lines that were decided with a month's release, with whichever release of this month becomes public."""
    waits = sa.and_(col(GroupLine.period) == release.period, col(GroupLine.published_on).is_(None))
    db.execute(sa.update(GroupLine).where(waits).values(published_on=now().date()))
