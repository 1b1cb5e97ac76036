"""Me: a new key, eight one-time codes, and the second step."""

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from app.core import i18n
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.domain.accounts import entering, joining, keys, queries, second_step
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.schemas.accounts import Chosen, PasskeyMade, TotpCode
from app.web import pocket
from app.web.days import day
from app.web.devices import known_device
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.limits import SECOND_FACTOR, spend
from app.web.pages import Page
from app.web.sessions import Proven, set_cookie
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/me")
KEY, APP, PASSKEY = "newkey", "app", "passkey"


def carried_key(request: Request) -> dict[str, Any]:
    """Return the new key that is shown at the moment."""
    return pocket.look(request, KEY) or {}


Carried = Annotated[dict[str, Any], Depends(carried_key)]


def _renewed(request: Request, db: Db, actor: Actor, response: Response, second_factor: bool = False) -> Response:
    opened = entering.renew_session(db, actor, second_factor=second_factor)
    set_cookie(response, opened.token, opened.mode, house(request).settings.secure)
    return response


@router.get("/key", name="me_key")
def show_key(request: Request, db: ReadDb, page: Pages, actor: Proven, so_far: Carried) -> Response:
    """Show a new key; the old one works until this one is kept."""
    carried = so_far if so_far.get("for") == str(actor.me) else _fresh(db, actor, "words")
    response = page("me/key.html", here="me", words=carried["shown"], kind=carried["kind"], key_language=carried["language"])
    return pocket.put(request, response, KEY, carried)


def _fresh(db: ReadDb, actor: Actor, kind: str) -> dict[str, Any]:
    key = joining.fresh_key(db, i18n.current(), as_digits=kind == "digits")
    language = i18n.current() if kind == "words" and i18n.current() in keys.LANGUAGES else "en"
    return {"for": str(actor.me), "shown": key.shown, "kind": kind, "language": language}


@router.post("/key/other", name="me_key_other")
def other_kind(request: Request, db: ReadDb, page: Pages, actor: Proven, so_far: Carried) -> Response:
    """Show the other kind of key."""
    kind = "words" if so_far.get("kind") == "digits" else "digits"
    return pocket.put(request, page.go("me_key"), KEY, _fresh(db, actor, kind))


@router.get("/card", name="me_card")
def card(page: Pages, actor: Proven, so_far: Carried) -> Response:
    """Show the new key as a card to print, with nothing else on it."""
    if so_far.get("for") != str(actor.me):
        return page.go("me_key")
    return page("join/card.html", back="/me/key", words=so_far["shown"], kind=so_far["kind"], key_language=so_far["language"])


def hashed_key(actor: Proven, so_far: Carried) -> tuple[keys.Key, str] | None:
    """Return the carried key and its hash; slow, so it is computed before the transaction begins."""
    key = keys.read_key(" ".join(so_far.get("shown", ()))) if so_far.get("for") == str(actor.me) else None
    return (key, keys.hash_secret(key.secret)) if key else None


@router.post("/key")
def keep_key(
    request: Request, page: Pages, actor: Proven, ready: Annotated[tuple[keys.Key, str] | None, Depends(hashed_key)], db: Db
) -> Response:
    """Put the new key in place; every other session ends."""
    if ready is None:
        return page.go("me_key")
    entering.replace_key(db, actor.me, *ready, actor=actor)
    entering.end_sessions(db, actor.me, but=actor.sign_in_id)
    tell(db, actor.me, N_("You have a new key. The old one does not work any more."), link="/me")
    response = _renewed(request, db, actor, page.go("me", say=_("Your new key works now. The old one does not any more.")))
    known_device(request, response, ready[0], actor.mode)
    return pocket.drop(request, response, KEY)


@router.get("/codes", name="me_codes")
def ask_codes(page: Pages, actor: Proven) -> Response:
    """Say what one-time codes are for."""
    return page("me/codes.html", here="me", codes=())


@router.post("/codes")
def make_codes(db: Db, page: Pages, actor: Proven) -> Response:
    """Show eight new codes, this once."""
    return page("me/codes.html", here="me", codes=entering.new_codes(db, actor))


@router.get("/second-step", name="second_setup")
def second_setup(request: Request, db: ReadDb, page: Pages, actor: Proven) -> Response:
    """Show what is set up, and how to set up more."""
    return _setup_page(request, db, page, actor, None)


def _setup_page(request: Request, db: ReadDb, page: Page, actor: Actor, form: Form[Any] | None) -> Response:
    member = queries.member_by_id(db, actor.me)
    carried = pocket.look(request, APP) or {}
    secret = carried["secret"] if carried.get("for") == str(actor.me) else second_step.new_totp_secret()
    asked = second_step.ask_for_new_passkey(db, actor)
    code = segno.make(second_step.totp_address(secret), error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff")
    response = page(
        "me/second_step.html", status=422 if form else 200, here="me", form=form, app=bool(member and member.totp_secret),
        passkeys=queries.passkeys(db, actor.me), secret=secret, options=asked.options,
        day=day, picture=Markup(code),  # noqa: S704 - drawn by us from our own secret
    )  # fmt: skip
    pocket.put(request, response, PASSKEY, {"for": str(actor.me), "expected": asked.expected})
    return pocket.put(request, response, APP, {"for": str(actor.me), "secret": secret})


def limited(request: Request, actor: Proven) -> None:
    """Count tries at a code; runs before the request's own transaction."""
    spend(request, SECOND_FACTOR, str(actor.me))


@router.post("/second-step", dependencies=[Depends(limited)])
def set_app(request: Request, db: Db, page: Pages, actor: Proven, form: Annotated[Form[TotpCode], form_of(TotpCode)]) -> Response:
    """Set up the app after a first right code; the session gets a new token and counts as shown twice."""
    carried = pocket.look(request, APP) or {}
    try:
        if form.data is None or carried.get("for") != str(actor.me):
            raise Invalid("code", form.errors.get("code") or _("This page was open too long. Look at the code anew."))
        second_step.set_totp(db, actor, carried["secret"], form.data.code)
    except Invalid as problem:
        return _setup_page(request, db, page, actor, form.refuse(problem))
    response = _renewed(request, db, actor, page.go("me", say=_("Your second step is set up.")), second_factor=True)
    return pocket.drop(request, response, APP)


@router.post("/second-step/remove", name="second_remove")
def remove_app(request: Request, db: Db, page: Pages, actor: Proven) -> Response:
    """Remove the app."""
    second_step.remove_totp(db, actor)
    return _renewed(request, db, actor, page.go("second_setup", say=_("Removed.")))


@router.post("/passkeys", name="passkey_add", dependencies=[Depends(limited)])
def add_passkey(
    request: Request, db: Db, page: Pages, actor: Proven, form: Annotated[Form[PasskeyMade], form_of(PasskeyMade)]
) -> Response:
    """Add a passkey that the browser has made."""
    carried = pocket.look(request, PASSKEY) or {}
    try:
        if form.data is None or carried.get("for") != str(actor.me):
            raise Invalid("", second_step.no_passkey())
        second_step.add_passkey(db, actor, form.data.passkey, carried["expected"], form.data.label)
    except Invalid as problem:
        return _setup_page(request, db, page, actor, form.refuse(problem))
    response = _renewed(request, db, actor, page.go("second_setup", say=_("Your passkey is set up.")), second_factor=True)
    return pocket.drop(request, response, PASSKEY)


@router.post("/passkeys/remove", name="passkey_remove")
def remove_passkey(
    request: Request, db: Db, page: Pages, actor: Proven, form: Annotated[Form[Chosen], form_of(Chosen)]
) -> Response:
    """Remove a passkey of one's own."""
    if form.data is None or not second_step.remove_passkey(db, actor, form.data.id):
        raise NotFound
    return _renewed(request, db, actor, page.go("second_setup", say=_("Removed.")))
