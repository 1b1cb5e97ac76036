"""What a group offers: its organisers publish services by the same form as partners, confirm, change and take them out."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.directory import care_words
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.domain.partners import listings, of_groups, publishing, queries, rules
from app.domain.partners.typed import to_fill
from app.domain.search.queries import Hit
from app.models.groups import Group
from app.models.partners import Partner, PartnerRecord, RecordState
from app.routers import partner_page as own
from app.routers.groups import Counted, Ref
from app.routers.partner_new import answered, in_form, needed, offered, wish_of
from app.schemas.accounts import Chosen
from app.schemas.directory import DecideSuggestion
from app.schemas.partners import ChangeListing, NameGroup, NewListing
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/g/{ref}/services")
Listing = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
ChosenForm = Annotated[Form[Chosen], form_of(Chosen)]


@router.get("", name="group_services")
def show(
    ref: Ref, db: ReadDb, page: Pages, actor: SignedIn, view: own.View = "confirm",
    after: Annotated[str, Query(max_length=40)] = "",
) -> Response:  # fmt: skip
    """Show the group's services that stand in one way, to its organisers."""
    group, seat = groups.cared_for(db, actor, ref)
    verdict = rules.may_offer(actor, seat, group.state, now().date())
    return page(
        "groups/services.html", here="groups", group=group, verdict=verdict, view=view, heading=_(own.VIEWS[view][0]),
        nameable=of_groups.found_by_all(group), **_listed(db, of_groups.of(db, group), view, after),
    )  # fmt: skip


def _listed(db: Session, partner: Partner | None, view: str, after: str) -> dict[str, Any]:
    if partner is None:
        return {"named": False, "views": [], "listed": [], "following": ""}
    today = now().date()
    rows = queries.listed(db.connection(), partner.id, today, own.AT_ONCE, own.position(after), *own.VIEWS[view][1])
    return {
        "named": partner.named, "views": own.views(queries.counts(db.connection(), partner.id, today), view),
        "listed": own.cards(db, partner, rows[: own.AT_ONCE]), "following": own.following(rows),
    }  # fmt: skip


@router.get("/new", name="group_service_new")
def ask(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Ask what is offered."""
    group, seat = groups.cared_for(db, actor, ref)
    of_groups.require_offer(actor, group, seat)
    return _page(page, group, filled(language=group.language), [], 200)


def _page(
    page: Page, group: Group, form: Form[Any], found: list[Hit], status: int = 422, seen: str = "", at: str = "new"
) -> Response:
    return page(
        "groups/service.html", here="groups", status=status, group=group, form=form, seen=seen, at=at, **offered(found)
    )  # fmt: skip


@router.post("/new", name="group_publish", dependencies=[Counted])
def publish(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[NewListing], form_of(NewListing)]) -> Response:
    """Publish a service; where something like it is here, only with what is different."""
    group, seat = groups.cared_for(db, actor, ref)
    of_groups.require_offer(actor, group, seat)
    if form.data is None:
        return _page(page, group, form, [])
    found = _looked_at(db, group, form.data)
    if found and form.data.do == "look":
        return _page(page, group, form, found, 200)
    try:
        said = answered(db, actor, of_groups.begin_for(db, group), form.data.model_copy(update={"id": ""}), found)
    except (Invalid, Conflict) as problem:
        return _page(page, group, form.refuse(in_form(problem)), found)
    return page.go("group_services", ref=ref, say=said)


def _looked_at(db: Session, group: Group, wish: NewListing) -> list[Hit]:
    partner = of_groups.of(db, group)
    return queries.looked_at(db.connection(), of_groups.home(db, group), partner.feed_id if partner else None, wish_of(wish))


@router.post("/named", name="group_named", dependencies=[Counted])
def name(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[NameGroup], form_of(NameGroup)]) -> Response:
    """Say whether the group is named as who offers its services."""
    group, seat = groups.cared_for(db, actor, ref)
    if form.data is None:
        raise NotFound
    of_groups.name(db, actor, group, seat, form.data.named == "yes")
    return page.go("group_services", ref=ref, say=_("Kept."))


def _mine(db: Session, actor: Actor, ref: str) -> tuple[Group, Seat, Partner]:
    """Return a group and what it keeps its listings with. Raises NotFound where it never offered anything."""
    group, seat = groups.cared_for(db, actor, ref)
    partner = of_groups.of(db, group)
    if partner is None:
        raise groups.not_here()
    return group, seat, partner


@router.post("/confirm", name="group_confirm", dependencies=[Counted])
def confirm(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: ChosenForm) -> Response:
    """Confirm a service: one tap."""
    _group, _seat, partner = _mine(db, actor, ref)
    record = own.chosen(db, partner, form)
    listings.confirm_by_hand(db, actor, partner, record)
    return page.go("group_services", ref=ref, say=_("Confirmed today: %(name)s", name=record.name))


@router.post("/take-out", name="group_take_out", dependencies=[Counted])
def take_out(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: ChosenForm) -> Response:
    """Take a service out, also one that waits."""
    _group, _seat, partner = _mine(db, actor, ref)
    record = own.chosen(db, partner, form)
    listings.withdraw_by_hand(db, actor, partner, record)
    return page.go("group_services", ref=ref, say=_("Taken out of the list: %(name)s", name=record.name))


@router.post("/suggestions", name="group_suggestion", dependencies=[Counted])
def decide_suggestion(
    ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[DecideSuggestion], form_of(DecideSuggestion)]
) -> Response:  # fmt: skip
    """Take a correction that a member suggested, or not."""
    _group, _seat, partner = _mine(db, actor, ref)
    if form.data is None or form.data.do == "later":
        raise Invalid("do", _("Choose one of these."))
    listings.decide_suggestion(db, actor, partner, form.data.id, form.data.do == "accept", form.data.seen)
    return page.go("group_services", ref=ref, query="view=suggested", say=care_words.decided(form.data.do))


def _record(db: Session, partner: Partner, listing: str) -> PartnerRecord:
    record = listings.get(db, partner, "service", listing)
    if record.state == RecordState.WITHDRAWN:
        raise groups.not_here()
    return record


@router.get("/{listing}", name="group_service")
def edit(ref: Ref, listing: Listing, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show a service of the group as it was written last, to change it."""
    group, seat, partner = _mine(db, actor, ref)
    of_groups.require_offer(actor, group, seat)
    record = _record(db, partner, listing)
    return _page(page, group, filled(**to_fill(record.content)), [], 200, record.content_hash, listing)


@router.post("/{listing}", name="group_change_service", dependencies=[Counted])
def change(
    ref: Ref, listing: Listing, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ChangeListing], form_of(ChangeListing)]
) -> Response:  # fmt: skip
    """Write a service anew; where it helps others or elsewhere by now, what is here already is looked at again."""
    group, _seat, partner = _mine(db, actor, ref)
    record = _record(db, partner, listing)
    seen = str(form.values.get("seen", ""))
    if form.data is None:
        return _page(page, group, form, [], 422, seen, listing)
    found = _looked_at(db, group, form.data) if publishing.helps_otherwise(record, wish_of(form.data)) else None
    status = 200 if found and form.data.do == "look" else _not_changed(db, actor, partner, record, form, found)
    if status:
        return _page(page, group, form, found or [], status, record.content_hash if status == 409 else seen, listing)
    waits = record.state == RecordState.WAITING
    said = _("Sent. A coordinator looks at it first.") if waits else _("Kept.")
    return page.go("group_services", ref=ref, query=f"view={'waiting' if waits else 'fresh'}", say=said)


def _not_changed(
    db: Session, actor: Actor, partner: Partner, record: PartnerRecord, form: Form[ChangeListing], found: list[Hit] | None
) -> int:  # fmt: skip
    """Write it anew; return the status of a page that shows the form again, 0 when all is well."""
    wish = form.data
    if wish is None:
        return 422
    try:
        needed(wish)
        publishing.change(db, actor, partner, record, wish.model_dump(), found, wish.different, wish.seen)
    except publishing.ChangedMeanwhile as problem:
        form.refuse(Invalid("", problem.sentence))
        return 409
    except (Invalid, Conflict) as problem:
        form.refuse(in_form(problem))
        return 422
    return 0
