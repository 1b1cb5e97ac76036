"""Requests to an application in this process, on one event loop for the whole run.

Starlette's TestClient starts a thread and an event loop for every request and passes between the threads nine times; that was most
of what a simple page cost a test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

_portals: list[BlockingPortal] = []


@contextmanager
def one_loop() -> Iterator[None]:
    """Keep one event loop, in a thread of its own, for everything that is asked meanwhile."""
    with start_blocking_portal() as portal:
        _portals.append(portal)
        try:
            yield
        finally:
            _portals.remove(portal)


class Inside(httpx.BaseTransport):
    """Asks the application without a socket; an exception that reaches the server is a 500, as a server would make it."""

    def __init__(self, app: FastAPI) -> None:
        self._asgi = httpx.ASGITransport(app, raise_app_exceptions=False, client=("testclient", 50000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask on the loop of the run; the answer comes whole, encoded as it was sent."""
        return _portals[-1].call(self._ask, request, request.read())

    async def _ask(self, request: httpx.Request, body: bytes) -> httpx.Response:
        answer = await self._asgi.handle_async_request(
            httpx.Request(request.method, request.url, headers=request.headers, stream=httpx.ByteStream(body))
        )
        whole = b"".join([part async for part in answer.stream])  # type: ignore[union-attr]
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(whole))


def client(app: FastAPI, base_url: str = "http://127.0.0.1:8000", **options: Any) -> httpx.Client:
    """Return a client of an application; it follows no redirects."""
    return httpx.Client(transport=Inside(app), base_url=base_url, **options)
