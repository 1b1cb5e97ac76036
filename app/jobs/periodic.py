"""What happens by the clock: each job at most once at a time, remembered in a row, refused when the clock jumped."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database, checkpoint
from app.core.i18n import N_, Sentence
from app.core.settings import Settings
from app.jobs import retention
from app.models.engine import JobRun

log = logging.getLogger("hearth.jobs")
LEASE = timedelta(minutes=15)
FEEDS_LEASE = timedelta(hours=3)  # half an hour of pages, and then the import
CLOCK_JUMP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job: what it is called, how often it runs, what it does (and says of it), and whether it deletes by date.

    ``lease``: for how long no other worker begins it; it is not renewed, so it is longer than the job can take.
    """

    name: str
    every: timedelta
    run: Callable[[Database, Settings], Sentence]
    deletes: bool = False
    lease: timedelta = LEASE


def _publish(database: Database, _settings: Settings) -> Sentence:
    from app.domain import paused
    from app.domain.stories import actions as stories
    from app.models.pausing import Pause

    with database.transaction() as db:
        moment = now()
        waits = paused.until(paused.of(db), Pause.WRITING) is not None  # nothing new is shown; what is due comes afterwards
        shown = 0 if waits else stories.publish_due(db, moment)
        ended, asked = stories.expire_due(db, moment), stories.remind_due(db, moment)
    says = N_("shown: %(shown)s, ended: %(ended)s, asked whether it is still right: %(asked)s")
    return Sentence(says, {"shown": shown, "ended": ended, "asked": asked})


def _protect(database: Database, _settings: Settings) -> Sentence:
    from app.domain.directory.looking_again import look_again

    return Sentence(N_("listings protected, because the rules for it changed: %(count)s"), {"count": look_again(database)})


def _catch_up(database: Database, _settings: Settings) -> Sentence:
    from app.domain.directory.importing import compile_all

    return Sentence(N_("listings put together that an import or an upgrade left: %(count)s"), {"count": compile_all(database)})


def _compare(database: Database, _settings: Settings) -> Sentence:
    from app.domain.directory.pairs.finding import compare_waiting

    says = N_("listings compared, whether they stand here twice: %(count)s")
    return Sentence(says, {"count": compare_waiting(database)})


def _age_directory(database: Database, _settings: Settings) -> Sentence:
    from app.domain.directory import actions as directory
    from app.domain.directory.removing import remove_gone

    with database.transaction() as db:
        counts = {"aged": directory.age_listings(db), "removed": remove_gone(db)}
    return Sentence(N_("listings out of the results: %(aged)s, ended ones removed: %(removed)s"), counts)


def _tell_partners(database: Database, _settings: Settings) -> Sentence:
    from app.domain.partners import looking_after, webhooks

    with database.transaction() as db:
        counts = {"count": webhooks.owe_due(db), "people": looking_after.remind(db)}
    return Sentence(N_("partners to be told of listings that are due: %(count)s, people who look after some: %(people)s"), counts)


def _fetch(database: Database, _settings: Settings) -> Sentence:
    from app.jobs import feeds

    return Sentence(N_("lists taken in: %(taken)s, unchanged: %(unchanged)s, failed: %(failed)s"), feeds.pull_due(database))


def _wake(database: Database, settings: Settings) -> Sentence:
    from app.domain.moderation import at_once, log, looking_after, undoing, waking
    from app.domain.money.granting import waking as granting
    from app.domain.network import history
    from app.domain.orders import actions as orders

    with database.transaction() as db:
        counts = {"count": waking.look(db, settings) + granting.look(db, settings), "ended": at_once.end_due(db)}
        undoing.forget_words(db)
        looking_after.forget_gone(db)
        history.note(db, settings.data_dir)
        log.count(db)
        orders.tell_due(db)
    return Sentence(N_("told outside that the desk sleeps: %(count)s, hidden at once and not decided in time: %(ended)s"), counts)


def _end_decisions(database: Database, _settings: Settings) -> Sentence:
    from app.domain.moderation import timed
    from app.domain.moderation.preserving import actions as evidence

    with database.transaction() as db:
        evidence.end_due(db)
    shown, deleted = timed.run(database)
    says = N_(
        "shown again because the time of a decision was over: %(shown)s, taken out by a decision and deleted for good: %(deleted)s"
    )
    return Sentence(says, {"shown": shown, "deleted": deleted})


def _numbers(database: Database, settings: Settings) -> Sentence:
    from app.jobs import numbers

    return numbers.run(database, settings)


def _rounds(database: Database, _settings: Settings) -> Sentence:
    from app.domain.mentoring.rounds import running

    return Sentence(N_("rounds of mentoring: proposals %(count)s"), {"count": running.run_apart(database).proposed})


def _end_pairs(database: Database, _settings: Settings) -> Sentence:
    from app.domain.mentoring.circles import ending
    from app.domain.mentoring.rounds import moving
    from app.domain.mentoring.training import records

    with database.transaction() as db:
        says = N_("proposals, mentorships and circles that ended by date: %(count)s, told of a training that ends: %(told)s")
        return Sentence(says, {"count": moving.lapse_due(db) + ending.due(db), "told": records.remind(db)})


def _remind(database: Database, _settings: Settings) -> Sentence:
    from app.domain.meetings import coming

    with database.transaction() as db:
        return Sentence(N_("reminders of what begins within a day: %(count)s"), {"count": coming.remind_due(db, now())})


def _remind_pairs(database: Database, _settings: Settings) -> Sentence:
    from app.domain.mentoring.joining import standing
    from app.domain.mentoring.together import nudging, reviews

    with database.transaction() as db:
        says = N_("mentorships reminded, or asked how it goes: %(count)s")
        return Sentence(says, {"count": nudging.remind(db) + reviews.ask_due(db) + standing.warn_of_ends(db)})


def _each(database: Database, ids: Iterable[UUID], move: Callable[[Session, UUID], None]) -> None:
    """Move each in a transaction of its own; one that fails stops none of the others, and is raised when all had their turn."""
    failed: Exception | None = None
    for one in ids:
        try:
            with database.transaction() as db:
                move(db, one)
        except Exception as error:
            failed = failed or error
    if failed:
        raise failed


def _elections(database: Database, _settings: Settings) -> Sentence:
    from app.domain.groups import resting, roles
    from app.domain.groups.electing import ending

    with database.transaction() as db:
        due, told = ending.due(db), roles.remind_of_ends(db, now())
    _each(database, due, ending.move)
    with database.transaction() as db:
        resting.note(db, now())
        alone = resting.due(db, now())
    _each(database, alone, resting.move)
    says = N_("elections moved: %(count)s, told that a role ends: %(told)s, groups that nobody cares for: %(alone)s")
    return Sentence(says, {"count": len(due), "told": told, "alone": len(alone)})


def _checkpoint(database: Database, _settings: Settings) -> Sentence:
    return Sentence(N_("done") if checkpoint(database) else N_("left to another process or to later"))


JOBS = (
    Periodic("checkpoint", timedelta(seconds=30), _checkpoint),
    Periodic("publish", timedelta(minutes=5), _publish),
    Periodic("protecting", timedelta(minutes=5), _protect),
    Periodic("listings", timedelta(minutes=5), _catch_up),
    Periodic("duplicates", timedelta(minutes=1), _compare),
    Periodic("directory", timedelta(hours=12), _age_directory, deletes=True),
    Periodic("partners", timedelta(hours=6), _tell_partners),
    Periodic("desk", timedelta(hours=1), _wake),
    Periodic("decisions", timedelta(hours=1), _end_decisions, deletes=True),
    Periodic("numbers", timedelta(hours=6), _numbers),
    Periodic("pairs", timedelta(hours=1), _end_pairs),
    Periodic("mentorships", timedelta(hours=1), _remind_pairs),
    Periodic("rounds", timedelta(days=3, hours=12), _rounds),
    Periodic("elections", timedelta(hours=1), _elections),
    Periodic("reminders", timedelta(minutes=5), _remind),
    Periodic("retention", timedelta(hours=6), retention.run, deletes=True),
)


# What may take minutes and waits for others: by a thread of its own (see worker), so that it holds up none of the jobs above.
APART = (Periodic("feeds", timedelta(minutes=5), _fetch, lease=FEEDS_LEASE),)


def run_due(database: Database, settings: Settings, jobs: tuple[Periodic, ...] = JOBS) -> list[str]:
    """Run every job that is due; return the names of those that ran. One that fails is noted and does not stop the others."""
    return [job.name for job in jobs if _claim(database, job) and _carry_out(database, settings, job)]


def _claim(database: Database, job: Periodic) -> bool:
    moment = now()
    with database.transaction() as db:
        row = _row(db, job.name)
        if row.lease_until and row.lease_until > moment:
            return False
        if row.last_at and moment - row.last_at < job.every and row.last_at <= moment:
            return False
        if job.deletes and _jumped(db, row, job):
            return False
        row.lease_until = moment + job.lease
        db.add(row)
    return True


def _row(db: Session, name: str) -> JobRun:
    """Return the job's row, locked until the transaction ends: of two workers one waits here and then sees the lease."""
    table = JobRun.__table__  # type: ignore[attr-defined]
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    db.execute(insert_into(table).values(name=name, result="", ok=True).on_conflict_do_nothing())
    return db.get_one(JobRun, name, with_for_update=True)


def _jumped(db: Session, row: JobRun, job: Periodic) -> bool:
    """Say whether the clock moved by more than a day beyond the job's own rhythm (F8).

    Then the machine slept or its clock was set: this run deletes nothing and only notes the new time, so that a person has
    one more round to see the warning. (Only the job's own mark counts: the jobs before it have noted the new time already.)
    """
    if row.last_at is None or abs(now() - row.last_at) <= job.every + CLOCK_JUMP:
        return False
    row.last_at, row.ok, row.result = now(), False, Sentence(N_("waited: the clock moved by more than a day")).as_text()
    db.add(row)
    log.warning("job %s waits: the clock moved by more than a day", row.name)
    return True


def _carry_out(database: Database, settings: Settings, job: Periodic) -> bool:
    try:
        result, ok = job.run(database, settings).as_text(), True
    except Exception as error:
        log.error("job %s failed: %s", job.name, type(error).__name__, exc_info=error)
        result, ok = type(error).__name__, False
    with database.transaction() as db:
        row = _row(db, job.name)
        row.last_at, row.lease_until, row.result, row.ok = now(), None, result[:300], ok
        db.add(row)
    return ok
