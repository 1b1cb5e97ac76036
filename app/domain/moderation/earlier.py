"""What was decided before about the same thing, or about the same person, for those at the desk."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from babel.dates import format_date
from sqlmodel import Session, col, select

from app.core import i18n
from app.domain.actor import Actor
from app.domain.moderation.wording import decided_until
from app.models.accounts import Member
from app.models.moderation import Bar, Case, CaseKind, Decision


@dataclass(frozen=True, slots=True)
class Earlier:
    """A decision about the same thing, for those at the desk."""

    outcome: str
    day: str
    rule: str | None
    words: str | None
    by: str


def day_words(day: date) -> str:
    """Return a day such as "Monday, 23 November" in the language of the moment."""
    return str(format_date(day, "EEEE, d MMMM", locale=i18n.current().replace("-", "_")))


def decisions(db: Session, actor: Actor, found: Case) -> list[Earlier]:
    """Return what was decided about the same thing, in complaints and about accounts about the same person; not what is kept."""
    same = sa.and_(col(Case.subject_kind) == found.subject_kind, col(Case.subject_id) == found.subject_id)
    if found.kind in (CaseKind.COMPLAINT, CaseKind.ACCOUNT) and found.about_id is not None:
        same = sa.and_(col(Case.kind) == found.kind, col(Case.about_id) == found.about_id)
    kept = sa.exists().where(col(Bar.case_id) == Case.id, col(Bar.member_id) == actor.member_id)
    rows = db.exec(
        select(Decision, Member.name, Case.kind).join(Case, col(Case.id) == Decision.case_id)
        .outerjoin(Member, col(Member.id) == Decision.decided_by)
        .where(same, ~kept, sa.not_(col(Decision.undone))).order_by(col(Decision.id).desc()).limit(20)
    ).all()  # fmt: skip
    return [
        Earlier(decided_until(CaseKind(kind), d), day_words(d.at.date()), d.rule, d.reason, name or "") for d, name, kind in rows
    ]
