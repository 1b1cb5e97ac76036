"""Messages to addresses of partners: which are owed, what they say, how they are signed, what became of them."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import new_token
from app.core.settings import current
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory.freshness import SOON_DAYS
from app.domain.directory.reading.cleaning import url_of
from app.domain.directory.rows import Record
from app.domain.directory.standing import everything_of
from app.domain.directory.storing import SERVICE
from app.domain.partners import queries, reported, rules, telling
from app.models.engine import DeliveryState
from app.models.partners import HookEvent, Partner, PartnerDelivery, PartnerHook, PartnerRecord, RecordState

MOST_HOOKS: Final = 2  # so that one can be put in place before the other ends
LEASE: Final = timedelta(minutes=2)
LAST_TRY: Final = 8
AGAIN: Final = timedelta(days=7)  # the same about the same listing is told once in so long
AT_ONCE: Final = 200
_DELIVERY: sa.Table = PartnerDelivery.__table__  # type: ignore[attr-defined]
_HOOK: sa.Table = PartnerHook.__table__  # type: ignore[attr-defined]
_PARTNER: sa.Table = Partner.__table__  # type: ignore[attr-defined]
_RECORD: sa.Table = PartnerRecord.__table__  # type: ignore[attr-defined]
_ENDED = sa.select(_HOOK.c.id).join(_PARTNER, _PARTNER.c.id == _HOOK.c.partner_id).where(
    sa.or_(_HOOK.c.ended_on.is_not(None), _PARTNER.c.ended_on.is_not(None))
)  # fmt: skip


def make_hook(db: Session, actor: Actor, partner: Partner, address: str) -> str:
    """Keep an address to be told; return the secret that messages are signed with, this once. Raises Invalid("address")."""
    mine = queries.membership(db, actor.member_id) == partner.id
    require(rules.may_look_after(actor, mine, partner.ended_on is not None))
    found = url_of(address)
    if found is None or not found.startswith("https://") or urlsplit(found).username is not None:
        raise Invalid("address", _("Write a whole address that begins with https://"))
    if len([hook for hook in hooks_of(db, partner.id) if hook.ended_on is None]) >= MOST_HOOKS:
        raise Invalid("address", _("Two addresses already. Take one out first."))
    secret = new_token()
    db.add(PartnerHook(partner_id=partner.id, address=found, secret=secret, made_on=now().date()))
    db.flush()
    audit.record(db, actor, "partner.hook_made", "partner", partner.id)
    return secret


def end_hook(db: Session, actor: Actor, partner: Partner, hook_id: UUID) -> None:
    """Tell an address nothing more."""
    mine = queries.membership(db, actor.member_id) == partner.id
    require(rules.may_look_after(actor, mine, ended=False))
    hook = _hook(db, partner, hook_id)
    hook.ended_on = now().date()
    db.add(hook)
    db.flush()
    audit.record(db, actor, "partner.hook_ended", "partner", partner.id)


def try_hook(db: Session, actor: Actor, partner: Partner, hook_id: UUID) -> None:
    """Owe an address a message that says nothing, to see whether it arrives."""
    mine = queries.membership(db, actor.member_id) == partner.id
    require(rules.may_look_after(actor, mine, partner.ended_on is not None))
    hook = _hook(db, partner, hook_id)
    _owe(db, hook.id, HookEvent.TRIAL, None)
    audit.record(db, actor, "partner.hook_tried", "partner", partner.id)


def end_hooks(db: Session, partner_id: UUID) -> None:
    """End all addresses of a partner, and what is owed to them; the caller has asked the rule and records it."""
    live = sa.update(_HOOK).where(_HOOK.c.partner_id == partner_id, _HOOK.c.ended_on.is_(None))
    db.execute(live.values(ended_on=now().date()))
    drop_ended(db)


def _hook(db: Session, partner: Partner, hook_id: UUID) -> PartnerHook:
    hook = db.get(PartnerHook, hook_id)
    if hook is None or hook.partner_id != partner.id or hook.ended_on is not None:
        raise NotFound
    return hook


def hooks_of(db: Session, partner_id: UUID) -> list[PartnerHook]:
    """Return the addresses of a partner that are told something."""
    wanted = select(PartnerHook).where(PartnerHook.partner_id == partner_id, col(PartnerHook.id).not_in(_ENDED))
    return list(db.exec(wanted.order_by(col(PartnerHook.id))))


def last(db: Session, partner_id: UUID, limit: int) -> list[Any]:
    """Return the last deliveries to a partner with the name of what they are about, the newest first."""
    query = sa.select(_DELIVERY, _HOOK.c.address, _RECORD.c.name).join(_HOOK, _HOOK.c.id == _DELIVERY.c.hook_id)
    query = query.outerjoin(_RECORD, _RECORD.c.id == _DELIVERY.c.record_id).where(_HOOK.c.partner_id == partner_id)
    return list(db.execute(query.order_by(_DELIVERY.c.id.desc()).limit(limit)))


def said_wrong(db: Session, service_id: UUID) -> None:
    """Owe the partner of a listing word that people say it is wrong; once a week at most, however many say so."""
    several = everything_of(db.connection(), [service_id])  # what is wrong may have come from any list of those that stand as one
    records = select(PartnerRecord.id, PartnerRecord.partner_id).where(
        col(PartnerRecord.object_id).in_(several), PartnerRecord.state == RecordState.TAKEN
    )
    for record_id, partner_id in db.exec(records).all():
        for hook in hooks_of(db, partner_id):
            known = sa.select(_DELIVERY.c.id).where(
                _DELIVERY.c.hook_id == hook.id, _DELIVERY.c.record_id == record_id, _DELIVERY.c.event == HookEvent.REPORTED,
                _DELIVERY.c.owed_at > now() - AGAIN,
            )  # fmt: skip
            if db.execute(known.limit(1)).first() is None:
                _owe(db, hook.id, HookEvent.REPORTED, record_id)


def owe_due(db: Session) -> int:
    """Owe partners word of listings that are due for checking, once for each check; return how many. For the periodic job."""
    told = sa.exists().where(
        _DELIVERY.c.hook_id == _HOOK.c.id, _DELIVERY.c.record_id == _RECORD.c.id, _DELIVERY.c.event == HookEvent.DUE,
        sa.or_(SERVICE.c.verified_on.is_(None), sa.func.date(_DELIVERY.c.owed_at) > SERVICE.c.verified_on),
    )  # fmt: skip
    query = (
        sa.select(_HOOK.c.id.label("hook_id"), _RECORD.c.id.label("record_id"))
        .join(_PARTNER, sa.and_(_PARTNER.c.id == _HOOK.c.partner_id, _PARTNER.c.ended_on.is_(None)))
        .join(_RECORD, _RECORD.c.partner_id == _HOOK.c.partner_id).join(SERVICE, SERVICE.c.id == _RECORD.c.object_id)
        .where(
            _HOOK.c.ended_on.is_(None), _RECORD.c.state == RecordState.TAKEN, SERVICE.c.defunct_on.is_(None),
            SERVICE.c.verify_due <= now().date() + days(SOON_DAYS), sa.not_(told),
        )
        .order_by(_RECORD.c.id).limit(AT_ONCE)
    )  # fmt: skip
    rows = db.execute(query).all()
    for row in rows:
        _owe(db, row.hook_id, HookEvent.DUE, row.record_id)
    return len(rows)


def _owe(db: Session, hook_id: UUID, event: HookEvent, record_id: UUID | None) -> None:
    db.add(PartnerDelivery(hook_id=hook_id, event=event, record_id=record_id, next_try_at=now(), owed_at=now()))
    db.flush()


def claim(db: Session, worker: str) -> tuple[PartnerDelivery, PartnerHook, bytes] | None:
    """Take one message that is due, with its address and what it says; two workers never hold the same, or the same address."""
    moment = now()
    other = _DELIVERY.alias()
    held = sa.exists().where(other.c.hook_id == _DELIVERY.c.hook_id, other.c.lease_until >= moment)
    due = sa.and_(
        _DELIVERY.c.state == DeliveryState.OWED, _DELIVERY.c.next_try_at <= moment, _DELIVERY.c.hook_id.not_in(_ENDED),
        sa.not_(held),
        sa.or_(_DELIVERY.c.lease_until.is_(None), _DELIVERY.c.lease_until < moment),
    )  # fmt: skip
    first = db.execute(sa.select(_DELIVERY.c.id).where(due).order_by(_DELIVERY.c.next_try_at, _DELIVERY.c.id).limit(1)).scalar()
    if first is None:
        return None
    mine = sa.update(_DELIVERY).where(_DELIVERY.c.id == first, due)
    taken: Any = db.execute(mine.values(lease_until=moment + LEASE, lease_by=worker, tries=_DELIVERY.c.tries + 1))
    if not taken.rowcount:
        return None  # another worker was quicker
    delivery = db.get_one(PartnerDelivery, first, populate_existing=True)
    hook = db.get_one(PartnerHook, delivery.hook_id)
    return delivery, hook, json.dumps(_message(db, delivery, hook), ensure_ascii=False).encode()


def _message(db: Session, delivery: PartnerDelivery, hook: PartnerHook) -> Record:
    found: Record = {"id": str(delivery.id), "event": delivery.event.value, "on": delivery.owed_at.date().isoformat()}
    if delivery.record_id is not None:
        row = queries.shown(db.connection(), [delivery.record_id], hook.partner_id)[delivery.record_id]
        said = reported.reported(db.connection(), [row.object_id], current().disclosure_threshold).get(row.object_id, [])
        found["service"] = telling.standing(row, now().date(), said)
    return found


def signature(secret: str, moment: int, body: bytes) -> str:
    """Return what stands in Hearth-Signature: the second, and HMAC-SHA256 of "second.body" under the secret."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def note(db: Session, delivery_id: UUID, worker: str, outcome: str, arrived: bool) -> None:
    """Write down how it went: later and later tries (2 minutes, 4, 8 … at most a day), given up after eight.

    What else is owed to an address that does not answer waits as long, so that it never stands in the way of others, and is
    given up with it.
    """
    row = db.get(PartnerDelivery, delivery_id, with_for_update=True)
    if row is None or row.state != DeliveryState.OWED or (row.lease_by != worker and not arrived):
        return
    row.lease_until, row.outcome = None, outcome[:40]
    if arrived or row.tries >= LAST_TRY:
        row.state, row.done_at = DeliveryState.SENT if arrived else DeliveryState.FAILED, now()
    else:
        row.next_try_at = now() + min(timedelta(minutes=2**row.tries), timedelta(days=1))
    db.add(row)
    db.flush()
    others = sa.update(_DELIVERY).where(_DELIVERY.c.hook_id == row.hook_id, _DELIVERY.c.state == DeliveryState.OWED)
    if row.state == DeliveryState.FAILED:
        db.execute(others.values(state=DeliveryState.FAILED, done_at=now(), outcome=row.outcome))
    elif not arrived:
        db.execute(others.where(_DELIVERY.c.next_try_at < row.next_try_at).values(next_try_at=row.next_try_at))


def drop_ended(db: Session) -> None:
    """Give up what is owed to addresses that are told nothing more, or whose partnership has ended."""
    over = sa.update(_DELIVERY).where(_DELIVERY.c.hook_id.in_(_ENDED), _DELIVERY.c.state == DeliveryState.OWED)
    db.execute(over.values(state=DeliveryState.FAILED, done_at=now(), outcome="ended"))
