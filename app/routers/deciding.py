"""Who decides: what bodies say of themselves, for everybody; said by those who care for a group, looked at by those at the desk."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.domain.reporting import rules
from app.domain.reporting.deciding import reading, saying
from app.models.accounts import Role
from app.models.groups import Group
from app.routers.desk_numbers import limited
from app.routers.groups import Counted, Ref
from app.schemas.reporting import LookAtBody, SayOfBody, UnsayOfBody
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import Holds, SignedIn, Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Number = Annotated[int, Query(alias="page", ge=1, le=100)]
Counter = Annotated[Actor, Depends(Holds(Role.ANALYST, Role.COORDINATOR))]
SayForm = Annotated[Form[SayOfBody], form_of(SayOfBody)]
UnsayForm = Annotated[Form[UnsayOfBody], form_of(UnsayOfBody)]
LookForm = Annotated[Form[LookAtBody], form_of(LookAtBody)]


@router.get("/numbers/deciding", name="number_deciding")
async def deciding(request: Request, page: Pages, _actor: Someone, number: Number = 1) -> Response:
    """Show what those who decide something say of themselves."""
    found = await read(request, reading.public, number)
    if number > 1 and not found:
        raise NotFound(_("This page is not here."))
    return page("numbers/deciding.html", said=found[: reading.PER_PAGE], number=number, more=len(found) > reading.PER_PAGE)


def _choices() -> dict[str, Any]:
    return {
        "bodies": [(key.value, _(words)) for key, words in reading.BODIES.items()],
        "ways": [(key.value, _(words)) for key, words in reading.SAYS.items()],
    }


def _in_group(db: Session, page: Page, group: Group, form: Form[Any] | None = None) -> Response:
    said = reading.of_group(db.connection(), group.id)
    return page("groups/deciding.html", here="groups", status=422 if form else 200, group=group, said=said, form=form, **_choices())


@router.get("/g/{ref}/care/deciding", name="group_deciding")
def in_group(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show what those who decide something in a group say of themselves, for those who care for it."""
    group, _seat = groups.cared_for(db, actor, ref)
    return _in_group(db, page, group)


@router.post("/g/{ref}/care/deciding", name="group_say_deciding", dependencies=[Counted])
def say_in_group(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: SayForm) -> Response:
    """Say it for a group."""
    group, seat = groups.cared_for(db, actor, ref)
    if form.data is None:
        return _in_group(db, page, group, form)
    try:
        saying.say(db, actor, group, seat, form.data)
    except Invalid as problem:
        return _in_group(db, page, group, form.refuse(problem))
    return page.go("group_deciding", ref=ref, say=_("Said. Everybody reads it, with the day."))


@router.post("/g/{ref}/care/deciding/end", name="group_unsay_deciding", dependencies=[Counted])
def unsay_in_group(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: UnsayForm) -> Response:
    """Say it no longer for a group."""
    group, seat = groups.cared_for(db, actor, ref)
    if form.data is None:
        raise NotFound
    saying.take_back(db, actor, group, seat, form.data.id)
    return page.go("group_deciding", ref=ref, say=_("Taken back. Nobody reads it any more."))


def _at_desk(db: Session, page: Page, actor: Actor, number: int = 1, form: Form[Any] | None = None) -> Response:
    found = reading.at_desk(db.connection(), actor.me, number)
    if number > 1 and not found:
        raise NotFound(_("This page is not here."))
    return page(
        "desk/deciding.html", here="me", status=422 if form else 200, said=found[: reading.PER_PAGE], number=number,
        more=len(found) > reading.PER_PAGE, form=form, says=bool(rules.may_say_of_network(actor)), me=actor.me, **_choices(),
    )  # fmt: skip


@router.get("/desk/numbers/deciding", name="desk_deciding")
def at_desk(db: ReadDb, page: Pages, actor: Counter, number: Number = 1) -> Response:
    """Show what bodies say of themselves, what waits for a look first."""
    return _at_desk(db, page, actor, number)


@router.post("/desk/numbers/deciding", dependencies=[Depends(limited)])
def say_of_network(db: Db, page: Pages, actor: Counter, form: SayForm) -> Response:
    """Say it for the network."""
    if form.data is None:
        return _at_desk(db, page, actor, form=form)
    try:
        saying.say(db, actor, None, Seat(), form.data)
    except Invalid as problem:
        return _at_desk(db, page, actor, form=form.refuse(problem))
    return page.go("desk_deciding", say=_("Said. Everybody reads it, with the day."))


@router.post("/desk/numbers/deciding/end", dependencies=[Depends(limited)])
def unsay_of_network(db: Db, page: Pages, actor: Counter, form: UnsayForm) -> Response:
    """Say it no longer for the network."""
    if form.data is None:
        raise NotFound
    saying.take_back(db, actor, None, Seat(), form.data.id)
    return page.go("desk_deciding", say=_("Taken back. Nobody reads it any more."))


@router.post("/desk/numbers/deciding/look", dependencies=[Depends(limited)])
def look(db: Db, page: Pages, actor: Counter, form: LookForm) -> Response:
    """Say whether it fits what one knows."""
    if form.data is None:
        raise NotFound
    saying.look(db, actor, form.data.id, form.data.do == "fits")
    return page.go("desk_deciding", say=_("Kept. Those who said it are told, not by whom."))
