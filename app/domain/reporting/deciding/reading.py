"""What bodies say of themselves, for everybody, for those who care for a group, and for those who look at it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from app.core.clock import now
from app.core.i18n import N_, _, day_words
from app.models.groups import Group, GroupMember, GroupState, Visibility
from app.models.reporting import Body, BodyDeclaration, Composition, Looked

PER_PAGE: Final = 100
MOST: Final = 5_000  # in one file
HOLDS: Final = timedelta(days=365)  # then everybody reads it no longer, until it is said anew
BODIES: Final = {
    Body.LEAD: N_("Those who lead"), Body.MONEY: N_("Those who decide about money"),
    Body.ENTRY: N_("Those who decide who comes in"), Body.DISPUTES: N_("Those who decide in disputes"),
}  # fmt: skip
SAYS: Final = {
    Composition.BOTH: N_("At least 40 in 100 are women, and at least 40 in 100 are men."),
    Composition.FEWER: N_("Fewer than 40 in 100 are women, or fewer than 40 in 100 are men."),
    Composition.SILENT: N_("They do not say."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What one body says of itself; ``name`` and ``ref`` are empty for the network, ``mine``: whoever asks belongs to the group."""

    id: UUID
    ref: str
    name: str
    language: str
    body: Body
    says: Composition
    said_on: date
    looked: Looked
    looked_on: date | None
    said_by: UUID | None = None
    mine: bool = False

    @property
    def who(self) -> str:
        """Return which body it is, in words."""
        return _(BODIES[self.body])

    @property
    def words(self) -> str:
        """Return what it says, in words."""
        return _(SAYS[self.says])

    @property
    def about(self) -> str:
        """Return when it was said, and whether somebody has looked at it."""
        said = _("Said on %(day)s.", day=day_words(self.said_on))
        if self.says == Composition.SILENT:
            return said
        if self.looked_on is None:
            return said + " " + _("Nobody else has looked at it yet.")
        day = day_words(self.looked_on)
        if self.back:
            return said + " " + _("Looked at on %(day)s by somebody else: it does not fit what they know.", day=day)
        return said + " " + _("Looked at on %(day)s by somebody else: it fits what they know.", day=day)

    @property
    def waits(self) -> bool:
        """Say whether somebody has to look at it."""
        return self.looked == Looked.NOT_YET and self.says != Composition.SILENT

    @property
    def back(self) -> bool:
        """Say whether somebody sees it differently, so that nobody reads it."""
        return self.looked == Looked.BACK

    @property
    def over(self) -> bool:
        """Say whether it was said too long ago."""
        return self.said_on <= now().date() - HOLDS


_D = BodyDeclaration
_WHOLE = sa.select(
    col(_D.id), col(Group.ref), col(Group.name), col(Group.language), col(_D.body), col(_D.says), col(_D.said_on), col(_D.looked),
    col(_D.looked_on), col(_D.said_by),
).select_from(sa.outerjoin(_D, Group, col(Group.id) == col(_D.group_id)))  # fmt: skip
# Everybody sees the group now: what was said of one that is hidden, held or closed since leaves every page and file.
SEEN: Final = sa.or_(
    col(_D.group_id).is_(None), sa.and_(col(Group.visibility) == Visibility.LISTED, col(Group.state) == GroupState.SHOWN)
)  # fmt: skip
_HELD = sa.and_(
    col(_D.said_on) > sa.bindparam("since", type_=sa.Date), col(_D.said_on) <= sa.bindparam("day", type_=sa.Date),
    col(_D.looked) != Looked.BACK,
)  # fmt: skip
_FIRST = sa.bindparam("first", type_=sa.Integer)
_COUNT = sa.bindparam("most", type_=sa.Integer)
_PUBLIC = (
    _WHOLE.where(SEEN, _HELD).order_by(col(_D.group_id).is_not(None), col(Group.name), col(Group.ref), col(_D.body))
    .limit(_COUNT).offset(_FIRST)
)  # fmt: skip
_OF_GROUP = _WHOLE.where(col(_D.group_id) == sa.bindparam("group", type_=sa.Uuid())).order_by(col(_D.body))
_WAITS = sa.and_(col(_D.looked) == Looked.NOT_YET, col(_D.says) != Composition.SILENT)
_MINE = sa.exists().where(
    col(GroupMember.group_id) == col(_D.group_id), col(GroupMember.member_id) == sa.bindparam("me", type_=sa.Uuid())
)  # fmt: skip
_DESK = (
    _WHOLE.add_columns(_MINE.label("mine")).where(SEEN)
    .order_by(_WAITS.desc(), col(_D.group_id).is_not(None), col(_D.said_on).desc(), col(_D.id)).limit(_COUNT).offset(_FIRST)
)  # fmt: skip


def _said(row: Any) -> Said:
    values = row._mapping
    return Said(**{**values, "ref": row.ref or "", "name": row.name or "", "language": row.language or ""})


def public(connection: sa.Connection, page: int) -> list[Said]:
    """Return one page of what everybody reads, the network first, and one more where there is a next page."""
    today = now().date()
    given = {"since": today - HOLDS, "day": today, "most": PER_PAGE + 1, "first": (page - 1) * PER_PAGE}
    return [_said(row) for row in connection.execute(_PUBLIC, given)]


def at(connection: sa.Connection, day: date, most: int = MOST) -> list[Said]:
    """Return what was said and held on the day of a release, as far as it still stands; one statement."""
    given = {"since": day - HOLDS, "day": day, "most": most, "first": 0}
    return [_said(row) for row in connection.execute(_PUBLIC, given)]


def of_group(connection: sa.Connection, group_id: UUID) -> list[Said]:
    """Return all that is said in a group, for those who care for it."""
    return [_said(row) for row in connection.execute(_OF_GROUP, {"group": group_id})]


def at_desk(connection: sa.Connection, me: UUID, page: int) -> list[Said]:
    """Return one page for those who look at it, what waits first, and one more where there is a next page."""
    given = {"me": me, "most": PER_PAGE + 1, "first": (page - 1) * PER_PAGE}
    return [_said(row) for row in connection.execute(_DESK, given)]
