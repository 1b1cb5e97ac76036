"""Partners' programs: send listings under one's own ids, confirm them, take them out, read where they stand."""

import base64
from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from app.core import i18n
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.settings import current
from app.domain.directory.reading.shapes import Kind
from app.domain.directory.rows import Record
from app.domain.partners import answers, batches, closing, describing, listings, queries, reported, taking, telling, warning
from app.domain.partners.queries import Caller
from app.models.partners import Partner, PartnerRecord
from app.web.edge import problem, rate
from app.web.house import house
from app.web.partner_keys import Lists, Reads, SentBody, SentJson
from app.web.reading import read
from app.web.transactions import Db, ReadDb

PREFIX = "/api/partner/v1"
router = APIRouter(prefix=PREFIX)
TheirId = Annotated[str, Path(min_length=1, max_length=200)]
State = Literal["", "waiting", "declined", "defunct", "fresh", "due", "old", "never"]
Work = Callable[[Partner], tuple[int, Record]]


@router.get("", name="partner_api_root")
@router.get("/", name="partner_api")
async def announce(request: Request) -> Response:
    """Say what this is and where it is described; no key is needed."""
    base = house(request).settings.base_url + PREFIX
    return _answer(request, 200, {"version": "1", "openapi_url": f"{base}/openapi.json", "hsds_version": "3.1"})


@router.get("/openapi.json", name="partner_openapi")
async def openapi(request: Request) -> Response:
    """Return the description of this interface (OpenAPI 3.1)."""
    settings = house(request).settings
    return _answer(request, 200, describing.openapi(settings.base_url, settings.site_name, settings.contact))


@router.get("/me", name="partner_api_me")
def about_key(request: Request, db: ReadDb, caller: Reads) -> Response:
    """Say whose key this is, what it is for and until when."""
    return _answer(request, 200, telling.about_key(caller, queries.agreement(db, caller.partner_id), now().date()))


@router.get("/services", name="partner_services")
async def list_services(
    request: Request, caller: Reads, cursor: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50, state: State = "",
) -> Response:  # fmt: skip
    """List the partner's own services with their standing."""
    rows = await read(request, queries.listed, caller.partner_id, now().date(), limit, _position(cursor), state)
    said = await read(request, reported.reported, [row.object_id for row in rows[:limit]], current().disclosure_threshold)
    found = [telling.standing(row, now().date(), said.get(row.object_id, [])) for row in rows[:limit]]
    if len(rows) <= limit:
        return _answer(request, 200, {"services": found})
    following = _cursor(rows[limit - 1].id)
    link = f'<{house(request).settings.base_url}{PREFIX}/services?limit={limit}&state={state}&cursor={following}>; rel="next"'
    return _answer(request, 200, {"services": found, "next": following}, Link=link)


@router.get("/services/{their_id}", name="partner_service")
def show_service(request: Request, db: ReadDb, caller: Reads, their_id: TheirId) -> Response:
    """Return one of the partner's services as it was taken, with its standing."""
    return _answer(request, 200, _single(db, caller, "service", their_id))


@router.get("/organizations/{their_id}", name="partner_organization")
def show_organization(request: Request, db: ReadDb, caller: Reads, their_id: TheirId) -> Response:
    """Return one of the partner's organisations as it was taken."""
    return _answer(request, 200, _single(db, caller, "organization", their_id))


@router.put("/services/{their_id}", name="partner_put_service")
def put_service(request: Request, caller: Lists, sent: SentJson, db: Db, their_id: TheirId) -> Response:
    """Take a service in, or put another in its place."""
    return _once(request, db, caller, sent.raw, lambda partner: _put(db, partner, "service", their_id, sent.value))


@router.put("/organizations/{their_id}", name="partner_put_organization")
def put_organization(request: Request, caller: Lists, sent: SentJson, db: Db, their_id: TheirId) -> Response:
    """Take an organisation in, or put another in its place."""
    return _once(request, db, caller, sent.raw, lambda partner: _put(db, partner, "organization", their_id, sent.value))


@router.post("/services/{their_id}/verify", name="partner_verify")
def verify(request: Request, caller: Lists, sent: SentBody, db: Db, their_id: TheirId) -> Response:
    """Confirm that a service is still as it stands here."""

    def work(partner: Partner) -> tuple[int, Record]:
        record = listings.get(db, partner, "service", their_id)
        listings.confirm(db, partner, [record])
        return 200, {"result": "verified", **_standing(db, partner, record)}

    return _once(request, db, caller, sent, work)


@router.delete("/services/{their_id}", name="partner_delete")
def delete(request: Request, caller: Lists, sent: SentBody, db: Db, their_id: TheirId) -> Response:
    """Take a service out; it can be sent again."""

    def work(partner: Partner) -> tuple[int, Record]:
        record = listings.get(db, partner, "service", their_id)
        was_in = listings.withdraw(db, partner, record)
        return 200, {"result": "deleted" if was_in else "unchanged", **_standing(db, partner, record)}

    return _once(request, db, caller, sent, work)


@router.post("/batch", name="partner_batch")
def batch(request: Request, caller: Lists, sent: SentJson, db: Db) -> Response:
    """Do up to 500 things; each has an answer of its own."""

    def work(partner: Partner) -> tuple[int, Record]:
        found = batches.run(db, partner, sent.value)
        return (200, found) if isinstance(found, dict) else (422, {"errors": telling.refusal(found)})

    return _once(request, db, caller, sent.raw, work)


def _put(db: Session, partner: Partner, kind: Kind, their_id: str, value: Record) -> tuple[int, Record]:
    [one] = taking.put(db, partner, [taking.Sent(kind, their_id, value)])
    if one.record is None:
        return 422, {"errors": telling.refusal(one.checked.problems)}
    row = batches.rows_of(db, partner, [one])[one.record.id]
    here = warning.already_here(db, partner, [one])
    return batches.STATUS[one.result], telling.taken(one, row, now().date(), here.get(their_id))


def _once(request: Request, db: Session, caller: Caller, raw: bytes, work: Work) -> Response:
    """Do the work, or answer as before where this very request came before; what was refused leaves nothing behind."""
    key, path = request.headers.get("idempotency-key", ""), request.url.path
    asked = answers.fingerprint(request.method, path, raw)
    before = answers.find(db, caller.partner_id, key, asked) if key else None
    if before is not None:
        return _answer(request, before[0], before[1], **{"Idempotency-Replayed": "true"}, **_location(before[0], path))
    status, body = work(db.get_one(Partner, caller.partner_id))
    if status >= 400:
        request.state.answer_status = status
        return _refused(request, status, body["errors"])
    if key:
        answers.keep(db, caller.partner_id, key, asked, status, body)
    return _answer(request, status, body, **_location(status, path))


def _location(status: int, path: str) -> dict[str, str]:
    return {"Location": path} if status == 201 else {}


def _single(db: Session, caller: Caller, kind: str, their_id: str) -> Record:
    record = listings.get(db, db.get_one(Partner, caller.partner_id), kind, their_id)
    row = queries.shown(db.connection(), [record.id], caller.partner_id)[record.id]
    said = reported.reported(db.connection(), [record.object_id], current().disclosure_threshold)
    made = closing.object_of(db.connection(), record, row)
    return telling.single(row, now().date(), said.get(record.object_id, []), made)


def _standing(db: Session, partner: Partner, record: PartnerRecord) -> Record:
    row = queries.shown(db.connection(), [record.id], partner.id)[record.id]
    return telling.standing(row, now().date(), [])


def _answer(request: Request, status: int, body: Record, **headers: str) -> Response:
    return JSONResponse(body, status, headers={**rate(request.scope), "Content-Language": i18n.current(), **headers})


def _refused(request: Request, status: int, errors: list[dict[str, str]]) -> Response:
    """Answer with RFC 9457's problem document, a JSON pointer for each mistake."""
    title = _("Something has to be changed")
    content = problem(status, title, errors[0]["detail"] if errors else title, errors=errors)
    kind = {"Content-Type": "application/problem+json", "Content-Language": i18n.current(), "Vary": "Accept-Language"}
    return Response(content, status, {**kind, **rate(request.scope)})


def _cursor(last: UUID) -> str:
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def _position(cursor: str) -> UUID | None:
    if not cursor:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise Invalid("cursor", _("Use the cursor that the page before gave, as it is.")) from None
