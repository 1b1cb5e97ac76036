"""Partners themselves: made, agreed with, given keys and people who look after them, ended."""

from uuid import UUID

from sqlmodel import Session, select

from app.core import crypto, settings
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.ids import new_ref, new_token
from app.core.text import one_line
from app.core.verdict import Verdict, require
from app.domain.accounts import queries as accounts
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.partners import rules, webhooks
from app.domain.partners.queries import keys_of, membership
from app.models.accounts import MemberStatus
from app.models.directory import Feed, FeedForm
from app.models.partners import Partner, PartnerAgreement, PartnerKey, PartnerMember, Scope
from app.schemas.partners import Agree, MakeKey

PREFIX = "hearth_"


def make_partner(db: Session, actor: Actor, name: str, language: str, country: str) -> Partner:
    """Make a partner with a feed of its own. Raises Invalid("name") where one of this name is there."""
    require(rules.may_manage(actor))
    name = one_line(name)[:120]
    if db.exec(select(Partner).where(Partner.name == name)).first() is not None:
        raise Invalid("name", _("There is a partner of this name already."))
    ref = new_ref()
    known = settings.current().country_list
    feed = Feed(
        name=f"partner-{ref}", title=name, form=FeedForm.JSON, language=language,
        country=country or (known[0] if len(known) == 1 else ""),
    )  # fmt: skip
    db.add(feed)
    db.flush()
    partner = Partner(ref=ref, name=name, feed_id=feed.id, made_on=now().date(), made_by=actor.me)
    db.add(partner)
    db.flush()
    audit.record(db, actor, "partner.made", "partner", partner.id)
    return partner


def agree(db: Session, actor: Actor, partner: Partner, agreed: Agree) -> PartnerAgreement:
    """Write down what was agreed; earlier agreements stay. Raises Invalid("review_on")."""
    require(rules.may_manage(actor))
    _no_group(partner)
    _check("review_on", rules.agreement_fits(now().date(), agreed.review_on))
    row = PartnerAgreement(partner_id=partner.id, agreed_on=now().date(), made_by=actor.me, **agreed.model_dump())
    db.add(row)
    db.flush()
    audit.record(db, actor, "partner.agreed", "partner", partner.id)
    return row


def make_key(db: Session, actor: Actor, partner: Partner, wish: MakeKey) -> str:
    """Make a key and return it, this once. Raises Invalid for its field, Refused."""
    mine = membership(db, actor.member_id) == partner.id
    require(rules.may_manage(actor) if not mine else rules.may_look_after(actor, mine, partner.ended_on is not None))
    _no_group(partner)
    today = now().date()
    live = [[Scope(s) for s in key.scopes] for key in keys_of(db, partner.id) if key.ended_on is None and key.until_on >= today]
    scopes = list(dict.fromkeys(wish.scopes))
    _check("scopes", rules.may_make_key(scopes, live, today, wish.until, partner.ended_on is not None))
    key = f"{PREFIX}{new_token()}"
    row = PartnerKey(
        partner_id=partner.id, label=wish.label, key_hash=crypto.token_hash(key), scopes=[s.value for s in scopes],
        made_on=today, until_on=wish.until,
    )  # fmt: skip
    db.add(row)
    db.flush()
    audit.record(db, actor, "partner.key_made", "partner", partner.id, scopes=row.scopes)
    return key


def end_key(db: Session, actor: Actor, partner: Partner, key_id: UUID) -> None:
    """Withdraw a key: it works no more from now on."""
    mine = membership(db, actor.member_id) == partner.id
    require(rules.may_manage(actor) if not mine else rules.may_look_after(actor, mine, ended=False))
    key = db.get(PartnerKey, key_id, with_for_update=True)
    if key is None or key.partner_id != partner.id or key.ended_on is not None:
        raise NotFound
    key.ended_on = now().date()
    db.add(key)
    db.flush()
    audit.record(db, actor, "partner.key_ended", "partner", partner.id)


def add_member(db: Session, actor: Actor, partner: Partner, name: str) -> None:
    """Let a member look after the partner. Raises Invalid("name")."""
    require(rules.may_manage(actor))
    _no_group(partner)
    member = accounts.member_by_name(db, name)
    if member is None or member.status != MemberStatus.ACTIVE:
        raise Invalid("name", _("Nobody here has this name. Look at how they write it."))
    if membership(db, member.id) is not None:
        raise Invalid("name", _("They look after a partner already."))
    db.add(PartnerMember(partner_id=partner.id, member_id=member.id, from_on=now().date()))
    db.flush()
    audit.record(db, actor, "partner.member_added", "partner", partner.id)
    tell(db, member.id, N_("You look after the listings of a partner now."), link="/partner")


def remove_member(db: Session, actor: Actor, partner: Partner, link_id: UUID) -> None:
    """End that a member looks after the partner; with it end the addresses and the keys made since, whose secrets they may know."""
    require(rules.may_manage(actor))
    link = db.get(PartnerMember, link_id)
    if link is None or link.partner_id != partner.id:
        raise NotFound
    db.delete(link)
    db.flush()
    webhooks.end_hooks(db, partner.id)
    today = now().date()
    for key in keys_of(db, partner.id):
        if key.ended_on is None and key.made_on >= link.from_on:
            key.ended_on = today
            db.add(key)
    db.flush()
    audit.record(db, actor, "partner.member_removed", "partner", partner.id)
    tell(db, link.member_id, N_("You do not look after the listings of a partner any more."))


def end_partner(db: Session, actor: Actor, partner: Partner) -> None:
    """End a partnership: its keys work no more, its addresses are told nothing more; its listings stay until they are due."""
    require(rules.may_manage(actor))
    _no_group(partner)
    if partner.ended_on is not None:
        return
    partner.ended_on = now().date()
    db.add(partner)
    db.flush()
    webhooks.end_hooks(db, partner.id)
    audit.record(db, actor, "partner.ended", "partner", partner.id)


def _no_group(partner: Partner) -> None:
    """Raise NotFound for a group: it has organisers, no agreement, keys or people of its own here."""
    if partner.group_id is not None:
        raise NotFound


def _check(field: str, verdict: Verdict) -> None:
    if verdict.reason is not None:
        raise Invalid(field, verdict.reason)
