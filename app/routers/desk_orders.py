"""Work: legal orders, for operators and safeguarding: what was asked, what there is, what was given, who was told."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.moderation.preserving import actions as evidence
from app.domain.moderation.preserving.wording import KINDS
from app.domain.orders import actions, rules
from app.domain.orders.wording import NOTICES, OUTCOMES
from app.models.orders import LegalOrder
from app.schemas.moderation import Press
from app.schemas.orders import AnswerOrder, NameOrder, NoteOrder, ReferToCopy
from app.web.days import day
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import Holds, prove
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/orders")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Trusted = Annotated[Actor, Depends(Holds(*rules.WHO))]


@router.get("", name="orders")
def show(db: ReadDb, page: Pages, actor: Trusted) -> Response:
    """List the orders, by day and answer only."""
    cards = [(one, day(one.came_on), _(OUTCOMES[one.outcome]) if one.outcome else "") for one in actions.listing(db, actor)]
    return page("desk/orders.html", here="me", cards=cards)


@router.get("/new", name="order_new")
def ask(page: Pages, actor: Trusted) -> Response:
    """Ask what came."""
    return page("desk/order_new.html", here="me", form=None)


@router.post("")
def note(db: Db, page: Pages, actor: Trusted, form: Annotated[Form[NoteOrder], form_of(NoteOrder)]) -> Response:
    """Write an order down."""
    if form.data is None:
        return page("desk/order_new.html", status=422, here="me", form=form)
    try:
        row = actions.note(db, actor, form.data)
    except Invalid as problem:
        return page("desk/order_new.html", status=422, here="me", form=form.refuse(problem))
    return page.go("order", ref=row.ref, say=_("Written down. Look for what there is, and give nothing else."))


@router.get("/{ref}", name="order")
def closed(db: ReadDb, page: Pages, actor: Trusted, ref: Ref) -> Response:
    """Show that there is an order; what stands in it only after a tap that is recorded."""
    one = actions.get(db, actor, ref)
    shut: dict[str, Any] = {"opened": False, "form": None, "problem": None, "naming": None, "before": []}
    return page("desk/order.html", here="me", one=one, came=day(one.came_on), **shut)


@router.post("/{ref}/open", name="order_open")
def look(db: Db, page: Pages, actor: Trusted, ref: Ref, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """Show what stands in it, and record that somebody looked; the key was shown a moment ago."""
    prove(actor)
    one = actions.look(db, actor, ref)
    return _opened(db, page, actor, one, None)


def _written(one: LegalOrder) -> Form[Any] | None:
    if one.outcome is None or one.notice is None:
        return None
    values = {"outcome": one.outcome.value, "exists": one.exists, "given": one.given, "notice": one.notice.value}
    return filled(**values, notice_on=one.notice_on.isoformat() if one.notice_on else "")


def _opened(
    db: Session, page: Page, actor: Actor, one: LegalOrder, form: Form[Any] | None, problem: Conflict | None = None,
    naming: Form[Any] | None = None,
) -> Response:  # fmt: skip
    """Show an order; ``form``: one's own words, beside what stands there, or None for what stands there; ``naming``: a name."""
    status = 409 if problem else 422 if any(one and one.errors for one in (form, naming)) else 200
    before = [(_(OUTCOMES[was.outcome]), day(was.at.date()), was) for was in actions.earlier(db, one)]
    kept = {
        found.id: (found.ref, f"{_(KINDS[found.kind])} · {day(found.asked_at.date())}") for found in evidence.listing(db, actor)
    }
    return page(
        "desk/order.html", status=status, here="me", one=one, came=day(one.came_on), opened=True, form=form or _written(one),
        referred=kept.get(one.evidence_id) if one.evidence_id else None,
        copies=[("", _("None")), *kept.values()] if kept else [], own=form is not None,
        problem=problem, whose=actions.name_of(db, one), naming=naming, before=before,
        trail=[(day(on), what) for on, what in actions.trail(db, one)],
        outcomes=[(o.value, _(words)) for o, words in OUTCOMES.items()], told=day(one.told_on) if one.told_on else "",
        notices=[(n.value, _(words)) for n, words in NOTICES.items()], mine=one.answered_by == actor.member_id,
    )  # fmt: skip


@router.post("/{ref}/answer", name="order_answer")
def answer(db: Db, page: Pages, actor: Trusted, ref: Ref, form: Annotated[Form[AnswerOrder], form_of(AnswerOrder)]) -> Response:
    """Write what becomes of it, or confirm what another person wrote."""
    prove(actor)
    if form.data is None:
        return _opened(db, page, actor, actions.look(db, actor, ref), form)
    try:
        done = actions.answer(db, actor, ref, form.data)
    except Invalid as problem:
        return _opened(db, page, actor, actions.look(db, actor, ref), form.refuse(problem))
    except Conflict as problem:
        return _opened(db, page, actor, actions.look(db, actor, ref), form, problem)
    return page.go("orders", say=_("Answered and closed.") if done else _("Written down. Another person has to confirm it."))


@router.post("/{ref}/copy", name="order_copy")
def copy(db: Db, page: Pages, actor: Trusted, ref: Ref, form: Annotated[Form[ReferToCopy], form_of(ReferToCopy)]) -> Response:
    """Say which sealed copy it is about, of those that there are for the actor."""
    prove(actor)
    problem: Conflict | None = None
    if form.data is not None:
        try:
            about = evidence.get(db, actor, form.data.evidence).id if form.data.evidence else None
            actions.refer(db, actor, ref, about, form.data.row_version)
        except Conflict as wrong:
            problem = wrong
    return _opened(db, page, actor, actions.look(db, actor, ref), None, problem)


@router.post("/{ref}/name", name="order_name")
def name(db: Db, page: Pages, actor: Trusted, ref: Ref, form: Annotated[Form[NameOrder], form_of(NameOrder)]) -> Response:
    """Put right whose account it is about."""
    prove(actor)
    problem: Conflict | None = None
    naming: Form[NameOrder] | None = form
    if form.data is not None:
        try:
            actions.rename(db, actor, ref, form.data)
            naming = None
        except Invalid as wrong:
            naming = form.refuse(wrong)
        except Conflict as wrong:
            problem = wrong
    return _opened(db, page, actor, actions.look(db, actor, ref), None, problem, naming)
