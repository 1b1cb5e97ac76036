"""A group sees a decision differently: once, within thirty days; a coordinator who did not sit on the panel decides."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import _
from app.core.verdict import Verdict, require
from app.domain import versions
from app.domain.accounts import telling
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups.rules import Seat
from app.domain.money import moments
from app.domain.money.granting import applying, judging, queries, rules
from app.domain.money.granting.wording import ANSWERED, APPEALED
from app.domain.money.received import A_YEAR
from app.domain.money.rules import may_write_money
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.groups import Group
from app.models.money import AskState, FundAsk, FundCall, FundSeat, GroupMoney, SeatState
from app.schemas.granting import Propose


def until(call: FundCall) -> date | None:
    """Return the last day, where the call is, on which a group may see the decision differently; None before there is one."""
    return moments.day_in(call.zone, call.decided_at + rules.APPEAL) if call.decided_at else None


def may_appeal(call: FundCall, ask: FundAsk) -> Verdict:
    """Answer whether a group may see the decision about its application differently now."""
    return rules.may_appeal(until(call), ask.appealed_at is not None, moments.day_in(call.zone, now()))


def appeal(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall, words: str) -> None:
    """Say, for a group, also one that a decision hid, that it sees the decision about its application differently."""
    require(may_write_money(actor, seat, now().date()))
    ask = queries.of_group(db, call.id, group.id)
    if ask is None or ask.state != AskState.SENT or ask.granted is None:
        raise queries.not_here()
    db.refresh(ask, with_for_update=True)
    require(may_appeal(call, ask))
    ask.appealed_at, ask.appeal = now(), words
    db.flush()
    sat = sa.select(col(FundSeat.member_id)).where(col(FundSeat.call_id) == call.id)
    work = (
        sa.select(col(RoleGrant.member_id)).join(Member, col(Member.id) == RoleGrant.member_id).distinct()
        .where(col(RoleGrant.role) == Role.COORDINATOR, col(RoleGrant.until_on) > now().date(), col(RoleGrant.ended_on).is_(None))
        .where(col(Member.status) == MemberStatus.ACTIVE)
        .where(col(RoleGrant.member_id).not_in(sat))
    )  # fmt: skip
    told = list(db.execute(work).scalars())
    tied = queries.ties(db, call.id, told)
    telling.tell_all(db, ((one, f"/desk/money/{call.ref}/panel") for one in told if tied[one].none), APPEALED)
    audit.record(db, actor, "group.ask_appealed", "group", group.id)


def may_answer(db: Session, actor: Actor, call: FundCall, ask: FundAsk | None) -> Verdict:
    """Answer whether the actor decides an appeal, or any of a call (``ask`` None)."""
    seat = queries.seat(db, call.id, actor.member_id)
    sat = (seat is not None and seat.state in (SeatState.SITS, SeatState.ENDED)) or queries.scored(db, call.id, actor.me)
    waits = ask is None or (ask.appealed_at is not None and ask.answered_at is None and ask.appeal is not None)
    return rules.may_answer(actor, sat, queries.ties(db, call.id, [actor.me])[actor.me], waits)


def waiting(db: Session, call: FundCall) -> list[FundAsk]:
    """Return the appeals of a call that nobody has answered yet."""
    wanted = select(FundAsk).where(
        FundAsk.call_id == call.id, col(FundAsk.appealed_at).is_not(None), col(FundAsk.appeal).is_not(None)
    )
    return list(db.exec(wanted.where(col(FundAsk.answered_at).is_(None)).order_by(col(FundAsk.appealed_at))).all())


def of(db: Session, call: FundCall, ref: str) -> FundAsk:
    """Return the application of an appeal."""
    ask = db.exec(select(FundAsk).where(FundAsk.call_id == call.id, FundAsk.ref == ref, col(FundAsk.appeal).is_not(None))).first()
    if ask is None:
        raise queries.not_here()
    return ask


def answer(db: Session, actor: Actor, call: FundCall, ref: str, wish: Propose, right: bool) -> None:
    """Decide an appeal: the decision stays, or more is granted (Invalid otherwise), in a line of its own."""
    ask = of(db, call, ref)
    db.refresh(ask, with_for_update=True)
    require(may_answer(db, actor, call, ask))
    judging.look_at("reason", wish.reason, call)
    granted = judging.amount(call, wish.amount) if right else ask.granted or 0
    if right:
        rules.check_more(granted, ask.granted or 0)
        _put_right(db, call, ask, granted)
    ask.granted, ask.appeal_right, ask.answer, ask.answered_at, ask.answered_by = granted, right, wish.reason, now(), actor.me
    db.flush()
    told = [ask.group_id, *([ask.with_group_id] if ask.with_group_id is not None and ask.with_yes else [])]
    applying.tell(db, told, ANSWERED, call.id)
    versions.bump(db, versions.MONEY)
    versions.bump(db, versions.GROUPS)
    audit.record(db, actor, "panel.appeal", "fund_call", call.id)


def _put_right(db: Session, call: FundCall, ask: FundAsk, granted: int) -> None:
    """Write down what is granted now, in place of what stands: also where the group has put right the line of the panel."""
    today, last = now().date(), _stands(db, call, ask)
    db.add(GroupMoney(
        group_id=ask.group_id, source=call.by_whom, purpose=call.title, currency=call.currency, amount=granted, first_on=today,
        last_on=today + A_YEAR, call_id=call.id, written_on=today, corrects_id=last, why=_("Decided anew.") if last else "",
    ))  # fmt: skip
    db.flush()


def _stands(db: Session, call: FundCall, ask: FundAsk) -> UUID | None:
    """Return the line that stands for what a call brought to a group: the end of its row of corrections."""
    lines = db.execute(
        sa.select(col(GroupMoney.id), col(GroupMoney.corrects_id), col(GroupMoney.call_id))
        .where(col(GroupMoney.group_id) == ask.group_id, sa.or_(
            col(GroupMoney.call_id) == call.id, col(GroupMoney.corrects_id).is_not(None)
        ))
    ).all()  # fmt: skip
    newer = {one.corrects_id: one.id for one in lines if one.corrects_id is not None}
    last = max((one.id for one in lines if one.call_id == call.id), default=None)
    while last in newer:
        last = newer[last]
    return last
