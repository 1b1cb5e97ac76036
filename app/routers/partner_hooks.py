"""A partner's addresses that are told when listings have to be looked at, and what became of the last messages."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.domain.partners import webhooks
from app.models.engine import DeliveryState
from app.models.partners import HookEvent, Partner
from app.routers.partner_page import mine
from app.schemas.accounts import Chosen
from app.schemas.partners import MakeHook
from app.web.days import day_and_hour
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Proven, SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/partner/hooks")
LAST = 20
EVENTS = {
    HookEvent.REPORTED: N_("Reported wrong"), HookEvent.DUE: N_("To confirm"), HookEvent.TRIAL: N_("A message to try it"),
}  # fmt: skip
STATES = {
    DeliveryState.OWED: N_("On its way"), DeliveryState.SENT: N_("Arrived"), DeliveryState.FAILED: N_("Given up"),
}  # fmt: skip
OUTCOMES = {
    "forbidden": N_("This address is not on the public internet."), "too slow": N_("It did not answer in time."),
    "no answer": N_("It did not answer."), "certificate": N_("Its certificate is not valid."),
    "ended": N_("The address was taken out."),
}  # fmt: skip


@router.get("", name="partner_hooks")
def show(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show the addresses and the last messages."""
    return _page(db, page, mine(db, actor), None)


def _page(db: Session, page: Page, partner: Partner, form: Form[Any] | None, secret: str = "") -> Response:
    return page(
        "partner/hooks.html", here="me", status=422 if form else 200, partner=partner, form=form, secret=secret,
        hooks=webhooks.hooks_of(db, partner.id), told=[_told(row) for row in webhooks.last(db, partner.id, LAST)],
    )  # fmt: skip


def _told(row: Any) -> dict[str, str]:
    words = OUTCOMES.get(row.outcome)
    outcome = _(words) if words else _("It answered %(status)s.", status=row.outcome) if row.outcome else ""
    tone = {DeliveryState.OWED: "due", DeliveryState.SENT: "fresh", DeliveryState.FAILED: "old"}[row.state]
    return {
        "event": _(EVENTS[row.event]), "name": row.name or "", "state": _(STATES[row.state]), "tone": tone, "outcome": outcome,
        "when": day_and_hour(row.done_at or row.owed_at), "address": row.address,
    }  # fmt: skip


@router.post("", name="partner_make_hook")
def make(db: Db, page: Pages, actor: Proven, form: Annotated[Form[MakeHook], form_of(MakeHook)]) -> Response:
    """Keep an address; show its secret, this once."""
    partner = mine(db, actor)
    if form.data is None:
        return _page(db, page, partner, form)
    try:
        secret = webhooks.make_hook(db, actor, partner, form.data.address)
    except Invalid as problem:
        return _page(db, page, partner, form.refuse(problem))
    return _page(db, page, partner, None, secret)


@router.post("/try", name="partner_try_hook")
def trial(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """Send an address a message to try it."""
    if form.data is None:
        raise NotFound
    webhooks.try_hook(db, actor, mine(db, actor), form.data.id)
    return page.go("partner_hooks", say=_("It is on its way. Look here again in a minute."))


@router.post("/end", name="partner_end_hook")
def end(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """Tell an address nothing more."""
    if form.data is None:
        raise NotFound
    webhooks.end_hook(db, actor, mine(db, actor), form.data.id)
    return page.go("partner_hooks", say=_("This address is told nothing more."))
