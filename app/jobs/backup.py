"""Back up to one file and restore from it: tables as lines, media, checksums; erased people stay erased."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from app.core import migrate
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Refused
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.domain.media.store import from_url
from app.domain.search import actions as search
from app.jobs import copying
from app.models.accounts import Erasure, Member

FORMAT = 1
ERASURES = "erasures.jsonl"


def back_up(database: Database, settings: Settings, target: Path) -> dict[str, Any]:
    """Write a consistent copy to ``target`` (mode 0600, all or nothing); return what is in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".backup-")
    os.fchmod(handle, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
            manifest = _write(database, settings, archive)
            raw.flush()
            os.fsync(raw.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    stamp = {"at": now().isoformat(), "bytes": target.stat().st_size}
    (settings.data_dir / "last-backup.json").write_text(json.dumps(stamp))
    return {
        "file": str(target),
        **stamp,
        "rows": sum(t["rows"] for t in manifest["tables"].values()),
        "media": manifest["media"],
    }


def _write(database: Database, settings: Settings, archive: tarfile.TarFile) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "revision": migrate.revision(database),
        "at": now().isoformat(),
        "tables": {},
    }
    options = {} if database.embedded else {"isolation_level": "REPEATABLE READ"}
    with database.read_engine.connect().execution_options(**options) as connection, connection.begin():
        for table in copying.tables():
            manifest["tables"][table.name] = _add_table(archive, connection, table)
    manifest["media"] = _add_media(archive, Path(from_url(settings.media).root))
    _add_bytes(archive, "manifest.json", json.dumps(manifest).encode())
    return manifest


def _add_table(archive: tarfile.TarFile, connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    rows, digest = 0, hashlib.sha256()
    with tempfile.TemporaryFile() as spool:
        with gzip.GzipFile(fileobj=spool, mode="wb", mtime=0) as packed:
            for line in copying.dump(connection, table):
                data = line.encode() + b"\n"
                digest.update(data)
                packed.write(data)
                rows += 1
        _add_file(archive, f"tables/{table.name}.jsonl.gz", spool)
    return {"rows": rows, "sha256": digest.hexdigest(), "columns": [c.name for c in table.columns]}


def _add_media(archive: tarfile.TarFile, root: Path) -> int:
    count = 0
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.name.startswith(".")) if root.exists() else ():
        with path.open("rb") as source:
            _add_file(archive, f"media/{path.relative_to(root).as_posix()}", source)
        count += 1
    return count


def _add_file(archive: tarfile.TarFile, name: str, source: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = source.seek(0, io.SEEK_END)
    info.mode = 0o600
    source.seek(0)
    archive.addfile(info, source)


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    _add_file(archive, name, io.BytesIO(data))


def restore(database: Database, settings: Settings, source: Path, *, force: bool = False) -> dict[str, Any]:
    """Fill an empty database from a backup, check every checksum, and erase again whoever was erased since.

    ``force`` empties a database that has rows. Whoever stands in the erasure ledger beside the data stays erased.
    """
    erased = _known_erasures(database, settings)
    with tarfile.open(source, "r:") as archive:
        manifest = _manifest(archive)
        _prepare(database, force)
        rows = _fill(database, archive, manifest)
        media = _restore_media(archive, Path(from_url(settings.media).root))
    migrate.upgrade(database)
    search.rebuild(database)
    again = _erase_again(database, erased)
    note_erasures(database, settings)
    return {"rows": rows, "media": media, "erased_again": again}


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    try:
        member = archive.extractfile("manifest.json")
    except KeyError:
        member = None
    if member is None:
        raise Refused("This file is not a backup of Hearth, or it was cut off while it was written.")
    manifest: dict[str, Any] = json.loads(member.read())
    if manifest.get("format") != FORMAT or manifest["revision"] not in migrate.known():
        raise Refused("This backup was made by a later release. Install that release first, then restore.")
    return manifest


def _prepare(database: Database, force: bool) -> None:
    if migrate.revision(database):
        with database.read_engine.connect() as connection:
            full = connection.execute(sa.text("SELECT count(*) FROM member")).scalar()
        if full and not force:
            raise Refused("There are members in this database. Restore into an empty one, or add --force to replace it.")
        migrate.downgrade(database)
    migrate.upgrade(database)


def _fill(database: Database, archive: tarfile.TarFile, manifest: dict[str, Any]) -> int:
    rows = 0
    with database.write_engine.connect() as connection, connection.begin():
        for table in copying.tables():
            about = manifest["tables"].get(table.name)
            if about is None:
                continue
            connection.execute(sa.delete(table))  # what a migration put there
            digest = hashlib.sha256()
            rows += copying.load(connection, table, _lines(archive, table.name, digest), about["columns"])
            if digest.hexdigest() != about["sha256"]:
                raise Refused(f"The backup is damaged: table {table.name} does not match its checksum. Nothing was restored.")
    return rows


def _lines(archive: tarfile.TarFile, name: str, digest: Any) -> Iterator[str]:
    member = archive.extractfile(f"tables/{name}.jsonl.gz")
    if member is None:
        raise Refused(f"The backup is damaged: table {name} is missing.")
    with gzip.open(member, "rb") as lines:
        for line in lines:
            digest.update(line)
            yield line.decode()


def _restore_media(archive: tarfile.TarFile, root: Path) -> int:
    count = 0
    for info in archive:
        if not info.isfile() or not info.name.startswith("media/"):
            continue
        target = (root / info.name.removeprefix("media/")).resolve()
        if not target.is_relative_to(root.resolve()):
            raise Refused("The backup is damaged: a file wants to leave its folder.")
        target.parent.mkdir(parents=True, exist_ok=True)
        data = archive.extractfile(info)
        target.write_bytes(data.read() if data else b"")
        os.utime(target, (0, 0))
        count += 1
    return count


def _known_erasures(database: Database, settings: Settings) -> dict[UUID, tuple[str, date]]:
    found: dict[UUID, tuple[str, date]] = {}
    ledger = settings.data_dir / ERASURES
    if ledger.exists():
        for line in ledger.read_text().splitlines():
            entry = json.loads(line)
            found[UUID(entry["id"])] = (entry["kind"], date.fromisoformat(entry["on"]))
    if migrate.revision(database):
        with database.reading() as db:
            found |= {e.subject_id: (e.kind, e.on) for e in db.exec(select(Erasure)).all()}
    return found


def _erase_again(database: Database, erased: dict[UUID, tuple[str, date]]) -> int:
    count = 0
    for subject_id, (kind, _on) in erased.items():
        with database.transaction() as db:
            if kind == "member" and db.get(Member, subject_id) is not None:
                accounts.purge_member(db, subject_id)
                count += 1
    return count


def note_erasures(database: Database, settings: Settings) -> None:
    """Write the erasure ledger (random ids and days, nothing else) beside the database, where a restore finds it."""
    with database.reading() as db:
        lines = [
            json.dumps({"kind": e.kind, "id": e.subject_id.hex, "on": e.on.isoformat()}) for e in db.exec(select(Erasure)).all()
        ]
    target = settings.data_dir / ERASURES
    if not lines and not target.exists():
        return
    fresh = target.with_suffix(".new")
    fresh.write_text("".join(f"{line}\n" for line in lines))
    fresh.replace(target)
