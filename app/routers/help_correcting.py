"""A member says how a listing should read, and reads with a number what came of it: nothing ties the two to them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Conflict, Gone, Invalid, NotFound
from app.core.i18n import _
from app.core.receipts import grouped
from app.domain.directory import actions, care_words, correcting, suggesting
from app.models.directory import Service
from app.routers.help import Ref
from app.schemas.directory import Suggest
from app.web import pocket
from app.web.forms import Form, filled, form_of
from app.web.limits import Limit, spend
from app.web.numbered import numbered_by
from app.web.pages import Page
from app.web.sessions import SignedIn, member_key
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
POCKET = "suggestion"
SHOWN_MINUTES = 10
SUGGEST_MEMBER = Limit("suggest", 20, 3600)
SUGGEST_LISTING = Limit("suggest_listing", suggesting.POSTS, suggesting.ROUND_DAYS * 86_400)
UNKEPT = {"Cache-Control": "no-store"}
numbered = numbered_by(suggesting.number_of, POCKET, SHOWN_MINUTES)


@router.get("/help/{ref}/suggest", name="suggest")
def ask_correction(_actor: SignedIn, db: ReadDb, page: Pages, ref: Ref) -> Response:
    """Ask a member how a listing should read."""
    service = _open(db, ref)
    return page(
        "help/suggest.html", here="help", service=service, form=filled(**correcting.to_fill(actions.as_it_stands(db, service)))
    )


def _open(db: Session, ref: str) -> Service:
    """Return a listing that anybody may say something about: of a protected one nothing is told, so nothing can be compared."""
    service = actions.get(db, ref)
    if service.protected:
        raise NotFound(_("This page is not here."))
    return service


def _few_corrections(request: Request, actor: SignedIn, ref: Ref) -> None:
    spend(request, SUGGEST_MEMBER, member_key(actor))
    spend(request, SUGGEST_LISTING, f"{member_key(actor)} {ref}")  # all of them fill half of the room at most


@router.post("/help/{ref}/suggest", name="send_suggestion", dependencies=[Depends(_few_corrections), Depends(numbered)])
def suggest(
    request: Request, actor: SignedIn, db: Db, page: Pages, ref: Ref, form: Annotated[Form[Suggest], form_of(Suggest)]
) -> Response:  # fmt: skip
    """Keep how a member says that a listing should read, and give a number for what comes of it."""
    service = _open(db, ref)
    if form.data is not None:
        try:
            number = suggesting.suggest(db, actor, service, form.data.model_dump(), request.state.number)
            return pocket.put(request, page.go("suggested", ref=ref), POCKET, {"receipt": grouped(number)}, SHOWN_MINUTES)
        except (Invalid, Conflict) as problem:
            form.refuse(problem if isinstance(problem, Invalid) else Invalid("", problem.sentence))
    return page("help/suggest.html", here="help", service=service, form=form, status=422)


@router.get("/help/{ref}/suggested", name="suggested")
def done(request: Request, _actor: SignedIn, db: ReadDb, page: Pages, ref: Ref) -> Response:
    """Show the number while the browser carries it."""
    if not (told := pocket.look(request, POCKET)):
        _open(db, ref)  # nothing has arrived about a listing that is not there
    return page("help/suggested.html", headers=UNKEPT, here="help", told=told, ref=ref, kept=suggesting.KEPT_DAYS)


def standing(db: Session, page: Page, form: Form[Any]) -> Response | None:
    """Return the page of the correction whose number was typed; None for a number of none."""
    found = suggesting.by_number(db, str(form.values.get("number", "")))
    if found is None:
        return None
    service, rows = found
    said, there = care_words.answers(service, rows), _is_there(db, service.ref)
    return page("help/answered.html", headers=UNKEPT, service=service, there=there, said=said, kept=suggesting.KEPT_DAYS)


def _is_there(db: Session, ref: str) -> bool:
    """Say whether a listing, or the one that stands for it, has a page."""
    try:
        return bool(actions.get(db, ref))
    except Gone:
        return False
