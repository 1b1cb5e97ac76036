"""Help near the place that a phone tells, once, for one answer: nothing of it is kept, logged, or put into an address."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.i18n import _
from app.domain.directory import choosing, service_view, shown
from app.domain.directory.needs import all_needs
from app.domain.search import queries as search
from app.routers.help import MOST_PAGES, PER_PAGE
from app.schemas.directory import NearHere
from app.web.forms import Form, form_of
from app.web.reading import read
from app.web.sessions import Someone
from app.web.transactions import Pages

router = APIRouter()


@router.post("/help/places", name="near_here")
async def near_here(request: Request, page: Pages, _actor: Someone, form: Annotated[Form[NearHere], form_of(NearHere)]) -> Response:
    """Show what is near the phone, the nearest first."""
    sent, needs = form.data, {need.id: need.label for need in all_needs()}
    if sent is None or (sent.need and sent.need not in needs):
        return page("help/near.html", fragment="help/_near.html", status=422, here="help", sent=None, query="")
    found = await read(request, _near, sent)
    return page(
        "help/near.html", fragment="help/_near.html", here="help", sent=sent, found=found,
        need=_(needs[sent.need]) if sent.need else "", cards=[shown.card(hit, now()) for hit in found.rows],
        more=found.more and sent.page < MOST_PAGES,
        query=service_view.query({"need": sent.need, "q": sent.q, "language": sent.language, "only": [*sent.only]}),
    )  # fmt: skip


def _near(connection: Any, sent: NearHere) -> search.Found:
    """Search without the memory of searches: where somebody is must not stay in it."""
    filters = [f"{name}:{value}" for name, value in (("need", sent.need), ("lang", sent.language)) if value]
    filters += choosing.tokens(sent.only, now())
    return search.find(
        connection, kind="service", text=sent.q, tokens=filters, prefer=list(dict.fromkeys((i18n.current(), "en"))),
        limit=PER_PAGE, offset=(sent.page - 1) * PER_PAGE, near=(sent.lat, sent.lon), keep=choosing.keep(sent.only, now()),
    )  # fmt: skip
