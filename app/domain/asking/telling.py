"""Telling coordinators that a question waits for them: by day, never which, and once a day however many there are."""

from collections import Counter
from datetime import UTC, datetime, time

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.accounts import queries as people
from app.domain.asking import rules
from app.models.abroad import AbroadQuestion
from app.models.accounts import Answer

AT_DESK = N_("Questions from people still abroad wait at the desk.")
READ_FIRST = N_("A question from somebody abroad should be read first: somebody may be in danger.")
MOST_A_DAY = 3


def desk(db: Session) -> None:
    """Tell coordinators who were not told today; two statements for any number."""
    _tell(db, AT_DESK, 1)


def read_first(db: Session) -> None:
    """Tell them that one of these should be read first: three times a day at most, whatever is asked without an account."""
    _tell(db, READ_FIRST, MOST_A_DAY)


def _tell(db: Session, sentence: str, most: int) -> None:
    begun = datetime.combine(now().date(), time(), UTC)
    who = people.coordinators(db)
    of_today = sa.select(col(Answer.member_id)).where(
        col(Answer.member_id).in_(who), col(Answer.sentence) == sentence, col(Answer.at) >= begun
    )  # fmt: skip
    told = Counter(db.execute(of_today).scalars())
    accounts.tell_all(db, [(one, "/desk/questions") for one in who if told[one] < most], sentence, of_day=True)


def late(db: Session, moment: datetime) -> None:
    """Tell them on the day from which they read what nobody answered."""
    on = moment.date() - rules.WAITS
    waits = sa.select(col(AbroadQuestion.id)).where(
        col(AbroadQuestion.last_on) == on, col(AbroadQuestion.answered).is_(False), col(AbroadQuestion.ended).is_(False)
    )  # fmt: skip
    if db.execute(waits.limit(1)).first():
        desk(db)
