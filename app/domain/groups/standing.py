"""What groups do when somebody leaves the network, and what they add to a member's own copy."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.groups import belonging, codes, files, passport, taking_back, talking
from app.domain.groups.electing import actions as electing
from app.domain.groups.electing import ending as elections
from app.domain.groups.wording import KINDS, ROLES, STEPS_ON
from app.models.groups import Group, GroupCode, GroupMember, GroupRequest, Post, PostState, PostThanks, PostVersion, Topic


def purge(db: Session, member_id: UUID) -> None:
    """Erase what is here of a member who left: their words, thanks, requests and places; the places in the talk stay, unnamed."""
    taking_back.delete_all(db, member_id)
    db.execute(sa.update(Post).where(col(Post.author_id) == member_id).values(author_id=None))
    db.execute(sa.update(Topic).where(col(Topic.author_id) == member_id).values(author_id=None))
    thanked = sa.select(col(PostThanks.post_id)).where(col(PostThanks.member_id) == member_id)
    db.execute(sa.update(Post).where(col(Post.id).in_(thanked)).values(thanks=col(Post.thanks) - 1))
    db.execute(sa.delete(PostThanks).where(col(PostThanks.member_id) == member_id))
    db.execute(sa.delete(GroupRequest).where(col(GroupRequest.member_id) == member_id))
    db.execute(sa.update(Group).where(col(Group.words_by) == member_id).values(words_by=None))
    for group_id in db.exec(select(GroupMember.group_id).where(GroupMember.member_id == member_id)).all():
        belonging.take_out(db, group_id, member_id)
        belonging.rest(db, group_id)
    db.execute(sa.delete(GroupCode).where(col(GroupCode.created_by) == member_id))
    talking.forget_reading(db, member_id)


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether there was anything to do."""
    if kind == taking_back.WORDS:
        return taking_back.delete_again(db, subject_id)
    if kind == belonging.ASKED:
        return belonging.withdraw_again(db, subject_id)
    if kind in (belonging.UNSAID, belonging.UNSAID_STEP, belonging.UNSAID_BOTH):
        return belonging.unsay_again(db, kind, subject_id)
    if kind == electing.WITHDRAWN:
        return electing.withdraw_again(db, subject_id)
    if kind == electing.OVER:
        return electing.close_again(db, subject_id)
    if kind == passport.TAKEN_BACK:
        return passport.take_back_again(db, subject_id)
    if kind == codes.ENDED:
        return codes.end_again(db, subject_id)
    return kind in (belonging.LEFT, belonging.LEFT_WITH_WORDS) and belonging.leave_again(db, kind, subject_id)


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what is here of a member: their groups, what they wrote and asked. What others wrote is not theirs."""
    places = db.execute(
        sa.select(GroupMember, col(Group.name)).join(Group, col(Group.id) == GroupMember.group_id)
        .where(col(GroupMember.member_id) == member_id).order_by(col(GroupMember.id))
    ).all()  # fmt: skip
    wrote = db.execute(
        sa.select(Post, sa.case((col(Topic.author_id) == member_id, col(Topic.title)), else_=""))
        .join(Topic, col(Topic.id) == Post.topic_id)
        .where(col(Post.author_id) == member_id, col(Post.state) != PostState.DELETED).order_by(col(Post.id))
    ).all()  # fmt: skip
    sent = files.names_of(db, member_id)
    asked = db.execute(
        sa.select(GroupRequest, col(Group.name)).join(Group, col(Group.id) == GroupRequest.group_id)
        .where(col(GroupRequest.member_id) == member_id).order_by(col(GroupRequest.id))
    ).all()  # fmt: skip
    return {
        **_around(db, member_id),
        **elections.export(db, member_id),
        N_("my groups"): [
            {
                N_("group"): name, "since": p.joined_on, N_("role"): Coded(p.role.value, _(ROLES[p.role])), "until": p.role_until,
                "kind": Coded(p.kind, _(KINDS[p.kind])) if p.kind in KINDS else None,
                N_("step"): Coded(p.step, _(STEPS_ON[p.step][0])) if p.step in STEPS_ON else None,
            }
            for p, name in places
        ],
        N_("what I wrote in groups"): [
            {
                N_("topic"): title, "on": p.written_at.date(), "text": p.body, N_("state"): p.state.value,
                N_("files"): [name.rsplit("/", 1)[-1] for name in sent.get(p.id, [])],
            }
            for p, title in wrote
        ],
        N_("groups that I asked to come into"): [
            {N_("group"): name, "on": r.asked_at.date(), "text": r.answer, N_("reason"): r.reason, N_("state"): r.state.value}
            for r, name in asked
        ],
    }  # fmt: skip


def _around(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what stood in their posts before, whom they thanked (the day of that post, not its words), codes they made."""
    before = db.execute(
        sa.select(PostVersion).join(Post, col(Post.id) == PostVersion.post_id)
        .where(col(Post.author_id) == member_id).order_by(col(PostVersion.id))
    ).scalars().all()  # fmt: skip
    thanked = db.execute(
        sa.select(col(Group.name), col(Post.written_at)).join(Post, col(Post.group_id) == Group.id)
        .join(PostThanks, col(PostThanks.post_id) == Post.id)
        .where(col(PostThanks.member_id) == member_id).order_by(col(PostThanks.id))
    ).all()  # fmt: skip
    made = db.execute(
        sa.select(GroupCode, col(Group.name)).join(Group, col(Group.id) == GroupCode.group_id)
        .where(col(GroupCode.created_by) == member_id).order_by(col(GroupCode.id))
    ).all()  # fmt: skip
    return {
        N_("what stood in my posts before"): [{"until": v.until_at.date(), "text": v.body} for v in before],
        N_("posts that helped me"): [{N_("group"): name, N_("written on"): at.date()} for name, at in thanked],
        N_("codes that I made"): [
            {N_("group"): name, N_("works so often"): c.uses, N_("left"): c.uses_left, "until": c.until.date()} for c, name in made
        ],
    }  # fmt: skip
