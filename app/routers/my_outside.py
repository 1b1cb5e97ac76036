"""My mentoring, continued: help from outside that the two think of."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.mentoring.joining.wording import NEED_WORDS
from app.domain.mentoring.together import outside, reading, rules
from app.routers.my_mentoring import Counted
from app.schemas.mentorships import AnswerHelp, WantHelp
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/with/{ref}/outside")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
HelpRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


def _shown(db: Session, page: Page, actor: Actor, ref: str, form: Form[Any] | None = None) -> Response:
    of = reading.talk(db.connection(), actor, ref)
    allowed = rules.may_talk(actor) and rules.goes_on(actor, of.state, is_mentee=of.is_mentee)
    return page(
        "mentoring/outside.html", status=422 if form else 200, here="me", of=of, form=form, closed=allowed.reason,
        wanted=outside.listed(db.connection(), of), needs=[(key, _(text)) for key, text in NEED_WORDS.items()],
    )  # fmt: skip


@router.get("", name="my_outside")
def show(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show which help from outside the two think of."""
    return _shown(db, page, actor, ref)


@router.post("", dependencies=[Counted])
def propose(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[WantHelp], form_of(WantHelp)]) -> Response:
    """Think of help from outside."""
    if form.data is None:
        return _shown(db, page, actor, ref, form)
    try:
        sent = outside.propose(db, actor, ref, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem))
    return page.go("my_outside", ref=ref, say=_("Passed on to the coordinators.") if sent else _("Kept."))


@router.post("/{help_ref}", name="my_outside_answer", dependencies=[Counted])
def answer(
    ref: Ref, help_ref: HelpRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[AnswerHelp], form_of(AnswerHelp)]
) -> Response:  # fmt: skip
    """Say yes, or no, or want it without the mentor."""
    if form.data is None:
        return _shown(db, page, actor, ref, form)
    try:
        sent = outside.answer(db, actor, ref, help_ref, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem))
    return page.go("my_outside", ref=ref, say=_("Passed on to the coordinators.") if sent else _("Kept."))
