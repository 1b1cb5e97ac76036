"""Is it still true? A link for whoever offers a service, without an account: the page asks, a tap answers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from app.core.i18n import _
from app.domain.directory import correcting, still_true
from app.web.limits import RECEIPT_ADDRESS, spend
from app.web.sessions import Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/still")
Link = Annotated[str, Path(pattern=f"^{still_true.TOKEN}$")]


def _limited(request: Request) -> None:
    spend(request, RECEIPT_ADDRESS)


@router.get("/{link}", name="still_true", dependencies=[Depends(_limited)])
def ask(db: ReadDb, page: Pages, _actor: Someone, link: Link) -> Response:
    """Show what stands in the list, and ask whether it is still true."""
    service = still_true.opened(db, link)
    stands = {"phone": "", "hours": ""} if service.protected else correcting.as_it_stands(db, service)
    return page("help/still.html", here="help", service=service, stands=stands, link=link, noindex=True)


@router.post("/{link}", name="say_still_true", dependencies=[Depends(_limited)])
def say(db: Db, page: Pages, _actor: Someone, link: Link) -> Response:
    """Keep that it is."""
    service = still_true.confirm(db, link)
    return page.go("service", ref=service.ref, say=_("Thank you. Confirmed today."))
