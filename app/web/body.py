"""A request's body as it arrives: counted, ended at its limit, and read away in bounds, so that the answer arrives too."""

from typing import Final

import anyio
from starlette.datastructures import Headers
from starlette.types import Message, Receive

# Our longest form, a story, has 52,000 letters, and a browser sends a letter as up to twelve bytes (%F0%9E%A4%80): 640 kB. What is
# longer, up to here, is shown again in its own form with the sentence of its field.
BODY_LIMIT: Final = 1024 * 1024
# As much as the proxies in deploy/ let in: what is too big is read to its end, so that the words beside it are not lost.
UPLOAD_LIMIT: Final = 40_000_000
BATCH = "/api/partner/v1/batch"
BATCH_LIMIT: Final = 2 * 1024 * 1024  # 500 listings of partners; JSON is read on the event loop: about 20 ms
KEPT_OF_FILES: Final = 16 * 1024 * 1024  # bytes in the temporary folder for one request, above the biggest file that we take
DRAINED: Final = 40_000_000  # bytes after which a sender who does not stop is cut off
DRAINED_SECONDS: Final = 120.0


class BodyTooLarge(Exception):
    """The body is over the limit of its kind: announced so, or found so while it was read."""


def is_upload(headers: Headers) -> bool:
    """Say whether a form may bring files."""
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


class Incoming:
    """The body of one request; ``receive`` is what the application reads from."""

    def __init__(self, receive: Receive, headers: Headers, path: str = "") -> None:
        length = headers.get("content-length", "0")
        self._receive = receive
        self._words = not is_upload(headers)
        self.limit = (BATCH_LIMIT if path == BATCH else BODY_LIMIT) if self._words else UPLOAD_LIMIT
        self._announced = int(length) if length.isascii() and length.isdigit() and len(length) <= 18 else 0
        self._asks_first = "100-continue" in headers.get("expect", "").lower()
        self._seen = 0
        self._beginning = bytearray()
        self.whole = not (self._announced or "transfer-encoding" in headers)

    async def receive(self) -> Message:
        """Return the next message; raise BodyTooLarge above the limit, before reading where that was announced."""
        if self._announced > self.limit:
            raise BodyTooLarge
        message = await self._next()
        if self._seen > self.limit:
            raise BodyTooLarge
        return message

    async def _next(self) -> Message:
        message = await self._receive()
        part = message.get("body", b"") if message["type"] == "http.request" else b""
        self.whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self._words and self._seen < self.limit:
            self._beginning += part[: self.limit - self._seen]
        self._seen += len(part)
        return message

    async def beginning(self) -> bytes:
        """Return what came first of a form of words, up to its limit; nothing of an upload."""
        while self._words and not self.whole and self._seen < self.limit:
            await self._next()
        return bytes(self._beginning)

    async def drain(self) -> None:
        """Read the rest away: a connection that is closed on unread bytes takes the answer with it.

        At most 40 MB and two minutes; not at all where the sender waits for a word before sending.
        """
        if self._asks_first and not self._seen:
            return
        with anyio.move_on_after(DRAINED_SECONDS):
            while not self.whole and self._seen < DRAINED:
                await self._next()
