"""The statement of reasons of a decision, or of what was hidden at once, and saying that one sees it differently."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Refused
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.moderation import appeals, holding, letters
from app.schemas.moderation import Differ, Press
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
    """Show what was decided or hidden, why, and what one can do."""
    return _page(db, page, actor, ref, None)


@router.post("/{ref}/words", name="forget_differing", dependencies=[Depends(limited)])
def forget(db: Db, page: Pages, actor: SignedIn, ref: Ref, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """Erase what the member wrote about it."""
    of = holding if holding.find(db, actor, ref) else appeals
    of.forget_words(db, actor, ref)
    return page.go("my_decision", ref=ref, say=_("Your words are erased."))


@router.post("/{ref}/show", name="show_again", dependencies=[Depends(limited)])
def show_again(db: Db, page: Pages, actor: SignedIn, ref: Ref, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """Show again what was hidden at once, where nobody decided in time."""
    holding.show_again(db, actor, ref)
    return page.go("my_decision", ref=ref, say=_("It is shown again."))


@router.post("/{ref}", dependencies=[Depends(limited)])
def differ(db: Db, page: Pages, actor: SignedIn, ref: Ref, form: Annotated[Form[Differ], form_of(Differ)]) -> Response:
    """Keep what the member sees differently; late or twice, the words come back with a sentence."""
    if form.data is None:
        return _page(db, page, actor, ref, form, 422)
    try:
        if holding.find(db, actor, ref):
            holding.say(db, actor, ref, form.data.words)
        else:
            appeals.appeal(db, actor, ref, form.data.words)
    except Refused:
        return _page(db, page, actor, ref, form, 403)
    return page.go("my_decision", ref=ref, say=_("We have it. A person looks at it."))


def _page(db: Session, page: Page, actor: Actor, ref: str, form: Form[Differ] | None, status: int = 200) -> Response:
    if held := holding.find(db, actor, ref):
        return page("me/held.html", status=status, here="me", form=form, told=holding.statement(db, *held))
    return page("me/decision.html", status=status, here="me", form=form, told=letters.statement(db, actor, ref))
