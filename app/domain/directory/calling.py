"""The log of calls: who looked whether a listing is still true (in which role), when, how, and what came of it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import rules
from app.domain.directory.freshness import AGAIN_DAYS
from app.models.accounts import Role
from app.models.directory import Service
from app.models.listing_care import CallOutcome, ListingCall

CALL: sa.Table = ListingCall.__table__  # type: ignore[attr-defined]
KIND = "service"
MOST_SHOWN = 20


def called(
    db: Session, service: Service, outcome: CallOutcome, method: str, *, by: str = Role.COORDINATOR.value, again: date | None = None
) -> None:
    """Add a line to the log; the caller has asked the rule and records."""
    db.add(ListingCall(service_id=service.id, on=now().date(), by_role=by, method=method, outcome=outcome, again_on=again))


def forget_confirmed(db: Session, ids: Iterable[UUID]) -> None:
    """Forget that a source confirmed these before: only the last time counts, and programs confirm every night."""
    by_source = sa.and_(CALL.c.by_role == "partner", CALL.c.outcome == CallOutcome.TRUE)
    db.execute(sa.delete(CALL).where(CALL.c.service_id.in_(list(ids)), by_source))


def try_again(db: Session, actor: Actor, service: Service, outcome: CallOutcome, method: str) -> date:
    """Keep that a check brought nothing yet; the listing is due again a few days later. Returns the day."""
    require(rules.may_confirm(actor))
    again = now().date() + days(AGAIN_DAYS)
    called(db, service, outcome, method, again=again)
    audit.record(db, actor, "call_listing", KIND, service.id, outcome=outcome.value)
    return again


def log(db: Session, service: Service) -> list[ListingCall]:
    """Return the last calls, the newest first."""
    wanted = select(ListingCall).where(ListingCall.service_id == service.id)
    return list(db.exec(wanted.order_by(col(ListingCall.id).desc()).limit(MOST_SHOWN)))
