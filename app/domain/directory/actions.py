"""What people change in the directory: confirm, put right, say that it is gone, say whether it helped."""

from typing import Literal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.core.errors import Gone, NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import hooks, rules
from app.domain.directory.calling import called, forget_confirmed
from app.domain.directory.compiling import KIND, compile_services
from app.domain.directory.correcting import as_it_stands, changed, disputed, forget_suggested, note, put_right, seen, update_contact
from app.domain.directory.ending import lapse
from app.domain.directory.freshness import HIDDEN_AFTER_DAYS, next_due
from app.domain.directory.joining import not_fresher
from app.domain.directory.offering import FIELDS
from app.domain.directory.places import AreaBook
from app.domain.directory.standing import everything_of, standing_for
from app.domain.directory.storing import SERVICE
from app.domain.directory.wire.put import begin
from app.domain.search import actions as search
from app.models.accounts import Role
from app.models.directory import ListingFeedback, Outcome, Service, Why
from app.models.listing_care import CallOutcome

__all__ = [
    "Method", "age_listings", "as_it_stands", "confirm", "confirm_by_source", "get", "mark_defunct", "protect", "put_right",
    "say_helped", "update_contact",
]  # fmt: skip
Method = Literal["phone", "visit", "website", "message"]


def get(db: Session, ref: str) -> Service:
    """Return the service of an address, or the one that stands for it. Raises NotFound, or Gone for one that has ended."""
    service = db.exec(select(Service).where(Service.ref == ref)).first()
    if service is None:
        raise NotFound(_("This page is not here."))
    if service.merged_into is not None:
        service = db.get_one(Service, standing_for(db.connection(), service.id))
    if service.defunct_on is not None:
        raise Gone(_("This service does not exist any more."))
    return service


def confirm(db: Session, actor: Actor, service: Service, method: Method = "phone", *, put_right: bool = False) -> None:
    """Say that a listing is true, or was ``put_right``, from today on (product promise 12: every check has an end)."""
    require(rules.may_confirm(actor))
    begin(db)
    today = now().date()
    service.verified_on, service.verify_due = today, next_due(today, service.short_term)
    service.verified_by_role, service.verify_method = Role.COORDINATOR.value, method
    stands = disputed(db, service)  # what nobody saw, nobody confirmed
    # While this check counts, a source that says otherwise is asked about, not taken.
    service.confirmed = sorted(column for column, field in FIELDS.items() if stands[field])
    service.told = seen(db, service)
    changed(db, service)
    called(db, service, CallOutcome.CHANGED if put_right else CallOutcome.TRUE, method)
    audit.record(db, actor, "confirm_listing", KIND, service.id, method=method)


def confirm_by_source(db: Session, services: list[Service]) -> None:
    """Note that whoever offers these services says today that they are still true; the caller has asked the rule and records."""
    begin(db)
    forget_confirmed(db, [service.id for service in services])
    today = now().date()
    for service in services:
        service.verified_on, service.verify_due = today, next_due(today, service.short_term)
        service.verified_by_role, service.verify_method = "partner", "partner"
        db.add(service)
        called(db, service, CallOutcome.TRUE, "partner", by="partner")
    db.flush()
    compile_services(db, [service.id for service in services], AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)


def mark_defunct(db: Session, actor: Actor, service: Service) -> None:
    """Say that a service is gone, in every list that has it: its page answers 410, no import brings it back."""
    require(rules.may_correct(actor))
    begin(db)
    several = everything_of(db.connection(), [service.id])
    for one in db.exec(select(Service).where(col(Service.id).in_(several), col(Service.defunct_on).is_(None))).all():
        note(db, one, Role.COORDINATOR.value, "status", one.status, "defunct")
        one.status, one.defunct_on = "defunct", now().date()
        one.corrected = sorted({*one.corrected, "status"})
        db.add(one)
    called(db, service, CallOutcome.ENDED, "desk")
    changed(db, service)
    audit.record(db, actor, "end_listing", KIND, service.id)


def protect(db: Session, actor: Actor, service: Service) -> None:
    """Hide where a service is and how to reach it, everywhere and for good: nobody who hides there may be found by us."""
    require(rules.may_correct(actor))
    if service.protected and not service.protected_by_copy:
        return
    begin(db)
    note(db, service, Role.COORDINATOR.value, "protected", "no", "yes")
    service.protected, service.protected_by_copy, service.told = True, False, {}
    forget_suggested(db, everything_of(db.connection(), [service.id]), Role.COORDINATOR.value)
    changed(db, service)
    audit.record(db, actor, "protect_listing", KIND, service.id)


def say_helped(db: Session, service: Service, helped: Outcome, why: Why | None = None) -> None:
    """Keep an answer to "did this help?"; no account, no link to anybody."""
    why = None if helped == Outcome.YES else why
    db.add(ListingFeedback(service_id=service.id, helped=helped, why=why, on=now().date()))
    db.flush()
    if why in hooks.WRONG:
        for follow in hooks.on_wrong:
            follow(db, service.id)


def age_listings(db: Session) -> int:
    """Take listings out of the results that nobody confirmed for 90 days after they were due; for the nightly job."""
    lapse(db)
    edge = now().date() - days(HIDDEN_AFTER_DAYS)
    listed = sa.table("search_document", sa.column("kind"), sa.column("subject_id", sa.Uuid()))
    found = db.execute(
        sa.select(SERVICE.c.id).where(
            SERVICE.c.verify_due < edge,
            not_fresher(edge),
            sa.exists().where(listed.c.kind == KIND, listed.c.subject_id == SERVICE.c.id),
        )
    )
    ids = list(found.scalars())
    for service_id in ids:
        search.unindex(db, KIND, service_id)
    if ids:
        versions.bump(db, versions.DIRECTORY)
    return len(ids)
