"""What is offered in the demo: by an invented organisation with an agreement, a key to try things with, and by groups."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.domain.groups.rules import Seat
from app.domain.partners import listings, people, publishing, taking
from app.domain.partners import of_groups as offers
from app.jobs.demo_content import SECOND_READER, actor_of, read
from app.models.accounts import Member
from app.models.groups import Group, GroupRole
from app.models.partners import PartnerRecord, Scope
from app.schemas.partners import Agree, MakeKey, NewListing


def partner(db: Session) -> str:
    """Make the partner as a coordinator does; return its key. Some of its listings are let in, one waits."""
    content: dict[str, Any] = read("partner")
    coordinator, made = actor_of(db, SECOND_READER), now() - timedelta(days=content["days_ago"])
    with clock.at(made):
        found = people.make_partner(db, coordinator, content["name"], content["language"], content["country"])
        review = made.date() + timedelta(days=365)
        people.agree(db, coordinator, found, Agree(**content["agreement"], review_on=review))
    for kind in ("organization", "service"):
        with clock.at(made):
            sent = [taking.Sent(kind, one["id"], one) for one in content[f"{kind}s"]]
            taking.put(db, found, sent)
    waiting = {row.foreign_id: row for row in db.exec(select(PartnerRecord).where(PartnerRecord.kind == "service"))}
    for key, days_ago in content["let_in"].items():
        with clock.at(now() - timedelta(days=days_ago)):
            listings.let_in(db, coordinator, waiting[key])
            if key in content["confirmed"]:
                listings.confirm(db, found, [waiting[key]])
    contact = db.exec(select(Member).where(Member.name == content["looked_after_by"])).one()
    people.add_member(db, coordinator, found, contact.name)
    wish = MakeKey(label="Sandbox", scopes=list(Scope), until=now().date() + timedelta(days=300))
    return people.make_key(db, coordinator, found, wish)


def of_groups(db: Session) -> None:
    """Let groups publish what the content says they offer; a coordinator lets some of it in, and who offers it is named."""
    coordinator = actor_of(db, SECOND_READER)
    for content in read("groups")["groups"]:
        for told in content.get("offers", ()):
            group = db.exec(select(Group).where(Group.name == content["name"])).one()
            organiser, seat = actor_of(db, content["organiser"]), Seat(GroupRole.ORGANISER)
            offers.name(db, organiser, group, seat, named=True)
            wish = {key: value for key, value in told.items() if key != "let_in"}
            place = offers.begin_for(db, group)
            sent = NewListing(language=content["language"], **wish).model_dump()
            record = publishing.publish(db, organiser, place, sent, (), "")
            if told.get("let_in"):
                listings.let_in(db, coordinator, record)
