"""Work: the register of calls. A coordinator enters a call, changes it for everybody to see, or cancels it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n, languages
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.money import calls, currencies, moments, queries, shown
from app.domain.money.calls import ChangedMeanwhile
from app.domain.money.wording import PARTS
from app.models.money import FundCall
from app.routers.money import Number, View
from app.schemas.money import CancelCall, ChangeCall, EnterCall, TakeOut
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/money")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


@router.get("", name="desk_money")
def listed(db: ReadDb, page: Pages, _actor: Coordinator, number: Number = 1, view: View = "") -> Response:
    """Show the calls that can be changed; with view=over those that are over."""
    found = queries.calls(db.connection(), view == "over", number)
    if number > 1 and not found:
        raise NotFound(_("This page is not here."))
    cards = [shown.card(row) for row in found[: queries.PER_PAGE]]
    return page("money/desk.html", here="me", cards=cards, over=view == "over", number=number, more=len(found) > len(cards))


def _choices() -> dict[str, Any]:
    known = dict.fromkeys((i18n.current(), *languages.OFFERED))
    return {
        "currencies": currencies.options(), "zones": [(zone, zone) for zone in moments.zones()],
        "languages_known": [(code, i18n.language_name(code)) for code in known],
    }  # fmt: skip


def _form_page(
    page: Page, form: Form[Any] | None, call: FundCall | None = None, status: int = 200, which: str = "", stands: Any = ()
) -> Response:  # fmt: skip
    return page("money/enter.html", here="me", status=status, form=form, call=call, which=which, stands=stands, **_choices())


@router.get("/new", name="desk_money_new")
def new(page: Pages, _actor: Coordinator) -> Response:
    """The form for a call."""
    return _form_page(page, filled(language=i18n.current(), opens_hour="00:00", zone="UTC", languages=[i18n.current()]))


@router.post("", name="desk_money_enter")
def enter(db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[EnterCall], form_of(EnterCall)]) -> Response:
    """Enter a call: everybody sees it from now on."""
    if form.data is None:
        return _form_page(page, form, status=422)
    try:
        call = calls.enter(db, actor, form.data)
    except Invalid as problem:
        return _form_page(page, form.refuse(problem), status=422)
    return page.go("fund_call", ref=call.ref, say=_("Everybody sees it now. Whoever cares for a group was told."))


@router.get("/{ref}", name="desk_money_call")
def change_form(ref: Ref, db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """The form that changes or cancels a call; of one that has ended only words can be taken out."""
    call = queries.call(db, ref)
    if not (verdict := calls.may_change(db, actor, call)):
        return _out_page(db, page, call, None, verdict.reason)
    return _form_page(page, filled(**shown.typed_call(call)), call)


def _out_page(db: Session, page: Page, call: FundCall, form: Form[Any] | None, why: str | None = None) -> Response:
    parts = [(name, _(PARTS[name])) for name in calls.WORDS if getattr(call, name)]
    if call.decided_at is not None:
        parts.append((calls.REASONS, _("Why groups of the list were granted money")))
    if queries.was_changed(db, call.id):
        parts.append((calls.BEFORE, _("Only what stood here before it was changed")))
    return page("money/take_out.html", here="me", status=422 if form else 200, form=form, call=call, parts=parts, why=why)


@router.get("/{ref}/take-out", name="desk_money_out")
def out_form(ref: Ref, db: ReadDb, page: Pages, _actor: Coordinator) -> Response:
    """The form that takes words out of a call."""
    return _out_page(db, page, queries.call(db, ref), None)


@router.post("/{ref}/take-out", name="desk_money_take_out")
def take_out(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[TakeOut], form_of(TakeOut)]) -> Response:
    """Take words that name a person out of a call, for good."""
    call = queries.call(db, ref)
    if form.data is None:
        return _out_page(db, page, call, form)
    try:
        calls.take_out(db, actor, ref, form.data.parts)
    except Invalid as problem:
        return _out_page(db, page, call, form.refuse(problem))
    return page.go("fund_call", ref=ref, say=_("Taken out, also of what was changed before."))


@router.post("/{ref}", name="desk_money_change")
def change(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[ChangeCall], form_of(ChangeCall)]) -> Response:
    """Change a call; what stood there before stays to be read."""
    call = queries.call(db, ref)
    require(calls.may_change(db, actor, call))
    status, stands = _not_saved(db, actor, call, form)
    if status:
        return _form_page(page, form, call, status, stands=stands)
    said = _("Saved. The words that stood there before are gone.") if form.values.get("unname") else _saved()
    return page.go("fund_call", ref=ref, say=said)


def _saved() -> str:
    return _("Saved. What stood there before can be read below.")


def _not_saved(db: Session, actor: Any, call: FundCall, form: Form[ChangeCall]) -> tuple[int, Any]:
    """Save; return the status of a page that shows the form again, 0 when all is well, and the parts that somebody else wrote."""
    if form.data is None:
        return 422, ()
    try:
        calls.change(db, actor, call.ref, form.data)
    except Invalid as problem:
        form.refuse(problem)
        return 422, ()
    except ChangedMeanwhile as problem:
        form.refuse(Invalid("", problem.sentence)).values["row_version"] = str(call.row_version)
        return 409, shown.parts(problem.stands, call.zone, call.language)
    return 0, ()


@router.post("/{ref}/cancel", name="desk_money_cancel")
def cancel(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[CancelCall], form_of(CancelCall)]) -> Response:
    """Cancel a call: it stays in the register, with the reason."""
    call = queries.call(db, ref)
    if form.data is None:
        require(calls.may_change(db, actor, call))
        again = filled(**shown.typed_call(call), why=form.values.get("why", ""))
        again.errors = form.errors
        return _form_page(page, again, call, 422, "cancel")
    calls.cancel(db, actor, ref, form.data.why)
    return page.go("fund_call", ref=ref, say=_("Cancelled. It stays in the register, with the reason."))
