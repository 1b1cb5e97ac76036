"""Coming into a group, one's place in it, roles with an end, and leaving."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core.clock import days, now
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.ids import new_id
from app.core.verdict import require
from app.domain import ledger, versions
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import hooks, queries, rules, taking_back, talking
from app.domain.groups.rules import Seat
from app.domain.groups.wording import KINDS, LEAVING, STEPS_ON
from app.models.groups import (
    Group,
    GroupLeaving,
    GroupMember,
    GroupRequest,
    GroupRole,
    GroupState,
    JoinPolicy,
    RequestState,
    Visibility,
)
from app.schemas.groups import JoinGroup, LeaveGroup

# In the ledger of erasures: a place that was left, without and with what was written there; a wish that was taken back; what
# somebody no longer says that they are here.
LEFT, LEFT_WITH_WORDS, ASKED = "place", "place and words", "wish"
UNSAID, UNSAID_STEP, UNSAID_BOTH = "unsaid", "unsaid step", "unsaid both"
_UNSAYS = {"kind": (UNSAID, UNSAID_BOTH), "step": (UNSAID_STEP, UNSAID_BOTH)}
UNANSWERED = N_("You asked to come into a group, and nobody answered for 30 days. What you wrote is deleted; you can ask again.")
_S: sa.Table = GroupMember.__table__  # type: ignore[attr-defined]
_G: sa.Table = Group.__table__  # type: ignore[attr-defined]


def join(db: Session, actor: Actor, group: Group, seat: Seat, wish: JoinGroup) -> bool:
    """Come in, or ask to; return whether one is in. Invalid says what is missing."""
    require(rules.may_join(actor, group.join_policy, seat))
    check_woman(group, wish.woman)
    if group.join_policy == JoinPolicy.ASK:
        _ask(db, actor, group, wish.answer)
        return False
    take_in(db, group, actor.me)  # not in the trail of audit: that would tell for ever who belonged where
    return True


def check_woman(group: Group, woman: bool) -> None:
    """Raise Invalid where a group is for women and nobody said that they are one; the answer is kept nowhere."""
    if group.women_only and not woman:
        raise Invalid("woman", _("This group is for women. Say that you are one, or choose another group."))


def take_in(db: Session, group: Group, member_id: UUID) -> bool:
    """Let somebody belong to the group, once; return whether they are new."""
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"id": new_id(), "group_id": group.id, "member_id": member_id, "joined_on": now().date(), "fresh_from": now()}
    insert = insert_into(_S).values(role=GroupRole.MEMBER, **row).on_conflict_do_nothing()
    if db.execute(insert.returning(_S.c.id)).first() is None:
        return False
    db.execute(sa.update(_G).where(_G.c.id == group.id).values(members=_G.c.members + 1))
    waiting = sa.and_(col(GroupRequest.group_id) == group.id, col(GroupRequest.member_id) == member_id)
    db.execute(sa.delete(GroupRequest).where(waiting, col(GroupRequest.state) == RequestState.WAITING))  # nothing left to answer
    return True


def _ask(db: Session, actor: Actor, group: Group, answer: str) -> None:
    if not answer:
        raise Invalid("answer", _("Write a few words, so that somebody can say yes."))
    before = queries.request_of(db, group.id, actor.me)
    if before is not None and before.state == RequestState.WAITING:
        raise Invalid("", _("You have asked already. Somebody answers you under My answers."))
    if before is None:
        before = GroupRequest(group_id=group.id, member_id=actor.me, asked_at=now())
    before.state, before.answer, before.reason = RequestState.WAITING, answer, None
    before.asked_at, before.decided_at = now(), None
    db.add(before)
    db.flush()


def withdraw(db: Session, actor: Actor, ref: str) -> bool:
    """Take back one's wish to come in with its words, also where the group is not shown any more; say whether there was one."""
    group_id = select(Group.id).where(Group.ref == ref).scalar_subquery()
    mine = sa.and_(col(GroupRequest.member_id) == actor.me, col(GroupRequest.group_id) == group_id)
    waits = sa.and_(mine, col(GroupRequest.state) == RequestState.WAITING)
    gone = db.execute(sa.delete(GroupRequest).where(waits).returning(col(GroupRequest.id))).scalar()
    if gone is not None:
        ledger.remember(db, ASKED, gone)
    return gone is not None


def withdraw_again(db: Session, request_id: UUID) -> bool:
    """Take back a wish that a restored older copy brought back; return whether it was there."""
    return bool(db.execute(sa.delete(GroupRequest).where(col(GroupRequest.id) == request_id)).rowcount)  # type: ignore[attr-defined]


def end_old_requests(db: Session, moment: datetime) -> int:
    """Erase the wishes that nobody answered in time; whoever asked is told, and can ask anew. Return how many it was."""
    old = sa.and_(col(GroupRequest.state) == RequestState.WAITING, col(GroupRequest.asked_at) < moment - days(rules.ASKED_DAYS))
    asked = db.execute(sa.delete(GroupRequest).where(old).returning(col(GroupRequest.member_id))).scalars().all()
    for member_id in asked:
        accounts.tell(db, member_id, UNANSWERED)
    return len(asked)


def answer_request(db: Session, actor: Actor, group: Group, seat: Seat, request_id: UUID, accept: bool, reason: str = "") -> None:
    """Let somebody in who asked, or not with a reason; they are told, and what they wrote is erased."""
    require(rules.may_care(actor, seat, now().date()))
    found = db.get(GroupRequest, request_id, with_for_update=True)
    if found is None or found.group_id != group.id or found.state != RequestState.WAITING:
        raise Invalid("", _("Somebody else has answered this already."))
    if not accept and not reason:
        raise Invalid("reason", _("Write the reason. The person reads it."))
    found.state = RequestState.ACCEPTED if accept else RequestState.REFUSED
    found.answer, found.reason, found.decided_at = None, reason or None, now()
    db.flush()
    if accept:
        take_in(db, group, found.member_id)
        said = N_("You asked to come into a group. The answer is yes: you are in.")
    else:
        said = N_("You asked to come into a group. The answer is no. The reason stands below.")
    accounts.tell(db, found.member_id, said, note=reason, link=f"/g/{group.ref}")
    audit.record(db, actor, "group.accept" if accept else "group.refuse", "group", group.id)


def set_kind(db: Session, actor: Actor, group: Group, seat: Seat, kind: str) -> None:
    """Say privately what one is here, or take it back; nobody else ever reads it."""
    require(rules.may_belong(actor, seat))
    if kind and kind not in KINDS:
        raise Invalid("kind", _("Choose one of these."))
    place = queries.place(db, group.id, actor.me)
    if place is not None:
        had, place.kind = place.kind, kind or None
        _note_unsaid(db, place, bool(had))


def set_step(db: Session, actor: Actor, group: Group, seat: Seat, step: str) -> None:
    """Say privately that one has gone a step further, or take it back; nobody else reads it, and no right hangs on it."""
    require(rules.may_belong(actor, seat))
    if step and step not in STEPS_ON:
        raise Invalid("step", _("Choose one of these."))
    place = queries.place(db, group.id, actor.me)
    if place is not None:
        had, place.step = place.step, step or None
        _note_unsaid(db, place, bool(had))


def _note_unsaid(db: Session, place: GroupMember, had: bool) -> None:
    """Remember what of a place is empty once something was taken back: the ledger holds one word for each."""
    db.flush()
    if place.kind and place.step:
        ledger.forget(db, [place.id])
    elif had or ledger.since(db, place.id):
        ledger.remember(db, UNSAID_STEP if place.kind else UNSAID if place.step else UNSAID_BOTH, place.id)


def unsay_again(db: Session, kind: str, place_id: UUID) -> bool:
    """Empty what somebody took back of what they are here, after a restored older copy; return whether it was there."""
    emptied = {name: None for name, kinds in _UNSAYS.items() if kind in kinds}
    said = sa.and_(_S.c.id == place_id, sa.or_(*(_S.c[name].is_not(None) for name in emptied)))
    return bool(db.execute(sa.update(_S).where(said).values(emptied)).rowcount)  # type: ignore[attr-defined]


def leave(db: Session, actor: Actor, group: Group, seat: Seat, wish: LeaveGroup) -> None:
    """Leave; the reason is kept without the person and without the day. The last organiser names a successor first."""
    hold(db, group)
    others = queries.other_organisers(db, group.id, actor.me, now().date())
    require(rules.may_leave(seat, others, group.members, bound=group.template == rules.BOUND))
    place = queries.place(db, group.id, actor.me)
    if place is not None and wish.reason in LEAVING and rules.says_why(place.joined_on, now().date()):
        # A random id: one of ours would tell the millisecond.
        db.add(GroupLeaving(id=uuid4(), group_id=group.id, reason=wish.reason, month=now().date().replace(day=1)))
    if place is not None:  # its id stands for the place: whoever comes back later has another one
        ledger.remember(db, LEFT_WITH_WORDS if wish.words == "go" else LEFT, place.id)
    _go(db, group.id, actor.me, wish.words == "go")


def leave_again(db: Session, kind: str, place_id: UUID) -> bool:
    """Take somebody out of the group that a restored older copy put them back into; return whether they were there."""
    place = db.get(GroupMember, place_id)
    if place is None:
        return False
    _go(db, place.group_id, place.member_id, kind == LEFT_WITH_WORDS)
    return True


def _go(db: Session, group_id: UUID, member_id: UUID, words: bool) -> None:
    if words:
        taking_back.delete_all(db, member_id, group_id)
        hooks.tell_words_go(db, group_id, member_id)
    taking_back.unname(db, member_id, group_id)
    take_out(db, group_id, member_id)
    rest(db, group_id)


def put_out(db: Session, group_id: UUID, member_id: UUID, *, words: bool = False) -> None:
    """Take somebody out for a feature that chose them, with what they wrote or without; once, also when it is restored."""
    place = queries.place(db, group_id, member_id)
    if place is not None:
        ledger.remember(db, LEFT_WITH_WORDS if words else LEFT, place.id)
        _go(db, group_id, member_id, words)


def rest(db: Session, group_id: UUID) -> None:
    """Close a group that nobody belongs to any more; one that nobody cares for is there for its members only."""
    group = db.get_one(Group, group_id, populate_existing=True)
    before = group.state
    was = before == GroupState.SHOWN and group.visibility == Visibility.LISTED
    cared_for = select(GroupMember.id).where(GroupMember.group_id == group_id, GroupMember.role == GroupRole.ORGANISER)
    alone = db.exec(cared_for).first() is None
    if group.members <= 0:
        group.state = GroupState.CLOSED
    elif alone and group.state == GroupState.SHOWN:
        group.state, group.asleep = GroupState.WAITS, True
    if group.members <= 0 or group.state == GroupState.WAITS:
        db.execute(sa.delete(GroupRequest).where(col(GroupRequest.group_id) == group_id))
    if was and group.state != GroupState.SHOWN:
        versions.bump(db, versions.GROUPS)
    db.flush()
    if alone or group.state != before:  # one that waited already is looked after by nobody now
        hooks.tell_moved(db, group)


def take_out(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Let somebody belong to the group no longer: their place and how far they have read are gone."""
    hooks.tell_place_moves(db, group_id, member_id)
    gone = db.execute(sa.delete(_S).where(_S.c.group_id == group_id, _S.c.member_id == member_id).returning(_S.c.id)).first()
    if gone is not None:
        db.execute(sa.update(_G).where(_G.c.id == group_id).values(members=_G.c.members - 1))
    talking.forget_reading(db, member_id, group_id)
    hooks.tell_taken_out(db, group_id, member_id)


def hold(db: Session, group: Group) -> None:
    """Lock the group for this transaction: of two who leave at once, one sees that the other has gone."""
    db.exec(select(Group.id).where(col(Group.id) == group.id).with_for_update()).one()


def end_of(until: date) -> datetime:
    """Return the moment at which the day is over."""
    return datetime.combine(until + timedelta(days=1), time(), UTC)
