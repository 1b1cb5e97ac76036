"""What the operator does at the command line, where nobody is signed in: the first coordinator, roles, a lost second step."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_
from app.domain.accounts import entering, hooks, keys, queries, rules, second_step
from app.domain.accounts.joining import create_member, fresh_key
from app.domain.accounts.telling import tell
from app.domain.actor import POWER
from app.domain.audit import actions as audit
from app.models.accounts import Member, Role, RoleGrant

ROLE_DAYS = 365


def create_coordinator(db: Session, name: str, language: str, others: Sequence[Role] = ()) -> keys.Key:
    """Add a member who is coordinator (and holds ``others``) for a year and return their key, this once."""
    key = fresh_key(db, language)
    member = create_member(db, name, language, key)
    for role in dict.fromkeys((Role.COORDINATOR, *others)):
        grant_role(db, member, role)
    return key


def grant_role(db: Session, member: Member, role: Role, days: int = ROLE_DAYS) -> RoleGrant:
    """Give a role for so many days; with a role of power the member has to come in again. Invalid says what does not fit."""
    if (verdict := rules.given_on_its_own(role)).reason:
        raise Invalid("role", verdict.reason)
    today = now().date()
    grant = RoleGrant(member_id=member.id, role=role, from_on=today, until_on=today + timedelta(days=days))
    if (verdict := rules.role_fits(member.status, today, grant.until_on)).reason:
        raise Invalid("until", verdict.reason)
    if role in queries.roles_today(db, member.id):
        raise Invalid("role", "They hold this role already. End it first to give it anew.")
    db.add(grant)
    db.flush()
    if role in POWER:
        entering.end_sessions(db, member.id)
    for follow in hooks.on_named:
        follow(db, member.id, member.name)
    audit.record(db, None, "role.granted", "member", member.id, role=role.value)
    tell(db, member.id, N_("You have a new role in the network, until %(day)s."), day=grant.until_on.isoformat(), link="/me")
    return grant


def end_role(db: Session, member: Member, role: Role) -> bool:
    """End a role today; False when the member does not hold it."""
    held = db.exec(
        select(RoleGrant).where(RoleGrant.member_id == member.id, RoleGrant.role == role, col(RoleGrant.ended_on).is_(None))
    ).all()
    for grant in held:
        grant.ended_on = now().date()
        db.add(grant)
        audit.record(db, None, "role.ended", "member", member.id, role=role.value)
    db.flush()
    if held:
        tell(db, member.id, N_("One of your roles in the network has ended."), link="/me")
        for follow in hooks.on_role_ended:
            follow(db, member.id, role)
    return bool(held)


def reset_second_step(db: Session, member: Member) -> None:
    """Remove every second step of a member, after a talk in person; their sessions end."""
    second_step.reset(db, member)
    entering.end_sessions(db, member.id)
