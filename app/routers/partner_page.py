"""A partner's own page: its listings and where they stand, one tap to confirm, keys, what is agreed."""

import base64
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.settings import current
from app.domain.actor import Actor
from app.domain.directory import care_words, correcting, shown
from app.domain.partners import listings, people, queries, reported, rules, telling
from app.models.partners import Partner, PartnerRecord
from app.routers.help import WHY
from app.routers.partners import key_cards, scope_options
from app.schemas.accounts import Chosen
from app.schemas.directory import DecideSuggestion
from app.schemas.partners import MakeKey
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Proven, SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/partner")
AT_ONCE = 10
View = Literal["confirm", "reported", "suggested", "waiting", "declined", "fresh", "gone"]
VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "confirm": (N_("To confirm"), ("due", "old", "never")), "reported": (N_("Reported wrong"), ("reported",)),
    "suggested": (N_("Corrections suggested"), ("suggested",)),
    "waiting": (N_("Wait for a coordinator"), ("waiting",)), "declined": (N_("Not let in"), ("declined",)),
    "fresh": (N_("Fresh"), ("fresh",)), "gone": (N_("Taken out"), ("defunct",)),
}  # fmt: skip


def mine(db: Session, actor: Actor) -> Partner:
    """Return the partner that the member looks after; for everybody else the page does not exist."""
    partner = queries.partner_of(db, actor.member_id) if actor.active else None
    if partner is None:
        raise NotFound(_("This page is not here."))
    return partner


@router.get("", name="partner")
def show(
    db: ReadDb, page: Pages, actor: SignedIn, view: View = "confirm", after: Annotated[str, Query(max_length=40)] = ""
) -> Response:  # fmt: skip
    """Show the partner's listings that stand in one way."""
    partner, today = mine(db, actor), now().date()
    rows = queries.listed(db.connection(), partner.id, today, AT_ONCE, position(after), *VIEWS[view][1])
    agreement = queries.agreement(db, partner.id)
    return page(
        "partner/show.html", here="me", partner=partner, view=view,
        views=views(queries.counts(db.connection(), partner.id, today), view),
        listed=cards(db, partner, rows[:AT_ONCE]),
        following=following(rows), day=day,
        referrals=rules.may_receive_referrals(today, agreement.review_on if agreement else None), heading=_(VIEWS[view][0]),
    )  # fmt: skip


def views(counts: dict[str, int], now_shown: str) -> list[tuple[str, str, int]]:
    """Return the views that hold something, the one that is shown, and always what has to be done."""
    found = [(key, _(words), sum(counts[state] for state in states)) for key, (words, states) in VIEWS.items()]
    return [one for one in found if one[2] or one[0] in ("confirm", now_shown)]


def cards(db: Session, partner: Partner, rows: list[Any]) -> list[dict[str, Any]]:
    """Return what is shown of listings, with what was said of them and what members suggest."""
    ids = [row.object_id for row in rows]
    said = reported.reported(db.connection(), ids, current().disclosure_threshold)
    wished = queries.suggested(db, partner.id, ids)
    stands = correcting.as_they_stand(db, wished) if wished else {}
    return [_card(row, said.get(row.object_id, []), wished.get(row.object_id, []), stands) for row in rows]


def _card(row: Any, said: list[str], wished: list[Any], stands: dict[UUID, dict[str, str]]) -> dict[str, Any]:
    today = now().date()
    state = telling.state_of_record(row, today)
    live = state in ("fresh", "due", "old", "never")
    words = shown.freshness(row.verified_on, row.verify_due, row.sent_at.date(), today)[1] if live else ""
    return {
        "id": row.id, "name": row.name, "ref": row.ref if live else "", "state": state if live else "", "words": words,
        "reported": [_(WHY[why]) for why in WHY if why.value in said], "wrong": reported.wrong(said),
        "suggestions": care_words.suggestions(wished, stands[row.object_id]) if live and row.object_id in stands else [],
        "reason": row.reason if state == "declined" else "",
        "kept": bool(live and row.corrected), "foreign_id": row.foreign_id, "gone": state == "defunct",
    }  # fmt: skip


def position(after: str) -> UUID | None:
    """Return where a page begins. Raises NotFound for what is no such place."""
    try:
        return UUID(bytes=base64.urlsafe_b64decode(after)) if after else None
    except ValueError:
        raise NotFound(_("This page is not here.")) from None


def following(rows: list[Any]) -> str:
    """Return where the next page begins, "" where there is none."""
    return base64.urlsafe_b64encode(rows[AT_ONCE - 1].id.bytes).decode() if len(rows) > AT_ONCE else ""


def chosen(db: Session, partner: Partner, form: Form[Chosen]) -> PartnerRecord:
    """Return the listing that was tapped. Raises NotFound, the same for that of somebody else."""
    record = db.get(PartnerRecord, form.data.id) if form.data else None
    if record is None or record.partner_id != partner.id:
        raise NotFound(_("This page is not here."))
    return record


@router.post("/confirm", name="partner_confirm")
def confirm(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """Confirm a listing: one tap."""
    partner = mine(db, actor)
    record = chosen(db, partner, form)
    listings.confirm_by_hand(db, actor, partner, record)
    return page.go("partner", say=_("Confirmed today: %(name)s", name=record.name))


@router.post("/take-out", name="partner_take_out")
def take_out(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """Take a listing out."""
    partner = mine(db, actor)
    record = chosen(db, partner, form)
    listings.withdraw_by_hand(db, actor, partner, record)
    return page.go("partner", say=_("Taken out of the list: %(name)s", name=record.name))


@router.post("/suggestions", name="partner_suggestion")
def decide_suggestion(
    db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[DecideSuggestion], form_of(DecideSuggestion)]
) -> Response:  # fmt: skip
    """Take a correction that a member suggested, or not."""
    partner = mine(db, actor)
    if form.data is None or form.data.do == "later":
        raise Invalid("do", _("Choose one of these."))
    listings.decide_suggestion(db, actor, partner, form.data.id, form.data.do == "accept", form.data.seen)
    return page.go("partner", query="view=suggested", say=care_words.decided(form.data.do))


@router.get("/keys", name="partner_keys")
def show_keys(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show the partner's keys."""
    return _keys_page(db, page, mine(db, actor), None)


def _keys_page(db: Session, page: Page, partner: Partner, form: Form[Any] | None) -> Response:
    return page(
        "partner/keys.html", status=422 if form else 200, here="me", partner=partner, form=form, scopes=scope_options(), day=day,
        described="/api/partner/v1/openapi.json", keys=key_cards(queries.keys_of(db, partner.id)),
        until=(now().date() + timedelta(days=180)).isoformat(),
    )  # fmt: skip


@router.post("/keys", name="partner_make_key")
def make_key(db: Db, page: Pages, actor: Proven, form: Annotated[Form[MakeKey], form_of(MakeKey)]) -> Response:
    """Make a key and show it, this once."""
    partner = mine(db, actor)
    if form.data is None:
        return _keys_page(db, page, partner, form)
    try:
        key = people.make_key(db, actor, partner, form.data)
    except Invalid as problem:
        return _keys_page(db, page, partner, form.refuse(problem))
    return page("partners/key.html", here="me", key=key, wish=form.data, back="/partner/keys", back_to=_("Keys"), day=day)


@router.post("/keys/end", name="partner_end_key")
def end_key(db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """Withdraw a key."""
    if form.data is None:
        raise NotFound
    people.end_key(db, actor, mine(db, actor), form.data.id)
    return page.go("partner_keys", say=_("This key does not work any more."))


@router.get("/agreement", name="partner_agreement")
def show_agreement(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show what is agreed."""
    partner = mine(db, actor)
    agreement = queries.agreement(db, partner.id)
    verdict = rules.may_receive_referrals(now().date(), agreement.review_on if agreement else None)
    return page("partner/agreement.html", here="me", partner=partner, agreement=agreement, referrals=verdict, day=day)
