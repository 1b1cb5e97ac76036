"""Work on the numbers: what to look at, whom to represent, what will change, and the next release before it is public."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.settings import current as settings
from app.domain.actor import Actor
from app.domain.reporting import goals, promising, working
from app.domain.reporting.question import more
from app.domain.reporting.releasing.releases import LOOKED_OVER
from app.domain.reporting.showing import lines, queries
from app.domain.reporting.showing.told import month, told
from app.models.accounts import Role
from app.schemas.moderation import Press
from app.schemas.reporting import AskMore, EndGoal, ErasePromise, NewGoal, NewPromise, NewReference, SettlePromise
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.limits import WRITE_MEMBER, spend
from app.web.pages import Page
from app.web.sessions import Holds, SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/numbers")
Counter = Annotated[Actor, Depends(Holds(Role.ANALYST, Role.COORDINATOR))]
ReferenceForm = Annotated[Form[NewReference], form_of(NewReference)]
PromiseForm = Annotated[Form[NewPromise], form_of(NewPromise)]
SettleForm = Annotated[Form[SettlePromise], form_of(SettlePromise)]
EraseForm = Annotated[Form[ErasePromise], form_of(ErasePromise)]
AskForm = Annotated[Form[AskMore], form_of(AskMore)]
GoalForm = Annotated[Form[NewGoal], form_of(NewGoal)]
EndGoalForm = Annotated[Form[EndGoal], form_of(EndGoal)]
PressForm = Annotated[Form[Press], form_of(Press)]


def limited(request: Request, actor: SignedIn) -> None:
    """Count what a member sends; runs before the request's own transaction."""
    spend(request, WRITE_MEMBER, str(actor.me))


def _desk(db: Session, page: Page, status: int = 200, **forms: Form[Any]) -> Response:
    connection = db.connection()
    latest, waiting = queries.latest(connection), queries.waiting(connection)
    form = next(iter(forms.values()), None)
    return page(
        "desk/numbers.html", status=status, here="me", desk=working.desk(db), latest=told(latest) if latest else None,
        waiting=[(month(one.period), day(one.prepared_at + LOOKED_OVER)) for one in waiting], today=now().date(), day=day,
        wanted={key: _(words) for key, words in goals.WANTED.items()}, of_women=goals.OF_WOMEN,
        further=[(key, _(one.name), _(one.asked)) for key, one in more.MORE.items()],
        owners={key: _(words) for key, words in promising.OWNERS.items()}, form=form, which=next(iter(forms), ""),
    )  # fmt: skip


@router.get("", name="desk_numbers")
def show(db: ReadDb, page: Pages, _actor: Counter) -> Response:
    """Show what to look at, the reference population and what was promised."""
    return _desk(db, page)


@router.get("/next", name="desk_numbers_next")
def preview(db: ReadDb, page: Pages, _actor: Counter) -> Response:
    """Show the release that is made and not published yet: exactly what everyone will see, never a raw number."""
    plans = promising.to_publish(db)
    waiting = [(told(replace(one, promises=plans)), one.told_before) for one in queries.waiting(db.connection())]
    about_groups = lines.waiting(db.connection(), settings().disclosure_threshold) if waiting else []
    return page("desk/numbers_next.html", here="me", waiting=waiting, lines=about_groups)


@router.post("/references", dependencies=[Depends(limited)])
def set_reference(db: Db, page: Pages, actor: Counter, form: ReferenceForm) -> Response:
    """Name whom the network ought to represent."""
    if form.data is None:
        return _desk(db, page, 422, reference=form)
    try:
        working.set_reference(db, actor, form.data)
    except Invalid as problem:
        return _desk(db, page, 422, reference=form.refuse(problem))
    return page.go("desk_numbers", say=_("Kept. The next numbers are compared with it."))


@router.post("/references/end")
def end_reference(db: Db, page: Pages, actor: Counter, _form: PressForm) -> Response:
    """Compare with nothing any more."""
    working.end_reference(db, actor)
    return page.go("desk_numbers", say=_("Ended. The next numbers are compared with nothing."))


@router.post("/promises", dependencies=[Depends(limited)])
def promise(db: Db, page: Pages, actor: Counter, form: PromiseForm) -> Response:
    """Write down what will change."""
    if form.data is None:
        return _desk(db, page, 422, promise=form)
    try:
        promising.promise(db, actor, form.data)
    except Invalid as problem:
        return _desk(db, page, 422, promise=form.refuse(problem))
    return page.go("desk_numbers", say=_("Written down. Everyone sees it with the next numbers."))


@router.post("/promises/done", dependencies=[Depends(limited)])
def settle(db: Db, page: Pages, actor: Counter, form: SettleForm) -> Response:
    """Say what came of a promise."""
    if form.data is None:
        return _desk(db, page, 422, settle=form)
    try:
        promising.settle(db, actor, form.data.id, form.data.outcome)
    except Invalid as problem:
        return _desk(db, page, 422, settle=form.refuse(problem))
    return page.go("desk_numbers", say=_("Written down. Everyone sees it with the next numbers."))


@router.post("/promises/erase", dependencies=[Depends(limited)])
def erase(db: Db, page: Pages, actor: Counter, form: EraseForm) -> Response:
    """Take a promise away, from published pages too."""
    if form.data is None:
        return _desk(db, page, 422, erase=form)
    promising.erase(db, actor, form.data.id)
    return page.go("desk_numbers", say=_("Taken away, from the published pages too. Backups keep it until they are replaced."))


@router.post("/goals", dependencies=[Depends(limited)])
def want(db: Db, page: Pages, actor: Counter, form: GoalForm) -> Response:
    """Want something of a figure."""
    if form.data is None:
        return _desk(db, page, 422, goal=form)
    try:
        goals.want(db, actor, form.data)
    except Invalid as problem:
        return _desk(db, page, 422, goal=form.refuse(problem))
    return page.go("desk_numbers", say=_("Kept. The next numbers say whether it is reached, and you are told if it is not."))


@router.post("/goals/end")
def end_goal(db: Db, page: Pages, actor: Counter, form: EndGoalForm) -> Response:
    """Want it no longer."""
    if form.data is None:
        return _desk(db, page, 422)
    goals.end(db, actor, form.data.id)
    return page.go("desk_numbers", say=_("Ended. The next numbers do not speak of it."))


@router.post("/questions", dependencies=[Depends(limited)])
def ask_more(db: Db, page: Pages, actor: Counter, form: AskForm) -> Response:
    """Ask members these further questions about themselves, and no others."""
    if form.data is None:
        return _desk(db, page, 422, questions=form)
    more.ask(db, actor, set(form.data.asked))
    return page.go(
        "desk_numbers", say=_("Kept. Whoever has answered already is not asked again, but finds the questions under Me.")
    )
