"""What accounts give to the numbers: who is a member on a day, who came lately, who holds which role."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from app.core.clock import now
from app.domain.limits import none_stops
from app.models.accounts import Member, MemberStatus, Role, RoleGrant, SignIn

LATELY = timedelta(days=30)
# Somebody who asked to be deleted, waits to be let in, or was stopped is in no number.
COUNTED = (MemberStatus.ACTIVE, MemberStatus.PAUSED)

People = sa.Select[UUID]


def joined(on: date) -> People:
    """Return the members who had joined by that day."""
    there = col(Member.status).in_(COUNTED), none_stops(now())
    return sa.select(col(Member.id)).where(*there, col(Member.joined_on) <= on)


def active(on: date) -> People:
    """Return those of them who came within the 30 days before, or between that day and the count.

    ``seen_on`` is the day of the last sign-in; a session that lasts longer says itself when it was used. Neither remembers the
    time before, so whoever came in the 30 days and again later cannot be told from whoever came later only.
    """
    since = on - LATELY
    used = sa.exists().where(col(SignIn.member_id) == Member.id, col(SignIn.seen_at) >= datetime.combine(since, time.max, UTC))
    return joined(on).where(sa.or_(col(Member.seen_on) > since, used))


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
