"""Me, continued: the one question about oneself. What was said is shown only to whoever has just shown the key."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.reporting import rules
from app.domain.reporting.question import answers as question
from app.domain.reporting.question import more
from app.schemas.moderation import Press
from app.schemas.reporting import TellGender
from app.web.days import day
from app.web.forms import Form, filled, form_of
from app.web.limits import WRITE_MEMBER, spend
from app.web.pages import Page
from app.web.sessions import Proven, SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
TellForm = Annotated[Form[TellGender], form_of(TellGender)]
PressForm = Annotated[Form[Press], form_of(Press)]


def limited(request: Request, actor: SignedIn) -> None:
    """Count what a member sends; runs before the request's own transaction."""
    spend(request, WRITE_MEMBER, str(actor.me))


def _shown(
    db: Session, page: Page, actor: Actor, form: Form[Any], status: int = 200, seen: question.Said | None = None
) -> Response:  # fmt: skip
    choices = [(key, _(words)) for key, words in question.GENDERS.items()]
    further = more.offered(db, form.values, seen.more if seen else {})
    return page(
        "me/question.html", status=status, here="me", form=form, choices=choices, further=further,
        state=question.state(db, actor.me), day=day, refused=rules.may_answer(actor).reason,
        seen=_(question.GENDERS[seen.gender]) if seen else "",
    )  # fmt: skip


@router.get("/me/question", name="me_question")
def ask(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask; an answer that is there is not shown, because others may use this phone."""
    return _shown(db, page, actor, filled())


@router.post("/me/question", dependencies=[Depends(limited)])
def take(db: Db, page: Pages, actor: SignedIn, form: TellForm) -> Response:
    """Keep the answer."""
    if form.data is None:
        return _shown(db, page, actor, form, status=422)
    said = form.data.model_dump()
    try:
        question.answer(db, actor, question.Said(said.pop("gender"), said.pop("words"), said))
    except Invalid as problem:
        return _shown(db, page, actor, form.refuse(problem), status=422)
    return page.go("me", say=_("Kept, where nobody here sees it. Thank you."))


@router.post("/me/question/look")
def look(db: Db, page: Pages, actor: Proven, _form: PressForm) -> Response:
    """Show the member their own answer, once."""
    said = question.look(db, actor)
    if said is None:
        return page.go("me_question")
    return _shown(db, page, actor, filled(gender=said.gender, words=said.words, **said.more), seen=said)


@router.post("/me/question/withdraw")
def withdraw(db: Db, page: Pages, actor: SignedIn, _form: PressForm) -> Response:
    """Take the answer back."""
    question.withdraw(db, actor)
    told = _(
        "Taken back: it counts no more. Months that were counted keep their sums, and backups keep it sealed until they are "
        "replaced."
    )
    return page.go("me", say=told)
