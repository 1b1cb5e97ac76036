"""Whom a complaint may be about reads nothing of it: compared when it comes, and when somebody gets a role or another name."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain.moderation import filing, rules
from app.models.accounts import Member, RoleGrant
from app.models.moderation import Case, CaseKind, Flag


def keep(db: Session, case: Case, who: str, note: str) -> None:
    """Hide a complaint from everybody with a role whom it may be about; it is a case of its own, so no other is hidden by it."""
    today = now().date()
    holds = sa.exists().where(
        col(RoleGrant.member_id) == Member.id, col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    for member_id, name in db.exec(select(Member.id, Member.name).where(holds)).all():
        if rules.mentions(name, who, note):
            filing.bar(db, case, member_id, hidden=True)


def compare(db: Session, member_id: UUID, name: str) -> None:
    """Hide from a member the complaints that may be about them; ``name`` is theirs, or was until now."""
    worded = sa.or_(col(Flag.about).is_not(None), col(Flag.note).is_not(None))
    complaints = select(Case, Flag).join(Flag, col(Flag.case_id) == Case.id).where(Case.kind == CaseKind.COMPLAINT, worded)
    for case, flag in db.exec(complaints).all():
        if rules.mentions(name, flag.about or "", flag.note or ""):
            filing.bar(db, case, member_id, hidden=True)
