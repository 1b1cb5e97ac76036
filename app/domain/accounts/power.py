"""Invitations, applications and roles: what coordinators and operators decide about accounts."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import Verdict, require
from app.domain.accounts import entering, hooks, keys, queries, rules
from app.domain.accounts.joining import invitation_hash
from app.domain.accounts.telling import tell
from app.domain.actor import POWER, Actor
from app.domain.audit import actions as audit
from app.models.accounts import Invitation, Member, MemberStatus, Role, RoleGrant

REFUSED_STAYS = timedelta(days=30)  # so that somebody who was not let in can read why


def _check(field: str, verdict: Verdict) -> None:
    """Put a verdict about what was typed to its field."""
    if verdict.reason is not None:
        raise Invalid(field, verdict.reason)


def invite(db: Session, actor: Actor, label: str, uses: int, until: date) -> str:
    """Make an invitation that works ``uses`` times through the day ``until``; return its code, this once."""
    require(rules.may_see_people(actor))
    _check("until", rules.may_invite(actor, uses, now().date(), until))
    code = keys.new_recovery_codes(1)[0]
    row = Invitation(
        code_hash=invitation_hash(code), label=label, uses=uses, uses_left=uses, created_by=actor.me,
        until=datetime.combine(until + timedelta(days=1), time(), UTC),
    )  # fmt: skip
    db.add(row)
    db.flush()
    audit.record(db, actor, "invitation.made", "invitation", row.id, uses=uses)
    return code


def end_invitation(db: Session, actor: Actor, invitation_id: UUID) -> None:
    """Let an invitation work no more."""
    require(rules.may_see_people(actor))
    done = db.execute(
        sa.update(Invitation).where(col(Invitation.id) == invitation_id, col(Invitation.ended_at).is_(None)).values(ended_at=now())
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise NotFound
    audit.record(db, actor, "invitation.ended", "invitation", invitation_id)


def decide_application(db: Session, actor: Actor, member_id: UUID, accept: bool, reason: str = "") -> Member:
    """Let an applicant in, or not with a reason; the applicant is told, the application's text is erased."""
    member = db.get(Member, member_id, with_for_update=True)
    if member is None:
        raise NotFound
    require(rules.may_decide_application(actor, member_id, member.status))
    if not accept and not reason:
        raise Invalid("reason", _("Write the reason. The person reads it."))
    member.application = None
    if accept:
        member.status, member.joined_on = MemberStatus.ACTIVE, now().date()  # what counts days counts those among the others
        tell(db, member_id, N_("Welcome. A coordinator has let you in: you can take part now."), note=reason, link="/")
    else:
        member.status, member.delete_after = MemberStatus.SUSPENDED, now() + REFUSED_STAYS
        tell(db, member_id, N_("A coordinator has looked at your request and did not let you in. You can read what is open to all. "
                               "This account is deleted after 30 days."), note=reason)  # fmt: skip
    db.add(member)
    db.flush()
    audit.record(db, actor, "application.accepted" if accept else "application.refused", "member", member_id)
    for follow in hooks.on_standing:
        follow(db, member_id, member.status)
    return member


def wait_for_appeal(db: Session, member_id: UUID) -> None:
    """Keep the account of somebody who was not let in while somebody else looks at that again."""
    member = db.get(Member, member_id, with_for_update=True)
    if member is not None and rules.was_refused(member.status, member.delete_after):
        member.delete_after = now() + REFUSED_STAYS
        db.flush()


def let_in_after_all(db: Session, actor: Actor, member_id: UUID) -> bool:
    """Let somebody in who was not, because somebody else saw it differently; False when they are gone or in by now."""
    require(rules.may_let_in_after_all(actor, member_id))
    member = db.get(Member, member_id, with_for_update=True)
    if member is None or not rules.was_refused(member.status, member.delete_after):
        return False
    member.status, member.delete_after = MemberStatus.ACTIVE, None
    db.flush()
    audit.record(db, actor, "application.accepted", "member", member_id)
    return True


def grant_role(db: Session, actor: Actor, name: str, role: Role, until: date) -> RoleGrant:
    """Give a role to the member of this name until that day (not including it); they have to come in again."""
    require(rules.may_see_people(actor))
    member = queries.member_by_name(db, name)
    if member is None or member.status == MemberStatus.GONE:
        raise Invalid("name", _("Nobody here has this name. Look at how they write it."))
    require(rules.may_handle_role(actor, role, member.id))
    _check("role", rules.given_on_its_own(role))
    return give_role(db, actor, member, role, until)


def give_role(db: Session, actor: Actor, member: Member, role: Role, until: date) -> RoleGrant:
    """Give a role whose own conditions, such as those of a panel, were looked at before."""
    require(rules.may_handle_role(actor, role, member.id))
    _check("until", rules.role_fits(member.status, now().date(), until))
    if role in queries.roles_today(db, member.id):
        raise Invalid("role", _("They hold this role already. End it first to give it anew."))
    grant = RoleGrant(member_id=member.id, role=role, granted_by=actor.me, from_on=now().date(), until_on=until)
    db.add(grant)
    db.flush()
    if role in POWER:  # more power never comes into a session that began without it
        entering.end_sessions(db, member.id)
    for follow in hooks.on_named:
        follow(db, member.id, member.name)
    audit.record(db, actor, "role.granted", "member", member.id, role=role.value)
    tell(db, member.id, N_("You have a new role in the network, until %(day)s."), day=until.isoformat(), link="/me")
    return grant


def end_role(db: Session, actor: Actor, grant_id: UUID) -> None:
    """End a role today."""
    grant = db.get(RoleGrant, grant_id, with_for_update=True)
    if grant is None or grant.ended_on is not None:
        raise NotFound
    require(rules.may_end_role(actor, grant.role, grant.member_id))
    grant.ended_on = now().date()
    db.add(grant)
    db.flush()
    audit.record(db, actor, "role.ended", "member", grant.member_id, role=grant.role.value)
    if grant.member_id != actor.member_id:
        tell(db, grant.member_id, N_("One of your roles in the network has ended."), link="/me")
    for follow in hooks.on_role_ended:
        follow(db, grant.member_id, grant.role)
