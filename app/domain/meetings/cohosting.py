"""Holding a meeting together with a body: it is named, gets a link that tells little, and says yes or no by it."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.ids import new_ref
from app.core.verdict import Verdict, require
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import hooks as checks
from app.domain.groups import queries as groups
from app.domain.groups import talking
from app.domain.groups.rules import Seat
from app.domain.meetings import rules
from app.models.groups import Group
from app.models.meetings import Cohosting, Meeting, MeetingPlan, PlanState

SAID_YES = N_("Somebody you asked to hold a meeting with you said yes.")
SAID_NO = N_("Somebody you asked to hold a meeting with you said no.")


def _hash(ref: str) -> str:
    return keyed_hash(core_settings.current().secret, "meeting-cohost", ref)


def _may(actor: Actor, seat: Seat, meeting: Meeting) -> Verdict:
    return rules.may_change(actor, seat, now().date(), meeting.ends_at <= now(), meeting.cancelled_at is not None)


def ask(db: Session, actor: Actor, seat: Seat, meeting: Meeting, plan: MeetingPlan, body: str) -> str:
    """Name a body that holds the meeting too, and return the random part of its link, this once; the link before opens no more."""
    require(_may(actor, seat, meeting))
    rules.check_unread(actor, "body")
    if checks.look(checks.Written(body, plan.language, talking.is_newcomer(db, actor.me))):
        raise Invalid("body", _("Write the name only, without numbers and links."))
    ref = new_ref()
    plan.cohost, plan.cohosting, plan.cohost_hash, plan.cohost_by = body, Cohosting.ASKED, _hash(ref), actor.me
    db.flush()
    audit.record(db, actor, "meeting.cohost_asked", "group", plan.group_id)
    return ref


def take_back(db: Session, actor: Actor, seat: Seat, meeting: Meeting, plan: MeetingPlan) -> None:
    """Name no other body any more; the link opens nothing."""
    require(_may(actor, seat, meeting))
    forget(plan)
    db.flush()
    audit.record(db, actor, "meeting.cohost_ended", "group", plan.group_id)


def forget(plan: MeetingPlan) -> None:
    """Let a plan name no other body: also when its words change, because nobody said yes to these."""
    plan.cohost, plan.cohosting, plan.cohost_hash, plan.cohost_by = "", Cohosting.NONE, None, None


def by_link(db: Session, ref: str) -> tuple[Group, Meeting, MeetingPlan]:
    """Return what a link is about, the next meeting of it; NotFound once it was answered, ended, or all is over or hidden."""
    row = db.exec(
        select(Group, Meeting, MeetingPlan).join(Meeting, col(Meeting.group_id) == Group.id)
        .join(MeetingPlan, col(MeetingPlan.id) == Meeting.plan_id)
        .where(MeetingPlan.cohost_hash == _hash(ref), MeetingPlan.state == PlanState.SHOWN, Meeting.ends_at > now())
        .where(col(Meeting.cancelled_at).is_(None)).order_by(col(Meeting.starts_at)).limit(1)
    ).first()  # fmt: skip
    if row is None:
        raise NotFound(_("This page is not here."))
    return row[0], row[1], row[2]


def asked(db: Session, actor: Actor, ref: str) -> tuple[Group, Meeting, MeetingPlan]:
    """Return what a link is about, to whoever may answer."""
    group, meeting, plan = by_link(db, ref)
    require(rules.may_agree(actor, groups.seat(db, group.id, actor.member_id)))
    return group, meeting, plan


def answer(db: Session, actor: Actor, ref: str, yes: bool, moment: datetime) -> None:
    """Say yes or no, once; whoever asked hears it. Who had the link is not known."""
    group, meeting, plan = by_link(db, ref)
    require(rules.may_agree(actor, groups.seat(db, group.id, actor.member_id)))
    db.refresh(plan, with_for_update=True)
    if plan.cohost_hash != _hash(ref) or meeting.ends_at <= moment:
        raise NotFound(_("This page is not here."))
    plan.cohosting, plan.cohost_hash = Cohosting.CONFIRMED if yes else Cohosting.DECLINED, None
    db.flush()
    if plan.cohost_by is not None and groups.seat(db, group.id, plan.cohost_by).inside:
        accounts.tell(db, plan.cohost_by, SAID_YES if yes else SAID_NO, link=f"/g/{group.ref}/m/{meeting.ref}")
    audit.record(db, None, "meeting.cohost_answered", "group", plan.group_id)
