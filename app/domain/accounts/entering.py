"""Coming in and going: keys and codes are checked, sessions begin and end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import token_hash
from app.core.i18n import N_
from app.core.ids import new_token
from app.domain.accounts import keys, queries
from app.domain.accounts.sessions import OWN_LENGTH, WORK_LENGTH, idle_time
from app.domain.accounts.telling import tell
from app.domain.actor import POWER, Actor
from app.domain.audit import actions as audit
from app.models.accounts import Member, MemberKey, MemberStatus, PhoneMode, RecoveryCode, SignIn

DEVICES = ("phone", "tablet", "computer")
CODES = 8


class Opened(NamedTuple):
    """A session that has begun: its token, which exists nowhere else, and how long the phone may keep it."""

    token: str
    mode: PhoneMode


@dataclass(frozen=True, slots=True)
class Found:
    """What a locator leads to; a dummy hash where it leads nowhere, so that both cases take the same time."""

    member_id: UUID | None
    key_id: UUID | None
    secret_hash: str


def locator_of(key: keys.Key) -> str:
    """Return the stored form of a key's locator."""
    return keys.locator_hash(key.locator, core_settings.current().secret)


def find_key(db: Session, key: keys.Key) -> Found:
    """Look up a key by its locator; one statement, the same for known and unknown ones."""
    row = db.exec(
        select(MemberKey).join(Member, col(Member.id) == MemberKey.member_id)
        .where(MemberKey.locator_hash == locator_of(key), Member.status != MemberStatus.GONE)
    ).first()  # fmt: skip
    return Found(row.member_id, row.id, row.secret_hash) if row else Found(None, None, keys.DUMMY)


def check_key(found: Found, key: keys.Key) -> UUID | None:
    """Return whose key it is, or None; always one Argon2 computation (slow: hold no connection meanwhile)."""
    fits = keys.verify_secret(found.secret_hash, key.secret)
    return found.member_id if fits else None


def renew_hash(db: Session, found: Found, key: keys.Key) -> None:
    """Hash the secret with today's parameters if it was hashed with older ones."""
    if found.key_id and keys.needs_rehash(found.secret_hash):
        fresh = keys.hash_secret(key.secret)
        db.execute(sa.update(MemberKey).where(col(MemberKey.id) == found.key_id).values(secret_hash=fresh))


def use_code(db: Session, code: str) -> UUID | None:
    """Spend a one-time code and return whose it was; None when there is no such code or it was used."""
    hashed = keys.hash_code(code, core_settings.current().secret)
    spent = db.execute(
        sa.update(RecoveryCode).where(col(RecoveryCode.code_hash) == hashed, col(RecoveryCode.used_at).is_(None))
        .values(used_at=now())
    )  # fmt: skip
    if not spent.rowcount:  # type: ignore[attr-defined]
        return None
    owner = db.exec(select(RecoveryCode.member_id).where(RecoveryCode.code_hash == hashed)).one()
    tell(db, owner, N_("One of your one-time codes was used to come in. If that was not you, make a new key now."), link="/me")
    return owner


def has_second_step(db: Session, member: Member) -> bool:
    """Say whether a second step is set up."""
    return member.totp_secret is not None or bool(queries.passkeys(db, member.id))


def open_session(
    db: Session, member: Member, mode: PhoneMode, device: str, *, second_factor: bool = False, replaces: UUID | None = None
) -> Opened:
    """Begin a session with a new token; the session ``replaces`` ends.

    Whoever has a role with power gets the short session of a shared phone (30 minutes idle, 12 hours), outside demo.
    """
    moment = now()
    if not core_settings.current().is_demo and queries.roles_today(db, member.id) & POWER:
        mode = PhoneMode.SHARED
    length = OWN_LENGTH if mode == PhoneMode.ONLY_ME else WORK_LENGTH
    over = sa.or_(col(SignIn.id) == replaces, col(SignIn.idle_until) <= moment, col(SignIn.ends_at) <= moment)
    db.exec(delete(SignIn).where(col(SignIn.member_id) == member.id, over))
    token = new_token()
    db.add(SignIn(
        token_hash=token_hash(token), member_id=member.id, device=device if device in DEVICES else "", mode=mode,
        since=moment, seen_at=moment, idle_until=moment + idle_time(mode), ends_at=moment + length, proven_at=moment,
        second_factor_at=moment if second_factor else None,
    ))  # fmt: skip
    member.seen_on = moment.date()
    db.add(member)
    db.flush()
    return Opened(token, mode)


def renew_session(db: Session, actor: Actor, *, mode: PhoneMode | None = None, second_factor: bool = False) -> Opened:
    """Give the actor's session a new token after a change of key, second step or phone."""
    old = db.get_one(SignIn, actor.sign_in_id)
    factor = second_factor or old.second_factor_at is not None
    member = db.get_one(Member, actor.me)
    opened = open_session(db, member, mode or old.mode, old.device, second_factor=factor, replaces=old.id)
    fresh = db.exec(select(SignIn).where(SignIn.token_hash == token_hash(opened.token))).one()
    fresh.proven_at = old.proven_at  # a new token is no new proof
    if not actor.lately_proven:  # nor does it live longer than the key was shown for
        fresh.ends_at = min(fresh.ends_at, old.ends_at)
    db.add(fresh)
    db.flush()
    return opened


def end_session(db: Session, token: str) -> None:
    """End the session of this token."""
    db.exec(delete(SignIn).where(col(SignIn.token_hash) == token_hash(token)))


def end_sessions(db: Session, member_id: UUID, *, but: UUID | None = None) -> int:
    """End all sessions of a member, except one; return how many ended."""
    statement = delete(SignIn).where(col(SignIn.member_id) == member_id)
    if but is not None:
        statement = statement.where(col(SignIn.id) != but)
    return int(db.exec(statement).rowcount)


def end_own_session(db: Session, actor: Actor, sign_in_id: UUID) -> bool:
    """End one of the actor's own sessions; False when it is not theirs or over."""
    done = db.exec(delete(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.member_id) == actor.me))
    return bool(done.rowcount)


def replace_key(db: Session, member_id: UUID, key: keys.Key, secret_hash: str, actor: Actor | None = None) -> None:
    """Give the member a new key; the old one opens nothing any more."""
    db.exec(delete(MemberKey).where(col(MemberKey.member_id) == member_id))
    db.flush()
    db.add(MemberKey(member_id=member_id, locator_hash=locator_of(key), secret_hash=secret_hash, made_on=now().date()))
    db.flush()
    audit.record(db, actor, "key.renewed", "member", member_id)


def is_free(db: Session, key: keys.Key) -> bool:
    """Say whether nobody has a key with this locator."""
    return db.exec(select(MemberKey.id).where(MemberKey.locator_hash == locator_of(key))).first() is None


def new_codes(db: Session, actor: Actor) -> list[str]:
    """Make eight new one-time codes and return them, this once; the old ones stop working."""
    codes = keys.new_recovery_codes(CODES)
    secret = core_settings.current().secret
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.member_id) == actor.me))
    db.flush()
    db.add_all([RecoveryCode(member_id=actor.me, code_hash=keys.hash_code(code, secret)) for code in codes])
    db.flush()
    audit.record(db, actor, "codes.made", "member", actor.me)
    return codes


def forget_codes(db: Session, member_id: UUID) -> None:
    """Remove all one-time codes of a member."""
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.member_id) == member_id))


def clear_sessions(db: Session, older: timedelta = timedelta(0)) -> int:
    """Remove sessions that are over (for the retention job); return how many."""
    limit = now() - older
    done = db.exec(delete(SignIn).where(sa.or_(col(SignIn.idle_until) <= limit, col(SignIn.ends_at) <= limit)))
    return int(done.rowcount)
