"""Who looks after listings: members who are named for a partner, the organisers of a group. And who decides about them."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.core.i18n import N_, _
from app.core.verdict import Verdict, unless
from app.domain.accounts import queries as accounts
from app.domain.accounts import telling
from app.domain.actor import Actor
from app.domain.directory.freshness import SOON_DAYS
from app.domain.groups import queries as groups
from app.domain.partners import of_groups, rules
from app.domain.partners.queries import membership
from app.models.accounts import Answer, Member, MemberStatus, Role
from app.models.directory import Service
from app.models.groups import Group, GroupMember, GroupRole, GroupState
from app.models.partners import Partner, PartnerMember, PartnerRecord, RecordState

DUE: Final = N_("Some of what you offer should be confirmed again: one tap each.")
AGAIN_DAYS: Final = 30


def may(db: Session, actor: Actor, partner: Partner, *, ending: bool = False) -> Verdict:
    """Answer whether the actor works on these listings; ``ending``: to take one out."""
    if partner.group_id is not None:
        return of_groups.may_offer(db, actor, partner, ending=ending)
    return rules.may_look_after(actor, membership(db, actor.member_id) == partner.id, partner.ended_on is not None)


def may_decide(db: Session, actor: Actor, record: PartnerRecord) -> Verdict:
    """Answer whether the actor lets a listing in, or not: not that of a group of their own while another coordinator can."""
    partner = db.get_one(Partner, record.partner_id)
    own = partner.group_id is not None and groups.seat(db, partner.group_id, actor.member_id).organises(now().date())
    alone = own and not any(
        one.grant.role == Role.COORDINATOR and one.grant.member_id != actor.member_id for one in accounts.holders(db)
    )
    return rules.may_decide(actor, record.state, own, alone)


def is_there(db: Session, partner: Partner) -> Verdict:
    """Answer whether what somebody offers can come in: nothing of a group that waits or is hidden."""
    state = db.get_one(Group, partner.group_id).state if partner.group_id else GroupState.SHOWN
    return unless(state != GroupState.SHOWN, _("This group waits for somebody to look at it, or is hidden. Look at that first."))


def tell(db: Session, partner: Partner, sentence: str) -> None:
    """Tell the organisers of a group what became of a listing; partners read it on their page."""
    if partner.group_id is None:
        return
    group = db.get_one(Group, partner.group_id)
    for member_id in _organisers(db, group):
        telling.tell(db, member_id, sentence, link=f"/g/{group.ref}/services")


def remind(db: Session) -> int:
    """Tell those who look after listings that some are due, once in AGAIN_DAYS; return how many were told. For the periodic job."""
    wanted = (
        select(Partner).join(PartnerRecord, col(PartnerRecord.partner_id) == Partner.id)
        .join(Service, col(Service.id) == PartnerRecord.object_id)
        .where(col(Partner.ended_on).is_(None), PartnerRecord.state == RecordState.TAKEN, col(Service.defunct_on).is_(None))
        .where(Service.verify_due <= now().date() + days(SOON_DAYS)).distinct()
    )  # fmt: skip
    return sum(_remind(db, member_id, link) for partner in db.exec(wanted).all() for member_id, link in _people(db, partner))


def _people(db: Session, partner: Partner) -> list[tuple[UUID, str]]:
    if partner.group_id is not None:
        group = db.get_one(Group, partner.group_id)
        there = group.state == GroupState.SHOWN
        return [(one, f"/g/{group.ref}/services") for one in _organisers(db, group)] if there else []
    mine = select(Member.id).join(PartnerMember, col(PartnerMember.member_id) == Member.id)
    return [
        (one, "/partner")
        for one in db.exec(mine.where(PartnerMember.partner_id == partner.id, Member.status == MemberStatus.ACTIVE))
    ]


def _remind(db: Session, member_id: UUID, link: str) -> bool:
    since = sa.and_(col(Answer.sentence) == DUE, col(Answer.link) == link, col(Answer.at) > now() - days(AGAIN_DAYS))
    if db.exec(select(Answer.id).where(Answer.member_id == member_id, since).limit(1)).first() is not None:
        return False
    telling.tell(db, member_id, DUE, link=link)
    return True


def _organisers(db: Session, group: Group) -> list[UUID]:
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > now().date())
    wanted = select(Member.id).join(GroupMember, col(GroupMember.member_id) == Member.id).where(
        GroupMember.group_id == group.id, GroupMember.role == GroupRole.ORGANISER, lasts, Member.status == MemberStatus.ACTIVE
    )  # fmt: skip
    return list(db.exec(wanted.limit(50)))
