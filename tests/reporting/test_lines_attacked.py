"""Lines about groups against whoever knows who comes and goes: an organiser, members who act together, somebody who waits."""

from datetime import date
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.core.db import Database
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.domain.reporting import rules
from app.domain.reporting.measuring import counting, grouping
from app.domain.reporting.measuring import marks as marking
from app.domain.reporting.question.answers import Said
from app.jobs import numbers
from app.models.accounts import MemberStatus
from app.models.groups import Group, GroupMember, GroupRole, GroupState, Visibility
from app.models.reporting import GroupLine, Says
from tests.factories import Make
from tests.reporting.test_lines import Quarter, in_month_after
from tests.reporting.test_releases import people


@pytest.fixture
def quarter(make: Make, database: Database, settings: Settings) -> Quarter:
    """Return a network whose group somebody cares for: else the first who is erased would take it off the page."""
    found = Quarter(make, database, settings)
    seat = make.db.exec(select(GroupMember).where(GroupMember.member_id == found.men[13].id)).one()
    seat.role, seat.role_until = GroupRole.ORGANISER, date(2032, 1, 1)
    return found


def lines(db: Session) -> list[tuple[str, Says, set[str]]]:
    """Return month, line and marks of every row, and let go of the database."""
    db.rollback()
    found = [(row.period, row.says, set(row.marks.split())) for row in db.exec(select(GroupLine).order_by(col(GroupLine.period)))]
    db.rollback()
    return found


def said(db: Session) -> list[tuple[str, Says]]:
    return [(period, says) for period, says, _marks in lines(db)]


def led_to(db: Session, members: list[UUID]) -> int:
    """Return how many of these people the marks of the one line lead to."""
    ((_period, _says, marks),) = lines(db)
    found = sum(marking.marked(db, [str(one)], set()) in marks for one in members)
    db.rollback()
    return found


@pytest.mark.parametrize("status", [MemberStatus.SUSPENDED, MemberStatus.LEAVING, MemberStatus.APPLIED])
def test_seats_of_accounts_that_are_not_counted_move_nothing(quarter: Quarter, db: Session, status: MemberStatus) -> None:
    """16 women and 11 men, then 10 men: a line made anew would say what the one said who left."""
    quarter.out(quarter.settled, quarter.men[:3])
    resting = people(quarter.make, 0, 0, 10)
    for one in resting:
        one.status = status
    quarter.inside(quarter.settled, resting)
    quarter.end("2026-09")
    quarter.out(quarter.settled, quarter.men[3:4])
    assert quarter.end("2026-12") == {"Round of tea": "September 2026"}
    assert said(db) == [("2026-09", Says.BALANCED)]
    for one in resting:
        one.status = MemberStatus.ACTIVE  # who is counted from now on has come
    assert quarter.end("2027-03") == {"Round of tea": "March 2027"}


def test_what_is_compared_later_is_who_was_counted(quarter: Quarter, db: Session) -> None:
    """Nine leave, and one is erased, between the count and the release: they are in the line, and have moved since."""
    quarter.make.commit()
    whole = [one.id for one in [*quarter.women[:16], *quarter.men[:14]]]
    with in_month_after("2026-09"):
        with quarter.database.transaction() as writing:
            counting.freeze(writing, "2026-09")
        quarter.out(quarter.settled, quarter.women[:9])
        with quarter.database.transaction() as writing:
            accounts.purge_member(writing, whole[9])
        numbers.publish(quarter.database, numbers.make(quarter.database, quarter.settings, "2026-09"))
    ((_period, _says, marks),) = lines(db)
    assert len(marks) == 30
    assert led_to(db, whole) == 29
    assert quarter.end("2026-12") == {}  # ten have moved: looked at anew, and twenty are too few
    assert said(db) == [("2026-09", Says.BALANCED), ("2026-12", Says.UNTOLD)]


def test_whoever_is_erased_leaves_no_mark_and_has_moved(quarter: Quarter, db: Session) -> None:
    quarter.end("2026-09")
    gone = [one.id for one in quarter.men[:10]]
    quarter.make.commit()
    assert led_to(db, gone) == 10
    with quarter.database.transaction() as writing:
        for one in gone[:9]:
            accounts.purge_member(writing, one)
    marking.replace(quarter.database)
    assert led_to(db, gone) == 1
    assert quarter.end("2026-12") == {"Round of tea": "September 2026"}  # nine
    quarter.inside(quarter.settled, quarter.men[20:30])
    assert quarter.end("2027-03") == {"Round of tea": "March 2027"}


def test_ten_who_go_and_come_back_take_nobody_along(quarter: Quarter, db: Session) -> None:
    """The difference between the first line and a third would be one man."""
    group, ten = quarter.settled, quarter.women[20:30]
    quarter.end("2026-09")
    quarter.inside(group, ten)
    quarter.end("2026-12")
    quarter.out(group, [*ten, quarter.men[0]])
    quarter.end("2027-03")
    assert said(db) == [("2026-09", Says.BALANCED), ("2026-12", Says.LESS), ("2027-03", Says.UNTOLD)]


def test_another_group_of_almost_those_of_whom_a_line_was_told(quarter: Quarter, db: Session) -> None:
    """The group itself is hidden meanwhile, or has become another one in part: what was told of it is known."""
    make, group = quarter.make, quarter.settled
    quarter.end("2026-09")
    group.visibility = Visibility.UNLISTED
    quarter.out(group, quarter.women[:9])
    copy = make.group(name="Copy", visibility=Visibility.LISTED, state=GroupState.SHOWN)
    quarter.inside(copy, [*quarter.women[:16], *quarter.men[:13]])
    assert quarter.end("2026-12") == {}
    assert said(db)[1] == ("2026-12", Says.UNTOLD)


def test_nothing_is_told_late(quarter: Quarter, db: Session) -> None:
    """A month that was counted without the lines of one before it could be told beside them."""
    quarter.make.commit()
    with in_month_after("2026-09"), quarter.database.transaction() as writing:
        counting.freeze(writing, "2026-09")
    with in_month_after("2026-10"):
        with quarter.database.transaction() as writing:
            counting.freeze(writing, "2026-10")
        numbers.make(quarter.database, quarter.settings, "2026-09")
    assert said(db) == []
    assert quarter.end("2026-12") == {"Round of tea": "December 2026"}


def moved(chance: Random, pool: list[UUID], groups: dict[UUID, set[UUID]], seen: list[set[UUID]]) -> None:
    """Let those who run the groups do what may tell most: some move, or a group becomes almost what another is or was."""
    for key, inside in groups.items():
        some = set(chance.sample(pool, chance.choice([1, 9, 10, 12])))
        groups[key] = inside ^ some
        if seen and chance.random() < 0.6:
            groups[key] = chance.choice(seen) ^ set(chance.sample(pool, chance.choice([1, 2, 9])))


@pytest.mark.parametrize("seed", range(4))
def test_no_two_lines_tell_of_almost_the_same_people(make: Make, db: Session, monkeypatch: Any, seed: int) -> None:
    marking.make_ready(db)
    chance, pool = Random(seed), [uuid4() for _n in range(60)]
    made: list[Group] = [make.group() for _n in range(4)]
    groups = {one.id: set(chance.sample(pool, 30)) for one in made}
    answers = {one: Said(chance.choice(["woman", "man"])) for one in pool}
    told: list[set[UUID]] = []
    seen: list[set[UUID]] = []
    for year, month in ((year, month) for year in range(2026, 2032) for month in (3, 6, 9, 12)):
        there = {key: inside for key, inside in groups.items() if chance.random() < 0.8}  # a group may be hidden for a while
        monkeypatch.setattr(grouping, "_inside", lambda _db, _end, there=there: there)
        end = date(year, month, 28)
        for key, found in grouping.counted(db, end, answers, set(pool)).items():
            says = Says.UNTOLD if found["alike"] else rules.line_of(found["woman"], found["man"], 0, 0, 10)
            marks = marking.marked(db, found["people"], set())
            db.add(GroupLine(group_id=UUID(key), period=str(end)[:7], says=says, threshold=10, marks=marks, counted_on=end))
            seen.append(there[UUID(key)])
            if says != Says.UNTOLD:
                told.append(there[UUID(key)])
        db.flush()
        moved(chance, pool, groups, seen)
    assert len(told) > 10
    assert min(len(one ^ other) for one, other in combinations(told, 2)) >= rules.MOVED
