"""Rooms that are ready but not furnished yet: money. They say so, and lead to what is there."""

from fastapi import APIRouter
from starlette.responses import Response

from app.core.i18n import _
from app.web.sessions import Someone
from app.web.transactions import Pages

router = APIRouter()


@router.get("/money")
async def money(page: Pages, _actor: Someone) -> Response:
    """Say that there is no open call for money yet."""
    told = _(
        "Calls for money will stand here, for every group on the same day, with the rules and the decisions. There is none yet."
    )
    return page("rooms/quiet.html", heading=_("Money for groups"), told=told)
