"""What decisions keep an account from: read with what a request reads anyway, and compared with the clock at that moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from app.core.i18n import N_, _, moment_words
from app.models.accounts import Limit, Member

_M = Member.__table__  # type: ignore[attr-defined]
COLUMNS: Final = {
    Limit.STOPPED: _M.c.stopped_until, Limit.READ_ONLY: _M.c.read_only_until, Limit.NO_TOPICS: _M.c.no_topics_until,
    Limit.HELD: _M.c.held_until,
}  # fmt: skip
"""The strictest first; ``closed`` makes of the first one that does not end."""
WORDS: Final = {
    Limit.HELD: N_("Until %(moment)s somebody reads what you write in groups and in mentoring before others do. The reason "
                   "stands under My answers."),
    Limit.NO_TOPICS: N_("Until %(moment)s you can answer others here, but not begin a topic or a group. The reason stands under "
                        "My answers."),
    Limit.READ_ONLY: N_("Until %(moment)s you can read here, but not write. You can still take back and delete what is yours. "
                        "The reason stands under My answers."),
    Limit.STOPPED: N_("Your account is stopped until %(moment)s; then it works again by itself. The reason stands under My "
                      "answers."),
    Limit.CLOSED: N_("Your account is closed. It is deleted on %(moment)s. The reason, and how to say that you see it differently, "
                     "stand under My answers."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limited:
    """Something an account is kept from, and until when."""

    what: Limit
    until: datetime

    @property
    def words(self) -> str:
        """Return what whose account it is reads of it."""
        return _(WORDS[self.what], moment=moment_words(self.until))


def of(row: Any, moment: datetime) -> tuple[Limited, ...]:
    """Return what lasts at a moment, the strictest first, from a row with the columns of a member."""
    found = [Limited(what, until) for what, column in COLUMNS.items() if (until := getattr(row, column.name)) and until > moment]
    if row.closed:  # also in the hours between its day and the job that deletes it
        return (Limited(Limit.CLOSED, row.stopped_until or moment),)
    return tuple(found)


def stops(row: Any, moment: datetime) -> bool:
    """Say whether a decision stops an account at a moment, from a row with the columns of a member."""
    return any(one.what in (Limit.STOPPED, Limit.CLOSED) for one in of(row, moment))


def none_stops(moment: datetime) -> sa.ColumnElement[bool]:
    """Of members: whom no decision stops at a moment."""
    return sa.and_(sa.not_(_M.c.closed), sa.or_(_M.c.stopped_until.is_(None), _M.c.stopped_until <= moment))
