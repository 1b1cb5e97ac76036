"""Programs of partners: the key that they bring, what it is for, how often it may ask, and what they sent."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

import sqlalchemy as sa
from fastapi import Depends, Request

from app.core import crypto
from app.core.clock import now
from app.core.errors import BadKey, Invalid, Malformed, TooMany
from app.core.i18n import _
from app.core.verdict import require
from app.domain.partners import queries, rules
from app.domain.partners.queries import Caller
from app.models.partners import PartnerKey, Scope
from app.web.house import house
from app.web.limits import PARTNER_KEY, PARTNER_WRONG, count, spend

_KEY: sa.Table = PartnerKey.__table__  # type: ignore[attr-defined]
_LONGEST = 200


class Brings:
    """Demand a key that works and is for this; sync, because it counts and notes in transactions of its own."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(self, request: Request) -> Caller:
        """Return the program. Raises BadKey, TooMany, Refused."""
        caller = _known(request)
        _count(request, caller)
        require(rules.may_use(caller.scopes, self.scope))
        _note_use(request, caller)
        return caller


def _known(request: Request) -> Caller:
    """Return whose key it is; wrong ones are counted for the address that they come from."""
    kind, _space, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise BadKey(_("Send your key with the request: Authorization: Bearer …"))
    with house(request).database.hot() as connection:
        row = queries.key_by_hash(connection, crypto.token_hash(key.strip()[:_LONGEST]))
    if row is None:
        spend(request, PARTNER_WRONG)
        raise BadKey(_("We do not know this key. Look whether it was copied whole."))
    verdict = rules.key_works(now().date(), row.until_on, row.ended_on, row.partner_ended)
    if verdict.reason is not None:
        spend(request, PARTNER_WRONG)
        raise BadKey(verdict.reason)
    return queries.caller_of(row)


def _count(request: Request, caller: Caller) -> None:
    home, moment = house(request), int(now().timestamp())
    seen = count(home.database, home.settings.secret, PARTNER_KEY, str(caller.key_id))
    left = PARTNER_KEY.seconds - moment % PARTNER_KEY.seconds
    request.state.rate = {
        "RateLimit-Limit": str(PARTNER_KEY.times), "RateLimit-Remaining": str(max(0, PARTNER_KEY.times - seen)),
        "RateLimit-Reset": str(left),
    }  # fmt: skip
    if seen > PARTNER_KEY.times:
        raise TooMany(_("Too many requests with this key. Wait a little, or send several things in one batch."), wait=left)


def _note_use(request: Request, caller: Caller) -> None:
    """Remember the day on which the key was used last."""
    today = now().date()
    if caller.used_on != today:
        with house(request).database.transaction() as db:
            db.execute(sa.update(_KEY).where(_KEY.c.id == caller.key_id).values(used_on=today))


Lists = Annotated[Caller, Depends(Brings(Scope.LISTINGS))]
Reads = Annotated[Caller, Depends(Brings(Scope.READ))]


@dataclass(frozen=True, slots=True)
class Body:
    """What a program sent: the bytes, and the object in them."""

    raw: bytes
    value: dict[str, Any]


async def raw_body(request: Request) -> bytes:
    """Return the bytes of the body."""
    return await request.body()


async def json_body(request: Request) -> Body:
    """Return the JSON object in the body. Raises Malformed for what is no JSON, Invalid for another value."""
    raw = await request.body()
    try:
        value = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed(_("The body must be JSON in UTF-8.")) from None
    if not isinstance(value, dict):
        raise Invalid("", _("The body must be a JSON object."))
    return Body(raw, value)


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


SentBody = Annotated[bytes, Depends(raw_body)]
SentJson = Annotated[Body, Depends(json_body)]
