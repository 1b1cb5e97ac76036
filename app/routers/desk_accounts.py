"""Work: looking at how an account takes part, found by its name; and what takes the key again, or two people."""

from typing import Annotated, Final

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Conflict, Invalid
from app.core.i18n import N_
from app.domain.actor import Actor
from app.domain.moderation import actions, conduct
from app.domain.moderation.rules import Choice
from app.models.moderation import Decision, Outcome
from app.schemas.moderation import FindAccount
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Worker, prove
from app.web.transactions import Db, Pages

router = APIRouter(prefix="/accounts")
WAITS: Final = N_("It takes two people. Somebody else reads it and confirms it, or decides differently. Nothing has happened yet.")
STOPS: Final = frozenset({Outcome.SUSPEND, Outcome.CLOSE, Outcome.LIFT})


@router.get("", name="desk_accounts")
def ask(page: Pages, actor: Worker) -> Response:
    """Ask whose account it is."""
    return _ask(page, None)


def _ask(page: Page, form: Form[FindAccount] | None) -> Response:
    return page("desk/account.html", status=422 if form else 200, here="me", form=form)


@router.post("")
def find(db: Db, page: Pages, actor: Worker, form: Annotated[Form[FindAccount], form_of(FindAccount)]) -> Response:
    """Open the case about this account."""
    if form.data is None:
        return _ask(page, form)
    try:
        case = conduct.open_about(db, actor, form.data.name)
    except Invalid as problem:
        return _ask(page, form.refuse(problem))
    try:
        actions.open_case(db, actor, case.ref)
    except Conflict as problem:
        return page.go("desk_case", ref=case.ref, say=problem.sentence)
    return page.go("desk_case", ref=case.ref)


def settle(db: Session, actor: Actor, ref: str, choice: Choice) -> Decision | None:
    """Decide, or propose what takes two people (None); whoever stops, closes or frees an account showed their key a moment ago."""
    if choice.outcome in STOPS:
        prove(actor)
    return actions.settle(db, actor, ref, choice)
