"""Whom a complaint may be about reads nothing of it: compared when it comes, and when somebody gets a role or another name."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.ids import new_id
from app.core.text import words
from app.domain.mentions import mentions
from app.domain.moderation import filing, rules
from app.models.accounts import Member, RoleGrant
from app.models.moderation import Case, CaseKind, CaseState, Flag


def crowd(about_id: UUID | None, who: str) -> str:
    """Return a keyed hash of whom a complaint is about: of the member, or of the name that somebody wrote."""
    named = str(about_id) if about_id else " ".join(words(who)) or who.strip()
    return keyed_hash(core_settings.current().secret, "complaint-crowd", named)


def place(db: Session, crowd: str, whom: Collection[UUID]) -> UUID:
    """Return what the case of a complaint is about: something new, or, beyond a handful that wait, what is shared.

    Shared is only what the same people are kept from, so that nobody is kept from what others said by words of somebody else.
    """
    waiting = sa.select(sa.func.count()).where(col(Case.crowd) == crowd, col(Case.state) == CaseState.OPEN)
    if db.execute(waiting).scalar_one() < rules.OWN_CASES:
        return new_id()
    shared = ":".join([crowd, *sorted(map(str, whom))])
    return UUID(keyed_hash(core_settings.current().secret, "complaint-shared", shared)[:32])


def mentioned(db: Session, who: str, note: str) -> list[UUID]:
    """Return everybody with a role whom a complaint may be about: it is hidden from them."""
    today = now().date()
    holds = sa.exists().where(
        col(RoleGrant.member_id) == Member.id, col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    people = db.exec(select(Member.id, Member.name).where(holds)).all()
    return [member_id for member_id, name in people if mentions(name, who, note)]


def compare(db: Session, member_id: UUID, name: str) -> None:
    """Hide from a member the complaints that may be about them; ``name`` is theirs, or was until now."""
    worded = sa.or_(col(Flag.about).is_not(None), col(Flag.note).is_not(None))
    complaints = select(Case, Flag).join(Flag, col(Flag.case_id) == Case.id).where(Case.kind == CaseKind.COMPLAINT, worded)
    for case, flag in db.exec(complaints).all():
        if mentions(name, flag.about or "", flag.note or ""):
            filing.bar(db, case, member_id, hidden=True)
