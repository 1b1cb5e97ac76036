"""Is it still true? A link for whoever offers a service, without an account: the page asks, a tap answers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.domain.directory import still_true
from app.schemas.directory import SayStillTrue
from app.web.forms import Form, form_of
from app.web.limits import RECEIPT_ADDRESS, spend
from app.web.pages import Page
from app.web.sessions import Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/still")
Link = Annotated[str, Path(pattern=f"^{still_true.TOKEN}$")]


def _limited(request: Request) -> None:
    spend(request, RECEIPT_ADDRESS)


@router.get("/{link}", name="still_true", dependencies=[Depends(_limited)])
def ask(db: ReadDb, page: Pages, _actor: Someone, link: Link) -> Response:
    """Show what stands in the list, and ask whether it is still true."""
    return _page(db, page, link, Form())


def _page(db: Session, page: Page, link: str, form: Form[SayStillTrue], status: int = 200) -> Response:
    service = still_true.opened(db, link)
    stands = still_true.stands(db, service)
    seen = still_true.mark_of(stands)
    return page(
        "help/still.html", status=status, here="help", service=service, stands=stands, seen=seen, link=link, form=form, noindex=True
    )


@router.post("/{link}", name="say_still_true", dependencies=[Depends(_limited)])
def say(
    db: Db, page: Pages, _actor: Someone, link: Link, form: Annotated[Form[SayStillTrue], form_of(SayStillTrue)]
) -> Response:  # fmt: skip
    """Keep that it is; where something else stands there by now, show that first."""
    try:
        service = still_true.confirm(db, link, form.data.seen if form.data else "")
    except Conflict as problem:
        return _page(db, page, link, form.refuse(Invalid("", problem.sentence)), 409)
    return page.go("service", ref=service.ref, say=_("Thank you. Confirmed today."))
