"""One of two lines about each group: what they leave open to whoever knows who is in it and who moved, and when they change."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session, col, select

from app.core import clock
from app.core.db import Database
from app.core.ids import new_ref
from app.core.settings import Settings
from app.domain import wiring
from app.domain.groups import measures
from app.domain.mentoring import measures as of_mentoring
from app.domain.reporting import rules
from app.domain.reporting.measuring import counting
from app.domain.reporting.showing import lines
from app.jobs import numbers
from app.models.accounts import Member, MemberStatus, Role
from app.models.groups import Group, GroupLeaving, GroupMember, GroupRole, GroupState, Visibility
from app.models.mentoring import AskState, MatchState, MentorAsk, MentorMatch
from app.models.reporting import GroupLine, NumberRelease, NumberSnapshot, Says
from tests.browse import text_of
from tests.factories import Make
from tests.reporting.test_releases import by_id, people

Said = tuple[int, ...]  # women, men, another term, silent


def shared_out(many: int, parts: int = 4) -> Iterator[Said]:
    """Yield every way of sharing ``many`` out."""
    for rest in product(range(many + 1), repeat=parts - 1):
        if sum(rest) <= many:
            yield (*rest, many - sum(rest))


def outcomes(worlds: Any) -> dict[Says, Any]:
    """Return by line which worlds (rows of ``Said``) can have it, for some number of answers that is asked for."""
    drawn = (rules.ANSWERED_FROM, rules.ANSWERED_FROM + rules.ANSWERED_SPREAD - 1)
    found = np.array([[rules.line_of(*map(int, said), least=least) for least in drawn] for said in worlds])
    return {says: (found == says).any(axis=1) for says in Says}


def narrowest(of: int) -> int:
    """Return the narrowest range that a line, or that there is none, leaves of any number of a group of so many people."""
    worlds = np.array(list(shared_out(of)))
    return min(int(np.ptp(worlds[which], axis=0).min()) for which in outcomes(worlds).values() if which.any())


@pytest.mark.parametrize("of", [25, 26, 32])
def test_a_line_leaves_every_number_of_a_group_a_range_of_five(of: int) -> None:
    assert narrowest(of) >= 5


def test_two_lines_and_ten_who_came_tell_of_none_of_them() -> None:
    """The attacker knows all 25 people, the ten who joined, and both lines; the same holds backwards, for ten who left."""
    before, joined, after = (np.array(list(shared_out(n))) for n in (25, rules.MOVED, 25 + rules.MOVED))
    first, place = outcomes(before), {tuple(said): n for n, said in enumerate(after.tolist())}
    then = outcomes(after)
    ends: dict[tuple[Says, Says], list[Any]] = {}  # lowest and highest of every number, and of every number of the ten
    for ten in joined:
        now = before + ten
        at = [place[tuple(said)] for said in now.tolist()]
        for one, other in product(Says, Says):
            if (which := first[one] & then[other][at]).any():
                seen = np.hstack([before[which], now[which], np.broadcast_to(ten, now[which].shape)])
                low, high = ends.get((one, other), [np.full(12, 99), np.full(12, -1)])
                ends[one, other] = [np.minimum(low, seen.min(axis=0)), np.maximum(high, seen.max(axis=0))]
    assert len(ends) == 9
    for low, high in ends.values():
        assert (high - low).min() >= 5
        assert not low[8:].any()  # so no one of the ten must have said anything


def test_two_lines_tell_nothing_of_five_who_went_and_five_who_came() -> None:
    """The attacker knows all people; whatever the five said who went, or the five who came, fits every two lines."""
    stayed, five, whole = (np.array(list(shared_out(n))) for n in (20, 5, 25))
    place = np.zeros((26, 26, 26), int)
    place[tuple(whole[:, :3].T)] = range(len(whole))
    at = place[tuple(np.moveaxis(stayed[:, None, :3] + five[None, :, :3], -1, 0))]
    told = outcomes(whole)
    for one, other in product(Says, Says):
        fits = told[one][at][:, :, None] & told[other][at][:, None, :]
        assert fits.any(axis=(0, 2)).all()
        assert fits.any(axis=(0, 1)).all()


@pytest.mark.parametrize(
    ("said", "least", "says"),
    [
        ((10, 15, 0, 0), 10, Says.BALANCED), ((9, 16, 0, 0), 10, Says.LESS), ((0, 25, 0, 0), 10, Says.LESS),
        ((10, 10, 30, 0), 10, Says.BALANCED), ((6, 3, 16, 0), 10, Says.UNTOLD), ((5, 4, 0, 16), 10, Says.UNTOLD),
        ((5, 5, 0, 15), 10, Says.BALANCED), ((5, 5, 0, 15), 15, Says.UNTOLD),
        ((12, 12, 0, 0), 10, Says.UNTOLD), ((0, 0, 0, 40), 10, Says.UNTOLD),
    ],
)  # fmt: skip
def test_what_is_said_of_a_group(said: Said, least: int, says: Says) -> None:
    assert rules.line_of(*said, least=least) is says


@contextmanager
def in_month_after(period: str) -> Iterator[None]:
    end = date.fromisoformat(f"{period}-28")
    with clock.at(datetime(end.year + end.month // 12, end.month % 12 + 1, 5, tzinfo=UTC)):
        yield


class Quarter:
    """A network of 120 people, and what is said of a group quarter by quarter."""

    def __init__(self, make: Make, database: Database, settings: Settings) -> None:
        wiring.connect()
        self.make, self.database, self.settings = make, database, settings
        self.women, self.men = people(make, 60, 0, 0), people(make, 0, 60, 0)
        self.silent = people(make, 0, 0, 40)
        self.settled = make.group(name="Round of tea", visibility=Visibility.LISTED, state=GroupState.SHOWN)
        self.inside(self.settled, [*self.women[:16], *self.men[:14]])
        make.commit()

    def inside(self, group: Group, members: list[Member]) -> None:
        for member in members:
            self.make.seat(group, member, joined_on=date(2026, 9, 3))

    def out(self, group: Group, members: list[Member]) -> None:
        for seat in self.make.db.exec(select(GroupMember).where(GroupMember.group_id == group.id)):
            if seat.member_id in {m.id for m in members}:
                self.make.db.delete(seat)
        self.make.commit()

    def end(self, period: str, *, published: bool = True) -> dict[str, str]:
        """Let a quarter end; return what is told, by the name of the group."""
        self.make.commit()
        with in_month_after(period):
            made = numbers.make(self.database, self.settings, period)
            if published:
                numbers.publish(self.database, made)
            return self.told()

    def told(self, threshold: int = 10) -> dict[str, str]:
        with self.database.reading() as db:
            return {one.name: one.month for one in lines.published(db.connection(), threshold, 1)}


@pytest.fixture
def quarter(make: Make, database: Database, settings: Settings) -> Quarter:
    return Quarter(make, database, settings)


def test_a_line_stays_until_ten_have_moved(quarter: Quarter, db: Session) -> None:
    assert quarter.end("2026-09", published=False) == {}  # made, and not public before it was looked over
    assert quarter.end("2026-09") == {"Round of tea": "September 2026"}
    group, others = quarter.settled, quarter.men[20:40]
    quarter.out(group, quarter.women[:4])
    quarter.inside(group, others[:5])
    assert quarter.end("2026-12") == {"Round of tea": "September 2026"}
    assert [row.says for row in db.exec(select(GroupLine))] == [Says.BALANCED]
    quarter.out(group, quarter.women[4:8])
    quarter.inside(group, quarter.women[:4])  # who went and is back has not moved
    assert quarter.end("2027-03") == {"Round of tea": "September 2026"}
    quarter.inside(group, others[5:10])
    assert quarter.end("2027-06") == {"Round of tea": "June 2027"}
    assert [row.says for row in db.exec(select(GroupLine).order_by(col(GroupLine.period)))] == [Says.BALANCED, Says.LESS]
    frozen = [counting.opened(one) for one in db.exec(select(NumberSnapshot))]
    assert not any(one.get("groups") for one in frozen)  # who was counted in a group stays nowhere
    assert quarter.told(threshold=15) == {}  # a threshold that was raised since


def test_what_becomes_of_a_group_between_two_releases(quarter: Quarter, db: Session) -> None:
    make, settled = quarter.make, quarter.settled
    copy = make.group(name="Same people", visibility=Visibility.LISTED, state=GroupState.SHOWN)
    quarter.inside(copy, [*quarter.women[:16], *quarter.men[:15]])
    women = make.group(name="Women", visibility=Visibility.LISTED, state=GroupState.SHOWN, women_only=True)
    quarter.inside(women, quarter.women[:40])
    hidden = make.group(name="Hidden", visibility=Visibility.HIDDEN, state=GroupState.SHOWN)
    quarter.inside(hidden, quarter.men[:40])
    small = make.group(name="Small", visibility=Visibility.LISTED, state=GroupState.SHOWN)
    quarter.inside(small, quarter.men[:24])
    told = quarter.end("2026-09")
    assert len(told) == 1
    assert set(told) <= {"Round of tea", "Same people"}  # of two with almost the same people, one
    shown = settled if "Round of tea" in told else copy
    assert {row.group_id for row in db.exec(select(GroupLine))} == {settled.id, copy.id}
    shown.name = "New name"
    make.commit()
    assert set(quarter.told()) == {"New name"}
    for changed in ({"state": GroupState.WAITS}, {"state": GroupState.SHOWN, "visibility": Visibility.UNLISTED}):
        for name, value in changed.items():
            setattr(shown, name, value)
        make.commit()
        assert quarter.told() == {}


def test_nothing_is_told_of_groups_where_a_number_of_the_network_is_hidden(
    make: Make, database: Database, settings: Settings
) -> None:
    wiring.connect()
    group = make.group(visibility=Visibility.LISTED, state=GroupState.SHOWN)
    for member in people(make, 8, 40, 2):
        make.seat(group, member, joined_on=date(2026, 9, 3))
    make.commit()
    with in_month_after("2026-09"):
        numbers.publish(database, numbers.make(database, settings, "2026-09"))
    with database.reading() as db:
        assert db.exec(select(GroupLine)).all() == []


def test_everyone_reads_the_lines_and_organisers_no_more(quarter: Quarter, browse: Any, app: Any, count_queries: Any) -> None:
    lead = quarter.women[0]
    desk = quarter.make.member("", Role.ANALYST)
    seat = quarter.make.db.exec(select(GroupMember).where(GroupMember.member_id == lead.id)).one()
    seat.role = GroupRole.ORGANISER
    quarter.make.commit()
    member, analyst = browse(lead), browse(desk)
    assert "Nothing is told of any group" in text_of(browse().get("/numbers/groups"))
    quarter.end("2026-09", published=False)
    assert "Round of tea" in text_of(analyst.get("/desk/numbers/next"))
    assert "Nothing is told of any group" in text_of(member.get("/numbers/groups"))
    quarter.end("2026-09")
    database = app.state.house.database
    with count_queries(database.write_engine, database.read_engine) as sent:
        words = text_of(member.get("/numbers/groups"))
    assert len(sent) <= 3, sent
    said = "Of those who said woman or man: at least 40 in 100 of each."
    assert "Round of tea" in words
    assert f"{said} At the end of: September 2026" in words
    assert said in text_of(member.get(f"/g/{quarter.settled.ref}/care"))
    assert browse().get("/numbers/groups?page=2").status_code == 404
    assert "/numbers/groups" in member.get("/numbers").text


def test_the_files_of_a_release_hold_the_lines_that_held_then_and_that_everybody_may_still_see(
    quarter: Quarter, browse: Any, app: Any, count_queries: Any
) -> None:
    make, group = quarter.make, quarter.settled
    group.name = "=Round of tea"
    quarter.end("2026-09")
    with quarter.database.reading() as db:
        (before,) = db.exec(select(NumberRelease.ref)).all()
    quarter.out(group, quarter.women[:8])
    quarter.inside(group, quarter.men[20:30])
    quarter.end("2026-12")
    with quarter.database.reading() as db:
        after = db.exec(select(NumberRelease.ref).where(NumberRelease.ref != before)).one()
    guest = browse()
    said = {"group": group.ref, "name": "=Round of tea", "says": "balanced", "period": "2026-09"}
    assert guest.get(f"/numbers/releases/{before}.json").json()["groups"] == [said]
    assert guest.get(f"/numbers/releases/{after}.json").json()["groups"] == [said | {"says": "less", "period": "2026-12"}]
    assert f",group,{group.ref},'=Round of tea,2026-12,less\r\n" in guest.get(f"/numbers/releases/{after}.csv").text
    database = app.state.house.database
    with count_queries(database.write_engine, database.read_engine) as sent:
        paper = guest.get(f"/numbers/releases/{after}/sheet")
    assert len(sent) <= 3, sent
    assert "=Round of tea – Of those who said woman or man: fewer than 40 in 100 of one." in text_of(paper)
    group.visibility, member = Visibility.UNLISTED, browse(quarter.men[50])
    make.commit()
    for ref in (before, after):
        answer = member.get(f"/numbers/releases/{ref}.json")
        assert answer.json()["groups"] == []
        assert "max-age" not in answer.headers["cache-control"]
        assert "Round of tea" not in member.get(f"/numbers/releases/{ref}.csv").text


def test_reasons_for_leaving_are_protected_with_all_others(quarter: Quarter, db: Session) -> None:
    group = quarter.settled
    quarter.make.db.add_all(
        GroupLeaving(group_id=group.id, reason=reason, month=month)
        for reason, month, many in (("far", date(2026, 9, 1), 22), ("safe", date(2026, 9, 1), 3), ("far", date(2026, 8, 1), 40))
        for _n in range(many)
    )
    quarter.make.commit()
    hidden = quarter.make.group(name="Hidden", visibility=Visibility.HIDDEN)
    quarter.make.db.add(GroupLeaving(group_id=hidden.id, reason="far", month=date(2026, 9, 1)))  # a table would tell of it
    quarter.make.commit()
    assert measures.left(db, date(2026, 9, 1), date(2026, 9, 30))["reasons"]["far"] == 22
    quarter.make.commit()
    with in_month_after("2026-09"):
        table = by_id(numbers.make(quarter.database, quarter.settings, "2026-09"), "leaving")
    shown = dict(zip(table["cols"], table["cells"][0], strict=True))
    assert (shown["far"], shown["safe"], shown["moved on"]) == (20, None, None)


def test_wishes_for_a_mentor_are_counted_by_how_long_they_wait(quarter: Quarter, db: Session) -> None:
    days = [date(2026, 9, 1), date(2026, 8, 31), date(2026, 8, 30), date(2026, 7, 2), date(2026, 7, 1), date(2026, 10, 1)]
    for member, day in zip(quarter.women, days, strict=False):
        db.add(MentorAsk(member_id=member.id, state=AskState.WAITING, said="{}", asked_on=day, touched_on=day))
    for member, state in ((quarter.men[0], AskState.BEGUN), (quarter.men[1], AskState.WAITING)):
        asked = date(2026, 9, 1) if state is AskState.WAITING else None
        db.add(MentorAsk(member_id=member.id, state=state, said="{}", asked_on=asked, touched_on=date(2026, 9, 1)))
    quarter.men[1].status = MemberStatus.SUSPENDED
    db.flush()
    pair = MentorMatch(ref=new_ref(), mentee_id=quarter.women[5].id, mentor_id=quarter.men[5].id, open_mentee=quarter.women[5].id,
                       state=MatchState.ACTIVE, version="1", why="{}", made_on=date(2026, 9, 30))  # fmt: skip
    db.add(pair)
    db.flush()
    assert db.execute(of_mentoring.mentored(date(2026, 9, 30))).scalars().all() == [quarter.women[5].id]
    assert db.execute(of_mentoring.mentored(date(2026, 9, 29))).scalars().all() == []
    pair.state, pair.open_mentee = MatchState.ENDED, None
    db.flush()
    assert db.execute(of_mentoring.mentored(date(2026, 9, 30))).scalars().all() == []
    found = of_mentoring.waiting(db, date(2026, 9, 1), date(2026, 9, 30))
    assert found == {"wishes": {"up to 30 days": 2, "31 to 90 days": 2, "longer": 1}}


def test_who_leads_a_group_that_everybody_sees_is_counted(quarter: Quarter, db: Session) -> None:
    hidden = quarter.make.group(name="Hidden", visibility=Visibility.HIDDEN)
    for group, member in ((quarter.settled, quarter.silent[0]), (hidden, quarter.silent[1])):
        quarter.make.seat(group, member, GroupRole.ORGANISER, joined_on=date(2026, 9, 3), role_until=date(2027, 1, 1))
    quarter.make.commit()
    found = set(db.execute(measures.organisers(date(2026, 9, 30))).scalars())
    assert quarter.silent[0].id in found
    assert quarter.silent[1].id not in found
    assert quarter.silent[0].id not in set(db.execute(measures.organisers(date(2027, 1, 1))).scalars())
