"""What groups do when somebody leaves the network, and what they add to a member's own copy."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.groups import belonging, talking
from app.domain.groups.wording import KINDS, ROLES
from app.models.groups import Group, GroupCode, GroupMember, GroupRequest, Post, PostState, PostThanks, Topic


def purge(db: Session, member_id: UUID) -> None:
    """Erase what is here of a member who left: their words, thanks, requests and places; the places in the talk stay, unnamed."""
    talking.delete_all(db, member_id)
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
    asked = db.execute(
        sa.select(GroupRequest, col(Group.name)).join(Group, col(Group.id) == GroupRequest.group_id)
        .where(col(GroupRequest.member_id) == member_id).order_by(col(GroupRequest.id))
    ).all()  # fmt: skip
    return {
        N_("my groups"): [
            {
                N_("group"): name, "since": p.joined_on, N_("role"): Coded(p.role.value, _(ROLES[p.role])), "until": p.role_until,
                "kind": Coded(p.kind, _(KINDS[p.kind])) if p.kind in KINDS else None,
            }
            for p, name in places
        ],
        N_("what I wrote in groups"): [
            {N_("topic"): title, "on": p.written_at.date(), "text": p.body, N_("state"): p.state.value} for p, title in wrote
        ],
        N_("groups that I asked to come into"): [
            {N_("group"): name, "on": r.asked_at.date(), "text": r.answer, N_("reason"): r.reason, N_("state"): r.state.value}
            for r, name in asked
        ],
    }  # fmt: skip
