"""A group asks for money in a call that this network decides: a draft, sent, changed, withdrawn, together with another one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n, languages
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.domain.money import rules as money
from app.domain.money.granting import appealing, applying, joining, queries, shown
from app.domain.money.granting.wording import QUESTIONS
from app.models.groups import Group
from app.models.money import FundAsk, FundCall
from app.routers.groups import Counted, Ref
from app.routers.money import CallRef
from app.schemas.granting import Agree, Apply, Join, Say
from app.web import pocket
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.limits import RECEIPT_ADDRESS, spend
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
HERE = "/g/{ref}/asks/{call_ref}"
POCKET, SHOWN_MINUTES = "joint", 10
Code = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


def kept(db: Session, actor: Actor, ref: str) -> tuple[Group, Seat]:
    """Return a group for whoever applies for it; for those outside nothing of it is there."""
    group, seat = groups.inside(db, actor, ref)
    require(money.may_write_money(actor, seat, now().date()))
    return group, seat


def ask_of(db: Session, group: Group, call: FundCall) -> FundAsk | None:
    return queries.joined(db, call.id, group.id) or queries.of_group(db, call.id, group.id)


@router.get("/money/{ref}/ask", name="fund_ask")
def choose(ref: CallRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Choose the group that asks, of those for which the reader may."""
    call = queries.call(db, ref)
    mine = queries.kept_groups(db, actor.me, now().date())
    return page("money/ask.html", here="groups", call=shown.facts(call), groups=mine, sits=queries.sits(db, call.id, actor.me))


@router.get("/g/{ref}/asks", name="group_asks")
def listed(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show what the group asked for here."""
    group, _seat = kept(db, actor, ref)
    return page("money/asks.html", here="groups", group=group, asks=shown.listed(queries.all_of_group(db, group.id), group.id))


def _page(
    db: Session, page: Page, actor: Actor, group: Group, call: FundCall, form: Form[Any] | None, status: int = 200, link: str = "",
    stands: Any = (),
) -> Response:  # fmt: skip
    ask = ask_of(db, group, call)
    own = ask is None or ask.group_id == group.id
    known = dict.fromkeys((i18n.current(), *languages.OFFERED))
    if form is None and own:
        form = filled(**({"name": group.name, "language": i18n.current()} | applying.typed(ask, call)))
    return page(
        "money/apply.html", here="groups", status=status, group=group, form=form, of=shown.of_group(db, group, call, ask),
        questions=QUESTIONS, link=link, stands=stands, sits=queries.sits(db, call.id, actor.me),
        languages_known=[(code, i18n.language_name(code)) for code in known],
    )  # fmt: skip


@router.get(HERE, name="group_ask")
def form_page(request: Request, ref: Ref, call_ref: CallRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """The application of a group in a call, or the form for one; a link for another group only in the browser that just made it."""
    group, _seat = kept(db, actor, ref)
    call = queries.call(db, call_ref)
    told = pocket.look(request, POCKET) or {}
    mine = (told.get("of"), told.get("to")) == (f"{group.ref}/{call.ref}", str(actor.me))
    link = f"{house(request).settings.base_url.rstrip('/')}/joint/{told['link']}" if mine else ""
    return _page(db, page, actor, group, call, None, link=link)


@router.post(HERE, name="group_ask_save", dependencies=[Counted])
def save(
    ref: Ref, call_ref: CallRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Apply], form_of(Apply)]
) -> Response:  # fmt: skip
    """Keep an application, or send it."""
    group, seat = kept(db, actor, ref)
    call = queries.call(db, call_ref)
    status, stands = _not_saved(db, actor, group, seat, call, form)
    if status:
        return _page(db, page, actor, group, call, form, status, stands=stands)
    said = (
        _("Sent. You can change it until the deadline.") if form.values.get("step") == "send" else _("Kept. You can go on later.")
    )
    return page.go("group_ask", ref=ref, call_ref=call_ref, say=said)


def _not_saved(
    db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall, form: Form[Apply]
) -> tuple[int, Any]:  # fmt: skip
    """Save; return the status of a page that shows the form again, 0 when all is well, and what somebody else wrote meanwhile."""
    if form.data is None:
        return 422, ()
    try:
        with db.begin_nested():
            applying.save(db, actor, group, seat, call, form.data)
    except Invalid as problem:
        form.refuse(problem)
        return 422, ()
    except applying.AskChanged as problem:
        form.refuse(Invalid("", problem.sentence)).values["row_version"] = str(problem.stands.get("row_version", 0))
        return 409, shown.meanwhile(problem.stands, form.values)
    return 0, ()


@router.post(f"{HERE}/withdraw", name="group_ask_withdraw", dependencies=[Counted])
def withdraw(ref: Ref, call_ref: CallRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Withdraw an application; its words go."""
    group, seat = kept(db, actor, ref)
    applying.withdraw(db, actor, group, seat, queries.call(db, call_ref))
    return page.go("group_asks", ref=ref, say=_("Withdrawn. The words are gone."))


@router.post(f"{HERE}/joint", name="group_ask_joint", dependencies=[Counted])
def joint(request: Request, ref: Ref, call_ref: CallRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Make a link by which another group joins."""
    group, seat = kept(db, actor, ref)
    code = joining.link(db, actor, group, seat, queries.call(db, call_ref))
    told = {"link": code, "of": f"{ref}/{call_ref}", "to": str(actor.me)}
    return pocket.put(request, page.go("group_ask", ref=ref, call_ref=call_ref), POCKET, told, SHOWN_MINUTES)


@router.post(f"{HERE}/agree", name="group_ask_agree", dependencies=[Counted])
def agree(
    ref: Ref, call_ref: CallRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Agree], form_of(Agree)]
) -> Response:  # fmt: skip
    """Say yes to the words of the group that writes."""
    group, seat = kept(db, actor, ref)
    call = queries.call(db, call_ref)
    try:
        joining.agree(db, actor, group, seat, call, form.data.row_version if form.data else -1)
    except Invalid as problem:
        return _page(db, page, actor, group, call, form.refuse(problem), 409)
    return page.go("group_ask", ref=ref, call_ref=call_ref, say=_("Your group said yes."))


@router.post(f"{HERE}/alone", name="group_ask_alone", dependencies=[Counted])
def alone(ref: Ref, call_ref: CallRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """End that two groups ask together."""
    group, seat = kept(db, actor, ref)
    joining.leave(db, actor, group, seat, queries.call(db, call_ref))
    return page.go("group_asks", ref=ref, say=_("Done. The other group was told."))


@router.post(f"{HERE}/appeal", name="group_ask_appeal", dependencies=[Counted])
def appeal(
    ref: Ref, call_ref: CallRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Say], form_of(Say)]
) -> Response:  # fmt: skip
    """See a decision differently, once."""
    group, seat = kept(db, actor, ref)
    call = queries.call(db, call_ref)
    if form.data is None:
        return _page(db, page, actor, group, call, form, 422)
    appealing.appeal(db, actor, group, seat, call, form.data.words)
    return page.go("group_ask", ref=ref, call_ref=call_ref, say=_("Sent. Somebody who did not sit on the panel decides about it."))


def _looks(request: Request) -> None:
    spend(request, RECEIPT_ADDRESS)


def _joint_page(db: Session, page: Page, actor: Actor, code: str, form: Form[Any] | None) -> Response:
    _ask, call, lead = joining.by_link(db, code)
    mine = [one for one in queries.kept_groups(db, actor.me, now().date()) if one.id != lead.id]
    return page(
        "money/joint.html", here="groups", status=422 if form else 200, call=shown.facts(call), groups=mine, code=code, form=form
    )


@router.get("/joint/{joint_ref}", name="joint", dependencies=[Depends(_looks)])
def joint_page(joint_ref: Code, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask whoever cares for a group whether it joins."""
    return _joint_page(db, page, actor, joint_ref, None)


@router.post("/joint/{joint_ref}", dependencies=[Depends(_looks)])
def join(joint_ref: Code, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Join], form_of(Join)]) -> Response:
    """Let a group join; then it reads the words."""
    joining.by_link(db, joint_ref)
    group = next((one for one in queries.kept_groups(db, actor.me, now().date()) if form.data and one.id == form.data.group), None)
    if group is None:
        return _joint_page(db, page, actor, joint_ref, form.refuse(Invalid("group", _("Choose one of these."))))
    try:
        call = joining.join(db, actor, joint_ref, group, groups.seat(db, group.id, actor.me))
    except Invalid as problem:
        return _joint_page(db, page, actor, joint_ref, form.refuse(problem))
    return page.go("group_ask", ref=group.ref, call_ref=call.ref, say=_("Read the words. Then say yes to them, or leave."))
