"""What groups give to the numbers: who belongs to those that everybody sees, who leads one, why people left, how one comes in."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.groups import Group, GroupLeaving, GroupMember, GroupRole, GroupState, JoinPolicy, Visibility

Counts = dict[str, dict[str, int]]
COLUMNS = {"time": "time", "talk": "talk", "safe": "safe", "far": "far", "moved_on": "moved on", "other": "other"}
# Groups that are hidden, unlisted, held or closed are in none of them: the difference to what everybody sees would tell of them.
PUBLIC = sa.and_(col(Group.visibility) == Visibility.LISTED, col(Group.state) == GroupState.SHOWN)


def belonging(on: date) -> sa.Select[UUID, UUID]:
    """Return group and member, of public groups; a group for women says itself whom it is for, and is left out."""
    return (
        sa.select(col(GroupMember.group_id), col(GroupMember.member_id))
        .join(Group, col(Group.id) == col(GroupMember.group_id))
        .where(PUBLIC, col(Group.women_only).is_(False), col(GroupMember.joined_on) <= on)
    )


def organisers(on: date) -> sa.Select[UUID]:
    """Return who leads a public group on that day."""
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > on)
    return (
        sa.select(col(GroupMember.member_id)).join(Group, col(Group.id) == col(GroupMember.group_id))
        .where(PUBLIC, col(GroupMember.role) == GroupRole.ORGANISER, col(GroupMember.joined_on) <= on, lasts)
    )  # fmt: skip


def left(db: Session, first: date, _last: date) -> Counts:
    """Return how many gave which reason for leaving a public group in the month of ``first``; who it was stands nowhere."""
    wanted = (
        sa.select(col(GroupLeaving.reason)).join(Group, col(Group.id) == col(GroupLeaving.group_id))
        .where(PUBLIC, col(GroupLeaving.month) == first)
    )  # fmt: skip
    found = Counter(db.execute(wanted).scalars())
    return {"reasons": {column: found[reason] for reason, column in COLUMNS.items()}}


def comes_in(db: Session, _last: date) -> dict[str, Any]:
    """Return how many groups everybody sees ("groups"), and how many of them everybody comes into without asking ("open").

    Groups for women are in neither: they say themselves whom they are for.
    """
    policies = Counter(db.execute(sa.select(col(Group.join_policy)).where(PUBLIC, col(Group.women_only).is_(False))).scalars())
    return {"groups": policies.total(), "open": policies[JoinPolicy.OPEN]}
