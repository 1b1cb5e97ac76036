"""What happens to single listings of a partner: confirmed, taken out, let in by a coordinator or not."""

from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import Verdict, require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import suggesting
from app.domain.directory.actions import confirm_by_source
from app.domain.directory.wire.put import begin
from app.domain.partners import looking_after, rules, warning
from app.domain.partners.placing import feed_of, place, take_out
from app.domain.partners.sheets import RowProblem, Sheet, column_of
from app.domain.partners.taking import items_of, owners, put
from app.models.directory import Service
from app.models.listing_care import Origin
from app.models.partners import Partner, PartnerRecord, RecordState

NOTHING_SENT: Final = N_("You have sent nothing with this id.")


def get(db: Session, partner: Partner, kind: str, foreign_id: str) -> PartnerRecord:
    """Return what the partner sent under its own id; NotFound, the same for what is somebody else's and for what is not there."""
    wanted = select(PartnerRecord).where(
        PartnerRecord.partner_id == partner.id, PartnerRecord.kind == kind, PartnerRecord.foreign_id == foreign_id[:300]
    )
    record = db.exec(wanted).first()
    if record is None:
        raise NotFound(_(NOTHING_SENT))
    return record


def by_ids(db: Session, partner: Partner, kind: str, ids: set[str]) -> dict[str, PartnerRecord]:
    """Return what the partner sent under these ids of its own."""
    wanted = select(PartnerRecord).where(
        PartnerRecord.partner_id == partner.id, PartnerRecord.kind == kind, col(PartnerRecord.foreign_id).in_(ids)
    )
    return {row.foreign_id: row for row in db.exec(wanted)} if ids else {}


def confirmable(db: Session, records: list[PartnerRecord]) -> dict[UUID, Verdict]:
    """Return by the record's id whether it can be confirmed, and why not; one statement."""
    return {record.id: verdict for record, _service, verdict in _judged(db, records)}


def _judged(db: Session, records: list[PartnerRecord]) -> list[tuple[PartnerRecord, Service | None, Verdict]]:
    ids = [record.object_id for record in records]
    services = {row.id: row for row in db.exec(select(Service).where(col(Service.id).in_(ids)))} if ids else {}
    found = []
    for record in records:
        service = services.get(record.object_id)
        by_people = service is not None and service.defunct_on is not None and "status" in service.corrected
        verdict = rules.may_confirm(record.state, service is None or service.defunct_on is not None, by_people)
        found.append((record, service, verdict))
    return found


def confirm(db: Session, partner: Partner, records: list[PartnerRecord]) -> None:
    """Keep that the partner says today that these are still true. Raises Conflict for one that cannot be confirmed."""
    begin(db)
    judged = _judged(db, records)
    for _record, _service, verdict in judged:
        if verdict.reason is not None:
            raise Conflict(verdict.reason)
    services = [service for _record, service, _verdict in judged if service is not None]
    confirm_by_source(db, services)
    audit.record(db, None, "partner.confirmed", "partner", partner.id, count=len(services))


def withdraw(db: Session, partner: Partner, record: PartnerRecord) -> bool:
    """Take a listing out at the partner's wish; return whether it was in. It can be sent again."""
    if record.state == RecordState.WITHDRAWN:
        return False
    withdraw_all(db, partner, [record])
    return True


def withdraw_all(db: Session, partner: Partner, records: list[PartnerRecord]) -> None:
    """Take listings out that are not out yet."""
    begin(db)
    take_out(db, [record.object_id for record in records])  # also where a change of what is in waits
    for record in records:
        record.state, record.sent_at = RecordState.WITHDRAWN, now()
        db.add(record)
    db.flush()
    audit.record(db, None, "partner.withdrew", "partner", partner.id, count=len(records))


def let_in(db: Session, actor: Actor, record: PartnerRecord) -> None:
    """Let a listing that waits into the directory, with whoever offers it; it counts among the first of its partner."""
    require(looking_after.may_decide(db, actor, record))
    begin(db)
    partner = db.get_one(Partner, record.partner_id, with_for_update=True)
    require(looking_after.is_there(db, partner))
    checked, items = items_of(db, partner, record)
    if checked.problems:  # what it points to went meanwhile
        raise Conflict(checked.problems[0].sentence)
    record.state, record.reason = RecordState.TAKEN, ""
    partner.accepted += record.kind == "service"
    db.add_all([record, partner])
    db.flush()
    place(db, feed_of(db, partner), [*owners(db, partner, checked), *items])
    looking_after.tell(db, partner, N_("Something that you offer was let in. Everybody can find it now."))
    audit.record(db, actor, "partner.let_in", "partner", partner.id)


def decline(db: Session, actor: Actor, record: PartnerRecord, reason: str) -> None:
    """Do not let a listing in; the partner reads why."""
    require(looking_after.may_decide(db, actor, record))
    if not reason:
        raise Invalid("reason", _("Write the reason. The partner reads it."))
    record.state, record.reason = RecordState.DECLINED, reason
    db.add(record)
    db.flush()
    partner = db.get_one(Partner, record.partner_id)
    looking_after.tell(db, partner, N_("Something that you offer was not let in. The reason stands beside it."))
    audit.record(db, actor, "partner.declined", "partner", record.partner_id)


def confirm_by_hand(db: Session, actor: Actor, partner: Partner, record: PartnerRecord) -> None:
    """Let a member who looks after the partner confirm a listing."""
    require(looking_after.may(db, actor, partner))
    confirm(db, partner, [record])


def send_sheet(db: Session, actor: Actor, partner: Partner, sheet: Sheet) -> tuple[dict[str, int], list[str]]:
    """Take in every listing of a spreadsheet, or none: what is wrong is added to its problems, and then nothing may stay.

    Returns how many were created, updated, unchanged, and the names of new ones of which something is here already.
    """
    require(looking_after.may(db, actor, partner))
    made = put(db, partner, [sent for _row, sent in sheet.found])
    for (row, _sent), one in zip(sheet.found, made, strict=True):
        sheet.problems += [RowProblem(row, column_of(problem), problem.sentence) for problem in one.checked.problems]
    sheet.problems.sort(key=lambda problem: problem.row)
    counts = {result: sum(one.result == result for one in made) for result in ("created", "updated", "unchanged")}
    here = warning.already_here(db, partner, made) if not sheet.problems else {}
    return counts, [one.checked.data["name"] for one in made if one.sent.foreign_id in here]


def decide_suggestion(db: Session, actor: Actor, partner: Partner, suggestion_id: UUID, accept: bool, seen: str = "") -> None:
    """Take a correction that a member suggested for a listing of this partner, or not.

    Raises NotFound for what is somebody else's, as for what is not there.
    """
    require(looking_after.may(db, actor, partner))
    row, service = suggesting.get(db, suggestion_id)
    wanted = select(PartnerRecord.id).where(
        PartnerRecord.partner_id == partner.id, PartnerRecord.kind == "service", PartnerRecord.object_id == service.id,
        PartnerRecord.state == RecordState.TAKEN,
    )  # fmt: skip
    if row.origin != Origin.MEMBER or service.protected or service.defunct_on is not None or db.exec(wanted).first() is None:
        raise NotFound(_(NOTHING_SENT))
    suggesting.decide(db, row, service, accept, by="partner", seen=seen)
    audit.record(  # of a group nobody reads who cares for it
        db, actor, "group.suggestion" if partner.group_id else "partner.suggestion", "partner", partner.id, accepted=accept,
        suggestion=str(suggestion_id),
    )  # fmt: skip


def withdraw_by_hand(db: Session, actor: Actor, partner: Partner, record: PartnerRecord) -> None:
    """Let a member who looks after the partner take a listing out."""
    require(looking_after.may(db, actor, partner, ending=True))
    withdraw(db, partner, record)
