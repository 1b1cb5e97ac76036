"""What help boards do when somebody leaves the network, and what they add to a member's own copy."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.board import ending
from app.domain.board.wording import KINDS, SIDES
from app.models.board import BoardEntry, BoardState, BoardTaking
from app.models.groups import Group

LEDGER: Final = frozenset({ending.TAKEN_OUT, ending.DONE, ending.GIVEN_BACK, ending.REFUSED})
FIRST: Final = frozenset({ending.REFUSED})  # taken back again before who left a group: a no outlives that
purge = ending.purge
erase_again = ending.erase_again


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member wrote on help boards and to whom took it, and what they took; never what the other one wrote."""
    wrote = db.execute(
        sa.select(BoardEntry, col(Group.name), col(BoardTaking.told)).join(Group, col(Group.id) == BoardEntry.group_id)
        .outerjoin(BoardTaking, sa.and_(col(BoardTaking.entry_id) == BoardEntry.id, col(BoardTaking.told).is_not(None)))
        .where(col(BoardEntry.by_id) == member_id, col(BoardEntry.state) != BoardState.GONE).order_by(col(BoardEntry.id))
    ).all()  # fmt: skip
    took = db.execute(
        sa.select(col(Group.name), col(BoardTaking.note)).select_from(BoardTaking)
        .join(BoardEntry, col(BoardEntry.id) == BoardTaking.entry_id).join(Group, col(Group.id) == BoardEntry.group_id)
        .where(col(BoardTaking.member_id) == member_id).order_by(col(BoardTaking.id))
    ).all()  # fmt: skip
    return {
        N_("what I wrote on help boards"): [
            {
                N_("group"): name, "kind": Coded(e.kind, _(KINDS[e.kind][0])), N_("asked or offered"):
                Coded(e.side.value, _(SIDES[e.side][0])), "title": e.title, "text": e.about, N_("place"): e.near,
                "until": e.until, N_("what I told whoever took it"): told,
            }
            for e, name, told in wrote
        ],
        N_("what I took on help boards"): [{N_("group"): name, "text": note} for name, note in took],
    }  # fmt: skip
