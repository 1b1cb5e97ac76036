"""Asking somebody whose words one reads in a group to talk, or wanting nothing from them."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.between import asking, blocking, rules
from app.domain.groups import talking
from app.routers.groups import Counted, Ref
from app.schemas.between import MOST_ASKED, AskToTalk
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/g/{ref}/p/{post_ref}")
PostRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


@router.get("/talk", name="between_ask")
def form_page(ref: Ref, post_ref: PostRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask for one sentence."""
    return _page(db, page, actor, asking.whom(db, actor, ref, post_ref), None)


def _page(db: Session, page: Page, actor: Actor, whom: asking.Whom, form: Form[AskToTalk] | None) -> Response:
    allowed = rules.may_ask(actor) and rules.may_ask_strangers(talking.is_newcomer(db, actor.me))
    return page(
        "between/ask.html", status=422 if form else 200, here="groups", whom=whom, form=form, longest=MOST_ASKED,
        closed=allowed.reason,
    )  # fmt: skip


@router.post("/talk", name="between_ask_send", dependencies=[Counted])
def ask(
    ref: Ref, post_ref: PostRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[AskToTalk], form_of(AskToTalk)]
) -> Response:
    """Ask; what could not be taken is shown again with every word."""
    whom = asking.whom(db, actor, ref, post_ref)
    if form.data is None:
        return _page(db, page, actor, whom, form)
    try:
        asking.ask(db, actor, whom, form.data)
    except Invalid as problem:
        return _page(db, page, actor, whom, form.refuse(problem))
    return page.go("my_between", say=_("Kept. If a yes comes within 30 days, you hear of it; nothing else is told."))


@router.post("/block", name="between_ask_block", dependencies=[Counted])
def block(ref: Ref, post_ref: PostRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Want nothing from whoever wrote a post."""
    try:
        blocking.block(db, actor, *asking.author(db, actor, ref, post_ref))
    except Invalid as problem:
        return page.go("my_blocks", say=problem.sentence)
    return page.go("my_blocks", say=_("Blocked. They are not told, and notice nothing."))
