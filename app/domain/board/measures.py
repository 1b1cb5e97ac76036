"""What help boards give to the numbers: whether it helped, without anybody in it."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.groups.measures import PUBLIC
from app.models.board import BoardHelp
from app.models.groups import Group


def helped(db: Session, first: date, _last: date) -> dict[str, dict[str, int]]:
    """Return how many said in the month of ``first`` that something on a board of a public group helped, a little, or not."""
    wanted = (
        sa.select(col(BoardHelp.answer)).join(Group, col(Group.id) == col(BoardHelp.group_id))
        .where(PUBLIC, col(BoardHelp.month) == first)
    )  # fmt: skip
    found = Counter(db.execute(wanted).scalars())
    return {"help": {column: found[column] for column in ("yes", "partly", "no")}}
