"""Beginning an election, standing, voting, calling it off. Who stands or votes is not in the trail of audit."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import i18n
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import belonging, taking_back, talking
from app.domain.groups import rules as groups
from app.domain.groups.electing import box, reading, rules
from app.domain.groups.electing.reading import Held
from app.domain.groups.rules import Seat
from app.domain.groups.wording import ROLES
from app.models.groups import Group, GroupCandidate, GroupElection, Outcome, Post, Topic
from app.schemas.groups import BeginElection, StandForRole, StartTopic, WritePost

WITHDRAWN = "candidacy"  # in the ledger of erasures: somebody stood, and then no longer
OVER = "election"  # in the ledger too: it has ended, and is not held again from a restored older copy
BEGUN = N_("One of your groups chooses who takes on a role. You can stand until %(day)s; then all of you vote.")
CALLED_OFF = N_("An election in which you stood was called off.")


def link(group_ref: str, ref: str) -> str:
    """Return the address of an election."""
    return f"/g/{group_ref}/elections/{ref}"


def begin(db: Session, actor: Actor, group: Group, seat: Seat, wish: BeginElection) -> GroupElection:
    """Begin an election; everybody in the group is told once. Invalid says why not."""
    today = now().date()
    belonging.hold(db, group)  # of two who begin at once, one sees the other's
    groups.check_bound(group.template)
    require(rules.may_begin(actor, seat, reading.cared_for(db, group.id, today), today))
    rules.check_role(wish.role)
    before = reading.of_group(db, group.id)
    last = before[0] if before else None
    stopped = last is not None and last.outcome == Outcome.STOPPED
    rules.check_begin(any(one.outcome is None for one in before), last.begun_on if last else None, today, stopped=stopped)
    hands_on = actor.me if wish.hand_on and seat.role == wish.role else None
    election = called(db, group, wish, hands_on)
    audit.record(db, actor, "group.election", "group", group.id, role=wish.role.value)
    return election


def called(db: Session, group: Group, wish: BeginElection, hands_on: UUID | None = None) -> GroupElection:
    """Begin an election without asking who wants it: for ``begin``, and for a group that nobody cares for."""
    stand_until = now().date() + timedelta(days=wish.stand_days)
    election = GroupElection(
        ref=new_ref(), group_id=group.id, role=wish.role, begun_on=now().date(), stand_until=stand_until,
        vote_until=stand_until + timedelta(days=wish.vote_days), hands_on_id=hands_on, box=box.closed(box.Box()),
    )  # fmt: skip
    db.add(election)
    db.flush()
    there = link(group.ref, election.ref)
    accounts.tell_all(db, ((one, there) for one in reading.in_group(db, group.id)), BEGUN, day=stand_until.isoformat())
    return election


def stand(db: Session, actor: Actor, held: Held, wish: StandForRole) -> None:
    """Stand, with a few words or without; the words are a post in the talk of the group, looked at as every other."""
    require(rules.may_stand(actor, held.seat, held.group.state, held.stands))
    if len(held.standing) >= reading.MOST:
        raise Invalid("", _("%(n)s people stand already.", n=reading.MOST))
    post_id = _say(db, actor, held, wish) if wish.words else None
    db.add(GroupCandidate(election_id=held.election.id, member_id=actor.me, post_id=post_id))
    db.flush()


def _say(db: Session, actor: Actor, held: Held, wish: StandForRole) -> UUID:
    group, election = held.group, held.election
    topic = db.get(Topic, election.topic_id) if election.topic_id else None
    if topic is not None:
        there = talking.Where(group.id, group.ref, topic.id, topic.ref, held.seat)
        return talking.write(db, actor, there, WritePost(body=wish.words, language=wish.language)).id
    with i18n.speaking(group.language if group.language in i18n.available() else "en"):
        title = _("Who stands: %(role)s", role=_(ROLES[election.role]))
    first = StartTopic(title=title, body=wish.words, language=wish.language)
    sent = talking.start_topic(db, actor, group, held.seat, first)
    election.topic_id = db.get_one(Post, sent.id).topic_id
    db.flush()
    return sent.id


def withdraw(db: Session, actor: Actor, held: Held) -> None:
    """Stand no longer; the words go too, and votes that were given for it count for nobody."""
    require(rules.may_withdraw(actor, held.stands))
    wanted = select(GroupCandidate).where(
        GroupCandidate.election_id == held.election.id, GroupCandidate.member_id == actor.me
    )  # fmt: skip
    mine = db.exec(wanted).one()
    post = db.get(Post, mine.post_id) if mine.post_id else None
    if post is not None and groups.may_delete_post(actor, post.author_id, post.state):
        taking_back.delete(db, actor, post)
    ledger.remember(db, WITHDRAWN, mine.id)
    db.delete(mine)
    db.flush()


def vote(db: Session, actor: Actor, held: Held, choice: str) -> None:
    """Vote, once: ``held`` was read with the lock. Nothing is kept that joins a person and a choice."""
    require(rules.may_vote(actor, held.seat, held.group.state, held.stands))
    if choice != box.NONE and choice not in {one.id.hex for one in held.standing}:
        raise Invalid("ballot", _("This person does not stand any more. Choose again."))
    inside = box.opened(held.election.box)
    inside.voted.add(inside.mark(actor.me))
    inside.votes[choice] = inside.votes.get(choice, 0) + 1
    held.election.box = box.closed(inside)
    db.flush()


def stop(db: Session, actor: Actor, held: Held) -> None:
    """Call an election off before the vote; who stood is told."""
    require(rules.may_stop(actor, held.seat, now().date(), held.stands))
    there = link(held.group.ref, held.election.ref)
    accounts.tell_all(db, [(one.member_id, there) for one in held.standing], CALLED_OFF)
    close(db, held.election, Outcome.STOPPED)
    audit.record(db, actor, "group.election_stopped", "group", held.group.id)


def close(db: Session, election: GroupElection, outcome: Outcome) -> None:
    """End an election: the box is emptied for good, and a restored older copy does not open it again."""
    election.outcome, election.ended_on, election.box, election.hands_on_id = outcome, now().date(), None, None
    ledger.remember(db, OVER, election.id)
    db.flush()


def withdraw_again(db: Session, candidate_id: UUID) -> bool:
    """Take back a candidacy that a restored older copy brought back; return whether it was there."""
    table: sa.Table = GroupCandidate.__table__  # type: ignore[attr-defined]
    return bool(db.execute(sa.delete(table).where(table.c.id == candidate_id)).rowcount)  # type: ignore[attr-defined]


def close_again(db: Session, election_id: UUID) -> bool:
    """End an election that a restored older copy brought back running; return whether it was there."""
    election = db.get(GroupElection, election_id)
    if election is None or election.outcome is not None:
        return False
    close(db, election, Outcome.LOST)
    return True
