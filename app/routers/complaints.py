"""Telling us about a person, and finding the page that one wants to tell us about by its address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.domain.moderation import actions, subjects
from app.domain.moderation.wording import PERSON_REASONS
from app.routers.flags import POCKET, SHOWN_MINUTES, limited, numbered
from app.schemas.moderation import Complain, FindFlagged
from app.web import pocket
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Someone
from app.web.transactions import Db, Pages

router = APIRouter()
Pair = Annotated[str, Query(pattern=f"^(|{REF.pattern})$")]


def _ask(page: Page, form: Form[Complain] | None, pair: str = "") -> Response:
    carried = str(form.values.get("pair", "")) if form else pair
    return page("flags/person.html", status=422 if form else 200, form=form, subject=None, reasons=PERSON_REASONS, pair=carried)


@router.get("/flag", name="flag_address")
def ask_address(page: Pages, actor: Someone) -> Response:
    """Ask for the address of a page."""
    return page("flags/address.html", form=None)


@router.post("/flag")
def find(page: Pages, actor: Someone, form: Annotated[Form[FindFlagged], form_of(FindFlagged)]) -> Response:
    """Lead to the form about this page."""
    found = subjects.address(form.data.address) if form.data else None
    if found is None:
        return page("flags/address.html", status=422, form=form.refuse(Invalid("address", _("This is no page of ours that shows "
                    "a story, a service, a group or a post. Copy the whole address."))))  # fmt: skip
    return page.go("flag", kind=found[0], ref=found[1])


@router.get("/flag/person", name="flag_person")
def ask(page: Pages, actor: Someone, pair: Pair = "") -> Response:
    """Ask about whom it is, and what happened; ``pair`` leads here from a mentorship."""
    return _ask(page, None, pair)


@router.post("/flag/person", dependencies=[Depends(limited), Depends(numbered)])
def send(request: Request, db: Db, page: Pages, actor: Someone, form: Annotated[Form[Complain], form_of(Complain)]) -> Response:
    """Keep the complaint and give a number for the way back."""
    if form.data is None:
        return _ask(page, form)
    try:
        said = form.data
        filed = actions.complain(db, actor, said.who, said.reason, said.note, said.name, said.pair, request.state.number)
    except Invalid as problem:
        return _ask(page, form.refuse(problem))
    told = {"receipt": filed.receipt, "answer_by": filed.answer_by.isoformat(), "careful": filed.careful, "kind": "person"}
    return pocket.put(request, page.go("flag_done"), POCKET, told, SHOWN_MINUTES)
