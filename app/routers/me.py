"""Me: the name others see, the phone, open sessions, answers, a pause; and the yes for somebody who lost the key."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.core.errors import Invalid, NotFound, ProofNeeded
from app.core.i18n import _
from app.core.verdict import require
from app.domain.accounts import changes, entering, queries, rules, way_back
from app.domain.accounts.export_parts import ROLES
from app.domain.actor import POWER, Actor
from app.domain.moderation import letters
from app.domain.partners import queries as partners
from app.domain.reporting.question import answers as question
from app.models.accounts import PhoneMode, Role
from app.routers import me_data, me_keys, me_question, my_decisions
from app.schemas.accounts import Chosen, Mode, NewName, VouchFor
from app.web.days import day, day_and_hour
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.limits import WRITE_MEMBER, spend
from app.web.pages import SAY_COOKIE, Page
from app.web.sessions import Holds, SignedIn, Someone, clear_cookie, clear_own_cookies, set_cookie
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
router.include_router(me_keys.router)
router.include_router(me_data.router)
router.include_router(me_question.router)
router.include_router(my_decisions.router)
Voucher = Annotated[Actor, Depends(Holds(Role.ORGANISER, Role.COORDINATOR))]


def limited(request: Request, actor: SignedIn) -> None:
    """Count what a member sends; runs before the request's own transaction."""
    spend(request, WRITE_MEMBER, str(actor.me))


@router.get("/me", name="me")
def me(request: Request, db: ReadDb, page: Pages, actor: Someone) -> Response:
    """Show Me; guests see the two doors."""
    if not actor.signed_in:
        return page("me/guest.html", here="me", registration=house(request).settings.registration)
    shown = queries.overview(db, actor.me)
    powerful = bool(actor.roles & POWER) and not house(request).settings.is_demo
    needs_step = powerful and shown.member.totp_secret is None and not shown.passkeys
    return page(
        "me/show.html", here="me", me=shown, needs_step=needs_step, roles=role_names(actor.roles),
        partner=partners.name_of(db, actor.me) if actor.active else None,
        organiser=actor.has(Role.ORGANISER, Role.COORDINATOR), goes_on=day_and_hour(shown.member.delete_after), form=None,
        asked=question.is_offered(db, shown.member),
    )  # fmt: skip


def role_names(roles: frozenset[Role]) -> list[str]:
    """Return roles in words, in a fixed order."""
    return [_(ROLES[role]) for role in Role if role in roles]


@router.get("/me/name", name="me_name")
def ask_name(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask for another name."""
    require(rules.may_change_name(actor))
    return page("me/name.html", here="me", form=filled(name=actor.name), warnings=())


@router.post("/me/name", dependencies=[Depends(limited)])
def take_name(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[NewName], form_of(NewName)]) -> Response:
    """Take another name, after the same checks as at the start."""
    wish = form.data
    if wish is None:
        return page("me/name.html", status=422, here="me", form=form, warnings=())
    warnings = changes.look_at_name(db, actor, wish.name)
    if warnings and not (wish.keep and wish.warned == wish.name):
        return page("me/name.html", status=422, here="me", form=form, warnings=warnings)
    try:
        changes.change_name(db, actor, wish.name)
    except Invalid as problem:
        return page("me/name.html", status=422, here="me", form=form.refuse(problem), warnings=())
    return page.go("me", say=_("Kept. This is your name now."))


@router.get("/me/phone", name="me_phone")
def ask_phone(page: Pages, actor: SignedIn) -> Response:
    """Ask who uses this phone."""
    return page("me/phone.html", here="me", form=filled(mode=actor.mode.value), short=bool(actor.roles & POWER))


@router.post("/me/phone")
def take_phone(request: Request, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Mode], form_of(Mode)]) -> Response:
    """Change how long this phone stays signed in; the session gets a new token."""
    if form.data is None:
        return page("me/phone.html", status=422, here="me", form=form, short=bool(actor.roles & POWER))
    if form.data.mode == PhoneMode.ONLY_ME and not actor.lately_proven:
        raise ProofNeeded(_("Show your key again first."))
    opened = entering.renew_session(db, actor, mode=form.data.mode)
    response = page.go("me", say=_("Kept."))
    set_cookie(response, opened.token, opened.mode, house(request).settings.secure)
    return response


@router.get("/me/sessions", name="me_sessions")
def sessions(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show where the account is open."""
    return page("me/sessions.html", here="me", form=None, sessions=queries.sign_ins(db, actor.me), day=day)


@router.post("/me/sessions/end")
def end_one(request: Request, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """End one session of one's own."""
    if form.data is None or not entering.end_own_session(db, actor, form.data.id):
        raise NotFound
    response = page.go("me_sessions", say=_("That phone or computer is signed out."))
    if form.data.id == actor.sign_in_id:
        clear_cookie(response, house(request).settings.secure)
    return response


@router.post("/me/sessions/end-all", name="me_sessions_end_all")
def end_all(request: Request, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Sign out everywhere, here too."""
    entering.end_sessions(db, actor.me)
    response = page.go_to("/", say=_("You are signed out everywhere."))
    clear_own_cookies(request, response, SAY_COOKIE)
    return response


@router.get("/me/pause", name="me_pause")
def ask_pause(page: Pages, actor: SignedIn) -> Response:
    """Say what a pause does."""
    return page("me/pause.html", here="me", form=None)


@router.post("/me/pause")
def pause(db: Db, page: Pages, actor: SignedIn) -> Response:
    """Pause."""
    changes.pause(db, actor)
    return page.go("me", say=_("Paused. Nothing of yours is shown."))


@router.post("/me/start", name="me_start")
def start_again(db: Db, page: Pages, actor: SignedIn) -> Response:
    """End the pause."""
    changes.start_again(db, actor)
    return page.go("me", say=_("Good to see you again."))


@router.post("/me/back/stop", name="me_back_stop")
def stop_way_back(db: Db, page: Pages, actor: SignedIn) -> Response:
    """Stop everybody who tries to come back to this account without the key."""
    way_back.stop(db, actor)
    return page.go("me", say=_("Stopped. Nobody gets a new key for your account."))


@router.get("/my/answers", name="my_answers")
def answers(db: ReadDb, page: Pages, actor: SignedIn, n: Annotated[int, Query(ge=1, le=500)] = 1) -> Response:
    """Show what the member was told, newest first."""
    told, more = queries.answers(db, actor.me, n)
    ways = letters.ways(db, actor, {answer.matter for answer in told if answer.matter})
    return page("me/answers.html", here="me", form=None, told=told, ways=ways, page_number=n, more=more, day=day)


@router.post("/my/answers")
def mark_read(db: Db, page: Pages, actor: SignedIn) -> Response:
    """Remember that they are read."""
    changes.mark_read(db, actor)
    return page.go("my_answers")


@router.get("/me/vouch", name="vouch")
def ask_vouch(page: Pages, actor: Voucher) -> Response:
    """Ask an organiser for the number and the name."""
    return page("me/vouch.html", here="me", form=None)


@router.post("/me/vouch", dependencies=[Depends(limited)])
def vouch(db: Db, page: Pages, actor: Voucher, form: Annotated[Form[VouchFor], form_of(VouchFor)]) -> Response:
    """Take an organiser's yes."""
    if form.data is None:
        return _vouch_again(page, form)
    try:
        count = way_back.vouch(db, actor, form.data.receipt, form.data.name)
    except Invalid as problem:
        return _vouch_again(page, form.refuse(problem))
    first = _("Thank you. One more organiser has to say yes.")
    return page.go("me", say=first if count == 1 else _("Thank you. They can come back in 48 hours."))


def _vouch_again(page: Page, form: Form[Any]) -> Response:
    if "sure" in form.errors:
        form.errors["sure"] = _("Say yes only if you know this person and they asked you.")
    return page("me/vouch.html", status=422, here="me", form=form)
