"""The line about each group: decided with the release of a quarter's last month, kept until ten have moved (ADR 15)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core import settings as core_settings
from app.core.clock import now
from app.domain.reporting import rules
from app.domain.reporting.measuring import grouping
from app.domain.reporting.protecting.tables import last_day
from app.domain.reporting.releasing import columns
from app.models.reporting import GroupLine, NumberRelease, Says


def decide(db: Session, release: NumberRelease, counts: dict[str, Any], threshold: int) -> None:
    """Keep what is said of the groups that were counted; nothing new where the release hides any number of those who joined.

    Where such a number is hidden, lines about groups could narrow it; where all are printed, they tell nothing more of it.
    """
    if not _all_printed(release.body["tables"]):
        return
    end = last_day(release.period) or release.counted_on
    secret = core_settings.current().secret
    marks = grouping.marked(db, end, {UUID(key) for key in counts.get("groups", {})})
    for key, said in counts.get("groups", {}).items():
        least = columns.enough(secret, release.period, key, max(rules.ANSWERED_FROM, threshold), rules.ANSWERED_SPREAD)
        says = rules.line_of(said["woman"], said["man"], said["another"], said["unsaid"], least)
        db.add(GroupLine(
            group_id=UUID(key), period=release.period, says=Says.UNTOLD if said["alike"] else says, threshold=threshold,
            marks=marks.get(UUID(key), ""), counted_on=end,
        ))  # fmt: skip
    # Of what was said before, the marks are of no use any more.
    before = sa.and_(col(GroupLine.group_id).in_(list(marks)), col(GroupLine.period) < release.period)
    db.execute(sa.update(GroupLine).where(before).values(marks=""))
    db.flush()


def _all_printed(tables: list[dict[str, Any]]) -> bool:
    joined = next((table for table in tables if table["id"] == "joined"), None)
    return joined is not None and None not in (*joined["cells"][0], joined["total"])


def publish(db: Session, release: NumberRelease) -> None:
    """Show the lines that were decided with a month's release, with whichever release of this month becomes public."""
    waits = sa.and_(col(GroupLine.period) == release.period, col(GroupLine.published_on).is_(None))
    db.execute(sa.update(GroupLine).where(waits).values(published_on=now().date()))
