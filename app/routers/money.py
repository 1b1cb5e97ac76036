"""Money in the open: the register of calls, for everybody; what a group received, for whoever may read it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.groups import reading
from app.domain.groups import shown as groups_shown
from app.domain.groups.rules import Seat, sees
from app.domain.money import currencies, queries, received, rules, shown
from app.domain.money.granting import queries as granting
from app.domain.money.granting.shown import decision as decided
from app.models.groups import Group, GroupState
from app.routers.groups import Counted, Ref
from app.schemas.money import CorrectMoney, TakeWords, WriteMoney
from app.web.days import day
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn, Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Number = Annotated[int, Query(alias="page", ge=1, le=500)]
View = Annotated[str, Query(pattern="^(over)?$")]
CallRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


@router.get("/money", name="money")
async def register(
    request: Request, page: Pages, _actor: Someone, number: Number = 1, view: View = ""
) -> Response:  # fmt: skip
    """Show the calls that run or will run, the nearest deadline first; with view=over those that are over."""
    found = await read(request, queries.calls, view == "over", number)
    if number > 1 and not found:
        raise NotFound(_("This page is not here."))
    cards = [shown.card(row) for row in found[: queries.PER_PAGE]]
    return page("money/list.html", here="groups", cards=cards, over=view == "over", number=number, more=len(found) > len(cards))


@router.get("/money/{ref}", name="fund_call")
async def show(request: Request, ref: CallRef, page: Pages, actor: Someone, number: Number = 1) -> Response:
    """Show one call, whole, with what stood in it before."""
    row, history = await read(request, queries.whole, ref, number)
    if number > 1 and not history:
        raise NotFound(_("This page is not here."))
    granted = await read(request, granting.granted, row.id) if row.decided_at else ()
    return page(
        "money/show.html", here="groups", call=shown.whole(row, history[: queries.PER_PAGE]), number=number,
        more=len(history) > queries.PER_PAGE, decision=decided(row, granted),
        flag=not actor.signed_in or row.made_by != actor.member_id,  # who entered it can put it right
    )  # fmt: skip


async def _readable(request: Request, actor: Actor, ref: str) -> tuple[Any, Seat]:
    row = await read(request, reading.group, ref, actor.member_id)
    seat = reading.seat_of(row) if row is not None else Seat()
    if row is None or not sees(actor, row.visibility, seat, row.state):
        raise groups.not_here()
    if not rules.may_read_money(actor, row.visibility, row.state, seat):
        raise groups.not_here()
    return row, seat


@router.get("/g/{ref}/money", name="group_money")
async def of_group(request: Request, ref: Ref, page: Pages, actor: Someone, number: Number = 1) -> Response:
    """Show what a group received, the last written first, with totals that are never added across currencies."""
    row, seat = await _readable(request, actor, ref)
    found = await read(request, queries.lines, row.id, number)
    if number > 1 and not found:
        raise NotFound(_("This page is not here."))
    sums = await read(request, queries.totals, row.id)
    return page(
        "money/group.html", here="groups", group=groups_shown.facts(row), number=number, more=len(found) > queries.PER_PAGE,
        lines=[shown.line(one) for one in found[: queries.PER_PAGE]], public=rules.shows_money(row.visibility, row.state),
        sums=[currencies.written(total, code) for code, total in sums], inside=seat.inside,
        writes=bool(rules.may_write_money(actor, seat, now().date())), over=(number - 1) * queries.PER_PAGE,
        flag=row.state == GroupState.SHOWN and not seat.organises(now().date()),  # as on the group's own page
    )  # fmt: skip


def _kept_by(db: Session, actor: Actor, ref: str) -> tuple[Group, Seat]:
    """Return a group for whoever writes down its money; for those outside nothing of it is there."""
    group, seat = groups.inside(db, actor, ref)
    require(rules.may_write_money(actor, seat, now().date()))
    return group, seat


def _form_page(page: Page, group: Group, form: Form[Any] | None, old: Any = None, status: int = 200) -> Response:
    return page(
        "money/write.html", here="groups", status=status, group=group, form=form, old=old, currencies=currencies.options(),
        written=currencies.written, day=day, public=rules.shows_money(group.visibility, group.state),
    )  # fmt: skip


def _said(group: Group) -> str:
    if group.state == GroupState.WAITS:
        return _("Written down. Somebody reads it first: until then only members find this group.")
    return _("Written down.")


@router.get("/g/{ref}/money/new", name="group_money_new")
def new_line(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """The form for money that came."""
    group, _seat = _kept_by(db, actor, ref)
    return _form_page(page, group, None)


@router.post("/g/{ref}/money", name="group_money_write", dependencies=[Counted])
def write(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[WriteMoney], form_of(WriteMoney)]) -> Response:
    """Write down money that came."""
    group, seat = _kept_by(db, actor, ref)
    if form.data is None:
        return _form_page(page, group, form, status=422)
    try:
        received.write(db, actor, group, seat, form.data)
    except Invalid as problem:
        return _form_page(page, group, form.refuse(problem), status=422)
    return page.go("group_money", ref=ref, say=_said(group))


@router.get("/g/{ref}/money/right", name="group_money_right")
def right(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn, line: Annotated[UUID, Query()]) -> Response:
    """The form that puts a line right, filled with what stands there."""
    group, _seat = _kept_by(db, actor, ref)
    old = queries.line(db, group.id, line)
    values = {name: getattr(old, name) for name in ("source", "purpose", "currency")}
    amount = currencies.typed(old.amount, old.currency) if old.amount else ""
    dates = {"first_on": old.first_on.isoformat(), "last_on": old.last_on.isoformat()}
    return _form_page(page, group, filled(**values, **dates, amount=amount), old)


@router.post("/g/{ref}/money/right", name="group_money_put_right", dependencies=[Counted])
def put_right(
    ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[CorrectMoney], form_of(CorrectMoney)]
) -> Response:  # fmt: skip
    """Put a line right by another one."""
    group, seat = _kept_by(db, actor, ref)
    old = _line_meant(db, group, form)
    if form.data is None:
        return _form_page(page, group, form, old, 422)
    try:
        received.put_right(db, actor, group, seat, form.data)
    except Invalid as problem:
        return _form_page(page, group, form.refuse(problem), old, 422)
    return page.go("group_money", ref=ref, say=_said(group))


@router.get("/g/{ref}/money/words", name="group_money_words")
def words(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn, line: Annotated[UUID, Query()]) -> Response:
    """The form that takes the words of a line out."""
    group, _seat = _kept_by(db, actor, ref)
    old = queries.line(db, group.id, line)
    return page("money/words.html", here="groups", group=group, old=old, written=currencies.written, day=day)


@router.post("/g/{ref}/money/words", name="group_money_take_words", dependencies=[Counted])
def take_words(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[TakeWords], form_of(TakeWords)]) -> Response:
    """Take the words of a line out, for good."""
    group, seat = _kept_by(db, actor, ref)
    received.take_out(db, actor, group, seat, _line_meant(db, group, form).id)
    return page.go("group_money", ref=ref, say=_("The words of this line are gone."))


def _line_meant(db: Session, group: Group, form: Form[Any]) -> Any:
    """Return the line that a form is about; NotFound for none."""
    try:
        return queries.line(db, group.id, UUID(str(form.values.get("id", ""))))
    except ValueError:
        raise groups.not_here() from None
