"""Asking without an account: whom, what, the number; and with the number again, or deleting it all."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.asking import asking, queries, rules, shown
from app.models.abroad import AbroadQuestion
from app.schemas.asking import AskAbroad, AskMore
from app.schemas.moderation import AskNumber
from app.web import pocket
from app.web.forms import Form, filled, form_of
from app.web.limits import QUESTION_ADDRESS, RECEIPT_ADDRESS, spend
from app.web.numbered import numbered_by
from app.web.pages import Page
from app.web.sessions import Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
POCKET = "question"
SHOWN_MINUTES = 10
UNKEPT = {"Cache-Control": "no-store"}


def limited(request: Request) -> None:
    """Count a question; runs before the request's own transaction."""
    spend(request, QUESTION_ADDRESS)


def limited_more(request: Request) -> None:
    """Count a further question, and the number that was tried."""
    spend(request, RECEIPT_ADDRESS)
    spend(request, QUESTION_ADDRESS)


def limited_numbers(request: Request) -> None:
    """Count a number that was tried."""
    spend(request, RECEIPT_ADDRESS)


numbered = numbered_by(asking.number_of, POCKET, SHOWN_MINUTES)


def _form_page(db: Session, page: Page, form: Form[Any], status: int = 200) -> Response:
    whom = [("", _("The network"), _("A coordinator answers.")), *((row.ref, row.name, "") for row in queries.open_groups(db))]
    if teller := _teller(db, str(form.values.get("to", ""))):
        whom.insert(0, teller)
    return page("asking/ask.html", status=status, headers=UNKEPT, form=form, whom=whom, days=rules.WAITS.days, kept=rules.KEPT.days)


def _teller(db: Session, to: str) -> tuple[str, str, str] | None:
    """Return the choice of whoever told a story, while they can be asked; whatever somebody typed into the address."""
    ref = to.removeprefix(asking.ABOUT_STORY)
    story, asked = queries.told(db, ref) if ref != to else (None, False)
    if story is None or not asked:
        return None
    title = queries.title(db, story.id, i18n.current())
    return to, _("Whoever told “%(title)s”", title=title), _("They read it and answer, if they can. You do not learn who they are.")


@router.get("/ask", name="ask")
def form_of_question(
    db: ReadDb, page: Pages, _actor: Someone, to: Annotated[str, Query(pattern=rf"^(|{REF.pattern})$")] = "",
    story: Annotated[str, Query(pattern=rf"^(|{REF.pattern})$")] = "",
) -> Response:  # fmt: skip
    """Ask whom and what; ``to`` a group, or whoever told a ``story``."""
    return _form_page(db, page, filled(to=f"{asking.ABOUT_STORY}{story}" if story else to))


@router.post("/ask", name="ask_send", dependencies=[Depends(limited), Depends(numbered)])
def send(
    request: Request, db: Db, page: Pages, _actor: Someone, form: Annotated[Form[AskAbroad], form_of(AskAbroad)]
) -> Response:  # fmt: skip
    """Keep the question and give a number for the way back."""
    if form.data is None:
        return _form_page(db, page, form, 422)
    try:
        asked = asking.ask(db, form.data.to, form.data.words, request.state.number)
    except Invalid as problem:
        return _form_page(db, page, form.refuse(problem), 422)
    told = asdict(asked) | {"network": not form.data.to, "teller": form.data.to.startswith(asking.ABOUT_STORY), "again": False}
    return pocket.put(request, page.go("ask_done"), POCKET, told, SHOWN_MINUTES)


@router.get("/ask/done", name="ask_done")
def done(request: Request, page: Pages, _actor: Someone) -> Response:
    """Show the number while the browser carries it."""
    return page("asking/done.html", told=pocket.look(request, POCKET), days=rules.WAITS.days, kept=rules.KEPT.days)


def standing(db: Session, page: Page, form: Form[Any], status: int = 200) -> Response | None:
    """Return the page of the question whose number was typed; None for a number of none."""
    try:
        question = queries.by_number(db, str(form.values.get("number", "")))
    except NotFound:
        return None
    return _thread(db, page, form, question, status)


def _thread(db: Session, page: Page, form: Form[Any], question: AbroadQuestion, status: int) -> Response:
    at_desk = rules.for_desk(queries.stands(db, question), now().date())
    said = shown.thread(question, queries.words(db, question), at_desk=at_desk)
    asked = sum(1 for word in said["words"] if word["asks"])
    may = rules.may_ask_more(question.answered, asked)
    return page("asking/mine.html", status=status, form=form, said=said, may_ask=may)


@router.post("/ask/more", name="ask_more", dependencies=[Depends(limited_more)])
def more(db: Db, page: Pages, _actor: Someone, form: Annotated[Form[AskMore], form_of(AskMore)]) -> Response:
    """Ask again with the same number."""
    try:
        if form.data is not None:
            asking.ask_more(db, form.data.number, form.data.words)
            return _thread(db, page, filled(number=form.data.number), queries.by_number(db, form.data.number), 200)
    except Invalid as problem:
        form.refuse(problem)
    except NotFound as problem:
        return page("flags/back.html", status=422, form=form.refuse(Invalid("number", problem.sentence)), found=None)
    return standing(db, page, form, 422) or page("flags/back.html", status=422, form=form, found=None)


@router.post("/back/end", name="ask_end", dependencies=[Depends(limited_numbers)])
def end(request: Request, db: Db, page: Pages, _actor: Someone, form: Annotated[Form[AskNumber], form_of(AskNumber)]) -> Response:
    """Delete a question with its answers."""
    try:
        asking.end(db, str(form.values.get("number", "")))
    except NotFound as problem:
        return page("flags/back.html", status=422, form=form.refuse(Invalid("number", problem.sentence)), found=None)
    return pocket.drop(request, page.go("receipt", say=_("Your question and its answers are deleted.")), POCKET)
