"""The way back without a key: a receipt, two organisers who vouch, 48 hours in which the account can say stop."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Conflict, Invalid, Refused
from app.core.i18n import N_, _
from app.core.text import digits
from app.core.verdict import require
from app.domain.accounts import entering, keys, queries, rules
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.models.accounts import Member, MemberStatus, Vouch, WayBack

WAIT: Final = timedelta(hours=48)
VALID: Final = timedelta(days=30)
LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class State:
    """Where a request stands, for whoever holds its receipt."""

    yeses: int
    ready_at: datetime | None
    open: bool  # a new key can be had now


def grouped(number: str) -> str:
    """Return a receipt as people write it down: groups of four."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def read_receipt(typed: str) -> str | None:
    """Return the sixteen digits somebody meant, in any script and grouping, or None."""
    found = "".join(c for c in digits(typed[:200]) if c.isdigit() and c.isascii())
    return found if len(found) == LENGTH else None


def _hash(receipt: str) -> str:
    return keyed_hash(core_settings.current().secret, "way-back", receipt)


def ask(db: Session, name: str) -> str:
    """Keep a request and return its receipt; a name that nobody has gets one as well, so that answers tell no names."""
    member = queries.member_by_name(db, name)
    known = member is not None and member.status != MemberStatus.GONE
    receipt = "".join(secrets.choice("0123456789") for _n in range(LENGTH))
    db.add(WayBack(receipt_hash=_hash(receipt), member_id=member.id if member and known else None, asked_at=now()))
    db.flush()
    return receipt


def _live(db: Session, receipt: str) -> WayBack | None:
    return db.exec(
        select(WayBack).where(
            WayBack.receipt_hash == _hash(receipt), WayBack.asked_at > now() - VALID, col(WayBack.used_at).is_(None)
        ).with_for_update()
    ).first()  # fmt: skip


def vouch(db: Session, actor: Actor, typed_receipt: str, name: str) -> int:
    """Say "I know this person and they asked me"; return how many have said so. The second yes starts the 48 hours."""
    require(rules.may_vouch(actor, None))
    receipt = read_receipt(typed_receipt)
    found = _live(db, receipt) if receipt else None
    member = queries.member_by_name(db, name)
    if found is None or found.stopped_at or member is None or found.member_id != member.id:
        raise Invalid("receipt", _("This number and this name do not belong together. Look at both again."))
    require(rules.may_vouch(actor, found.member_id))
    return _count_yes(db, actor, found, member)


def _count_yes(db: Session, actor: Actor, found: WayBack, member: Member) -> int:
    said = set(db.exec(select(Vouch.organiser_id).where(Vouch.way_back_id == found.id)).all())
    if actor.me in said:
        raise Refused(_("You have said yes to this already. Now a second organiser is needed."))
    db.add(Vouch(way_back_id=found.id, organiser_id=actor.me, at=now()))
    count = len(said) + 1
    if count >= rules.VOUCHES_NEEDED and found.ready_at is None:
        found.ready_at = now() + WAIT
        db.add(found)
    db.flush()
    audit.record(db, actor, "way_back.vouched", "member", member.id, yeses=count)
    tell(db, member.id, N_("Somebody asks to come back to your account without the key, and an organiser said yes to it. "
                           "If that is not you, stop it under Me."), link="/me")  # fmt: skip
    return count


def state(db: Session, typed_receipt: str) -> State:
    """Return where a request stands; Invalid for a number that we do not know."""
    receipt = read_receipt(typed_receipt)
    found = db.exec(select(WayBack).where(WayBack.receipt_hash == _hash(receipt))).first() if receipt else None
    if found is None or found.asked_at <= now() - VALID or found.used_at:
        raise Invalid("receipt", _("We do not know this number, or its time is over. Look at it again, or ask anew."))
    if found.stopped_at:
        raise Invalid("receipt", _("Somebody who is signed in to this account has stopped this. Talk to a coordinator."))
    ready = found.ready_at is not None and found.ready_at <= now()
    return State(queries.yeses(db, found.id), found.ready_at, ready)


def stop(db: Session, actor: Actor) -> int:
    """Stop every request to come back to the actor's account; return how many there were."""
    done = db.execute(
        sa.update(WayBack).where(
            col(WayBack.member_id) == actor.me, col(WayBack.stopped_at).is_(None), col(WayBack.used_at).is_(None)
        ).values(stopped_at=now())
    )  # fmt: skip
    audit.record(db, actor, "way_back.stopped", "member", actor.me)
    return int(done.rowcount)  # type: ignore[attr-defined]


def _yeses_that_count(db: Session, receipt: str) -> int:
    """Return how many said yes who were not stopped or erased since."""
    out = (MemberStatus.SUSPENDED, MemberStatus.GONE)
    said = (
        select(sa.func.count())
        .select_from(Vouch)
        .join(WayBack, col(WayBack.id) == Vouch.way_back_id)
        .join(Member, col(Member.id) == Vouch.organiser_id)
    )
    return db.exec(said.where(WayBack.receipt_hash == _hash(receipt), col(Member.status).not_in(out))).one()


def finish(db: Session, receipt: str, key: keys.Key, secret_hash: str) -> Member:
    """Give the new key, once, after the wait; all sessions and one-time codes end, a second step stays."""
    moment = now()
    owner: UUID | None = db.execute(
        sa.update(WayBack).where(
            col(WayBack.receipt_hash) == _hash(receipt), col(WayBack.used_at).is_(None), col(WayBack.stopped_at).is_(None),
            col(WayBack.ready_at) <= moment, col(WayBack.asked_at) > moment - VALID, col(WayBack.member_id).is_not(None),
        ).values(used_at=moment).returning(col(WayBack.member_id))
    ).scalar()  # fmt: skip
    member = db.get(Member, owner) if owner else None
    if member is None or member.status == MemberStatus.GONE or _yeses_that_count(db, receipt) < rules.VOUCHES_NEEDED:
        raise Conflict(_("This way back is not open. Look at your number again."))
    entering.replace_key(db, member.id, key, secret_hash)
    entering.end_sessions(db, member.id)
    entering.forget_codes(db, member.id)
    audit.record(db, None, "way_back.used", "member", member.id)
    tell(db, member.id, N_("You came back with a new key. The old key and the old codes do not work any more."), link="/me")
    return member
