"""The numbers for everyone: the newest release, earlier ones, and each as JSON and CSV; only what was published."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from app.core.errors import NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.reporting.releasing.sheets import as_csv
from app.domain.reporting.showing import lines, queries
from app.domain.reporting.showing.beside import beside, on_paper, whole
from app.domain.reporting.showing.queries import Kept
from app.domain.reporting.showing.told import month, told
from app.web.days import day
from app.web.house import house
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import Someone
from app.web.transactions import Pages

router = APIRouter(prefix="/numbers")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
FRESH = {"Cache-Control": "no-cache"}  # a group that is hidden leaves these files at once


@router.get("", name="numbers")
async def numbers(request: Request, page: Pages, _actor: Someone) -> Response:
    """Show the newest release; before the first one, say that there is none."""
    kept = await read(request, queries.latest)
    if kept is None:
        words = _("Numbers about this network will stand here, made so that nobody can be found in them. None were published yet.")
        return page("numbers/quiet.html", told=words)
    return await _release(request, page, kept)


async def _release(request: Request, page: Page, kept: Kept) -> Response:
    everything = await read(request, queries.published, kept.period)
    others = [(one.ref, month(one.period), one.revision) for one in everything if one.ref != kept.ref]
    newer = next((one.ref for one in everything if one.period == kept.period and one.revision > kept.revision), "")
    address = f"{house(request).settings.base_url}/numbers/releases/{kept.ref}"
    return page("numbers/show.html", told=told(kept), others=others, newer=newer, address=address, year=kept.published_at)


@router.get("/groups", name="number_groups")
async def groups(
    request: Request, page: Pages, _actor: Someone, number: Annotated[int, Query(alias="page", ge=1, le=100)] = 1
) -> Response:
    """Show what is said of single groups: one of two lines, without a number."""
    found = await read(request, lines.published, _threshold(request), number)
    if number > 1 and not found:
        raise NotFound(_("This page is not here."))
    return page("numbers/groups.html", lines=found[: lines.PER_PAGE], number=number, more=len(found) > lines.PER_PAGE)


def _threshold(request: Request) -> int:
    return house(request).settings.disclosure_threshold


def _day(kept: Kept) -> date:
    return (kept.published_at or kept.prepared_at).date()


async def _found(request: Request, ref: str) -> Kept:
    kept = await read(request, queries.one, ref)
    if kept is None:
        raise NotFound(_("This page is not here."))
    return kept


async def _whole(request: Request, kept: Kept) -> dict[str, Any]:
    return whole(kept.body, await read(request, beside, _threshold(request), kept.period, _day(kept)))


@router.get("/releases/{ref}.json")
async def as_json(request: Request, ref: Ref) -> Response:
    """Return a release in the shape of docs/numbers.md."""
    return JSONResponse(await _whole(request, await _found(request, ref)), headers=FRESH)


@router.get("/releases/{ref}.csv")
async def as_sheet(request: Request, ref: Ref) -> Response:
    """Return the same numbers as a CSV file."""
    kept = await _found(request, ref)
    named = {"Content-Disposition": f'attachment; filename="numbers-{kept.period}.csv"'}
    text = as_csv(await _whole(request, kept))
    return Response(text, media_type="text/csv; charset=utf-8", headers=FRESH | named)


@router.get("/releases/{ref}/sheet", name="number_sheet")
async def sheet(request: Request, page: Pages, _actor: Someone, ref: Ref) -> Response:
    """Show a release on one sheet, to be printed or kept as a PDF: what funders and researchers ask for, nothing else."""
    kept = await _found(request, ref)
    address = f"{house(request).settings.base_url}/numbers/releases/{kept.ref}"
    also = await read(request, on_paper, _threshold(request), kept.period, _day(kept))
    rules, audit, counted = kept.body["rules"], kept.body["audit"], day(kept.counted_on)
    return page("numbers/sheet.html", told=told(kept), address=address, rules=rules, audit=audit, day=counted, also=also)


@router.get("/releases/{ref}", name="number_release")
async def release(request: Request, page: Pages, _actor: Someone, ref: Ref) -> Response:
    """Show one release."""
    return await _release(request, page, await _found(request, ref))
