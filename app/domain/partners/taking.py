"""What a partner sent becomes part of the directory, or waits; mistakes of one object never touch another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import _
from app.domain.audit import actions as audit
from app.domain.directory.reading.gate import Gate
from app.domain.directory.reading.shapes import Held, Item, Kind, Place, stable_id
from app.domain.directory.reading.splitting import split
from app.domain.directory.rows import TABLES, Record, content_hash
from app.domain.directory.wire.put import begin
from app.domain.partners import rules
from app.domain.partners.checking import Checked, check
from app.domain.partners.placing import feed_of, place
from app.models.directory import Feed
from app.models.partners import Partner, PartnerRecord, RecordState

_AT_ONCE: Final = 1_000
Value = TypeVar("Value")
_BY_HAND: Final = ("overlap", "open_to")  # a program or a sheet may know nothing of them
KINDS: Final = ("organization", "service")  # in this order: what a batch brings for its own services comes first


@dataclass(frozen=True, slots=True)
class Sent:
    """One object with the partner's own id; ``data`` is whatever the partner sent."""

    kind: Kind
    foreign_id: str
    data: Any


@dataclass(slots=True)
class Taken:
    """What became of one object: created, updated, unchanged, or refused with its problems."""

    sent: Sent
    checked: Checked
    result: str = "refused"
    record: PartnerRecord | None = None
    items: list[Item] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)  # what it points to and was sent before

    @property
    def fine(self) -> bool:
        """Say whether there is no mistake in it."""
        return not self.checked.problems


def put(db: Session, partner: Partner, several: list[Sent]) -> list[Taken]:
    """Take objects in, each for itself; return what became of each, in the order in which they were sent.

    The same object again changes nothing. The listings of a new partner wait for a coordinator, with whoever offers them.
    """
    begin(db)
    made = [Taken(one, check(one.kind, one.data, one.foreign_id)) for one in several]
    _refuse_twice(made)
    records = _records(db, partner, made)
    _carry_over(made, records)
    feed = feed_of(db, partner)
    declined = {key for key, record in records.items() if record.reason}
    _resolve(db, partner, feed, made, declined)
    there = _there(db, list(records.values()))
    _refuse_too_many(db, partner, made, records)
    for one in made:
        if one.fine:
            one.items = _items(one.sent.kind, one.checked, one.known)
    for kind in KINDS:
        for one in (t for t in made if t.fine and t.sent.kind == kind):
            _keep(db, partner, feed, one, records.get((kind, one.sent.foreign_id)), there)
    db.flush()
    changed = [one for one in made if one.result in ("created", "updated")]
    live = [one for one in changed if one.record is not None and one.record.state == RecordState.TAKEN]
    if live:
        place(db, feed, [item for one in live for item in [*owners(db, partner, one.checked), *one.items]])
    if changed:
        count = {result: sum(one.result == result for one in changed) for result in ("created", "updated")}
        audit.record(db, None, "partner.sent", "partner", partner.id, **count)
    return made


def _refuse_twice(made: list[Taken]) -> None:
    seen: set[tuple[str, str]] = set()
    for one in made:
        key = (one.sent.kind, one.sent.foreign_id)
        if key in seen:
            one.checked.refuse("/id", _("This id stands twice in what was sent. The first one was taken."))
        seen.add(key)


def _refuse_too_many(db: Session, partner: Partner, made: list[Taken], known: dict[tuple[str, str], PartnerRecord]) -> None:
    """Refuse new listings beyond what one partner may have; what is there already may always change."""
    fresh = [
        one for one in made
        if one.fine and one.sent.kind == "service"
        and ((before := known.get(("service", one.sent.foreign_id))) is None or before.state == RecordState.WITHDRAWN)
    ]  # fmt: skip
    wanted = select(sa.func.count()).where(
        PartnerRecord.partner_id == partner.id, PartnerRecord.kind == "service", PartnerRecord.state != RecordState.WITHDRAWN
    )
    there = db.exec(wanted).one()
    for number, one in enumerate(fresh):
        verdict = rules.may_add(there + number)
        if verdict.reason is not None:
            one.checked.refuse("", verdict.reason)


def _records(db: Session, partner: Partner, made: list[Taken]) -> dict[tuple[str, str], PartnerRecord]:
    ids = {one.sent.foreign_id for one in made if one.fine}
    found: dict[tuple[str, str], PartnerRecord] = {}
    for some in batched(sorted(ids)):
        wanted = select(PartnerRecord).where(PartnerRecord.partner_id == partner.id, col(PartnerRecord.foreign_id).in_(some))
        found |= {(row.kind, row.foreign_id): row for row in db.exec(wanted)}
    return found


def _carry_over(made: list[Taken], records: dict[tuple[str, str], PartnerRecord]) -> None:
    """Keep what was said by hand where what is sent now cannot say it, or does not: nothing is taken back by silence."""
    for one in made:
        before = records.get((one.sent.kind, one.sent.foreign_id))
        if before is not None and one.fine:
            kept: Record = {name: before.content[name] for name in _BY_HAND if name in before.content}
            one.checked.data = {**kept, **one.checked.data}


def _there(db: Session, records: list[PartnerRecord]) -> set[UUID]:
    """Return which of these stand in the directory, or were ended there by people: what is lost is brought back when it is sent."""
    service, organization = TABLES["service"], TABLES["organization"]
    ids = [record.object_id for record in records if record.state == RecordState.TAKEN]
    found: set[UUID] = set()
    for some in batched(ids):
        rows = db.execute(sa.select(service.c.id, service.c.defunct_on, service.c.corrected).where(service.c.id.in_(some)))
        found |= {row.id for row in rows if row.defunct_on is None or "status" in (row.corrected or ())}
        found |= set(db.execute(sa.select(organization.c.id).where(organization.c.id.in_(some))).scalars())
    return found


def _resolve(db: Session, partner: Partner, feed: Feed, made: list[Taken], declined: set[tuple[str, str]]) -> None:
    """Refuse what points to something that this partner has not sent: whether somebody else has, it is not told."""
    wanted = {(kind, key) for one in made for kind, key, _at in one.checked.dangling}
    known: set[tuple[str, str]] = {
        (one.sent.kind, one.sent.foreign_id) for one in made if one.fine and one.sent.kind == "organization"
    }
    known -= declined  # those are there only once somebody let them in
    known |= _known(db, partner, feed, wanted - known)
    for one in made:
        for kind, key, at in one.checked.dangling:
            if (kind, key) in known:
                one.known.add((kind, key))
            elif at in one.checked.needed:
                one.checked.refuse(at, _("There is nothing with this id among what you sent."))


def _known(db: Session, partner: Partner, feed: Feed, wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for kind in {kind for kind, _key in wanted}:
        for keys in batched(sorted(key for other, key in wanted if other == kind)):
            by_id = {stable_id(feed.name, kind, key): key for key in keys}
            table = TABLES[kind]
            found |= {(kind, by_id[own]) for own in db.execute(sa.select(table.c.id).where(table.c.id.in_(by_id))).scalars()}
            there = select(PartnerRecord.foreign_id).where(
                PartnerRecord.partner_id == partner.id, PartnerRecord.kind == kind, col(PartnerRecord.foreign_id).in_(keys),
                PartnerRecord.reason == "",
            )  # fmt: skip
            found |= {(kind, key) for key in db.exec(there)}
    return found


def batched(several: list[Value]) -> Iterator[list[Value]]:
    """Yield a list in parts that fit into one statement: databases bound how many values it may carry."""
    for start in range(0, len(several), _AT_ONCE):
        yield several[start : start + _AT_ONCE]


def _items(kind: Kind, checked: Checked, known: set[tuple[str, str]]) -> list[Item]:
    """Return the objects inside a checked one, by the importer's own gate; what that holds back becomes a mistake.

    A pointer that may be missing and leads to nothing is left out, with a note.
    """
    gate, found = Gate(), list[Item]()
    try:
        for other, key in known:
            gate.know(other, key)
        for one in _through(gate, kind, checked.data):
            if isinstance(one, Held):
                checked.refuse("", one.reason)
            else:
                found.append(one)
    finally:
        gate.close()
    return found


def _through(gate: Gate, kind: Kind, data: Record) -> Iterable[Item | Held]:
    for raw in split(kind, data, Place("", 1, "")):
        yield from gate.admit(raw)
    yield from gate.finish()


def _keep(
    db: Session, partner: Partner, feed: Feed, one: Taken, before: PartnerRecord | None, there: set[UUID]
) -> None:  # fmt: skip
    """Write down what was sent, and whether it is new; nothing moves where it is the same."""
    if not one.fine:
        return
    hashed, state = content_hash(one.checked.data), before.state if before else None
    one.record = before
    ended = one.checked.data.get("status") == "defunct"  # then it is meant not to stand there
    lost = before is not None and state == RecordState.TAKEN and before.object_id not in there and not ended
    if before is not None and before.content_hash == hashed and state != RecordState.WITHDRAWN and not lost:
        one.result = "unchanged"
        return
    one.result = "created" if before is None else "updated"
    record = before or PartnerRecord(
        partner_id=partner.id, kind=one.sent.kind, foreign_id=one.sent.foreign_id, name="", content_hash="", sent_at=now(),
        object_id=stable_id(feed.name, one.sent.kind, one.sent.foreign_id),
    )  # fmt: skip
    record.content, record.content_hash, record.name = one.checked.data, hashed, one.checked.data["name"]
    record.state = RecordState.WAITING if rules.waits(partner.accepted, state, bool(record.reason)) else RecordState.TAKEN
    record.sent_at = now()  # the reason for which it was declined stays until somebody lets it in
    db.add(record)
    one.record = record


def owners(db: Session, partner: Partner, checked: Checked) -> list[Item]:
    """Let the organisation that a listing names come into the directory with it, where it was sent before and waits still."""
    keys = {key for kind, key, _at in checked.dangling if kind == "organization"}
    waiting = select(PartnerRecord).where(
        PartnerRecord.partner_id == partner.id, PartnerRecord.kind == "organization", col(PartnerRecord.foreign_id).in_(keys),
        PartnerRecord.state == RecordState.WAITING, PartnerRecord.reason == "",
    )  # fmt: skip
    found: list[Item] = []
    for record in db.exec(waiting).all() if keys else ():
        record.state = RecordState.TAKEN  # before what it points to: two may name each other
        db.add(record)
        db.flush()
        again, items = items_of(db, partner, record)
        found += [*owners(db, partner, again), *items]
    return found


def items_of(db: Session, partner: Partner, record: PartnerRecord) -> tuple[Checked, list[Item]]:
    """Return what a record that waits is made of."""
    kind: Kind = "service" if record.kind == "service" else "organization"
    again = check(kind, record.content, record.foreign_id)
    known = _known(db, partner, feed_of(db, partner), {(other, key) for other, key, _at in again.dangling})
    return again, _items(kind, again, known)
