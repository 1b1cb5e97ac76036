"""Services that ended 90 days ago leave the database, with everything that hangs on them."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import days, now
from app.domain import versions
from app.domain.audit import actions as audit
from app.domain.directory.compiling import compile_services
from app.domain.directory.freshness import KEPT_DEFUNCT_DAYS
from app.domain.directory.pairs.finding import forget_pairs
from app.domain.directory.places import AreaBook
from app.domain.directory.rows import PART_TABLES, TABLES
from app.domain.directory.standing import everything_of
from app.domain.directory.storing import DECISION
from app.domain.directory.wire.publish import take_back
from app.domain.directory.wire.put import begin
from app.domain.search import actions as search
from app.models.directory import ListingFeedback, ServiceFacts, ServiceText
from app.models.listing_care import ListingCall, ListingSuggestion
from app.models.listing_pairs import ListingPrint

SERVICE, LINK = TABLES["service"], TABLES["service_at_location"]
_HANGING: tuple[tuple[sa.Table, str], ...] = (
    (ServiceText.__table__, "service_id"),  # type: ignore[attr-defined]
    (ListingFeedback.__table__, "service_id"),  # type: ignore[attr-defined]
    (ServiceFacts.__table__, "id"),  # type: ignore[attr-defined]
    (ListingCall.__table__, "service_id"),  # type: ignore[attr-defined]
    (ListingSuggestion.__table__, "service_id"),  # type: ignore[attr-defined]
    (ListingPrint.__table__, "id"),  # type: ignore[attr-defined]
    (LINK, "service_id"),
    (SERVICE, "id"),
)
AT_ONCE = 500


def remove_gone(db: Session) -> int:
    """Remove up to 500 services that ended more than 90 days ago; return how many. For the nightly job."""
    begin(db)
    edge = now().date() - days(KEPT_DEFUNCT_DAYS)
    gone = list(db.execute(sa.select(SERVICE.c.id).where(SERVICE.c.defunct_on < edge).limit(AT_ONCE)).scalars())
    if not gone:
        return 0
    _keep_decisions(db, gone)
    links = list(db.execute(sa.select(LINK.c.id).where(LINK.c.service_id.in_(gone))).scalars())
    for part in reversed(PART_TABLES.values()):
        db.execute(sa.delete(part).where(part.c.owner_id.in_([*gone, *links])))
    left = everything_of(db.connection(), gone) - set(gone)
    forget_pairs(db, gone)
    for table, column in _HANGING:
        db.execute(sa.delete(table).where(table.c[column].in_(gone)))
    for service_id in gone:
        search.unindex(db, "service", service_id)
    take_back(db, gone)
    compile_services(db, sorted(left), AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)
    audit.record(db, None, "service.removed", "service", count=len(gone))
    return len(gone)


def _keep_decisions(db: Session, gone: list[UUID]) -> None:
    """Keep what a person decided by the id alone: the source may send the same listing again."""
    rows = db.execute(
        sa.select(
            SERVICE.c.id, sa.and_(SERVICE.c.protected, sa.not_(SERVICE.c.protected_by_copy)).label("protected"), SERVICE.c.corrected
        ).where(SERVICE.c.id.in_(gone))
    )
    kept = [{"id": row.id, "protected": row.protected, "ended": "status" in (row.corrected or ())} for row in rows]
    db.execute(sa.delete(DECISION).where(DECISION.c.id.in_(gone)))
    if told := [one for one in kept if one["protected"] or one["ended"]]:
        db.execute(sa.insert(DECISION), told)
