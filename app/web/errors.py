"""Every mistake gets a page in the reader's language with the right status, and a number to tell us."""

import logging

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core import crypto, errors
from app.core.i18n import _
from app.core.ids import new_token
from app.web.edge import BodyTooLarge, problem
from app.web.forms import posted
from app.web.house import house
from app.web.origin import ForeignOrigin, UnknownOrigin, give_guest_cookie
from app.web.pages import Page
from app.web.transactions import DoneBefore

log = logging.getLogger("hearth.errors")
_STATUS: dict[type[errors.HearthError], int] = {
    errors.NotFound: 404, errors.Gone: 410, errors.Refused: 403, errors.Conflict: 409, errors.TooMany: 429, errors.Invalid: 422,
}  # fmt: skip


def page_of(request: Request) -> Page:
    """Return what makes pages for this request."""
    return Page(request, house(request).pages)


def explain(request: Request, status: int, title: str, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """Answer with a page for people, problem+json for machines."""
    if request.url.path.startswith("/api/"):
        kind = {"Content-Type": "application/problem+json", **(headers or {})}
        return Response(problem(status, title, sentence), status, kind)
    number = getattr(request.state, "number", "")
    return page_of(request)(
        "errors/page.html", status=status, headers=headers, heading=title, sentence=sentence, number=number, code=status
    )


def _title(status: int) -> str:
    titles = {
        400: _("We could not read that"), 403: _("This is not possible"), 404: _("This page is not here"),
        405: _("This page is not here"), 409: _("Somebody changed it meanwhile"), 410: _("This was taken back"),
        413: _("This is too big"), 422: _("Something has to be changed"), 429: _("A little slower"),
        503: _("Not possible right now"), 507: _("Not saved: no room left"),
    }  # fmt: skip
    return titles.get(status, _("Something broke on our side"))


def _sentence(status: int) -> str:
    sentences = {
        400: _("The form did not arrive whole. Go back and send it again."),
        404: _("It may have been taken back by the person who wrote it."),
        405: _("It may have been taken back by the person who wrote it."),
        413: _("This is too big to send. A picture may have 8 MB, a voice 15 MB."),
        503: _("We cannot reach our own store. What you wrote is still in this page: go back, wait a minute, send again."),
        507: _("Our disk is full. Nothing was saved. Keep your page open, go back and try later."),
    }
    return sentences.get(status, _("What you wrote is safe. Try again in a few minutes."))


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.HearthError)  # noqa: S101 - registered for it
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    headers = {"Retry-After": str(error.wait)} if isinstance(error, errors.TooMany) else None
    return explain(request, status, _title(status), error.sentence or _sentence(status), headers)


async def _sign_in(request: Request, error: Exception) -> Response:
    """Send to /enter (or to the second look at the key) and back; what was typed stays in its draft."""
    home = page_of(request)
    route = "enter" if isinstance(error, errors.SignInNeeded) else "prove"
    if request.method not in ("GET", "HEAD"):
        return await _carry(request, route)
    from urllib.parse import urlencode

    query = urlencode({"next": request.url.path + (f"?{request.url.query}" if request.url.query else "")})
    return home.go(route, query=query)


async def _carry(request: Request, route: str) -> Response:
    """A session that ended while somebody was typing: show the typed words again, with the way to sign in (401)."""
    sent = await posted(request)
    typed = [(k, v) for k, v in sent.multi_items() if isinstance(v, str) and v and k not in ("csrf", "once")]
    return page_of(request)(
        "errors/ended.html",
        status=401,
        typed=typed,
        action=request.url.path,
        enter=str(request.app.url_path_for(route)),
    )


async def _foreign(request: Request, error: Exception) -> Response:
    return explain(request, 403, _title(403), _("This form was sent from another site, so we did not take it."))


async def _ask_again(request: Request, error: Exception) -> Response:
    """The browser gave no sign of where it comes from: show the answers again with a fresh token; nothing is lost."""
    home = house(request)
    sent = await posted(request)
    fields = [(k, v) for k, v in sent.multi_items() if isinstance(v, str) and k != "csrf"]
    lost_file = any(not isinstance(v, str) and v.size for v in sent.values())
    token = request.cookies.get("hearth_guest") or new_token()
    bound = getattr(request.state, "session_token", "") or token
    csrf = crypto.keyed_hash(home.settings.secret, "csrf", bound)
    response = page_of(request)(
        "errors/again.html", status=403, fields=fields, action=str(request.url.path), token=csrf, lost_file=lost_file
    )
    give_guest_cookie(response, token, home.settings.secure)
    return response


async def _done_before(request: Request, error: Exception) -> Response:
    assert isinstance(error, DoneBefore)  # noqa: S101 - registered for it
    return page_of(request).go_to(error.location)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    return explain(request, error.status_code, _title(error.status_code), _sentence(error.status_code))


async def _too_large(request: Request, error: Exception) -> Response:
    return explain(request, 413, _title(413), _sentence(413), {"Connection": "close"})


async def _unprocessable(request: Request, error: Exception) -> Response:
    """A path or query that no page of ours makes (a 26-digit id, a negative page): for people, not there."""
    return explain(request, 404, _title(404), _sentence(404))


async def _database(request: Request, error: Exception) -> Response:
    text = str(getattr(error, "orig", error)).lower()
    status = 507 if "full" in text or "no space" in text else 503
    log.error("database: %s", type(error).__name__, exc_info=error)
    return explain(request, status, _title(status), _sentence(status), {"Retry-After": "30"})


async def _disk(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)  # noqa: S101 - registered for it
    status = 507 if error.errno in (28, 30, 122) else 500  # no space, read-only, quota
    log.error("system: %s", type(error).__name__, exc_info=error)
    return explain(request, status, _title(status), _sentence(status))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected: %s", type(error).__name__, exc_info=error)
    return explain(request, 500, _title(500), _sentence(500))


def register(app: FastAPI) -> None:
    """Give the application its error pages."""
    for kind in _STATUS:
        app.add_exception_handler(kind, _known)
    for needed in (errors.SignInNeeded, errors.ProofNeeded):
        app.add_exception_handler(needed, _sign_in)
    app.add_exception_handler(ForeignOrigin, _foreign)
    app.add_exception_handler(UnknownOrigin, _ask_again)
    app.add_exception_handler(DoneBefore, _done_before)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unprocessable)
    app.add_exception_handler(BodyTooLarge, _too_large)
    for trouble in (sa.exc.OperationalError, sa.exc.TimeoutError, sa.exc.InterfaceError):
        app.add_exception_handler(trouble, _database)
    app.add_exception_handler(OSError, _disk)
    app.add_exception_handler(Exception, _unexpected)
