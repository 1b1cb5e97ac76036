"""Groups that offer services: their listings are kept as a partner's are; the group is named only where everybody finds it."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n, settings
from app.core.clock import now
from app.core.i18n import N_, _
from app.core.ids import new_ref
from app.core.verdict import Verdict, require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory.compiling import compile_services
from app.domain.directory.places import AreaBook
from app.domain.directory.reading.shapes import stable_id
from app.domain.directory.rows import Record, content_hash
from app.domain.directory.storing import SERVICE
from app.domain.directory.wire.put import begin
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.domain.partners import rules
from app.domain.partners.placing import feed_of, place, take_out
from app.domain.partners.taking import items_of
from app.models.directory import Feed, FeedForm, Organization
from app.models.groups import Group, GroupMember, GroupRole, GroupState, Visibility
from app.models.partners import Partner, PartnerRecord, RecordState
from app.models.places import Area

UNSAID: Final = "offer name"  # in the ledger of erasures: a group that is named no more as who offers its services
LEDGER: Final = (UNSAID,)
UNNAMED: Final = N_("A group of this network")
_ABOUT: Final = N_("People of this network who help each other.")
_OWNER: Final = "group"  # its id among what it sends: the same whether it is named or not


def of(db: Session, group: Group) -> Partner | None:
    """Return what a group keeps its listings with; None before its first."""
    return db.exec(select(Partner).where(Partner.group_id == group.id)).first()


def home(db: Session, group: Group) -> str:
    """Return the country in which a group is, "" where it does not say so."""
    area = db.get(Area, group.area_id) if group.area_id else None
    known = settings.current().country_list
    return area.country if area else known[0] if len(known) == 1 else ""


def begin_for(db: Session, group: Group) -> Partner:
    """Return what a group keeps its listings with; made with its first one, and not named until it says so."""
    db.get(Group, group.id, with_for_update=True)  # of two organisers at once one makes it
    found = of(db, group)
    if found is not None:
        return found
    ref = new_ref()
    title, _about = who(group, named=False)
    feed = Feed(name=f"partner-{ref}", title=title, form=FeedForm.JSON, language=group.language, country=home(db, group))
    db.add(feed)
    db.flush()
    made = Partner(ref=ref, name=f"group {ref}", feed_id=feed.id, made_on=now().date(), group_id=group.id)
    db.add(made)
    db.flush()
    return made


def found_by_all(group: Group) -> bool:
    """Say whether everybody finds a group: only then it may be named outside."""
    return group.state == GroupState.SHOWN and group.visibility == Visibility.LISTED


def who(group: Group, named: bool) -> tuple[str, str]:
    """Return who offers a group's services, as everybody reads it: its name and what it says about itself, or no name."""
    with i18n.speaking(group.language):
        if named and found_by_all(group):
            return group.name, group.purpose or _(_ABOUT)
        return _(UNNAMED), _(_ABOUT)


def owner(group: Group, named: bool) -> Record:
    """Return the organisation of a group's services (HSDS)."""
    name, about = who(group, named)
    return {"id": _OWNER, "name": name, "description": about}


def owner_of(db: Session, partner: Partner) -> Record | None:
    """Return the organisation of everything that is sent for a group; None for a partner, who says it."""
    return owner(db.get_one(Group, partner.group_id), partner.named) if partner.group_id else None


def may_offer(db: Session, actor: Actor, partner: Partner, *, ending: bool = False) -> Verdict:
    """Answer whether the actor looks after what a group offers; ``ending``: taking out is never shut to its organisers."""
    group = db.get_one(Group, partner.group_id)
    return rules.may_offer(actor, groups.seat(db, group.id, actor.member_id), group.state, now().date(), ending=ending)


def titles(db: Session, partners: Iterable[Any]) -> dict[UUID, str]:
    """Return what partners (rows with id, name, group_id, named) are called at the desk: groups as everybody reads it."""
    several = list(partners)
    ids = [one.group_id for one in several if one.group_id]
    found = {group.id: group for group in db.exec(select(Group).where(col(Group.id).in_(ids)))} if ids else {}
    return {one.id: _title(found[one.group_id], one.named) if one.group_id else one.name for one in several}


def _title(group: Group, named: bool) -> str:
    return group.name if named and found_by_all(group) else _(UNNAMED)


def require_offer(actor: Actor, group: Group, seat: Seat) -> None:
    """Raise Refused unless the actor may publish for a group."""
    require(rules.may_offer(actor, seat, group.state, now().date()))


def name(db: Session, actor: Actor, group: Group, seat: Seat, named: bool) -> None:
    """Say whether a group is named as who offers its services. Raises Refused."""
    require_offer(actor, group, seat)
    partner = begin_for(db, group)
    _set_named(db, partner, named)
    audit.record(db, actor, "group.offers_named", "partner", partner.id, named=named)
    follow(db, group)


def _set_named(db: Session, partner: Partner, named: bool) -> None:
    """Keep whether a group is named; that it is not any more also stands where a restored older copy finds it."""
    partner.named = named
    db.add(partner)
    db.flush()
    if named:
        ledger.forget(db, [partner.id])
    else:
        ledger.remember(db, UNSAID, partner.id)


def erase_again(db: Session, _kind: str, partner_id: UUID) -> bool:
    """Take a group's name from its services once more, after a restored older copy; return whether it stood there."""
    partner = db.get(Partner, partner_id)
    if partner is None or not partner.named or partner.group_id is None:
        return False
    partner.named = False
    db.add(partner)
    db.flush()
    follow(db, db.get_one(Group, partner.group_id))
    return True


def follow(db: Session, group: Group) -> None:
    """Let a group's listings follow it, when something of it moved.

    Closed: they are taken out. Hidden by a decision, or waiting without an organiser: they are out until it is shown again. Shown:
    they come back. Not found by everybody (any more): its name goes from them. What waits or was ended by people stays so.
    """
    partner = of(db, group)
    if partner is None:
        return
    begin(db)
    if partner.named and group.visibility != Visibility.LISTED:  # named again only where its organisers say so again
        _set_named(db, partner, False)
    feed, says = feed_of(db, partner), owner(group, partner.named)
    records = _records(db, partner)
    if group.state in (GroupState.CLOSED, GroupState.HIDDEN) or _orphaned(db, group):
        _leave(db, group, partner, records)
    ended = _ended(db, records)
    differ = [one for one in records if one.content.get("organization") != says]
    back = group.state == GroupState.SHOWN and any(one.state == RecordState.TAKEN and one.object_id in ended for one in records)
    if not differ and not back and feed.title == says["name"]:
        return
    feed.title = says["name"]
    for one in differ:
        one.content = {**one.content, "organization": says}
        one.content_hash = content_hash(one.content)
    db.add_all([feed, *differ])
    db.flush()
    stays = {one.id for one in records if one.state == RecordState.TAKEN and (back or one.object_id not in ended)}
    shown = db.get(Organization, stable_id(feed.name, "organization", _OWNER)) is not None
    items = [(one.id, item) for one in records for item in items_of(db, partner, one)[1]]
    place(db, feed, [item for key, item in items if key in stays or (shown and item.kind == "organization")])
    # Also those of which a change waits: what is in of them stays, and names nobody that is not to be named.
    compile_services(db, [one.object_id for one in records], AreaBook.load(db.connection()))


def _orphaned(db: Session, group: Group) -> bool:
    """Say whether nobody is left who looks after what a group offers."""
    cares = select(GroupMember.id).where(GroupMember.group_id == group.id, GroupMember.role == GroupRole.ORGANISER)
    return group.state == GroupState.WAITS and db.exec(cares).first() is None


def _records(db: Session, partner: Partner) -> list[PartnerRecord]:
    wanted = select(PartnerRecord).where(PartnerRecord.partner_id == partner.id, PartnerRecord.kind == "service")
    return list(db.exec(wanted.order_by(col(PartnerRecord.id))))


def _leave(db: Session, group: Group, partner: Partner, records: list[PartnerRecord]) -> None:
    take_out(db, [one.object_id for one in records])
    if group.state == GroupState.CLOSED:
        partner.ended_on = partner.ended_on or now().date()
        for one in records:
            one.state, one.sent_at = RecordState.WITHDRAWN, now()
        db.add_all([partner, *records])
        db.flush()


def _ended(db: Session, records: list[PartnerRecord]) -> set[UUID]:
    """Return which of these do not stand in the directory (any more)."""
    ids = {one.object_id for one in records}
    return ids - set(db.execute(sa.select(SERVICE.c.id).where(SERVICE.c.id.in_(ids), SERVICE.c.defunct_on.is_(None))).scalars())
