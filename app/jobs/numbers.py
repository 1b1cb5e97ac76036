"""The numbers by the clock and by command: count a month, make its release, publish it after three days."""

from app.core.clock import now
from app.core.db import Database
from app.core.errors import Refused
from app.core.i18n import N_, Sentence
from app.core.settings import Settings
from app.domain.reporting.measuring import counting
from app.domain.reporting.question import answers
from app.domain.reporting.releasing import lines, releases
from app.models.reporting import NumberRelease


def make(database: Database, settings: Settings, period: str, reason: str = "") -> NumberRelease:
    """Return the release of a month: the one that is there, or a new one. With a reason, a correction of it.

    Counting, reading and protecting stand outside the short transactions that write; of two that make the same release at
    once, one is kept.
    """
    with database.transaction() as db:
        fresh = counting.begin(db, period)
    if fresh:
        with database.reading() as db:
            counts = counting.counted(db, period)
        with database.transaction() as db:
            counting.freeze(db, period, counts)
    with database.reading() as db:
        snapshot = counting.freeze(db, period)
        found = releases.of_period(db, period)
        if reason:
            releases.must_exist(found)
        elif found is not None:
            return found
        plan = releases.draft(db, snapshot, settings.disclosure_threshold, reason)
    made = releases.composed(plan)
    with database.transaction() as db:
        kept = releases.keep(db, made)
        if kept is made and kept.revision == 1:
            lines.decide(db, kept, plan.counts, settings.disclosure_threshold)
    return kept


def publish(database: Database, release: NumberRelease) -> NumberRelease:
    """Publish a release now; return it as it is then."""
    with database.transaction() as db:
        row = db.get_one(NumberRelease, release.id, with_for_update=True)
        releases.publish(db, row)
    return row


def even_out(database: Database) -> None:
    """Bring every answer to one length, a part at a time: so that none tells what it is, also after an upgrade or a restore."""
    evened = answers.EVENED_AT_ONCE
    while evened == answers.EVENED_AT_ONCE:
        with database.transaction() as db:
            evened = answers.even_out(db)


def run(database: Database, settings: Settings) -> Sentence:
    """Make the release of the last month that is over, and publish what was looked over for three days."""
    even_out(database)
    period = counting.last_ended(now().date())
    try:
        make(database, settings, period)
    except Refused as problem:
        return Sentence.from_text(problem.sentence)
    with database.reading() as db:
        due = releases.due(db)
    for release in due:
        publish(database, release)
    return Sentence(N_("numbers of %(period)s are there; published: %(count)s"), {"period": period, "count": len(due)})
