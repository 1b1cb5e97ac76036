"""Where an unsafe request comes from: fetch metadata, then Origin, then the token (CSRF; OWASP's order for 2025 browsers)."""

from fastapi import Request
from starlette.responses import Response

from app.core import crypto
from app.web.forms import posted
from app.web.house import house
from app.web.pages import guest_cookie

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Nothing may hold up somebody who leaves in a hurry: not a page from before, not a session that ended, not our database. A browser
# that says nothing and is sent here by another site ends its own session at worst; where it tells, other sites are refused.
WITHOUT_TOKEN = frozenset({"/leave"})


class ForeignOrigin(Exception):
    """The request was started by another site."""


class UnknownOrigin(Exception):
    """The browser says nothing about where the request starts and brought no token (KaiOS, Opera Mini)."""


async def from_here(request: Request) -> None:
    """Let a request pass that was started on our own pages; a dependency of every route.

    Browsers that send neither header must bring the token that is bound to their session. A guest without one is
    shown the same answers again on a page of ours, with a fresh token: one more tap, nothing lost. Leave needs no token.
    """
    if request.method in SAFE or (request.url.path.startswith("/api/") and "cookie" not in request.headers):
        return  # partners' programs bring a key of their own and no cookie
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site in ("same-origin", "none"):
            return
        raise ForeignOrigin
    origin = request.headers.get("origin")
    if origin not in (None, "null"):  # with "no-referrer" older browsers say null about our own forms: then the token decides
        if origin == house(request).settings.base_url:
            return
        raise ForeignOrigin
    if request.url.path not in WITHOUT_TOKEN:
        await _token(request)


async def _token(request: Request) -> None:
    home = house(request)
    from app.web.sessions import current_actor

    await current_actor(request)
    expected = home.pages.csrf(request)
    sent = request.headers.get("x-csrf") or (await posted(request)).get("csrf", "")
    if expected and isinstance(sent, str) and crypto.same(sent, expected):
        return
    raise UnknownOrigin


def give_guest_cookie(response: Response, token: str, secure: bool) -> None:
    """Bind the guest's next token to a cookie of ten minutes."""
    response.set_cookie(guest_cookie(secure), token, max_age=600, path="/", httponly=True, secure=secure, samesite="strict")
