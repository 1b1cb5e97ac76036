"""Work: listings that are due, one listing put right, the log of calls, corrections that members suggest."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import days, now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.core.settings import current
from app.domain.directory import actions, calling, care_words, correcting, queries, shown, still_true, suggesting
from app.domain.directory.freshness import SOON_DAYS
from app.models.directory import Service
from app.models.listing_care import CallOutcome
from app.schemas.directory import Called, Confirm, Correct, DecideSuggestion
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/listings")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
PER_PAGE = 7
After = Annotated[str, Query(pattern=r"^$|^\d{4}-\d\d-\d\d_[0-9a-f]{32}$")]  # day and id of the last one on the page before


@router.get("", name="desk_listings")
async def list_due(
    request: Request, page: Pages, _actor: Coordinator, after: After = "",
    view: Annotated[str, Query(pattern="^(suggested)?$")] = "",
) -> Response:  # fmt: skip
    """Show which listings are due for checking, the longest due first; or those that members say should read otherwise."""
    today = now().date()
    rows = await read(request, queries.listings_at_work, view, today, today + days(SOON_DAYS), PER_PAGE, _position(after))
    if after and not rows:  # all of them were looked at meanwhile
        return page.go("desk_listings", query=f"view={view}" if view else "")
    some = rows[:PER_PAGE]
    following = f"{some[-1].verify_due.isoformat()}_{some[-1].id.hex}" if len(rows) > PER_PAGE else ""
    return page(
        "help/listings.html", here="me", listed=[_due_card(row, now()) for row in some], following=following, view=view,
        methods=care_words.methods(),
    )  # fmt: skip


def _position(after: str) -> tuple[date, UUID] | None:
    day, _between, key = after.partition("_")
    try:
        return (date.fromisoformat(day), UUID(key)) if after else None
    except ValueError:
        raise NotFound(_("This page is not here.")) from None


def _due_card(row: Any, moment: datetime) -> dict[str, Any]:
    state, words = shown.freshness(row.verified_on, row.verify_due, row.imported_on, moment.date())
    phones = [phone["number"] for phone in row.facts.get("phones", [])[:1]]
    return {
        "ref": row.ref, "name": row.name, "organisation": row.organisation or "", "state": state.value, "words": words,
        "phone": phones[0] if phones else "", "called": care_words.last_call(row.called_on, row.outcome),
    }  # fmt: skip


@router.post("/{ref}/confirm", name="confirm_listing")
def confirm(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[Confirm], form_of(Confirm)]) -> Response:
    """Confirm a listing: one tap."""
    service = actions.get(db, ref)
    actions.confirm(db, actor, service, form.data.method if form.data else "phone")
    return page.go("desk_listings", say=_("Confirmed today: %(name)s", name=service.name))


@router.post("/{ref}/call", name="call_listing")
def call(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[Called], form_of(Called)]) -> Response:
    """Keep that a check brought nothing yet."""
    service = actions.get(db, ref)
    if form.data is None:
        return _edit_page(db, page, service, form)
    again = calling.try_again(db, actor, service, CallOutcome(form.data.outcome), form.data.method)
    return page.go("desk_listings", say=_("Noted. It is due again on %(day)s.", day=shown.day_words(again, now().date())))


@router.get("/{ref}", name="edit_listing")
def edit(_actor: Coordinator, db: ReadDb, page: Pages, ref: Ref) -> Response:
    """Show what can be put right in a listing, and what was done about it so far."""
    return _edit_page(db, page, actions.get(db, ref), None)


def _filled(db: Session, service: Service) -> Form[Any]:
    return filled(**correcting.to_fill(actions.as_it_stands(db, service)))


def _edit_page(db: Session, page: Page, service: Any, form: Form[Any] | None) -> Response:
    return page(
        "help/edit.html", here="me", service=service, status=422 if form else 200,
        form=form or _filled(db, service), calls=care_words.calls(calling.log(db, service)),
        suggestions=care_words.suggestions(suggesting.waiting(db, service), correcting.disputed(db, service)),
        methods=care_words.methods(), link=f"{current().base_url.rstrip('/')}/still/{still_true.token(service)}",
        history=care_words.history(queries.history(db.connection(), service.id)),
    )  # fmt: skip


@router.post("/{ref}", name="correct_listing")
def correct(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[Correct], form_of(Correct)]) -> Response:
    """Put a listing right; this counts as a check."""
    service = actions.get(db, ref)
    if form.data is None:
        return _edit_page(db, page, service, form)
    try:
        moved = actions.update_contact(db, actor, service, **correcting.touched(form.data.model_dump()))
        actions.confirm(db, actor, service, put_right=bool(moved))
    except Invalid as problem:
        return _edit_page(db, page, service, form.refuse(problem))
    return page.go("service", ref=ref, say=_("Kept."))


@router.post("/{ref}/suggestions", name="decide_suggestion")
def decide(
    actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[DecideSuggestion], form_of(DecideSuggestion)]
) -> Response:  # fmt: skip
    """Take a correction that a member suggested, or not."""
    service = actions.get(db, ref)
    if form.data is None:
        return _edit_page(db, page, service, form)
    try:
        row, of = suggesting.get(db, form.data.id, service)
        if form.data.do == "later":
            suggesting.put_off(db, actor, row)
        else:
            suggesting.decide_as_coordinator(db, actor, row, of, form.data.do == "accept", form.data.seen)
    except (Conflict, Invalid) as problem:
        return _edit_page(db, page, service, _filled(db, service).refuse(Invalid("", problem.sentence)))
    return page.go("edit_listing", ref=ref, say=care_words.decided(form.data.do))


@router.post("/{ref}/protect", name="protect_listing")
def protect(actor: Coordinator, db: Db, page: Pages, ref: Ref) -> Response:
    """Hide where a service is; people reach it through the network only."""
    service = actions.get(db, ref)
    actions.protect(db, actor, service)
    return page.go("service", ref=ref, say=_("Protected. Its place and numbers are shown nowhere now."))


@router.post("/{ref}/end", name="end_listing")
def end(actor: Coordinator, db: Db, page: Pages, ref: Ref) -> Response:
    """Say that a service is gone."""
    service = actions.get(db, ref)
    actions.mark_defunct(db, actor, service)
    return page.go("desk_listings", say=_("Taken out of the list: %(name)s", name=service.name))
