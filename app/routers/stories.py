"""Reading stories: the list in the order of the day, one story with its voice and pictures, feeds, what is kept on a phone."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse, Response

from app.core import i18n
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Gone, NotFound
from app.core.i18n import N_, _
from app.core.ids import REF, is_ref
from app.domain import versions
from app.domain.actor import Actor, may_take_part
from app.domain.directory import shown as directory
from app.domain.search.asked import Asked
from app.domain.stories import feeds, finding, queries, reading, rules, shelf, shown
from app.domain.stories.wording import THEMES
from app.models.stories import Audience, StoryStatus
from app.web import files
from app.web.house import house
from app.web.keeping import Keeper, Mark
from app.web.reading import read
from app.web.sessions import Someone
from app.web.transactions import Pages

router = APIRouter()
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
PER_PAGE = 6
LONGEST_QUERY = 200
MOST_KEPT = 200
NOT_HERE = N_("It may have been taken back by the person who wrote it.")  # said of every story that a reader may not see
_Uuid = r"^$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_shelves = Keeper[shelf.Shelves]()


async def shelves(request: Request) -> shelf.Shelves:
    """Return the order of the day; made anew, in a thread, when the day or the content version moved."""
    home = house(request)

    async def mark() -> Mark:
        return now().date(), await read(request, versions.one, versions.STORIES)

    return await _shelves.of(home.database, mark, partial(_build, home.database, home.settings.secret))


def _build(database: Database, secret: bytes, mark: Mark) -> shelf.Shelves:
    day, version = mark
    with database.hot() as connection:
        return shelf.build(*reading.shelf(connection, day), day, secret, version)


async def cards(request: Request, ids: Sequence[UUID], wanted: list[str]) -> list[shown.Card]:
    """Return the cards of these stories, in this order; one statement."""
    rows = await read(request, reading.cards, ids, now().date())
    return [shown.card(rows[i], wanted) for i in ids if i in rows]


def for_reader(both: shelf.Shelves, actor: Actor) -> shelf.Shelf:
    """Return the shelf that this reader may see."""
    return both.members if actor.let_in else both.guests


async def asked_for(  # async: a plain function would run in a thread
    q: str = "", area: Annotated[str, Query(pattern=_Uuid)] = "",
    language: Annotated[str, Query(pattern=r"^$|^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = "",
    theme: Annotated[str, Query(pattern=r"^[a-z_]{0,30}$")] = "",
) -> Asked:  # fmt: skip
    """Return what the address asks for."""
    return Asked(" ".join(q.split()), area, language, theme)


@router.get("/stories", name="stories")
async def list_stories(
    request: Request, actor: Someone, page: Pages, asked: Annotated[Asked, Depends(asked_for)],
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    """Show six stories: of the day's order, or those that hold the words."""
    both, too_long = await shelves(request), len(asked.words) > LONGEST_QUERY
    asked = replace(asked, words="") if too_long else asked
    today, first = for_reader(both, actor), (number - 1) * PER_PAGE
    found = await _matches(request, both.version, today, asked, actor)
    shown_now = await cards(request, found.ids[first : first + PER_PAGE], [asked.language or i18n.current()])
    if number > 1 and not shown_now:
        raise NotFound
    return page(
        "stories/list.html", fragment="stories/_list.html", here="stories", status=422 if too_long else 200, noindex=True,
        cards=shown_now, number=number, more=len(found.ids) > first + PER_PAGE, asked=asked, too_long=too_long,
        found=found, choices=_choices(today),
    )  # fmt: skip


async def _matches(request: Request, version: int, today: shelf.Shelf, asked: Asked, actor: Actor) -> finding.Matches:
    if not asked.words:
        return finding.Matches(today.chosen(UUID(asked.area) if asked.area else None, asked.language, asked.theme))
    reads, memory = asked.language or i18n.current(), house(request).searches
    return await read(request, finding.find, today, asked, members=actor.let_in, reads=reads, remembered=memory, version=version)


def _choices(today: shelf.Shelf) -> dict[str, list[tuple[str, str]]]:
    return {
        "area": sorted(((str(p.id), shown.area_name(p.name, p.names)) for p in today.places), key=lambda c: c[1]),
        "language": [(code, i18n.language_name(code)) for code in today.languages],
        "theme": [(t, _(THEMES[t])) for t in today.themes if t in THEMES],
    }


@router.get("/stories.atom", name="stories_atom")
async def atom(request: Request) -> Response:
    """Public stories as a feed."""
    home = house(request)
    body = feeds.atom(await read(request, queries.feed), home.settings.base_url, f"{home.settings.site_name}: {_('Stories')}")
    return Response(body, media_type="application/atom+xml")


@router.get("/stories/podcast.xml", name="podcast")
async def podcast(request: Request) -> Response:
    """Public voices as a podcast."""
    home = house(request)
    rows = await read(request, queries.feed, voices=True)
    title = f"{home.settings.site_name}: {_('Stories')}"
    return Response(feeds.podcast(rows, home.settings.base_url, title), media_type="application/rss+xml")


@router.get("/stories/{ref}", name="story")
async def show_story(
    request: Request, ref: Ref, actor: Someone, page: Pages, language: Annotated[str, Query(pattern=r"^[A-Za-z0-9-]{0,12}$")] = ""
) -> Response:
    """Show one story in the reader's language; the original is one tap away."""
    rows = await read(request, reading.story, ref, actor.member_id)
    if rows is None:
        raise NotFound(_(NOT_HERE))
    own = _sight(rows.story, actor)
    view = shown.view(rows, [language or i18n.current()], public=rows.story.audience == Audience.EVERYONE and not own)
    index = view.public and house(request).settings.index_stories
    services = [directory.card(hit, now()) for hit in view.services]
    return page(
        "stories/show.html", here="stories", noindex=not index, story=view, only_mine=own, services=services,
        may_translate=bool(may_take_part(actor)), may_flag=not rows.story.own,
        may_ask=view.public and rows.story.asked,
    )  # fmt: skip


def _sight(row: Any, actor: Actor) -> bool:
    """Return whether only its teller sees this row; raise NotFound or, for what this reader could see before, Gone."""
    wide = row.audience == Audience.EVERYONE or (row.audience == Audience.MEMBERS and actor.let_in)
    in_time = row.until_on is None or row.until_on > now().date()
    if row.status == StoryStatus.PUBLISHED and in_time and wide and row.here:
        return False
    over = row.status in rules.SHOWN_BEFORE or (row.status == StoryStatus.PUBLISHED and not in_time)
    if over and row.published_on is not None and (wide or row.own):
        raise Gone(_("This story was taken back by the person who told it."))
    if row.own:
        return True
    raise NotFound(_(NOT_HERE))


@router.get("/stories/{ref}/media/{media_ref}.{ending}", name="story_media")
async def media(
    request: Request, ref: Ref, actor: Someone, media_ref: Annotated[str, Path(pattern=f"^{REF.pattern}$")],
    ending: Annotated[str, Path(pattern="^(opus|mp3|webp|jpg)$")],
) -> Response:  # fmt: skip
    """Send a voice or a picture, or the part of it that a player asks for; never with a date. Second readers hear it before."""
    row = await read(request, reading.file, ref, media_ref, actor.member_id)
    if row is None:
        raise NotFound(_(NOT_HERE))
    only_mine = bool(rules.may_hear(actor, row)) or _sight(row, actor)
    name = row.files.get(ending, {}).get("name")
    if not name:
        raise NotFound(_(NOT_HERE))
    open_to_all = row.audience == Audience.EVERYONE and not only_mine
    # A minute at most, so that a story that is taken back is gone; a kept copy needs an answer that may be stored.
    kept = "private, max-age=60" if open_to_all else "private, no-store"
    answer = await files.send(request, name, row.kind.value, kept)
    if answer is None:
        raise NotFound(_(NOT_HERE))
    return answer


@router.get("/saved", name="saved")
async def saved(page: Pages, actor: Someone) -> Response:
    """Show what is kept on this phone; the list is in the browser, not here."""
    return page("stories/saved.html", here="stories")


@router.get("/saved/check", name="saved_check")
async def saved_check(request: Request, refs: Annotated[str, Query(max_length=8_000)] = "") -> Response:
    """Say which kept things everyone can read no longer; refs look like "stories/…" and "help/…"."""
    asked = list(dict.fromkeys(refs.split(",")))[:MOST_KEPT]
    kinds = {kind: [r.removeprefix(kind) for r in asked if r.startswith(kind)] for kind in ("stories/", "help/")}
    fine = {kind: [ref for ref in found if is_ref(ref)] for kind, found in kinds.items()}
    there = {f"stories/{r}" for r in await read(request, reading.still_there, fine["stories/"], now().date())}
    there |= {f"help/{r}" for r in await read(request, reading.still_listed, fine["help/"])}
    gone = [kind + ref for kind, found in fine.items() for ref in found if kind + ref not in there]
    return JSONResponse({"gone": gone}, headers={"Cache-Control": "no-store"})
