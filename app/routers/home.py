"""The first page, and the explanation for those who only want to look."""

from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core import i18n
from app.domain.stories import queries
from app.domain.stories.shelf import Shelf
from app.routers.stories import cards, for_reader, shelves
from app.web.reading import read
from app.web.sessions import Someone
from app.web.transactions import Pages

router = APIRouter()
FIRST = 3  # stories on the page that explains


def _first(today: Shelf, many: int) -> list[UUID]:
    mine = today.chosen(language=i18n.current())[:many]
    others = (i for i in today.chosen() if i not in mine)
    return [*mine, *islice(others, many - len(mine))]


@router.get("/", name="home")
async def home(request: Request, actor: Someone, page: Pages) -> Response:
    """Show what one may need today, and one story; for members also what waits for them."""
    today = for_reader(await shelves(request), actor)
    story = await cards(request, _first(today, 1), [i18n.current()])
    waiting: tuple[int, Sequence[Any]] = (0, ())
    if actor.member_id is not None:
        waiting = await read(request, queries.for_today, actor.member_id)
    return page("home/home.html", here="home", stories=story, unread=waiting[0], open_stories=waiting[1])


@router.get("/look", name="look")
async def look(request: Request, actor: Someone, page: Pages) -> Response:
    """Say what a phone remembers, with the first stories below."""
    today = for_reader(await shelves(request), actor)
    return page("home/look.html", here="stories", stories=await cards(request, _first(today, FIRST), [i18n.current()]))
