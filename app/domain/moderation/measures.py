"""What moderation gives to the numbers: how many cases of a month were decided in time, and how soon flags were answered."""

from collections import Counter
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.moderation.rules import SAFEGUARDING_ONLY
from app.models.moderation import Appeal, Case, CaseKind, Decision, Flag

Counts = dict[str, dict[str, int]]
COLUMNS = ("in time", "late")
# Of what everybody sees only: what is said about a person, in a group (hidden ones among them) or in mentoring is not in it.
LOOPS: Final = {CaseKind.FLAG: "about stories", CaseKind.CORRECTION: "about listings"}
SOON, WINDOW = timedelta(days=7), timedelta(days=30)
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


def answered(db: Session, first: date, last: date) -> Counts:
    """Return by kind of thing how soon those who said "please look" were answered: flags from 30 days before ``first`` to ``last``.

    So every flag is counted once, in one month, and each was given the same 30 days. Where a decision was taken back, or
    somebody saw it differently, the day of the first answer is not kept any more: these are left out, as in ``decided``.
    """
    again = sa.or_(
        sa.exists().where(col(Decision.case_id) == Case.id, col(Decision.overturned_at).is_not(None)),
        sa.exists().where(col(Decision.case_id) == Case.id, col(Appeal.decision_id) == Decision.id),
    )
    rows = db.execute(
        sa.select(col(Case.kind), col(Flag.on), col(Flag.answered_on)).join(Case, col(Case.id) == Flag.case_id)
        .where(col(Case.kind).in_(LOOPS), col(Flag.on) >= first - WINDOW, col(Flag.on) <= last - WINDOW, sa.not_(again))
    )  # fmt: skip
    found = Counter((kind, _soon(on, answer)) for kind, on, answer in rows)
    columns = ("within a week", "within 30 days", "later or never")
    return {row: {column: found[kind, column] for column in columns} for kind, row in LOOPS.items()}


def _soon(on: date, answered_on: date | None) -> str:
    if answered_on is None or answered_on - on > WINDOW:
        return "later or never"
    return "within a week" if answered_on - on <= SOON else "within 30 days"
