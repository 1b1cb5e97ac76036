"""What is read of elections: how one stands, who stands, what they say, which are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.domain import limits
from app.domain.actor import Actor
from app.domain.groups import belonging, queries
from app.domain.groups.electing import box, rules
from app.domain.groups.electing.rules import Stands
from app.domain.groups.rules import Seat
from app.models.accounts import Member, MemberStatus
from app.models.groups import Group, GroupCandidate, GroupElection, GroupMember, GroupRole, Post, PostState

MOST = 50  # who stands in one election


@dataclass(frozen=True, slots=True)
class Held:
    """An election for somebody inside its group."""

    group: Group
    seat: Seat
    election: GroupElection
    stands: Stands
    standing: Sequence[Any]  # id, member_id, name, chosen, votes, words, language, post_ref, waits; by name


def held(db: Session, actor: Actor, ref: str, election_ref: str, *, lock: bool = False) -> Held:
    """Return an election of a group for those inside it; NotFound for everybody else. ``lock``: of two at once one waits."""
    group, seat = queries.inside(db, actor, ref)
    if lock:  # the group first, as everywhere: whoever leaves it takes what they stand for with them
        belonging.hold(db, group)
    wanted = select(GroupElection).where(GroupElection.group_id == group.id, GroupElection.ref == election_ref)
    found = db.exec((wanted.with_for_update() if lock else wanted).execution_options(populate_existing=True)).first()
    if found is None:
        raise queries.not_here()
    standing = candidates(db, found.id, actor.me)
    return Held(group, seat, found, _stands(db, actor, found, standing), standing)


def _stands(db: Session, actor: Actor, election: GroupElection, standing: Sequence[Any]) -> Stands:
    place = queries.place(db, election.group_id, actor.me)
    inside = box.opened(election.box)
    return Stands(
        rules.phase(election.stand_until, election.vote_until, election.outcome, now().date()), election.role,
        belonged=place is not None and place.joined_on <= election.begun_on,
        candidate=any(one.member_id == actor.member_id for one in standing), voted=inside.mark(actor.me) in inside.voted,
    )  # fmt: skip


def candidates(db: Session, election_id: UUID, me: UUID) -> Sequence[Any]:
    """Return who stands in an election, by name, with their words where the group reads them; oneself in every standing."""
    mine = col(GroupCandidate.member_id) == me
    here = sa.and_(col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()))
    reads = sa.or_(col(Post.state) == PostState.SHOWN, sa.and_(mine, col(Post.state) != PostState.DELETED))
    return db.execute(
        sa.select(
            col(GroupCandidate.id), col(GroupCandidate.member_id), col(Member.name), col(GroupCandidate.chosen),
            col(GroupCandidate.votes), col(Post.body).label("words"), col(Post.language), col(Post.ref).label("post_ref"),
            (col(Post.state) == PostState.HELD).label("waits"),
        )
        .join(Member, col(Member.id) == col(GroupCandidate.member_id))
        .outerjoin(Post, sa.and_(col(Post.id) == col(GroupCandidate.post_id), reads))
        .where(col(GroupCandidate.election_id) == election_id, sa.or_(here, mine)).order_by(col(Member.name)).limit(MOST)
    ).all()  # fmt: skip


def of_group(db: Session, group_id: UUID) -> list[GroupElection]:
    """Return the elections of a group, the newest first."""
    wanted = select(GroupElection).where(GroupElection.group_id == group_id).order_by(col(GroupElection.id).desc())
    return list(db.exec(wanted.limit(20)))


def cared_for(db: Session, group_id: UUID, today: date) -> bool:
    """Say whether somebody cares for a group today."""
    nobody = UUID(int=0)
    return queries.other_organisers(db, group_id, nobody, today) > 0


def may_stand_now(db: Session, election: GroupElection) -> dict[str, UUID]:
    """Return who stands when the votes are counted, by the id of the candidate: in the group, in good standing, free for it."""
    busy = sa.and_(col(GroupMember.role) == GroupRole.ORGANISER, sa.literal(election.role != GroupRole.ORGANISER))
    rows = db.execute(
        sa.select(col(GroupCandidate.id), col(GroupCandidate.member_id)).join(Member, col(Member.id) == GroupCandidate.member_id)
        .join(GroupMember, sa.and_(
            col(GroupMember.member_id) == GroupCandidate.member_id, col(GroupMember.group_id) == election.group_id,
        ))
        .where(col(GroupCandidate.election_id) == election.id, col(Member.status) == MemberStatus.ACTIVE)
        .where(limits.none_stops(now()), sa.not_(busy))
    ).all()  # fmt: skip
    return {row.id.hex: row.member_id for row in rows}


def electorate(db: Session, election: GroupElection) -> int:
    """Return how many may vote as things stand now."""
    wanted = (
        sa.select(sa.func.count()).select_from(GroupMember).join(Member, col(Member.id) == GroupMember.member_id)
        .where(col(GroupMember.group_id) == election.group_id, col(GroupMember.joined_on) <= election.begun_on)
        .where(col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()))
    )  # fmt: skip
    return int(db.execute(wanted).scalar_one())


def in_group(db: Session, group_id: UUID) -> Sequence[UUID]:
    """Return the active members of a group."""
    wanted = (
        sa.select(col(GroupMember.member_id)).join(Member, col(Member.id) == GroupMember.member_id)
        .where(col(GroupMember.group_id) == group_id, col(Member.status) == MemberStatus.ACTIVE)
    )  # fmt: skip
    return db.execute(wanted).scalars().all()
