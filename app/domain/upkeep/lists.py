"""Lists that are fetched: when each was asked for last, and what came of it."""

from collections.abc import Iterator

from sqlmodel import select

from app.core.db import Database
from app.core.i18n import N_, Sentence
from app.domain.upkeep.finding import Finding
from app.models.feeds import FeedPull


def look(database: Database) -> Iterator[Finding]:
    """Yield a line for each list. One that does not come is the other side's: a note, no problem of this house."""
    with database.reading() as db:
        for row in db.exec(select(FeedPull).order_by(FeedPull.feed)):
            check = f"list {row.feed}"
            if row.asked_at is None:
                yield Finding(check, "ok", Sentence(N_("it is fetched soon, for the first time")))
                continue
            asked = Sentence(N_("asked for on %(moment)s"), {"moment": row.asked_at})
            yield Finding(check, "ok" if row.fine else "note", asked, Sentence.from_text(row.said))
