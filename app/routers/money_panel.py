"""A panel at work: say yes to it, read applications, score them alone, then decide together and publish."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.money.granting import judging, queries, rules, seating, shown
from app.domain.money.granting.wording import DECLARED
from app.models.money import FundCall, SeatState
from app.routers.groups import Counted
from app.routers.money import CallRef
from app.schemas.granting import Propose, Publish, Score, TakeSeat
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/panel")
AskRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


def _seated(db: Session, actor: Actor, ref: str) -> FundCall:
    """Return a call for whoever was asked to sit on its panel; for others there is none."""
    call = queries.call(db, ref)
    seat = queries.seat(db, call.id, actor.me)
    if seat is None or seat.state not in (SeatState.ASKED, SeatState.SITS):
        raise queries.not_here()
    return call


def _page(db: Session, page: Page, actor: Actor, call: FundCall, form: Form[Any] | None = None, status: int = 200) -> Response:
    found = judging.panel(db, call)
    works = bool(rules.may_sit(actor, actor.me in found.ties, found.stage))
    of = shown.panel(db, found, actor.me) if works else {"call": shown.facts(call), "asks": ()}
    seat = queries.seat(db, call.id, actor.me)
    return page(
        "money/panel.html", here="me", status=status, of=of, works=works, form=form, seat=seat,
        fixed=seat is not None and seating.fixed(call, seat),
        declared=[(key, _(words)) for key, words in DECLARED.items()],
    )  # fmt: skip


@router.get("", name="panels")
def listed(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show the panels that I am asked to sit on, or sit on."""
    return page("money/panels.html", here="me", panels=shown.panels(queries.panels_of(db, actor.me)))


@router.get("/{ref}", name="panel")
def overview(ref: CallRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show a panel to one of its people: yes or no to it, then the applications."""
    return _page(db, page, actor, _seated(db, actor, ref))


@router.post("/{ref}/seat", name="panel_seat", dependencies=[Counted])
def take_seat(ref: CallRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[TakeSeat], form_of(TakeSeat)]) -> Response:
    """Say yes or no to a panel."""
    call = _seated(db, actor, ref)
    if form.data is None:
        return _page(db, page, actor, call, form, 422)
    try:
        seating.answer(db, actor, call, form.data)
    except Invalid as problem:
        return _page(db, page, actor, call, form.refuse(problem), 422)
    if form.data.do == "no":
        return page.go("fund_call", ref=ref, say=_("Thank you for saying so. What you declared is gone."))
    return page.go("panel", ref=ref, say=_("Thank you. You sit on this panel now."))


def _ask_page(
    db: Session, page: Page, actor: Actor, call: FundCall, ref: str, form: Form[Any] | None = None, which: str = "",
    status: int = 422,
) -> Response:  # fmt: skip
    found = judging.sat_down(db, actor, call)
    of = shown.one(db, found, judging.readable(db, actor, found, ref), actor.me)
    return page(
        "money/panel_ask.html", here="me", status=status if form else 200, of=of, form=form, which=which, moved=status == 409
    )


@router.get("/{ref}/{ask_ref}", name="panel_ask")
def one(ref: CallRef, ask_ref: AskRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show one application to somebody of the panel who has no tie to it."""
    return _ask_page(db, page, actor, _seated(db, actor, ref), ask_ref)


@router.post("/{ref}/{ask_ref}/score", name="panel_score", dependencies=[Counted])
def score(
    ref: CallRef, ask_ref: AskRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Score], form_of(Score)]
) -> Response:  # fmt: skip
    """Score an application."""
    call = _seated(db, actor, ref)
    if form.data is None:
        return _ask_page(db, page, actor, call, ask_ref, form, "score")
    try:
        judging.score(db, actor, call, ask_ref, form.data)
    except Invalid as problem:
        return _ask_page(db, page, actor, call, ask_ref, form.refuse(problem), "score")
    return page.go("panel", ref=ref, say=_("Kept. Nobody else reads it before the scores open."))


@router.post("/{ref}/{ask_ref}/tie", name="panel_tie", dependencies=[Counted])
def tie(ref: CallRef, ask_ref: AskRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Say that one has a tie to an application, and take no part in it."""
    judging.declare_tie(db, actor, _seated(db, actor, ref), ask_ref)
    return page.go("panel", ref=ref, say=_("Thank you. You take no part in this application."))


@router.post("/{ref}/{ask_ref}/decide", name="panel_propose", dependencies=[Counted])
def propose(
    ref: CallRef, ask_ref: AskRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Propose], form_of(Propose)]
) -> Response:  # fmt: skip
    """Write down what the panel decides about an application."""
    call = _seated(db, actor, ref)
    if form.data is None:
        return _ask_page(db, page, actor, call, ask_ref, form, "decide")
    try:
        judging.propose(db, actor, call, ask_ref, form.data)
    except judging.Moved as problem:
        return _ask_page(db, page, actor, call, ask_ref, form.refuse(Invalid("", problem.sentence)), "decide", 409)
    except Invalid as problem:
        return _ask_page(db, page, actor, call, ask_ref, form.refuse(problem), "decide")
    return page.go("panel", ref=ref, say=_("Written down. Nobody outside the panel reads it before it is published."))


@router.post("/{ref}/publish", name="panel_publish", dependencies=[Counted])
def publish(ref: CallRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Publish], form_of(Publish)]) -> Response:
    """Publish what was decided."""
    call = _seated(db, actor, ref)
    if form.data is None:
        return _page(db, page, actor, call, form, 422)
    try:
        judging.publish(db, actor, call, form.data)
    except judging.Moved as problem:
        return _page(db, page, actor, call, form.refuse(Invalid("", problem.sentence)), 409)
    except Invalid as problem:
        return _page(db, page, actor, call, form.refuse(problem), 422)
    return page.go("fund_call", ref=ref, say=_("Everybody reads it now, and the groups were told."))
