"""Bring a directory in: streamed in batches, the same again changes nothing, a killed run goes on where it stopped."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core import settings
from app.core.clock import now
from app.core.db import Database
from app.core.i18n import _
from app.core.ids import new_id
from app.core.text import shorten
from app.domain import versions
from app.domain.audit import actions as audit
from app.domain.directory import restoring
from app.domain.directory.compiling import compile_services
from app.domain.directory.ending import ask_again, end_services, unlink
from app.domain.directory.places import AreaBook
from app.domain.directory.reading import Held, Item, Note, Source, open_source
from app.domain.directory.report import Report
from app.domain.directory.rows import TABLES, Ids, content_hash
from app.domain.directory.storing import LINK, SERVICE, Store, mark_feed, stale_or_missing
from app.domain.directory.wire.publish import publish_everything, publish_waiting
from app.domain.directory.wire.put import begin
from app.models.directory import Feed, FeedForm

BATCH = 400
_FEW = 20
_PART = 3  # no more than a third of a list that nobody looks at ends at once
_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_FORMS = {"hsds-json": FeedForm.JSON, "mapped": FeedForm.MAPPED}
_LINKED_KINDS = ("service", "service_at_location")
Progress = Callable[[int], object]


@dataclass(slots=True)
class _Seen:
    """Which services and links stand in the source: 64 bits of each id."""

    service: set[int]
    service_at_location: set[int]

    def add(self, kind: str, own_id: UUID) -> None:
        if kind in _LINKED_KINDS:
            getattr(self, kind).add(own_id.int & 0xFFFF_FFFF_FFFF_FFFF)

    def has(self, kind: str, own_id: UUID) -> bool:
        return (own_id.int & 0xFFFF_FFFF_FFFF_FFFF) in getattr(self, kind)


def import_directory(
    database: Database, path: Path, *, feed_name: str, mapping: Path | None = None, dry_run: bool = False,
    progress: Progress | None = None, note: str = "", country: str = "", unattended: bool = False,
    partial: bool = False,
) -> Report:  # fmt: skip
    """Read ``path`` (HSDS JSON, tables, or with a mapping file) into the directory and say what happened.

    ``note`` is shown with every listing of the feed ("old test data"); ``country`` (ISO 3166) places what names none.
    ``unattended``: nobody reads the report, so that no more than a third of a list is ended at once; ``partial``: only what has
    changed stands in it, so that nothing ends because it is not there.
    Our own export comes back with its own ids. Raises Unreadable when nothing of the source can be read.
    """
    started = time.perf_counter()
    report = Report(feed_name, dry_run=dry_run)
    same = restoring.is_export(path) and mapping is None
    with open_source(path, mapping) as source:
        report.form = source.form
        if dry_run:
            _look(database, source, Ids(feed_name, same), report, progress)
        else:
            _store(database, source, report, same, path, progress, note, country, unattended, partial)
        report.notes = [*source.notes, *report.notes]
    report.seconds = time.perf_counter() - started
    return report


def _look(database: Database, source: Source, ids: Ids, report: Report, progress: Progress | None) -> None:
    """Compare with what is stored, write nothing."""
    seen = _Seen(set(), set())
    with database.reading() as db:
        for batch, done in _batches(source, report, ids, seen):
            for item in batch:
                table = TABLES[item.kind]
                known = db.execute(sa.select(table.c.content_hash).where(table.c.id == ids.of(item.kind, item.foreign_id))).scalar()
                same = known == content_hash(item.data) or (known is not None and ids.same)
                report.count(item.kind, "new" if known is None else "unchanged" if same else "changed")
            if progress:
                progress(done)
        feed_id = db.execute(sa.select(_FEED.c.id).where(_FEED.c.name == report.feed)).scalar()
        if feed_id and not ids.same:
            report.count("service", "gone", len(_missing(db, feed_id, seen)))


def _store(
    database: Database, source: Source, report: Report, same: bool, path: Path, progress: Progress | None, note: str, country: str,
    unattended: bool, partial: bool,
) -> None:  # fmt: skip
    ids, seen = Ids(report.feed, same), _Seen(set(), set())
    with database.transaction() as db:
        country = (country or source.credit.get("country", "")).upper()[:2] or _only_country()
        feed_id, language, country = _feed(db, report.feed, source, note, country)
        book = AreaBook.load(db.connection())
    store = Store(feed_id, ids, book, report, language, country)
    for batch, done in _batches(source, report, ids, seen):
        with database.transaction() as db:
            store.put(db, batch)
        if progress:
            progress(done)
    if same:
        restoring.restore_own(database, path, feed_id)
        with database.transaction() as db:  # the worker may have published rows before their own columns came back
            publish_everything(db)
    compile_all(database, book)
    with database.transaction() as db:
        if partial:
            _unlink_moved(db, feed_id, seen, book)
        elif not same:
            _end_missing(db, feed_id, seen, report, book, unattended)
        db.execute(sa.update(_FEED).where(_FEED.c.id == feed_id).values(last_import=now()))
        restoring.drop_if_empty(db, feed_id)
        audit.record(
            db, None, "import_directory", "feed", feed_id,
            new=report.of("service", "new"), changed=report.of("service", "changed"), held=report.held_count,
        )  # fmt: skip
        versions.bump(db, versions.DIRECTORY)


def _batches(source: Source, report: Report, ids: Ids, seen: _Seen) -> Iterator[tuple[list[Item], int]]:
    batch: list[Item] = []
    done = 0
    for found in source.items():
        done += 1
        if isinstance(found, Held):
            report.hold(found)
            if found.foreign_id:  # it stands in the source still, so what we have of it is not gone
                for kind in _LINKED_KINDS:
                    seen.add(kind, ids.of(kind, found.foreign_id))
            continue
        seen.add(found.kind, ids.of(found.kind, found.foreign_id))
        batch.append(found)
        if len(batch) == BATCH:
            yield batch, done
            batch = []
    yield batch, done


def _feed(db: Session, name: str, source: Source, note: str, country: str) -> tuple[UUID, str, str]:
    """Return the id, language and country of the feed, made or brought up to date."""
    credit = source.credit
    values = {
        "title": shorten(credit.get("name", "") or name, 200), "form": _FORMS.get(source.form, FeedForm.TABLES),
        "licence": credit.get("licence", "")[:400], "source_url": credit.get("url", "")[:400],
        "note": (note or credit.get("note", ""))[:400], "country": country,
    }  # fmt: skip
    row = db.execute(sa.select(_FEED).where(_FEED.c.name == name[:80])).first()
    if row is not None:
        said = {k: v for k, v in values.items() if v}
        db.execute(sa.update(_FEED).where(_FEED.c.id == row.id).values(**said))
        if any(said.get(name, old) != old for name, old in row._mapping.items()):
            mark_feed(db, row.id)
        return row.id, row.language, country or row.country
    language = credit.get("language", "en")[:12]
    feed = {"id": new_id(), "name": name[:80], "language": language, "last_import": None, **values}
    db.execute(sa.insert(_FEED), feed)
    return feed["id"], language, country  # type: ignore[return-value]


def _only_country() -> str:
    countries = settings.current().country_list
    return countries[0] if len(countries) == 1 else ""


def compile_all(database: Database, book: AreaBook | None = None) -> int:
    """Put the pages and public objects of everything that moved together; what a crash left, the next call does.

    Returns how many services were put together.
    """
    done = 0
    while True:
        with database.transaction() as db:
            begin(db)
            ids = list(db.execute(stale_or_missing(BATCH)).scalars())
            if ids:
                book = book or AreaBook.load(db.connection())
                done += compile_services(db, ids, book)
            elif not publish_waiting(db, BATCH):
                return done


def _missing(db: Session, feed_id: UUID, seen: _Seen) -> list[UUID]:
    rows = db.execute(sa.select(SERVICE.c.id).where(SERVICE.c.feed_id == feed_id, SERVICE.c.defunct_on.is_(None)))
    return [key for key in rows.scalars() if not seen.has("service", key)]


def _unlink_moved(db: Session, feed_id: UUID, seen: _Seen, book: AreaBook) -> None:
    """Let the services that came go from the places at which they are no more."""
    links = db.execute(sa.select(LINK.c.id, LINK.c.service_id).where(LINK.c.feed_id == feed_id)).all()
    lost = [row for row in links if seen.has("service", row.service_id) and not seen.has("service_at_location", row.id)]
    for n in range(0, len(lost), BATCH):
        some = lost[n : n + BATCH]
        unlink(db, [row.id for row in some])
        compile_services(db, sorted({row.service_id for row in some}), book)


def _end_missing(db: Session, feed_id: UUID, seen: _Seen, report: Report, book: AreaBook, unattended: bool) -> None:
    links = db.execute(sa.select(LINK.c.id, LINK.c.service_id).where(LINK.c.feed_id == feed_id)).all()
    gone = _missing(db, feed_id, seen)
    there = len(seen.service)
    most = max(1, (there + len(gone)) // _PART) if unattended else max(_FEW, there)
    if gone and (not there or len(gone) > most):  # a broken or cut-off feed looks like this
        sentence = _(
            "%(n)s services are missing now, too many at once. None of them was ended: look at the source first.", n=len(gone)
        )
        report.notes.append(Note(report.feed, sentence))
        report.missing = len(gone)
        return
    counted = ask_again(db, gone)
    gone = [key for key in gone if key not in counted]
    report.missing = len(counted)
    lost = [row for row in links if not seen.has("service_at_location", row.id) and row.service_id not in counted]
    for n in range(0, len(lost), BATCH):
        unlink(db, [row.id for row in lost[n : n + BATCH]])
    for n in range(0, len(gone), BATCH):
        end_services(db, gone[n : n + BATCH], now().date())
    touched = sorted({*(row.service_id for row in lost), *gone, *counted})
    for n in range(0, len(touched), BATCH):
        compile_services(db, touched[n : n + BATCH], book)
    if gone:
        report.count("service", "gone", len(gone))
