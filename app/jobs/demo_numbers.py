"""The demo's numbers: invented people who joined and answered, and releases of the last two months, made as the worker does."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from typing import Final

from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.db import Database
from app.core.settings import Settings
from app.domain.accounts.names import skeleton
from app.domain.actor import Actor
from app.domain.network import absence
from app.domain.reporting import promising, working
from app.domain.reporting.measuring.counting import end_of, last_ended
from app.domain.reporting.question import answers
from app.domain.reporting.releasing import releases
from app.jobs import numbers
from app.models.accounts import Member, Role, RoleGrant
from app.schemas.reporting import NewPromise, NewReference

# How many, what they say ("" is nothing), whether they come lately, which role they held until the last counted day: today nobody
# of the crowd holds one, so that the desk lists the people of the demo. Few of those who lead are women.
CROWD: Final = (
    (62, "woman", True, None), (28, "woman", False, None), (13, "woman", True, Role.ORGANISER), (12, "woman", True, Role.MENTOR),
    (61, "man", True, None), (22, "man", False, None), (37, "man", True, Role.ORGANISER), (14, "man", True, Role.MENTOR),
    (28, "", True, None), (14, "", False, None), (11, "", True, Role.ORGANISER), (3, "", True, Role.MENTOR),
    (3, "another", True, None), (4, "unsaid", True, None),
)  # fmt: skip
ABSENT: Final = {"hours": 27, "children": 34, "travel": 18, "only_men": 12, "phone": 3}  # how often a month
SYLLABLES: Final = ("ba", "ke", "di", "fo", "gu", "ta", "pe", "si", "ko", "zu")
ANALYST: Final = "Seven Beads"


def release_twice(database: Database, settings: Settings) -> None:
    """Let people join and answer, and publish the numbers of the last two months that are over."""
    latest = last_ended(now().date())
    first = last_ended(_end(latest).replace(day=1))
    with clock.at(_after(first)), database.transaction() as db:
        _join(db, _end(first), _end(latest))
        working.set_reference(db, _analyst(db), NewReference(
            source="Invented office for the demo", year=now().year - 1, place="Invented country", share=38
        ))  # fmt: skip
    for period in (first, latest):
        with clock.at(datetime.combine(_end(period), time(9), UTC)), database.transaction() as db:
            for reason, many in ABSENT.items():
                for _n in range(many):
                    absence.say(db, reason)
        with clock.at(_after(period)):
            made = numbers.make(database, settings, period)
            if period == latest:
                _promise(database)
        with clock.at(_after(period, releases.LOOKED_OVER)):
            numbers.publish(database, made)


def _end(period: str) -> date:
    return end_of(period) or date.min


def _after(period: str, wait: timedelta = timedelta()) -> datetime:
    """Return a moment after a month, but never one that is still to come."""
    return min(datetime.combine(_end(period) + timedelta(days=1), time(6), UTC) + wait, now())


def _analyst(db: Session) -> Actor:
    member = db.exec(select(Member).where(Member.name == ANALYST)).one()
    return Actor(member.id, member.name, roles=frozenset({Role.ANALYST}), second_factor=True)


def _names() -> Iterator[str]:
    """Yield chosen names that look like no other one: words, no numerals."""
    for number in count(100):
        yield "Neighbour " + "".join(SYLLABLES[int(digit)] for digit in str(number)).capitalize()


def _join(db: Session, end: date, lately: date) -> None:
    names, begin = _names(), end - timedelta(days=60)
    for many, gender, is_active, role in CROWD:
        for name in islice(names, many):
            seen = lately if is_active else begin
            member = Member(name=name, name_key=skeleton(name), language="en", joined_on=begin, seen_on=seen)
            db.add(member)
            db.flush()
            if gender:
                answers.answer(db, Actor(member.id), answers.Said(gender))
            if role:
                db.add(RoleGrant(member_id=member.id, role=role, from_on=begin, until_on=lately + timedelta(days=1)))
    db.flush()


def _promise(database: Database) -> None:
    with database.transaction() as db:
        promising.promise(db, _analyst(db), NewPromise(
            what="Meetings of organisers on Saturday mornings, with somebody who looks after the children", owner="coordinators",
            due=now().date() + timedelta(days=120),
        ))  # fmt: skip
