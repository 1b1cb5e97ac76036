"""Work: partners, what is agreed with them, their keys and people, and their first listings."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import HearthError, Invalid, NotFound
from app.core.i18n import N_, _
from app.core.ids import REF
from app.core.settings import current
from app.domain.directory.needs import all_needs
from app.domain.partners import listings, of_groups, people, queries, rules
from app.models.partners import Partner, PartnerKey, PartnerRecord, Scope
from app.schemas.accounts import Chosen
from app.schemas.partners import Agree, DecideListing, MakeKey, NameMember, NewPartner
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/partners")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
AT_ONCE = 20
SCOPES = {
    Scope.LISTINGS: N_("Send, confirm and end listings"), Scope.READ: N_("Only read their own listings"),
    Scope.REFERRALS: N_("Members who are handed on"),
}  # fmt: skip


@router.get("", name="partners")
def list_partners(db: ReadDb, page: Pages, _actor: Coordinator) -> Response:
    """Show the partners, and a form for a new one."""
    return _list_page(db, page, None)


def _list_page(db: Session, page: Page, form: Form[Any] | None) -> Response:
    today = now().date()
    rows = queries.partners(db)
    titles = of_groups.titles(db, rows)
    listed = [(row, titles[row.id], bool(rules.may_receive_referrals(today, row.review_on))) for row in rows]
    countries = [("", _("It differs")), *((code, code) for code in current().country_list)]
    return page(
        "partners/list.html", status=422 if form else 200, here="me", listed=listed, form=form, day=day, countries=countries
    )


@router.post("", name="partner_make")
def make(actor: Coordinator, db: Db, page: Pages, form: Annotated[Form[NewPartner], form_of(NewPartner)]) -> Response:
    """Make a partner."""
    if form.data is None:
        return _list_page(db, page, form)
    try:
        partner = people.make_partner(db, actor, form.data.name, form.data.language, form.data.country)
    except Invalid as problem:
        return _list_page(db, page, form.refuse(problem))
    return page.go("desk_partner", ref=partner.ref, say=_("Made. Now write down what you agreed, and make a key."))


@router.get("/{ref}", name="desk_partner")
def show(db: ReadDb, page: Pages, _actor: Coordinator, ref: Ref) -> Response:
    """Show one partner."""
    return _partner_page(db, page, _partner(db, ref), None)


def _partner(db: Session, ref: str) -> Partner:
    partner = queries.partner_by_ref(db, ref)
    if partner is None:
        raise NotFound(_("This page is not here."))
    return partner


def _partner_page(db: Session, page: Page, partner: Partner, form: Form[Any] | None, which: str = "", about: str = "") -> Response:
    """Show the page; ``which`` names the form that has a mistake, ``about`` the row it belongs to."""
    today, agreement = now().date(), queries.agreement(db, partner.id)
    return page(
        "partners/show.html", status=422 if form else 200, here="me", partner=partner, form=form, which=which, about=about,
        title=of_groups.titles(db, [partner])[partner.id],
        agreement=agreement, referrals=rules.may_receive_referrals(today, agreement.review_on if agreement else None),
        keys=key_cards(queries.keys_of(db, partner.id)), people=queries.people(db, partner.id), scopes=scope_options(),
        waiting=_all_waiting(db, partner),
        left=rules.FIRST_LISTINGS - partner.accepted,
        until=(today + timedelta(days=180)).isoformat(), review=(today + timedelta(days=365)).isoformat(), day=day,
    )  # fmt: skip


def scope_options() -> list[tuple[str, str]]:
    """Return what a new key can be for; nobody is handed on yet (ADR 0017), so no key is offered for that."""
    return [(scope.value, _(words)) for scope, words in SCOPES.items() if scope != Scope.REFERRALS]


def key_cards(keys: list[PartnerKey]) -> list[dict[str, Any]]:
    """Return what is shown of each key."""
    today = now().date()
    return [
        {
            "id": key.id, "label": key.label, "scopes": [_(SCOPES[Scope(one)]) for one in key.scopes], "until": day(key.until_on),
            "used": day(key.used_on), "works": key.ended_on is None and today <= key.until_on, "ended": day(key.ended_on),
        }
        for key in keys
    ]  # fmt: skip


def _all_waiting(db: Session, partner: Partner) -> list[dict[str, Any]]:
    records = queries.waiting(db, partner.id, AT_ONCE)
    owners = queries.organizations(db, partner.id, {key for one in records if (key := one.content.get("organization_id"))})
    return [_waiting(record, owners.get(record.content.get("organization_id", ""))) for record in records]


def _waiting(record: PartnerRecord, owner: PartnerRecord | None) -> dict[str, Any]:
    """Return everything that a coordinator lets in with a listing: nothing of it may come in unseen."""
    data, needs = record.content, {need.id: _(need.label) for need in all_needs()}
    organisation = data.get("organization") or (owner.content if owner else {})
    known = ("name", "description", "language", "needs")
    return {
        "id": record.id, "name": record.name, "organisation": organisation.get("name", ""),
        "description": data.get("description") or "", "language": data.get("language"), "sent": day(record.sent_at),
        "needs": [needs[need] for need in data.get("needs") or [] if need in needs],
        "all": [
            *lines({name: value for name, value in data.items() if name not in known}),
            *(lines(owner.content, "organization") if owner else ()),
        ],
    }  # fmt: skip


def lines(value: Any, at: str = "") -> list[tuple[str, str]]:
    """Return all that stands in an object by the names of HSDS: [("phones 1 number", "+221 33 800 00 00"), …]."""
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in lines(inner, f"{at} {name}".strip())]
    if isinstance(value, list):
        return [line for n, inner in enumerate(value, 1) for line in lines(inner, f"{at} {n}")]
    return [(at.replace("_", " "), str(value))]


@router.post("/{ref}/agreement", name="partner_agree")
def agree(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[Agree], form_of(Agree)]) -> Response:
    """Write down what was agreed."""
    partner = _partner(db, ref)
    if form.data is None:
        return _partner_page(db, page, partner, form, "agreement")
    try:
        people.agree(db, actor, partner, form.data)
    except Invalid as problem:
        return _partner_page(db, page, partner, form.refuse(problem), "agreement")
    return page.go("desk_partner", ref=ref, say=_("Kept."))


@router.post("/{ref}/keys", name="partner_key")
def make_key(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[MakeKey], form_of(MakeKey)]) -> Response:
    """Make a key and show it, this once."""
    partner = _partner(db, ref)
    if form.data is None:
        return _partner_page(db, page, partner, form, "key")
    try:
        key = people.make_key(db, actor, partner, form.data)
    except Invalid as problem:
        return _partner_page(db, page, partner, form.refuse(problem), "key")
    return page(
        "partners/key.html", here="me", key=key, wish=form.data, back=f"/desk/partners/{ref}", back_to=partner.name, day=day
    )


@router.post("/{ref}/keys/end", name="partner_key_end")
def end_key(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """Withdraw a key."""
    if form.data is None:
        raise NotFound
    people.end_key(db, actor, _partner(db, ref), form.data.id)
    return page.go("desk_partner", ref=ref, say=_("This key does not work any more."))


@router.post("/{ref}/people", name="partner_person")
def add_person(
    actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[NameMember], form_of(NameMember)]
) -> Response:
    """Let a member look after the partner's listings."""
    partner = _partner(db, ref)
    if form.data is None:
        return _partner_page(db, page, partner, form, "person")
    try:
        people.add_member(db, actor, partner, form.data.name)
    except Invalid as problem:
        return _partner_page(db, page, partner, form.refuse(problem), "person")
    return page.go("desk_partner", ref=ref, say=_("Done. They read it under My answers."))


@router.post("/{ref}/people/end", name="partner_person_end")
def remove_person(actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[Chosen], form_of(Chosen)]) -> Response:
    """End that a member looks after the partner."""
    if form.data is None:
        raise NotFound
    people.remove_member(db, actor, _partner(db, ref), form.data.id)
    return page.go(
        "desk_partner", ref=ref, say=_("Done. Addresses to be told have ended, and the keys that they may know. Make new ones.")
    )


@router.post("/{ref}/listings", name="partner_listing")
def decide(
    actor: Coordinator, db: Db, page: Pages, ref: Ref, form: Annotated[Form[DecideListing], form_of(DecideListing)]
) -> Response:  # fmt: skip
    """Let a listing in, or not with a reason."""
    partner, about = _partner(db, ref), str(form.values.get("id", ""))
    if form.data is None:
        return _partner_page(db, page, partner, form, "listing", about)
    record = db.get(PartnerRecord, form.data.id, with_for_update=True)
    if record is None or record.partner_id != partner.id:
        raise NotFound
    try:
        said = _decided(db, actor, record, form.data)
    except (Invalid, HearthError) as problem:
        found = problem if isinstance(problem, Invalid) else Invalid("", problem.sentence)
        return _partner_page(db, page, partner, form.refuse(found), "listing", about)
    return page.go("desk_partner", ref=ref, say=said)


def _decided(db: Session, actor: Any, record: PartnerRecord, wish: DecideListing) -> str:
    if wish.do == "accept":
        listings.let_in(db, actor, record)
        return _("Let in: %(name)s", name=record.name)
    listings.decline(db, actor, record, wish.reason)
    return _("Not let in: %(name)s", name=record.name)


@router.post("/{ref}/end", name="partner_end")
def end(actor: Coordinator, db: Db, page: Pages, ref: Ref) -> Response:
    """End a partnership."""
    people.end_partner(db, actor, _partner(db, ref))
    return page.go("desk_partner", ref=ref, say=_("This partnership has ended. Its keys do not work any more."))
