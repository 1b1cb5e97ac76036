"""Who may do what with accounts, keys, roles and invitations: facts in, verdict out."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import POWER, Actor
from app.models.accounts import Limit, MemberStatus, Role

GIVEN_BY_COORDINATORS: Final = frozenset({Role.ORGANISER, Role.MENTOR})
BY_A_PANEL: Final = frozenset({Role.MENTOR})  # given where its words and its training are looked at, and nowhere else
LONGEST_ROLE: Final = timedelta(days=366)
LONGEST_INVITATION: Final = timedelta(days=366)
MOST_USES: Final = 500
VOUCHES_NEEDED: Final = 2


def may_join(registration: str, adult: bool, has_code: bool) -> Verdict:
    """Answer whether somebody may make an account in this network's way of letting people in."""
    if not adult:
        return no(_("This network is for people who are 18 or older."))
    if registration == "closed":
        return no(_("This network takes no new members at the moment."))
    if registration == "invite" and not has_code:
        return no(_("This network is by invitation. Write the code that you got."))
    return YES


def may_change_account(actor: Actor) -> Verdict:
    """Answer whether the actor may change their own name, key or phone setting."""
    if not actor.signed_in:
        return no(_("Come in with your key first."))
    if actor.status == MemberStatus.SUSPENDED:
        return no(_("Your account is stopped for now. The reason stands under My answers."))
    return YES


def may_change_name(actor: Actor) -> Verdict:
    """Answer whether the actor may take another name: it stands on all they wrote, so not while they may not write unread."""
    if not (verdict := may_change_account(actor)):
        return verdict
    kept = any(one.what != Limit.NO_TOPICS for one in actor.limits)
    return unless(
        kept, _("Your name stays as it is while a decision about your account lasts. The reason stands under My answers.")
    )


def may_remove_second_step(actor: Actor, left: int, needed: bool) -> Verdict:
    """Answer whether the actor may remove a second step when ``left`` others stay; ``needed``: roles with power must have one."""
    if needed and not left and not actor.roles.isdisjoint(POWER):
        return no(_("Your role needs a second step. Set up another one first, then remove this one."))
    return YES


def may_pause(actor: Actor) -> Verdict:
    """Answer whether the actor may pause: only from good standing, so that a pause cannot undo a decision."""
    return YES if actor.active else no(_("Only an account in use can be paused."))


def may_start_again(actor: Actor) -> Verdict:
    """Answer whether the actor may end their own pause."""
    paused = actor.signed_in and actor.status == MemberStatus.PAUSED
    return YES if paused else no(_("Your account is not paused."))


def may_delete(actor: Actor) -> Verdict:
    """Answer whether the actor may ask for deletion: everybody may, whatever their standing."""
    if not actor.signed_in:
        return no(_("Come in with your key first."))
    return no(_("You asked for this already.")) if actor.status == MemberStatus.LEAVING else YES


def may_stay(actor: Actor) -> Verdict:
    """Answer whether there is a deletion that the actor can stop."""
    return YES if actor.status == MemberStatus.LEAVING else no(_("There is nothing to stop."))


def may_vouch(actor: Actor, subject_id: UUID | None) -> Verdict:
    """Answer whether the actor may say "I know this person and they asked me" about the account ``subject_id``."""
    if not actor.has(Role.ORGANISER, Role.COORDINATOR) or not actor.second_factor:
        return no(_("Only organisers and coordinators can do this."))
    if subject_id is not None and subject_id == actor.member_id:
        return no(_("Nobody can say yes for themselves. Ask two other organisers."))
    return YES


def may_see_people(actor: Actor) -> Verdict:
    """Answer whether the actor works with invitations, applications and roles."""
    if actor.has(Role.COORDINATOR, Role.OPERATOR) and actor.second_factor:
        return YES
    return no(_("Only coordinators and operators can do this."))


def may_invite(actor: Actor, uses: int, today: date, until: date) -> Verdict:
    """Answer whether the actor may make an invitation for so many people until that day."""
    if not (verdict := may_see_people(actor)):
        return verdict
    if not 1 <= uses <= MOST_USES:
        return no(_("An invitation can work between 1 and %(n)s times.", n=MOST_USES))
    if not today < until <= today + LONGEST_INVITATION:
        return no(_("Choose a last day within the next 12 months."))
    return YES


def may_decide_application(actor: Actor, applicant: UUID, status: MemberStatus) -> Verdict:
    """Answer whether the actor may let this applicant in or not."""
    if not actor.has(Role.COORDINATOR) or not actor.second_factor:
        return no(_("Only coordinators can do this."))
    if applicant == actor.member_id:
        return no(_("Nobody decides about themselves."))
    return YES if status == MemberStatus.APPLIED else no(_("Somebody has decided about this already."))


def was_refused(status: MemberStatus, delete_after: datetime | None) -> bool:
    """Say whether this is the account of somebody who was not let in: stopped, and deleted on a day."""
    return status == MemberStatus.SUSPENDED and delete_after is not None


def may_let_in_after_all(actor: Actor, applicant: UUID) -> Verdict:
    """Answer whether the actor may let in whom another person did not: safeguarding too, where there is one coordinator."""
    if not actor.may_work or not actor.second_factor:
        return no(_("Only coordinators can do this."))
    return no(_("Nobody decides about themselves.")) if applicant == actor.member_id else YES


def may_handle_role(actor: Actor, role: Role, member_id: UUID) -> Verdict:
    """Answer whether the actor may give this role to the member: operators any, coordinators those without power over others.

    Nobody gives themselves a role.
    """
    if member_id == actor.member_id:
        return no(_("Nobody gives themselves a role. Ask somebody else."))
    if not actor.second_factor:
        return no(_("Your role needs a second step first."))
    if actor.has(Role.OPERATOR) or (actor.has(Role.COORDINATOR) and role in GIVEN_BY_COORDINATORS):
        return YES
    return no(_("This role is given by an operator."))


def given_on_its_own(role: Role) -> Verdict:
    """Answer whether a role can be given without more: one that a panel gives is not."""
    return unless(role in BY_A_PANEL, _("A panel says who is a mentor. Look under Work, Mentors."))


def may_end_role(actor: Actor, role: Role, member_id: UUID) -> Verdict:
    """Answer whether the actor may end this role: those who may give it, and everybody their own."""
    return YES if actor.signed_in and member_id == actor.member_id else may_handle_role(actor, role, member_id)


def role_fits(status: MemberStatus, today: date, until: date) -> Verdict:
    """Answer whether somebody of this standing can hold a role until that day."""
    if status != MemberStatus.ACTIVE:
        return no(_("This account is not in use at the moment."))
    if not today < until <= today + LONGEST_ROLE:
        return no(_("Every role has an end: choose a day within the next 12 months."))
    return YES
