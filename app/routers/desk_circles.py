"""Work: planning circles, choosing who comes in, beginning and ending them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n, languages
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.mentoring.circles import ending, forming, reading, rules
from app.domain.mentoring.circles.wording import STATES
from app.routers.my_mentoring import Counted
from app.schemas.circles import ChooseSeat, PlanCircle, PressCircle
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/circles")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


def _shown(db: Session, page: Page, actor: Actor, form: Form[Any] | None = None) -> Response:
    mentors, codes = reading.can_lead(db, actor), dict.fromkeys((i18n.current(), *languages.OFFERED))
    return page(
        "circles/desk.html", status=422 if form else 200, here="me", form=form, circles=reading.at_desk(db, actor), states=STATES,
        day=day, mentors=[("", "–"), *mentors], languages=[(code, i18n.language_name(code)) for code in codes],
        places=[(str(n), str(n)) for n in range(rules.FEWEST, 9)], weeks=[(str(n), str(n)) for n in rules.WEEKS],
    )  # fmt: skip


@router.get("", name="desk_circles")
def circles(db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show the circles, and the form to plan one."""
    return _shown(db, page, actor)


@router.post("", dependencies=[Counted])
def plan(db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[PlanCircle], form_of(PlanCircle)]) -> Response:
    """Plan a circle."""
    if form.data is None:
        return _shown(db, page, actor, form)
    try:
        row = forming.plan(db, actor, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, form.refuse(problem))
    return page.go("desk_circle", ref=row.ref, say=_("Planned. The mentors are asked."))


@router.get("/{ref}", name="desk_circle")
def circle(ref: Ref, db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show who leads a circle, who is in it and who asks."""
    return _chosen(db, page, actor, ref)


def _chosen(db: Session, page: Page, actor: Actor, ref: str, status: int = 200) -> Response:
    one = forming.to_choose(db, actor, ref)
    people = reading.people(db, one.id)
    return page("circles/choose.html", status=status, here="me", one=one, state=STATES[one.state], day=day, people=people)


@router.post("/{ref}/seats", name="desk_circle_seat", dependencies=[Counted])
def choose(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[ChooseSeat], form_of(ChooseSeat)]) -> Response:
    """Let somebody in, or not this time."""
    if form.data is None:
        return _chosen(db, page, actor, ref, 422)
    forming.choose(db, actor, ref, form.data)
    return page.go("desk_circle", ref=ref, say=_("Kept. They are told."))


@router.post("/{ref}", dependencies=[Counted])
def press(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[PressCircle], form_of(PressCircle)]) -> Response:
    """Begin a circle, or end it."""
    if form.data is None or form.data.do not in ("begin", "end"):
        raise NotFound(_("This page is not here."))
    act = forming.begin if form.data.do == "begin" else ending.end
    act(db, actor, ref)
    return page.go("desk_circles", say=_("Done. Everybody in it is told."))
