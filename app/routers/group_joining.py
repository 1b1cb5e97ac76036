"""Coming into a group: by the open door, by asking, with a code; one's own place in it, and leaving."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain.accounts import keys
from app.domain.actor import Actor
from app.domain.groups import belonging, codes, queries, rules, talking
from app.domain.groups.wording import KINDS, LEAVING, STEPS_ON
from app.models.groups import Group, JoinPolicy, RequestState
from app.routers.groups import Counted, Ref
from app.schemas.groups import JoinGroup, LeaveGroup, MyKind, MyStep, UseCode
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn, Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Code = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{4,60}$")]


@router.get("/g/code", name="group_code")
def ask_code(page: Pages, actor: Someone) -> Response:
    """Ask for a code that opens a group."""
    return page("groups/code.html", here="groups", form=None, group=None, code="")


@router.get("/g/code/{passed}", name="group_by_code")
def by_code(db: ReadDb, page: Pages, actor: Someone, passed: Code) -> Response:
    """A link that was passed on: it tells nothing to whoever is not signed in, nor to programs that fetch previews."""
    group = codes.group_of(db, passed) if actor.active else None
    return page("groups/code.html", here="groups", form=filled(code=passed), group=group, code=passed)


@router.post("/g/code", name="group_use_code", dependencies=[Counted])
def use_code(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[UseCode], form_of(UseCode)]) -> Response:
    """Come in with a code: first see where it leads, then say yes."""
    code = keys.read_code(str(form.values.get("code", ""))) or ""
    group = codes.group_of(db, code) if code else None
    if form.data is None or group is None:
        form.refuse(Invalid("code", codes.bad_code()))
        return page("groups/code.html", here="groups", status=422, form=form, group=None, code="")
    try:
        codes.use(db, actor, code, form.data.woman)
    except Invalid as problem:
        return page("groups/code.html", here="groups", status=422, form=form.refuse(problem), group=group, code=code)
    return page.go("group", ref=group.ref, say=_("Welcome. Read how people talk here, and say hello when you like."))


def _join_page(db: Session, page: Page, actor: Actor, group: Group, form: Form[Any] | None, status: int = 200) -> Response:
    asked = queries.request_of(db, group.id, actor.me)
    waits = asked is not None and asked.state == RequestState.WAITING
    return page(
        "groups/join.html",
        here="groups",
        status=status,
        form=form,
        group=group,
        waits=waits,
        ask=group.join_policy == JoinPolicy.ASK,
    )


@router.get("/g/{ref}/join", name="group_join")
def join_page(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask what has to be asked before somebody comes in."""
    group, seat = queries.group(db, actor, ref)
    require(rules.may_join(actor, group.join_policy, seat))
    return _join_page(db, page, actor, group, None)


@router.post("/g/{ref}/join", name="join_group", dependencies=[Counted])
def join(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[JoinGroup], form_of(JoinGroup)]) -> Response:
    """Come in, or ask to."""
    group, seat = queries.group(db, actor, ref)
    require(rules.may_join(actor, group.join_policy, seat))
    if form.data is None:
        return _join_page(db, page, actor, group, form, 422)
    try:
        inside = belonging.join(db, actor, group, seat, form.data)
    except Invalid as problem:
        return _join_page(db, page, actor, group, form.refuse(problem), 422)
    said = _("Welcome. Read how people talk here, and say hello when you like.")
    return page.go("group", ref=ref, say=said if inside else _("You have asked. Somebody answers you under My answers."))


@router.post("/g/{ref}/join/withdraw", name="group_withdraw", dependencies=[Counted])
def withdraw(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Take back one's wish to come in; what one wrote goes with it."""
    gone = belonging.withdraw(db, actor, ref)
    return page.go("groups", say=_("Taken back. What you wrote is deleted.") if gone else "")


@router.get("/g/{ref}/me", name="group_me")
def my_place(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show one's own place in a group: what one is here (private), and how to leave."""
    group, _seat, reads = queries.belonged(db, actor, ref)
    return _place_page(db, page, actor, group, reads=reads)


def _place_page(
    db: Session, page: Page, actor: Actor, group: Group, form: Form[Any] | None = None, status: int = 200, reads: bool = True
) -> Response:
    place = queries.place(db, group.id, actor.me)
    kinds = [("", _("I say nothing")), *((key, _(name)) for key, name in KINDS.items())]
    reasons = [("", _("I say nothing")), *((key, _(name)) for key, name in LEAVING.items())]
    return page(
        "groups/me.html", here="groups", status=status, group=group, place=place, kinds=kinds,
        steps=[("", _("I say nothing"), ""), *((key, _(name), _(about)) for key, (name, about) in STEPS_ON.items())],
        reasons=reasons, form=form, reads=reads,
        asked_why=place is not None and rules.says_why(place.joined_on, now().date()), words=[
            ("stay", _("What I wrote stays, without my name: then I can never take it back")),
            ("go", _("Delete what I wrote here")),
        ],
    )  # fmt: skip


@router.post("/g/{ref}/me", name="group_set_me", dependencies=[Counted])
def set_kind(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[MyKind], form_of(MyKind)]) -> Response:
    """Say privately what one is here, or take it back."""
    group, seat = queries.inside(db, actor, ref)
    try:
        belonging.set_kind(db, actor, group, seat, form.data.kind if form.data else "?")
    except Invalid as problem:
        return _place_page(db, page, actor, group, form.refuse(problem), 422)
    return page.go("group_me", ref=ref, say=_("Kept. Nobody else reads it."))


@router.post("/g/{ref}/me/step", name="group_set_step", dependencies=[Counted])
def set_step(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[MyStep], form_of(MyStep)]) -> Response:
    """Say privately that one has gone a step further, or take it back."""
    group, seat = queries.inside(db, actor, ref)
    try:
        belonging.set_step(db, actor, group, seat, form.data.step if form.data else "?")
    except Invalid as problem:
        return _place_page(db, page, actor, group, form.refuse(problem), 422)
    said = _("Thank you for what you bring, and for staying. Nobody else reads this.")
    return page.go("group_me", ref=ref, say=said if form.data and form.data.step else _("Taken back."))


@router.post("/g/{ref}/leave", name="group_leave", dependencies=[Counted])
def leave(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[LeaveGroup], form_of(LeaveGroup)]) -> Response:
    """Leave the group."""
    group, seat, reads = queries.belonged(db, actor, ref)
    if form.data is None:
        return _place_page(db, page, actor, group, form, 422, reads)
    belonging.leave(db, actor, group, seat, form.data)
    return page.go("groups", say=_("You have left. Thank you for the time you were there."))


@router.post("/g/{ref}/read", name="group_read", dependencies=[Counted])
def all_read(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Call everything read."""
    group, seat = queries.inside(db, actor, ref)
    talking.all_read(db, actor, group, seat)
    return page.go("group", ref=ref)
