"""The one calendar of a member: a secret address that a calendar program asks, until it is ended. What it tells is decided here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Gone, NotFound
from app.core.i18n import _
from app.core.ids import new_token
from app.core.verdict import require
from app.domain import ledger, limits
from app.domain.actor import Actor, may_take_part
from app.domain.groups import rules as groups
from app.domain.groups.rules import Seat
from app.domain.meetings import rules
from app.domain.meetings.files import Entry
from app.domain.meetings.reading import stands_of
from app.models.accounts import Member, MemberStatus
from app.models.groups import Group, GroupMember, Visibility
from app.models.meetings import CalendarFeed, Meeting, MeetingComing, MeetingPlan, PlaceFor

ENDED: Final = "calendar"  # in the ledger of erasures: a feed that was ended, perhaps because somebody had its address
BACK, MOST = timedelta(days=30), 200
_F: sa.Table = CalendarFeed.__table__  # type: ignore[attr-defined]
_ASKED = (MemberStatus.ACTIVE, MemberStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar program is given."""

    entries: list[Entry]
    language: str


def _hash(secret: str) -> str:
    return keyed_hash(core_settings.current().secret, "calendar-feed", secret)


def mine(db: Session, member_id: UUID) -> CalendarFeed | None:
    """Return somebody's feed that works."""
    return db.exec(select(CalendarFeed).where(CalendarFeed.member_id == member_id)).first()


def make(db: Session, actor: Actor, titles: bool) -> str:
    """Make an address and return it, this once; the one before works no more."""
    require(may_take_part(actor))
    _end(db, actor.me)
    secret = new_token()
    db.add(CalendarFeed(member_id=actor.me, secret_hash=_hash(secret), titles=titles, made_on=now().date()))
    db.flush()
    return secret


def end(db: Session, actor: Actor) -> None:
    """End one's address: whoever asks it hears that it is gone."""
    require(rules.may_stay_away(actor))
    _end(db, actor.me)


def _end(db: Session, member_id: UUID) -> None:
    own = _F.c.member_id == member_id
    ended = db.execute(sa.update(_F).where(own).values(member_id=None, ended_on=now().date()).returning(_F.c.id))
    for feed_id in ended.scalars().all():  # one at most
        ledger.remember(db, ENDED, feed_id)


def end_again(db: Session, feed_id: UUID) -> bool:
    """End an address that a restored older copy let work again; return whether it did."""
    works = sa.and_(_F.c.id == feed_id, _F.c.ended_on.is_(None))
    return bool(db.execute(sa.update(_F).where(works).values(member_id=None, ended_on=now().date())).rowcount)  # type: ignore[attr-defined]


def purge(db: Session, member_id: UUID) -> None:
    """Somebody leaves the network: their address says that it is gone, and no longer whose it was."""
    _end(db, member_id)


_OF = (
    sa.select(col(CalendarFeed.ended_on), col(CalendarFeed.titles), col(Member.id), col(Member.status), col(Member.language),
              col(Member.closed), *limits.COLUMNS.values())
    .outerjoin(Member, col(Member.id) == CalendarFeed.member_id).where(col(CalendarFeed.secret_hash) == sa.bindparam("hash"))
)  # fmt: skip
_ENTRIES = (
    sa.select(
        col(Meeting.id), col(Meeting.starts_at), col(Meeting.ends_at), col(Meeting.row_version), col(Meeting.cancelled_at),
        col(MeetingPlan.title), col(MeetingPlan.place), col(MeetingPlan.place_for), col(MeetingPlan.state), col(MeetingPlan.open),
        col(Group.visibility), col(Group.state).label("group_state"), col(GroupMember.role), col(GroupMember.role_until),
        col(MeetingComing.id).is_not(None).label("comes"),
    )
    .select_from(GroupMember).join(Group, col(Group.id) == GroupMember.group_id).join(Meeting, col(Meeting.group_id) == Group.id)
    .join(MeetingPlan, col(MeetingPlan.id) == Meeting.plan_id)
    .outerjoin(
        MeetingComing, sa.and_(col(MeetingComing.meeting_id) == Meeting.id, col(MeetingComing.member_id) == GroupMember.member_id)
    )
    .where(col(GroupMember.member_id) == sa.bindparam("me"), col(Group.visibility) == Visibility.LISTED)
    .where(col(Meeting.ends_at) > sa.bindparam("since")).order_by(col(Meeting.starts_at), col(Meeting.id)).limit(MOST)
)  # fmt: skip


def read(connection: sa.Connection, secret: str, moment: datetime) -> Feed:
    """Return what an address tells: meetings of the listed groups of whoever it belongs to, 30 days back and all to come.

    Raises NotFound for an address that never was, Gone for one that was ended. For somebody who is stopped, or whose account is
    about to end, it is empty: then what a calendar took over goes. Two statements.
    """
    row = connection.execute(_OF, {"hash": _hash(secret)}).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    if row.ended_on is not None:
        raise Gone(_("This calendar has ended."))
    if row.status not in _ASKED or limits.stops(row, moment):
        return Feed([], row.language or "en")
    found = connection.execute(_ENTRIES, {"me": row.id, "since": moment - BACK}).all()
    return Feed(_entries(found, row.titles), row.language)


def _entries(found: Sequence[Any], titles: bool) -> list[Entry]:
    """Return what is told of meetings: with titles also the place, of those that one comes to."""
    told = []
    for row in found:
        seat = groups.seat_in(row.group_state, Seat(row.role, row.role_until))
        if not seat.inside or not rules.leaves(stands_of(row)):
            continue
        place = titles and (row.comes or row.place_for == PlaceFor.EVERYBODY) and row.place
        told.append(
            Entry(
                row.id,
                row.starts_at,
                row.ends_at,
                row.row_version,
                row.cancelled_at is not None,
                row.title if titles else "",
                place or "",
            )
        )
    return told
