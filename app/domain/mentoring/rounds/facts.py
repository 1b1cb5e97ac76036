"""Mentees and mentors of a round, from what they said: who waits without a proposal, who has a free place today."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain import limits
from app.domain.mentoring.circles import loads
from app.domain.mentoring.joining.packets import Said, unpacked
from app.domain.mentoring.people import NEEDS, Mentee, Mentor
from app.domain.mentoring.rounds.rules import CLOSED_FOR_GOOD, OPEN
from app.domain.mentoring.training.rules import is_trained
from app.models import mentoring as rows
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.between import MemberBlock
from app.models.places import Area, AreaKind, AreaNeighbour

MAIN, MORE = 3, 1  # weights of what somebody needs most, and of what else
# Somebody can stand on both sides: two ids, each in the ``blocked`` of the other.
MENTEE, MENTOR = "e:", "o:"
Stamp = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Both sides of a round as they were read, and a stamp of each: another stamp later means that something changed meanwhile.

    ``mentees``, ``mentors``: id in the round -> its stamp.
    """

    mentees: dict[str, Stamp]
    mentors: dict[str, Stamp]


def load(db: Session, today: date) -> tuple[list[Mentee], list[Mentor]]:
    """Return both sides of a round; whoever has a proposal or a mentor, or whose account rests, is not there.

    A mentor comes in once there was a training; one that is over keeps away only whoever asks for somebody trained.
    """
    mentees, mentors, _seen = read(db, today)
    return mentees, mentors


def read(db: Session, today: date) -> tuple[list[Mentee], list[Mentor], Seen]:
    """Return both sides of a round and their stamps. Statements for all, not for each."""
    offers = db.exec(_offers(today, select(rows.Mentor))).all()
    asks = db.exec(_asks(select(rows.MentorAsk))).all()
    regions, closed, blocked, caseload = _regions(db), _closed(db), _blocked(db), _caseload(db)
    mentees = [_mentee(ask, regions, closed, blocked, today) for ask in asks]
    mentors = [_mentor(offer, regions, caseload[offer.member_id], today) for offer in offers]
    seen = Seen(
        {f"{MENTEE}{ask.member_id}": _stamp_ask(ask, closed, blocked) for ask in asks},
        {f"{MENTOR}{offer.member_id}": _stamp_offer(offer, caseload) for offer in offers},
    )
    return mentees, mentors, seen


def seen_now(db: Session, today: date) -> Seen:
    """Return the stamps of today's two sides without opening what they said; their rows are held until the transaction ends.

    Of two rounds at once the second waits here for the first, and reads after that what is free and who still waits.
    """
    offer, ask = rows.Mentor, rows.MentorAsk
    kept = sa.select(col(offer.member_id), col(offer.row_version), col(offer.trained_until), col(offer.capacity))
    offers = db.execute(_offers(today, kept).with_for_update(of=offer)).all()
    waits = _asks(sa.select(col(ask.member_id), col(ask.row_version), col(ask.asked_on))).order_by(col(ask.id))
    asks = db.execute(waits.with_for_update(of=ask)).all()
    closed, blocked, caseload = _closed(db), _blocked(db), _caseload(db)
    return Seen(
        {f"{MENTEE}{one.member_id}": _stamp_ask(one, closed, blocked) for one in asks},
        {f"{MENTOR}{one.member_id}": _stamp_offer(one, caseload) for one in offers},
    )


def _here() -> sa.ColumnElement[bool]:
    return sa.and_(col(Member.status) == MemberStatus.ACTIVE, col(Member.adult).is_(True), limits.none_stops(now()))


def _offers(today: date, wanted: Any) -> Any:
    """Narrow a statement over mentors to those of whom a round knows, in one order."""
    live = sa.exists().where(
        col(RoleGrant.member_id) == col(rows.Mentor.member_id), col(RoleGrant.role) == Role.MENTOR,
        col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today, col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    return (
        wanted.join(Member, col(Member.id) == rows.Mentor.member_id)
        .where(rows.Mentor.state == rows.MentorState.ACTIVE, col(rows.Mentor.trained_until).is_not(None), _here(), live)
        .order_by(col(rows.Mentor.id))
    )  # fmt: skip


def _asks(wanted: Any) -> Any:
    """Narrow a statement over wishes to those that wait without a proposal."""
    busy = sa.exists().where(col(rows.MentorMatch.open_mentee) == col(rows.MentorAsk.member_id))
    return (
        wanted.join(Member, col(Member.id) == rows.MentorAsk.member_id)
        .where(rows.MentorAsk.state == rows.AskState.WAITING, _here(), sa.not_(busy))
    )  # fmt: skip


def _stamp_ask(one: Any, closed: dict[UUID, set[str]], blocked: dict[UUID, set[str]]) -> Stamp:
    return one.row_version, one.asked_on, frozenset(closed[one.member_id]), frozenset(blocked[one.member_id])


def _stamp_offer(one: Any, caseload: dict[UUID, int]) -> Stamp:
    return one.row_version, one.trained_until, one.capacity, caseload[one.member_id]


class Region(NamedTuple):
    """Where somebody lives, as far as they said."""

    country: str
    region: str
    neighbours: frozenset[str] = frozenset()
    remote: bool = False


def _regions(db: Session) -> dict[str, Region]:
    """Return the region of every area by the area's id; a town counts as its region, where that is known. Two statements."""
    found = db.execute(sa.select(col(Area.id), col(Area.parent_id), col(Area.kind), col(Area.country), col(Area.remote))).all()
    near: dict[UUID, set[str]] = defaultdict(set)
    for one, other in db.execute(sa.select(col(AreaNeighbour.area_id), col(AreaNeighbour.other_id))):
        near[one].add(str(other))
    areas = {one.id: one for one in found}
    within = {one.id: areas.get(one.parent_id, one) for one in found}
    regions = {key: above if above.kind == AreaKind.REGION else areas[key] for key, above in within.items()}
    return {str(key): Region(of.country, str(of.id), frozenset(near[of.id]), of.remote) for key, of in regions.items()}


def _closed(db: Session) -> dict[UUID, set[str]]:
    """Return by mentee the mentors with whom it is closed for good, whoever closed it."""
    match = rows.MentorMatch
    pairs = db.execute(sa.select(col(match.mentee_id), col(match.mentor_id)).where(col(match.state).in_(CLOSED_FOR_GOOD)))
    found: dict[UUID, set[str]] = defaultdict(set)
    for mentee, mentor in pairs:
        found[mentee].add(f"{MENTOR}{mentor}")
    return found


def _blocked(db: Session) -> dict[UUID, set[str]]:
    """Return by member the mentors whom they want nothing from, or who want nothing from them; nobody learns which of the two."""
    by, of = col(MemberBlock.member_id), col(MemberBlock.blocked_id)
    mentors = sa.select(col(rows.Mentor.member_id)).where(col(rows.Mentor.state) == rows.MentorState.ACTIVE)
    pairs: Any = sa.union(sa.select(by, of).where(of.in_(mentors)), sa.select(of, by).where(by.in_(mentors), of.is_not(None)))
    found: dict[UUID, set[str]] = defaultdict(set)
    for member, mentor in db.execute(pairs):
        found[member].add(f"{MENTOR}{mentor}")
    return found


def _caseload(db: Session) -> dict[UUID, int]:
    match = rows.MentorMatch
    counted = sa.select(col(match.mentor_id), sa.func.count()).where(col(match.state).in_(OPEN)).group_by(col(match.mentor_id))
    found = defaultdict(int, [(mentor, count) for mentor, count in db.execute(counted)])
    for mentor, count in db.execute(loads.by_mentor()):
        found[mentor] += count
    return found


def _both(said: Said, me: dict[str, Any], regions: dict[str, Region], nowhere: str) -> dict[str, Any]:
    """Return what a round knows of either side; who named only the country is in the region ``nowhere``, near nobody."""
    place, when = said["place"], said["when"]
    here = place["place"]
    where = Region(here, nowhere) if len(here) == len("SN") else regions.get(here, Region("", here))
    return {
        "country": where.country, "region": where.region, "neighbours": where.neighbours, "remote": where.remote,
        "languages": place["languages"], "hosts": frozenset([place["host"]] if place["host"] else []),
        "gender": me["gender"], "age_band": me["age"], "adult": True,
        "slots": frozenset(when["slots"]), "channels": (when["first"], *when["also"]),
    }  # fmt: skip


def _mentee(
    ask: rows.MentorAsk, regions: dict[str, Region], closed: dict[UUID, set[str]], blocked: dict[UUID, set[str]], today: date
) -> Mentee:  # fmt: skip
    said = unpacked(ask.said)
    needs = {**dict.fromkeys(said["needs"]["more"], MORE), **dict.fromkeys(said["needs"]["main"], MAIN)}
    return Mentee(
        id=f"{MENTEE}{ask.member_id}", blocked=frozenset({f"{MENTOR}{ask.member_id}", *blocked[ask.member_id]}),
        declined=frozenset(closed[ask.member_id]),
        needs=needs, gender_rule=said["who"]["rule"], asks_trained=said["who"]["trained"],
        waited_days=max(0, (today - (ask.asked_on or today)).days), **_both(said, said["who"], regions, MENTEE),
    )  # fmt: skip


def _mentor(offer: rows.Mentor, regions: dict[str, Region], caseload: int, today: date) -> Mentor:
    said = unpacked(offer.said)
    return Mentor(
        id=f"{MENTOR}{offer.member_id}", blocked=frozenset({f"{MENTEE}{offer.member_id}"}), declined=frozenset(),
        kind=said["help"]["kind"] or "local_ally",  # whoever skipped it; nothing of a round hangs on it
        experience={need: said["help"][need] for need in NEEDS if said["help"][need]}, accepts=said["meet"]["accepts"],
        capacity=offer.capacity, caseload=caseload, vetted=True, active=True,
        trained=is_trained(offer.trained_until, today), **_both(said, said["meet"], regions, MENTOR),
    )  # fmt: skip
