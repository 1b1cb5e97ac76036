"""A group's passport: points with days, the sheets that they open, somebody who comes along."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _, day_words
from app.domain.actor import Actor
from app.domain.groups import passport, queries, rules
from app.domain.groups.passport_words import POINTS
from app.domain.groups.rules import Seat
from app.models.groups import Group, Visibility
from app.routers.groups import Counted, Ref
from app.schemas.groups import SayPoint
from app.web.forms import Form, form_of
from app.web.limits import HELP_MEMBER, spend
from app.web.pages import Page
from app.web.sessions import SignedIn, member_key
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/g/{ref}/passport")
PointName = Annotated[str, Path(pattern="^[a-z]{1,20}$")]


def _help_limited(request: Request, actor: SignedIn) -> None:
    """Count an asking for somebody who comes along: coordinators are told each time."""
    spend(request, HELP_MEMBER, member_key(actor))


def _page(
    db: Session, page: Page, actor: Actor, group: Group, seat: Seat, form: Form[Any] | None = None, status: int = 200
) -> Response:  # fmt: skip
    passport.check(group)
    points = passport.of_group(db, group)
    return page(
        "groups/passport.html", here="groups", status=status, group=group, form=form, points=points, words=POINTS,
        seen=passport.SEEN, day=day_words, may_care=bool(rules.may_care(actor, seat, now().date())),
        may_ask=passport.may_ask_for_help(points), needed=passport.FOR_HELP, listed=group.visibility == Visibility.LISTED,
    )  # fmt: skip


@router.get("", name="group_passport")
def show(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show the points, to everybody inside."""
    group, seat = queries.inside(db, actor, ref)
    return _page(db, page, actor, group, seat)


@router.post("", name="group_point", dependencies=[Counted])
def say(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[SayPoint], form_of(SayPoint)]) -> Response:
    """Say that a point is done, or not any more."""
    group, seat = queries.inside(db, actor, ref)
    try:
        if form.data is not None:
            passport.say(db, actor, group, seat, form.data.point, form.data.do == "done")
            return page.go("group_passport", ref=ref, say=_("Saved."))
    except Invalid as problem:
        form.refuse(problem)
    return _page(db, page, actor, group, seat, form, 422)


@router.post("/help", name="group_ask_help", dependencies=[Depends(_help_limited)])
def ask_for_help(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Ask for somebody of the network who comes along."""
    group, seat = queries.inside(db, actor, ref)
    try:
        asked = passport.ask_for_help(db, actor, group, seat)
    except Invalid as problem:
        return _page(db, page, actor, group, seat, Form[Any]().refuse(problem), 422)
    unknown = _("Nothing is sent: nobody outside may know of this group, or no coordinator is there at the moment.")
    return page.go("group_passport", ref=ref, say=_("Coordinators are told that your group asks.") if asked else unknown)


@router.get("/{point}", name="group_point_sheet")
def sheet(ref: Ref, point: PointName, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show how a point is done and, once it is, the sheet that it opens: to read out or to print."""
    group, _seat = queries.inside(db, actor, ref)
    done = passport.sheet_of(db, group, point).done
    return page("groups/passport_sheet.html", here="groups", group=group, key=point, point=POINTS[point], done=done)
