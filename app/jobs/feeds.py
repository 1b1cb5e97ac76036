"""Lists are fetched from where they are published: asked only for what changed, by the one way out, taken in by the importer."""

import json
import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.clock import now
from app.core.db import Database
from app.core.i18n import N_, Sentence
from app.core.text import shorten
from app.domain.directory.importing import import_directory
from app.domain.directory.reading import Unreadable
from app.domain.directory.report import Report
from app.jobs import crawling, egress
from app.jobs.periodic import FEEDS_LEASE
from app.models.feeds import FeedPull

_log = logging.getLogger("hearth.feeds")
MOST_BYTES: Final = 300 * 1024 * 1024
WAY: Final = egress.Way(seconds=120.0)
_AGAIN: Final = timedelta(hours=1)  # after something went wrong; twice as long each further time, at most its own rhythm
_DOUBLED: Final = 10  # times
_BUSY: Final = (429, 500, 502, 503, 504)
_PAUSES: Final = (2.0, 15.0)  # seconds before a page of a crawl is asked for once more
_SAID: Final = 300  # letters of a sentence that are kept
_BEGUN: Final = Sentence(N_("It was begun and did not end."))
_NOT_WHOLE: Final = {
    "shape": N_("The other side does not answer as an HSDS server does."),
    "fewer": N_("Fewer services came than the other side says it has. It is asked again."),
    "thin": N_("The other side gives names only, and no whole services."),
    "long": N_("It is too long."),
}  # fmt: skip
_SUFFIXES: Final = (".json", ".ndjson", ".jsonl", ".csv", ".xlsx", ".zip")
_PULL: sa.Table = FeedPull.__table__  # type: ignore[attr-defined]


class NotFetched(Exception):
    """Nothing came that can be taken in; the sentence says why, and names no address."""

    def __init__(self, says: str, **params: str | int) -> None:
        super().__init__(says % params if params else says)
        self.sentence = Sentence(says, params)


def keep(database: Database, address: str, feed: str, every_hours: int, country: str = "", note: str = "") -> None:
    """Ask for a list every so many hours from now on; 0 ends it. What was taken in stays."""
    with database.transaction() as db:
        row = db.exec(select(FeedPull).where(FeedPull.feed == feed[:80])).first()
        if every_hours <= 0:
            if row is not None:
                db.delete(row)
            return
        row = row or FeedPull(feed=feed[:80], address=address, every_hours=every_hours)
        if row.address != address:
            row.etag = row.changed = ""  # they are of what stood at the other one
            row.failures = 0
        row.address, row.every_hours = address, every_hours
        row.country, row.note = country or row.country, note or row.note
        db.add(row)


def fetch(
    address: str, take: Callable[..., Report], etag: str = "", changed: str = "", way: egress.Way = WAY
) -> tuple[Report | None, egress.Fetched]:  # fmt: skip
    """Fetch a list and let ``take`` have its file; None where nothing changed since ``etag`` and ``changed``. Raises NotFetched.

    Where another HSDS server answers, it is crawled; of a crawl for changes only, ``take`` is told partial=True.
    """
    asked = {} if crawling.was_crawled(etag) else {"If-None-Match": etag, "If-Modified-Since": changed}
    headers = {"Accept-Encoding": "identity", "User-Agent": "Hearth", **{name: text for name, text in asked.items() if text}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        try:
            with path.open("wb") as file:
                found = egress.get(address, headers, file, MOST_BYTES, way)
        except egress.Forbidden:
            raise NotFetched(N_("The address leads where nobody is sent from here: only https, and no private network.")) from None
        except OSError as error:
            raise NotFetched(N_("It did not come: %(error)s."), error=shorten(str(error) or type(error).__name__, 120)) from None
        if found.status == 304 and (etag or changed):
            return None, found
        if found.status != 200:
            raise NotFetched(N_("The other side answered %(status)s."), status=found.status)
        if crawling.is_server(path):
            return _crawl(found.address, take, etag, way, path)
        try:
            return take(path.rename(path.with_suffix(_suffix(found.address, path)))), found
        except Unreadable as error:
            raise NotFetched("%(words)s", words=shorten(error.sentence, 200)) from None


def _crawl(base: str, take: Callable[..., Report], mark: str, way: egress.Way, path: Path) -> tuple[Report | None, egress.Fetched]:
    """Ask an HSDS server for its services, page by page; its mark stands where a list has its ETag."""
    crawl, into = crawling.plan(mark), path.with_name("services.ndjson")

    try:
        count = crawling.write(base, crawl, lambda address: _page(address, path, way), into, MOST_BYTES)
    except egress.Forbidden:
        raise NotFetched(N_("The address leads where nobody is sent from here: only https, and no private network.")) from None
    except OSError as error:
        raise NotFetched(N_("It did not come: %(error)s."), error=shorten(str(error) or type(error).__name__, 120)) from None
    except (ValueError, RecursionError):
        raise NotFetched(_NOT_WHOLE["shape"]) from None
    except crawling.Broken as problem:
        raise NotFetched(_NOT_WHOLE[str(problem)]) from None
    found = egress.Fetched(200, crawl.mark, "", base)
    if not count and crawl.since:
        return None, found
    return take(into, partial=True) if crawl.since else take(into), found


def _page(address: str, path: Path, way: egress.Way) -> object:
    """Return the JSON of one page of a crawl; what does not come is asked for again, so that one hiccup does not cost the whole."""
    for pause in _PAUSES:
        try:
            status = _get(address, path, way)
        except egress.Forbidden:
            raise
        except OSError:
            status = None
        if status is not None and status not in _BUSY:
            break
        time.sleep(pause)
    else:
        status = _get(address, path, way)
    if status != 200:
        raise NotFetched(N_("The other side answered %(status)s."), status=status or 0)
    return json.loads(path.read_bytes())


def _get(address: str, path: Path, way: egress.Way) -> int:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Hearth"}
    with path.open("wb") as file:
        return egress.get(address, headers, file, crawling.MOST_PAGE_BYTES, way).status


def _suffix(address: str, path: Path) -> str:
    named = Path(urlsplit(address).path).suffix.lower()
    if named in _SUFFIXES:
        return named
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return ".zip" if start.startswith(b"PK\x03\x04") else ".json" if start[:1] in (b"{", b"[") else ".csv"


def pull_due(database: Database, way: egress.Way = WAY) -> dict[str, int]:
    """Fetch one list that is due, the one that waits longest; return how many were taken in, unchanged, failed."""
    counts = {"taken": 0, "unchanged": 0, "failed": 0}
    with database.reading() as db:
        rows = [dict(row._mapping) for row in db.execute(sa.select(_PULL).order_by(_PULL.c.feed))]
    due = [row for row in rows if _is_due(row, timedelta(hours=row["every_hours"]))]
    for row in sorted(due, key=lambda one: (one["asked_at"] is not None, one["asked_at"] or now()))[:1]:
        counts[_pull(database, FeedPull(**row), way)] += 1
    return counts


def _is_due(row: Mapping[str, Any], every: timedelta) -> bool:
    if row["asked_at"] is None:
        return True
    begun = row["said"] == _BEGUN.as_text()[:_SAID]  # another worker may be at it still
    later = _AGAIN * 2 ** min(max(row["failures"] - 1, 0), _DOUBLED)
    wait = every if row["fine"] else max(_AGAIN, FEEDS_LEASE) if begun else min(every, later)
    return bool(now() - row["asked_at"] >= wait)


def _pull(database: Database, row: FeedPull, way: egress.Way) -> str:
    def take(path: Path, partial: bool = False) -> Report:
        return import_directory(
            database, path, feed_name=row.feed, note=row.note, country=row.country, unattended=True, partial=partial
        )

    _note(database, row, fine=False, said=_BEGUN)  # so it stands if the worker is killed: others have their turn
    try:
        report, found = fetch(row.address, take, row.etag, row.changed, way)
    except NotFetched as problem:
        _note(database, row, fine=False, failures=row.failures + 1, said=problem.sentence)
        return "failed"
    except Exception as error:  # a full disk, no memory, a database that is busy: this list waits, and no other one does
        _log.exception("the list %s was not taken in", row.feed)
        said = Sentence(N_("It could not be taken in: %(error)s."), {"error": type(error).__name__})
        _note(database, row, fine=False, failures=row.failures + 1, said=said)
        return "failed"
    if report is None:
        moved = {"etag": found.etag} if crawling.was_crawled(found.etag) else {}
        _note(database, row, fine=True, failures=0, said=Sentence(N_("Nothing has changed there.")), **moved)
        return "unchanged"
    counts = {what: report.of("service", what) for what in ("new", "changed", "gone")}
    says = N_("new: %(new)s, changed: %(changed)s, gone: %(gone)s, missing and not ended: %(missing)s, held back: %(held)s")
    said = Sentence(says, {**counts, "missing": report.missing, "held": report.held_count})
    _note(database, row, fine=True, failures=0, said=said, etag=found.etag, changed=found.changed)
    return "taken"


def _note(database: Database, row: FeedPull, *, said: Sentence, **values: object) -> None:
    """Keep how it went; nothing where the list was ended, or leads elsewhere, meanwhile."""
    same = sa.and_(_PULL.c.id == row.id, _PULL.c.address == row.address)
    with database.transaction() as db:
        db.execute(sa.update(_PULL).where(same).values(asked_at=now(), said=said.as_text()[:_SAID], **values))


def kept(db: Session) -> list[FeedPull]:
    """Return all lists that are fetched, by name."""
    return list(db.exec(select(FeedPull).order_by(FeedPull.feed)))
