"""What keeps you from coming: one tap for whoever was invited or stopped joining, without an account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.core.i18n import _
from app.domain.network import absence
from app.schemas.network import SayAbsent
from app.web.forms import Form, form_of
from app.web.limits import WHY_ADDRESS, spend
from app.web.pages import Page
from app.web.sessions import Someone
from app.web.transactions import Db, Pages

router = APIRouter(prefix="/why")


def _limited(request: Request) -> None:
    spend(request, WHY_ADDRESS)


def _shown(page: Page, form: Form[SayAbsent] | None = None) -> Response:
    reasons = [(key, _(words)) for key, words in absence.REASONS.items()]
    return page("join/why.html", status=422 if form else 200, form=form, reasons=reasons)


@router.get("", name="why")
def ask(page: Pages, actor: Someone) -> Response:
    """Ask what keeps somebody from coming."""
    return _shown(page)


@router.get("/thanks", name="why_thanks")
def thanks(page: Pages, actor: Someone) -> Response:
    """Say thank you."""
    return page("join/why_thanks.html")


@router.post("", dependencies=[Depends(_limited)])
def say(db: Db, page: Pages, actor: Someone, form: Annotated[Form[SayAbsent], form_of(SayAbsent)]) -> Response:
    """Count one reason."""
    if form.data is None:
        return _shown(page, form)
    absence.say(db, form.data.reason)
    return page.go("why_thanks")
