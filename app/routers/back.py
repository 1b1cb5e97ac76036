"""The way back without a key: ask with the name others see, wait for two organisers and 48 hours, get a new key."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.core import i18n
from app.core.errors import Invalid
from app.domain.accounts import joining, keys, way_back
from app.models.accounts import PhoneMode
from app.schemas.accounts import AskBack, BackNumber, Mode
from app.web import pocket
from app.web.arrival import arrive
from app.web.days import day_and_hour
from app.web.forms import Form, form_of
from app.web.limits import RECEIPT_ADDRESS, spend
from app.web.pages import Page
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/enter/back")
POCKET = "back"


def limited(request: Request) -> None:
    """Count a request or a number; runs before the request's own transaction."""
    spend(request, RECEIPT_ADDRESS)


def carried(request: Request) -> dict[str, Any]:
    """Return the number and the new key that are shown at the moment."""
    return pocket.look(request, POCKET) or {}


Carried = Annotated[dict[str, Any], Depends(carried)]


@router.get("", name="back")
def start(page: Pages) -> Response:
    """Explain the way back and ask for the name."""
    return page("enter/back.html", here="me", form=None)


@router.post("", dependencies=[Depends(limited)])
def ask(db: Db, page: Pages, form: Annotated[Form[AskBack], form_of(AskBack)]) -> Response:
    """Keep the request and show its number, whether or not somebody has this name."""
    if form.data is None:
        return page("enter/back.html", status=422, here="me", form=form)
    return page("enter/receipt.html", here="me", number=way_back.grouped(way_back.ask(db, form.data.name)))


@router.get("/number", name="back_number")
def ask_number(page: Pages) -> Response:
    """Ask for the number."""
    return page("enter/number.html", here="me", form=None)


@router.post("/number", dependencies=[Depends(limited)])
def look(request: Request, db: ReadDb, page: Pages, form: Annotated[Form[BackNumber], form_of(BackNumber)]) -> Response:
    """Say where the request stands; when its time has come, go on to the new key."""
    if form.data is None:
        return page("enter/number.html", status=422, here="me", form=form)
    try:
        state = way_back.state(db, form.data.receipt)
    except Invalid as problem:
        return page("enter/number.html", status=422, here="me", form=form.refuse(problem))
    if not state.open:
        return page("enter/waiting.html", here="me", state=state, ready=day_and_hour(state.ready_at))
    shown = _fresh(db, form.data.receipt, "words")
    return pocket.put(request, page.go("back_key"), POCKET, shown)


def _fresh(db: ReadDb, receipt: str, kind: str) -> dict[str, Any]:
    key = joining.fresh_key(db, i18n.current(), as_digits=kind == "digits")
    language = i18n.current() if kind == "words" and i18n.current() in keys.LANGUAGES else "en"
    return {"receipt": way_back.read_receipt(receipt), "shown": key.shown, "kind": kind, "language": language}


@router.get("/key", name="back_key")
def show_key(page: Pages, so_far: Carried) -> Response:
    """Show the new key; nothing has changed yet."""
    return _key_page(page, None, so_far) if so_far else page.go("back_number")


def _key_page(page: Page, form: Form[Mode] | None, so_far: dict[str, Any]) -> Response:
    return page(
        "enter/new_key.html", status=422 if form else 200, here="me", form=form, words=so_far["shown"], kind=so_far["kind"],
        key_language=so_far["language"],
    )  # fmt: skip


@router.post("/digits", dependencies=[Depends(limited)])
def other_kind(request: Request, db: ReadDb, page: Pages, so_far: Carried) -> Response:
    """Show the key in its other form: words or digits."""
    if not so_far:
        return page.go("back_number")
    kind = "words" if so_far["kind"] == "digits" else "digits"
    return pocket.put(request, page.go("back_key"), POCKET, _fresh(db, so_far["receipt"], kind))


def hashed_key(so_far: Carried) -> tuple[keys.Key, str] | None:
    """Return the carried key and its hash; slow, so it is computed before the transaction begins."""
    key = keys.read_key(" ".join(so_far.get("shown", ())))
    return (key, keys.hash_secret(key.secret)) if key else None


@router.post("/key", dependencies=[Depends(limited)])
def finish(
    request: Request, page: Pages, so_far: Carried, form: Annotated[Form[Mode], form_of(Mode)],
    ready: Annotated[tuple[keys.Key, str] | None, Depends(hashed_key)], db: Db,
) -> Response:  # fmt: skip
    """Put the new key in place of the old one and come in, by the second step where there is one."""
    if ready is None:
        return page.go("back_number")
    if form.data is None:
        return _key_page(page, form, so_far)
    member = way_back.finish(db, so_far["receipt"], *ready)
    response = arrive(request, page, db, member.id, PhoneMode(form.data.mode), "/me", key=ready[0])
    return pocket.drop(request, response, POCKET)
