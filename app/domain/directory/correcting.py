"""What people put right in a listing: name, first number, hours. It stays, whatever its source sends, and its history is kept."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_id
from app.core.text import clean, one_line
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import rules
from app.domain.directory.compiling import KIND, compile_services
from app.domain.directory.places import AreaBook
from app.domain.directory.protecting import is_protected
from app.domain.directory.rows import PART_TABLES
from app.domain.directory.wire.put import begin
from app.models.accounts import Role
from app.models.directory import Service
from app.models.directory_parts import Metadata


def update_contact(
    db: Session, actor: Actor, service: Service, *, name: str | None = None, phone: str | None = None, hours: str | None = None
) -> list[str]:
    """Let a coordinator put name, first phone number or hours (as words) right; None leaves as it is.

    Returns the fields that changed. Raises Refused, Invalid("name").
    """
    require(rules.may_correct(actor))
    changed_fields = put_right(db, service, Role.COORDINATOR.value, name=name, phone=phone, hours=hours)
    if changed_fields:
        audit.record(db, actor, "correct_listing", KIND, service.id, fields=changed_fields)
    return changed_fields


def put_right(
    db: Session, service: Service, by: str, *, name: str | None = None, phone: str | None = None, hours: str | None = None
) -> list[str]:
    """Put fields right in the role ``by``; imports will not write over them. The caller has asked the rule and records."""
    begin(db)
    moved: list[str] = []
    if name is not None and one_line(name) != service.name:
        if not one_line(name):
            raise Invalid("name", _("A listing needs a name."))
        note(db, service, by, "name", service.name, one_line(name))
        service.name, service.text_version = one_line(name)[:500], service.text_version + 1
        if is_protected(service.name, []):
            service.protected, service.protected_by_copy = True, False
        moved.append("name")
    if phone is not None and _replace(db, service, by, "phone", "number", one_line(phone)):
        moved.append("phones")
    if hours is not None and _replace(db, service, by, "schedule", "description", clean(hours)):
        moved.append("schedules")
    if moved:
        service.corrected = sorted({*service.corrected, *moved})
        changed(db, service)
    return moved


def own_words(db: Session, service: Service) -> dict[str, str]:
    """Return what ``update_contact`` can change, as it is now."""
    phone, schedule = PART_TABLES["phone"], PART_TABLES["schedule"]
    number = sa.select(phone.c.number).where(phone.c.service_id == service.id).order_by(phone.c.position).limit(1)
    words = sa.select(schedule.c.description).where(schedule.c.service_id == service.id).order_by(schedule.c.position).limit(1)
    return {"name": service.name, "phone": db.execute(number).scalar() or "", "hours": db.execute(words).scalar() or ""}


def changed(db: Session, service: Service) -> None:
    """Show what has changed in a listing."""
    db.add(service)
    db.flush()
    compile_services(db, [service.id], AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)


def note(db: Session, service: Service, by: str, field: str, before: str, after: str) -> None:
    """Keep what was changed in the words of HSDS (its metadata table), and in which role."""
    db.add(Metadata(
        resource_id=service.id, resource_type="service", last_action_date=now().date().isoformat(), last_action_type="update",
        field_name=field, previous_value=before, replacement_value=after, updated_by=by,
    ))  # fmt: skip


def _replace(db: Session, service: Service, by: str, part: str, column: str, value: str) -> bool:
    """Put one part of the service itself in place of those it has; return whether anything changed."""
    table = PART_TABLES[part]
    own = sa.and_(table.c.owner_id == service.id, table.c.service_id == service.id)
    before = list(db.execute(sa.select(table).where(own).order_by(table.c.position)))
    old = " ".join(str(getattr(row, column) or "") for row in before[:1])
    if value == old and len(before) <= 1:
        return False
    note(db, service, by, f"{part}.{column}", old, value)
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
