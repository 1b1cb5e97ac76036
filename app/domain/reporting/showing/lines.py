"""Which groups a line is told of, for the page that lists them and for those who care for one."""

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
WORDS: Final = {
    Says.BALANCED: N_("Of those who said woman or man: at least 40 in 100 of each."),
    Says.LESS: N_("Of those who said woman or man: fewer than 40 in 100 of one."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of a group, and of the end of which month."""

    ref: str
    name: str
    language: str
    words: str
    month: str


def _said(of: sa.ColumnElement[bool]) -> sa.Select[str, str, str, Says, str]:
    """Return the newest lines ``of`` their releases, of groups that everybody sees now, as far as today's threshold allows."""
    newer = aliased(GroupLine)
    old = sa.exists().where(
        col(newer.group_id) == col(GroupLine.group_id),
        col(newer.period) > col(GroupLine.period),
        col(newer.published_on).is_not(None),
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
_NEXT = _said(col(GroupLine.published_on).is_(None)).limit(500)


def _line(row: Any) -> Line:
    return Line(row.ref, row.name, row.language, _(WORDS[row.says]), month(row.period))


def published(connection: sa.Connection, threshold: int, page: int) -> list[Line]:
    """Return one page of lines, by name, and one more where there is a next page."""
    rows = connection.execute(_PAGE, {"threshold": threshold, "skip": (page - 1) * PER_PAGE})
    return [_line(row) for row in rows]


def of_group(connection: sa.Connection, threshold: int, group_id: UUID) -> Line | None:
    """Return what everybody reads of a group; those who care for it know its people, and get no more than that."""
    row = connection.execute(_ONE, {"threshold": threshold, "group_id": group_id}).first()
    return _line(row) if row else None


def waiting(connection: sa.Connection, threshold: int) -> list[Line]:
    """Return the lines that become public with the next release, for those who look it over."""
    return [_line(row) for row in connection.execute(_NEXT, {"threshold": threshold})]
