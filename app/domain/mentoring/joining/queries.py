"""Reading for the pages of mentoring."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _, country_name, current
from app.core.text import fold
from app.domain.actor import Actor
from app.domain.mentoring.circles import loads
from app.domain.mentoring.joining import rules
from app.domain.mentoring.rounds.rules import MENTEE_KNOWS, OPEN
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.mentoring import Mentor, MentorMatch, MentorState
from app.models.places import Area

PER_PAGE: Final = 30
MOST_AREAS: Final = 1_000
Places = list[tuple[str, str | list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Card:
    """A line at the desk: somebody who offers, or a mentor."""

    ref: str
    name: str
    state: MentorState
    applied_on: date | None
    capacity: int
    supervisor: str  # the name others see, "" where nobody who works at the desk today supervises
    trained_until: date | None
    load: int  # places that are taken, by proposals too


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer at the desk, with whose it is, and until when they are a mentor."""

    row: Mentor
    name: str
    standing: MemberStatus
    role_until: date | None


def places(db: Session, chosen: str = "") -> Places:
    """Return the countries of the network as choices, each with its regions as a group: what is kept, and its words.

    Only regions that the network itself named (``hearth import areas``): of the others, whoever may import or send listings would
    write words into everybody's form. What somebody has ``chosen`` stays among them.
    """
    countries = core_settings.current().country_list
    found = db.exec(select(Area).where(col(Area.country).in_(countries), col(Area.code).is_not(None)).limit(MOST_AREAS)).all()
    named = sorted(((area.country, _name(area), str(area.id)) for area in found), key=lambda one: (fold(one[1]), one[2]))
    of = {code: [(key, name) for country, name, key in named if country == code] for code in countries}
    choices: Places = [
        (country_name(code), _with_country(code, of[code])) if of[code] else (code, country_name(code)) for code in countries
    ]
    there = {*countries, *(key for _country, _its_name, key in named), ""}
    return choices if chosen in there else [*choices, (chosen, place_name(db, chosen))]


def _with_country(code: str, regions: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, _("Somewhere in %(country)s", country=country_name(code))), *regions]


def _name(area: Area) -> str:
    return str(area.names.get(current()) or area.name)


def place_name(db: Session, place: str) -> str:
    """Return the words for a place that somebody chose, of an area that is gone too; for themselves only."""
    area = _area(db, place)
    return f"{country_name(area.country)}, {_name(area)}" if area else country_of(db, place)


def country_of(db: Session, place: str) -> str:
    """Return the words for the country of a place, which is all that anybody else reads."""
    area = _area(db, place)
    code = area.country if area else place
    return country_name(code) if len(code) == len("SN") else _("Somewhere else")


def _area(db: Session, place: str) -> Area | None:
    return db.get(Area, UUID(place)) if len(place) != len("SN") else None


_LIVE: Final = sa.and_(
    col(RoleGrant.from_on) <= sa.bindparam("today"), col(RoleGrant.until_on) > sa.bindparam("today"),
    col(RoleGrant.ended_on).is_(None),
)  # fmt: skip


def goes_with(mentor: Any, member: Any) -> sa.ColumnElement[bool]:
    """Say that somebody is a mentee of a mentor, or is asked to be, and knows it; both as columns or ids of members."""
    pair = sa.orm.aliased(MentorMatch)
    return sa.exists().where(
        col(pair.mentor_id) == mentor, col(pair.mentee_id) == member, col(pair.state).in_(MENTEE_KNOWS)
    )  # fmt: skip


def supervisors(db: Session, mentor_id: UUID) -> list[tuple[UUID, str]]:
    """Return who may supervise a mentor: those who work at the desk today, but for the mentor and their mentees."""
    wanted = (
        sa.select(col(Member.id), col(Member.name)).distinct().join(RoleGrant, col(RoleGrant.member_id) == Member.id)
        .where(
            col(RoleGrant.role).in_([Role.COORDINATOR, Role.SAFEGUARDING]), _LIVE, col(Member.id) != mentor_id,
            col(Member.status) == MemberStatus.ACTIVE, sa.not_(goes_with(mentor_id, col(Member.id))),
        )
        .order_by(col(Member.name)).limit(100)
    )  # fmt: skip
    return [(member_id, name) for member_id, name in db.execute(wanted, {"today": now().date()})]


def supervisor_of(db: Session, row: Mentor) -> str:
    """Return the name of who supervises a mentor, "" where nobody who works at the desk today does."""
    return next((name for member_id, name in supervisors(db, row.member_id) if member_id == row.supervisor_id), "")


def at_desk(db: Session, actor: Actor, *, waiting: bool, page: int = 1) -> tuple[list[Card], bool]:
    """Return those who wait for a panel (longest first) or the mentors (training that ends soonest first), and whether more follow.

    One's own line is left out, and whoever's account rests.
    """
    over = sa.orm.aliased(Member)
    works = (
        sa.exists().where(
            col(RoleGrant.member_id) == col(over.id), col(RoleGrant.role).in_([Role.COORDINATOR, Role.SAFEGUARDING]), _LIVE,
            col(over.status) == MemberStatus.ACTIVE,
        )
    )  # fmt: skip
    load = sa.select(sa.func.count()).where(
        col(MentorMatch.mentor_id) == col(Mentor.member_id), col(MentorMatch.state).in_(OPEN),
        sa.or_(col(MentorMatch.mentee_id) != actor.me, col(MentorMatch.state).in_(MENTEE_KNOWS)),  # not what is hidden from them
    ).scalar_subquery()  # fmt: skip
    states = [MentorState.APPLIED] if waiting else sorted(rules.IS_MENTOR)
    order = (col(Mentor.applied_on), col(Mentor.id)) if waiting else (col(Mentor.trained_until).asc().nulls_first(), col(Mentor.id))
    rows = db.execute(
        sa.select(
            col(Mentor.ref), col(Member.name), col(Mentor.state), col(Mentor.applied_on), col(Mentor.capacity),
            sa.case((works, col(over.name)), else_=""), col(Mentor.trained_until), load + loads.led(col(Mentor.member_id)),
        )
        .join(Member, col(Member.id) == Mentor.member_id).outerjoin(over, col(over.id) == col(Mentor.supervisor_id))
        .where(col(Mentor.state).in_(states), col(Member.status) == MemberStatus.ACTIVE, col(Mentor.member_id) != actor.me)
        .order_by(*order).limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE),
        {"today": now().date()},
    ).all()  # fmt: skip
    return [Card(*row) for row in rows[:PER_PAGE]], len(rows) > PER_PAGE


def offer(db: Session, actor: Actor, ref: str) -> Offer:
    """Return an offer for the desk; what was not sent, what is over, whose account rests and one's own do not exist."""
    until = sa.select(sa.func.max(col(RoleGrant.until_on))).where(
        col(RoleGrant.member_id) == col(Mentor.member_id), col(RoleGrant.role) == Role.MENTOR, _LIVE
    ).scalar_subquery()  # fmt: skip
    found = db.execute(
        sa.select(Mentor, col(Member.name), col(Member.status), until).join(Member, col(Member.id) == Mentor.member_id)
        .where(col(Mentor.ref) == ref, col(Mentor.state).in_([MentorState.APPLIED, *rules.IS_MENTOR])),
        {"today": now().date()},
    ).first()  # fmt: skip
    if found is None or not rules.may_look(actor, found[0].member_id, found[2]):
        raise NotFound(_("This page is not here."))
    return Offer(*found)
