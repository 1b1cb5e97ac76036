"""My calendar: one secret address for the calendar program of a member, what it tells, and ending it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.i18n import _
from app.domain.meetings import calendars, files
from app.routers.groups import Counted
from app.schemas.meetings import MakeCalendar
from app.web import pocket
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.reading import read
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
POCKET = "calendar"
SHOWN_MINUTES = 10
Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")]


@router.get("/me/calendar", name="my_calendar")
def show(request: Request, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show whether there is an address and what it tells; the address itself only to the browser that just made it."""
    told = pocket.look(request, POCKET) or {}
    feed = calendars.mine(db, actor.me)
    fresh = feed is not None and (told.get("to"), told.get("of")) == (str(actor.me), str(feed.id))
    link = f"{house(request).settings.base_url.rstrip('/')}/calendar/{told['secret']}" if fresh else ""
    return page("me/calendar.html", here="me", feed=feed, link=link, made=day(feed.made_on) if feed else "", form=None)


@router.post("/me/calendar", name="my_calendar_make", dependencies=[Counted])
def make(
    request: Request, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[MakeCalendar], form_of(MakeCalendar)]
) -> Response:  # fmt: skip
    """Make an address; the one before works no more."""
    if form.data is None:
        return page("me/calendar.html", here="me", status=422, feed=calendars.mine(db, actor.me), link="", made="", form=form)
    secret = calendars.make(db, actor, form.data.tells == "titles")
    feed = calendars.mine(db, actor.me)
    told = {"secret": secret, "to": str(actor.me), "of": str(feed.id) if feed else ""}
    return pocket.put(request, page.go("my_calendar"), POCKET, told, SHOWN_MINUTES)


@router.post("/me/calendar/end", name="my_calendar_end", dependencies=[Counted])
def end(request: Request, db: Db, page: Pages, actor: SignedIn) -> Response:
    """End the address."""
    calendars.end(db, actor)
    said = _("The address works no more. Take the calendar out of your program too: it may keep what it has.")
    return pocket.drop(request, page.go("my_calendar", say=said), POCKET)


@router.get("/calendar/{secret}", name="calendar")
async def calendar(request: Request, secret: Secret) -> Response:
    """Give a calendar program what the address tells; an ended one is gone (410)."""
    feed = await read(request, calendars.read, secret, now())
    with i18n.speaking(feed.language):
        body = files.write(feed.entries, now())
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{files.NAME}"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
