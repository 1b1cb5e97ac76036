"""Signed-in browsers: the cookie, the row behind it, who acts, and what a route demands of them."""

import logging
import re
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import anyio.to_thread
import sqlalchemy as sa
from fastapi import Depends, Request
from starlette.responses import Response

from app.core import crypto
from app.core.clock import now
from app.core.db import Database, UtcDateTime
from app.core.errors import NotFound, ProofNeeded, SignInNeeded
from app.core.i18n import _
from app.domain.accounts import sessions as accounts
from app.domain.actor import GUEST, Actor
from app.models.accounts import PhoneMode, Role
from app.web.house import house
from app.web.locale import COOKIE as LANGUAGE
from app.web.reading import read

TOUCH_EVERY = timedelta(minutes=5)
# Asking from abroad, coming back with a number, telling us about an answer: a session does not say that it was seen then, for
# whoever has the disk would find the account by the moment.
UNSEEN = re.compile(r"/(ask|back|flag/asked)(/|$)")
log = logging.getLogger("hearth.sessions")


def cookie_name(secure: bool) -> str:
    """Return the cookie's name: __Host- wherever https is spoken."""
    return "__Host-hearth" if secure else "hearth"


def set_cookie(response: Response, token: str, mode: PhoneMode, secure: bool) -> None:
    """Hand the token to the browser: for 30 days on one's own phone; for this browser session on a shared one, which keeps nothing.

    Coming in on a shared phone therefore removes what was kept on it before (``Clear-Site-Data``, as Leave does).
    """
    age = accounts.OWN_IDLE_DAYS * 86_400 if mode == PhoneMode.ONLY_ME else None
    response.set_cookie(cookie_name(secure), token, max_age=age, path="/", httponly=True, secure=secure, samesite="lax")
    if mode == PhoneMode.SHARED:
        response.headers["Clear-Site-Data"] = '"storage"'


def clear_cookie(response: Response, secure: bool) -> None:
    """Take the token from the browser."""
    response.delete_cookie(cookie_name(secure), path="/", httponly=True, secure=secure, samesite="lax")


def clear_own_cookies(request: Request, response: Response, but: str = "") -> None:
    """Take everything of ours from the browser but the language (and ``but``): what was carried from step to step too."""
    secure = house(request).settings.secure
    for name in request.cookies:
        if name.removeprefix("__Host-").startswith("hearth") and name not in (LANGUAGE, but):
            response.delete_cookie(name, path="/", httponly=True, secure=secure, samesite="lax")


async def current_actor(request: Request) -> Actor:
    """Return who acts; a guest without a live session. Cached on the request."""
    found: Actor | None = getattr(request.state, "actor", None)
    if found is not None:
        return found
    request.state.actor = GUEST
    token = request.cookies.get(cookie_name(house(request).settings.secure), "")
    if not token:
        return GUEST
    hashed = crypto.token_hash(token)
    actor, idle_until = await read(request, accounts.load_actor, hashed, house(request).settings.is_demo)
    if actor.signed_in:
        request.state.actor, request.state.session_token = actor, token
        if not UNSEEN.match(request.url.path):
            await _touch(request, hashed, actor, idle_until)
    return actor


async def _touch(request: Request, hashed: str, actor: Actor, idle_until: datetime | None) -> None:
    """Move the idle end forward, at most every five minutes, outside the request's own transaction."""
    fresh = now() + accounts.idle_time(actor.mode)
    if idle_until is None or fresh - idle_until < TOUCH_EVERY:
        return
    try:
        await anyio.to_thread.run_sync(_move_end, house(request).database, hashed, fresh)
    except sa.exc.SQLAlchemyError as error:  # a full disk must not stop reading: the end is moved another time
        log.warning("session not prolonged: %s", type(error).__name__)


_TABLE = sa.table("sign_in", sa.column("token_hash"), sa.column("idle_until", UtcDateTime), sa.column("seen_at", UtcDateTime))


def _move_end(database: Database, hashed: str, until: datetime) -> None:
    with database.transaction() as db:
        db.execute(sa.update(_TABLE).where(_TABLE.c.token_hash == hashed).values(idle_until=until, seen_at=now()))


Someone = Annotated[Actor, Depends(current_actor)]


async def signed_in(actor: Someone) -> Actor:
    """Demand a member."""
    if not actor.signed_in:
        raise SignInNeeded(_("Come in with your key to see this."))
    return actor


SignedIn = Annotated[Actor, Depends(signed_in)]


def prove(actor: Actor) -> None:
    """Raise ProofNeeded unless the key was shown within the last ten minutes."""
    if not actor.lately_proven:
        raise ProofNeeded(_("Show your key again first."))


async def lately_proven(actor: SignedIn) -> Actor:
    """Demand that the key was shown within the last ten minutes."""
    prove(actor)
    return actor


Proven = Annotated[Actor, Depends(lately_proven)]


class Holds:
    """Demand one of the roles, with a second factor; for everybody else the page does not exist."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(self, actor: SignedIn) -> Actor:
        """Return the actor."""
        if not actor.has(*self.roles):
            raise NotFound(_("This page is not here."))
        if not actor.second_factor:
            raise ProofNeeded(_("Your role needs a second step. Set it up, or show it, under Me."))
        return actor


Worker = Annotated[Actor, Depends(Holds(Role.COORDINATOR, Role.SAFEGUARDING))]
Coordinator = Annotated[Actor, Depends(Holds(Role.COORDINATOR))]
Operator = Annotated[Actor, Depends(Holds(Role.OPERATOR))]


def member_key(actor: Actor) -> str:
    """Return what limits and once-keys of this actor hang on."""
    return str(actor.member_id or UUID(int=0))
