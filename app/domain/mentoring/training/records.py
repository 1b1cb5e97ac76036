"""Which lessons somebody has gone through, and when; and until when their training holds because of it."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import N_
from app.core.ids import new_id
from app.domain.accounts.telling import tell
from app.domain.mentoring.training import rules
from app.domain.mentoring.weights import CURRENT
from app.models.mentoring import Mentor, MentorLesson, MentorState

PAGE = "/my/mentoring/lessons"
_L = MentorLesson.__table__  # type: ignore[attr-defined]


def passed(db: Session, member_id: UUID) -> dict[str, date]:
    """Return by lesson the last day on which its check was passed."""
    rows = db.execute(sa.select(_L.c.lesson, _L.c.passed_on).where(_L.c.member_id == member_id).order_by(_L.c.lesson))
    return {row.lesson: row.passed_on for row in rows}


def keep(db: Session, row: Mentor, lesson: str, lessons: Iterable[str]) -> None:
    """Note that a lesson was passed today; with all of them the training holds anew."""
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    today = now().date()
    made = insert_into(_L).values(id=new_id(), member_id=row.member_id, lesson=lesson, passed_on=today)
    db.execute(made.on_conflict_do_update(index_elements=["member_id", "lesson"], set_={"passed_on": today}))
    learned = rules.until(passed(db, row.member_id), lessons)
    if learned is not None:
        row.learned_until = learned
        renew(db, row)


def renew(db: Session, row: Mentor) -> None:
    """Write down until when the training holds; no form of the mentor's or the desk's grows old by it (the version stays)."""
    row.trained_until = rules.holds_until(row.learned_until, row.elsewhere_until)
    db.add(row)
    db.flush()


def forget(db: Session, row: Mentor) -> None:
    """Forget what was learned, and a wish to talk, when somebody is a mentor no more or begins anew."""
    db.execute(sa.delete(_L).where(_L.c.member_id == row.member_id))
    row.learned_until, row.elsewhere_until, row.trained_until, row.elsewhere, row.reminded_for = None, None, None, None, None
    row.wants_talk_on = None


def remind(db: Session, most: int = 500) -> int:
    """Tell mentors, once for each training, that it is over or ends within a month; return how many were told."""
    today = now().date()
    soon = col(Mentor.trained_until) <= today + timedelta(days=CURRENT.remind_days)
    untold = sa.or_(col(Mentor.reminded_for).is_(None), col(Mentor.reminded_for) != col(Mentor.trained_until))
    rows = db.exec(
        select(Mentor).where(col(Mentor.state).in_([MentorState.ACTIVE, MentorState.PAUSED]), soon, untold)
        .order_by(col(Mentor.id)).limit(most).with_for_update()
    ).all()  # fmt: skip
    for row in rows:
        row.reminded_for = row.trained_until
        ended = not rules.is_trained(row.trained_until, today)
        tell(db, row.member_id, _OVER if ended else _SOON, link=PAGE)
    db.flush()
    return len(rows)


_SOON = N_("Your training as a mentor ends within a month. Going through the lessons once more takes about half an hour.")
_OVER = N_("Your training as a mentor is over. Until you have gone through the lessons again, whoever asks for somebody trained "
           "does not come to you.")  # fmt: skip
