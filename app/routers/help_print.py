"""A guide to print: the services of one place on A5, in large type."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain.directory import printing, queries
from app.domain.directory.needs import all_needs
from app.domain.directory.places import name_in
from app.web.days import day
from app.web.reading import read, read_long
from app.web.sessions import Someone
from app.web.transactions import Pages

router = APIRouter()


@router.get("/help/print", name="help_print")
async def print_guide(
    request: Request, page: Pages, _actor: Someone, place: UUID | None = None,
    need: Annotated[str, Query(pattern="^[a-z_]{0,20}$")] = "",
) -> Response:  # fmt: skip
    """Show everything that somebody needs of a place on pages for paper; without a place, let one be chosen."""
    if place is None:
        return page.go("help_places")
    labels = {one.id: _(one.label) for one in all_needs()}
    area = await read(request, queries.area, place)
    if area is None or (need and need not in labels):
        raise NotFound(_("This page is not here."))
    groups, more = await read_long(request, printing.guide, place, need, now())
    return page("help/print.html", here="help", groups=groups, more=more, **_about(area, place, need, labels))


def _about(area: Any, place: UUID, need: str, labels: dict[str, str]) -> dict[str, Any]:
    """Return what stands around the guide: of which place and need, of which day, and the way back."""
    return {
        "place": name_in({"name": area.name, "names": area.names}, i18n.current()), "place_id": place, "needs": labels.items(),
        "need": labels.get(need, ""), "today": day(now().date()), "back": f"/help?area={place}" + (f"&need={need}" if need else ""),
    }  # fmt: skip
