"""The public directory for programs: HSDS 3.1, for anybody, without a key; lists, single objects, what describes them."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from app.core.errors import Gone, Invalid, NotFound
from app.core.i18n import _
from app.domain.directory.wire import asking, describing, lists
from app.domain.directory.wire.lists import Asked, Kind, Page
from app.web.forms import posted
from app.web.house import house
from app.web.kept import Press, encoding
from app.web.locale import preferred
from app.web.openness import OPEN
from app.web.reading import read, read_long

router = APIRouter(prefix=OPEN)
FORM = "1"  # moves when the same content would be written in another way
SHORT = 50  # objects that are read on the event loop, at most
Given = Mapping[str, Sequence[str]]


@router.get("", name="hsds_root")
@router.get("/", name="hsds")
async def announce(request: Request) -> Response:
    """Say which version this is, and where it is described."""
    base = house(request).settings.base_url + OPEN
    about = {"version": describing.VERSION, "profile": f"{base}/profile.json", "openapi_url": f"{base}/openapi.json"}
    return JSONResponse(about, headers=_headers())


@router.get("/openapi.json", name="hsds_openapi")
async def openapi(request: Request) -> Response:
    """Return the description of this interface (OpenAPI 3.1)."""
    settings = house(request).settings
    return JSONResponse(describing.openapi(settings.base_url, settings.site_name, settings.contact), headers=_headers())


@router.get("/profile.json", name="hsds_profile")
async def profile(request: Request) -> Response:
    """Return what we add to HSDS, what we leave out, and why; and the sources with their licences."""
    settings = house(request).settings
    sources = await read(request, describing.sources)
    return JSONResponse(describing.profile(settings.base_url, settings.site_name, sources), headers=_headers())


@router.get("/services", name="hsds_services")
@router.post("/services", name="hsds_services")
async def services(request: Request) -> Response:
    """List services."""
    return await _list(request, "service")


@router.get("/services/{hsds_id}", name="hsds_service")
async def service(request: Request, hsds_id: str) -> Response:
    """Return one service."""
    return await _one(request, "service", hsds_id)


@router.get("/organizations", name="hsds_organizations")
@router.post("/organizations", name="hsds_organizations")
async def organizations(request: Request) -> Response:
    """List organisations."""
    return await _list(request, "organization")


@router.get("/organizations/{hsds_id}", name="hsds_organization")
async def organization(request: Request, hsds_id: str) -> Response:
    """Return one organisation with its services."""
    return await _one(request, "organization", hsds_id)


@router.get("/service_at_locations", name="hsds_service_at_locations")
@router.post("/service_at_locations", name="hsds_service_at_locations")
async def service_at_locations(request: Request) -> Response:
    """List services at places."""
    return await _list(request, "service_at_location")


@router.get("/service_at_locations/{hsds_id}", name="hsds_service_at_location")
async def service_at_location(request: Request, hsds_id: str) -> Response:
    """Return one service at a place."""
    return await _one(request, "service_at_location", hsds_id)


@router.get("/taxonomies", name="hsds_taxonomies")
@router.post("/taxonomies", name="hsds_taxonomies")
async def taxonomies(request: Request) -> Response:
    """List taxonomies."""
    return await _list(request, "taxonomy")


@router.get("/taxonomies/{hsds_id}", name="hsds_taxonomy")
async def taxonomy(request: Request, hsds_id: str) -> Response:
    """Return one taxonomy."""
    return await _one(request, "taxonomy", hsds_id)


@router.get("/taxonomy_terms", name="hsds_taxonomy_terms")
@router.post("/taxonomy_terms", name="hsds_taxonomy_terms")
async def taxonomy_terms(request: Request) -> Response:
    """List categories."""
    return await _list(request, "taxonomy_term")


@router.get("/taxonomy_terms/{hsds_id}", name="hsds_taxonomy_term")
async def taxonomy_term(request: Request, hsds_id: str) -> Response:
    """Return one category."""
    return await _one(request, "taxonomy_term", hsds_id)


async def _list(request: Request, kind: Kind) -> Response:
    given = await _given(request)
    asked, form = asking.asked_of(kind, given, preferred(request.headers.get("accept-language", "")))
    if form == "ndjson":
        return await _stream(request, asked)
    short = not asked.filters.any and not asked.full_service and asked.per_page <= SHORT
    found = await (read if short else read_long)(request, lists.page, asked, house(request).matches)
    headers = {"Content-Language": ", ".join(sorted({item.language for item in found.items} - {""}))}
    if request.method == "GET":
        headers["Link"] = ", ".join(_links(request, asked, found, given))
    return _answer(request, found.json(), found.modified, {name: text for name, text in headers.items() if text})


async def _one(request: Request, kind: Kind, key: str) -> Response:
    try:
        known = UUID(key) if len(key) == len(str(UUID(int=0))) else None
    except ValueError:
        known = None
    if known is None:
        raise NotFound(_("There is nothing with this id."))
    values = asking.read(("full_service",) if kind == "organization" else (), await _given(request))
    languages = preferred(request.headers.get("accept-language", ""))
    try:
        found = await read_long(request, lists.one, kind, known, languages, **values) if values else await read(
            request, lists.one, kind, known, languages
        )  # fmt: skip
    except (NotFound, Gone):
        stands = await read(request, lists.standing_for, known) if kind == "service" else known
        if stands == known:
            raise
        return RedirectResponse(f"{OPEN}/services/{stands}", 307, headers=_headers())
    headers = {"Content-Language": found.language} if found.language else {}
    return _answer(request, found.text.encode(), found.modified, headers)


async def _given(request: Request) -> Given:
    """Return the parameters of the address and, of a POST, those of its body: a form, or a JSON object."""
    pairs = list(request.query_params.multi_items())
    if request.method == "POST":
        if request.headers.get("content-type", "").lower().startswith("application/json"):
            pairs += await _of_json(request)
        else:
            pairs += [(name, text) for name, text in (await posted(request)).multi_items() if isinstance(text, str)]
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        given.setdefault(name, []).append(text)
    return given


async def _of_json(request: Request) -> list[tuple[str, str]]:
    try:
        body = await request.json()
        if not isinstance(body, dict) or not all(isinstance(value, (str, int, bool)) for value in body.values()):
            raise ValueError
        return [(str(k), str(v).lower() if isinstance(v, bool) else str(v)) for k, v in body.items()]
    except (ValueError, RecursionError):
        raise Invalid("", _("The body must be a form or a JSON object with these parameters.")) from None


def _headers() -> dict[str, str]:
    return {"Cache-Control": "public, no-cache", "Vary": "Accept-Language"}


def _answer(request: Request, body: bytes, modified: int, headers: dict[str, str]) -> Response:
    """Answer with a body, or with 304 to whoever has this very one."""
    etag = _etag(body)
    headers |= {**_headers(), "ETag": etag, "Last-Modified": _http_date(modified)}
    if _unchanged(request, etag, modified):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _etag(content: bytes) -> str:
    return f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'  # weak: compressed or not, it is the same


def _http_date(milliseconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(milliseconds // 1000, UTC), usegmt=True)


def _unchanged(request: Request, etag: str, modified: int) -> bool:
    """Say whether the reader has this answer already (RFC 9110: the date counts only where no ETag is sent)."""
    if request.method != "GET":
        return False
    sent = request.headers.get("if-none-match")
    if sent is not None:
        return sent.strip() == "*" or etag.removeprefix("W/") in (part.strip().removeprefix("W/") for part in sent.split(","))
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
        return modified // 1000 <= since.replace(tzinfo=since.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return False


def _links(request: Request, asked: Asked, found: Page, given: Given) -> list[str]:
    """Return the addresses of the other pages; the next one of a filtered list says after what, so that nothing is passed over."""
    pages: dict[str, int] = {"first": 1, "last": found.total_pages} if found.total_pages else {}
    if 1 < asked.page <= found.total_pages + 1:
        pages["prev"] = asked.page - 1
    if not found.is_last:
        pages["next"] = asked.page + 1
    base = house(request).settings.base_url + request.url.path
    kept: list[tuple[str, Any]] = [(name, text) for name, texts in given.items() if name not in ("page", "after") for text in texts]
    last = found.items[-1].slot if found.items and asked.filters.any else None
    made = []
    for name, number in pages.items():
        query = [*kept, ("page", number), *([("after", last)] if name == "next" and last is not None else [])]
        made.append(f'<{base}?{urlencode(query)}>; rel="{name}"')
    return made


async def _stream(request: Request, asked: Asked) -> Response:
    """Answer with a whole list, a line for each object, read part by part."""
    parts, known = await read_long(request, lists.ranges, asked, house(request).matches)
    how = encoding(request.headers.get("accept-encoding", ""))
    etag = _etag(repr((FORM, asked, known, parts)).encode())
    headers = {**_headers(), "ETag": etag, "Last-Modified": _http_date(known.modified)}
    if _unchanged(request, etag, known.modified):
        return Response(status_code=304, headers=headers)
    headers |= {"Vary": "Accept-Encoding, Accept-Language", **({"Content-Encoding": how} if how else {})}
    lines = _lines(request, [] if request.state.head else parts, how)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


async def _lines(request: Request, parts: list[Any], how: str) -> AsyncIterator[bytes]:
    press = Press(how) if how else None
    for wanted in parts:
        lines = await read_long(request, lists.part, wanted)
        yield await anyio.to_thread.run_sync(press.press, lines) if press else lines
    if press:
        yield press.end()
