"""A partner sends its listings as a spreadsheet: all of it, or nothing with a sentence for each row."""

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.core import i18n
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.text import shorten
from app.domain.directory.reading import Unreadable
from app.domain.partners import listings
from app.domain.partners.placing import feed_of
from app.domain.partners.sheets import MOST_ROWS, Sheet, headings, read_sheet
from app.routers.partner_page import mine
from app.schemas.partners import SendSheet
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.limits import UPLOAD_MEMBER, spend
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/partner")
SheetForm = Annotated[Form[SendSheet], form_of(SendSheet)]
FILE = "sheet"
MOST_SHOWN = 50


def limited(request: Request, actor: SignedIn) -> None:
    """Count uploads; runs before the request's own transaction."""
    spend(request, UPLOAD_MEMBER, str(actor.me))


@router.get("/sheet", name="partner_sheet")
def ask(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask for a spreadsheet."""
    partner = mine(db, actor)
    return _page(page, filled(language=feed_of(db, partner).language), None)


def _page(page: Page, form: Form[Any], sheet: Sheet | None) -> Response:
    status = 422 if form.errors or sheet is not None else 200
    return page(
        "partner/sheet.html", here="me", status=status, form=form, sheet=sheet, most=MOST_ROWS, columns=headings(), shown=MOST_SHOWN
    )


def sheet_sent(request: Request, actor: SignedIn, form: SheetForm) -> Sheet | Invalid:
    """Read the file; runs before the request's own transaction, so that nobody waits for it to write."""
    with house(request).database.reading() as db:
        country = feed_of(db, mine(db, actor)).country
    try:
        return _sheet(country, form)
    except Invalid as problem:
        return problem


@router.post("/sheet", name="partner_send_sheet", dependencies=[Depends(limited)])
def send(sheet: Annotated[Sheet | Invalid, Depends(sheet_sent)], db: Db, page: Pages, actor: SignedIn, form: SheetForm) -> Response:
    """Take the listings of a spreadsheet in; where something is wrong in any row, nothing."""
    if isinstance(sheet, Invalid):
        return _page(page, form.refuse(sheet), None)
    counts, here = listings.send_sheet(db, actor, mine(db, actor), sheet)
    if sheet.problems:
        return _page(page, form, sheet)
    return page.go("partner", say=_said(counts, here))


def _said(counts: dict[str, int], here: list[str]) -> str:
    """Return what became of a spreadsheet; ``here`` are new ones of which something is here already."""
    said = _("Taken in. New: %(created)s, changed: %(updated)s, as before: %(unchanged)s.", **counts)
    if not here:
        return said
    names = ", ".join(shorten(name, 60) for name in here[:3])
    return said + " " + _("Something like it is here already for: %(names)s. Look whether you can join it.", names=names)


def _sheet(country: str, form: Form[SendSheet]) -> Sheet:
    if form.data is None or FILE not in form.files:
        too_big = FILE in form.too_big
        raise Invalid(FILE, _("This file is too big.") if too_big else _("Choose a file first: CSV or XLSX."))
    try:
        return read_sheet(form.files[FILE], form.data.language, country)
    except Unreadable as problem:
        raise Invalid(FILE, problem.sentence) from None


@router.get("/sheet.csv", name="partner_empty_sheet")
def empty(db: ReadDb, actor: SignedIn) -> Response:
    """Return an empty spreadsheet with its headings, in the reader's language."""
    mine(db, actor)
    text = io.StringIO()
    csv.writer(text).writerow(headings())
    headers = {"Content-Disposition": f'attachment; filename="listings-{i18n.current()}.csv"'}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
