"""Note an order, answer it, confirm the answer; whom it is about is told then, or on the day until which the law forbids it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import N_, _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import limits
from app.domain.accounts import actions as accounts
from app.domain.accounts import queries
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.audit.wording import sentence
from app.domain.mentions import mentions
from app.domain.orders import rules
from app.domain.orders.wording import OUTCOMES, TOLD, WAITS
from app.models.accounts import Member, MemberStatus, RoleGrant
from app.models.engine import AuditEvent
from app.models.orders import LegalOrder, OrderAnswer
from app.schemas.orders import AnswerOrder, NameOrder, NoteOrder

MOST = 100


def listing(db: Session, actor: Actor) -> Sequence[LegalOrder]:
    """Return the last orders, the newest first, without those that are or may be about the actor; two statements."""
    require(rules.may_work(actor))
    mine = sa.or_(col(LegalOrder.about_id).is_(None), col(LegalOrder.about_id) != actor.me)
    found, name = db.exec(select(LegalOrder).where(mine).order_by(col(LegalOrder.id).desc()).limit(MOST)).all(), _name(db, actor.me)
    return [one for one in found if not mentions(name, "", one.asked)]


def get(db: Session, actor: Actor, ref: str) -> LegalOrder:
    """Return an order; NotFound for whom it is about, also where only its words name them."""
    found = db.exec(select(LegalOrder).where(LegalOrder.ref == ref)).first()
    if found is None or not rules.may_see(actor, found.about_id) or mentions(_name(db, actor.me), "", found.asked):
        raise NotFound(_("This page is not here."))
    return found


def _name(db: Session, member_id: UUID) -> str:
    found = queries.member_by_id(db, member_id)
    return found.name if found else ""


def name_of(db: Session, one: LegalOrder) -> str:
    """Return whose account an order is about, as others see the name, so that two people look at it; "" for nobody."""
    return _name(db, one.about_id) if one.about_id else ""


def note(db: Session, actor: Actor, wish: NoteOrder) -> LegalOrder:
    """Write down who asks by which law for what exactly, before anything is looked for.

    ``name``: of the account that it is about, as others see it; Invalid where nobody has it, or it is the actor's own.
    """
    require(rules.may_work(actor))
    about = _named(db, actor, wish.name)
    if mentions(_name(db, actor.me), "", wish.asked):
        raise Invalid("asked", _("It is about you, so somebody else has to write it down."))
    if wish.came_on > now().date():
        raise Invalid("came_on", _("This day has not come yet."))
    if wish.came_on < now().date() - rules.OLDEST:
        raise Invalid("came_on", _("This day is too long ago. Look at the year."))
    row = LegalOrder(
        ref=new_ref(), came_on=wish.came_on, noted_by=actor.me, about_id=about.id if about else None, asker=wish.asker,
        basis=wish.basis, asked=wish.asked,
    )  # fmt: skip
    db.add(row)
    db.flush()
    audit.record(db, actor, "order.noted", "order", row.id)
    return row


def _named(db: Session, actor: Actor, name: str) -> Member | None:
    about = queries.member_by_name(db, name) if name else None
    if name and (about is None or about.status == MemberStatus.GONE):
        raise Invalid("name", _("Nobody here has this name. Look at how they write it."))
    if about is not None and about.id == actor.member_id:
        raise Invalid("name", _("It is about you, so somebody else has to write it down."))
    return about


def rename(db: Session, actor: Actor, ref: str, wish: NameOrder) -> None:
    """Put right whose account an order is about, until it is closed; what was answered is written and confirmed anew.

    Raises what note() raises about a name, and Conflict when somebody else wrote meanwhile.
    """
    found = _held(db, actor, ref, wish.row_version)
    about = _named(db, actor, wish.name)
    if found.about_id == (about.id if about else None):
        return
    _put_aside(db, found)
    found.about_id = about.id if about else None
    found.outcome = found.exists = found.given = found.notice = found.notice_on = found.answered_by = found.answered_at = None
    found.row_version += 1
    db.flush()
    audit.record(db, actor, "order.named", "order", found.id)


def refer(db: Session, actor: Actor, ref: str, evidence_id: UUID | None, seen: int) -> None:
    """Say which sealed copy an order is about, until it is closed; None for none. Conflict when somebody else wrote meanwhile."""
    found = _held(db, actor, ref, seen)
    found.evidence_id, found.row_version = evidence_id, found.row_version + 1
    db.flush()
    audit.record(db, actor, "order.referred", "order", found.id)


def earlier(db: Session, one: LegalOrder) -> Sequence[OrderAnswer]:
    """Return what was answered before and is replaced, the newest first."""
    kept = select(OrderAnswer).where(OrderAnswer.order_id == one.id).order_by(col(OrderAnswer.id).desc())
    return db.exec(kept.limit(MOST)).all()


def _held(db: Session, actor: Actor, ref: str, seen: int) -> LegalOrder:
    """Return an order that may still be written about, for this request alone; Conflict when it is not as it was seen."""
    found = get(db, actor, ref)
    db.refresh(found, with_for_update=True)
    require(rules.may_answer(actor, found.about_id, found.closed_on is not None))
    if found.row_version != seen:
        raise Conflict(_("Somebody else wrote something here meanwhile. Look at it again. Nothing you wrote is lost."))
    return found


def _put_aside(db: Session, found: LegalOrder) -> None:
    """Keep what is about to be replaced: it is the record of what somebody meant to hand over."""
    if found.answered_by is None or found.outcome is None or found.notice is None:
        return
    db.add(OrderAnswer(
        order_id=found.id, by_id=found.answered_by, at=found.answered_at or now(), outcome=found.outcome, exists=found.exists,
        given=found.given, notice=found.notice, notice_on=found.notice_on,
    ))  # fmt: skip


def trail(db: Session, one: LegalOrder) -> list[tuple[date, str]]:
    """Return what happened with an order, the newest first: the trail that everybody at the desk reads says nothing of orders."""
    of_it = select(AuditEvent.at, AuditEvent.verb).where(AuditEvent.subject_kind == "order", AuditEvent.subject_id == one.id)
    return [(at.date(), sentence(verb)) for at, verb in db.exec(of_it.order_by(col(AuditEvent.number).desc()).limit(MOST))]


def look(db: Session, actor: Actor, ref: str) -> LegalOrder:
    """Open an order: that somebody looked is recorded."""
    found = get(db, actor, ref)
    require(rules.may_see(actor, found.about_id))
    audit.record(db, actor, "order.looked", "order", found.id)
    return found


def answer(db: Session, actor: Actor, ref: str, wish: AnswerOrder) -> bool:
    """Write what becomes of an order, or confirm it; return whether it is closed.

    Another person has to confirm it unchanged, where there is one. Conflict when somebody else wrote meanwhile.
    """
    found = _held(db, actor, ref, wish.row_version)
    rules.check(wish.outcome, wish.exists, wish.given, wish.notice, wish.notice_on, found.about_id is not None, now().date())
    others = _others(db, actor, found)
    done = rules.closes(found.answered_by, _same(found, wish), others)
    told = _same(found, wish) and found.answered_by == actor.me  # sent again, nobody has to hear of it once more
    if not _same(found, wish):
        _put_aside(db, found)
    found.row_version += 1
    if done:
        found.closed_by, found.closed_on = actor.me, now().date()
    if not (done and _same(found, wish) and found.answered_by):
        found.answered_by, found.answered_at = actor.me, now()
    found.outcome, found.exists, found.given = wish.outcome, wish.exists, wish.given or None
    found.notice, found.notice_on = wish.notice, wish.notice_on if wish.notice.value == "later" else None
    db.flush()
    audit.record(db, actor, "order.closed" if done else "order.answered", "order", found.id)
    if done:
        _tell(db, found)
    elif not told:
        for member_id in others:
            accounts.tell(db, member_id, WAITS, link="/desk/orders")
    return done


def _same(found: LegalOrder, wish: AnswerOrder) -> bool:
    said = (found.outcome, found.exists, found.given or "", found.notice, found.notice_on)
    return said == (wish.outcome, wish.exists, wish.given, wish.notice, wish.notice_on if wish.notice.value == "later" else None)


def _others(db: Session, actor: Actor, found: LegalOrder) -> set[UUID]:
    """Return who else may confirm the answer to an order."""
    today = now().date()
    holders = select(Member.id, Member.name).join(RoleGrant, col(RoleGrant.member_id) == Member.id).where(
        col(RoleGrant.role).in_(rules.WHO), col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()),
    )  # fmt: skip
    named = {member_id for member_id, name in db.exec(holders).all() if not mentions(name, "", found.asked)}
    return named - {actor.me, found.about_id}


def _tell(db: Session, found: LegalOrder) -> bool:
    due = rules.due(found.notice, found.notice_on, found.told_on, found.closed_on is not None, now().date())
    if not due or found.about_id is None or found.outcome is None:
        return False
    accounts.tell(db, found.about_id, TOLD[found.outcome], note=found.given)
    found.told_on = now().date()
    db.flush()
    return True


def tell_due(db: Session) -> int:
    """Tell those whom the law did not allow to be told until today; return how many."""
    waits = (
        col(LegalOrder.closed_on).is_not(None), col(LegalOrder.told_on).is_(None), col(LegalOrder.about_id).is_not(None),
        col(LegalOrder.notice_on) <= now().date(),
    )  # fmt: skip
    return sum(_tell(db, one) for one in db.exec(select(LegalOrder).where(*waits).limit(MOST).with_for_update()).all())


def purge(db: Session, member_id: UUID) -> None:
    """A member is erased: an order that was about them says no more whose it was."""
    db.execute(sa.update(LegalOrder).where(col(LegalOrder.about_id) == member_id).values(about_id=None))


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return which orders were about a member, once they were told: before that, nothing says that there is one."""
    told = select(LegalOrder).where(LegalOrder.about_id == member_id, col(LegalOrder.told_on).is_not(None))
    return {
        N_("legal orders about me"): [
            {"on": one.told_on, N_("answer"): _(OUTCOMES[one.outcome]) if one.outcome else "", N_("handed over"): one.given}
            for one in db.exec(told.order_by(col(LegalOrder.id)))
        ]
    }
