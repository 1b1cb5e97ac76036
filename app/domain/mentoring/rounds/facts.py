"""Mentees and mentors of a round, from what they said: who waits without a proposal, who has a free place today."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain import limits
from app.domain.mentoring.joining.packets import Said, unpacked
from app.domain.mentoring.people import NEEDS, Mentee, Mentor
from app.domain.mentoring.rounds.rules import CLOSED_FOR_GOOD, OPEN
from app.models import mentoring as rows
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.places import Area, AreaKind

MAIN, MORE = 3, 1  # weights of what somebody needs most, and of what else
# Somebody can stand on both sides: two ids, each in the ``blocked`` of the other.
MENTEE, MENTOR = "e:", "o:"


def load(db: Session, today: date) -> tuple[list[Mentee], list[Mentor]]:
    """Return both sides of a round; whoever has a proposal or a mentor, or whose account rests, is not there."""
    live = sa.exists().where(
        col(RoleGrant.member_id) == col(rows.Mentor.member_id), col(RoleGrant.role) == Role.MENTOR,
        col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today, col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    here = sa.and_(col(Member.status) == MemberStatus.ACTIVE, col(Member.adult).is_(True), limits.none_stops(now()))
    # First: of two rounds at once the second waits here for the first, and reads after that what is free and who still waits.
    offers = db.exec(
        select(rows.Mentor).join(Member, col(Member.id) == rows.Mentor.member_id)
        .where(rows.Mentor.state == rows.MentorState.ACTIVE, col(rows.Mentor.trained_until) > today, here, live)
        .order_by(col(rows.Mentor.id)).with_for_update(of=rows.Mentor)
    ).all()  # fmt: skip
    regions, closed, caseload = _regions(db), _closed(db), _caseload(db)
    busy = sa.exists().where(col(rows.MentorMatch.open_mentee) == col(rows.MentorAsk.member_id))
    asks = db.exec(
        select(rows.MentorAsk).join(Member, col(Member.id) == rows.MentorAsk.member_id)
        .where(rows.MentorAsk.state == rows.AskState.WAITING, here, sa.not_(busy))
    ).all()  # fmt: skip
    mentees = [_mentee(ask, regions, closed, today) for ask in asks]
    return mentees, [_mentor(offer, regions, caseload[offer.member_id], today) for offer in offers]


def _regions(db: Session) -> dict[UUID, tuple[str, str]]:
    """Return country and region of every area; a town counts as its region, where that is known."""
    found = db.execute(sa.select(col(Area.id), col(Area.parent_id), col(Area.kind), col(Area.country))).all()
    kinds = {one.id: one.kind for one in found}
    return {
        one.id: (one.country, str(one.parent_id if kinds.get(one.parent_id) == AreaKind.REGION else one.id)) for one in found
    }  # fmt: skip


def _closed(db: Session) -> dict[UUID, set[str]]:
    """Return by mentee the mentors with whom it is closed for good, whoever closed it."""
    match = rows.MentorMatch
    pairs = db.execute(sa.select(col(match.mentee_id), col(match.mentor_id)).where(col(match.state).in_(CLOSED_FOR_GOOD)))
    found: dict[UUID, set[str]] = defaultdict(set)
    for mentee, mentor in pairs:
        found[mentee].add(f"{MENTOR}{mentor}")
    return found


def _caseload(db: Session) -> dict[UUID, int]:
    match = rows.MentorMatch
    counted = sa.select(col(match.mentor_id), sa.func.count()).where(col(match.state).in_(OPEN)).group_by(col(match.mentor_id))
    return defaultdict(int, [(mentor, count) for mentor, count in db.execute(counted)])


def _both(said: Said, me: dict[str, Any], regions: dict[UUID, tuple[str, str]], nowhere: str) -> dict[str, Any]:
    """Return what a round knows of either side; who named only the country is in the region ``nowhere``, near nobody."""
    place, when = said["place"], said["when"]
    country = len(place["place"]) == len("SN")
    where = (place["place"], nowhere) if country else regions.get(UUID(place["place"]), ("", place["place"]))
    return {
        "country": where[0], "region": where[1], "placed": not country, "neighbours": frozenset(), "remote": False,
        "languages": place["languages"], "hosts": frozenset([place["host"]] if place["host"] else []),
        "gender": me["gender"], "age_band": me["age"], "adult": True,
        "slots": frozenset(when["slots"]), "channels": (when["first"], *when["also"]),
    }  # fmt: skip


def _mentee(ask: rows.MentorAsk, regions: dict[UUID, tuple[str, str]], closed: dict[UUID, set[str]], today: date) -> Mentee:
    said = unpacked(ask.said)
    needs = {**dict.fromkeys(said["needs"]["more"], MORE), **dict.fromkeys(said["needs"]["main"], MAIN)}
    return Mentee(
        id=f"{MENTEE}{ask.member_id}", blocked=frozenset({f"{MENTOR}{ask.member_id}"}), declined=frozenset(closed[ask.member_id]),
        needs=needs, gender_rule=said["who"]["rule"], asks_trained=said["who"]["trained"],
        waited_days=max(0, (today - (ask.asked_on or today)).days), **_both(said, said["who"], regions, MENTEE),
    )  # fmt: skip


def _mentor(offer: rows.Mentor, regions: dict[UUID, tuple[str, str]], caseload: int, today: date) -> Mentor:
    said = unpacked(offer.said)
    return Mentor(
        id=f"{MENTOR}{offer.member_id}", blocked=frozenset({f"{MENTEE}{offer.member_id}"}), declined=frozenset(),
        kind=said["help"]["kind"] or "local_ally",  # whoever skipped it; nothing of a round hangs on it
        experience={need: said["help"][need] for need in NEEDS if said["help"][need]}, accepts=said["meet"]["accepts"],
        capacity=offer.capacity, caseload=caseload, vetted=True, active=True,
        trained=offer.trained_until is not None and offer.trained_until > today, **_both(said, said["meet"], regions, MENTOR),
    )  # fmt: skip
