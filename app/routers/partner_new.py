"""Publish one service by hand: first what is here already, then join, send people there, or say what is different."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.directory import shown
from app.domain.directory.for_whom import OPEN_TO
from app.domain.directory.needs import all_needs, needs_for
from app.domain.partners import publishing, queries
from app.domain.partners.placing import feed_of
from app.domain.search.queries import Hit
from app.models.partners import Partner, RecordState
from app.routers.partner_page import mine
from app.routers.partner_sheet import limited
from app.schemas.partners import NewListing
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/partner")


@router.get("/new", name="partner_new")
def ask(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask what is offered."""
    return _page(page, filled(language=feed_of(db, mine(db, actor)).language), [], 200)


def _page(page: Page, form: Form[Any], found: list[Hit], status: int = 422) -> Response:
    return page("partner/new.html", here="me", status=status, form=form, **offered(found))


def offered(found: list[Hit]) -> dict[str, Any]:
    """Return what the form shows beside the fields: what is here already, needs and for whom."""
    return {
        "cards": [shown.card(hit, now()) for hit in found], "needs": [(need.id, _(need.label)) for need in all_needs()],
        "open_to": [(key, _(label)) for key, label in OPEN_TO.items()],
    }  # fmt: skip


@router.post("/new", name="partner_publish", dependencies=[Depends(limited)])
def publish(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[NewListing], form_of(NewListing)]) -> Response:
    """Publish a service; where something like it is here, only with what is different."""
    partner = mine(db, actor)
    if form.data is None:
        return _page(page, form, [])
    feed = feed_of(db, partner)
    found = queries.looked_at(db.connection(), feed.country, feed.id, wish_of(form.data))
    if found and form.data.do == "look":
        return _page(page, form, found, 200)
    try:
        return page.go("partner", say=answered(db, actor, partner, form.data, found))
    except (Invalid, Conflict) as problem:
        return _page(page, form.refuse(in_form(problem)), found)


def in_form(problem: Invalid | Conflict) -> Invalid:
    """Return what is said at the field it is about."""
    return problem if isinstance(problem, Invalid) else Invalid("different", problem.sentence)


def needed(wish: NewListing) -> None:
    """Raise Invalid where neither a choice nor the words say what it helps with."""
    if not wish_of(wish)["needs"]:
        raise Invalid("needs", _("Choose what it helps with. Without it nobody can see whether something like it is here."))


def wish_of(sent: NewListing) -> dict[str, Any]:
    """Return the fields, with the needs that the words speak of where none was chosen."""
    return {**sent.model_dump(), "needs": sent.needs or needs_for(f"{sent.name} {sent.description}")}


def answered(db: Session, actor: Actor, partner: Partner, wish: NewListing, found: list[Hit]) -> str:
    """Do what was chosen, and return what is said of it."""
    if found and wish.do != "publish":
        publishing.help_there(db, actor, partner, wish.do, found)
        return _("Good. Nothing was published a second time.")
    if wish.do in ("join", "refer"):
        raise Invalid("", _("What was shown is not here any more. Look at it once more before you publish."))
    needed(wish)
    record = publishing.publish(db, actor, partner, wish.model_dump(), found, wish.different)
    waits = record.state == RecordState.WAITING
    return _("Sent. A coordinator looks at it first.") if waits else _("Published: %(name)s", name=record.name)
