"""The public interface is open to pages of every site (CORS): no key, no cookie, reading only."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = "/api/hsds"
_EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Language, ETag, Last-Modified, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_ASKED_BEFORE = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",  # a POST that only asks needs no leave
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, POST, OPTIONS",
}


class OpenDoor:
    """Plain ASGI, inside Edge: answers OPTIONS and says on every answer, mistakes too, that others may read it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not (scope["path"] == OPEN or scope["path"].startswith(f"{OPEN}/")):
            await self._app(scope, receive, send)
            return

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_EVERYWHERE)
                if scope["method"] == "OPTIONS":
                    headers.update(_ASKED_BEFORE)
            await send(message)

        if scope["method"] == "OPTIONS":
            await opened({"type": "http.response.start", "status": 204, "headers": []})
            await opened({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, opened)
