"""The statement of reasons of a decision, and saying that one sees it differently."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Refused
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.moderation import appeals, letters
from app.schemas.moderation import Differ
from app.web.forms import Form, form_of
from app.web.limits import WRITE_MEMBER, spend
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/decisions")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


def limited(request: Request, actor: SignedIn) -> None:
    """Count what a member sends; runs before the request's own transaction."""
    spend(request, WRITE_MEMBER, str(actor.me))


@router.get("/{ref}", name="my_decision")
def show(db: ReadDb, page: Pages, actor: SignedIn, ref: Ref) -> Response:
    """Show what was decided, why, and what one can do."""
    return _page(db, page, actor, ref, None)


@router.post("/{ref}", dependencies=[Depends(limited)])
def differ(db: Db, page: Pages, actor: SignedIn, ref: Ref, form: Annotated[Form[Differ], form_of(Differ)]) -> Response:
    """Keep what the member sees differently; late or twice, the words come back with a sentence."""
    if form.data is None:
        return _page(db, page, actor, ref, form, 422)
    try:
        appeals.appeal(db, actor, ref, form.data.words)
    except Refused:
        return _page(db, page, actor, ref, form, 403)
    return page.go("my_decision", ref=ref, say=_("We have it. Somebody who did not decide it looks."))


def _page(db: Session, page: Page, actor: Actor, ref: str, form: Form[Differ] | None, status: int = 200) -> Response:
    return page("me/decision.html", status=status, here="me", form=form, told=letters.statement(db, actor, ref))
