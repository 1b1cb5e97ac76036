"""What keeps people from coming: asked of whoever was invited or stopped joining, one tap, without an account or a name."""

from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.core.clock import now
from app.core.i18n import N_
from app.core.ids import new_id
from app.models.network import NotComing

# What is stored -> what people tap.
REASONS: Final = {
    "hours": N_("The time of day"), "travel": N_("The way there is too far or costs too much"),
    "children": N_("I have children or others to look after"), "safety": N_("I would not feel safe"),
    "phone": N_("The phone is not mine alone"), "family": N_("My family does not want it"),
    "only_men": N_("Only men are there"), "other": N_("Something else"),
}  # fmt: skip
_T: sa.Table = NotComing.__table__  # type: ignore[attr-defined]


def say(db: Session, reason: str) -> None:
    """Count a reason in this month; nothing else is kept of it. ``reason`` is one of ``REASONS``."""
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert_into(_T).values(id=new_id(), month=now().date().replace(day=1), reason=reason, count=1)
    db.execute(first.on_conflict_do_update(index_elements=["month", "reason"], set_={"count": _T.c["count"] + 1}))


def counted(db: Session, first: date, _last: date) -> dict[str, dict[str, int]]:
    """Return how often each reason was given in the month of ``first``: answers, which one person can give several of."""
    rows = db.execute(sa.select(_T.c["reason"], _T.c["count"]).where(_T.c["month"] == first)).all()
    found: dict[str, int] = dict(rows)
    return {"answers": {reason.replace("_", " "): found.get(reason, 0) for reason in REASONS}}
