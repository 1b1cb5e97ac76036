"""Who runs this, the rules, what is kept and what could be handed over."""

from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Path, Request
from starlette.responses import JSONResponse, Response

from app.core import i18n
from app.core.errors import NotFound
from app.core.i18n import _, day_words
from app.domain.moderation import log
from app.domain.moderation import rules as moderation
from app.domain.network import history, texts
from app.models.moderation import Outcome
from app.web.house import house
from app.web.sessions import Someone
from app.web.transactions import Pages, ReadDb

router = APIRouter()
Version = Annotated[int, Path(ge=0, le=10**9)]


@router.get("/about")
async def about(request: Request, page: Pages, _actor: Someone) -> Response:
    """Show who runs this network and what it promises."""
    settings = house(request).settings
    told = texts.about(settings.data_dir, i18n.current(), settings.site_name)
    return page("about/about.html", about=told, contact=settings.contact)


@router.get("/rules")
async def rules(request: Request, page: Pages, _actor: Someone) -> Response:
    """Show the numbered rules of the network."""
    folder = house(request).settings.data_dir
    title, intro, version = texts.rules_intro(folder, i18n.current())
    return page(
        "about/rules.html", title=title, intro=intro, version=version, rules=texts.rules(folder, i18n.current()),
        appeal_days=house(request).settings.appeal_days, misuse=moderation.MISUSE, stopped=moderation.STOPPED_DAYS,
    )  # fmt: skip


@router.get("/rules.json", name="rules_json")
async def rules_json(request: Request, _actor: Someone) -> Response:
    """Show the rules and how decisions are made to programs (Art. 14 DSA)."""
    settings = house(request).settings
    handling = _handling(settings.appeal_days)
    return JSONResponse({**texts.for_machines(settings.data_dir), "decisions": handling, "contact": settings.contact})


def _handling(appeal_days: int) -> dict[str, Any]:
    """Return how decisions are made, by whom, for how long, and what takes two people."""
    return {
        "decided_by": "people", "automated_means": "hints, holds, and hiding until a person decides; never a decision",
        "appeal_days": appeal_days,
        "appeals_decided_by": "another person", "misuse_days": moderation.MISUSE.days,
        "misuse_stopped_days": moderation.STOPPED_DAYS,
        "hides_for_days": moderation.LENGTHS, "removed_is_deleted_after_days": appeal_days + 1,
        "account_measures": [one.value for one in (*moderation.LIMITS, Outcome.CLOSE)], "account_limits_days": moderation.LENGTHS,
        "one_person_stops_an_account_for_days": moderation.ALONE_DAYS, "counted_within_days": moderation.COUNTED_DAYS,
        "take_two_people": [
            "close", "suspend for longer", "limit somebody with a role", "end a complaint about danger", "keep evidence",
        ],
    }  # fmt: skip


@router.get("/rules/decisions", name="rules_decisions")
def decisions(request: Request, db: ReadDb, page: Pages, _actor: Someone) -> Response:
    """Show what was decided about public stories in the quarters that are over, as counts, without people."""
    threshold = house(request).settings.disclosure_threshold
    return page("about/decisions.html", quarters=log.quarters(db, threshold), threshold=threshold)


@router.get("/rules/history", name="rules_history")
def rules_history(db: ReadDb, page: Pages, _actor: Someone) -> Response:
    """Show which versions of the rules there were, and since when."""
    return page("about/rules_history.html", versions=[(version, day_words(from_on)) for version, from_on in history.known(db)])


@router.get("/rules/{version}.json", name="rules_version_json")
def rules_version_json(db: ReadDb, version: Version, _actor: Someone) -> Response:
    """Show a version of the rules to programs."""
    return JSONResponse({"version": version, "texts": history.for_machines(db, version) or _gone()})


@router.get("/rules/{version}", name="rules_version")
def rules_version(db: ReadDb, page: Pages, version: Version, _actor: Someone) -> Response:
    """Show the rules as they stood in a version."""
    shown = history.editions(db, version, i18n.current()) or _gone()
    return page("about/rules_version.html", version=version, editions=[(one, day_words(one.from_on)) for one in shown])


def _gone() -> NoReturn:
    raise NotFound(_("This page is not here."))


@router.get("/privacy")
async def privacy(request: Request, page: Pages, _actor: Someone) -> Response:
    """Show what is kept, for how long, and what we could be made to hand over."""
    return page("about/privacy.html", contact=house(request).settings.contact)


@router.get("/about/components")
async def components(request: Request, page: Pages, _actor: Someone) -> Response:
    """Show every component at once; only while developing."""
    if house(request).settings.mode != "development":
        raise NotFound(_("This page is not here."))
    return page("components/living.html", headers={"Cache-Control": "no-store"})
