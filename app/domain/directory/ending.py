"""Services that are not on their list any more: ended, or asked about where a person saw them since. And checks that end."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.domain.directory.freshness import soon_due
from app.domain.directory.rows import PART_TABLES
from app.domain.directory.storing import FACTS, LINK, SERVICE
from app.models.directory import Feed
from app.models.feeds import FeedPull

_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_PULL: sa.Table = FeedPull.__table__  # type: ignore[attr-defined]
_AT_ONCE = 500


def end_services(db: Session, ids: list[UUID], today: date) -> None:
    """Say that services are gone; their pages answer 410, and after 90 days they may be removed.

    Where another source of a group has it still, that one stands for the group (see standing) as soon as they are put together.
    """
    gone = {"status": "defunct", "defunct_on": today, "content_hash": ""}  # without the hash: what comes back the same comes back
    db.execute(sa.update(SERVICE).where(SERVICE.c.id.in_(ids)).values(gone))


def ask_again(db: Session, ids: list[UUID]) -> set[UUID]:
    """Return which of these services a person confirmed while that check counts: they are due in two weeks instead of ending."""
    today, several = now().date(), set[UUID]()
    for n in range(0, len(ids), _AT_ONCE):
        some = SERVICE.c.id.in_(ids[n : n + _AT_ONCE])
        rows = db.execute(sa.select(SERVICE.c.id, SERVICE.c.confirmed).where(some, SERVICE.c.verify_due >= today))
        several |= {row.id for row in rows if row.confirmed}
    edge = soon_due(date.max, today)
    for n in range(0, len(ids), _AT_ONCE):
        later = sa.and_(SERVICE.c.id.in_([key for key in ids[n : n + _AT_ONCE] if key in several]), SERVICE.c.verify_due > edge)
        db.execute(sa.update(SERVICE).where(later).values(verify_due=edge))
    return several


def unlink(db: Session, ids: list[UUID]) -> None:
    """Remove links between services and places, with what hangs on them."""
    for part in reversed(PART_TABLES.values()):
        db.execute(sa.delete(part).where(part.c.owner_id.in_(ids)))
    db.execute(sa.delete(LINK).where(LINK.c.id.in_(ids)))


def lapse(db: Session) -> None:
    """Let go of what people confirmed where that check has ended: what the lists say comes in, also where they did not move."""
    ended = sa.and_(SERVICE.c.verify_due < now().date(), sa.cast(SERVICE.c.confirmed, sa.Text) != "[]")
    theirs = sa.select(_FEED.c.name).where(_FEED.c.id.in_(sa.select(SERVICE.c.feed_id).where(ended)))
    db.execute(sa.update(_PULL).where(_PULL.c.feed.in_(theirs)).values(etag="", changed=""))
    db.execute(sa.update(FACTS).where(FACTS.c.id.in_(sa.select(SERVICE.c.id).where(ended))).values(stale=True))
    db.execute(sa.update(SERVICE).where(ended).values(confirmed=[], told={}, content_hash=""))
