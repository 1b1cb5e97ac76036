"""What the people of each group said, at the end of a quarter: counted only where enough have come or gone since the last time.

Two lines never tell of almost the same people: every set of people of which one is told differs by ``rules.MOVED`` from every set
of which one was ever told, of this group or of another, whatever has become of that one since. Else somebody who knows who came and
went would read from two lines what the few between them said.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.reporting import rules
from app.domain.reporting.measuring import marks, registry
from app.domain.reporting.question.answers import Said
from app.models.reporting import GroupLine, Says

SAID: Final = ("woman", "man", "another", "unsaid")
A_YEAR: Final = timedelta(days=360)


def counted(db: Session, end: date, said: dict[Any, Said], joined: set[Any]) -> dict[str, dict[str, Any]]:
    """Return by group that is to be looked at how many said what, whether it is ``alike``, and the ``people`` who were counted.

    Alike: fewer than ``rules.MOVED`` people make the difference to others of whom a line was or is told. The people are those that
    everything was compared with, frozen with the counts: who is stopped, leaves or is erased before the line is kept was counted.
    """
    inside = {key: people & joined for key, people in _inside(db, end).items()}
    of = marks.by_person(db, {one for people in inside.values() for one in people})
    seen = {key: {of[one] for one in people} for key, people in inside.items()}
    rows = db.execute(sa.select(GroupLine).order_by(col(GroupLine.period))).scalars().all()
    before = {row.group_id: row for row in rows}
    told = [set(row.marks.split()) for row in rows if row.says != Says.UNTOLD]
    found = {}
    for key in sorted(seen):
        if not _to_look_at(seen[key], before.get(key), end):
            continue
        alike = any(marks.is_alike(seen[key], other) for other in told)
        if not alike:
            told.append(seen[key])
        counts = Counter(said[one].gender if one in said else "unsaid" for one in inside[key])
        people = sorted(str(one) for one in inside[key])
        found[str(key)] = {answer: counts[answer] for answer in SAID} | {"alike": int(alike), "people": people}
    return found


def _inside(db: Session, end: date) -> dict[UUID, set[UUID]]:
    belonging = registry.groups()
    found: dict[UUID, set[UUID]] = {}
    for group_id, member_id in db.execute(belonging(end)) if belonging else ():
        found.setdefault(group_id, set()).add(member_id)
    return found


def _to_look_at(seen: marks.Marks, before: GroupLine | None, end: date) -> bool:
    """Say whether a group is looked at: one never told once it is large enough, another one when enough people have moved.

    One of which nothing could be told is looked at after a year, too: by then those who stayed may have answered.
    """
    if before is None:
        return len(seen) >= rules.LINE_FROM
    if before.says == Says.UNTOLD and end - before.counted_on >= A_YEAR:
        return True
    return len(seen ^ set(before.marks.split())) >= rules.MOVED
