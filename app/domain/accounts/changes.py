"""What members change about their own account: name, language, pause, deletion; and the purge that follows it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, delete, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain import limits, versions
from app.domain.accounts import entering, exports, hooks, rules
from app.domain.accounts.joining import check_name, take_name
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.models.accounts import (
    Answer,
    Erasure,
    Member,
    MemberKey,
    MemberStatus,
    Passkey,
    RecoveryCode,
    RoleGrant,
    SignIn,
    Vouch,
    WayBack,
)
from app.models.engine import Draft

SEVEN_DAYS: Final = timedelta(days=7)
# The column that says whose a row is, for every table whose rows go with their member.
_OWNERS: Final[tuple[tuple[type[SQLModel], Any], ...]] = (
    (WayBack, WayBack.member_id), (MemberKey, MemberKey.member_id), (RecoveryCode, RecoveryCode.member_id),
    (SignIn, SignIn.member_id), (Passkey, Passkey.member_id), (RoleGrant, RoleGrant.member_id),
    (Answer, Answer.member_id), (Draft, Draft.member_id),
)  # fmt: skip


def look_at_name(db: Session, actor: Actor, name: str) -> tuple[str, ...]:
    """Return what there is to say about another name, before it is taken; Refused where no other can be taken now."""
    require(rules.may_change_name(actor))
    return tuple(check_name(db, name, db.get_one(Member, actor.me).name_key).warnings)


def change_name(db: Session, actor: Actor, name: str) -> Member:
    """Take another name, under the same checks as at the start; Invalid("name", …)."""
    require(rules.may_change_name(actor))
    member = db.get_one(Member, actor.me)
    before = member.name
    stored, skeleton = take_name(db, name, own=member.name_key)
    try:
        with db.begin_nested():
            member.name, member.name_key = stored, skeleton
            db.add(member)
            db.flush()
    except sa.exc.IntegrityError as problem:
        sentence = _("Choose another name: someone here already has a name that looks like this.")
        raise Invalid("name", sentence) from problem
    if member.status == MemberStatus.ACTIVE:  # what search and kept pages show carries the name
        for follow in hooks.on_standing:
            follow(db, member.id, member.status)
    for named in hooks.on_named:
        named(db, member.id, before)
        named(db, member.id, stored)
    versions.bump(db, versions.STORIES)
    audit.record(db, actor, "member.renamed", "member", actor.me)
    return member


def change_language(db: Session, actor: Actor, language: str) -> None:
    """Keep the language that the member chose."""
    db.execute(sa.update(Member).where(col(Member.id) == actor.me).values(language=language))


def _set_standing(db: Session, member: Member, status: MemberStatus) -> None:
    member.status = status
    db.add(member)
    db.flush()
    for follow in hooks.on_standing:
        follow(db, member.id, status)
    versions.bump(db, versions.STORIES)


def pause(db: Session, actor: Actor) -> None:
    """Pause: nothing of the member's is shown until they start again."""
    require(rules.may_pause(actor))
    _set_standing(db, db.get_one(Member, actor.me), MemberStatus.PAUSED)
    audit.record(db, actor, "member.paused", "member", actor.me)


def start_again(db: Session, actor: Actor) -> None:
    """End the pause."""
    require(rules.may_start_again(actor))
    _set_standing(db, db.get_one(Member, actor.me), MemberStatus.ACTIVE)
    audit.record(db, actor, "member.started_again", "member", actor.me)


def ask_deletion(db: Session, actor: Actor) -> Member:
    """Ask to be deleted in seven days; everything is hidden now, all other sessions end."""
    require(rules.may_delete(actor))
    member = db.get_one(Member, actor.me)
    member.status_before, member.delete_after = member.status, _sooner(member, now() + SEVEN_DAYS)
    _set_standing(db, member, MemberStatus.LEAVING)
    entering.end_sessions(db, member.id, but=actor.sign_in_id)
    audit.record(db, actor, "member.leaving", "member", actor.me)
    return member


def _sooner(member: Member, moment: datetime) -> datetime:
    return min(member.delete_after, moment) if member.delete_after else moment


def stay(db: Session, actor: Actor) -> None:
    """Stop the deletion: back to the standing before it, never to a better one."""
    require(rules.may_stay(actor))
    member = db.get_one(Member, actor.me)
    before = member.status_before or MemberStatus.ACTIVE
    member.status_before = None
    if before != MemberStatus.SUSPENDED:
        member.delete_after = member.stopped_until if member.closed else None  # a decision may have closed it meanwhile
    _set_standing(db, member, before)
    audit.record(db, actor, "member.stayed", "member", actor.me)


def mark_read(db: Session, actor: Actor) -> None:
    """Remember that the member has read their answers."""
    db.execute(sa.update(Answer).where(col(Answer.member_id) == actor.me, col(Answer.read_at).is_(None)).values(read_at=now()))


def due_for_purge(db: Session, kept: Collection[UUID] = ()) -> list[UUID]:
    """Return whose time is over (for the retention job); of closed accounts not those of ``kept``."""
    asked = col(Member.status).in_([MemberStatus.LEAVING, MemberStatus.SUSPENDED])
    closed = sa.and_(col(Member.closed), col(Member.id).not_in(kept))
    return list(db.exec(select(Member.id).where(col(Member.delete_after) <= now(), sa.or_(asked, closed))).all())


def purge_member(db: Session, member_id: UUID) -> None:
    """Erase a member for good: every row and file of theirs; the bare id stays in the audit and in the erasure ledger.

    Safe to repeat: after a restore it is applied again.
    """
    for clean in hooks.on_purge:
        clean(db, member_id)
    exports.remove_all(db, member_id)
    mine = select(WayBack.id).where(WayBack.member_id == member_id)
    db.exec(delete(Vouch).where(sa.or_(col(Vouch.organiser_id) == member_id, col(Vouch.way_back_id).in_(mine))))
    for table, owner in _OWNERS:
        db.exec(delete(table).where(owner == member_id))
    _blank(db, member_id)
    if db.exec(select(Erasure.id).where(Erasure.subject_id == member_id)).first() is None:
        db.add(Erasure(kind="member", subject_id=member_id, on=now().date()))
    db.flush()
    versions.bump(db, versions.STORIES)
    audit.record(db, None, "member.erased", "member", member_id)


def _blank(db: Session, member_id: UUID) -> None:
    """Leave of the row what others' rows stand on: its id."""
    db.execute(
        sa.update(Member).where(col(Member.id) == member_id).values(
            name="", name_key=f"gone {member_id}", language="en", area_id=None, status=MemberStatus.GONE, status_before=None,
            application=None, delete_after=None, closed=False,
            **dict.fromkeys(one.name for one in limits.COLUMNS.values()), totp_secret=None, totp_step=0, cohort_id=None,
        )
    )  # fmt: skip
