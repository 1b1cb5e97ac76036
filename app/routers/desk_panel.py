"""Work: who sits on the panel of a call, and appeals against what it decided."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.money import calls
from app.domain.money.granting import appealing, judging, queries, seating, shown
from app.models.money import FundCall
from app.routers.desk_money import Ref
from app.routers.money_panel import AskRef
from app.schemas.granting import AnswerAppeal, EndSeat, NameSeat
from app.schemas.money import CancelCall
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/money/{ref}")


def _page(db: Session, page: Page, actor: Actor, call: FundCall, form: Form[Any] | None = None) -> Response:
    found, may = judging.panel(db, call), appealing.may_answer(db, actor, call, None)
    rival = queries.tied(db, call.id, actor.me)  # learns not whom to ask a favour of
    return page(
        "money/desk_panel.html", here="me", status=422 if form else 200, call=shown.facts(call), rival=rival,
        seats=[] if rival else shown.seats(db, call),
        ready="" if rival else shown.ready(found, queries.live(db, call.id)),
        form=form or filled(until_on=shown.term(call, now().date())),
        appeals=[one.ref for one in appealing.waiting(db, call)] if may else [], why_not=may.reason if call.decided_at else "",
    )  # fmt: skip


@router.get("/panel", name="desk_panel")
def overview(ref: Ref, db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show who is on a panel, and whether it meets its rule; never what somebody declared."""
    return _page(db, page, actor, queries.call(db, ref))


@router.post("/panel", name="desk_panel_name")
def name(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[NameSeat], form_of(NameSeat)]) -> Response:
    """Ask somebody to sit on a panel."""
    call = queries.call(db, ref)
    if form.data is None:
        return _page(db, page, actor, call, form)
    try:
        seating.name(db, actor, call, form.data)
    except Invalid as problem:
        return _page(db, page, actor, call, form.refuse(problem))
    return page.go("desk_panel", ref=ref, say=_("Asked. They read it under My answers."))


@router.post("/panel/end", name="desk_panel_end")
def end(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[EndSeat], form_of(EndSeat)]) -> Response:
    """Let somebody sit on a panel no more."""
    call = queries.call(db, ref)
    if form.data is None:
        return _page(db, page, actor, call, form)
    seating.end(db, actor, call, form.data.member)
    return page.go("desk_panel", ref=ref, say=_("Done. They were told."))


@router.post("/panel/cancel", name="desk_panel_cancel")
def cancel(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[CancelCall], form_of(CancelCall)]) -> Response:
    """Cancel a call that this network decides, also after its deadline: it stays in the register, with the reason."""
    call = queries.call(db, ref)
    if form.data is None:
        return _page(db, page, actor, call, form)
    calls.cancel(db, actor, ref, form.data.why)
    return page.go("fund_call", ref=ref, say=_("Cancelled. It stays in the register, with the reason."))


def _appeal_page(db: Session, page: Page, actor: Actor, call: FundCall, ref: str, form: Form[Any] | None = None) -> Response:
    ask = appealing.of(db, call, ref)
    require(appealing.may_answer(db, actor, call, ask))
    return page("money/desk_appeal.html", here="me", status=422 if form else 200, of=shown.appeal(call, ask), form=form)


@router.get("/appeals/{ask_ref}", name="desk_fund_appeal")
def appeal(ref: Ref, ask_ref: AskRef, db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show an appeal to a coordinator who may decide it."""
    return _appeal_page(db, page, actor, queries.call(db, ref), ask_ref)


@router.post("/appeals/{ask_ref}", name="desk_fund_answer")
def answer(
    ref: Ref, ask_ref: AskRef, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[AnswerAppeal], form_of(AnswerAppeal)]
) -> Response:  # fmt: skip
    """Decide an appeal."""
    call = queries.call(db, ref)
    if form.data is None:
        return _appeal_page(db, page, actor, call, ask_ref, form)
    try:
        appealing.answer(db, actor, call, ask_ref, form.data, form.data.do == "change")
    except Invalid as problem:
        return _appeal_page(db, page, actor, call, ask_ref, form.refuse(problem))
    return page.go("desk_panel", ref=ref, say=_("Decided. The group was told."))
