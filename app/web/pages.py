"""Templates become answers: the whole page, or only the fragment that htmx asked for."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote

from fastapi import Request
from markupsafe import Markup
from starlette.datastructures import URL
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.core import crypto, i18n
from app.core.settings import Settings
from app.domain.actor import GUEST, Actor
from app.web.static import StaticFiles
from app.web.templating import FOLDER, FoldingEnvironment, make_environment

SAY_COOKIE = "hearth_say"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def minify_css(source: str) -> str:
    """Return the style sheet without comments and needless white space (strings in it hold no such sequences)."""
    text = re.sub(r"\s+", " ", _COMMENT.sub("", source))
    return re.sub(r"\s*([{};,>])\s*", r"\1", text).replace(": ", ":").replace(";}", "}").strip()


def _fresh() -> str:
    return secrets.token_urlsafe(12)


def _address(request: Request) -> str:
    """Return path and query as they were asked for (``request.url`` would put a whole address together first)."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def _empty() -> str:
    return ""


def guest_cookie(secure: bool) -> str:
    """Return the name of the cookie that a guest's token hangs on: __Host- wherever https is spoken."""
    return "__Host-hearth_guest" if secure else "hearth_guest"


def fingerprint(settings: Settings, static: StaticFiles) -> str:
    """Return what changes whenever this release, or the settings, would make another page from the same content."""
    parts = [static.version, settings.site_name, settings.languages, settings.leave_urls, settings.contact, settings.mode]
    return hashlib.sha256("\n".join([*parts, _words()]).encode()).hexdigest()[:16]


@cache
def _words() -> str:
    digest = hashlib.sha256()
    for folder in (FOLDER, i18n.FOLDER):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".html", ".po")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Pages:
    """The environments of all languages and what every page is given."""

    def __init__(self, settings: Settings, static: StaticFiles) -> None:
        self.settings = settings
        css = minify_css(static.text("css/core.css"))
        self.style_hash = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        self._common: dict[str, Any] = {
            "csp_css": Markup(css),  # noqa: S704 - our own file
            "site_name": settings.site_name,
            "demo": settings.is_demo,
            "static": static.url,
            "languages": [(code, i18n.language_name(code)) for code in settings.language_list],
            "leave_to": settings.leave_list[0] if settings.leave_list else "",
            "language_name": i18n.language_name,
        }
        self._environments: dict[str, FoldingEnvironment] = {}

    def _environment(self, code: str) -> FoldingEnvironment:
        globals_ = {
            **self._common, "lang": code, "dir": i18n.direction(code), "_": i18n._, "gettext": i18n._, "ngettext": i18n.ngettext,
        }  # fmt: skip
        environment = make_environment(code, globals_, reload=self.settings.mode == "development")
        macro = environment.get_template("components/icon.html").module.icon  # type: ignore[attr-defined]
        environment.icon = environment.globals["icon"] = cache(macro)  # drawn once, not once a page
        return environment

    def environment(self, language: str) -> FoldingEnvironment:
        """Return the environment of a language, or of the network's first one; made for the first page in that language."""
        offered = self.settings.language_list
        code = language if language in offered or language == "en" else offered[0]
        return self._environments.get(code) or self._environments.setdefault(code, self._environment(code))

    def csrf(self, request: Request) -> str:
        """Return the token for forms: bound to the session, or to the guest's short-lived cookie, or empty."""
        bound = getattr(request.state, "session_token", "") or request.cookies.get(guest_cookie(self.settings.secure), "")
        return crypto.keyed_hash(self.settings.secret, "csrf", bound) if bound else ""

    def text(self, request: Request, template: str, context: dict[str, Any]) -> str:
        """Render a template for this request."""
        # A page that is kept, here for every guest or on a phone, holds no number of one form and no sentence to one person.
        shared = getattr(request.state, "keepable", False)
        once = _empty if shared else _fresh
        say = "" if shared else self.said(request)
        return self.environment(i18n.current()).get_template(template).render(
            actor=getattr(request.state, "actor", GUEST), here=context.pop("here", ""), csrf=self.csrf(request),
            path=_address(request),
            once=once, noindex=context.pop("noindex", True), flash=context.pop("flash", say), **context,
        )  # fmt: skip

    def said(self, request: Request) -> str:
        """Return the sentence that the page before left for this one; altered ones are dropped."""
        text, _, mark = request.cookies.get(SAY_COOKIE, "").partition(".")
        if not text or not crypto.same(mark, crypto.keyed_hash(self.settings.secret, "say", text)[:32]):
            return ""
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()

    def say(self, response: Response, sentence: str) -> None:
        """Leave a sentence for the next page (a signed cookie of two minutes)."""
        text = base64.urlsafe_b64encode(sentence.encode()).decode().rstrip("=")
        mark = crypto.keyed_hash(self.settings.secret, "say", text)[:32]
        response.set_cookie(SAY_COOKIE, f"{text}.{mark}", max_age=120, httponly=True, secure=self.settings.secure, samesite="lax")


class Page:
    """What an endpoint answers with: ``page("stories/show.html", fragment="stories/_story.html", story=story)``."""

    def __init__(self, request: Request, pages: Pages) -> None:
        self._request = request
        self._pages = pages

    @property
    def wants_fragment(self) -> bool:
        """Say whether htmx asks for a part (history restores get the whole page)."""
        headers = self._request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-request-type", "partial") != "full"

    def __call__(
        self,
        template: str,
        *,
        fragment: str | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> Response:
        """Render; the fragment where htmx asked for one."""
        self._request.state.answer_status = status
        if "public" in (headers or {}).get("Cache-Control", ""):
            self._request.state.keepable = True
        name = fragment if fragment and self.wants_fragment else template
        response = HTMLResponse(self._pages.text(self._request, name, context), status, headers)
        if SAY_COOKIE in self._request.cookies and not getattr(self._request.state, "keepable", False):
            response.delete_cookie(SAY_COOKIE)
        return response

    def go(self, route: str, *, say: str = "", query: str = "", anchor: str = "", **params: Any) -> Response:
        """Send the browser to a route by name (303), with a sentence for the page it shows."""
        target = str(URL(str(self._request.app.url_path_for(route, **params))).replace(query=query))
        return self.go_to(target + (f"#{quote(anchor)}" if anchor else ""), say=say)

    def go_to(self, path: str, *, say: str = "") -> Response:
        """Send the browser to a path of ours (303)."""
        if self.wants_fragment:
            response: Response = Response(status_code=204, headers={"HX-Redirect": path})
        else:
            response = RedirectResponse(path, 303)
        if say:
            self._pages.say(response, say)
        self._request.state.once_location = path
        return response


def local_path(text: str, fallback: str = "/") -> str:
    """Return ``text`` if it is a path of ours (open redirects end here), else ``fallback``."""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or any(ord(c) < 33 for c in text):
        return fallback
    return text[:300]


PageMaker = Callable[[Request], Page]


def actor_of(request: Request) -> Actor:
    """Return who acts in this request (a guest until the session was read)."""
    result: Actor = getattr(request.state, "actor", GUEST)
    return result
