"""Every mistake gets a page in the reader's language with the right status, and a number to tell us."""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import crypto, errors, i18n
from app.core.i18n import _
from app.core.ids import new_token
from app.web import edge
from app.web.body import BodyTooLarge
from app.web.forms import posted, reading_began
from app.web.house import house
from app.web.origin import ForeignOrigin, UnknownOrigin, give_guest_cookie
from app.web.oversize import fields_in, what_may_be_sent
from app.web.pages import Page, guest_cookie
from app.web.transactions import DoneBefore
from app.web.typed import Typed, page_above, typed_in

log = logging.getLogger("hearth.errors")
Handler = Callable[[Request, Exception], Awaitable[Response]]
_STATUS: dict[type[errors.HearthError], int] = {errors.Malformed: 400, errors.BadKey: 401,
    errors.NotFound: 404, errors.Gone: 410, errors.Refused: 403, errors.Conflict: 409, errors.TooMany: 429, errors.Invalid: 422,
}  # fmt: skip
_SAFE = ("GET", "HEAD", "OPTIONS")
_NO_ROOM = ("full", "no space", "readonly", "read-only")  # what SQLite and PostgreSQL say of a disk that takes nothing


class UnreadableAddress(Exception):
    """The address holds what no address of ours holds: NUL, which no database takes."""


def page_of(request: Request) -> Page:
    """Return what makes pages for this request."""
    return Page(request, house(request).pages)


def for_machines(request: Request) -> bool:
    """Say whether a program asks: its mistakes are RFC 9457 problem documents."""
    return request.url.path.startswith("/api/")


def explain(request: Request, status: int, title: str, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """Answer with a page for people, problem+json for machines."""
    if for_machines(request):
        kind = {"Content-Type": "application/problem+json", "Content-Language": i18n.current(), "Vary": "Accept-Language"}
        return Response(edge.problem(status, title, sentence), status, kind | edge.rate(request.scope, status) | (headers or {}))
    number = getattr(request.state, "number", "")
    return page_of(request)(
        "errors/page.html", status=status, headers=headers, heading=title, sentence=sentence, number=number, code=status
    )


def _title(status: int) -> str:
    titles = {
        400: _("We could not read that"), 401: _("A key is needed"), 404: _("This page is not here"),
        405: _("This page is not here"), 409: _("Somebody changed it meanwhile"), 410: _("This was taken back"),
        413: _("This is too big"), 422: _("Something has to be changed"), 429: _("A little slower"),
        503: _("Not possible right now"), 507: _("Not saved: no room left"),
    }  # fmt: skip
    return titles.get(status, _("This is not possible") if status < 500 else _("Something broke on our side"))


def _sentence(status: int) -> str:
    sentences = {
        400: _("The form did not arrive whole. Go back and send it again."),
        404: _("We have no page at this address. Look at the address again, or go on from here."),
        405: _("We have no page at this address. Look at the address again, or go on from here."),
        409: _("Go back, look at it again, and send it once more."),
        410: _("The person who wrote it took it back."),
        503: _("We cannot reach our own store. Wait a minute and try again."),
        507: _("Our disk is full. Nothing was saved. Reading still works. Try later."),
    }
    return sentences.get(status, _("Go back and try again.") if status < 500 else _("Try again in a few minutes."))


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.HearthError)  # noqa: S101 - registered for it
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    headers = {"Retry-After": str(error.wait)} if isinstance(error, errors.TooMany) else None
    return await refuse(request, status, error.sentence, headers=headers)


async def _sign_in(request: Request, error: Exception) -> Response:
    """Send to /enter (or to the second look at the key) and back; what was typed is shown again."""
    assert isinstance(error, errors.HearthError)  # noqa: S101 - registered for it
    ended = isinstance(error, errors.SignInNeeded)
    if for_machines(request):
        return explain(request, 401, _("Come in again"), error.sentence)
    if request.method in _SAFE:
        return page_of(request).go("enter" if ended else "prove", query=urlencode({"next": _address(request)}))
    title = _("Come in again") if ended else _("Show your key again")
    sentence = (
        _("Your time on this phone ended while you were writing. Nothing was sent.")
        if ended
        else _("This needs your key, shown a short time ago. Nothing was sent.")
    )
    way = str(request.app.url_path_for("enter" if ended else "prove"))
    return _shown_again(request, 401, title, sentence, typed_in(await posted(request)), way=way)


def _address(request: Request) -> str:
    path = "/" + request.url.path.lstrip("/")  # two slashes would be somebody else's address
    return path + (f"?{request.url.query}" if request.url.query else "")


def _shown_again(
    request: Request, status: int, title: str, sentence: str, typed: Typed, *, way: str = "", headers: dict[str, str] | None = None
) -> Response:
    """Nothing was taken: show the typed words, so that they can be copied or sent again."""
    number = getattr(request.state, "number", "")
    return page_of(request)(
        "errors/ended.html", status=status, headers=headers, heading=title, sentence=sentence, typed=typed, way=way,
        again=typed.worth_sending(status), action=_address(request), back="" if way else page_above(request, status),
        number=number, code=status,
    )  # fmt: skip


async def refuse(request: Request, status: int, sentence: str = "", *, headers: dict[str, str] | None = None) -> Response:
    """Answer every mistake, whoever made it: never a false success, and the words that were typed stay with the person."""
    title = _title(status)
    if sentence in ("", f"{title}."):  # what only says the heading again helps nobody
        sentence = _sentence(status)
    sent = None if request.method in _SAFE or for_machines(request) else await _what_was_sent(request)
    typed = typed_in(sent) if sent is not None else None
    if typed is None or not (typed.words or typed.lost_file or typed.worth_sending(status)):
        return explain(request, status, title, sentence, headers)
    return _shown_again(request, status, title, sentence, typed, headers=headers)


async def trouble(request: Request, status: int) -> Response:
    """Answer a failure of ours."""
    return await refuse(request, status, headers={"Retry-After": "30"} if status in (503, 507) else None)


async def _what_was_sent(request: Request) -> FormData | None:
    """Return the form, also when the failure came before anybody read it (counting tries, looking up the session)."""
    if reading_began(request):
        sent: FormData | None = getattr(request.state, "posted", None)
        return sent
    try:
        return await posted(request)
    except Exception as error:
        log.warning("the form cannot be read: %s", type(error).__name__, exc_info=error)
        return None


async def _foreign(request: Request, _error: Exception) -> Response:
    return explain(request, 403, _title(403), _("This form was sent from another site, so we did not take it."))


async def _ask_again(request: Request, _error: Exception) -> Response:
    """The browser gave no sign of where it comes from: show the answers again with a fresh token; nothing is lost."""
    if for_machines(request):
        return await _foreign(request, _error)
    home = house(request)
    typed = typed_in(await posted(request), secrets=True)
    token = request.cookies.get(guest_cookie(home.settings.secure)) or new_token()
    csrf = crypto.keyed_hash(home.settings.secret, "csrf", getattr(request.state, "session_token", "") or token)
    response = page_of(request)("errors/again.html", status=403, typed=typed, action=_address(request), token=csrf)
    give_guest_cookie(response, token, home.settings.secure)
    return response


async def _done_before(request: Request, error: Exception) -> Response:
    assert isinstance(error, DoneBefore)  # noqa: S101 - registered for it
    response, again = page_of(request).go_to(error.location), getattr(request.state, "again", None)
    return again(response, error.at) if again else response


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    said = {404: _("There is nothing at this address."), 405: _("This address cannot be asked in this way.")}
    sentence = said.get(error.status_code, "") if for_machines(request) else ""
    return await refuse(request, error.status_code, sentence, headers=dict(error.headers or {}))


async def _too_large(request: Request, _error: Exception) -> Response:
    title, sentence, headers = _title(413), what_may_be_sent(request), {"Connection": "close"}
    if for_machines(request):
        return explain(request, 413, title, sentence, headers)
    typed = typed_in(fields_in(await request.state.incoming.beginning()))
    return _shown_again(request, 413, title, sentence, typed, headers=headers)


async def _unreadable(request: Request, _error: Exception) -> Response:
    return explain(request, 400, _title(400), _("This address cannot be read."))


async def _unprocessable(request: Request, error: Exception) -> Response:
    """A path or query that no page of ours makes (a 26-digit id, a negative page): for people, not there."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    places = [e["loc"] for e in error.errors()]
    wrong = sorted({str(place[-1]) for place in places if place and place[0] != "path"})
    if for_machines(request) and wrong and all(place[0] != "path" for place in places):
        return explain(request, 422, _title(422), _("This cannot be used: %(names)s.", names=", ".join(wrong)))
    return await refuse(request, 404)


async def _unstorable(request: Request, error: Exception) -> Response:
    """Something that no column takes (a number beyond its range, half a character): the sender's mistake."""
    log.warning("refused by the database: %s", type(error).__name__, exc_info=error)
    return await refuse(request, 400)


async def _collision(request: Request, error: Exception) -> Response:
    log.error("collision: %s", type(error).__name__, exc_info=error)
    return await trouble(request, 409)


async def _database(request: Request, error: Exception) -> Response:
    text = str(getattr(error, "orig", error)).lower()
    log.error("database: %s", type(error).__name__, exc_info=error)
    return await trouble(request, 507 if any(word in text for word in _NO_ROOM) else 503)


async def _disk(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)  # noqa: S101 - registered for it
    log.error("system: %s", type(error).__name__, exc_info=error)
    return await trouble(request, 507 if error.errno in (28, 30, 122) else 500)  # no space, read-only, quota


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected: %s", type(error).__name__, exc_info=error)
    return await trouble(request, 500)


async def _left(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("", 400)  # nobody reads it: the connection is gone


_HANDLERS: dict[type[Exception], Handler] = {
    **dict.fromkeys(_STATUS, _known),
    **dict.fromkeys((errors.SignInNeeded, errors.ProofNeeded), _sign_in),
    **dict.fromkeys((sa.exc.OperationalError, sa.exc.TimeoutError, sa.exc.InterfaceError), _database),
    **dict.fromkeys((sa.exc.DataError, UnicodeError), _unstorable),
    sa.exc.IntegrityError: _collision, ForeignOrigin: _foreign, UnknownOrigin: _ask_again, DoneBefore: _done_before,
    HTTPException: _http, RequestValidationError: _unprocessable, BodyTooLarge: _too_large, ClientDisconnect: _left, OSError: _disk,
    UnreadableAddress: _unreadable,
}  # fmt: skip


def register(app: FastAPI) -> None:
    """Give the application its error pages."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


def _readable(scope: Scope) -> bool:
    query = scope.get("query_string", b"")
    return scope["type"] != "http" or not ("\0" in scope["path"] or b"%00" in query or b"\0" in query)


class Mishaps:
    """Plain ASGI, just inside Edge: whatever nobody else answered gets a page, with the headers of every page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            if not _readable(scope):
                raise UnreadableAddress
            await self._app(scope, receive, watched)
        except Exception as error:
            if begun or scope["type"] != "http":
                log.error("broke off: %s", type(error).__name__, exc_info=error)
                raise
            response = await _answer(Request(scope, receive), error)
            await response(scope, receive, send)
        finally:
            sent: FormData | None = scope.get("state", {}).get("posted")
            if sent is not None:
                await sent.close()  # what was uploaded goes from the temporary folder now, not when memory is tidied


async def _answer(request: Request, error: Exception) -> Response:
    handler = next((_HANDLERS[kind] for kind in type(error).__mro__ if kind in _HANDLERS), _unexpected)
    try:
        return await handler(request, error)
    except Exception as second:  # even the page of the mistake fails
        log.error("no page for %s: %s", type(error).__name__, type(second).__name__, exc_info=second)
        return PlainTextResponse(_title(500), 500)
