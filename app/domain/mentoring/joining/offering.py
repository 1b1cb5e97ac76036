"""Offering to be a mentor: step by step, sent to the desk; a pause and a way back in one tap each."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts import power
from app.domain.actor import Actor
from app.domain.mentoring.joining import checking, keeping, rules
from app.domain.mentoring.joining.packets import EMPTY
from app.domain.mentoring.rounds import moving
from app.domain.mentoring.training import records
from app.models.accounts import Role, RoleGrant
from app.models.mentoring import Mentor, MentorState, MentorWord

STEPPED_BACK: Final = "mentor"  # in the ledger of erasures


def save(db: Session, actor: Actor, step: str, data: BaseModel, seen: int) -> None:
    """Keep one step. What a panel looks at is closed once it was sent; places, times and whom to meet stay open."""
    row = keeping.begun(db, Mentor, actor.me, seen)
    require(rules.may_offer(actor, row.state, row.decided_on, now().date()))
    _begin_anew(db, row)
    require(rules.may_change(row.state, step))
    content = checking.content(db, step, data)
    if step == "words":
        if not content.pop("agreed"):
            raise Invalid("agreed", _("Mentors here keep to these rules. Without a yes it cannot go on."))
        row.why, row.ties, row.agreed_on = content.pop("why"), content.pop("ties"), now().date()
    moving.said_anew(db, row.member_id, as_mentor=True)
    if step == "meet":
        row.capacity = content["capacity"]
    keeping.put(db, row, step, content)


def _begin_anew(db: Session, row: Mentor) -> None:
    """Empty an offer that was answered with no long ago: whoever offers again says it anew, and so do others."""
    if row.state == MentorState.DECLINED:
        db.execute(sa.delete(MentorWord).where(col(MentorWord.mentor_id) == row.id))
        row.state, row.said, row.why, row.ties = MentorState.BEGUN, EMPTY, "", ""
        row.agreed_on, row.applied_on, row.decided_on, row.panel = None, None, None, 0
        records.forget(db, row)


def send(db: Session, actor: Actor, seen: int) -> None:
    """Send the offer to the desk."""
    require(rules.may_ask(actor))
    row = keeping.begun(db, Mentor, actor.me, seen)
    require(rules.may_send(row.state, rules.missing(rules.OFFER, set(keeping.told(row)))))
    row.state, row.applied_on = MentorState.APPLIED, now().date()
    keeping.touch(db, row)


def _mine(db: Session, actor: Actor) -> Mentor:
    row = keeping.own(db, Mentor, actor.me, lock=True)
    if row is None:
        raise NotFound(_("This page is not here."))
    return row


def pause(db: Session, actor: Actor) -> None:
    """Let nobody new come, until the mentor goes on."""
    require(rules.may_take_back(actor))
    row = _mine(db, actor)
    require(rules.may_pause(row.state))
    row.state = MentorState.PAUSED
    moving.said_anew(db, row.member_id, as_mentor=True)
    keeping.touch(db, row)


def go_on(db: Session, actor: Actor) -> None:
    """End the pause."""
    row = _mine(db, actor)
    require(rules.may_go_on(actor, row.state))
    row.state = MentorState.ACTIVE
    keeping.touch(db, row)


def step_back(db: Session, actor: Actor) -> None:
    """Take the offer back, or be a mentor no more: everything about it is erased, what others said too."""
    row = _mine(db, actor)
    require(rules.may_step_back(actor, row.state))
    moving.mentor_goes(db, row.member_id)
    ledger.remember(db, STEPPED_BACK, row.id)
    lay_down(db, actor, row)
    erase(db, row)


def erase(db: Session, row: Mentor) -> None:
    """Erase an offer with all words about it, and what was learned."""
    records.forget(db, row)
    db.execute(sa.delete(MentorWord).where(col(MentorWord.mentor_id) == row.id))
    db.delete(row)
    db.flush()


def close(db: Session, row: Mentor) -> None:
    """End somebody's time as a mentor by a decision: it stands for a while, and nobody supervises any more."""
    row.state, row.decided_on, row.supervisor_id = MentorState.DECLINED, now().date(), None
    records.forget(db, row)
    row.row_version += 1
    db.add(row)
    db.flush()


def role_of(db: Session, member_id: UUID) -> RoleGrant | None:
    """Return the role of a mentor that somebody holds today; there is one at most."""
    return db.exec(
        select(RoleGrant).where(
            RoleGrant.member_id == member_id, RoleGrant.role == Role.MENTOR, RoleGrant.until_on > now().date(),
            col(RoleGrant.ended_on).is_(None),
        )
    ).first()  # fmt: skip


def ended_early(db: Session, member_id: UUID) -> bool:
    """Say whether the last role of a mentor that somebody held ended before its day, whoever ended it."""
    held = select(RoleGrant).where(RoleGrant.member_id == member_id, RoleGrant.role == Role.MENTOR)
    last = db.exec(held.order_by(col(RoleGrant.id).desc()).limit(1)).first()
    return last is not None and last.ended_on is not None


def lay_down(db: Session, actor: Actor, row: Mentor) -> None:
    """End the role of a mentor."""
    held = role_of(db, row.member_id)
    if held is not None:
        power.end_role(db, actor, held.id)
