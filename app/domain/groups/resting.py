"""Groups that nobody cares for: after 60 days their people are called to choose somebody, then they sleep; none is deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import days
from app.core.i18n import N_
from app.domain import limits, versions
from app.domain.accounts import actions as accounts
from app.domain.accounts import queries as people
from app.domain.audit import actions as audit
from app.domain.groups import hooks, roles, rules
from app.domain.groups.electing import actions as electing
from app.domain.groups.electing import reading
from app.models.accounts import Answer, Member, MemberStatus
from app.models.groups import Group, GroupElection, GroupMember, GroupRole, GroupState, Visibility
from app.schemas.groups import BeginElection

CALLED: Final = 60  # days without anybody who cares for it, after which its people are called to choose
SLEEPS: Final = 100  # days after which it sleeps: the election that was begun is over by then
CALL: Final = BeginElection(role=GroupRole.ORGANISER, stand_days=14, vote_days=14)
HELP: Final = N_("Nobody has cared for a group for 60 days. Its people were called to choose somebody; perhaps they need a hand.")
_G, _S, _P = Group.__table__, GroupMember.__table__, Member.__table__  # type: ignore[attr-defined]
_OPEN = sa.and_(_G.c.state.in_((GroupState.SHOWN, GroupState.WAITS)), _G.c.template != rules.BOUND)


def _cared_for(moment: datetime) -> sa.ColumnElement[bool]:
    lasts = sa.or_(_S.c.role_until.is_(None), _S.c.role_until > moment.date())
    return sa.exists().where(
        _S.c.group_id == _G.c.id, _S.c.role == GroupRole.ORGANISER, lasts, _P.c.id == _S.c.member_id,
        _P.c.status == MemberStatus.ACTIVE, limits.none_stops(moment),
    )  # fmt: skip


def note(db: Session, moment: datetime) -> int:
    """Write down since when nobody cares for a group, and wake those for which somebody does; return how many woke."""
    alone = sa.and_(_OPEN, _G.c.alone_since.is_(None), sa.not_(_cared_for(moment)))
    db.execute(sa.update(_G).where(alone).values(alone_since=moment.date()))
    again = db.execute(sa.select(_G.c.id).where(_G.c.alone_since.is_not(None), _cared_for(moment))).scalars().all()
    for group_id in again:
        roles.wake(db, group_id)
    return len(again)


def due(db: Session, moment: datetime) -> Sequence[UUID]:
    """Return the groups whose people have to be called, or that fall asleep; each is moved in a transaction of its own."""
    since = sa.exists().where(col(GroupElection.group_id) == _G.c.id, col(GroupElection.begun_on) >= _G.c.alone_since)
    runs = sa.exists().where(col(GroupElection.group_id) == _G.c.id, col(GroupElection.outcome).is_(None))
    calls = sa.and_(_G.c.alone_since <= (moment - days(CALLED)).date(), sa.not_(since))
    sleeps = sa.and_(_G.c.alone_since <= (moment - days(SLEEPS)).date(), _G.c.state == GroupState.SHOWN)
    return db.execute(
        sa.select(_G.c.id).where(_OPEN, sa.not_(runs), sa.or_(calls, sleeps)).order_by(_G.c.alone_since).limit(200)
    ).scalars().all()  # fmt: skip


def move(db: Session, group_id: UUID) -> None:
    """Call the people of a group to choose somebody, once; where that led to nobody, let it sleep."""
    group = db.get_one(Group, group_id, with_for_update=True, populate_existing=True)
    if group.alone_since is None:
        return
    before = reading.of_group(db, group_id)
    if not before or before[0].begun_on < group.alone_since:
        electing.called(db, group, CALL)
        audit.record(db, None, "group.election", "group", group_id, role=GroupRole.ORGANISER.value)
        tell_coordinators(db, group, HELP)
    elif group.state == GroupState.SHOWN and before[0].outcome is not None:
        _sleep(db, group)


def told_since(db: Session, group: Group, sentence: str, moment: datetime) -> bool:
    """Say whether a coordinator was told this of the group since then."""
    of_it = (
        col(Answer.member_id).in_(people.coordinators(db)), col(Answer.sentence) == sentence,
        col(Answer.link) == f"/g/{group.ref}/about", col(Answer.at) >= moment,
    )  # fmt: skip
    return db.execute(sa.select(col(Answer.id)).where(*of_it).limit(1)).first() is not None


def tell_coordinators(db: Session, group: Group, sentence: str) -> bool:
    """Tell who could lend a hand, and say whether anybody was told.

    Only of a group that everybody finds: of another one nobody outside learns.
    """
    if group.visibility != Visibility.LISTED or group.state != GroupState.SHOWN:
        return False
    who = people.coordinators(db)
    accounts.tell_all(db, [(one, f"/g/{group.ref}/about") for one in who], sentence)
    return bool(who)


def _sleep(db: Session, group: Group) -> None:
    group.state, group.asleep = GroupState.WAITS, True
    db.flush()
    if group.visibility == Visibility.LISTED:
        versions.bump(db, versions.GROUPS)
    hooks.tell_moved(db, group)
    audit.record(db, None, "group.sleeps", "group", group.id)
