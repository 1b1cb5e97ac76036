"""Please look at this: a flag without an account, and coming back with its number."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, NotFound, Refused
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.moderation import actions, appeals, flagging, letters, rules, subjects
from app.domain.moderation.earlier import day_words
from app.domain.moderation.wording import REASONS
from app.routers import asking, help_correcting
from app.schemas.moderation import AskNumber, DifferByNumber, SendFlag
from app.web import pocket
from app.web.forms import Form, form_of
from app.web.limits import FLAG_ADDRESS, RECEIPT_ADDRESS, spend
from app.web.numbered import numbered_by
from app.web.pages import Page
from app.web.sessions import Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
POCKET = "flag"
SHOWN_MINUTES = 10
Kind = Annotated[str, Path(pattern="^(story|service|call|post|group|meeting|board|asked|message|private|ask|goal|step)$")]
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
HERE = {
    **dict.fromkeys(("call", "post", "group", "meeting", "board", "asked"), "groups"),
    **dict.fromkeys(("message", "private", "ask", "goal", "step"), "me"),
    "story": "stories", "service": "help",
}  # fmt: skip
DifferForm = Annotated[Form[DifferByNumber], form_of(DifferByNumber)]
NumberForm = Annotated[Form[AskNumber], form_of(AskNumber)]


def limited(request: Request) -> None:
    """Count a flag; runs before the request's own transaction."""
    spend(request, FLAG_ADDRESS)


numbered = numbered_by(flagging.number_of, POCKET, SHOWN_MINUTES)


def limited_numbers(request: Request) -> None:
    """Count a number that was tried."""
    spend(request, RECEIPT_ADDRESS)


def _ask(db: Session, page: Page, actor: Actor, kind: str, ref: str, form: Form[SendFlag] | None) -> Response:
    subject = subjects.flaggable(db, actor, kind, ref)
    require(rules.may_flag(actor, subject.author_id))
    return page("flags/ask.html", status=422 if form else 200, here=HERE[kind], form=form, subject=subject, reasons=REASONS[kind])


@router.get("/flag/done", name="flag_done")
def done(request: Request, page: Pages, actor: Someone) -> Response:
    """Show the receipt number while the browser carries it."""
    told = pocket.look(request, POCKET)
    if told and "again" in told:  # of which reason it was is not looked up again: so what it says of danger is there for all
        told = {"answer_by": "", "careful": True, "kind": "", **told}
    day = day_words(date.fromisoformat(told["answer_by"])) if told and told["answer_by"] else ""
    return page("flags/done.html", told=told, day=day)


@router.get("/flag/{kind}/{ref}", name="flag")
def ask(db: ReadDb, page: Pages, actor: Someone, kind: Kind, ref: Ref) -> Response:
    """Ask what is wrong."""
    return _ask(db, page, actor, kind, ref, None)


@router.post("/flag/{kind}/{ref}", dependencies=[Depends(limited), Depends(numbered)])
def send(
    request: Request, db: Db, page: Pages, actor: Someone, kind: Kind, ref: Ref,
    form: Annotated[Form[SendFlag], form_of(SendFlag)],
) -> Response:  # fmt: skip
    """Keep the flag and give a number for the way back."""
    if form.data is None:
        return _ask(db, page, actor, kind, ref, form)
    try:
        said = form.data
        filed = actions.flag(db, actor, kind, ref, said.reason, said.note, said.name, request.state.number)
    except Invalid as problem:
        return _ask(db, page, actor, kind, ref, form.refuse(problem))
    told = {"receipt": filed.receipt, "answer_by": filed.answer_by.isoformat(), "careful": filed.careful, "kind": kind, "ref": ref}
    return pocket.put(request, page.go("flag_done"), POCKET, told, SHOWN_MINUTES)


@router.get("/back", name="receipt")
def ask_number(page: Pages, actor: Someone) -> Response:
    """Ask for the number."""
    return page("flags/back.html", form=None, found=None)


@router.post("/back", dependencies=[Depends(limited_numbers)])
def look(db: ReadDb, page: Pages, actor: Someone, form: NumberForm) -> Response:
    """Say where a flag stands, or what the answer is."""
    return _standing(db, page, form)


@router.post("/back/words", name="forget_words", dependencies=[Depends(limited_numbers)])
def forget(db: Db, page: Pages, actor: Someone, form: NumberForm) -> Response:
    """Erase the words of a flag."""
    try:
        actions.forget_words(db, form.data.number if form.data else "")
    except NotFound as problem:
        return page("flags/back.html", status=422, form=form.refuse(Invalid("number", problem.sentence)), found=None)
    return _standing(db, page, form, forgotten=True)


@router.post("/back/differ", name="differ_by_number", dependencies=[Depends(limited_numbers)])
def differ(db: Db, page: Pages, actor: Someone, form: DifferForm) -> Response:
    """Keep what whoever holds the number sees differently."""
    if form.data is None:
        return _standing(db, page, form, status=422)
    try:
        appeals.appeal_by_number(db, actor, form.data.number, form.data.words)
    except NotFound as problem:
        return _standing(db, page, form.refuse(Invalid("number", problem.sentence)), status=422)
    except Refused:
        return _standing(db, page, form, status=403)
    return _standing(db, page, form)


def _standing(
    db: Session, page: Page, form: Form[AskNumber] | Form[DifferByNumber], forgotten: bool = False, status: int = 200
) -> Response:
    try:
        flag, case = flagging.by_number(db, str(form.values.get("number", "")))
    except NotFound as problem:
        if status == 200 and not forgotten and (asked := asking.standing(db, page, form)) is not None:
            return asked
        if status == 200 and not forgotten and (corrected := help_correcting.standing(db, page, form)) is not None:
            return corrected
        return page("flags/back.html", status=422, form=form.refuse(Invalid("number", problem.sentence)), found=None)
    found = flagging.standing_of(db, flag, case)
    return page(
        "flags/back.html", status=status, form=form, found=found, day=day_words(found.on), forgotten=forgotten,
        told=letters.of_number(db, flag, case), told_day=day_words(found.told_on),
    )  # fmt: skip
