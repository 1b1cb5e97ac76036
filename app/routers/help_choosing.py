"""Help that fits: what it must be, two services side by side, a page of one sent on, what was done to keep it true."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.core import i18n, languages
from app.core.clock import now
from app.core.errors import Gone, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.directory import actions, choosing, comparing, past, queries, service_view, shown
from app.routers.help import Asked, Ref, asked_for
from app.web.forms import filled
from app.web.house import house
from app.web.reading import read
from app.web.sessions import Someone
from app.web.transactions import Pages, ReadDb

router = APIRouter()
_OTHER = f"^({REF.pattern})?$"


@router.get("/help/choices", name="help_choices")
async def choose(page: Pages, _actor: Someone, asked: Annotated[Asked, Depends(asked_for)]) -> Response:
    """Ask what help must be to be shown."""
    codes = dict.fromkeys((i18n.current(), *languages.OFFERED))
    return page(
        "help/choices.html", here="help", asked=asked, form=filled(only=asked.only, language=asked.language),
        choices=choosing.choices(), languages_spoken=[("", _("Any")), *((code, i18n.language_name(code)) for code in codes)],
    )  # fmt: skip


@router.get("/help/{ref}/compare", name="help_compare")
async def compare(
    request: Request, page: Pages, _actor: Someone, ref: Ref, other: Annotated[str, Query(alias="with", pattern=_OTHER)] = ""
) -> Response:  # fmt: skip
    """Show two services side by side; without another one, what can stand beside it."""
    first = await _rows(request, ref)
    if not other:
        hits = await read(request, comparing.beside, first.service)
        cards = [(shown.card(hit, now()), hit.shown["ref"]) for hit in hits]
        return page("help/beside.html", here="help", service=service_view.view(first, now()), cards=cards, noindex=True)
    views = [service_view.view(rows, now()) for rows in (first, await _rows(request, other))]
    return page("help/compare.html", here="help", services=views, rows=comparing.table(*views), noindex=True)


async def _rows(request: Request, ref: str) -> queries.ServiceRows:
    """Return a service that is there, or the one that stands for it. Raises NotFound, Gone."""
    rows = await read(request, queries.service, ref, i18n.current(), house(request).towns)
    if rows is not None and rows.service.merged_into is not None:
        standing = await read(request, queries.ref_of_standing, rows.service.id)
        rows = await read(request, queries.service, standing, i18n.current(), house(request).towns)
    if rows is None:
        raise NotFound(_("This page is not here."))
    if rows.service.defunct_on is not None:
        raise Gone(_("This service does not exist any more."))
    return rows


@router.get("/help/{ref}/history", name="service_history")
def history(db: ReadDb, page: Pages, _actor: Someone, ref: Ref) -> Response:
    """Show what was done so far to keep a listing true."""
    service = actions.get(db, ref)
    if service.protected:
        raise NotFound(_("This page is not here."))
    return page("help/history.html", here="help", service=service, past=past.view(db, service), noindex=True)


@router.get("/help/{ref}/share", name="share_service")
async def share(request: Request, page: Pages, _actor: Someone, ref: Ref) -> Response:
    """Show the link to a service, to be sent on: it says nothing of what it leads to."""
    found: Any = (await _rows(request, ref)).service
    if found.protected:
        raise NotFound(_("This page is not here."))
    link = f"{house(request).settings.base_url.rstrip('/')}/help/{found.ref}"
    return page("help/share.html", here="help", ref=found.ref, link=link, noindex=True)
