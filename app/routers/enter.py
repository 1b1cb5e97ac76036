"""Come in: the key or a one-time code, the second step, and the key once more before important changes."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.core.i18n import _
from app.domain.accounts import entering, keys, queries, second_step
from app.models.accounts import Member, PhoneMode
from app.routers import back
from app.schemas.accounts import Enter, SecondStep
from app.web import pocket
from app.web.arrival import SECOND, SECOND_MINUTES, arrive
from app.web.devices import spend_try
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.limits import ENTER_ADDRESS, SECOND_FACTOR, address, spend
from app.web.pages import Page, local_path
from app.web.sessions import SignedIn, Someone
from app.web.transactions import Pages, ReadDb

router = APIRouter()
router.include_router(back.router)


def limited(request: Request) -> None:
    """Count a try to come in; runs before any transaction."""
    spend(request, ENTER_ADDRESS)


def waiting(request: Request) -> dict[str, Any] | None:
    """Return who has shown the key and still has to show the second step."""
    return pocket.look(request, SECOND)


EnterForm = Annotated[Form[Enter], form_of(Enter)]
Waiting = Annotated[dict[str, Any] | None, Depends(waiting)]


@router.get("/enter", name="enter")
def ask_key(request: Request, page: Pages, actor: Someone) -> Response:
    """Ask for the key."""
    to = local_path(request.query_params.get("next", "/"))
    if actor.signed_in:
        return page.go_to(to)
    return page("enter/key.html", here="me", form=None, to=to)


@router.post("/enter", dependencies=[Depends(limited)])
def come_in(request: Request, page: Pages, form: EnterForm) -> Response:
    """Check what was typed: one sentence for everything that does not fit."""
    if form.data is None:
        return _not_in(page, form)
    key = keys.read_key(form.data.key)
    owner = _owner(request, key) if key else None
    if owner is None and (code := keys.read_code(form.data.key)):
        with house(request).database.transaction() as db:
            owner = entering.use_code(db, code)
    if owner is None:
        form.errors["key"] = _wrong()
        return _not_in(page, form)
    with house(request).database.transaction() as db:
        return arrive(request, page, db, owner, form.data.mode, form.data.next, key=key)


def _owner(request: Request, key: keys.Key) -> UUID | None:
    spend_try(request, key, address(request))
    with house(request).database.reading() as db:
        found = entering.find_key(db, key)
    owner = entering.check_key(found, key)  # slow: no connection is held
    if owner and keys.needs_rehash(found.secret_hash):
        with house(request).database.transaction() as db:
            entering.renew_hash(db, found, key)
    return owner


def _wrong() -> str:
    return _("This key does not open anything. Look at each word or number again.")


def _not_in(page: Page, form: Form[Enter]) -> Response:
    to = local_path(str(form.values.get("next", "/")))
    return page("enter/key.html", status=422, here="me", form=form, to=to)


@router.get("/enter/prove", name="prove")
def ask_again(request: Request, page: Pages, actor: SignedIn) -> Response:
    """Ask for the key before something important."""
    return page("enter/prove.html", here="me", form=None, to=local_path(request.query_params.get("next", "/me"), "/me"))


@router.post("/enter/prove", dependencies=[Depends(limited)])
def prove(request: Request, page: Pages, actor: SignedIn, form: EnterForm) -> Response:
    """Take the key of the very same account; the session gets a new token."""
    owner = None
    if form.data is not None:
        key = keys.read_key(form.data.key)
        owner = _owner(request, key) if key else _own_code(request, actor.me, form.data.key)
    if form.data is None or owner != actor.me:
        form.errors.setdefault("key", _wrong())
        to = local_path(str(form.values.get("next", "/me")), "/me")
        return page("enter/prove.html", status=422, here="me", form=form, to=to)
    with house(request).database.transaction() as db:
        return arrive(request, page, db, actor.me, actor.mode, form.data.next, replaces=actor.sign_in_id)


def _own_code(request: Request, member_id: UUID, typed: str) -> UUID | None:
    code = keys.read_code(typed)
    if code is None:
        return None
    with house(request).database.writing() as db:
        owner = entering.use_code(db, code)
        if owner == member_id:  # somebody else's code is not spent here
            db.commit()
        return owner


@router.get("/enter/second", name="second")
def ask_second(request: Request, db: ReadDb, page: Pages, who: Waiting) -> Response:
    """Ask for the second step."""
    return _second_page(request, db, page, who, None) if who else page.go("enter")


def _second_page(request: Request, db: ReadDb, page: Page, who: dict[str, Any], form: Form[SecondStep] | None) -> Response:
    member_id = UUID(who["member"])
    member = db.get_one(Member, member_id)
    keyed = bool(queries.passkeys(db, member_id))
    asked = second_step.ask_for_passkey(db, member_id) if keyed else None
    response = page(
        "enter/second.html", status=422 if form else 200, here="me", form=form, app=member.totp_secret is not None,
        options=asked.options if asked else "",
    )  # fmt: skip
    if asked:
        pocket.put(request, response, SECOND, {**who, "expected": asked.expected}, SECOND_MINUTES)
    return response


@router.post("/enter/second", dependencies=[Depends(limited)])
def take_second(request: Request, page: Pages, who: Waiting, form: Annotated[Form[SecondStep], form_of(SecondStep)]) -> Response:
    """Check the second step and begin the session."""
    if who is None:
        return page.go("enter")
    member_id = UUID(who["member"])
    spend(request, SECOND_FACTOR, who["member"])
    with house(request).database.transaction() as db:
        if form.data is not None and _second_fits(db.get_one(Member, member_id), form.data, who, db):
            replaces = UUID(who["replaces"]) if who["replaces"] else None
            mode = PhoneMode(who["mode"])
            return arrive(request, page, db, member_id, mode, who["to"], replaces=replaces, second_shown=True)
    form.errors["code"] = second_step.no_passkey() if form.values.get("passkey") else second_step.wrong_code()
    with house(request).database.reading() as db:
        return _second_page(request, db, page, who, form)


def _second_fits(member: Member, sent: SecondStep, who: dict[str, Any], db: ReadDb) -> bool:
    if sent.passkey:
        return second_step.use_passkey(db, member.id, sent.passkey, who.get("expected", ""))
    return second_step.use_totp(db, member, sent.code)
