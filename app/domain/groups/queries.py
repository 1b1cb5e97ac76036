"""What is read about groups before something changes in them, and what their organisers see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain import limits
from app.domain.actor import Actor
from app.domain.groups import rules
from app.domain.groups.rules import Seat
from app.models.accounts import Member, MemberStatus
from app.models.groups import (
    Group,
    GroupCode,
    GroupLeaving,
    GroupMember,
    GroupRequest,
    GroupRole,
    GroupTypology,
    Post,
    PostFile,
    PostVersion,
    RequestState,
    Topic,
)
from app.models.stories import MediaKind


@dataclass(frozen=True, slots=True)
class Care:
    """What an organiser works with: who waits, who holds a role, which codes work, why people left."""

    waiting: Sequence[Any]  # id, name, answer, asked_at
    holders: Sequence[Any]  # id, name, role, role_until
    codes: list[GroupCode]
    left: list[str]  # reasons that many gave


# Organisers see who goes. So a reason is named, without a number, once ten gave it, and looked at only when ten more have left with
# one, from twenty on: that a reason comes, or none does, never tells what one of them said, nor that all said the same.
LEFT_AT_LEAST, LEFT_FROM, LEFT_AT_ONCE = 10, 20, 10


def not_here() -> NotFound:
    """Return what is said of a group that is not there, or not for this reader."""
    return NotFound(_("This page is not here."))


def seat(db: Session, group_id: UUID, member_id: UUID | None) -> Seat:
    """Return how somebody stands to a group."""
    found = place(db, group_id, member_id)
    return Seat(found.role, found.role_until) if found else Seat()


def place(db: Session, group_id: UUID, member_id: UUID | None) -> GroupMember | None:
    """Return somebody's row in a group."""
    wanted = select(GroupMember).where(GroupMember.group_id == group_id, GroupMember.member_id == member_id)
    return db.exec(wanted.execution_options(populate_existing=True)).first()


def group(db: Session, actor: Actor, ref: str) -> tuple[Group, Seat]:
    """Return a group that the actor sees, and how they stand to it; a hidden one is for everybody else not there."""
    found = db.exec(select(Group).where(Group.ref == ref).execution_options(populate_existing=True)).first()
    stands = rules.seat_in(found.state, seat(db, found.id, actor.member_id)) if found else Seat()
    if found is None or not rules.sees(actor, found.visibility, stands, found.state):
        raise not_here()
    return found, stands


def inside(db: Session, actor: Actor, ref: str) -> tuple[Group, Seat]:
    """Return a group that the actor reads in; for everybody else nothing of it is there."""
    found, stands = group(db, actor, ref)
    if not rules.reads(actor, stands):
        raise not_here()
    return found, stands


def belonged(db: Session, actor: Actor, ref: str) -> tuple[Group, Seat, bool]:
    """Return a group that the actor belongs to, also where they can only leave it (then the last part is False)."""
    found = db.exec(select(Group).where(Group.ref == ref).execution_options(populate_existing=True)).first()
    stands = seat(db, found.id, actor.member_id) if found else Seat()
    if found is not None and rules.may_only_leave(actor, found.state, stands):
        return found, stands, False
    return *inside(db, actor, ref), True


def cared_for(db: Session, actor: Actor, ref: str) -> tuple[Group, Seat]:
    """Return a group for one of its organisers, also when their time is over; for everybody else nothing of it is there."""
    found, stands = inside(db, actor, ref)
    if stands.role != GroupRole.ORGANISER:
        raise not_here()
    return found, stands


def topic(db: Session, group_id: UUID, ref: str, actor: Actor) -> Topic:
    """Return a topic of a group; one whose first post is held is there for its writer only."""
    found = db.exec(select(Topic).where(Topic.group_id == group_id, Topic.ref == ref)).first()
    if found is None or (not found.last_number and found.author_id != actor.member_id):
        raise not_here()
    return found


def post(db: Session, group_id: UUID, ref: str, actor: Actor) -> Post:
    """Return a post that the actor sees."""
    row = db.exec(
        select(Post, Member.status).outerjoin(Member, col(Member.id) == Post.author_id)
        .where(Post.group_id == group_id, Post.ref == ref)
    ).first()  # fmt: skip
    if row is None or not is_seen(row[0], row[1], actor):
        raise not_here()
    return row[0]


def is_seen(found: Post, author: str | None, actor: Actor) -> bool:
    """Say whether those inside may read a post: their own; shown, by somebody who is neither paused nor suspended."""
    if found.author_id is not None and found.author_id == actor.member_id:
        return True  # also what they deleted: an empty place
    return rules.sees_post(actor, found.author_id, found.state, author)


def file_of(db: Session, post_id: UUID, *, aside: bool = False) -> PostFile | None:
    """Return the voice or picture of a post; ``aside``: also one that is kept for a decision only."""
    found = db.exec(select(PostFile).where(PostFile.post_id == post_id)).first()
    return found if found is None or aside or not found.aside else None


def kind_of_file(db: Session, post_id: UUID, *, aside: bool = False) -> MediaKind | None:
    """Return whether a post has a voice or a picture; ``aside`` as above."""
    found = file_of(db, post_id, aside=aside)
    return found.kind if found else None


def versions(db: Session, post_id: UUID) -> list[PostVersion]:
    """Return what stood in a post before, the newest first."""
    wanted = select(PostVersion).where(PostVersion.post_id == post_id).order_by(col(PostVersion.id).desc())
    return list(db.exec(wanted.limit(20)))


def typologies(db: Session, group_id: UUID) -> list[GroupTypology]:
    """Return what kind of group it is, the newest first: the others are its history."""
    wanted = select(GroupTypology).where(GroupTypology.group_id == group_id).order_by(col(GroupTypology.id).desc())
    return list(db.exec(wanted.limit(10)))


def other_organisers(db: Session, group_id: UUID, member_id: UUID, today: date) -> int:
    """Return how many others care for the group today."""
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > today)
    wanted = (
        select(sa.func.count()).select_from(GroupMember).join(Member, col(Member.id) == GroupMember.member_id)
        .where(GroupMember.group_id == group_id, GroupMember.member_id != member_id, GroupMember.role == GroupRole.ORGANISER)
        .where(lasts, Member.status == MemberStatus.ACTIVE, limits.none_stops(now()))
    )  # fmt: skip
    return int(db.exec(wanted).one())


def organised(db: Session, member_id: UUID) -> int:
    """Return how many groups somebody cares for."""
    mine = sa.select(sa.func.count()).where(
        col(GroupMember.member_id) == member_id, col(GroupMember.role) == GroupRole.ORGANISER
    )  # fmt: skip
    return int(db.execute(mine).scalar_one())


def request_of(db: Session, group_id: UUID, member_id: UUID) -> GroupRequest | None:
    """Return somebody's wish to come in."""
    return db.exec(select(GroupRequest).where(GroupRequest.group_id == group_id, GroupRequest.member_id == member_id)).first()


def care(db: Session, group_id: UUID) -> Care:
    """Return what an organiser works with, in four statements."""
    waiting = db.execute(
        sa.select(col(GroupRequest.id), col(Member.name), col(GroupRequest.answer), col(GroupRequest.asked_at))
        .join(Member, col(Member.id) == GroupRequest.member_id)
        .where(col(GroupRequest.group_id) == group_id, col(GroupRequest.state) == RequestState.WAITING)
        .where(col(Member.status) == MemberStatus.ACTIVE).order_by(col(GroupRequest.asked_at)).limit(50)
    ).all()  # fmt: skip
    holders = db.execute(
        sa.select(col(GroupMember.id), col(Member.name), col(GroupMember.role), col(GroupMember.role_until))
        .join(Member, col(Member.id) == GroupMember.member_id)
        .where(col(GroupMember.group_id) == group_id, col(GroupMember.role) != GroupRole.MEMBER)
        .order_by(col(Member.name)).limit(50)
    ).all()  # fmt: skip
    works = sa.and_(col(GroupCode.uses_left) > 0, col(GroupCode.until) > now(), col(GroupCode.ended_at).is_(None))
    codes = list(db.exec(select(GroupCode).where(GroupCode.group_id == group_id, works).order_by(col(GroupCode.until)).limit(50)))
    left = list(db.execute(_LEFT, {"group_id": group_id, "month": now().date().replace(day=1)}).scalars())
    return Care(waiting, holders, codes, left)


def _left() -> sa.Select[str]:
    over = (
        sa.select(
            col(GroupLeaving.reason),
            sa.func.row_number().over(order_by=(col(GroupLeaving.month), col(GroupLeaving.id))).label("place"),
            sa.func.count().over().label("many"),
        )
        .where(col(GroupLeaving.group_id) == sa.bindparam("group_id", type_=sa.Uuid()))
        .where(col(GroupLeaving.month) < sa.bindparam("month", type_=sa.Date()))
        .subquery()
    )
    whole = sa.and_(over.c.many >= LEFT_FROM, over.c.place <= over.c.many - over.c.many % LEFT_AT_ONCE)
    return (
        sa.select(over.c.reason)
        .where(whole)
        .group_by(over.c.reason)
        .having(sa.func.count() >= LEFT_AT_LEAST)
        .order_by(over.c.reason)
    )


_LEFT = _left()


def roles(db: Session, group_id: UUID) -> Sequence[Any]:
    """Return who holds a role in a group today (name, role, until): those whom one turns to; nobody else is listed."""
    return db.execute(
        sa.select(col(Member.name), col(GroupMember.role), col(GroupMember.role_until))
        .join(Member, col(Member.id) == GroupMember.member_id)
        .where(col(GroupMember.group_id) == group_id, col(GroupMember.role) != GroupRole.MEMBER)
        .where(sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > now().date()))
        .where(col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()))
        .order_by(col(GroupMember.role), col(Member.name)).limit(20)
    ).all()  # fmt: skip
