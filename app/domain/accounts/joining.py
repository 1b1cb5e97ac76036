"""Becoming a member: by open door, by application, by invitation, or made by the operator."""

import random
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.text import one_line
from app.core.verdict import require
from app.domain.accounts import entering, hooks, keys, names, queries, rules
from app.domain.audit import actions as audit
from app.models.accounts import Invitation, Member, MemberKey, MemberStatus

LONGEST_KEY = 160


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody chose on the way in."""

    name: str
    language: str
    adult: bool = True
    code: str = ""  # an invitation, as shown
    text: str = ""  # why they would like to join, where a network asks


def check_name(db: Session, name: str, own: str | None = None) -> names.NameCheck:
    """Say what speaks against a name; ``own`` is the skeleton that the asker has already."""
    used = queries.taken(db, [name])
    if queries.holds_a_role(db, names.without_number(name)):  # "Open Door 2" beside a coordinator called "Open Door"
        used.add(names.skeleton(name))
    return names.check_name(name, used - {own}, core_settings.current().site_name)


def take_name(db: Session, name: str, own: str | None = None) -> tuple[str, str]:
    """Return the name as stored and its skeleton, or raise Invalid("name", …)."""
    found = check_name(db, name, own)
    if found.errors:
        raise Invalid("name", found.errors[0])
    if len(found.skeleton) > LONGEST_KEY:
        raise Invalid("name", _("This name is too long. Use at most %(n)s letters.", n=names.LONGEST))
    return one_line(name), found.skeleton


def suggest(db: Session, language: str, n: int = 2) -> list[str]:
    """Return free neutral names, different each time."""
    offered = names.suggest_names(language, random.SystemRandom(), 3 * n)
    used = queries.taken(db, offered)
    network = core_settings.current().site_name
    return [name for name in offered if names.check_name(name, used, network).ok][:n]


def invitation_hash(code: str) -> str:
    """Return the stored form of an invitation code."""
    return keyed_hash(core_settings.current().secret, "invitation", code)


def read_invitation(db: Session, typed: str) -> Invitation | None:
    """Return the invitation of a typed code if it still works."""
    code = keys.read_code(typed)
    if code is None:
        return None
    return db.exec(select(Invitation).where(Invitation.code_hash == invitation_hash(code), *_works())).first()


def _works() -> tuple[sa.ColumnElement[bool], ...]:
    return col(Invitation.uses_left) > 0, col(Invitation.until) > now(), col(Invitation.ended_at).is_(None)


def use_invitation(db: Session, typed: str) -> UUID:
    """Spend one use and return the invitation's id; Invalid("code", …) when it works no more. Safe in a race."""
    code = keys.read_code(typed) or ""
    spent = db.execute(
        sa.update(Invitation).where(col(Invitation.code_hash) == invitation_hash(code), *_works())
        .values(uses_left=col(Invitation.uses_left) - 1).returning(col(Invitation.id))
    ).scalar()  # fmt: skip
    if spent is None:
        raise Invalid("code", bad_code())
    return UUID(str(spent))


def bad_code() -> str:
    """Return the one sentence for unknown, used and ended codes."""
    return _("This code does not work, or not any more. Ask the person who gave it to you.")


def join(db: Session, wish: Joining, key: keys.Key, secret_hash: str) -> Member:
    """Make the account; Invalid says what has to be typed anew, Refused that this network takes nobody."""
    registration = core_settings.current().registration
    require(rules.may_join(registration, wish.adult, bool(wish.code)))
    by_code = bool(wish.code) and registration in ("invite", "apply")
    cohort = use_invitation(db, wish.code) if by_code else None
    member = create_member(db, wish.name, wish.language, key, secret_hash, cohort_id=cohort)
    if registration == "apply" and cohort is None:
        if not wish.text:
            raise Invalid("text", _("Write a few words, so that a coordinator can answer you."))
        on_application(db, member, wish.text)
    audit.record(db, None, "member.joined", "member", member.id, way=registration)
    return member


def create_member(
    db: Session, name: str, language: str, key: keys.Key, secret_hash: str = "", cohort_id: UUID | None = None
) -> Member:
    """Add a member with a key; Invalid("name", …) when the name cannot be taken, also in a race."""
    stored, skeleton = take_name(db, name)
    today = now().date()
    member = Member(name=stored, name_key=skeleton, language=language, joined_on=today, seen_on=today, cohort_id=cohort_id)
    hashed = secret_hash or keys.hash_secret(key.secret)
    try:
        with db.begin_nested():
            db.add(member)
            db.flush()
    except sa.exc.IntegrityError as problem:
        sentence = _("Choose another name: someone here already has a name that looks like this.")
        raise Invalid("name", sentence) from problem
    db.add(MemberKey(member_id=member.id, locator_hash=entering.locator_of(key), secret_hash=hashed, made_on=today))
    db.flush()
    return member


def on_application(db: Session, member: Member, text: str) -> None:
    """Keep an application (sealed) until a coordinator decides, and tell those who hang onto it."""
    member.status, member.application = MemberStatus.APPLIED, text
    db.add(member)
    db.flush()
    for follow in hooks.on_applied:
        follow(db, member)


def fresh_key(db: Session, language: str, as_digits: bool = False) -> keys.Key:
    """Return a key that nobody has, not stored yet."""
    while True:
        key = keys.new_digits() if as_digits else keys.new_words(language)
        if entering.is_free(db, key):
            return key
