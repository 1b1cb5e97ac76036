"""What money does when somebody leaves the network or a copy is restored, and what it adds to a member's own copy."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import N_
from app.domain.money import calls, currencies, received
from app.domain.money.granting import applying
from app.domain.money.granting import standing as granting
from app.models.groups import Group
from app.models.money import FundCall, GroupMoney


def purge(db: Session, member_id: UUID) -> None:
    """Take a member who leaves out of what they wrote down: calls and lines belong to the network and to the groups."""
    for made in (FundCall, GroupMoney):
        db.execute(sa.update(made).where(col(made.made_by) == member_id).values(made_by=None))
    granting.purge(db, member_id)


def remembers(kind: str) -> bool:
    """Say whether something of money stands in the ledger of erasures under this kind."""
    return kind in (received.UNNAMED, applying.WITHDRAWN) or kind.startswith(calls.UNNAMED)


def erase_again(db: Session, kind: str, subject_id: UUID, on: date) -> bool:
    """Take out once more what a restored older copy brought back; return whether there was anything to do."""
    if kind.startswith(calls.UNNAMED):
        return calls.unname_again(db, subject_id, kind, on)
    if kind == applying.WITHDRAWN:
        return applying.erase_again(db, subject_id)
    return kind == received.UNNAMED and received.unname_again(db, subject_id)


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return the calls that a member entered, and what they wrote down about money of their groups."""
    entered = db.exec(select(FundCall.title, col(FundCall.entered_at)).where(FundCall.made_by == member_id)).all()
    wrote = db.execute(
        sa.select(GroupMoney, col(Group.name)).join(Group, col(Group.id) == GroupMoney.group_id)
        .where(col(GroupMoney.made_by) == member_id).order_by(col(GroupMoney.id))
    ).all()  # fmt: skip
    return granting.export(db, member_id) | {
        N_("calls that I entered"): [{N_("name"): title, "on": at.date()} for title, at in entered],
        N_("money of groups that I wrote down"): [
            {
                N_("group"): name, "on": m.written_on, N_("source"): m.source, N_("purpose"): m.purpose,
                N_("sum"): currencies.written(m.amount, m.currency) if m.amount else None, N_("reason"): m.why,
            }
            for m, name in wrote
        ],
    }  # fmt: skip
