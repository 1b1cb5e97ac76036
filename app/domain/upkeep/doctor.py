"""Is the house in order? Every check says what it looked at and what to do."""

import json
import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

import app.models  # noqa: F401
from app.core import migrate
from app.core.clock import now
from app.core.crypto import SealBroken, ring
from app.core.db import Database, Sealed, sqlite_is_fixed
from app.core.i18n import N_, Sentence
from app.core.settings import Settings
from app.domain import paused
from app.domain.audit.actions import broken_links, end_of_chain
from app.domain.media.store import from_url
from app.domain.mentoring.training import lessons
from app.domain.moderation.checks import listed
from app.domain.network import crisis, texts
from app.domain.notifications.actions import waiting_long
from app.domain.upkeep import desk, leftovers, lists
from app.domain.upkeep.finding import Finding
from app.models.engine import Delivery, DeliveryState, JobRun

_AS_IT_IS = "%(value)s"  # a version, or what a program answers: the same in every language
_FREE = N_("this SQLite is free of the WAL-reset race")
_GUARDED = N_(
    "this SQLite has the WAL-reset race; the guard is on: no automatic checkpoints, one checkpointer under the writer lock"
)
LOW_DISK = 200 * 1024 * 1024
OLD_BACKUP = timedelta(days=2)
PORTION = 50  # sealed values held at a time: a voice has hundreds of kilobytes


def _found(check: str, level: str, says: str, **params: str | int | datetime) -> Finding:
    return Finding(check, level, Sentence(says, params))


def examine(database: Database, settings: Settings, audit: bool = False) -> list[Finding]:
    """Run every check; one that cannot be carried out is a problem itself."""
    checks: list[Callable[[Database, Settings], Iterator[Finding]]] = [
        _versions, _schema, _integrity, _secrets, _folder, _settings, _texts, _seals, _media, _disk, _jobs, _queue, _backups,
        _paused, _lists, _desk,
    ]  # fmt: skip
    found: list[Finding] = []
    for check in [*checks, _audit] if audit else checks:
        name = check.__name__.strip("_")
        try:
            found += check(database, settings)
        except (sa.exc.SQLAlchemyError, OSError, ValueError, KeyError) as error:
            found.append(_found(name, "problem", N_("could not be looked at: %(error)s"), error=type(error).__name__))
    return found


def as_dict(findings: list[Finding]) -> dict[str, object]:
    """Return the result for machines."""
    told = [{"check": f.check, "level": f.level, "text": f.text} for f in findings]
    return {"ok": all(f.level != "problem" for f in findings), "findings": told}


def _versions(database: Database, _settings: Settings) -> Iterator[Finding]:
    yield _found("python", "ok", _AS_IT_IS, value=platform.python_version())
    if not database.embedded:
        with database.read_engine.connect() as connection:
            version = str(connection.execute(sa.text("SHOW server_version")).scalar())
        yield _found("postgresql", "ok", _AS_IT_IS, value=version)
        return
    yield _found("sqlite", "ok", _AS_IT_IS, value=sqlite3.sqlite_version)
    yield _found("sqlite guard", "ok", _FREE if sqlite_is_fixed() else _GUARDED)
    with database.write_engine.connect() as connection:
        for name, wanted in (
            ("journal_mode", "wal"),
            ("wal_autocheckpoint", 0),
            ("synchronous", 2),
            ("secure_delete", 1),
        ):
            value = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            if value == wanted:
                yield _found(f"sqlite {name}", "ok", _AS_IT_IS, value=str(value))
            else:
                says = N_("%(value)s, but it must be %(wanted)s")
                yield _found(f"sqlite {name}", "problem", says, value=str(value), wanted=str(wanted))


def _schema(database: Database, _settings: Settings) -> Iterator[Finding]:
    found, wanted = migrate.revision(database), migrate.head()
    if found == wanted:
        yield _found("schema", "ok", N_("revision %(revision)s"), revision=found)
    elif migrate.is_newer(database):
        says = N_("revision %(revision)s is from a later release; run that release")
        yield _found("schema", "problem", says, revision=found)
    else:
        says = N_("revision %(revision)s, this release needs %(wanted)s: run hearth migrate")
        yield _found("schema", "problem", says, revision=found or "-", wanted=wanted)


def _integrity(database: Database, _settings: Settings) -> Iterator[Finding]:
    if not database.embedded:
        return
    with database.read_engine.connect() as connection:
        answer = connection.exec_driver_sql("PRAGMA quick_check").scalar()
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    yield _found("integrity", "ok" if answer == "ok" else "problem", _AS_IT_IS, value=str(answer))
    yield _found("references", "problem" if dangling else "ok", N_("rows that point nowhere: %(count)s"), count=len(dangling))


def _secrets(_database: Database, settings: Settings) -> Iterator[Finding]:
    if settings.mode != "production":
        yield _found("secrets", "note", N_("mode is %(mode)s: not for real people"), mode=settings.mode)
    else:
        yield _found("secrets", "ok", N_("they are set"))
    onion = settings.host.endswith(".onion")  # an onion service encrypts by itself
    if not settings.secure and not onion and settings.mode == "production":
        yield _found("address", "problem", N_("HEARTH_BASE_URL is not https"))


def _folder(_database: Database, settings: Settings) -> Iterator[Finding]:
    mode = settings.data_dir.stat().st_mode & 0o777
    if mode & 0o007:
        says = N_("every account of this machine may look into it (mode %(mode)s): chmod 700 %(folder)s")
        yield _found("data folder", "note", says, mode=f"{mode:03o}", folder=str(settings.data_dir))


def _settings(_database: Database, _settings: Settings) -> Iterator[Finding]:
    known = {f"HEARTH_{name.upper()}" for name in Settings.model_fields} | {"HEARTH_DOMAIN"}  # the last one is the proxy's
    unknown = sorted(name for name in os.environ if name.startswith("HEARTH_") and name.upper() not in known)
    if unknown:
        says = N_("nobody reads %(names)s: is it written right? See .env.example")
        yield _found("settings", "note", says, names=", ".join(unknown))


def _texts(_database: Database, settings: Settings) -> Iterator[Finding]:
    own = settings.data_dir / texts.OWN
    if own.exists():
        fault = texts.fault(own)
        yield Finding("house.yaml", "problem", fault) if fault else _found("house.yaml", "ok", N_("it can be shown"))
    called = settings.data_dir / crisis.OWN
    if called.exists() and (fault := crisis.fault(called)):
        yield Finding("crisis.yaml", "problem", fault)
    if fault := lessons.fault(settings.data_dir):
        yield Finding("lessons", "problem", fault)
    if old := crisis.overdue(settings.data_dir, settings.country_list, now().date()):
        says = N_("of these countries a number for emergencies was never called, not for 180 days, or there is none: %(codes)s")
        yield _found("crisis.yaml", "note", says, codes=", ".join(old))
    words = settings.data_dir / listed.OWN
    if words.exists():
        fault = listed.fault(words)
        yield Finding("words.yaml", "problem", fault) if fault else _found("words.yaml", "ok", N_("it is used"))


def _paused(database: Database, _settings: Settings) -> Iterator[Finding]:
    with database.read_engine.connect() as connection:
        for one in paused.of(connection):
            says = N_("until %(moment)s; whoever may do so ends it at /desk/pause")
            yield _found(f"paused {one.what.value}", "note", says, moment=one.until)


def _desk(database: Database, settings: Settings) -> Iterator[Finding]:
    yield from desk.look(database, settings)


def _seals(database: Database, _settings: Settings) -> Iterator[Finding]:
    broken, old = 0, 0
    with database.read_engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, Sealed):
                    plain = (
                        sa.select(sa.type_coerce(column, sa.LargeBinary))
                        .where(column.is_not(None))
                        .execution_options(yield_per=PORTION)
                    )
                    for (value,) in connection.execute(plain):
                        broken += not _opens(bytes(value), column.type.context)
                        old += not ring().is_current(bytes(value))
    yield _found("seals", "problem" if broken else "ok", N_("sealed values that cannot be opened: %(count)s"), count=broken)
    if old:
        yield _found("seals", "note", N_("values that an older key sealed: %(count)s. Run hearth reseal"), count=old)


def _opens(value: bytes, context: str) -> bool:
    try:
        ring().open(value, context)
    except SealBroken:
        return False
    return True


def _media(database: Database, settings: Settings) -> Iterator[Finding]:
    store = from_url(settings.media)
    with database.reading() as db:
        wanted = leftovers.wanted(db)
    there = leftovers.there(store)
    missing, extra = wanted - there, there - wanted
    level, says = "problem" if missing else "ok", N_("files: %(count)s, missing: %(missing)s")
    yield _found("media", level, says, count=len(wanted), missing=len(missing))
    if extra:
        yield _found("media", "note", N_("files that belong to nothing (removed within a day): %(count)s"), count=len(extra))


def _disk(_database: Database, settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data_dir).free
    yield _found("disk", "problem" if free < LOW_DISK else "ok", N_("%(count)s MB free"), count=free // (1024 * 1024))


def _jobs(database: Database, _settings: Settings) -> Iterator[Finding]:
    with database.reading() as db:
        runs = db.exec(select(JobRun)).all()
    beat = next((r for r in runs if r.name == "checkpoint"), None)
    if beat is None or beat.last_at is None or now() - beat.last_at > timedelta(minutes=5):
        says = N_("no worker was seen in the last five minutes (hearth worker, or hearth serve with SQLite)")
        yield _found("worker", "note", says)
    for run in runs:
        result = Sentence.from_text(run.result) if run.result else Sentence(N_("ran"))
        yield Finding(f"job {run.name}", "ok" if run.ok else "problem", result)


def _lists(database: Database, _settings: Settings) -> Iterator[Finding]:
    yield from lists.look(database)


def _queue(database: Database, _settings: Settings) -> Iterator[Finding]:
    with database.reading() as db:
        late, failed = waiting_long(db), select(sa.func.count()).where(col(Delivery.state) == DeliveryState.FAILED)
        given_up = db.exec(failed).one()
    says = N_("messages that wait for more than an hour: %(count)s")
    yield _found("deliveries", "problem" if late else "ok", says, count=late)
    if given_up:
        says = N_("messages given up in the last seven days: %(count)s. Is HEARTH_MAIL_URL right?")
        yield _found("deliveries", "note", says, count=given_up)


def _backups(_database: Database, settings: Settings) -> Iterator[Finding]:
    stamp = Path(settings.data_dir) / "last-backup.json"
    if not stamp.exists():
        yield _found("backup", "note", N_("no backup was made yet: hearth backup FILE"))
        return
    at = datetime.fromisoformat(json.loads(stamp.read_text())["at"])
    level = "note" if now() - at > OLD_BACKUP else "ok"
    yield _found("backup", level, N_("the last one: %(moment)s"), moment=at)


def _audit(database: Database, _settings: Settings) -> Iterator[Finding]:
    with database.reading() as db:
        broken = list(broken_links(db))
        number, mark = end_of_chain(db)
    if broken:
        yield _found("audit", "problem", N_("broken at %(numbers)s"), numbers=", ".join(map(str, broken[:10])))
        return
    # The end is told so that it can be kept elsewhere: only against that can a cut-off end be noticed.
    says = N_("the chain is whole; events: %(count)s, the last is %(mark)s")
    yield _found("audit", "ok", says, count=number, mark=mark[:16])


def reseal(database: Database) -> int:
    """Seal anew, with the first key, every value that an older key sealed; return how many."""
    count = 0
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                count += _reseal_column(database, table, column)
    return count


def _reseal_column(database: Database, table: sa.Table, column: sa.Column[str]) -> int:
    (key,) = table.primary_key.columns
    raw = sa.table(table.name, sa.column(key.name, key.type), sa.column(column.name, sa.LargeBinary))
    context = column.type.context  # type: ignore[attr-defined]
    count, last = 0, None
    while True:
        with database.transaction() as db:
            more = sa.select(raw.c[key.name], raw.c[column.name]).where(raw.c[column.name].is_not(None))
            more = more if last is None else more.where(raw.c[key.name] > last)
            rows = db.execute(more.order_by(raw.c[key.name]).limit(PORTION)).all()
            for row_id, value in rows:
                sealed = bytes(value)
                if ring().is_current(sealed) or not _opens(sealed, context):  # the doctor counts these; the others go on
                    continue
                fresh = ring().seal(ring().open(sealed, context), context)
                same = sa.and_(raw.c[key.name] == row_id, raw.c[column.name] == sealed)  # not if somebody wrote meanwhile
                count += db.execute(sa.update(raw).where(same).values({column.name: fresh})).rowcount  # type: ignore[attr-defined]
        if len(rows) < PORTION:
            return count
        last = rows[-1][0]
