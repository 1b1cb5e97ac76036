"""The outermost layer, plain ASGI: request number, language, host check, body limit, HEAD, security headers."""

import json
import logging
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import i18n
from app.core.ids import new_number
from app.core.logging import request_number
from app.core.settings import Settings
from app.web import locale
from app.web.body import Incoming

_FOR_SCRIPTS = {"X-Content-Type-Options", "Cross-Origin-Resource-Policy", "Strict-Transport-Security", "X-Robots-Tag"}
ELSEWHERE = "https://www.wikipedia.org/"  # where Leave leads when the operator names no page
WATCHERS = frozenset({"/healthz", "/readyz", "/metrics"})  # asked on the machine itself, by whatever name; they make no links
VARY = "Cookie, Accept-Language, HX-Request"
_access = logging.getLogger("hearth.access")


class Edge:
    """Wraps the application; everything that leaves passes here."""

    def __init__(self, app: ASGIApp, settings: Settings, style_hash: str) -> None:
        self._app = app
        self._languages = settings.language_list
        hostname = urlsplit(settings.base_url).hostname or ""
        self._hosts = {settings.host.lower(), hostname, f"{hostname}:{443 if settings.secure else 80}"}
        self._any_host = settings.mode != "production"
        self._headers = _headers(settings, style_hash)
        # Rules for documents mean nothing on a script that a page loads; on a slow line they are a tenth of what is sent.
        self._script_headers = [(name, value) for name, value in self._headers if name in _FOR_SCRIPTS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        scope.setdefault("state", {})
        language = locale.choose(cookies.get(locale.COOKIE, ""), headers.get("accept-language", ""), self._languages)
        i18n.use(language)
        number = new_number()
        request_number.set(number)
        scope["state"].update(language=language, number=number)
        # A copy: the server looks at its own scope to know that the answer to a HEAD has no body.
        head = scope["method"] == "HEAD"
        scope["state"]["head"] = head
        await self._answer({**scope, "method": "GET"} if head else {**scope}, headers, receive, send, head)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, send: Send, head: bool) -> None:
        started, status = time.perf_counter(), 0
        incoming = scope["state"]["incoming"] = Incoming(receive, headers, scope["path"])

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, MutableHeaders(scope=message), status)
            elif head and message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
            if message["type"] == "http.response.body" and not message.get("more_body") and not incoming.whole:
                await send({**message, "more_body": True})
                await incoming.drain()
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        refusal = self._refuse(scope, headers)
        if refusal:
            await _plain(guarded, *refusal, for_machines=scope["path"].startswith("/api/"))
        else:
            await self._app(scope, incoming.receive, guarded)
        _access.info("%s %s %d %.0f ms", scope["method"], _pattern(scope), status, (time.perf_counter() - started) * 1000)

    def _refuse(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        if not self._any_host and headers.get("host", "").lower() not in self._hosts and scope["path"] not in WATCHERS:
            return 421, i18n._("This is not the address of this network.")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return 400, i18n._("This request cannot be read.")
        if len(length) > 18:
            return 413, i18n._("This is too big to send. A picture may have 8 MB, a voice 15 MB.")
        return None

    def _dress(self, scope: Scope, headers: MutableHeaders, status: int) -> None:
        if status == 304:  # the browser keeps the headers of the page it has, and takes over the ones that come now
            headers.add_vary_header(VARY)
            return
        script = scope["path"].startswith("/static/") and headers.get("content-type", "").startswith("text/javascript")
        for name, value in self._script_headers if script else self._headers:
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")  # what may be kept says so itself
        if headers.get("content-type", "").startswith("text/html"):
            headers.setdefault("Content-Language", scope["state"]["language"])
            headers.add_vary_header(VARY)


def permissions(*allowed: str) -> str:
    """Return the Permissions-Policy of a page that may use what is named, such as "microphone"; every other page uses nothing."""
    return ", ".join(f"{what}=({'self' if what in allowed else ''})" for what in ("camera", "geolocation", "microphone"))


def _form_targets(settings: Settings) -> str:
    """Return where a form may lead: here, and through Leave (a form that answers with a redirect) to the neutral pages."""
    parts = [urlsplit(address) for address in settings.leave_list or (ELSEWHERE,)]
    return " ".join(dict.fromkeys(["'self'", *(f"{one.scheme}://{one.netloc}" for one in parts)]))


def _headers(settings: Settings, style_hash: str) -> list[tuple[str, str]]:
    policy = (
        f"default-src 'none'; style-src 'self' 'sha256-{style_hash}'; script-src 'self'; img-src 'self'; media-src 'self' blob:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        f"form-action {_form_targets(settings)}; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
    pairs = [
        ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Permissions-Policy", permissions()), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
    ]  # fmt: skip
    if settings.secure:
        pairs.append(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    if not settings.index_stories:
        pairs.append(("X-Robots-Tag", "noindex"))
    return pairs


def _pattern(scope: Scope) -> str:
    """Return the route's pattern, never the address itself: a log must not tell which story somebody read."""
    route = scope.get("route")
    return getattr(route, "path", None) or ("(kept page)" if scope["state"].get("kept") else "(none)")


async def _plain(send: Send, status: int, text: str, for_machines: bool = False) -> None:
    body = problem(status, text) if for_machines else text.encode()
    headers = [
        (b"content-type", b"application/problem+json" if for_machines else b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def problem(status: int, title: str, detail: str = "", **more: object) -> bytes:
    """Return an RFC 9457 problem document; ``more`` are members of its own."""
    said = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def rate(scope: Scope, status: int = 200) -> dict[str, str]:
    """Return the headers that say how much more a program may ask, where that was counted; with 401 how it says who it is."""
    found: dict[str, str] = scope.get("state", {}).get("rate", {})
    return {"WWW-Authenticate": 'Bearer realm="partners"', **found} if status == 401 else found
