"""What is paused now: read with what a request reads anyway, so that no page takes a statement more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.i18n import N_, _, moment_words
from app.domain import versions
from app.models.engine import ContentVersion
from app.models.pausing import Pause

NAMES: Final = {f"pause.{what.value}": what for what in Pause}  # rows of content_version; the number is minutes since 1970
WORDS: Final = {
    Pause.JOINING: N_("Nobody new can join, here or in a group, until %(moment)s."),
    Pause.WRITING: N_("New posts and stories wait until %(moment)s. You can read, take back and delete as always."),
    Pause.PUBLIC: N_("Only members see these pages until %(moment)s. Visitors find no story, group, service or number."),
}
"""What members read while it lasts. That flags hide nothing is told to nobody who could use it."""


_V = ContentVersion.__table__  # type: ignore[attr-defined]
NAME, NUMBER = _V.c.name.label("paused"), _V.c.number.label("paused_until")
# For the statement that reads a session: mostly no row fits. Literals, because a list that is bound is put together each time.
LASTS: Final = sa.and_(
    _V.c.name.in_([sa.literal_column(f"'{name}'") for name in NAMES]), _V.c.number > sa.bindparam("minute", type_=sa.Integer)
)  # fmt: skip
TABLE: Final = _V


@dataclass(frozen=True, slots=True)
class Lasting:
    """Something that is paused, and until when."""

    what: Pause
    until: datetime

    @property
    def words(self) -> str:
        """Return what members read of it, "" where that is nothing."""
        return _(WORDS[self.what], moment=moment_words(self.until)) if self.what in WORDS else ""


def minute(moment: datetime) -> int:
    """Return the whole minutes since 1970 at a moment."""
    return int(moment.timestamp()) // 60


def among(rows: Iterable[Any], moment: datetime) -> tuple[Lasting, ...]:
    """Return what lasts at a moment, from rows of names and numbers, in a fixed order; other names are passed over."""
    found = {NAMES[name]: number for name, number in rows if name in NAMES and number > minute(moment)}
    return tuple(Lasting(what, datetime.fromtimestamp(found[what] * 60, UTC)) for what in Pause if what in found)


def until(lasting: Iterable[Lasting], what: Pause) -> datetime | None:
    """Return until when something is paused, None when it is not."""
    return next((one.until for one in lasting if one.what == what), None)


def of(db: Session | sa.Connection) -> tuple[Lasting, ...]:
    """Return what is paused now; one cheap statement."""
    return among(db.execute(versions.ALL), now())
