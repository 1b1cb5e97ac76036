"""What the people of each group said, at the end of a quarter: counted only where enough have come or gone since the last time."""

from collections import Counter
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core import crypto
from app.core import settings as core_settings
from app.domain.reporting import rules
from app.domain.reporting.measuring import registry
from app.domain.reporting.question.answers import Said
from app.models.reporting import GroupLine, Says

SAID: Final = ("woman", "man", "another", "unsaid")
A_YEAR: Final = timedelta(days=360)


def counted(db: Session, end: date, said: dict[Any, Said], joined: set[Any]) -> dict[str, dict[str, int]]:
    """Return by group that is to be looked at how many said what, and whether it is ``alike``.

    Alike: fewer than ``rules.MOVED`` people make the difference to another group that is told; two lines would tell of these few.
    """
    inside = {key: people & joined for key, people in _inside(db, end).items()}
    before = {row.group_id: row for row in db.execute(sa.select(GroupLine).order_by(col(GroupLine.period))).scalars()}
    anew = [key for key in sorted(inside) if _to_look_at(key, inside[key], before.get(key), end)]
    told = [inside[key] for key in sorted(before) if before[key].says != Says.UNTOLD and key in inside and key not in anew]
    found = {}
    for key in anew:
        alike = any(is_alike(inside[key], other) for other in told)
        if not alike:
            told.append(inside[key])
        counts = Counter(said[one].gender if one in said else "unsaid" for one in inside[key])
        found[str(key)] = {answer: counts[answer] for answer in SAID} | {"alike": int(alike)}
    return found


def is_alike(people: set[UUID], others: set[UUID]) -> bool:
    """Say whether so few make the difference between two groups that what is said of both would be said of these few."""
    return abs(len(people) - len(others)) < rules.MOVED and len(people ^ others) < rules.MOVED


def marked(db: Session, end: date, groups: set[UUID]) -> dict[UUID, str]:
    """Return by group the marks of its people: they tell later how many are others, and lead to nobody without the secret."""
    return {key: " ".join(sorted(_marks(key, people))) for key, people in _inside(db, end).items() if key in groups}


def _marks(group_id: UUID, people: set[UUID]) -> set[str]:
    secret = core_settings.current().secret
    return {crypto.keyed_hash(secret, "numbers/groups", f"{group_id}/{one}")[:12] for one in people}


def _inside(db: Session, end: date) -> dict[UUID, set[UUID]]:
    belonging = registry.groups()
    found: dict[UUID, set[UUID]] = {}
    for group_id, member_id in db.execute(belonging(end)) if belonging else ():
        found.setdefault(group_id, set()).add(member_id)
    return found


def _to_look_at(group_id: UUID, people: set[UUID], before: GroupLine | None, end: date) -> bool:
    """Say whether a group is looked at: one never told once it is large enough, another one when enough people have moved.

    One of which nothing could be told is looked at after a year, too: by then those who stayed may have answered.
    """
    if before is None:
        return len(people) >= rules.LINE_FROM
    if before.says == Says.UNTOLD and end - before.counted_on >= A_YEAR:
        return True
    return len(_marks(group_id, people) ^ set(before.marks.split())) >= rules.MOVED
