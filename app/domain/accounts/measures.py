"""What accounts give to the numbers: who is a member on a day, who came lately, who holds which role."""

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from app.models.accounts import Member, MemberStatus, Role, RoleGrant

LATELY = timedelta(days=30)
# Somebody who asked to be deleted, waits to be let in, or was stopped is in no number.
COUNTED = (MemberStatus.ACTIVE, MemberStatus.PAUSED)

People = sa.Select[UUID]


def joined(on: date) -> People:
    """Return the members who had joined by that day."""
    return sa.select(col(Member.id)).where(col(Member.status).in_(COUNTED), col(Member.joined_on) <= on)


def active(on: date) -> People:
    """Return those of them who came within the 30 days before."""
    return joined(on).where(col(Member.seen_on) > on - LATELY)


def mentors(on: date) -> People:
    """Return who was a mentor on that day."""
    return _holders(on, Role.MENTOR)


def organisers(on: date) -> People:
    """Return who led a group on that day."""
    return _holders(on, Role.ORGANISER)


def moderators(on: date) -> People:
    """Return who looked after the network on that day."""
    return _holders(on, Role.COORDINATOR, Role.SAFEGUARDING)


def _holders(on: date, *roles: Role) -> People:
    ended = col(RoleGrant.ended_on)
    return sa.select(col(RoleGrant.member_id)).where(
        col(RoleGrant.role).in_(roles),
        col(RoleGrant.from_on) <= on,
        col(RoleGrant.until_on) > on,
        sa.or_(ended.is_(None), ended > on),
    )
