"""Is the house in order? Every check says what it looked at and what to do."""

import json
import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

import app.models  # noqa: F401
from app.core import migrate
from app.core.clock import now
from app.core.crypto import SealBroken, ring
from app.core.db import Database, Sealed, sqlite_is_fixed
from app.core.settings import Settings
from app.domain.audit.actions import broken_links, end_of_chain
from app.domain.media.store import from_url
from app.domain.network import texts
from app.domain.notifications.actions import waiting_long
from app.models.engine import Delivery, DeliveryState, JobRun
from app.models.stories import Media, MediaState

LOW_DISK = 200 * 1024 * 1024
OLD_BACKUP = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: ``level`` is ok, note or problem."""

    check: str
    level: str
    text: str


def examine(database: Database, settings: Settings, audit: bool = False) -> list[Finding]:
    """Run every check; one that cannot be carried out is a problem itself."""
    checks: list[Callable[[Database, Settings], Iterator[Finding]]] = [
        _versions, _schema, _integrity, _secrets, _settings, _texts, _seals, _media, _disk, _jobs, _queue, _backups,
    ]  # fmt: skip
    found: list[Finding] = []
    for check in [*checks, _audit] if audit else checks:
        name = check.__name__.strip("_")
        try:
            found += check(database, settings)
        except (sa.exc.SQLAlchemyError, OSError, ValueError, KeyError) as error:
            found.append(Finding(name, "problem", f"could not be looked at: {type(error).__name__}"))
    return found


def as_dict(findings: list[Finding]) -> dict[str, object]:
    """Return the result for machines."""
    return {"ok": all(f.level != "problem" for f in findings), "findings": [asdict(f) for f in findings]}


def _versions(database: Database, _settings: Settings) -> Iterator[Finding]:
    yield Finding("python", "ok", platform.python_version())
    if not database.embedded:
        with database.read_engine.connect() as connection:
            yield Finding("postgresql", "ok", str(connection.execute(sa.text("SHOW server_version")).scalar()))
        return
    yield Finding("sqlite", "ok", sqlite3.sqlite_version)
    if sqlite_is_fixed():
        yield Finding("sqlite guard", "ok", "this SQLite is free of the WAL-reset race")
    else:
        text = (
            "this SQLite has the WAL-reset race; the guard is on: no automatic checkpoints, one checkpointer under the writer lock"
        )
        yield Finding("sqlite guard", "ok", text)
    with database.write_engine.connect() as connection:
        for name, wanted in (
            ("journal_mode", "wal"),
            ("wal_autocheckpoint", 0),
            ("synchronous", 2),
            ("secure_delete", 1),
        ):
            value = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            yield Finding(f"sqlite {name}", "ok" if value == wanted else "problem", f"{value}")


def _schema(database: Database, _settings: Settings) -> Iterator[Finding]:
    found, wanted = migrate.revision(database), migrate.head()
    if found == wanted:
        yield Finding("schema", "ok", f"revision {found}")
    elif migrate.is_newer(database):
        yield Finding("schema", "problem", f"revision {found} is from a later release; run that release")
    else:
        yield Finding("schema", "problem", f"revision {found or 'none'}, this release needs {wanted}: run hearth migrate")


def _integrity(database: Database, _settings: Settings) -> Iterator[Finding]:
    if not database.embedded:
        return
    with database.read_engine.connect() as connection:
        answer = connection.exec_driver_sql("PRAGMA quick_check").scalar()
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    yield Finding("integrity", "ok" if answer == "ok" else "problem", str(answer))
    yield Finding("references", "problem" if dangling else "ok", f"{len(dangling)} rows point nowhere")


def _secrets(_database: Database, settings: Settings) -> Iterator[Finding]:
    if settings.mode != "production":
        yield Finding("secrets", "note", f"mode is {settings.mode}: not for real people")
    else:
        yield Finding("secrets", "ok", "set")
    onion = settings.host.endswith(".onion")  # an onion service encrypts by itself
    if not settings.secure and not onion and settings.mode == "production":
        yield Finding("address", "problem", "HEARTH_BASE_URL is not https")


def _settings(_database: Database, _settings: Settings) -> Iterator[Finding]:
    known = {f"HEARTH_{name.upper()}" for name in Settings.model_fields} | {"HEARTH_DOMAIN"}  # the last one is the proxy's
    unknown = sorted(name for name in os.environ if name.startswith("HEARTH_") and name.upper() not in known)
    if unknown:
        yield Finding("settings", "note", f"nobody reads {', '.join(unknown)}: is it written right? See .env.example")


def _texts(_database: Database, settings: Settings) -> Iterator[Finding]:
    own = settings.data_dir / texts.OWN
    if own.exists():
        fault = texts.fault(own)
        yield Finding("house.yaml", "problem" if fault else "ok", fault or "the network's own page and rules")


def _seals(database: Database, _settings: Settings) -> Iterator[Finding]:
    broken, old = 0, 0
    with database.read_engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, Sealed):
                    plain = sa.select(sa.type_coerce(column, sa.LargeBinary)).where(column.is_not(None))
                    for (value,) in connection.execute(plain):
                        broken += not _opens(bytes(value), column.type.context)
                        old += not ring().is_current(bytes(value))
    yield Finding("seals", "problem" if broken else "ok", f"{broken} sealed values cannot be opened")
    if old:
        yield Finding("seals", "note", f"{old} values are sealed with an older key: run hearth reseal")


def _opens(value: bytes, context: str) -> bool:
    try:
        ring().open(value, context)
    except SealBroken:
        return False
    return True


def _media(database: Database, settings: Settings) -> Iterator[Finding]:
    store = from_url(settings.media)
    with database.reading() as db:
        rows = db.exec(select(Media).where(Media.state == MediaState.READY)).all()
    wanted = {f["name"] for row in rows for f in row.files.values()}
    files = [p for p in store.root.rglob("*") if p.is_file() and p.name[:1] != "."] if store.root.exists() else []
    there = {p.relative_to(store.root).as_posix() for p in files}
    missing, extra = wanted - there, there - wanted
    yield Finding("media", "problem" if missing else "ok", f"{len(wanted)} files, {len(missing)} missing")
    if extra:
        yield Finding("media", "note", f"{len(extra)} files belong to no story")


def _disk(_database: Database, settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data_dir).free
    yield Finding("disk", "problem" if free < LOW_DISK else "ok", f"{free // (1024 * 1024)} MB free")


def _jobs(database: Database, _settings: Settings) -> Iterator[Finding]:
    with database.reading() as db:
        runs = db.exec(select(JobRun)).all()
    beat = next((r for r in runs if r.name == "checkpoint"), None)
    if beat is None or beat.last_at is None or now() - beat.last_at > timedelta(minutes=5):
        yield Finding("worker", "note", "no worker was seen in the last five minutes (hearth worker, or hearth serve with SQLite)")
    for run in runs:
        yield Finding(f"job {run.name}", "ok" if run.ok else "problem", run.result or "ran")


def _queue(database: Database, _settings: Settings) -> Iterator[Finding]:
    with database.reading() as db:
        late, failed = waiting_long(db), select(sa.func.count()).where(col(Delivery.state) == DeliveryState.FAILED)
        given_up = db.exec(failed).one()
    yield Finding("deliveries", "problem" if late else "ok", f"{late} wait for more than an hour")
    if given_up:
        yield Finding("deliveries", "note", f"{given_up} were given up in the last seven days: is HEARTH_MAIL_URL right?")


def _backups(_database: Database, settings: Settings) -> Iterator[Finding]:
    stamp = Path(settings.data_dir) / "last-backup.json"
    if not stamp.exists():
        yield Finding("backup", "note", "no backup was made yet: hearth backup FILE")
        return
    at = datetime.fromisoformat(json.loads(stamp.read_text())["at"])
    yield Finding("backup", "note" if now() - at > OLD_BACKUP else "ok", f"last one {at:%Y-%m-%d %H:%M} UTC")


def _audit(database: Database, _settings: Settings) -> Iterator[Finding]:
    with database.reading() as db:
        broken = list(broken_links(db))
        number, mark = end_of_chain(db)
    # The end is told so that it can be kept elsewhere: only against that can a cut-off end be noticed.
    whole = f"the chain is whole: {number} events, the last is {mark[:16]}"
    text = f"broken at {', '.join(map(str, broken[:10]))}" if broken else whole
    yield Finding("audit", "problem" if broken else "ok", text)


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
    with database.transaction() as db:
        rows = db.execute(sa.select(raw.c[key.name], raw.c[column.name]).where(raw.c[column.name].is_not(None))).all()
        old = [(i, bytes(v)) for i, v in rows if not ring().is_current(bytes(v))]
        count = 0
        for row_id, value in old:
            if not _opens(value, context):  # the doctor counts these; the others go on
                continue
            fresh = ring().seal(ring().open(value, context), context)
            same = sa.and_(raw.c[key.name] == row_id, raw.c[column.name] == value)  # not if somebody wrote meanwhile
            count += db.execute(sa.update(raw).where(same).values({column.name: fresh})).rowcount  # type: ignore[attr-defined]
    return count
