"""What mentoring gives to the numbers: who goes with a mentor, and how long those who wait for one have waited."""

from collections import Counter
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.accounts import Member, MemberStatus
from app.models.mentoring import AskState, MatchState, MentorAsk, MentorMatch

Counts = dict[str, dict[str, int]]
COLUMNS = ("up to 30 days", "31 to 90 days", "longer")

_TOGETHER = col(MentorMatch.state).in_([MatchState.AGREED, MatchState.ACTIVE])


def mentored(on: date) -> sa.Select[UUID]:
    """Return who goes with a mentor when it is counted, if the two were proposed to each other by that day."""
    return sa.select(col(MentorMatch.mentee_id)).where(
        col(MentorMatch.open_mentee).is_not(None), _TOGETHER, col(MentorMatch.made_on) <= on
    )


def waiting(db: Session, _first: date, last: date) -> Counts:
    """Return how many who are members have waited how long on ``last`` for a mentor; those who still wait when it is counted.

    A wish stays while its member goes with a mentor, so that it waits on if that ends early: it does not wait meanwhile.
    """
    together = sa.exists().where(
        col(MentorMatch.open_mentee) == col(MentorAsk.member_id), _TOGETHER,
    )  # fmt: skip
    asked = sa.select(col(MentorAsk.asked_on)).join(Member, col(Member.id) == col(MentorAsk.member_id)).where(
        col(MentorAsk.state) == AskState.WAITING, col(MentorAsk.asked_on) <= last,
        col(Member.status).in_((MemberStatus.ACTIVE, MemberStatus.PAUSED)), sa.not_(together),
    )  # fmt: skip
    found = Counter(_column((last - day).days) for day in db.execute(asked).scalars())
    return {"wishes": {column: found[column] for column in COLUMNS}}


def _column(waited: int) -> str:
    return COLUMNS[0 if waited <= 30 else 1 if waited <= 90 else 2]
