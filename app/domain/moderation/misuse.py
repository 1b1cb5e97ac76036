"""Flags and appeals that are plainly without ground, again and again: a warning first, then a pause that ends by itself."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.moderation import rules
from app.models.accounts import Answer
from app.models.moderation import Appeal, Case, CaseKind, Flag

Table = type[Flag] | type[Appeal]
WARNED: dict[Table, str] = {
    Flag: N_("Again somebody looked at what you told us about, and it was plainly in order. Please tell us only what you really "
             "find wrong. If it goes on, we take no more of that kind from you for 30 days; danger always."),
    Appeal: N_("Again somebody looked at a decision that you see differently, and it was plainly right. If it goes on, we take "
               "no more of that kind from you for 30 days."),
}  # fmt: skip
TAKEN_BACK = N_("The warning that came with a decision a moment ago does not count: the decision was taken back.")


def mark(db: Session, case: Case, by: UUID) -> None:
    """Write down that what waits for this decision was plainly without ground, and warn whoever it is the time for.

    Comes before the answer: what was answered earlier was perhaps right. However many told us, it takes three statements and one
    for each warning.
    """
    of: Table = Appeal if case.kind == CaseKind.APPEAL else Flag
    about, today = col(of.case_id) == case.id, now().date()
    before = sa.select(col(of.member_id)).where(about, col(of.groundless_by).is_not(None), col(of.member_id).is_not(None))
    waiting = sa.and_(about, col(of.answered_on).is_(None))
    newly = sa.select(col(of.member_id)).where(waiting, col(of.member_id).is_not(None), col(of.member_id).not_in(before))
    earlier: dict[UUID, list[rules.Mark]] = {}
    for member_id, one in _marks(db, of, col(of.member_id).in_(newly)):
        earlier.setdefault(member_id, []).append(one)
    db.execute(sa.update(of).where(waiting).values(groundless_by=by))
    for member_id, marks in earlier.items():
        if rules.warns([*marks, rules.Mark(today, by)], today):
            accounts.tell(db, member_id, WARNED[of])


def warned(db: Session, decision_id: UUID) -> set[UUID]:
    """Return whom a decision warned."""
    told = col(Answer.matter) == decision_id, col(Answer.sentence).in_(list(WARNED.values()))
    return set(db.exec(select(Answer.member_id).where(*told)))


def stopped_until(db: Session, of: Table, member_id: UUID) -> date | None:
    """Return until when flags (or appeals) of this member are not taken, None when they are; one statement or two."""
    marks = [one for _, one in _marks(db, of, col(of.member_id) == member_id)]
    if len(marks) < rules.STOPPED_AT:
        return None
    since = now().date() - rules.MISUSE
    decided: Any = Appeal.overturned if of is Appeal else Flag.decision_id  # None where nobody decided
    answered = sa.select(sa.func.count(sa.distinct(col(of.case_id)))).where(
        col(of.member_id) == member_id, col(of.answered_on) > since, decided.is_not(None)
    )
    return rules.stopped_until(marks, int(db.execute(answered).scalar_one()), now().date())


def _marks(db: Session, of: Table, whose: sa.ColumnElement[bool]) -> list[tuple[UUID, rules.Mark]]:
    """Return the marks of members, one for each case: ten flags on one thing are one matter."""
    rows: Any = db.execute(
        sa.select(col(of.member_id), sa.func.max(col(of.answered_on)), sa.func.max(_text(col(of.groundless_by))))
        .where(whose, col(of.groundless_by).is_not(None)).group_by(col(of.member_id), col(of.case_id))
    )  # fmt: skip
    return [(member_id, rules.Mark(on, UUID(by))) for member_id, on, by in rows]


def _text(column: Any) -> Any:
    return sa.cast(column, sa.String)  # PostgreSQL has no greatest UUID
