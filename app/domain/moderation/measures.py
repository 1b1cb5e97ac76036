"""What moderation gives to the numbers: how many cases of a month were decided in time, by kind."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.moderation.rules import SAFEGUARDING_ONLY
from app.models.moderation import Case, CaseKind, Decision

Counts = dict[str, dict[str, int]]
COLUMNS = ("in time", "late")
UNCOUNTED = SAFEGUARDING_ONLY | {CaseKind.ACCOUNT}


def decided(db: Session, first: date, last: date) -> Counts:
    """Return by kind of case how many decisions fell on the days from ``first`` to ``last`` in time, and how many late.

    Complaints and decisions about accounts are not counted: in a small network a number would tell whom they are about.
    A case that was opened again since has another due time now, so its earlier decisions are left out.
    """
    rows = db.execute(
        sa.select(col(Case.kind), col(Decision.at), col(Case.due_at)).join(Case, col(Case.id) == Decision.case_id)
        .where(col(Case.opened_at) <= col(Decision.at), sa.not_(col(Decision.undone)))
    )  # fmt: skip
    found = Counter((kind, "in time" if at <= due else "late") for kind, at, due in rows if first <= at.date() <= last)
    return {kind.value: {column: found[kind, column] for column in COLUMNS} for kind in CaseKind if kind not in UNCOUNTED}
