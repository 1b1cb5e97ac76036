"""Guests' pages as compressed bytes: made once per version, answered without the application; compression for the rest."""

import gzip
import hashlib
import re
import sqlite3
import time
import zlib
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import anyio.to_thread
import brotli
import sqlalchemy as sa
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.clock import now
from app.core.db import Database
from app.domain import paused

LIMIT_BYTES = 48 * 1024 * 1024
LIMIT_PAGES = 5_000
SMALLEST = 600  # bytes below which compression gains nothing
_TYPES = (
    "text/html",
    "application/json",
    "application/atom+xml",
    "application/xml",
    "text/plain",
    "application/rss+xml",
)
# Any cookie of ours but the language and the mark of a known phone may change what a page says.
_OWN_COOKIE = re.compile(r"(?:^|[;\s])(?:__Host-|__Secure-)?hearth(?!_language=|_known=)")
_REFUSED = re.compile(r"0(\.0{0,3})?")
# First part of the path -> whose version it hangs on, and for how long "now" (open now, today's order) may stand still.
KEPT = {
    "": 300, "stories": 3600, "stories.atom": 3600, "help": 300, "about": 3600, "safe": 3600, "rules": 3600, "privacy": 3600,
    "groups": 3600, "g": 3600, "money": 60, "numbers": 3600,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kept:
    etag: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


@lru_cache(maxsize=500)
def encoding(accept: str) -> str:
    """Return the best encoding of ours that the browser takes (RFC 9110: ``;q=0`` is a refusal)."""
    taken = set()
    for part in accept.lower().replace(" ", "").split(","):
        name, _, quality = part.partition(";q=")
        if not _REFUSED.fullmatch(quality):
            taken.add(name)
    return next((how for how in ("br", "gzip") if how in taken), "")


def compress(body: bytes, how: str, kept: bool) -> bytes:
    """Compress; kept pages are worth more effort than pages made for one reader."""
    if how == "br":
        return bytes(brotli.compress(body, quality=9 if kept else 4))
    return gzip.compress(body, 6 if kept else 2, mtime=0)


class Press:
    """Compresses a stream part by part; each part can be read as soon as it is there."""

    def __init__(self, how: str) -> None:
        self._brotli = brotli.Compressor(quality=4) if how == "br" else None
        self._zlib = zlib.compressobj(2, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def press(self, part: bytes) -> bytes:
        """Return a part, compressed."""
        if self._brotli is not None:
            return bytes(self._brotli.process(part) + self._brotli.flush())
        return self._zlib.compress(part) + self._zlib.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        """Return what ends the stream."""
        return bytes(self._brotli.finish()) if self._brotli is not None else self._zlib.flush()


class KeptPages:
    """Plain ASGI, inside Edge: answers guests from memory, compresses what the application makes."""

    def __init__(self, app: ASGIApp, database: Database, build: str) -> None:
        self._app = app
        self._database = database
        self._build = build  # of this release and its settings: an ETag must not outlive them
        self._pages: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self._size = 0
        self._versions: tuple[float, str] = (0.0, "")
        self._pauses: list[tuple[str, int]] = []
        self._read: tuple[object, str] = (None, "")  # SQLite: what was the same then, and the versions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory where that is allowed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        how = encoding(headers.get("accept-encoding", ""))
        moment = self._moment(scope, headers)
        if moment is None:
            await self._app(scope, receive, _Squeezer(send, how))
            if scope["method"] not in ("GET", "HEAD"):
                self._versions = (0.0, "")  # what was written here is seen here at once
            return
        version = await self._version()
        scope["state"]["pauses"] = paused.among(self._pauses, now())  # it stands in the same rows: the gate need not ask again
        scope["state"]["keepable"] = True  # the page must hold nothing that belongs to one reader
        key = (
            scope["path"],
            scope["query_string"].decode("latin-1"),
            scope["state"]["language"],
            how,
            moment,
            self._build,
            version,
        )
        found = self._pages.get(key)
        if found is None:
            keeper = _Squeezer(send, how, kept=True, sent_etag=headers.get("if-none-match", ""), key=key)
            await self._app(scope, receive, keeper)
            if keeper.kept_page:
                self._keep(key, keeper.kept_page)
            return
        self._pages.move_to_end(key)
        scope["state"]["kept"] = True
        await _send(found, headers.get("if-none-match", ""), send)

    def _moment(self, scope: Scope, headers: Headers) -> str | None:
        """Return the time slice that this guest's page may be kept for, or None when it must be made anew."""
        if scope["method"] != "GET" or "hx-request" in headers or len(scope["query_string"]) > 300:
            return None
        first = scope["path"].split("/", 2)[1]
        cookie = "; ".join(headers.getlist("cookie"))  # more than one header is read as one, as the application reads them
        if first not in KEPT or _OWN_COOKIE.search(cookie):
            return None
        moment = now()
        return f"{moment.date()}/{int(moment.timestamp()) // KEPT[first]}"

    async def _version(self) -> str:
        if self._database.embedded:
            return self._read_version()
        moment = time.monotonic()  # not the clock of the house: that one can be set back
        if not self._versions[1] or moment - self._versions[0] > 1:  # over a network: at most one question a second
            self._versions = (moment, await anyio.to_thread.run_sync(self._read_version))
        return self._versions[1]

    def _read_version(self) -> str:
        with self._database.hot() as connection:
            mark = _others_commits(connection) if self._database.embedded else None
            if mark is not None and mark == self._read[0]:
                return self._read[1]
            rows = connection.exec_driver_sql("SELECT name, number FROM content_version ORDER BY name").fetchall()
        self._pauses = [(name, number) for name, number in rows if name in paused.NAMES]
        self._read = (mark, repr(rows))
        return self._read[1]

    def _keep(self, key: tuple[str, ...], page: _Kept) -> None:
        before = self._pages.pop(key, None)  # two readers may have had it made at the same time
        self._size += len(page.body) - (len(before.body) if before else 0)
        self._pages[key] = page
        while self._size > LIMIT_BYTES or len(self._pages) > LIMIT_PAGES:
            _, old = self._pages.popitem(last=False)
            self._size -= len(old.body)


def _others_commits(connection: sa.Connection) -> tuple[object, int] | None:
    """Return what stays the same as long as nobody else has written: SQLite counts for each connection what others commit.

    Others may be in another process; asking is a tenth of a SELECT. None where it cannot say: then the SELECT says what is wrong.
    """
    mine: Any = connection.connection.driver_connection
    with suppress(sqlite3.Error):
        return mine, mine.execute("PRAGMA data_version").fetchone()[0]
    return None


async def _send(page: _Kept, sent_etag: str, send: Send) -> None:
    if sent_etag and page.etag.decode() in sent_etag:
        headers = [(k, v) for k, v in page.headers if k not in (b"content-length", b"content-type", b"content-encoding")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(page.headers)})
    await send({"type": "http.response.body", "body": page.body})


class _Squeezer:
    """A ``send`` that compresses a whole answer, gives it an ETag, and remembers it where it may be kept."""

    def __init__(self, send: Send, how: str, kept: bool = False, sent_etag: str = "", key: tuple[str, ...] = ()) -> None:
        self._send, self._how, self._keep, self._sent_etag, self._key = send, how, kept, sent_etag, key
        self._start: Message | None = None
        self.kept_page: _Kept | None = None

    async def __call__(self, message: Message) -> None:
        """Pass one message on."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is None or message.get("more_body") or not self._worth(self._start, message):
            await self._flush(message)
            return
        await self._finish(self._start, message)

    async def _flush(self, message: Message) -> None:
        if self._start is not None:
            await self._send(self._start)
            self._start = None
        await self._send(message)

    def _worth(self, start: Message, message: Message) -> bool:
        headers = MutableHeaders(scope=start)
        whole = start["status"] != 206 and "content-encoding" not in headers
        return whole and headers.get("content-type", "").startswith(_TYPES) and bool(message.get("body"))

    async def _finish(self, start: Message, message: Message) -> None:
        headers, body = MutableHeaders(scope=start), message["body"]
        private = "set-cookie" in headers or "no-store" in headers.get("cache-control", "")
        if self._how and len(body) >= SMALLEST:
            body = compress(body, self._how, self._keep and not private)
            headers["Content-Encoding"] = self._how
        headers.add_vary_header("Accept-Encoding")
        headers["Content-Length"] = str(len(body))
        if self._keep and start["status"] == 200 and not private:
            # From the version and the address, not from the bytes: tokens in forms differ each time the page is made.
            etag = f'W/"{hashlib.sha256(repr(self._key).encode()).hexdigest()[:20]}"'
            headers["ETag"] = etag
            headers["Cache-Control"] = "private, no-cache"
            self.kept_page = _Kept(etag.encode(), list(start["headers"]), body)
            await _send(self.kept_page, self._sent_etag, self._send)
            return
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
