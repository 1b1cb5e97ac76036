"""Which groups a line is told of: for the page that lists them, for the files of a release, for those who care for one.

All of them read at the moment they are asked for: a group that is hidden, held or closed since is in none.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.i18n import N_, _
from app.domain.reporting.showing.told import month
from app.models.groups import Group, GroupState, Visibility
from app.models.reporting import GroupLine, Says

PER_PAGE: Final = 50
MOST: Final = 5_000  # in one file
_NEWER = aliased(GroupLine)
WORDS: Final = {
    Says.BALANCED: N_("Of those who said woman or man: at least 40 in 100 of each."),
    Says.LESS: N_("Of those who said woman or man: fewer than 40 in 100 of one."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of a group (``says``: in files; ``words``: in the language of the moment), at the end of which month."""

    ref: str
    name: str
    language: str
    says: str
    words: str
    period: str
    month: str


def _said(of: sa.ColumnElement[bool], until: sa.ColumnElement[bool] | None = None) -> sa.Select[str, str, str, Says, str]:
    """Return the newest lines ``of`` their releases, of groups that everybody sees now, as far as today's threshold allows.

    ``until`` bounds the lines that count as newer, in terms of ``_NEWER``.
    """
    old = sa.exists().where(
        col(_NEWER.group_id) == col(GroupLine.group_id),
        col(_NEWER.period) > col(GroupLine.period),
        col(_NEWER.published_on).is_not(None),
        *(() if until is None else (until,)),
    )
    return (
        sa.select(col(Group.ref), col(Group.name), col(Group.language), col(GroupLine.says), col(GroupLine.period))
        .join(Group, col(Group.id) == col(GroupLine.group_id))
        .where(of, ~old, col(GroupLine.says) != Says.UNTOLD, col(GroupLine.threshold) >= sa.bindparam("threshold"))
        .where(col(Group.visibility) == Visibility.LISTED, col(Group.state) == GroupState.SHOWN, col(Group.women_only).is_(False))
        .order_by(col(Group.name), col(Group.ref))
    )


_PUBLIC = _said(col(GroupLine.published_on).is_not(None))
_PAGE = _PUBLIC.limit(PER_PAGE + 1).offset(sa.bindparam("skip", type_=sa.Integer))
_ONE = _PUBLIC.where(col(GroupLine.group_id) == sa.bindparam("group_id", type_=sa.Uuid()))
_PERIOD = sa.bindparam("period", type_=sa.String)
_WITH = _said(
    sa.and_(col(GroupLine.published_on).is_not(None), col(GroupLine.period) <= _PERIOD), col(_NEWER.period) <= _PERIOD
).limit(sa.bindparam("most", type_=sa.Integer))  # fmt: skip
_NEXT = _said(col(GroupLine.published_on).is_(None)).limit(500)


def _line(row: Any) -> Line:
    return Line(row.ref, row.name, row.language, row.says.value, _(WORDS[row.says]), row.period, month(row.period))


def published(connection: sa.Connection, threshold: int, page: int) -> list[Line]:
    """Return one page of lines, by name, and one more where there is a next page."""
    rows = connection.execute(_PAGE, {"threshold": threshold, "skip": (page - 1) * PER_PAGE})
    return [_line(row) for row in rows]


def at(connection: sa.Connection, threshold: int, period: str, most: int = MOST) -> list[Line]:
    """Return the lines that held when the release of a month was published, by name; one statement."""
    rows = connection.execute(_WITH, {"threshold": threshold, "period": period, "most": most})
    return [_line(row) for row in rows]


def of_group(connection: sa.Connection, threshold: int, group_id: UUID) -> Line | None:
    """Return what everybody reads of a group; those who care for it know its people, and get no more than that."""
    row = connection.execute(_ONE, {"threshold": threshold, "group_id": group_id}).first()
    return _line(row) if row else None


def waiting(connection: sa.Connection, threshold: int) -> list[Line]:
    """Return the lines that become public with the next release, for those who look it over."""
    return [_line(row) for row in connection.execute(_NEXT, {"threshold": threshold})]
