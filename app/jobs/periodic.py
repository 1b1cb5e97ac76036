"""What happens by the clock: each job at most once at a time, remembered in a row, refused when the clock jumped."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database, checkpoint
from app.core.settings import Settings
from app.jobs import retention
from app.models.engine import JobRun

log = logging.getLogger("hearth.jobs")
LEASE = timedelta(minutes=15)
CLOCK_JUMP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job: what it is called, how often it runs, what it does, and whether it deletes by date."""

    name: str
    every: timedelta
    run: Callable[[Database, Settings], str]
    deletes: bool = False


def _publish(database: Database, _settings: Settings) -> str:
    from app.domain.stories import actions as stories

    with database.transaction() as db:
        moment = now()
        shown, ended, asked = stories.publish_due(db, moment), stories.expire_due(db, moment), stories.remind_due(db, moment)
        return f"{shown} published, {ended} expired, {asked} asked whether it is still right"


def _checkpoint(database: Database, _settings: Settings) -> str:
    return "done" if checkpoint(database) else "left to another process or to later"


JOBS = (
    Periodic("checkpoint", timedelta(seconds=30), _checkpoint),
    Periodic("publish", timedelta(minutes=5), _publish),
    Periodic("retention", timedelta(hours=6), retention.run, deletes=True),
)


def run_due(database: Database, settings: Settings, jobs: tuple[Periodic, ...] = JOBS) -> list[str]:
    """Run every job that is due; return the names of those that ran. One that fails is noted and does not stop the others."""
    return [job.name for job in jobs if _claim(database, job) and _carry_out(database, settings, job)]


def _claim(database: Database, job: Periodic) -> bool:
    moment = now()
    with database.transaction() as db:
        row = db.get(JobRun, job.name) or JobRun(name=job.name)
        if row.lease_until and row.lease_until > moment:
            return False
        if row.last_at and moment - row.last_at < job.every and row.last_at <= moment:
            return False
        if job.deletes and _jumped(db, row):
            return False
        row.lease_until = moment + LEASE
        db.add(row)
    return True


def _jumped(db: Session, row: JobRun) -> bool:
    """Say whether the clock moved by more than a day beyond the rhythm: then nothing is deleted until a person looked (F8).

    The mark of ordinary life is the job that runs every 30 seconds: when even that one has not run for more than a day,
    the machine slept or its clock was set. The first run after that only notes the new time.
    """
    beat = db.get(JobRun, "checkpoint")
    last = max((t for t in (row.last_at, beat.last_at if beat else None) if t is not None), default=None)
    if last is None or abs(now() - last) <= CLOCK_JUMP:
        return False
    row.last_at, row.ok, row.result = now(), False, "waited: the clock moved by more than a day"
    db.add(row)
    log.warning("job %s waits: the clock moved by more than a day", row.name)
    return True


def _carry_out(database: Database, settings: Settings, job: Periodic) -> bool:
    try:
        result, ok = job.run(database, settings), True
    except Exception as error:
        log.error("job %s failed: %s", job.name, type(error).__name__, exc_info=error)
        result, ok = type(error).__name__, False
    with database.transaction() as db:
        row = db.get(JobRun, job.name) or JobRun(name=job.name)
        row.last_at, row.lease_until, row.result, row.ok = now(), None, result[:300], ok
        db.add(row)
    return ok
