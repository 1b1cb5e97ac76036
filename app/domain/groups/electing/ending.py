"""Elections by the clock: calling to the vote, counting, forgetting; and what goes when somebody leaves or their account ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.accounts.export_words import Coded
from app.domain.audit import actions as audit
from app.domain.groups import belonging, hooks, roles
from app.domain.groups.electing import box, reading, rules
from app.domain.groups.electing.actions import close, link
from app.domain.groups.electing.wording import OUTCOMES
from app.domain.groups.wording import ROLES
from app.models.groups import Group, GroupCandidate, GroupElection, GroupMember, Outcome

VOTE_NOW = N_("You can vote in one of your groups, until %(day)s. The vote is secret.")
VOTED = (Outcome.CHOSEN, Outcome.NONE, Outcome.TIED)  # where numbers would say something
COUNTED = N_("An election in which you stood is over. The result stands in the group.")
_E, _C = GroupElection.__table__, GroupCandidate.__table__  # type: ignore[attr-defined]


def due(db: Session) -> Sequence[UUID]:
    """Return the elections that have to be called to the vote or counted today; each is moved in a transaction of its own."""
    today = now().date()
    calls = sa.and_(_E.c.called.is_(False), _E.c.stand_until < today)
    return db.execute(
        sa.select(_E.c.id).where(_E.c.outcome.is_(None), sa.or_(calls, _E.c.vote_until < today)).order_by(_E.c.id).limit(500)
    ).scalars().all()  # fmt: skip


def move(db: Session, election_id: UUID) -> None:
    """Call everybody to the vote, or count; safe to repeat."""
    found = db.get(GroupElection, election_id)
    if found is None:
        return
    group = db.get_one(Group, found.group_id)
    belonging.hold(db, group)  # before the election, as whoever votes and whoever leaves
    found = db.get_one(GroupElection, election_id, with_for_update=True, populate_existing=True)
    if found.outcome is not None:
        return
    phase = rules.phase(found.stand_until, found.vote_until, None, now().date())
    if phase == rules.Phase.COUNT:
        _count(db, group, found)
    elif phase == rules.Phase.VOTE and not reading.may_stand_now(db, found):
        _end(db, group, found, Outcome.NOBODY)
    elif phase == rules.Phase.VOTE and not found.called:
        found.called = True
        told = ((one, link(group.ref, found.ref)) for one in reading.in_group(db, group.id))
        accounts.tell_all(db, told, VOTE_NOW, day=found.vote_until.isoformat())


def _count(db: Session, group: Group, election: GroupElection) -> None:
    if group.state not in rules.OPEN:
        _end(db, group, election, Outcome.AWAY)
        return
    inside, standing = box.opened(election.box), reading.may_stand_now(db, election)
    outcome, first = rules.counted(inside.votes, set(standing), len(inside.voted), reading.electorate(db, election))
    told = _told(inside, standing) if outcome in VOTED else None
    for row in db.exec(select(GroupCandidate).where(GroupCandidate.election_id == election.id)).all():
        row.chosen, row.votes = row.id.hex == first, told.get(row.id.hex) if told else None
    hands_on = election.hands_on_id
    _end(db, group, election, outcome)
    if first:
        roles.take_on(db, group, standing[first], election.role, hands_on)


def _told(inside: box.Box, standing: dict[str, UUID]) -> dict[str, int] | None:
    """Return the numbers as they may be told, all of them or none: through the one function that protects numbers."""
    threshold = core_settings.current().disclosure_threshold
    return hooks.protect({one: inside.votes.get(one, 0) for one in [*standing, box.NONE]}, threshold)


def _end(db: Session, group: Group, election: GroupElection, outcome: Outcome) -> None:
    close(db, election, outcome)
    stood = db.exec(select(GroupCandidate.member_id).where(GroupCandidate.election_id == election.id)).all()
    accounts.tell_all(db, [(one, link(group.ref, election.ref)) for one in stood], COUNTED)
    audit.record(db, None, "group.elected", "group", group.id, outcome=outcome.value)


def left(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Somebody belongs to the group no longer: they stand in none of its elections, and hand nothing on."""
    of_group = sa.select(_E.c.id).where(_E.c.group_id == group_id)
    db.execute(sa.delete(_C).where(_C.c.member_id == member_id, _C.c.election_id.in_(of_group)))
    mine = sa.and_(_E.c.group_id == group_id, _E.c.hands_on_id == member_id)
    db.execute(sa.update(_E).where(mine).values(hands_on_id=None))


def forget_old(db: Session, moment: datetime) -> int:
    """Delete elections 90 days after their end, with who stood in them; return how many."""
    old = _E.c.ended_on < (moment - timedelta(days=rules.KEPT)).date()
    db.execute(sa.delete(_C).where(_C.c.election_id.in_(sa.select(_E.c.id).where(old))))
    return int(db.execute(sa.delete(_E).where(old)).rowcount)  # type: ignore[attr-defined]


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return in which elections a member stood, and of those that run in which they have voted; for whom is known to nobody."""
    stood = db.execute(
        sa.select(GroupElection, col(Group.name), col(GroupCandidate.chosen))
        .join(Group, col(Group.id) == GroupElection.group_id)
        .join(GroupCandidate, col(GroupCandidate.election_id) == GroupElection.id)
        .where(col(GroupCandidate.member_id) == member_id).order_by(col(GroupElection.id))
    ).all()  # fmt: skip
    run = db.execute(
        sa.select(GroupElection, col(Group.name)).join(Group, col(Group.id) == GroupElection.group_id)
        .join(GroupMember, col(GroupMember.group_id) == GroupElection.group_id)
        .where(col(GroupMember.member_id) == member_id, col(GroupElection.box).is_not(None)).order_by(col(GroupElection.id))
    ).all()  # fmt: skip
    boxes = [(e, name, box.opened(e.box)) for e, name in run]
    return {
        N_("elections in which I stood"): [
            {
                N_("group"): name, N_("role"): Coded(e.role.value, _(ROLES[e.role])), "on": e.begun_on,
                N_("result"): Coded(e.outcome.value, _(OUTCOMES[e.outcome])) if e.outcome else None, N_("chosen"): chosen,
            }
            for e, name, chosen in stood
        ],
        N_("elections in which I have voted"): [
            {N_("group"): name, "until": e.vote_until}
            for e, name, inside in boxes if inside.mark(member_id) in inside.voted
        ],
    }  # fmt: skip
