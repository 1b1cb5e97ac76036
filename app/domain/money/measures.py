"""What money gives to the numbers: how much each group received, as everybody reads it line by line on the group's page."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.groups.measures import PUBLIC
from app.domain.money.queries import STANDS, stands_from
from app.models.groups import Group
from app.models.money import GroupMoney

A_YEAR: Final = timedelta(days=365)


def spread(db: Session, last: date) -> dict[str, Any]:
    """Return by currency what each group received (whole minor units, "by": {currency: [sums]}) and how many groups there are.

    Only groups that everybody sees; money whose period began in the 365 days until ``last``, in whole. A line that was put right is
    not counted, nor one that says that nothing came. Currencies are never added to each other: no rate is agreed on.
    """
    since = last - A_YEAR + timedelta(days=1)
    line = GroupMoney.__table__  # type: ignore[attr-defined]
    wanted = (
        sa.select(line.c.currency, sa.func.sum(line.c.amount).label("total"))
        .select_from(stands_from().join(Group, col(Group.id) == line.c.group_id))
        .where(PUBLIC, STANDS, line.c.first_on >= since, line.c.first_on <= last)
        .group_by(line.c.currency, line.c.group_id)
    )
    by: dict[str, list[int]] = defaultdict(list)
    for currency, total in db.execute(wanted):
        by[currency].append(int(total))
    groups = db.execute(sa.select(sa.func.count()).select_from(Group).where(PUBLIC)).scalar() or 0
    return {"groups": groups, "since": str(since), "until": str(last), "by": {code: sorted(by[code]) for code in sorted(by)}}
