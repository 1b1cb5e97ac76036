"""A sealed cookie that carries what somebody chose from one step to the next, so that no key stands in an address or a table."""

import base64
import json
from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.core import crypto
from app.core.clock import now
from app.web.house import house

MINUTES = 30


def _name(request: Request, what: str) -> str:
    secure = house(request).settings.secure
    return f"{'__Host-' if secure else ''}hearth_{what}"


def put(request: Request, response: Response, what: str, contents: dict[str, Any], minutes: int = MINUTES) -> Response:
    """Give the browser ``contents``, readable by us only and for so long; returns the response."""
    plain = json.dumps({**contents, "_until": now().timestamp() + minutes * 60}, ensure_ascii=False, separators=(",", ":"))
    sealed = crypto.ring().seal(plain.encode(), f"pocket.{what}")
    secure = house(request).settings.secure
    response.set_cookie(
        _name(request, what), base64.urlsafe_b64encode(sealed).decode().rstrip("="), max_age=minutes * 60, path="/",
        httponly=True, secure=secure, samesite="lax",
    )  # fmt: skip
    return response


def look(request: Request, what: str) -> dict[str, Any] | None:
    """Return what the browser carries, or None when there is nothing, it was altered, or its time is over."""
    text = request.cookies.get(_name(request, what), "")
    if not text:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        contents: dict[str, Any] = json.loads(crypto.ring().open(sealed, f"pocket.{what}"))
    except (ValueError, crypto.SealBroken):
        return None
    return contents if contents.get("_until", 0) > now().timestamp() else None


def drop(request: Request, response: Response, what: str) -> Response:
    """Take it from the browser; returns the response."""
    response.delete_cookie(_name(request, what), path="/", httponly=True, secure=house(request).settings.secure, samesite="lax")
    return response
