"""Help nearby: needs, places, results, one service; what anybody and members say about it."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.errors import Gone, NotFound
from app.core.i18n import N_, _
from app.core.ids import REF
from app.domain import versions
from app.domain.directory import actions, choosing, queries, service_view, shown
from app.domain.directory.needs import all_needs
from app.domain.directory.places import name_in
from app.domain.directory.sketch import Sketch, sketch
from app.domain.search import queries as search
from app.domain.search.remembered import Remembered
from app.models.directory import Outcome, Why
from app.schemas.directory import Helped
from app.web.edge import permissions
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.limits import Limit, spend
from app.web.reading import read
from app.web.sessions import Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
PER_PAGE = 7
MOST_PAGES = 70
LONGEST_QUERY = 200
HELPED_ADDRESS = Limit("helped", 30, 3600)
_Uuid = r"^$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_TONES = ("", "c2", "c3", "c4")
_SHAPES = {
    "housing": "home", "work": "work", "papers": "paper", "health": "heart", "talk": "chat", "money": "coins", "learning": "learn",
    "children": "child", "business": "shop", "pensions": "umbrella", "safety": "shield", "food": "bowl",
}  # fmt: skip
WHY = {
    Why.FULL: N_("No room, or too long a wait"), Why.NOT_FOR_ME: N_("It was not for people like me"),
    Why.CLOSED: N_("It was closed"),
    Why.MOVED: N_("It has moved"), Why.UNFRIENDLY: N_("People were not friendly"), Why.MONEY: N_("They asked for money"),
    Why.OTHER: N_("Something else"),
}  # fmt: skip
PageNumber = Annotated[int, Query(alias="page", ge=1, le=MOST_PAGES)]
Only = Annotated[Sequence[Annotated[str, Field(pattern=choosing.PATTERN)]], Query(max_length=len(choosing.CHOICES))]


class Asked:
    """What somebody looks for: need, place, words, language, what it must be (``only``), and whether distances are wanted."""

    def __init__(self, need: str, area: str, q: str, language: str, near: str, view: str, only: list[str]) -> None:
        self.need, self.area, self.q, self.language, self.near, self.view = need, area, " ".join(q.split()), language, near, view
        self.only = choosing.in_order(only)

    @property
    def anything(self) -> bool:
        """Say whether something is looked for."""
        return bool(self.need or self.area or self.q or self.language or self.only)

    def query(self, **changes: Any) -> str:
        """Return the address's query with changes; what is empty is left out."""
        values = {
            "need": self.need, "area": self.area, "q": self.q, "language": self.language, "near": self.near, "view": self.view,
            "only": self.only, **changes,
        }  # fmt: skip
        return service_view.query(values)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return what a form carries along of it, besides the words."""
        single = (("need", self.need), ("area", self.area), ("language", self.language), ("near", self.near))
        return [*((name, value) for name, value in single if value), *(("only", key) for key in self.only)]

    @property
    def tokens(self) -> list[str]:
        """Return the filters of the search."""
        pairs = (("need", self.need), ("area", "" if self.near else self.area), ("lang", self.language))
        return [*(f"{name}:{value}" for name, value in pairs if value), *choosing.tokens(self.only, now())]


async def asked_for(  # async: a plain function or class would run in a thread
    need: Annotated[str, Query(pattern="^[a-z_]{0,20}$")] = "", area: Annotated[str, Query(pattern=_Uuid)] = "", q: str = "",
    language: Annotated[str, Query(pattern="^$|^[a-z]{2,3}$")] = "", near: Annotated[str, Query(pattern="^1?$")] = "",
    view: Annotated[str, Query(pattern="^(map)?$")] = "", only: Only = (),
) -> Asked:  # fmt: skip
    """Return what the address asks for."""
    return Asked(need, area, q, language, near, view, list(only))


@router.get("/help", name="help")
async def find_help(
    request: Request, page: Pages, _actor: Someone, asked: Annotated[Asked, Depends(asked_for)], number: PageNumber = 1
) -> Response:
    """Show the needs, or what was found for a need, a place, words."""
    needs = {need.id: need for need in all_needs()}
    if asked.need and asked.need not in needs:
        raise NotFound(_("This page is not here."))
    tiles = [
        (_(need.label), f"/help?need={key}", _SHAPES.get(key, "cups"), _TONES[n % 4]) for n, (key, need) in enumerate(needs.items())
    ]
    too_long = len(asked.q) > LONGEST_QUERY
    if not asked.anything or too_long:
        return page("help/start.html", here="help", tiles=tiles, asked=asked, too_long=too_long, status=422 if too_long else 200)
    place = await read(request, queries.area, UUID(asked.area)) if asked.area else None
    if asked.area and place is None:
        raise NotFound(_("This page is not here."))
    found = await read(request, _find, asked, _point(place) if asked.near else None, number, house(request).searches)
    if number > 1 and not found.rows:
        raise NotFound(_("This page is not here."))
    numbered = asked.view == "map"
    cards = [shown.card(hit, now(), n if numbered else 0) for n, hit in enumerate(found.rows, 1)]
    drawn = await _map(request, found, place) if numbered else None
    return page(
        "help/results.html", fragment="help/_results.html", here="help", asked=asked, cards=cards, found=found, number=number,
        need=_(needs[asked.need].label) if asked.need else "", place=_place_names(place), sketch=drawn, tiles=tiles,
        chosen=[(_(choosing.CHOICES[key]), [other for other in asked.only if other != key]) for key in asked.only],
    )  # fmt: skip


def _find(
    connection: Any, asked: Asked, near: tuple[float, float] | None, number: int, searches: Remembered[search.Ranked]
) -> search.Found:  # fmt: skip
    prefer = list(dict.fromkeys((i18n.current(), "en")))
    return search.find(
        connection, kind="service", text=asked.q, tokens=asked.tokens, prefer=prefer, limit=PER_PAGE,
        offset=(number - 1) * PER_PAGE, near=near, remembered=searches, version=versions.one(connection, versions.DIRECTORY),
        keep=choosing.keep(asked.only, now()),
    )  # fmt: skip


def _point(place: Any) -> tuple[float, float] | None:
    return (place.lat, place.lon) if place is not None and place.lat is not None else None


def _place_names(place: Any) -> list[tuple[str, str]]:
    """Return (id, name) of the place and what it lies in, the smallest first."""
    if place is None:
        return []
    rows = [(place.id, place.name, place.names), (place.up_id, place.up_name, place.up_names),
            (place.top_id, place.top_name, place.top_names)]  # fmt: skip
    return [(str(key), name_in({"name": name, "names": names}, i18n.current())) for key, name, names in rows if key]


async def _map(request: Request, found: search.Found, place: Any) -> Sketch | None:
    points = [
        ((lat, lon), hit.shown["name"], n) for n, hit in enumerate(found.rows, 1) for lat, lon in hit.shown.get("points", [])[:1]
    ]
    if not points:
        return None
    towns = await read(request, queries.towns_around, points[0][0], house(request).towns)
    return sketch(points, service_view.towns(towns))


@router.get("/help/places", name="help_places")
async def choose_place(
    request: Request, page: Pages, _actor: Someone, asked: Annotated[Asked, Depends(asked_for)],
    named: Annotated[str, Query(max_length=60)] = "",
) -> Response:  # fmt: skip
    """Choose a place: countries, then what lies in them, or by the beginning of a name."""
    place = await read(request, queries.area, UUID(asked.area)) if asked.area else None
    if asked.area and place is None:
        raise NotFound(_("This page is not here."))
    rows = await read(request, queries.places, place.id if place is not None else None, named)
    listed = [(str(row.id), name_in({"name": row.name, "names": row.names}, i18n.current()), row.kind == "town") for row in rows]
    allowed = {"Permissions-Policy": permissions("geolocation")} if place is None else None  # "near where I am" stands there only
    return page("help/places.html", here="help", asked=asked, place=_place_names(place), listed=listed, named=named,
                centre=_point(place) is not None, headers=allowed)  # fmt: skip


@router.get("/help/{ref}", name="service")
async def show_service(request: Request, page: Pages, _actor: Someone, ref: Ref) -> Response:
    """Show one service."""
    rows = await read(request, queries.service, ref, i18n.current(), house(request).towns)
    if rows is None:
        raise NotFound(_("This page is not here."))
    if rows.service.merged_into is not None:
        return page.go("service", ref=await read(request, queries.ref_of_standing, rows.service.id))
    if rows.service.defunct_on is not None:
        raise Gone(_("This service does not exist any more."))
    return page("help/show.html", here="help", service=service_view.view(rows, now()), noindex=rows.service.protected)


def _one_of_few(request: Request) -> None:
    spend(request, HELPED_ADDRESS)


@router.get("/help/{ref}/helped", name="helped")
def ask_why(db: ReadDb, page: Pages, ref: Ref, helped: Annotated[str, Query(pattern="^(partly|no)$")]) -> Response:
    """Ask why it did not help."""
    service = actions.get(db, ref)
    return page("help/helped.html", here="help", service=service, form=filled(helped=helped), why=_reasons())


def _reasons() -> list[tuple[str, str]]:
    return [(why.value, _(words)) for why, words in WHY.items()]


@router.post("/help/{ref}/helped", name="say_helped", dependencies=[Depends(_one_of_few)])
def say_helped(db: Db, page: Pages, ref: Ref, form: Annotated[Form[Helped], form_of(Helped)]) -> Response:
    """Keep whether it helped; "no" and "partly" are asked why first."""
    service = actions.get(db, ref)
    if form.data is None:
        return page("help/helped.html", here="help", service=service, form=form, why=_reasons(), status=422)
    if form.data.helped != Outcome.YES and not form.data.told:
        return page.go("helped", ref=ref, query=f"helped={form.data.helped}")
    actions.say_helped(db, service, form.data.helped, form.data.why)
    return page.go("service", ref=ref, say=_("Thank you. This helps the next person."))
