"""Work: care of those who do it. What they take, a break in one tap, who looks after them, and how the work is shared."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.core import settings as core_settings
from app.core.errors import Invalid
from app.core.i18n import _, ngettext
from app.domain.actor import Actor
from app.domain.moderation import balance, care, handing, looking_after
from app.schemas.moderation import AnswerBuddy, Arrange, AskBuddy, Press
from app.web.days import day
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import Coordinator, Worker
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
PressForm = Annotated[Form[Press], form_of(Press)]


@router.get("/care", name="desk_care")
def show(db: ReadDb, page: Pages, actor: Worker) -> Response:
    """Show what the reader takes, their break, and who looks after them."""
    return _page(db, page, actor, None)


def _page(db: Session, page: Page, actor: Actor, form: Form[Any] | None, asking: Form[Any] | None = None) -> Response:
    mine = care.of(db, actor.member_id)
    wrong = any(one is not None and one.errors for one in (form, asking))
    return page(
        "desk/care.html", status=422 if wrong else 200, here="me", mine=mine,
        form=form or filled(most=mine.own, topics=list(mine.topics)), asking=asking, wrong=form or asking,
        topics=[(key, _(topic.label)) for key, topic in care.TOPICS.items()], usual=core_settings.current().heavy_a_day,
        buddies=looking_after.buddies(db, actor), people=[(name, name) for _id, name in handing.colleagues(db, actor)],
    )  # fmt: skip


@router.post("/care", name="desk_arrange")
def arrange(db: Db, page: Pages, actor: Worker, form: Annotated[Form[Arrange], form_of(Arrange)]) -> Response:
    """Keep what the reader takes."""
    if form.data is None:
        return _page(db, page, actor, form)
    try:
        looking_after.arrange(db, actor, form.data.most, form.data.topics)
    except Invalid as problem:
        return _page(db, page, actor, form.refuse(problem))
    return page.go("desk_care", say=_("Kept. Only you see this."))


@router.post("/care/break", name="desk_rest")
def rest(db: Db, page: Pages, actor: Worker, _form: PressForm) -> Response:
    """Begin a break."""
    count = looking_after.rest(db, actor)
    back = ngettext("%(num)s case went back.", "%(num)s cases went back.", count) if count else ""
    return page.go("desk", say=f"{_('Your break has begun. Others see what waits.')} {back}".strip())


@router.post("/care/back", name="desk_back")
def back(db: Db, page: Pages, actor: Worker, _form: PressForm) -> Response:
    """End a break."""
    looking_after.back(db, actor)
    return page.go("desk", say=_("Good that you are here."))


@router.post("/care/buddy", name="desk_buddy_ask")
def ask(db: Db, page: Pages, actor: Worker, form: Annotated[Form[AskBuddy], form_of(AskBuddy)]) -> Response:
    """Ask somebody to look after each other."""
    if form.data is None:
        return _page(db, page, actor, None, form)
    try:
        looking_after.ask(db, actor, form.data.name)
    except Invalid as problem:
        return _page(db, page, actor, None, form.refuse(problem))
    return page.go("desk_care", say=_("Asked. Nothing begins before they say yes."))


@router.post("/care/buddy/answer", name="desk_buddy_answer")
def answer(db: Db, page: Pages, actor: Worker, form: Annotated[Form[AnswerBuddy], form_of(AnswerBuddy)]) -> Response:
    """Say yes or no to somebody who asks."""
    if form.data is None:
        return _page(db, page, actor, None, form)
    try:
        looking_after.answer(db, actor, form.data.name, form.data.do == "yes")
    except Invalid as problem:
        return page.go("desk_care", say=problem.sentence)
    return page.go(
        "desk_care", say=_("The two of you look after each other now.") if form.data.do == "yes" else _("They are not told.")
    )


@router.post("/care/buddy/end", name="desk_buddy_end")
def end(db: Db, page: Pages, actor: Worker, _form: PressForm) -> Response:
    """End looking after each other, or take the question back."""
    looking_after.end(db, actor)
    return page.go("desk_care", say=_("Ended. Nobody is told."))


@router.post("/care/buddy/word", name="desk_buddy_word")
def word(db: Db, page: Pages, actor: Worker, _form: PressForm) -> Response:
    """Ask for a word."""
    looking_after.want_a_word(db, actor)
    return page.go("desk_care", say=_("They read that you would like a word, nothing else."))


@router.get("/balance", name="desk_balance")
def shared(db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show how the work of a week was shared, without names."""
    found = balance.week(db, actor)
    return page("desk/balance.html", here="me", found=found, bands=balance.BANDS, day=day)
