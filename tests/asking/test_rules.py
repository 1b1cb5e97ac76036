"""Who can be asked, who reads, who answers; by table."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.domain.actor import Actor
from app.domain.asking import rules
from app.domain.asking.rules import Stands
from app.domain.groups.rules import Seat
from app.models.accounts import MemberStatus, Role
from app.models.groups import GroupRole, GroupState, Visibility

TODAY = date(2026, 12, 1)
IN, OUT = Seat(GroupRole.MEMBER), Seat()


@pytest.mark.parametrize(
    ("visibility", "state", "door", "receives"),
    [
        (Visibility.LISTED, GroupState.SHOWN, True, True),
        (Visibility.LISTED, GroupState.SHOWN, False, False),
        (Visibility.UNLISTED, GroupState.SHOWN, True, False),
        (Visibility.HIDDEN, GroupState.SHOWN, True, False),
        (Visibility.LISTED, GroupState.WAITS, True, False),
        (Visibility.LISTED, GroupState.CLOSED, True, False),
    ],
)
def test_which_groups_can_be_asked(visibility: Visibility, state: GroupState, door: bool, receives: bool) -> None:
    assert rules.receives(visibility, state, door) == receives
    assert bool(rules.may_ask(rules.receives(visibility, state, door), 0)) == receives
    assert not rules.may_ask(True, rules.MOST_WAITING)


@pytest.mark.parametrize(
    ("stands", "group", "desk"),
    [
        (Stands(None, False, False, TODAY), False, True),  # the network was asked
        (Stands(True, False, False, TODAY), True, False),
        (Stands(True, False, False, TODAY - timedelta(days=8)), True, True),  # nobody answered
        (Stands(True, False, True, TODAY - timedelta(days=8)), True, False),
        (Stands(True, False, True, TODAY, desk=True), True, True),
        (Stands(True, False, False, TODAY, urgent=True), True, True),  # somebody may be in danger
        (Stands(True, False, True, TODAY, urgent=True), True, True),  # also once it was answered
        (Stands(True, True, False, TODAY), False, True),  # the checks found something
        (Stands(False, False, False, TODAY), True, True),  # the group can be asked no more
        (Stands(False, False, True, TODAY), True, False),  # but it answered
        (Stands(True, False, False, TODAY - timedelta(days=7)), True, True),  # on the day that was promised
        (Stands(True, False, False, TODAY - timedelta(days=6)), True, False),
    ],
)
def test_who_reads_a_question(stands: Stands, group: bool, desk: bool) -> None:
    assert rules.for_those_asked(stands.open_now is not None, 1 if stands.held else None, 1) == group
    assert rules.for_desk(stands, TODAY) == desk


def test_who_answers() -> None:
    member = Actor(uuid4(), "Omar")
    assert rules.may_answer(member, IN, newcomer=False)
    assert not rules.may_answer(member, IN, newcomer=True)
    assert not rules.may_answer(member, IN, newcomer=False, held=True)
    assert not rules.may_answer(member, OUT, newcomer=False)
    assert not rules.may_answer(Actor(uuid4(), "Omar", status=MemberStatus.PAUSED), IN, newcomer=False)
    assert not rules.may_answer_at_desk(member)
    assert rules.may_answer_at_desk(Actor(uuid4(), "Awa", roles=frozenset({Role.COORDINATOR})))
    assert rules.may_take_back(member, member.me)
    assert not rules.may_take_back(member, uuid4())
    assert not rules.may_take_back(member, None)


def test_asking_again_waits_for_an_answer_and_ends() -> None:
    assert rules.may_ask_more(True, 1)
    assert not rules.may_ask_more(False, 1)
    assert not rules.may_ask_more(True, rules.MOST_QUESTIONS)
    assert rules.may_add(rules.MOST_ANSWERS - 1)
    assert not rules.may_add(rules.MOST_ANSWERS)
