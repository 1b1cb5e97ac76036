"""A member's own copy of their data: a readable page, the same as JSON, and their media, in one file for one day."""

import json
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.core import private
from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _, current, direction
from app.domain.accounts import export_parts, hooks, queries
from app.domain.accounts.export_words import label, plain, written
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.media.store import from_url
from app.models.accounts import Export

KEPT: Final = timedelta(days=1)
_DAY: Final = (2020, 1, 1, 0, 0, 0)  # files say no time


def folder() -> Path:
    """Return where copies lie while they can be fetched."""
    return core_settings.current().data_dir / "exports"


def make(db: Session, actor: Actor) -> Export:
    """Make the copy; Conflict while another one is open."""
    if queries.open_export(db, actor.me):
        raise Conflict(_("You have a copy that is ready already. Fetch it, or remove it first."))
    remove_all(db, actor.me)
    parts = collect(db, actor.me)
    name = f"{secrets.token_hex(16)}.zip"
    private.make_folder(folder())
    private.write(folder() / name, pack(parts, export_parts.media_files(db, actor.me), _more_files(db, actor.me)))
    moment = now()
    row = Export(member_id=actor.me, asked_at=moment, file_name=name, ready_at=moment, ends_at=moment + KEPT)
    db.add(row)
    db.flush()
    audit.record(db, actor, "export.made", "member", actor.me)
    return row


def collect(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return everything that is the member's, by part; nothing of other people."""
    parts = export_parts.account(db, member_id)
    for more in hooks.on_export:
        parts |= more(db, member_id)
    return parts


def _more_files(db: Session, member_id: UUID) -> Iterator[tuple[str, bytes]]:
    for more in hooks.on_export_files:
        yield from more(db, member_id)


def pack(parts: dict[str, Any], media: list[str], more: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """Return the zip file: read.html, data.json, media/…; ``more``: files that lie in the database, by name."""
    store = from_url(core_settings.current().media)
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "read.html", page(parts).encode())
        _write(archive, "data.json", json.dumps(parts, ensure_ascii=False, indent=1, default=plain).encode())
        for name in media:
            try:
                with store.open(name) as file:
                    _write(archive, f"media/{Path(name).name}", file.read())
            except KeyError:  # taken away meanwhile
                continue
        for name, data in more:
            _write(archive, f"media/{name}", data)
    return whole.getvalue()


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)


def page(parts: dict[str, Any]) -> str:
    """Return the copy as a plain page that opens anywhere."""
    language = current()
    sections = "".join(f"<h2>{escape(label(title))}</h2>{written(content)}" for title, content in parts.items())
    heading = escape(_("My data"))
    return (
        f'<!doctype html><html lang="{language}" dir="{direction(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>…</title><h1>{heading}</h1>{sections}</html>'
    )


def read_file(export: Export) -> bytes | None:
    """Return the file, or None when it is gone."""
    place = folder() / (export.file_name or "-")
    return place.read_bytes() if place.is_file() else None


def remove_all(db: Session, member_id: UUID) -> None:
    """Remove every copy of a member, rows and files."""
    _remove(db, list(db.exec(select(Export).where(Export.member_id == member_id)).all()))


def clear_exports(db: Session) -> int:
    """Remove copies whose day is over (for the retention job); return how many."""
    old = list(db.exec(select(Export).where(col(Export.ends_at) <= now())).all())
    _remove(db, old)
    return len(old)


def _remove(db: Session, rows: list[Export]) -> None:
    for row in rows:
        if row.file_name:
            (folder() / row.file_name).unlink(missing_ok=True)
    db.exec(delete(Export).where(col(Export.id).in_([row.id for row in rows])))
    db.flush()
