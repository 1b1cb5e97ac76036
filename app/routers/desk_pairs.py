"""Work: pairs that a round proposes, and how two people who said yes meet first."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.mentoring.rounds import answering, queries, running
from app.models.mentoring import MatchState
from app.schemas.mentoring import Introduce, SteerPair
from app.schemas.moderation import Press
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.pages import Page
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/pairs")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


@router.post("", name="desk_round")
def run(request: Request, page: Pages, actor: Coordinator, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """Run a round now; not within one transaction: matching takes a while, and others write meanwhile."""
    running.run_now(house(request).database, actor)
    return page.go(
        "desk_mentoring", say=_("Done. What was found stands below. Whoever changed something meanwhile waits for the next.")
    )


@router.post("/{ref}", name="desk_pair")
def steer(
    ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[SteerPair], form_of(SteerPair)]
) -> Response:  # fmt: skip
    """Let a pair go on, or not."""
    if form.data is None:
        raise NotFound(_("This page is not here."))
    act = answering.release if form.data.do == "release" else answering.drop
    act(db, actor, ref, form.data.row_version)
    return page.go("desk_mentoring", say=_("Kept."))


def _shown(db: Session, page: Page, actor: Actor, ref: str, form: Form[Introduce] | None = None) -> Response:
    pair = queries.one_at_desk(db, actor, ref, MatchState.AGREED)
    return page("mentoring/introduce.html", status=422 if form else 200, here="me", pair=pair, form=form, day=day)


@router.get("/{ref}/introduce", name="desk_pair_introduce")
def ask(ref: Ref, db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Ask what each of the two is told about how they meet first."""
    return _shown(db, page, actor, ref)


@router.post("/{ref}/introduce")
def introduce(
    ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[Introduce], form_of(Introduce)]
) -> Response:  # fmt: skip
    """Tell both; the half year begins."""
    if form.data is None:
        return _shown(db, page, actor, ref, form)
    try:
        answering.introduce(db, actor, ref, form.data)
    except Invalid as problem:
        return _shown(db, page, actor, ref, form.refuse(problem))
    return page.go("desk_mentoring", say=_("Done. They read it under My answers."))
