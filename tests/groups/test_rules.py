"""Who may see a group, come in, write and care for it: a table."""

from datetime import date, timedelta

import pytest

from app.core.errors import Invalid
from app.core.ids import new_id
from app.domain.actor import GUEST, Actor
from app.domain.groups import rules
from app.domain.groups.rules import Seat
from app.models.accounts import MemberStatus, Role
from app.models.groups import GroupRole, GroupState, JoinPolicy, PostState, Visibility

TODAY = date(2026, 11, 20)
ME = Actor(new_id(), "Amina")
PAUSED = Actor(new_id(), "Awa", status=MemberStatus.PAUSED)
STOPPED = Actor(new_id(), "Sira", status=MemberStatus.SUSPENDED)
APPLIED = Actor(new_id(), "Omar", status=MemberStatus.APPLIED)
OUT, IN = Seat(), Seat(GroupRole.MEMBER)
CARES = Seat(GroupRole.ORGANISER, TODAY + timedelta(days=1))
OVER = Seat(GroupRole.ORGANISER, TODAY)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize(("actor", "seat"), [(GUEST, OUT), (ME, OUT), (ME, IN), (PAUSED, IN), (STOPPED, IN), (APPLIED, IN)])
def test_a_hidden_group_exists_for_those_inside_only(visibility: Visibility, actor: Actor, seat: Seat) -> None:
    inside = seat.inside and actor not in (STOPPED, APPLIED)
    assert rules.sees(actor, visibility, seat, GroupState.SHOWN) is (inside or visibility != Visibility.HIDDEN)
    assert rules.sees(actor, visibility, seat, GroupState.WAITS) is inside
    assert not rules.sees(actor, visibility, seat, GroupState.HIDDEN)
    assert not rules.sees(actor, visibility, seat, GroupState.CLOSED)
    assert rules.reads(actor, seat) is inside


@pytest.mark.parametrize(
    ("actor", "policy", "seat", "code", "says"),
    [
        (ME, JoinPolicy.OPEN, OUT, False, None), (ME, JoinPolicy.ASK, OUT, False, None), (ME, JoinPolicy.INVITE, OUT, True, None),
        (ME, JoinPolicy.INVITE, OUT, False, "with a code"), (ME, JoinPolicy.OPEN, IN, False, "already"),
        (GUEST, JoinPolicy.OPEN, OUT, False, "Join first"), (PAUSED, JoinPolicy.OPEN, OUT, False, "paused"),
    ],
)  # fmt: skip
def test_coming_in(actor: Actor, policy: JoinPolicy, seat: Seat, code: bool, says: str | None) -> None:
    verdict = rules.may_join(actor, policy, seat, code)
    assert bool(verdict) is (says is None)
    assert (says or "") in (verdict.reason or "")


@pytest.mark.parametrize(
    ("seat", "others", "members", "may"),
    [(IN, 0, 2, True), (CARES, 1, 2, True), (CARES, 0, 2, False), (OVER, 0, 2, False), (OUT, 0, 2, False), (CARES, 0, 1, True)],
)
def test_the_last_organiser_names_a_successor_before_leaving(seat: Seat, others: int, members: int, may: bool) -> None:
    assert bool(rules.may_leave(seat, others, members)) is may


@pytest.mark.parametrize(("seat", "may"), [(CARES, True), (OVER, False), (IN, False), (OUT, False)])
def test_caring_has_an_end(seat: Seat, may: bool) -> None:
    assert bool(rules.may_care(ME, seat, TODAY)) is may
    assert bool(rules.may_go_on(ME, seat)) is (seat.role == GroupRole.ORGANISER)
    assert not rules.may_care(PAUSED, seat, TODAY)


@pytest.mark.parametrize("state", PostState)
def test_ones_own_words_can_be_changed_while_they_stand_and_always_deleted(state: PostState) -> None:
    other = new_id()
    assert bool(rules.may_change_post(ME, ME.member_id, state)) is (state in (PostState.SHOWN, PostState.HELD))
    assert bool(rules.may_delete_post(ME, ME.member_id, state)) is (state != PostState.DELETED)
    assert not rules.may_change_post(ME, other, state)
    assert not rules.may_delete_post(ME, other, state)
    assert not rules.may_delete_post(ME, None, state)


def test_nobody_thanks_or_chooses_themselves() -> None:
    assert rules.may_thank(ME, IN, new_id(), PostState.SHOWN)
    assert not rules.may_thank(ME, IN, new_id(), PostState.DELETED)
    assert not rules.may_thank(ME, IN, ME.member_id, PostState.SHOWN)
    assert not rules.may_thank(ME, OUT, new_id(), PostState.SHOWN)
    assert rules.may_accept(ME, True, ME.member_id, new_id())
    assert not rules.may_accept(ME, True, ME.member_id, ME.member_id)
    assert not rules.may_accept(ME, True, new_id(), new_id())
    assert not rules.may_accept(ME, False, ME.member_id, new_id())


def test_the_desk_never_decides_about_its_own_words() -> None:
    worker = Actor(new_id(), "Open Door", roles=frozenset({Role.COORDINATOR}), second_factor=True)
    assert rules.may_decide(worker, new_id())
    assert rules.may_decide(worker, None)
    assert not rules.may_decide(worker, worker.member_id)
    assert not rules.may_decide(ME, new_id())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: rules.check_funder("4", ""), lambda: rules.check_funder("5", ""),
        lambda: rules.check_question(JoinPolicy.ASK, ""), lambda: rules.check_entry(Visibility.HIDDEN, JoinPolicy.OPEN),
        lambda: rules.check_code(0, TODAY, TODAY), lambda: rules.check_code(5, TODAY, TODAY - timedelta(days=1)),
        lambda: rules.check_code(5, TODAY, TODAY + timedelta(days=91)), lambda: rules.check_term(TODAY, TODAY),
        lambda: rules.check_term(TODAY, TODAY + timedelta(days=400)),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(wrong: object) -> None:
    with pytest.raises(Invalid):
        wrong()  # type: ignore[operator]


def test_what_can_be_is_taken() -> None:
    rules.check_funder("1", "")
    rules.check_funder("5", "The town")
    rules.check_entry(Visibility.HIDDEN, JoinPolicy.INVITE)
    rules.check_code(200, TODAY, TODAY + timedelta(days=90))
    rules.check_term(TODAY, TODAY + timedelta(days=366))
    assert not rules.may_start(ME, rules.MOST_GROUPS_STARTED)
    assert rules.may_start(ME, 0)
