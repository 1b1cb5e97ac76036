"""Work: invitations, people who ask to join, and roles; no list of members."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.domain.accounts import power, queries, rules
from app.domain.actor import Actor
from app.domain.moderation import actions as moderation
from app.models.accounts import Role
from app.routers.me import role_names
from app.schemas.accounts import Chosen, DecideApplication, GrantRole, Invite
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.pages import Page
from app.web.sessions import Coordinator, Holds
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/people")
People = Annotated[Actor, Depends(Holds(Role.COORDINATOR, Role.OPERATOR))]


@router.get("", name="people")
def people(request: Request, db: ReadDb, page: Pages, actor: People) -> Response:
    """Show who asks to join, the invitations that work, and who holds a role."""
    return _people_page(request, db, page, actor, None)


def _people_page(
    request: Request, db: ReadDb, page: Page, actor: Actor, form: Form[Any] | None, which: str = "", about: str = ""
) -> Response:
    """Show the page again with the form that has a mistake; ``which`` names it, ``about`` the row it belongs to."""
    holders = [
        (h, role_names(frozenset({h.grant.role}))[0], bool(rules.may_end_role(actor, h.grant.role, h.grant.member_id)))
        for h in queries.holders(db)
    ]
    return page(
        "people/show.html", status=422 if form else 200, form=form, which=which, about=about,
        applications=queries.applications(db), invitations=queries.invitations(db), holders=holders,
        decides=actor.has(Role.COORDINATOR), roles=_roles_to_give(actor), until=_until(),
        by_panel=rules.given_on_its_own(Role.MENTOR).reason, registration=house(request).settings.registration, day=day,
        last_day=_last_day,
    )  # fmt: skip


def _last_day(moment: datetime) -> str:
    """Return the last day that an invitation works: it ends with the first moment of the next."""
    return day(moment - timedelta(days=1))


def _until() -> str:
    return (now().date() + timedelta(days=90)).isoformat()


def _roles_to_give(actor: Actor) -> list[tuple[str, str]]:
    given = list(Role) if actor.has(Role.OPERATOR) else [r for r in Role if r in rules.GIVEN_BY_COORDINATORS]
    return [(role.value, role_names(frozenset({role}))[0]) for role in given if role not in rules.BY_A_PANEL]


@router.post("/invitations", name="people_invite")
def invite(request: Request, db: Db, page: Pages, actor: People, form: Annotated[Form[Invite], form_of(Invite)]) -> Response:
    """Make an invitation and show its code, this once, as a page to print."""
    wish = form.data
    if wish is None:
        return _people_page(request, db, page, actor, form, "invite")
    try:
        code = power.invite(db, actor, wish.label, wish.uses, wish.until)
    except Invalid as problem:
        return _people_page(request, db, page, actor, form.refuse(problem), "invite")
    return page("people/code.html", code=code, wish=wish, day=day)


@router.post("/invitations/end", name="people_invitation_end")
def end_invitation(db: Db, page: Pages, actor: People, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """Let an invitation work no more."""
    if form.data is None:
        raise NotFound
    power.end_invitation(db, actor, form.data.id)
    return page.go("people", say=_("This invitation has ended."))


@router.post("/applications", name="people_application")
def decide(
    request: Request, db: Db, page: Pages, actor: Coordinator,
    form: Annotated[Form[DecideApplication], form_of(DecideApplication)],
) -> Response:  # fmt: skip
    """Let somebody in, or not with a reason."""
    about = str(form.values.get("id", ""))
    if form.data is None:
        return _people_page(request, db, page, actor, form, "application", about)
    try:
        moderation.decide_application(db, actor, form.data.id, form.data.do == "accept", form.data.reason)
    except Invalid as problem:
        return _people_page(request, db, page, actor, form.refuse(problem), "application", about)
    return page.go("people", say=_("Done. They read it under My answers."))


@router.post("/roles", name="people_role")
def grant(request: Request, db: Db, page: Pages, actor: People, form: Annotated[Form[GrantRole], form_of(GrantRole)]) -> Response:
    """Give a role."""
    wish = form.data
    if wish is None:
        return _people_page(request, db, page, actor, form, "role")
    try:
        power.grant_role(db, actor, wish.name, wish.role, wish.until)
    except Invalid as problem:
        return _people_page(request, db, page, actor, form.refuse(problem), "role")
    return page.go("people", say=_("Done. They read it under My answers."))


@router.post("/roles/end", name="people_role_end")
def end_role(db: Db, page: Pages, actor: People, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """End a role today."""
    if form.data is None:
        raise NotFound
    power.end_role(db, actor, form.data.id)
    return page.go("people", say=_("This role has ended."))
