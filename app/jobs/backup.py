"""Back up to one file and restore from it: tables as lines, media, checksums; erased people stay erased."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from app.core import migrate, private
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Refused
from app.core.settings import Settings
from app.domain.media.store import MediaStore, from_url
from app.domain.moderation import looking_after
from app.domain.pausing import restoring as pauses
from app.domain.search import actions as search
from app.domain.upkeep import leftovers
from app.jobs import copying, erasures
from app.models.accounts import SignIn

FORMAT = 1
_SIGN_IN: sa.Table = SignIn.__table__  # type: ignore[attr-defined]
_ONE_DAY = 1_577_836_800  # the moment that every media file says it was written: 2020-01-01


def back_up(database: Database, settings: Settings, target: Path) -> dict[str, Any]:
    """Write a consistent copy to ``target`` (mode 0600, all or nothing); return what is in it."""
    private.make_folder(target.parent)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".backup-")
    os.fchmod(handle, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w") as archive:
                manifest = _write(database, settings, archive, target.parent)
            raw.flush()
            os.fsync(raw.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    stamp = {"at": now().isoformat(), "bytes": target.stat().st_size}
    private.write(settings.data_dir / "last-backup.json", json.dumps(stamp).encode())
    rows = sum(t["rows"] for t in manifest["tables"].values())
    return {"file": str(target), **stamp, "rows": rows, "media": len(manifest["media"])}


def _write(database: Database, settings: Settings, archive: tarfile.TarFile, folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = {"format": FORMAT, "revision": migrate.revision(database), "at": now().isoformat(), "tables": {}}
    options = {} if database.embedded else {"isolation_level": "REPEATABLE READ"}
    with database.read_engine.connect().execution_options(**options) as connection, connection.begin():
        for table in copying.tables():
            manifest["tables"][table.name] = _add_table(archive, connection, table, folder)
    manifest["media"] = _add_media(archive, from_url(settings.media))
    _add_file(archive, "manifest.json", io.BytesIO(json.dumps(manifest).encode()))
    return manifest


def _add_table(archive: tarfile.TarFile, connection: sa.Connection, table: sa.Table, folder: Path) -> dict[str, Any]:
    rows, digest = 0, hashlib.sha256()
    with tempfile.TemporaryFile(dir=folder) as spool:  # beside the backup: no second disk sees what people told
        with gzip.GzipFile(fileobj=spool, mode="wb", mtime=0) as packed:
            for line in copying.dump(connection, table):
                data = line.encode() + b"\n"
                digest.update(data)
                packed.write(data)
                rows += 1
        _add_file(archive, _member_of(table.name), spool)
    return {"rows": rows, "sha256": digest.hexdigest(), "columns": [c.name for c in table.columns]}


def _member_of(table: str) -> str:
    return f"tables/{table}.jsonl.gz"


def _add_media(archive: tarfile.TarFile, store: MediaStore) -> dict[str, str]:
    """Add every media file; return name -> SHA-256. One that goes meanwhile was taken back: then it is not in the copy."""
    digests: dict[str, str] = {}
    for path in sorted(store.root.glob("??/*")):
        name = path.relative_to(store.root).as_posix()
        if not _is_media(store, name):
            continue
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue
        with source:
            digests[name] = hashlib.file_digest(source, "sha256").hexdigest()
            _add_file(archive, f"media/{name}", source)
    return digests


def _add_file(archive: tarfile.TarFile, name: str, source: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = source.seek(0, io.SEEK_END)
    info.mode = 0o600
    source.seek(0)
    archive.addfile(info, source)


def restore(database: Database, settings: Settings, source: Path, *, force: bool = False) -> dict[str, Any]:
    """Fill an empty database from a backup and erase again whoever was erased since.

    Every checksum is compared before anything is touched. ``force`` replaces a database that has members, and its media.
    Whoever stands in the erasure ledger beside the data stays erased.
    """
    with _opened(source) as archive:
        manifest = _manifest(archive)
        _verify(archive, manifest, from_url(settings.media))
        _may_replace(database, force)
        erased = erasures.known(database, settings)
        with database.reading() as db:
            lasting = pauses.lasting(db)
        if migrate.revision(database):
            migrate.downgrade(database)
        migrate.upgrade(database, manifest["revision"])
        rows = _fill(database, archive, manifest)
        _restore_media(archive, manifest, from_url(settings.media))
    migrate.upgrade(database)
    search.rebuild(database)
    again = erasures.erase_again(database, erased)
    with database.transaction() as db:
        pauses.pause_again(db, lasting)
        looking_after.begin_anew(db)
    leftovers.clear(database, from_url(settings.media), older_than=0)  # what came between the rows and the files of the copy
    erasures.note_erasures(database, settings)
    return {"rows": rows, "media": len(manifest["media"]), "erased_again": again}


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, KeyError, ValueError, TypeError) as error:
        raise Refused(
            "This file is not a backup of Hearth, or it is damaged (cut off, or altered). Nothing was restored."
        ) from error


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    member = archive.extractfile("manifest.json")
    manifest: dict[str, Any] = json.loads(member.read()) if member else {}
    if manifest["format"] != FORMAT or manifest["revision"] not in migrate.known():
        raise Refused("This backup was made by a later release. Install that release first, then restore.")
    return manifest


def _verify(archive: tarfile.TarFile, manifest: dict[str, Any], store: MediaStore) -> None:
    """Read everything once and compare it with the manifest."""
    for table, about in manifest["tables"].items():
        digest = hashlib.sha256()
        for line in _lines(archive, table):
            digest.update(line)
        if digest.hexdigest() != about["sha256"]:
            raise Refused(f"The backup is damaged: table {table} does not match its checksum. Nothing was restored.")
    for name, wanted in manifest["media"].items():
        store.path(name)  # KeyError for a name that wants to leave the folder
        data = archive.extractfile(f"media/{name}")
        if data is None or hashlib.file_digest(data, "sha256").hexdigest() != wanted:  # type: ignore[arg-type]
            raise Refused("The backup is damaged: a media file does not match its checksum. Nothing was restored.")


def _may_replace(database: Database, force: bool) -> None:
    if migrate.is_newer(database):
        raise Refused("A later release made this database. Run that release; this one would damage it.")
    if not force and migrate.revision(database) and sa.inspect(database.read_engine).has_table("member"):
        with database.read_engine.connect() as connection:
            if connection.execute(sa.text("SELECT count(*) FROM member")).scalar():
                raise Refused("There are members in this database. Restore into an empty one, or add --force to replace it.")


def _fill(database: Database, archive: tarfile.TarFile, manifest: dict[str, Any]) -> int:
    rows = 0
    with database.write_engine.connect() as connection, connection.begin():
        for table in copying.tables():
            about = manifest["tables"].get(table.name)
            if about is None:
                continue
            connection.execute(sa.delete(table))  # what a migration put there
            lines = (line.decode() for line in _lines(archive, table.name))
            rows += copying.load(connection, table, lines, about["columns"])
        connection.execute(sa.delete(_SIGN_IN))  # who signed out since the copy, or had a phone stolen, stays signed out
    return rows


def _lines(archive: tarfile.TarFile, table: str) -> Iterator[bytes]:
    member = archive.extractfile(_member_of(table))
    if member is not None:
        with gzip.open(member, "rb") as lines:
            yield from lines


def _restore_media(archive: tarfile.TarFile, manifest: dict[str, Any], store: MediaStore) -> None:
    """Put the files of the copy in place; media that are not of this copy go."""
    for name in manifest["media"]:
        target = store.path(name)
        private.make_folder(target.parent)
        data = archive.extractfile(f"media/{name}")
        private.write(target, data.read() if data else b"")
        os.utime(target, (_ONE_DAY, _ONE_DAY))
    for path in list(store.root.glob("??/*")):
        name = path.relative_to(store.root).as_posix()
        if name not in manifest["media"] and _is_media(store, name):
            path.unlink()


def _is_media(store: MediaStore, name: str) -> bool:
    try:
        store.path(name)
    except KeyError:
        return False
    return True
