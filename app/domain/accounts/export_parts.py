"""What accounts add to a member's copy: account, roles, sessions, answers, ways back; never another person's words or name."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import N_, _, current
from app.domain.accounts import queries
from app.domain.accounts.export_words import Coded, in_language
from app.domain.media import keeping
from app.models.accounts import (
    Answer,
    Invitation,
    Member,
    MemberStatus,
    Passkey,
    PhoneMode,
    Role,
    RoleGrant,
    SignIn,
    Vouch,
    WayBack,
)
from app.models.groups import Post, PostFile
from app.models.money import FundAsk
from app.models.places import Area
from app.models.stories import Media, Story

STANDINGS: Final = {
    MemberStatus.APPLIED: N_("asked to join"), MemberStatus.ACTIVE: N_("active"), MemberStatus.PAUSED: N_("paused"),
    MemberStatus.SUSPENDED: N_("stopped by a decision"), MemberStatus.LEAVING: N_("will be deleted"),
    MemberStatus.GONE: N_("deleted"),
}  # fmt: skip
ROLES: Final = {
    Role.ORGANISER: N_("Organiser"), Role.MENTOR: N_("Mentor"), Role.COORDINATOR: N_("Coordinator"),
    Role.SAFEGUARDING: N_("Safeguarding"), Role.ANALYST: N_("Analyst"), Role.OPERATOR: N_("Operator"),
}  # fmt: skip
DEVICES: Final = {"phone": N_("Phone"), "tablet": N_("Tablet"), "computer": N_("Computer")}
PHONES: Final = {PhoneMode.SHARED: N_("Other people too"), PhoneMode.ONLY_ME: N_("Only me")}


def account(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return the account, its roles, sessions, answers, invitations and ways back."""
    member = db.get_one(Member, member_id)
    area = db.get(Area, member.area_id) if member.area_id else None
    me = {
        N_("name others see"): member.name, N_("language"): in_language(member.language),
        N_("area"): (area.names.get(current()) or area.name) if area else None,
        N_("joined on"): member.joined_on, N_("last seen on"): member.seen_on,
        N_("standing"): Coded(member.status.value, _(STANDINGS[member.status])), N_("18 or older"): member.adult,
        N_("codes from an app"): member.totp_secret is not None, N_("application"): member.application,
        N_("came by an invitation"): member.cohort_id is not None,
        N_("will be deleted on"): member.delete_after.date() if member.delete_after else None,
    }  # fmt: skip
    return {N_("account"): me, **_rows(db, member_id), **_power(db, member_id)}


def _rows(db: Session, member_id: UUID) -> dict[str, Any]:
    sessions = db.exec(select(SignIn).where(SignIn.member_id == member_id)).all()
    keys = db.exec(select(Passkey).where(Passkey.member_id == member_id)).all()
    told = db.exec(select(Answer).where(Answer.member_id == member_id).order_by(col(Answer.id))).all()
    ways = db.exec(select(WayBack).where(WayBack.member_id == member_id).order_by(col(WayBack.id))).all()
    return {
        N_("open sessions"): [
            {
                N_("device"): Coded(s.device, _(DEVICES.get(s.device, N_("Phone or computer")))),
                N_("who uses the phone"): Coded(s.mode.value, _(PHONES[s.mode])), "since": s.since.date(),
            }
            for s in sessions
        ],
        N_("passkeys"): [{N_("name"): k.label, N_("added on"): k.added_on} for k in keys],
        N_("answers"): [{"on": a.at.date(), "text": queries.in_words(a), "note": a.note} for a in told],
        N_("ways back without the key"): [
            {
                N_("asked on"): w.asked_at.date(), N_("stopped on"): w.stopped_at.date() if w.stopped_at else None,
                N_("used on"): w.used_at.date() if w.used_at else None,
            }
            for w in ways
        ],
    }  # fmt: skip


def _power(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what the member may do for others and did: whom they said yes to is not theirs to carry away."""
    grants = db.exec(select(RoleGrant).where(RoleGrant.member_id == member_id)).all()
    made = db.exec(select(Invitation).where(Invitation.created_by == member_id).order_by(col(Invitation.id))).all()
    vouches = db.exec(select(Vouch).where(Vouch.organiser_id == member_id).order_by(col(Vouch.id))).all()
    return {
        N_("roles"): [
            {N_("role"): Coded(g.role.value, _(ROLES[g.role])), "from": g.from_on, "until": g.ended_on or g.until_on}
            for g in grants
        ],
        N_("invitations that I made"): [
            {N_("for whom"): i.label, N_("people"): i.uses, "until": i.until.date()} for i in made
        ],
        N_("yeses to the way back of others"): [{"on": v.at.date()} for v in vouches],
    }  # fmt: skip


def media_files(db: Session, member_id: UUID) -> list[str]:
    """Return the names of the member's media files in the store."""
    found = db.exec(select(Media).join(Story, sa.and_(col(Story.id) == Media.story_id, col(Story.author_id) == member_id))).all()
    said = db.exec(select(PostFile).join(Post, sa.and_(col(Post.id) == PostFile.post_id, col(Post.author_id) == member_id)).where(
        col(PostFile.aside).is_(False)
    )).all()  # fmt: skip
    asked = db.exec(select(FundAsk.voice).where(FundAsk.made_by == member_id, col(FundAsk.voice).is_not(None))).all()
    return [name for files in (*(m.files for m in found), *(s.files for s in said), *asked) for name in keeping.names(files or {})]
