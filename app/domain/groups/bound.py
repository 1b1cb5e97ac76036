"""Groups whose members are chosen elsewhere: hidden, without codes and without roles to give; begun and closed by a feature."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.core.ids import new_id, new_ref
from app.domain.groups import belonging, taking_back
from app.domain.groups.rules import BOUND
from app.models.groups import Group, GroupMember, GroupRole, JoinPolicy, Visibility

_G: sa.Table = Group.__table__  # type: ignore[attr-defined]


def begin(
    db: Session, name: str, purpose: str, language: str, by_id: UUID, leads: Iterable[UUID], members: Iterable[UUID], until: date
) -> Group:  # fmt: skip
    """Begin a hidden group of these people; ``leads`` care for it until that day. The caller asked its rule."""
    roles = {**dict.fromkeys(members, GroupRole.MEMBER), **dict.fromkeys(leads, GroupRole.ORGANISER)}
    group = Group(
        ref=new_ref(), name=name, purpose=purpose, language=language, visibility=Visibility.HIDDEN, join_policy=JoinPolicy.INVITE,
        template=BOUND, members=len(roles), words_by=by_id, started_on=now().date(),
    )  # fmt: skip
    db.add(group)
    db.flush()
    rows = [
        {
            "id": new_id(), "group_id": group.id, "member_id": one, "role": role, "joined_on": now().date(), "fresh_from": now(),
            "role_since": now().date() if role == GroupRole.ORGANISER else None,
            "role_until": until if role == GroupRole.ORGANISER else None,
        }
        for one, role in roles.items()
    ]  # fmt: skip
    db.execute(sa.insert(GroupMember), rows)
    return group


def take_out(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Let somebody belong to it no longer; what they wrote stays, unnamed as of whoever leaves a group."""
    belonging.put_out(db, group_id, member_id)


def close(db: Session, group_id: UUID) -> None:
    """Let nobody belong to it any more, and erase every word of it, also of those who left before and what it said of itself."""
    for member_id in db.execute(sa.select(col(GroupMember.member_id)).where(col(GroupMember.group_id) == group_id)).scalars().all():
        belonging.put_out(db, group_id, member_id, words=True)
    taking_back.empty(db, group_id)
    said = sa.update(_G).where(_G.c.id == group_id)
    db.execute(said.values(name="", purpose="", question="", rules="", agenda="", words_by=None))
    db.expire_all()
