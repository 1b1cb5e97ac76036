"""What questions from abroad give to the numbers: how soon they were answered; who asked is not known here either."""

from collections import Counter
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.abroad import AbroadQuestion, AbroadWord, WordState
from app.models.groups import Group, GroupState, Visibility

COLUMNS: Final = ("within a week", "within two weeks", "later or never")
SOON, WINDOW = timedelta(days=7), timedelta(days=14)  # far less than the 60 days after which an unanswered one is gone


def answered(db: Session, first: date, last: date) -> dict[str, dict[str, int]]:
    """Return how soon questions were answered: those asked from 14 days before ``first`` to 14 days before ``last``.

    So every question is counted in one month, and each was given the same two weeks. Questions to the network, and to groups that
    everybody sees; what its asker took back is not there any more, and an answer that a decision hid is none.
    """
    word, answer = sa.orm.aliased(AbroadWord), sa.orm.aliased(AbroadWord)
    seen = sa.and_(col(Group.visibility) == Visibility.LISTED, col(Group.state) == GroupState.SHOWN)
    there = col(answer.asks).is_(False), col(answer.state) != WordState.HIDDEN
    day = sa.select(sa.func.min(col(answer.on))).where(col(answer.question_id) == col(word.question_id), *there).scalar_subquery()
    rows = db.execute(
        sa.select(col(word.on), day).join(AbroadQuestion, col(AbroadQuestion.id) == col(word.question_id))
        .outerjoin(Group, col(Group.id) == col(AbroadQuestion.group_id))
        .where(
            col(word.number) == 1, col(word.on) >= first - WINDOW, col(word.on) <= last - WINDOW,
            sa.or_(col(AbroadQuestion.group_id).is_(None), seen),
        )
    )  # fmt: skip
    found = Counter(_soon(on, first_answer) for on, first_answer in rows)
    return {"questions": {column: found[column] for column in COLUMNS}}


def _soon(on: date, answered_on: date | None) -> str:
    if answered_on is None or answered_on - on > WINDOW:
        return COLUMNS[2]
    return COLUMNS[0] if answered_on - on <= SOON else COLUMNS[1]
