"""What is read about applications and panels: of whom, by whom, and who has which tie."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain import limits
from app.domain.groups.measures import PUBLIC
from app.domain.money import moments
from app.domain.money import queries as money
from app.domain.money.granting import rules
from app.domain.money.granting.rules import Stage, Ties
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.groups import Group, GroupMember, GroupRole, GroupState, Visibility
from app.models.money import AskState, FundAsk, FundCall, FundScore, FundSeat, FundTie, SeatState

_KEEPS = col(GroupMember.role).in_((GroupRole.ORGANISER, GroupRole.MONEY))
_OTHER = Group.__table__.alias("other")  # type: ignore[attr-defined]
# Of an application that counts: sent, by a group that is still there.
LIVE = sa.and_(col(FundAsk.state) == AskState.SENT, col(Group.state) != GroupState.CLOSED)


_OF = sa.or_(col(GroupMember.group_id) == FundAsk.group_id, col(GroupMember.group_id) == FundAsk.with_group_id)
# Whoever competes, or did, chooses nobody who decides: those whom they named count once another coordinator names them.
NAMED_BY_RIVAL = sa.or_(
    col(FundSeat.rival),
    sa.exists().select_from(sa.join(FundAsk, GroupMember, _OF))
    .where(col(FundAsk.call_id) == FundSeat.call_id, col(FundAsk.state) == AskState.SENT)
    .where(col(GroupMember.member_id) == FundSeat.named_by, col(GroupMember.role) != GroupRole.MEMBER),
)  # fmt: skip


def not_here() -> NotFound:
    """Return what is said of an application or a panel that is not there, or not for this reader."""
    return NotFound(_("This page is not here."))


def call(db: Session, ref: str, *, lock: bool = False) -> FundCall:
    """Return a call that this network decides; NotFound for others."""
    found = money.call(db, ref, lock=lock)
    if not found.here or found.decide_on is None:
        raise not_here()
    return found


def stage(found: FundCall) -> Stage:
    """Return where the deciding of a call stands now."""
    today = moments.day_in(found.zone, now())
    opened, decided = found.scores_open_at is not None, found.decided_at is not None
    return rules.stage_of(money.state(found), found.decide_on or today, opened, decided, today)


def of_group(db: Session, call_id: UUID, group_id: UUID) -> FundAsk | None:
    """Return a group's own application, withdrawn or not."""
    wanted = select(FundAsk).where(FundAsk.call_id == call_id, FundAsk.group_id == group_id)
    return db.exec(wanted.execution_options(populate_existing=True)).first()


def linked(ask: FundAsk, found: FundCall) -> bool:
    """Say whether two groups are part of an application: from the deadline on only where the other one said yes."""
    return ask.with_group_id is not None and (ask.with_yes or found.closes_at > now())


def _joined(group_id: UUID) -> sa.ColumnElement[bool]:
    """Return, of applications joined with their calls, the condition that this group is the other one: see linked."""
    return sa.and_(col(FundAsk.with_group_id) == group_id, sa.or_(col(FundAsk.with_yes), col(FundCall.closes_at) > now()))


def joined(db: Session, call_id: UUID, group_id: UUID) -> FundAsk | None:
    """Return the application of another group that this one is part of: see linked."""
    wanted = select(FundAsk).join(FundCall, col(FundCall.id) == FundAsk.call_id)
    mine = FundAsk.call_id == call_id, _joined(group_id), FundAsk.state != AskState.WITHDRAWN
    return db.exec(wanted.where(*mine).execution_options(populate_existing=True)).first()


def all_of_group(db: Session, group_id: UUID) -> Sequence[Any]:
    """Return the newest fifty applications of a group, its own and those of others that it is part of, each with its call."""
    mine = sa.or_(col(FundAsk.group_id) == group_id, _joined(group_id))
    wanted = select(FundAsk, FundCall).join(FundCall, col(FundCall.id) == FundAsk.call_id).where(mine)
    return db.exec(wanted.order_by(col(FundAsk.id).desc()).limit(50)).all()


def kept_groups(db: Session, member_id: UUID, today: date) -> Sequence[Group]:
    """Return the groups for which somebody may apply today."""
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > today)
    wanted = select(Group).join(GroupMember, col(GroupMember.group_id) == Group.id).where(
        GroupMember.member_id == member_id, _KEEPS, lasts, col(Group.state).in_((GroupState.SHOWN, GroupState.WAITS))
    )  # fmt: skip
    return db.exec(wanted.order_by(Group.name, col(Group.id)).limit(50)).all()


def keepers(db: Session, group_ids: Iterable[UUID]) -> Sequence[tuple[UUID, str]]:
    """Return who cares for these groups or keeps their accounts today, each with the address part of the group."""
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > now().date())
    wanted = (
        sa.select(col(GroupMember.member_id), col(Group.ref)).join(Group, col(Group.id) == GroupMember.group_id)
        .join(Member, col(Member.id) == GroupMember.member_id)
        .where(col(GroupMember.group_id).in_(list(group_ids)), _KEEPS, lasts, col(Group.state) != GroupState.CLOSED)
        .where(col(Member.status).in_((MemberStatus.ACTIVE, MemberStatus.PAUSED)))
    )  # fmt: skip
    return [(member_id, ref) for member_id, ref in db.execute(wanted)]


def asking(db: Session, found: FundCall) -> Sequence[tuple[UUID, str]]:
    """Return who may apply for the groups that ask in a call, or have begun to, each with the address part of the group."""
    rows = db.exec(select(FundAsk).where(FundAsk.call_id == found.id, col(FundAsk.state) != AskState.WITHDRAWN)).all()
    ids = {one.group_id for one in rows} | {one.with_group_id for one in rows if linked(one, found) and one.with_group_id}
    return keepers(db, ids) if ids else ()


def live(db: Session, call_id: UUID) -> list[FundAsk]:
    """Return the applications that count, at most as many as a panel can read."""
    wanted = select(FundAsk).join(Group, col(Group.id) == FundAsk.group_id).where(FundAsk.call_id == call_id, LIVE)
    return list(db.exec(wanted.order_by(col(FundAsk.ref)).limit(rules.MOST_ASKS)).all())


def sent(db: Session, call_id: UUID) -> int:
    """Return how many applications were sent."""
    wanted = sa.select(sa.func.count()).where(col(FundAsk.call_id) == call_id, col(FundAsk.state) == AskState.SENT)
    return int(db.execute(wanted).scalar_one())


def seat(db: Session, call_id: UUID, member_id: UUID | None) -> FundSeat | None:
    """Return somebody's seat on a panel."""
    return db.exec(select(FundSeat).where(FundSeat.call_id == call_id, FundSeat.member_id == member_id)).first()


def sits(db: Session, call_id: UUID, member_id: UUID) -> bool:
    """Say whether somebody is asked to sit on a panel, or said yes to it."""
    found = seat(db, call_id, member_id)
    return found is not None and found.state in (SeatState.ASKED, SeatState.SITS)


def _works() -> sa.ColumnElement[bool]:
    """Return, of seats joined with their members, the condition that somebody who said yes takes part in the work today."""
    return sa.and_(
        col(FundSeat.state) == SeatState.SITS, col(FundSeat.until_on) >= now().date(),
        col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()), ~NAMED_BY_RIVAL,
    )  # fmt: skip


def seats(db: Session, call_id: UUID) -> Sequence[tuple[FundSeat, str, bool]]:
    """Return the seats of a panel, each with the name of the person and whether they work on it today."""
    wanted = select(FundSeat, Member.name, _works().label("works")).join(Member, col(Member.id) == FundSeat.member_id)
    return db.exec(wanted.where(FundSeat.call_id == call_id).order_by(Member.name)).all()


class Sitting(NamedTuple):
    """Who works on a panel today; ``rests``: somebody who said yes does not, because they pause, a decision stops them,
    their term is over, or whoever named them competes by now."""

    works: list[FundSeat]
    rests: bool


def sitting(db: Session, call_id: UUID) -> Sitting:
    """Return who works on a panel today, of those who said yes."""
    wanted = sa.select(FundSeat, _works().label("works")).join(Member, col(Member.id) == FundSeat.member_id)
    said_yes = col(FundSeat.call_id) == call_id, col(FundSeat.state) == SeatState.SITS
    rows = db.execute(wanted.where(*said_yes).order_by(col(FundSeat.id))).all()
    return Sitting([seat for seat, works in rows if works], not all(works for _seat, works in rows))


def ties(db: Session, call_id: UUID, member_ids: Sequence[UUID]) -> dict[UUID, Ties]:
    """Return who of these takes no part in what: by what they belong to now, and by what was noted before; two statements."""
    whole: set[UUID] = set()
    some: dict[UUID, set[UUID]] = defaultdict(set)
    belongs = (
        sa.select(col(GroupMember.member_id), col(FundAsk.id), col(GroupMember.role)).select_from(FundAsk).join(GroupMember, _OF)
        .where(col(FundAsk.call_id) == call_id, col(FundAsk.state) == AskState.SENT, col(GroupMember.member_id).in_(member_ids))
    )  # fmt: skip
    for member_id, ask_id, role in db.execute(belongs):
        some[member_id].add(ask_id)
        if role != GroupRole.MEMBER:
            whole.add(member_id)
    noted = sa.select(col(FundTie.member_id), col(FundTie.ask_id), col(FundTie.competes))
    for member_id, ask_id, competes in db.execute(
        noted.where(col(FundTie.call_id) == call_id, col(FundTie.member_id).in_(member_ids))
    ):
        some[member_id].add(ask_id)
        if competes:
            whole.add(member_id)
    return {one: Ties(one in whole, frozenset(some.get(one, ()))) for one in member_ids}


def panels_of(db: Session, member_id: UUID) -> list[tuple[FundSeat, FundCall]]:
    """Return the newest fifty panels that somebody is asked to sit on, or sits on, each with its call."""
    wanted = select(FundSeat, FundCall).join(FundCall, col(FundCall.id) == FundSeat.call_id).where(
        FundSeat.member_id == member_id, col(FundSeat.state).in_((SeatState.ASKED, SeatState.SITS))
    )  # fmt: skip
    return list(db.exec(wanted.order_by(col(FundSeat.id).desc()).limit(50)).all())


def named_by_rival(db: Session, seat_id: UUID) -> bool:
    """Say whether somebody on a panel was named by somebody who has a role in a group that asks."""
    return db.exec(select(FundSeat.id).where(FundSeat.id == seat_id, NAMED_BY_RIVAL)).first() is not None


def tied(db: Session, call_id: UUID, member_id: UUID) -> bool:
    """Say whether somebody belongs to a group that asks, had a role in one since, or has a role in one that has begun to."""
    asks = sa.or_(
        col(FundAsk.state) == AskState.SENT,  # of a draft only those learn who read it
        sa.and_(col(FundAsk.state) != AskState.WITHDRAWN, col(GroupMember.role) != GroupRole.MEMBER),
    )
    belongs = sa.exists().select_from(sa.join(FundAsk, GroupMember, _OF)).where(
        col(FundAsk.call_id) == call_id, asks, col(GroupMember.member_id) == member_id
    )  # fmt: skip
    return bool(db.execute(sa.select(sa.or_(belongs, _competed(call_id, member_id)))).scalar_one())


def _competed(call_id: UUID, member_id: Any) -> sa.ColumnElement[bool]:
    """Return the condition that somebody had a role in a group that asks, and has left it since."""
    return sa.exists().where(
        col(FundTie.call_id) == call_id, col(FundTie.member_id) == member_id, col(FundTie.competes)
    )  # fmt: skip


def namers(db: Session, call_id: UUID) -> list[UUID]:
    """Return the coordinators at work who belong to no group that asks, or has begun to: they name who sits on its panel."""
    today = now().date()
    asks = sa.exists().select_from(sa.join(FundAsk, GroupMember, _OF)).where(
        col(FundAsk.call_id) == call_id, col(FundAsk.state) != AskState.WITHDRAWN,
        col(GroupMember.member_id) == RoleGrant.member_id,
    )  # fmt: skip
    wanted = (
        sa.select(col(RoleGrant.member_id)).join(Member, col(Member.id) == RoleGrant.member_id).distinct()
        .where(col(RoleGrant.role) == Role.COORDINATOR, col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today)
        .where(col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE, ~asks)
        .where(~_competed(call_id, col(RoleGrant.member_id)))
    )  # fmt: skip
    return list(db.execute(wanted).scalars())


def officers(db: Session, call_id: UUID) -> dict[UUID, set[UUID]]:
    """Return by application which others share somebody with a role in their groups; nobody is named.

    A group that did not say yes is no part of an application: that somebody has a role there is told to no panel.
    """
    agreed = sa.or_(col(GroupMember.group_id) == FundAsk.group_id, sa.and_(_OF, col(FundAsk.with_yes)))
    wanted = (
        sa.select(col(GroupMember.member_id), col(FundAsk.id)).select_from(FundAsk).join(GroupMember, agreed)
        .where(col(FundAsk.call_id) == call_id, col(FundAsk.state) == AskState.SENT, col(GroupMember.role) != GroupRole.MEMBER)
        .distinct()
    )  # fmt: skip
    by_person: dict[UUID, set[UUID]] = defaultdict(set)
    for member_id, ask_id in db.execute(wanted):
        by_person[member_id].add(ask_id)
    shared: dict[UUID, set[UUID]] = defaultdict(set)
    for asks in by_person.values():
        for one in asks:
            shared[one] |= asks - {one}
    return shared


def scored(db: Session, call_id: UUID, member_id: UUID) -> bool:
    """Say whether somebody scored an application of a call."""
    wanted = select(FundScore.id).join(FundAsk, col(FundAsk.id) == FundScore.ask_id)
    return db.exec(wanted.where(FundAsk.call_id == call_id, FundScore.member_id == member_id)).first() is not None


def scores(db: Session, call_id: UUID) -> list[FundScore]:
    """Return all scores of a call."""
    wanted = select(FundScore).join(FundAsk, col(FundAsk.id) == FundScore.ask_id).where(FundAsk.call_id == call_id)
    return list(db.exec(wanted.order_by(col(FundScore.id))).all())


def name_of(db: Session, group_id: UUID | None) -> str:
    """Return the name of a group, "" for none."""
    return (db.exec(select(Group.name).where(Group.id == group_id)).first() or "") if group_id else ""


_NAMED = sa.and_(_OTHER.c.visibility == Visibility.LISTED, _OTHER.c.state == GroupState.SHOWN, col(FundAsk.with_yes))
_GRANTED = (
    sa.select(
        col(Group.ref), col(Group.name), col(Group.language), col(FundAsk.granted), col(FundAsk.reason),
        col(FundAsk.answer), col(FundAsk.appeal_right),
        sa.case((_NAMED, _OTHER.c.name)).label("other"),
    )
    .select_from(FundAsk).join(Group, col(Group.id) == FundAsk.group_id).outerjoin(_OTHER, _OTHER.c.id == FundAsk.with_group_id)
    .where(col(FundAsk.call_id) == sa.bindparam("call", type_=sa.Uuid()), col(FundAsk.granted) > 0, PUBLIC)
    .where(col(FundAsk.state) == AskState.SENT).order_by(col(FundAsk.granted).desc(), col(Group.name)).limit(rules.MOST_ASKS)
)  # fmt: skip


def granted(connection: sa.Connection, call_id: UUID) -> Sequence[Any]:
    """Return what listed groups were granted, with the reason; of groups that are not in the list nothing. One statement."""
    return connection.execute(_GRANTED, {"call": call_id}).all()
