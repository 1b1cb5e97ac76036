"""Groups: finding one, what it says about itself, its topics for those inside, starting one from a template."""

from functools import partial
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Request
from sqlmodel import Session, select
from starlette.responses import Response

from app.core import i18n, languages
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.groups import founding, queries, reading, rules, shelf, shown
from app.domain.groups.rules import Seat
from app.domain.groups.wording import AXES, OPEN_TO, POLICIES, ROLES, SCALE, STEPS, TEMPLATES, THEMES, VISIBILITIES
from app.domain.money.currencies import written
from app.domain.money.queries import totals
from app.domain.money.rules import may_read_money
from app.domain.search.asked import Asked
from app.models.groups import GroupRole, GroupState, JoinPolicy, Visibility
from app.models.places import Area
from app.schemas.groups import StartGroup
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.keeping import Keeper, Mark
from app.web.limits import WRITE_MEMBER, spend
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn, Someone, member_key
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
PER_PAGE = 20
LONGEST_QUERY = 200
_Uuid = r"^$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_shelves = Keeper[shelf.Shelf]()


def _count(request: Request, actor: SignedIn) -> None:
    """Count one change of this member, before the transaction begins."""
    spend(request, WRITE_MEMBER, member_key(actor))


Counted = Depends(_count)


async def the_shelf(request: Request) -> shelf.Shelf:
    """Return the listed groups in the order of the day; made anew, in a thread, when the day or the version moved."""
    home = house(request)

    async def mark() -> Mark:
        return now().date(), await read(request, versions.one, versions.GROUPS)

    return await _shelves.of(home.database, mark, partial(_build, home.database, home.settings.secret))


def _build(database: Database, secret: bytes, mark: Mark) -> shelf.Shelf:
    with database.hot() as connection:
        return shelf.build(connection, mark[0], secret)


async def asked_for(  # async: a plain function would run in a thread
    q: str = "", area: Annotated[str, Query(pattern=_Uuid)] = "",
    language: Annotated[str, Query(pattern=r"^$|^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = "",
    theme: Annotated[str, Query(pattern=r"^[a-z_]{0,30}$")] = "",
) -> Asked:  # fmt: skip
    """Return what the address asks for."""
    return Asked(" ".join(q[:LONGEST_QUERY].split()), area, language, theme)


@router.get("/groups", name="groups")
async def list_groups(
    request: Request, actor: Someone, page: Pages, asked: Annotated[Asked, Depends(asked_for)],
    number: Annotated[int, Query(alias="page", ge=1, le=1_000)] = 1,
) -> Response:  # fmt: skip
    """Show the groups that everybody may find, 20 a page; above them those that the reader belongs to."""
    today = await the_shelf(request)
    found, first = today.chosen(asked), (number - 1) * PER_PAGE
    if number > 1 and first >= len(found):
        raise NotFound
    mine, waits = await read(request, reading.mine, actor.me) if actor.let_in else ([], [])
    cards = [shown.facts(g) | {"size_text": shown.size_text(g.large)} for g in found[first : first + PER_PAGE]]
    return page(
        "groups/list.html", fragment="groups/_list.html", here="groups", cards=cards, mine=mine, waits=waits, asked=asked,
        number=number, more=len(found) > first + PER_PAGE, choices=_choices(today),
    )  # fmt: skip


def _choices(today: shelf.Shelf) -> dict[str, list[tuple[str, str]]]:
    return {
        "area": sorted(((key, shown.area_name(name, names)) for key, name, names in today.places), key=lambda c: c[1]),
        "language": [(code, i18n.language_name(code)) for code in today.languages],
        "theme": [(t, _(THEMES[t])) for t in today.themes if t in THEMES],
    }


@router.get("/groups/new", name="group_new")
def new(
    db: ReadDb, actor: SignedIn, page: Pages, template: Annotated[str, Query(pattern=r"^[a-z]{0,20}$")] = ""
) -> Response:  # fmt: skip
    """Choose a template, or write with one."""
    require(rules.may_start(actor, queries.organised(db, actor.me)))
    if template not in TEMPLATES:
        return page("groups/templates.html", here="groups", templates=TEMPLATES)
    begun = TEMPLATES[template]
    form = filled(
        template=template, name="", purpose=_(begun.purpose) if begun.purpose else "", language=i18n.current(),
        rules=_(begun.rules) if begun.rules else "", agenda=_(begun.agenda) if begun.agenda else "", themes=list(begun.themes),
        open_to=list(begun.open_to), women_only="1" if begun.women_only else "", visibility=begun.visibility.value,
        join_policy=begun.join_policy.value, question=_("What would you like to find here?"),
    )  # fmt: skip
    return _new_page(db, page, form)


def _new_page(db: Session, page: Page, form: Form[Any], status: int = 200) -> Response:
    begun = TEMPLATES.get(str(form.values.get("template", "")), TEMPLATES["empty"])
    return page("groups/new.html", here="groups", status=status, form=form, begun=begun, **describing(db))


def describing(db: Session) -> dict[str, Any]:
    """Return what the form of a group lets one choose from."""
    areas = sorted((shown.area_name(a.name, a.names), str(a.id)) for a in db.exec(select(Area).limit(3_000)))
    return {
        "areas": [("", _("Nowhere in particular")), *((key, name) for name, key in areas)],
        "languages_known": [(code, i18n.language_name(code)) for code in dict.fromkeys((i18n.current(), *languages.OFFERED))],
        "themes": [(key, _(name)) for key, name in THEMES.items()], "open_to": [(key, _(name)) for key, name in OPEN_TO.items()],
        "visibilities": [(key.value, _(name), _(about) if about else "") for key, (name, about) in VISIBILITIES.items()],
        "policies": [(key.value, _(name), _(about) if about else "") for key, (name, about) in POLICIES.items()], **axes(),
    }  # fmt: skip


def axes() -> dict[str, Any]:
    """Return the four axes with the steps of each, in words."""
    found = []
    for axis in AXES:
        ends = {"1": axis.low, "2": axis.low, "4": axis.high, "5": axis.high}
        steps = [(step, _(STEPS[step], end=_(ends[step])) if step in ends else _(STEPS[step])) for step in SCALE]
        found.append((axis.key, _(axis.asked), steps))
    return {"axes": found}


@router.post("/groups", name="group_start", dependencies=[Counted])
def start(db: Db, actor: SignedIn, page: Pages, form: Annotated[Form[StartGroup], form_of(StartGroup)]) -> Response:
    """Start a group."""
    if form.data is None:
        return _new_page(db, page, form, 422)
    try:
        group = founding.start(db, actor, form.data)
    except Invalid as problem:
        return _new_page(db, page, form.refuse(problem), 422)
    return page.go(
        "group", ref=group.ref, say=_("Your group is there. Bring the first people: under Care you make codes for them.")
    )


def _seen(actor: Actor, row: Any) -> Any:
    if row is None or not rules.sees(actor, row.visibility, reading.seat_of(row), row.state):
        raise queries.not_here()
    return row


def _state(row: Any) -> str:
    """Return how a group stands for those inside it."""
    return "asleep" if row.asleep and row.state == GroupState.WAITS else str(row.state.value)


@router.get("/g/{ref}", name="group")
async def show_group(
    request: Request, ref: Ref, actor: Someone, page: Pages, before: Annotated[str, Query(pattern=f"^$|^{REF.pattern}$")] = ""
) -> Response:
    """Show the topics to those inside, and what the group says about itself to everybody else who may see it."""
    row = await read(request, reading.group, ref, actor.member_id)
    if row is not None and rules.may_only_leave(actor, row.state, Seat(row.role, row.role_until)):
        return page("groups/closed.html", here="groups", ref=ref)
    row = _seen(actor, row)
    if not rules.reads(actor, reading.seat_of(row)):
        return await _about(request, page, actor, row)
    topics = await read(request, reading.topics, row.id, actor.me, before)
    return page(
        "groups/show.html", here="groups", group=shown.facts(row), size_text=shown.size_text(row.members >= shelf.MANY),
        before=before, topics=[shown.topic_row(t) for t in topics[: reading.PER_PAGE]], more=len(topics) > reading.PER_PAGE,
        organises=row.role == GroupRole.ORGANISER, state=_state(row), bound=row.template == rules.BOUND,
    )  # fmt: skip


@router.get("/g/{ref}/about", name="group_about")
async def about_group(request: Request, ref: Ref, actor: Someone, page: Pages) -> Response:
    """Show what a group says about itself, its rules and whom one turns to."""
    row = await read(request, reading.group, ref, actor.member_id)
    return await _about(request, page, actor, _seen(actor, row))


async def _about(request: Request, page: Page, actor: Actor, row: Any) -> Response:
    seat = reading.seat_of(row)
    money = may_read_money(actor, row.visibility, row.state, seat)
    kinds, holders, sums = await anyio.to_thread.run_sync(_more_about, house(request).database, row.id, money)
    inside = rules.reads(actor, seat)
    # An unlisted group moves no version of guests' pages: that would tell that it is there. So its page is made anew each time.
    headers = {} if row.visibility == Visibility.LISTED else {"Cache-Control": "no-store"}
    return page(
        "groups/about.html", headers=headers, here="groups", group=shown.facts(row), money=money,
        sums=[written(total, code) for code, total in sums],
        size_text=shown.size_text(row.members >= shelf.MANY),
        rules_text=row.rules, agenda=row.agenda, inside=inside, typology=shown.typology(kinds[0]) if kinds else [],
        looked=shown.day_text(kinds[0].on, i18n.current()) if kinds else "", funded_by=kinds[0].funded_by if kinds else "",
        history=[(shown.day_text(k.on, i18n.current()), shown.typology(k)) for k in kinds[1:]],
        holders=[(h.name, _(ROLES[h.role])) for h in holders] if inside else [],
        asked=row.asked and row.visibility == Visibility.LISTED and row.state == GroupState.SHOWN,
        meets=inside or row.visibility == Visibility.LISTED,
        invite=row.join_policy == JoinPolicy.INVITE, flag=row.state == GroupState.SHOWN and not seat.organises(now().date()),
        old=bool(kinds) and (now().date() - kinds[0].on).days > rules.TERM_DAYS,
    )  # fmt: skip


def _more_about(database: Database, group_id: Any, money: bool) -> tuple[list[Any], Any, list[tuple[str, int]]]:
    with database.reading() as db:
        sums = totals(db.connection(), group_id) if money else []
        return queries.typologies(db, group_id), queries.roles(db, group_id), sums
