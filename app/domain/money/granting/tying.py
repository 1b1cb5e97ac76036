"""Ties to what asks for money: noted when an application is sent, when somebody says yes and before a place in a group ends."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.ids import new_id
from app.domain.money.granting.queries import NAMED_BY_RIVAL
from app.domain.money.granting.rules import APPEAL
from app.models.groups import GroupMember, GroupRole
from app.models.money import AskState, FundAsk, FundCall, FundSeat, FundTie, SeatState


def note(db: Session, call_id: UUID) -> None:
    """Note what people of a panel belong to among the groups that ask now; a tie that became closer is noted so."""
    of = sa.or_(col(GroupMember.group_id) == FundAsk.group_id, col(GroupMember.group_id) == FundAsk.with_group_id)
    found = db.execute(
        sa.select(col(FundSeat.member_id), col(FundAsk.id), col(GroupMember.role)).select_from(FundAsk).join(GroupMember, of)
        .join(FundSeat, sa.and_(col(FundSeat.call_id) == FundAsk.call_id, col(FundSeat.member_id) == GroupMember.member_id))
        .where(col(FundAsk.call_id) == call_id, col(FundAsk.state) == AskState.SENT)
        .where(col(FundSeat.state).in_((SeatState.ASKED, SeatState.SITS)))
    ).all()  # fmt: skip
    kept = {(one.member_id, one.ask_id): one for one in db.exec(select(FundTie).where(FundTie.call_id == call_id))}
    fresh: dict[tuple[UUID, UUID], bool] = {}
    for member_id, ask_id, role in found:
        competes = role != GroupRole.MEMBER
        if (one := kept.get((member_id, ask_id))) is not None:
            one.competes = one.competes or competes
        else:
            fresh[member_id, ask_id] = fresh.get((member_id, ask_id), False) or competes
    rows = [
        {"id": new_id(), "call_id": call_id, "member_id": member_id, "ask_id": ask_id, "competes": competes}
        for (member_id, ask_id), competes in fresh.items()
    ]
    db.flush()
    if rows:
        db.execute(sa.insert(FundTie), rows)


def place_moves(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Note the ties of somebody, before they leave a group that asks or their role in it changes."""
    calls = (
        sa.select(col(FundCall.id)).join(FundAsk, col(FundAsk.call_id) == FundCall.id)
        .join(FundSeat, col(FundSeat.call_id) == FundCall.id).distinct()
        .where(sa.or_(col(FundAsk.group_id) == group_id, col(FundAsk.with_group_id) == group_id))
        .where(col(FundSeat.member_id) == member_id, col(FundAsk.state) == AskState.SENT, col(FundCall.cancelled_at).is_(None))
    )  # fmt: skip
    for call_id in db.execute(calls).scalars().all():
        note(db, call_id)
    _remember(db, group_id, member_id)
    note_rival(db, member_id)


def _remember(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Note that somebody had a role in a group that asks: who competed yesterday neither sits nor names nor answers today."""
    role = db.execute(
        sa.select(col(GroupMember.role)).where(col(GroupMember.group_id) == group_id, col(GroupMember.member_id) == member_id)
    ).scalar()
    if role is None or role == GroupRole.MEMBER:
        return
    of = sa.or_(col(FundAsk.group_id) == group_id, sa.and_(col(FundAsk.with_group_id) == group_id, col(FundAsk.with_yes)))
    asks = (
        sa.select(col(FundAsk.call_id), col(FundAsk.id)).join(FundCall, col(FundCall.id) == FundAsk.call_id)
        .where(of, col(FundAsk.state) == AskState.SENT, col(FundCall.cancelled_at).is_(None))
        .where(sa.or_(col(FundCall.decided_at).is_(None), col(FundCall.decided_at) > now() - APPEAL))
    )  # fmt: skip
    kept = {one.ask_id: one for one in db.exec(select(FundTie).where(FundTie.member_id == member_id))}
    for call_id, ask_id in db.execute(asks).all():
        tie = kept.get(ask_id) or FundTie(call_id=call_id, member_id=member_id, ask_id=ask_id)
        tie.competes = True
        db.add(tie)
    db.flush()


def note_rival(db: Session, member_id: UUID) -> None:
    """Note whom somebody named for a panel while they have a role in a group that asks: it stays so once they have none."""
    named = col(FundSeat.named_by) == member_id, NAMED_BY_RIVAL
    db.execute(sa.update(FundSeat).where(*named).values(rival=True).execution_options(synchronize_session="fetch"))


def declare(db: Session, call_id: UUID, member_id: UUID, ask_id: UUID) -> None:
    """Note that somebody said themselves that they have a tie to an application."""
    found = db.exec(select(FundTie.id).where(FundTie.member_id == member_id, FundTie.ask_id == ask_id)).first()
    if found is None:
        db.add(FundTie(call_id=call_id, member_id=member_id, ask_id=ask_id))
        db.flush()
