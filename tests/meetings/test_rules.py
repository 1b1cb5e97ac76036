"""Who sees a meeting, learns where it is, comes and plans; how many come is told; by table."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.core.errors import Invalid
from app.domain.actor import GUEST, Actor
from app.domain.groups.rules import Seat
from app.domain.meetings import rules
from app.domain.meetings.rules import Stands
from app.models.accounts import MemberStatus
from app.models.groups import GroupRole, GroupState, Visibility
from app.models.meetings import PlaceFor, PlanState

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
IN, OUT = Seat(GroupRole.MEMBER), Seat()
CARES, CARED = Seat(GroupRole.ORGANISER, date(2027, 1, 1)), Seat(GroupRole.ORGANISER, date(2026, 11, 1))


def _actor(status: MemberStatus = MemberStatus.ACTIVE) -> Actor:
    return Actor(uuid4(), "Awa", status=status)


def _stands(
    visibility: Visibility = Visibility.LISTED, group: GroupState = GroupState.SHOWN, plan: PlanState = PlanState.SHOWN,
    open_: bool = True,
) -> Stands:  # fmt: skip
    return Stands(visibility, group, plan, open_)


@pytest.mark.parametrize(
    ("stands", "guest", "outside", "inside", "organiser"),
    [
        (_stands(), True, True, True, True),
        (_stands(open_=False), False, False, True, True),
        (_stands(Visibility.UNLISTED), False, False, True, True),
        (_stands(Visibility.HIDDEN), False, False, True, True),
        (_stands(group=GroupState.WAITS), False, False, True, True),
        (_stands(plan=PlanState.WAITS), False, False, False, True),
        (_stands(plan=PlanState.HIDDEN), False, False, False, True),
    ],
)
def test_who_sees_a_meeting(stands: Stands, guest: bool, outside: bool, inside: bool, organiser: bool) -> None:
    assert rules.sees(GUEST, OUT, stands) == guest
    assert rules.sees(_actor(), OUT, stands) == outside
    assert rules.sees(_actor(), IN, stands) == inside
    assert rules.sees(_actor(), CARED, stands) == organiser  # to put the words right, also when their time is over
    assert rules.sees(_actor(MemberStatus.SUSPENDED), IN, stands) == outside


@pytest.mark.parametrize(
    ("visibility", "group", "plan", "leaves"),
    [
        (Visibility.LISTED, GroupState.SHOWN, PlanState.SHOWN, True),
        (Visibility.LISTED, GroupState.WAITS, PlanState.SHOWN, False),
        (Visibility.LISTED, GroupState.SHOWN, PlanState.WAITS, False),
        (Visibility.UNLISTED, GroupState.SHOWN, PlanState.SHOWN, False),
        (Visibility.HIDDEN, GroupState.SHOWN, PlanState.SHOWN, False),
    ],
)
def test_titles_leave_only_from_groups_that_everybody_finds(
    visibility: Visibility, group: GroupState, plan: PlanState, leaves: bool
) -> None:  # fmt: skip
    assert rules.leaves(_stands(visibility, group, plan, open_=False)) == leaves


@pytest.mark.parametrize(
    ("actor", "seat", "place_for", "comes", "place", "link"),
    [
        (GUEST, OUT, PlaceFor.EVERYBODY, False, True, False),
        (GUEST, OUT, PlaceFor.COMING, False, False, False),
        (_actor(), OUT, PlaceFor.COMING, True, False, False),  # said so, and is in the group no longer
        (_actor(), IN, PlaceFor.COMING, False, False, False),
        (_actor(), IN, PlaceFor.COMING, True, True, True),
        (_actor(), IN, PlaceFor.EVERYBODY, False, True, False),
        (_actor(), CARES, PlaceFor.COMING, False, True, True),
        (_actor(), CARED, PlaceFor.COMING, False, False, False),
        (_actor(MemberStatus.SUSPENDED), IN, PlaceFor.COMING, True, False, False),
    ],
)
def test_who_learns_where_it_is(actor: Actor, seat: Seat, place_for: PlaceFor, comes: bool, place: bool, link: bool) -> None:
    assert rules.learns_place(actor, seat, place_for, comes, TODAY) == place
    assert rules.learns_link(actor, seat, comes, TODAY) == link


@pytest.mark.parametrize(
    ("actor", "seat", "plan", "over", "cancelled", "says"),
    [
        (_actor(), IN, PlanState.SHOWN, False, False, None),
        (_actor(), CARES, PlanState.SHOWN, False, False, None),
        (_actor(), OUT, PlanState.SHOWN, False, False, "Only members of this group"),
        (GUEST, OUT, PlanState.SHOWN, False, False, "Join first"),
        (_actor(MemberStatus.PAUSED), IN, PlanState.SHOWN, False, False, "pause"),
        (_actor(), IN, PlanState.SHOWN, True, False, "over"),
        (_actor(), IN, PlanState.SHOWN, False, True, "cancelled"),
        (_actor(), CARES, PlanState.WAITS, False, False, "desk"),
    ],
)
def test_who_may_come(actor: Actor, seat: Seat, plan: PlanState, over: bool, cancelled: bool, says: str | None) -> None:
    verdict = rules.may_come(actor, seat, plan, over, cancelled)
    assert bool(verdict) == (says is None)
    assert says is None or says in str(verdict.reason)
    assert bool(rules.may_stay_away(actor)) == actor.signed_in


@pytest.mark.parametrize(
    ("seat", "over", "cancelled", "may"),
    [(CARES, False, False, True), (CARES, True, False, False), (CARES, False, True, False), (CARED, False, False, False),
     (IN, False, False, False)],
)  # fmt: skip
def test_who_changes_a_meeting(seat: Seat, over: bool, cancelled: bool, may: bool) -> None:
    assert bool(rules.may_change(_actor(), seat, TODAY, over, cancelled)) == may
    assert bool(rules.may_plan(_actor(), seat, TODAY)) == (seat is CARES)


@pytest.mark.parametrize(
    ("others", "members", "told"),
    [(0, 100, 0), (1, 100, 0), (9, 100, 0), (10, 100, 10), (14, 100, 10), (15, 100, 15), (41, 100, 40),
     (10, 11, 0), (10, 13, 0), (10, 14, 10), (20, 21, 15)],
)  # fmt: skip
def test_how_many_come_is_told_roughly_and_names_nobody(others: int, members: int, told: int) -> None:
    assert rules.told(others, members, 10) == told
    assert told == 0 or told + rules.UNKNOWN < members


@pytest.mark.parametrize("link", ["", "https://meet.example/room-1", "https://meet.example:8443/a?b=c#d"])
def test_a_link_by_https_is_taken(link: str) -> None:
    rules.check_link(link)


@pytest.mark.parametrize(
    "link",
    ["http://meet.example/", "meet.example", "javascript:alert(1)", "https://", "https://you@evil.example", "https://a b.example",
     "https:\\\\evil.example", "https://a.example:0", "https://[", "//meet.example", "data:text/html,x"],
)  # fmt: skip
def test_another_link_is_not(link: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_link(link)
    assert refused.value.field == "link"


@pytest.mark.parametrize(
    ("check", "field"),
    [
        (lambda: rules.check_where("", ""), "place"),
        (lambda: rules.check_moment(NOW, NOW), "day"),
        (lambda: rules.check_moment(NOW, NOW + rules.AHEAD + timedelta(minutes=1)), "day"),
        (lambda: rules.check_until(TODAY, None), "until"),
        (lambda: rules.check_until(TODAY, TODAY - timedelta(days=1)), "until"),
        (lambda: rules.check_until(TODAY, TODAY + timedelta(days=367)), "until"),
        (lambda: rules.check_many(100, 21), ""),
    ],
)
def test_what_cannot_be_is_said(check: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check()
    assert refused.value.field == field
    assert refused.value.sentence
