"""Circles: planned, led, asked for, begun with a hidden group, left, ended with a goodbye; who reads which name; what they take."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.ids import new_ref
from app.domain import wiring
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.groups import belonging, bound, codes, queries, roles, talking
from app.domain.mentoring.circles import ending, forming, reading, rules, standing
from app.domain.mentoring.circles.wording import BEGUN, FEW, LEAD, NO_CIRCLE, NOT_THIS_TIME, ONE_STOPS, OVER, TAKEN_IN
from app.domain.mentoring.rounds import facts
from app.models.accounts import Answer, Erasure, Member, MemberStatus, Role
from app.models.between import MemberBlock
from app.models.circles import CircleSeat, CircleState, MentorCircle, SeatState
from app.models.groups import Group, GroupMember, GroupRole, GroupState, Post, Topic
from app.models.mentoring import MatchState, Mentor, MentorMatch, MentorState
from app.schemas.circles import ChooseSeat, PlanCircle
from app.schemas.groups import LeaveGroup, StartTopic
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

C = CircleState


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


class Round:
    """Two mentors, a coordinator, and five people who could come."""

    def __init__(self, db: Session, make: Make) -> None:
        self.db, self.make = db, make
        self.awa, self.sira = make.member("Awa Lantern", Role.COORDINATOR), make.member("Sira Mango", Role.COORDINATOR)
        self.first, self.second = make.member("Lamin Copper", Role.MENTOR), make.member("Fatou River", Role.MENTOR)
        self.people = [make.member(f"Person {n}") for n in range(5)]
        for who in (self.first, self.second):
            db.add(Mentor(
                ref=new_ref(), member_id=who.id, state=MentorState.ACTIVE, said="{}", capacity=1, supervisor_id=self.awa.id,
                trained_until=TODAY.date() + timedelta(days=300), touched_on=TODAY.date(),
            ))  # fmt: skip
        db.flush()

    def act(self, who: Member) -> Actor:
        """Return somebody as who acts."""
        roles = {Role.COORDINATOR} if who in (self.awa, self.sira) else {Role.MENTOR} if who in (self.first, self.second) else set()
        return Actor(who.id, who.name, status=who.status, roles=frozenset(roles), second_factor=True)

    def plan(self, *who: Member, **changed: Any) -> MentorCircle:
        """Plan a circle with these mentors."""
        refs = [self.db.exec(select(Mentor.ref).where(Mentor.member_id == one.id)).one() for one in who]
        wish: dict[str, Any] = {
            "title": "Cooking on Thursdays", "about": "In the kitchen of the school, at five.", "language": "en", "places": 4,
            "begins_on": TODAY.date() + timedelta(days=10), "weeks": 8, "mentor": refs[0], "second": refs[1] if refs[1:] else "",
        }  # fmt: skip
        return forming.plan(self.db, self.act(self.awa), PlanCircle(**{**wish, **changed}))

    def led(self, *who: Member) -> MentorCircle:
        """Plan a circle whose mentors have said yes."""
        row = self.plan(*who)
        for one in who:
            forming.lead(self.db, self.act(one), row.ref)
        return row

    def seat(self, circle: MentorCircle, who: Member) -> str:
        """Return the address part of somebody's seat."""
        return self.db.exec(select(CircleSeat.ref).where(CircleSeat.circle_id == circle.id, CircleSeat.member_id == who.id)).one()

    def come(self, circle: MentorCircle, *who: Member) -> None:
        """Let these ask, and be let in."""
        for one in who:
            forming.ask(self.db, self.act(one), circle.ref)
            forming.choose(self.db, self.act(self.awa), circle.ref, ChooseSeat(do="in", seat=self.seat(circle, one)))

    def running(self, *leads: Member, people: int = 3) -> tuple[MentorCircle, Group]:
        """Return a circle that has begun, and its group."""
        circle = self.led(*leads)
        self.come(circle, *self.people[:people])
        forming.begin(self.db, self.act(self.awa), circle.ref)
        return circle, self.db.get_one(Group, circle.group_id)

    def told(self, who: Member) -> list[str]:
        """Return what somebody was told."""
        return list(self.db.exec(select(Answer.sentence).where(Answer.member_id == who.id).order_by(sa.column("id"))))

    def names(self, circle: MentorCircle) -> list[str]:
        """Return whom a coordinator reads at the desk."""
        return [one.name for one in reading.people(self.db, circle.id)]


@pytest.fixture
def house(db: Session, make: Make) -> Round:
    """People for circles."""
    return Round(db, make)


@pytest.mark.parametrize(
    ("state", "seat", "others", "adult", "may"),
    [
        (C.OPEN, None, 0, True, True), (C.OPEN, None, 1, True, True), (C.OPEN, None, 2, True, False),
        (C.OPEN, None, 0, False, False),
        (C.OPEN, SeatState.ASKED, 0, True, False), (C.FORMING, None, 0, True, False), (C.RUNNING, None, 0, True, False),
    ],
)  # fmt: skip
def test_who_may_ask(state: CircleState, seat: SeatState | None, others: int, adult: bool, may: bool) -> None:
    actor = Actor(new_ref(), "Amina")  # type: ignore[arg-type]
    assert bool(rules.may_ask(actor, adult=adult, state=state, seat=seat, others=others)) is may


def test_from_the_plan_to_the_goodbye(house: Round) -> None:
    circle = house.plan(house.first, house.second)
    assert house.told(house.first) == house.told(house.second) == [LEAD]
    one = house.people[0]
    with pytest.raises(NotFound):  # nobody learns of it before both have said yes
        reading.one(house.db.connection(), house.act(one), circle.ref)
    with pytest.raises(NotFound):
        forming.ask(house.db, house.act(one), circle.ref)
    forming.lead(house.db, house.act(house.first), circle.ref)
    assert circle.state == C.FORMING
    with pytest.raises(Conflict):
        forming.lead(house.db, house.act(house.first), circle.ref)
    forming.lead(house.db, house.act(house.second), circle.ref)
    assert circle.state == C.OPEN
    assert facts._caseload(house.db)[house.first.id] == 1  # it takes a place
    with pytest.raises(Invalid, match="cannot lead"):
        house.plan(house.first)
    assert reading.leads_of(house.db.connection(), circle.id) == ["Fatou River", "Lamin Copper"]
    house.come(circle, *house.people[:2])
    forming.ask(house.db, house.act(house.people[2]), circle.ref)
    forming.ask(house.db, house.act(house.people[3]), circle.ref)
    with pytest.raises(Conflict, match="Three people"):
        forming.begin(house.db, house.act(house.sira), circle.ref)
    out = ChooseSeat(do="out", seat=house.seat(circle, house.people[2]))
    with pytest.raises(Refused):
        forming.choose(house.db, house.act(house.first), circle.ref, out)
    forming.choose(house.db, house.act(house.awa), circle.ref, out)
    with pytest.raises(Conflict):
        forming.choose(house.db, house.act(house.awa), circle.ref, out)
    house.come(circle, house.people[4])
    assert house.told(one) == [TAKEN_IN]
    forming.begin(house.db, house.act(house.awa), circle.ref)
    assert house.told(house.people[2]) == house.told(house.people[3]) == [NOT_THIS_TIME]
    group = house.db.get_one(Group, circle.group_id)
    with pytest.raises(NotFound):
        queries.group(house.db, house.act(house.people[3]), group.ref)
    assert (house.told(one)[-1], group.members) == (BEGUN, 5)
    seats = house.db.exec(select(GroupMember.role).where(GroupMember.group_id == group.id)).all()
    assert seats.count(GroupRole.ORGANISER) == 2
    mentor = house.act(house.first)
    place = queries.seat(house.db, group.id, mentor.me)
    with pytest.raises(Invalid, match="Coordinators choose"):
        codes.make(house.db, mentor, group, place, 1, TODAY.date())
    until = TODAY.date() + timedelta(days=9)
    with pytest.raises(Invalid, match="Coordinators choose"):
        roles.give_role(house.db, mentor, group, place, one.name, GroupRole.ORGANISER, until)
    ending.step_back(house.db, house.act(house.second), circle.ref)
    assert (house.told(one)[-1], circle.state) == (ONE_STOPS, C.RUNNING)
    for days, state in ((56, C.RUNNING), (57, C.GOODBYE), (71, C.GOODBYE), (72, C.ENDED)):
        with clock.at(TODAY + timedelta(days=days)):
            ending.due(house.db)
            assert circle.state == state, days
    assert house.told(one)[-1] == OVER
    house.db.refresh(group)
    assert (group.state, group.members) == (GroupState.CLOSED, 0)
    assert house.db.exec(select(CircleSeat)).all() == []
    assert facts._caseload(house.db)[house.first.id] == 0
    with clock.at(TODAY + timedelta(days=72 + 183)):
        ending.due(house.db)
    assert house.db.execute(sa.select(sa.func.count()).select_from(MentorCircle)).scalar_one() == 0


def test_with_whom_it_was_closed_for_good_nobody_reads_and_nobody_is_let_in(house: Round) -> None:
    circle, who = house.led(house.first), house.people[0]
    house.db.add(MentorMatch(
        ref=new_ref(), mentee_id=who.id, mentor_id=house.first.id, state=MatchState.ENDED, version="1", why="{}",
        made_on=TODAY.date(), ended_on=TODAY.date(),
    ))  # fmt: skip
    forming.ask(house.db, house.act(who), circle.ref)
    assert house.names(circle) == ["Lamin Copper"]
    with pytest.raises(Conflict):
        forming.choose(house.db, house.act(house.awa), circle.ref, ChooseSeat(do="in", seat=house.seat(circle, who)))
    house.come(circle, *house.people[1:4])
    forming.begin(house.db, house.act(house.awa), circle.ref)
    assert house.told(who) == [NOT_THIS_TIME]  # as everybody who asked in vain


@pytest.mark.parametrize("lead", [True, False])
@pytest.mark.parametrize("blocked", [True, False])
def test_whom_a_block_stands_between_does_not_begin_together(house: Round, lead: bool, blocked: bool) -> None:
    circle, late = house.led(house.first), house.people[4]
    house.come(circle, *house.people[:3])
    other = house.first if lead else house.people[0]
    one, two = (late, other) if blocked else (other, late)
    house.db.add(MemberBlock(ref=new_ref(), member_id=one.id, blocked_id=two.id, name=two.name, on=TODAY.date()))
    forming.ask(house.db, house.act(late), circle.ref)
    assert late.name not in house.names(circle)
    assert house.people[0].name in house.names(circle)
    with pytest.raises(Conflict):
        choose(house.seat(circle, late))(house.db, house.act(house.awa), circle.ref)
    forming.begin(house.db, house.act(house.awa), circle.ref)
    assert house.told(late) == [NOT_THIS_TIME]  # as everybody who asked in vain


def choose(seat: str) -> Callable[[Session, Actor, str], None]:
    """Return what lets somebody in."""
    return lambda db, actor, ref: forming.choose(db, actor, ref, ChooseSeat(do="in", seat=seat))


def test_who_is_closed_for_good_after_they_were_let_in_is_not_brought_together(house: Round) -> None:
    circle = house.led(house.first)
    house.come(circle, *house.people[:4])
    who = house.people[0]
    house.db.add(MentorMatch(
        ref=new_ref(), mentee_id=who.id, mentor_id=house.first.id, state=MatchState.DROPPED, version="1", why="{}",
        made_on=TODAY.date(), ended_on=TODAY.date(),
    ))  # fmt: skip
    assert who.name not in house.names(circle)
    house.come(circle, house.people[4])  # the place is free, as if they had taken it back
    forming.begin(house.db, house.act(house.awa), circle.ref)
    assert house.told(who) == [TAKEN_IN, NOT_THIS_TIME]
    assert not queries.seat(house.db, house.db.get_one(Group, circle.group_id).id, who.id).inside


def test_nobody_reads_of_circles_who_is_not_grown_up_nor_finds_them_by_a_form(house: Round, browse: Callable[..., Browser]) -> None:
    circle, running = house.led(house.first), house.led(house.second)
    house.come(running, *house.people[1:4])
    forming.begin(house.db, house.act(house.awa), running.ref)
    house.people[0].adult = False
    paths, _names = [f"/my/mentoring/circles/{one.ref}" for one in (circle, running)], [one.name for one in house.people]
    house.make.commit()
    young, other = browse(house.people[0]), browse(house.people[4])
    assert "No circle at the moment" in text_of(young.get("/my/mentoring/circles"))
    for do in ("ask", "lead", "take_back", "step_back", "end"):
        assert young.post(paths[0], {"do": do}).status_code == 404
        assert other.post(paths[1], {"do": do}).status_code == 404


@pytest.mark.parametrize("over", [False, True])
def test_a_restored_copy_says_no_goodbye_a_second_time(house: Round, over: bool) -> None:
    circle, group = house.running(house.first)
    ending.end(house.db, house.act(house.sira), circle.ref)
    if over:
        with clock.at(TODAY + timedelta(days=15)):
            ending.due(house.db)
    kept = {e.kind: e.subject_id for e in house.db.exec(select(Erasure)).all() if e.subject_id == circle.id}
    assert list(kept) == [forming.OVER if over else forming.PARTS]
    told = house.told(house.people[1])
    circle.state, circle.ends_on = C.RUNNING, TODAY.date() + timedelta(days=56)  # as an older copy brings it back
    house.db.flush()
    assert [standing.erase_again(house.db, *one) for one in kept.items()] == [True]
    assert circle.state == (C.ENDED if over else C.GOODBYE)
    ending.left_group(house.db, group.id, house.first.id)
    ending.due(house.db)
    assert house.told(house.people[1]) == told


def test_who_decides_and_what_is_taken_back(house: Round) -> None:
    circle = house.led(house.first)
    with pytest.raises(Refused, match="no circle yourself"):  # who reads the names of those who ask
        forming.ask(house.db, house.act(house.sira), circle.ref)
    forming.ask(house.db, replace(house.act(house.sira), roles=frozenset()), circle.ref)  # before they had the role
    seat = house.seat(circle, house.sira)
    for act in (forming.to_choose, forming.begin, ending.end, choose(seat)):
        with pytest.raises(NotFound):
            act(house.db, house.act(house.sira), circle.ref)
    forming.take_back(house.db, house.act(house.sira), circle.ref)
    (gone,) = (e for e in house.db.exec(select(Erasure)).all() if e.kind == forming.GONE)
    assert not standing.erase_again(house.db, gone.kind, gone.subject_id)
    house.come(circle, *house.people[:4])
    forming.ask(house.db, house.act(house.people[4]), circle.ref)
    seat = house.seat(circle, house.people[4])
    with pytest.raises(Conflict, match="Every place"):
        forming.choose(house.db, house.act(house.awa), circle.ref, ChooseSeat(do="in", seat=seat))
    (mine,) = standing.export(house.db, house.people[4].id)["circles of mentoring"]
    assert (mine["name"], mine["I lead it"]) == ("Cooking on Thursdays", False)
    ending.step_back(house.db, house.act(house.first), circle.ref)
    assert circle.state == C.ENDED
    assert house.told(house.people[4]) == [NO_CIRCLE]
    assert house.told(house.first) == [LEAD]
    other = house.plan(house.second)
    with clock.at(TODAY + timedelta(days=41)):
        ending.due(house.db)
    assert (other.state, house.told(house.second)) == (C.ENDED, [LEAD, NO_CIRCLE])
    for begins in (2, 91):
        with pytest.raises(Invalid) as refused:
            house.plan(house.first, begins_on=TODAY.date() + timedelta(days=begins))
        assert refused.value.field == "begins_on"


@pytest.mark.parametrize("how", ["steps back", "role", "stopped", "account"])
def test_without_a_mentor_it_says_goodbye(house: Round, how: str) -> None:
    circle, group = house.running(house.first)
    if how == "steps back":
        ending.step_back(house.db, house.act(house.first), circle.ref)
    elif how == "role":
        standing.role_ended(house.db, house.first.id, Role.MENTOR)
    elif how == "stopped":
        standing.stopped(house.db, house.first.id)
    else:
        accounts.purge_member(house.db, house.first.id)
    house.db.expire_all()
    assert circle.state == C.GOODBYE
    assert house.told(house.people[0])[-1] == OVER
    assert not queries.seat(house.db, group.id, house.first.id).inside


def test_who_leaves_the_group_leaves_the_circle_and_few_are_told_of_once(house: Round) -> None:
    circle, group = house.running(house.first)
    for n, who in enumerate(house.people[:3]):
        seat = queries.seat(house.db, group.id, who.id)
        belonging.leave(house.db, house.act(who), group, seat, LeaveGroup(words="stay"))
        assert house.told(house.awa).count(FEW) == 1
        assert circle.state == (C.RUNNING if n < 2 else C.GOODBYE)
    left = house.db.exec(select(CircleSeat.leads).where(CircleSeat.circle_id == circle.id)).all()
    assert left == [True]
    standing.standing_changed(house.db, house.people[0].id, MemberStatus.PAUSED)
    bound.close(house.db, group.id)


def test_one_of_two_who_lead_leaves_by_the_group_and_then_the_last_one(house: Round) -> None:
    circle, group = house.running(house.first, house.second)
    gone = LeaveGroup(words="stay")
    place = house.db.exec(select(GroupMember).where(GroupMember.member_id == house.second.id)).one()
    with pytest.raises(Invalid, match="Coordinators choose"):  # nor does one of them end the other's
        roles.end_role(house.db, house.act(house.first), group, queries.seat(house.db, group.id, house.first.id), place.id)
    belonging.leave(house.db, house.act(house.second), group, queries.seat(house.db, group.id, house.second.id), gone)
    assert (circle.state, house.told(house.people[0])[-1]) == (C.RUNNING, ONE_STOPS)
    belonging.leave(house.db, house.act(house.first), group, queries.seat(house.db, group.id, house.first.id), gone)
    assert (circle.state, house.told(house.people[0])[-1]) == (C.GOODBYE, OVER)
    assert house.told(house.people[0]).count(OVER) == 1


def test_nothing_that_was_said_is_left_once_it_is_closed(house: Round) -> None:
    circle, group = house.running(house.first, people=4)
    for who in house.people[:2]:
        seat = queries.seat(house.db, group.id, who.id)
        wish = StartTopic(title="Thursday", body="I bring the rice.", language="en")
        talking.start_topic(house.db, house.act(who), group, seat, wish)
    left = queries.seat(house.db, group.id, house.people[0].id)
    belonging.leave(house.db, house.act(house.people[0]), group, left, LeaveGroup(words="stay"))
    ending.end(house.db, house.act(house.sira), circle.ref)
    with clock.at(TODAY + timedelta(days=15)):
        ending.due(house.db)
    house.db.expire_all()
    words = house.db.exec(select(Post.body, Topic.title).join(Topic, Topic.id == Post.topic_id)).all()  # type: ignore[arg-type]
    assert words == [("", ""), ("", "")]
    assert (group.state, group.name, group.purpose, group.words_by) == (GroupState.CLOSED, "", "", None)


def test_words_that_the_checks_would_let_wait_are_not_shown_to_every_member(house: Round) -> None:
    with pytest.raises(Invalid, match="Every member reads this") as refused:
        house.plan(house.first, about="Call me: +220 799 12 34, I will lend you money.")
    assert refused.value.field == "about"


def test_whose_account_rests_is_not_named_and_ones_own_circle_is_not_at_work(house: Round) -> None:
    circle = house.led(house.first)
    assert [one.ref for one in reading.at_desk(house.db, house.act(house.awa))] == [circle.ref]
    forming.ask(house.db, replace(house.act(house.sira), roles=frozenset()), circle.ref)
    assert reading.at_desk(house.db, house.act(house.sira)) == []
    house.first.status = MemberStatus.PAUSED
    house.db.flush()
    assert reading.leads_of(house.db.connection(), circle.id) == []


def test_taking_back_late_says_where_one_leaves(house: Round) -> None:
    circle, _group = house.running(house.first)
    with pytest.raises(Conflict, match="My place here"):
        forming.take_back(house.db, house.act(house.people[0]), circle.ref)


@pytest.mark.parametrize("items", [1, 3])
def test_the_pages_of_circles(
    house: Round, browse: Callable[..., Browser], count_queries: Callable[[], Any], app: Any, items: int
) -> None:
    circle = house.led(house.first)
    for n in range(items - 1):
        house.db.add(MentorCircle(
            ref=new_ref(), title=f"Walk {n}", about="-", language="en", places=4, state=C.OPEN,
            begins_on=TODAY.date() + timedelta(days=10), weeks=8,
        ))  # fmt: skip
    mentors = reading.can_lead(house.db, house.act(house.awa))
    house.make.commit()
    who, desk, path = browse(house.people[0]), browse(house.awa), f"/my/mentoring/circles/{circle.ref}"
    who.get("/my/mentoring/circles")
    engines = app.state.house.database
    with count_queries(engines.read_engine, engines.write_engine) as seen:
        page = who.get("/my/mentoring/circles")
    assert len(seen) == 2, seen
    assert page.text.count("Walk") == items - 1
    assert "Lamin Copper" in text_of(who.get(path))
    assert who.post(path, {"do": "ask"}).status_code == 303
    assert who.post(path, {"do": "begin"}).status_code == 404
    assert "Person 0" in text_of(desk.get(f"/desk/circles/{circle.ref}"))
    form = {
        "title": "Sewing", "about": "On Mondays.", "language": "en", "places": "5", "weeks": "8", "mentor": mentors[0][0],
        "begins_on": TODAY.date().isoformat(),
    }  # fmt: skip
    refused = desk.post("/desk/circles", form)
    assert refused.status_code == 422
    assert "On Mondays." in refused.text
    form["begins_on"] = (TODAY.date() + timedelta(days=9)).isoformat()
    assert desk.post("/desk/circles", form).status_code == 303
    assert who.get("/desk/circles").status_code == 404
