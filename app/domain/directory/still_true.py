"""Ask whoever offers a service by a link: it names nothing, opens for some days, and confirms only by a tap on its page."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlmodel import Session

from app.core import settings
from app.core.clock import now
from app.core.crypto import keyed_hash, same
from app.core.errors import Conflict, Gone
from app.core.i18n import _
from app.domain.audit import actions as audit
from app.domain.directory import correcting
from app.domain.directory.actions import confirm_by_source, get
from app.domain.directory.compiling import KIND
from app.models.directory import Service

OPEN_DAYS: Final = 14
_START: Final = date(2020, 1, 1)
_MARK: Final = 24  # hex digits: 96 bits
TOKEN: Final = rf"[a-z0-9]{{12}}-[0-9a-f]{{4}}-[0-9a-f]{{{_MARK}}}"


def token(service: Service) -> str:
    """Return what stands in the link of today: the same all day, another one once somebody has checked the listing."""
    last = now().date() + timedelta(days=OPEN_DAYS)
    return f"{service.ref}-{(last - _START).days:04x}-{_mark(service, last)}"


def _mark(service: Service, last: date) -> str:
    said = f"{service.id}:{last.isoformat()}:{service.verified_on}:{service.verify_due}:{service.verify_method}"
    return keyed_hash(settings.current().secret, "still-true", said)[:_MARK]


def opened(db: Session, sent: str) -> Service:
    """Return the listing that a link asks about. Raises NotFound for what is not here, Gone for a link that is over."""
    ref, number, mark = sent.split("-")
    service, last = get(db, ref), _START + timedelta(days=int(number, 16))
    if service.ref != ref:  # another one stands for it by now
        raise _over()
    if last < now().date() or not same(mark, _mark(service, last)):
        raise _over()
    return service


def _over() -> Gone:
    return Gone(_("This link is over: somebody has answered, or its days have passed. Thank you."))


def stands(db: Session, service: Service) -> dict[str, str]:
    """Return name, number and hours as the page of a link shows them; of a protected listing the name alone."""
    return correcting.as_it_stands(db, service) if not service.protected else {"name": service.name, "phone": "", "hours": ""}


def mark_of(standing: Mapping[str, str]) -> str:
    """Return by what a form tells later what it showed."""
    return correcting.mark("\n".join(standing[part] for part in ("name", "phone", "hours")))


def confirm(db: Session, sent: str, seen: str) -> Service:
    """Keep that whoever has the link says today that it is all still true.

    ``seen``: correcting.mark of what the page showed. Raises Conflict where something else stands there by now.
    """
    service = opened(db, sent)
    if seen != mark_of(stands(db, service)):
        raise Conflict(_("What stands there has changed meanwhile. Look at it once more."))
    confirm_by_source(db, [service])
    audit.record(db, None, "confirm_listing_by_link", KIND, service.id)
    return service
