"""Owe a message, claim it for sending, say how it went."""

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.clock import now
from app.core.crypto import SealBroken
from app.core.i18n import _
from app.models.engine import Delivery, DeliveryState

LEASE = timedelta(minutes=5)
LAST_TRY = 8
_TABLE: sa.Table = Delivery.__table__  # type: ignore[attr-defined]


def owe_mail(db: Session, to: str, body: str) -> Delivery:
    """Add a mail to send; its subject is always the same neutral two words (the content stays in Hearth)."""
    row = Delivery(channel="mail", to=to, subject=_("Something new"), body=body, next_try_at=now(), owed_at=now())
    db.add(row)
    db.flush()
    return row


def claim(db: Session, worker: str) -> Delivery | None:
    """Take one message that is due; a conditional UPDATE and a lease, so that two workers never hold the same."""
    moment = now()
    due = sa.and_(
        _TABLE.c.state == DeliveryState.OWED, _TABLE.c.next_try_at <= moment,
        sa.or_(_TABLE.c.lease_until.is_(None), _TABLE.c.lease_until < moment),
    )  # fmt: skip
    following = sa.select(_TABLE.c.id).where(due).order_by(_TABLE.c.next_try_at, _TABLE.c.id).limit(1)
    while (first := db.execute(following).scalar()) is not None:
        mine = sa.update(_TABLE).where(_TABLE.c.id == first, due)
        taken: Any = db.execute(mine.values(lease_until=moment + LEASE, lease_by=worker, tries=_TABLE.c.tries + 1))
        if not taken.rowcount:
            return None  # another worker was quicker
        try:
            return db.exec(select(Delivery).where(_TABLE.c.id == first)).one()
        except SealBroken:  # its key is gone: it must not stand in the way of the others
            db.execute(sa.update(_TABLE).where(_TABLE.c.id == first).values(state=DeliveryState.FAILED, done_at=moment))
    return None


def sent(db: Session, delivery: Delivery) -> None:
    """Note that it went out; the words and the address are not kept."""
    delivery.state, delivery.done_at, delivery.lease_until = DeliveryState.SENT, now(), None
    delivery.to = delivery.body = ""
    db.add(delivery)


def failed(db: Session, delivery: Delivery, for_good: bool = False) -> None:
    """Note a failure: try again later and later (1 min, 2, 4 … at most a day), give up after eight tries."""
    delivery.lease_until = None
    if for_good or delivery.tries >= LAST_TRY:
        delivery.state, delivery.done_at = DeliveryState.FAILED, now()
        delivery.to = delivery.body = ""
    else:
        delivery.next_try_at = now() + min(timedelta(minutes=2**delivery.tries), timedelta(days=1))
    db.add(delivery)


def message_id(delivery: Delivery, host: str) -> str:
    """Return the same Message-ID for every try, so that a mail sent twice is recognised as one."""
    return f"<{uuid.uuid5(delivery.id, 'mail').hex}@{host}>"


def waiting_long(db: Session, than: timedelta = timedelta(hours=1)) -> int:
    """Return how many messages were due before so long and are still owed: then the worker or the mail server stands still."""
    late = sa.and_(_TABLE.c.state == DeliveryState.OWED, _TABLE.c.next_try_at < now() - than)
    return int(db.execute(sa.select(sa.func.count()).select_from(_TABLE).where(late)).scalar_one())
