"""What is said about who decides, when somebody leaves the network, a copy is restored, or a member takes their own copy."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.i18n import N_, _
from app.domain.reporting.deciding.reading import BODIES, SAYS
from app.domain.reporting.deciding.saying import TAKEN_BACK
from app.models.groups import Group
from app.models.reporting import BodyDeclaration

LEDGER: Final = (TAKEN_BACK,)


def purge(db: Session, member_id: UUID) -> None:
    """Take a member who leaves out of what they said: it belongs to the group, or to the network."""
    mine = col(BodyDeclaration.said_by) == member_id
    db.execute(sa.update(BodyDeclaration).where(mine).values(said_by=None))


def erase_again(db: Session, _kind: str, row_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether it was there."""
    found = db.get(BodyDeclaration, row_id)
    if found is not None:
        db.delete(found)
        db.flush()
    return found is not None


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member said about who decides in their groups or in the network."""
    rows = db.execute(
        sa.select(BodyDeclaration, col(Group.name)).outerjoin(Group, col(Group.id) == col(BodyDeclaration.group_id))
        .where(col(BodyDeclaration.said_by) == member_id).order_by(col(BodyDeclaration.id))
    ).all()  # fmt: skip
    return {
        N_("what I said about who decides"): [
            {N_("group"): name or "", "on": one.said_on, "text": f"{_(BODIES[one.body])}: {_(SAYS[one.says])}"}
            for one, name in rows
        ]
    }
