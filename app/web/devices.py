"""What we remember of a device: one coarse word, and on somebody's own phone a mark that its owner came in here before."""

from fastapi import Request
from starlette.responses import Response

from app.core import crypto
from app.domain.accounts import entering, keys
from app.models.accounts import PhoneMode
from app.web.house import house
from app.web.limits import Limit, spend

KNOWN_DAYS = 180
ENTER_HERE = Limit("enter-here", 10, 600)  # one locator from one address, or from a known device
ENTER_ALL = Limit("enter-all", 100, 3600)  # one locator from everywhere that is not a known device
_TABLETS = ("ipad", "tablet", "kindle", "silk", "playbook")
_PHONES = ("mobi", "iphone", "android", "kaios", "opera mini", "phone", "nokia")


def device_word(request: Request) -> str:
    """Return phone, tablet or computer, nothing finer."""
    agent = request.headers.get("user-agent", "").lower()
    if any(word in agent for word in _TABLETS) or ("android" in agent and "mobi" not in agent):
        return "tablet"
    return "phone" if any(word in agent for word in _PHONES) else "computer"


def _cookie(request: Request) -> str:
    return "__Host-hearth_known" if house(request).settings.secure else "hearth_known"


def _mark(request: Request, key: keys.Key) -> str:
    return crypto.keyed_hash(house(request).settings.secret, "known-device", entering.locator_of(key))


def known_device(request: Request, response: Response, key: keys.Key, mode: PhoneMode) -> None:
    """Mark one's own phone; a shared phone gets no mark."""
    if mode == PhoneMode.ONLY_ME:
        secure = house(request).settings.secure
        response.set_cookie(
            _cookie(request), _mark(request, key), max_age=KNOWN_DAYS * 86_400, path="/", httponly=True, secure=secure,
            samesite="lax",
        )  # fmt: skip


def spend_try(request: Request, key: keys.Key, address: str) -> None:
    """Count a try of this key's locator; what strangers do elsewhere never locks out a known device."""
    locator = entering.locator_of(key)
    if crypto.same(request.cookies.get(_cookie(request), ""), _mark(request, key)):
        spend(request, ENTER_HERE, f"known {locator}")
        return
    spend(request, ENTER_HERE, f"{address} {locator}")
    spend(request, ENTER_ALL, locator)
