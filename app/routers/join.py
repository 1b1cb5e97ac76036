"""Join in three screens: a name, the key, who uses this phone; the account exists only after the last."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.core import i18n
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain.accounts import entering, joining, keys, rules
from app.domain.accounts.joining import Joining
from app.schemas.accounts import JoinKey, JoinName, JoinPhone
from app.web import pocket
from app.web.devices import device_word, known_device
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.limits import JOIN_ADDRESS, spend
from app.web.pages import Page
from app.web.sessions import Someone, set_cookie
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
POCKET = "join"


def limited(request: Request) -> None:
    """Count a try to join; runs before the request's own transaction."""
    spend(request, JOIN_ADDRESS)


def carried(request: Request) -> dict[str, Any]:
    """Return what was chosen so far; empty at the start or after half an hour."""
    return pocket.look(request, POCKET) or {}


Carried = Annotated[dict[str, Any], Depends(carried)]


def _registration(request: Request) -> str:
    return house(request).settings.registration


@router.get("/join", name="join")
def ask_name(request: Request, db: ReadDb, page: Pages, actor: Someone, so_far: Carried) -> Response:
    """Show the first screen; a closed network says so kindly."""
    if actor.signed_in:
        return page.go("me")
    if _registration(request) == "closed":
        return page("join/closed.html", here="me")
    return _name_page(request, db, page, None, so_far)


def _name_page(
    request: Request, db: ReadDb, page: Page, form: Form[Any] | None, so_far: dict[str, Any], warnings: tuple[str, ...] = ()
) -> Response:
    status = 422 if form and (form.errors or warnings) else 200
    return page(
        "join/name.html", status=status, here="me", form=form, chosen=so_far.get("name", ""), code=so_far.get("code", ""),
        suggestions=[(s, s) for s in joining.suggest(db, i18n.current())], warnings=warnings, registration=_registration(request),
    )  # fmt: skip


@router.post("/join", dependencies=[Depends(limited)])
def take_name(
    request: Request, db: ReadDb, page: Pages, so_far: Carried, form: Annotated[Form[JoinName], form_of(JoinName)]
) -> Response:
    """Check the name and go on to the key; nothing is stored, for people under 18 nothing at all."""
    if form.values.get("adult") == "no":
        return pocket.drop(request, page.go("young"), POCKET)
    wish = form.data
    if wish is None:
        return _name_page(request, db, page, form, so_far)
    name = wish.name.strip() or wish.pick
    try:
        found = joining.check_name(db, name)
        joining.take_name(db, name)
        _check_code(request, db, wish.code)
    except Invalid as problem:
        return _name_page(request, db, page, form.refuse(problem), so_far)
    if found.warnings and not (wish.keep and wish.warned == name):
        form.values["name"] = name
        return _name_page(request, db, page, form, so_far, tuple(found.warnings))
    fresh = {**_key_of(db, so_far), "name": name, "code": wish.code}
    return pocket.put(request, page.go("join_key"), POCKET, fresh)


def _check_code(request: Request, db: ReadDb, typed: str) -> None:
    registration = _registration(request)
    require(rules.may_join(registration, True, True))
    if (registration == "invite" or (registration == "apply" and typed.strip())) and not joining.read_invitation(db, typed):
        raise Invalid("code", joining.bad_code() if typed.strip() else _("Write the code that you got."))


def _key_of(db: ReadDb, so_far: dict[str, Any], kind: str = "") -> dict[str, Any]:
    """Return the key that is shown already, or a fresh one: after a mistake people see the same words again."""
    if so_far.get("shown") and kind in ("", so_far["kind"]):
        return so_far
    chosen = kind or "words"
    key = joining.fresh_key(db, i18n.current(), as_digits=chosen == "digits")
    language = i18n.current() if chosen == "words" and i18n.current() in keys.LANGUAGES else "en"
    return {**so_far, "kind": chosen, "shown": key.shown, "language": language}


@router.get("/join/young", name="young")
def young(page: Pages) -> Response:
    """Say kindly where people under 18 find somebody."""
    return page("join/young.html", here="me")


@router.get("/join/key", name="join_key")
def show_key(page: Pages, so_far: Carried) -> Response:
    """Show the key."""
    return page("join/key.html", here="me", form=None, **_shown(so_far)) if so_far.get("shown") else page.go("join")


def _shown(so_far: dict[str, Any]) -> dict[str, Any]:
    return {"words": so_far["shown"], "kind": so_far["kind"], "key_language": so_far["language"]}


@router.post("/join/key")
def take_key(
    request: Request, db: ReadDb, page: Pages, so_far: Carried, form: Annotated[Form[JoinKey], form_of(JoinKey)]
) -> Response:
    """Go on, or show the other kind of key."""
    if not so_far.get("shown"):
        return page.go("join")
    if form.data is None:
        return page("join/key.html", status=422, here="me", form=form, **_shown(so_far))
    if form.data.do == "kept":
        return page.go("join_phone")
    return pocket.put(request, page.go("join_key"), POCKET, _key_of(db, so_far, form.data.do))


@router.get("/join/card", name="join_card")
def card(page: Pages, so_far: Carried) -> Response:
    """Show the key as a card to print, with nothing else on it."""
    return page("join/card.html", back="/join/key", **_shown(so_far)) if so_far.get("shown") else page.go("join")


@router.get("/join/phone", name="join_phone")
def ask_phone(request: Request, page: Pages, so_far: Carried) -> Response:
    """Show the last screen."""
    return _phone_page(request, page, None, so_far) if so_far.get("shown") else page.go("join")


def _phone_page(request: Request, page: Page, form: Form[Any] | None, so_far: dict[str, Any]) -> Response:
    apply = _registration(request) == "apply" and not so_far.get("code")
    return page("join/phone.html", status=422 if form else 200, here="me", form=form, apply=apply)


def hashed_key(so_far: Carried) -> tuple[keys.Key, str] | None:
    """Return the carried key and its hash; slow, so it is computed before the transaction begins."""
    key = keys.read_key(" ".join(so_far.get("shown", ())))
    return (key, keys.hash_secret(key.secret)) if key else None


@router.post("/join/phone", dependencies=[Depends(limited)])
def finish(
    request: Request, page: Pages, so_far: Carried, form: Annotated[Form[JoinPhone], form_of(JoinPhone)],
    ready: Annotated[tuple[keys.Key, str] | None, Depends(hashed_key)], db: Db,
) -> Response:  # fmt: skip
    """Make the account and come in."""
    if ready is None or not so_far.get("name"):
        return page.go("join")
    if form.data is None:
        return _phone_page(request, page, form, so_far)
    wish = Joining(so_far["name"], i18n.current(), code=so_far.get("code", ""), text=form.data.text)
    try:
        with db.begin_nested():
            member = joining.join(db, wish, *ready)
    except Invalid as problem:
        refused = form.refuse(problem)
        if problem.field == "text":
            return _phone_page(request, page, refused, so_far)
        refused.values |= {"name": wish.name, "code": wish.code, "adult": "yes"}
        return _name_page(request, db, page, refused, so_far)
    opened = entering.open_session(db, member, form.data.mode, device_word(request))
    response = page.go_to("/", say=_("Welcome. You are in."))
    set_cookie(response, opened.token, opened.mode, house(request).settings.secure)
    known_device(request, response, ready[0], opened.mode)
    return pocket.drop(request, response, POCKET)
