"""What people change in the directory: confirm, put right, say that it is gone, say whether it helped."""

from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.core.errors import Gone, Invalid, NotFound
from app.core.i18n import _
from app.core.ids import new_id
from app.core.text import clean, one_line
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import hooks, rules
from app.domain.directory.compiling import KIND, compile_services
from app.domain.directory.freshness import HIDDEN_AFTER_DAYS, next_due
from app.domain.directory.joining import everything_of, not_fresher, standing_for
from app.domain.directory.places import AreaBook
from app.domain.directory.protecting import is_protected
from app.domain.directory.rows import PART_TABLES
from app.domain.directory.storing import SERVICE
from app.domain.directory.wire.put import begin
from app.domain.search import actions as search
from app.models.accounts import Role
from app.models.directory import ListingFeedback, Outcome, Service, Why
from app.models.directory_parts import Metadata

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


def confirm(db: Session, actor: Actor, service: Service, method: Method = "phone") -> None:
    """Say that a listing is still true, from today on (product promise 12: every check has an end)."""
    require(rules.may_confirm(actor))
    begin(db)
    today = now().date()
    service.verified_on, service.verify_due = today, next_due(today, service.short_term)
    service.verified_by_role, service.verify_method = Role.COORDINATOR.value, method
    _changed(db, service)
    audit.record(db, actor, "confirm_listing", KIND, service.id, method=method)


def confirm_by_source(db: Session, services: list[Service]) -> None:
    """Note that whoever offers these services says today that they are still true; the caller has asked the rule and records."""
    begin(db)
    today = now().date()
    for service in services:
        service.verified_on, service.verify_due = today, next_due(today, service.short_term)
        service.verified_by_role, service.verify_method = "partner", "partner"
        db.add(service)
    db.flush()
    compile_services(db, [service.id for service in services], AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)


def mark_defunct(db: Session, actor: Actor, service: Service) -> None:
    """Say that a service is gone, in every list that has it: its page answers 410, no import brings it back."""
    require(rules.may_correct(actor))
    begin(db)
    several = everything_of(db.connection(), [service.id])
    for one in db.exec(select(Service).where(col(Service.id).in_(several), col(Service.defunct_on).is_(None))).all():
        _note(db, actor, one, "status", one.status, "defunct")
        one.status, one.defunct_on = "defunct", now().date()
        one.corrected = sorted({*one.corrected, "status"})
        db.add(one)
    _changed(db, service)
    audit.record(db, actor, "end_listing", KIND, service.id)


def protect(db: Session, actor: Actor, service: Service) -> None:
    """Hide where a service is and how to reach it, everywhere and for good: nobody who hides there may be found by us."""
    require(rules.may_correct(actor))
    if service.protected:
        return
    begin(db)
    _note(db, actor, service, "protected", "no", "yes")
    service.protected = True
    _changed(db, service)
    audit.record(db, actor, "protect_listing", KIND, service.id)


def update_contact(
    db: Session, actor: Actor, service: Service, *, name: str | None = None, phone: str | None = None, hours: str | None = None
) -> list[str]:
    """Put name, first phone number or hours (as words) right; None leaves as it is, imports will not write over it.

    Returns the fields that changed. Raises Refused, Invalid("name").
    """
    require(rules.may_correct(actor))
    begin(db)
    changed: list[str] = []
    if name is not None and one_line(name) != service.name:
        if not one_line(name):
            raise Invalid("name", _("A listing needs a name."))
        _note(db, actor, service, "name", service.name, one_line(name))
        service.name, service.text_version = one_line(name)[:500], service.text_version + 1
        service.protected = service.protected or is_protected(service.name, [])
        changed.append("name")
    if phone is not None and _replace(db, actor, service, "phone", "number", one_line(phone)):
        changed.append("phones")
    if hours is not None and _replace(db, actor, service, "schedule", "description", clean(hours)):
        changed.append("schedules")
    if changed:
        service.corrected = sorted({*service.corrected, *changed})
        _changed(db, service)
        audit.record(db, actor, "correct_listing", KIND, service.id, fields=changed)
    return changed


def own_words(db: Session, service: Service) -> dict[str, str]:
    """Return what ``update_contact`` can change, as it is now."""
    phone, schedule = PART_TABLES["phone"], PART_TABLES["schedule"]
    number = sa.select(phone.c.number).where(phone.c.service_id == service.id).order_by(phone.c.position).limit(1)
    words = sa.select(schedule.c.description).where(schedule.c.service_id == service.id).order_by(schedule.c.position).limit(1)
    return {"name": service.name, "phone": db.execute(number).scalar() or "", "hours": db.execute(words).scalar() or ""}


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


def _changed(db: Session, service: Service) -> None:
    db.add(service)
    db.flush()
    compile_services(db, [service.id], AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)


def _replace(db: Session, actor: Actor, service: Service, part: str, column: str, value: str) -> bool:
    """Put one part of the service itself in place of those it has; return whether anything changed."""
    table = PART_TABLES[part]
    own = sa.and_(table.c.owner_id == service.id, table.c.service_id == service.id)
    before = list(db.execute(sa.select(table).where(own).order_by(table.c.position)))
    old = " ".join(str(getattr(row, column) or "") for row in before[:1])
    if value == old and len(before) <= 1:
        return False
    _note(db, actor, service, f"{part}.{column}", old, value)
    if part == "phone":
        _forget_languages(db, [row.id for row in before])
    db.execute(sa.delete(table).where(own))
    if value:
        db.execute(
            sa.insert(table), {"id": new_id(), "owner_id": service.id, "position": 0, "service_id": service.id, column: value}
        )
    return True


def _forget_languages(db: Session, phones: list[UUID]) -> None:
    table = PART_TABLES["language"]
    db.execute(sa.delete(table).where(table.c.phone_id.in_(phones)))


def _note(db: Session, actor: Actor, service: Service, field: str, before: str, after: str) -> None:
    """Keep what was changed in the words of HSDS (its metadata table)."""
    db.add(Metadata(
        resource_id=service.id, resource_type="service", last_action_date=now().date().isoformat(), last_action_type="update",
        field_name=field, previous_value=before, replacement_value=after, updated_by=Role.COORDINATOR.value,
    ))  # fmt: skip
