"""The second step: codes from an app (TOTP, RFC 6238) and passkeys (WebAuthn)."""

from typing import TYPE_CHECKING
from uuid import UUID

import pyotp
import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import same
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.text import digits, one_line
from app.core.verdict import require
from app.domain.accounts import queries, rules
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.models.accounts import Member, Passkey

if TYPE_CHECKING:
    from app.domain.accounts.passkey_protocol import Challenge

STEP_SECONDS = 30
MOST_PASSKEYS = 10


def new_totp_secret() -> str:
    """Return a fresh secret for an authenticator app (160 bits, base 32)."""
    return pyotp.random_base32()


def totp_address(secret: str) -> str:
    """Return the otpauth address for the QR code; it names neither the network nor the person."""
    return pyotp.TOTP(secret).provisioning_uri(name="key", issuer_name="Key")


def fitting_step(secret: str, typed: str, last: int) -> int | None:
    """Return the time step whose code was typed, if it is later than ``last``; one step of clock error is forgiven."""
    code = "".join(c for c in digits(typed) if c.isdigit() and c.isascii())
    current = int(now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (current, current - 1, current + 1):
        if step > last and same(totp.at(step * STEP_SECONDS), code):
            return step
    return None


def use_totp(db: Session, member: Member, typed: str) -> bool:
    """Take a code once: a second use of it fails, also at the same moment."""
    if member.totp_secret is None or (step := fitting_step(member.totp_secret, typed, member.totp_step)) is None:
        return False
    done = db.execute(sa.update(Member).where(col(Member.id) == member.id, col(Member.totp_step) < step).values(totp_step=step))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def set_totp(db: Session, actor: Actor, secret: str, typed: str) -> None:
    """Set up the app after a first right code."""
    require(rules.may_change_account(actor))
    step = fitting_step(secret, typed, 0)
    if step is None:
        raise Invalid("code", wrong_code())
    member = db.get_one(Member, actor.me)
    member.totp_secret, member.totp_step = secret, step
    db.add(member)
    db.flush()
    audit.record(db, actor, "second_step.set", "member", actor.me, kind="totp")
    tell(db, actor.me, N_("A second step was set up for your account: codes from an app."), link="/me")


def wrong_code() -> str:
    """Return the one sentence for wrong, old and used codes."""
    return _("This code does not fit. Wait for the next one in your app and type it.")


def _is_needed() -> bool:
    """Say whether roles with power need a second step here: everywhere but in a demo."""
    return not core_settings.current().is_demo


def remove_totp(db: Session, actor: Actor) -> None:
    """Remove the app; Refused when it is the last second step of somebody whose role needs one."""
    require(rules.may_remove_second_step(actor, len(queries.passkeys(db, actor.me)), _is_needed()))
    member = db.get_one(Member, actor.me)
    member.totp_secret = None
    db.add(member)
    db.flush()
    audit.record(db, actor, "second_step.removed", "member", actor.me, kind="totp")
    tell(db, actor.me, N_("The codes from an app were removed from your account."), link="/me")


def reset(db: Session, member: Member) -> None:
    """Remove every second step of a member (by the operator at the command line, after a talk in person)."""
    member.totp_secret = None
    db.add(member)
    db.exec(delete(Passkey).where(col(Passkey.member_id) == member.id))
    db.flush()
    audit.record(db, None, "second_step.removed", "member", member.id, kind="all")
    tell(db, member.id, N_("Your second step was removed by the operator. Set up a new one."), link="/me")


def ask_for_new_passkey(db: Session, actor: Actor) -> "Challenge":
    """Return what the browser needs to make a passkey."""
    from app.domain.accounts import passkey_protocol

    return passkey_protocol.ask_for_new(actor.me, _ids(db, actor.me))


def _ids(db: Session, member_id: UUID) -> list[str]:
    return [key.credential_id for key in queries.passkeys(db, member_id)]


def add_passkey(db: Session, actor: Actor, answer: str, expected: str, label: str) -> Passkey:
    """Store a passkey; Invalid when the browser's answer does not fit the question."""
    from app.domain.accounts import passkey_protocol

    require(rules.may_change_account(actor))
    if len(queries.passkeys(db, actor.me)) >= MOST_PASSKEYS:
        raise Invalid("", _("You have enough passkeys. Remove one first."))
    try:
        key = passkey_protocol.check_new(answer, expected)
    except passkey_protocol.NotFitting as problem:
        raise Invalid("", no_passkey()) from problem
    row = Passkey(
        member_id=actor.me, credential_id=key.credential_id, public_key=key.public_key, sign_count=key.sign_count,
        label=one_line(label)[:60], added_on=now().date(),
    )  # fmt: skip
    db.add(row)
    db.flush()
    audit.record(db, actor, "second_step.set", "member", actor.me, kind="passkey")
    tell(db, actor.me, N_("A passkey was added to your account."), link="/me")
    return row


def no_passkey() -> str:
    """Return the one sentence for whatever went wrong with a passkey."""
    return _("The passkey did not work. Try again, or use a code from your app.")


def ask_for_passkey(db: Session, member_id: UUID) -> "Challenge":
    """Return what the browser needs to show one of the member's passkeys."""
    from app.domain.accounts import passkey_protocol

    return passkey_protocol.ask(_ids(db, member_id))


def use_passkey(db: Session, member_id: UUID, answer: str, expected: str) -> bool:
    """Check a shown passkey of this member and count its use."""
    from app.domain.accounts import passkey_protocol

    try:
        named = passkey_protocol.named(answer)
        row = db.exec(select(Passkey).where(Passkey.member_id == member_id, Passkey.credential_id == named)).first()
        if row is None:
            return False
        row.sign_count = passkey_protocol.check(answer, expected, row.public_key, row.sign_count)
    except passkey_protocol.NotFitting:
        return False
    row.used_on = now().date()
    db.add(row)
    db.flush()
    return True


def remove_passkey(db: Session, actor: Actor, passkey_id: UUID) -> bool:
    """Remove one of the actor's own passkeys; False when it is not theirs, Refused when their role needs it."""
    member = db.get_one(Member, actor.me)
    left = len(queries.passkeys(db, actor.me)) - 1 + (member.totp_secret is not None)
    require(rules.may_remove_second_step(actor, left, _is_needed()))
    done = db.exec(delete(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.member_id) == actor.me))
    if done.rowcount:
        audit.record(db, actor, "second_step.removed", "member", actor.me, kind="passkey")
    return bool(done.rowcount)
