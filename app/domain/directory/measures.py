"""What the directory gives to the numbers: how long ago its listings were checked, and how many stood there twice."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.directory import Service

Counts = dict[str, dict[str, int]]
COLUMNS = ("within 180 days", "within a year", "longer ago or never")


def checked(db: Session, _first: date, last: date) -> Counts:
    """Return how many listings in use had been checked within 180 days of ``last``, within a year, or not."""
    stands = sa.func.coalesce(col(Service.merged_into), col(Service.id))  # copies count once, as checked as the fresher
    rows = db.execute(sa.select(sa.func.max(col(Service.verified_on))).where(col(Service.status) == "active").group_by(stands))
    found = Counter(_column(day, last) for (day,) in rows)
    return {"listings": {column: found[column] for column in COLUMNS}}


def _column(checked_on: date | None, last: date) -> str:
    age = (last - checked_on).days if checked_on else None
    return COLUMNS[2 if age is None or age > 365 else 1 if age > 180 else 0]


def doubles(db: Session, _first: date, _last: date) -> Counts:
    """Return how many listings in use stand for themselves, and how many a person found to be there already, under another one."""
    merged = sa.select(col(Service.merged_into).is_not(None)).where(col(Service.status) == "active")
    found = Counter(map(bool, db.execute(merged).scalars()))
    return {"all listings": {"stand once": found[False], "were there twice": found[True]}}
