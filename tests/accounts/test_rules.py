"""Who may do what with accounts, as tables."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from app.core.clock import now
from app.domain.accounts import rules
from app.domain.actor import GUEST, Actor
from app.models.accounts import MemberStatus, Role

ME, OTHER = uuid4(), uuid4()
TODAY = date(2026, 11, 20)


def actor(*roles: Role, status: MemberStatus = MemberStatus.ACTIVE, second: bool = True) -> Actor:
    """Return somebody signed in."""
    return Actor(member_id=ME, status=status, roles=frozenset(roles), second_factor=second, proven_at=now())


MEMBER, ORGANISER, COORDINATOR, OPERATOR = (
    actor(), actor(Role.ORGANISER), actor(Role.COORDINATOR), actor(Role.OPERATOR),
)  # fmt: skip


@pytest.mark.parametrize(
    ("registration", "adult", "code", "may"),
    [
        ("open", True, False, True), ("open", False, False, False), ("apply", True, False, True), ("invite", True, False, False),
        ("invite", True, True, True), ("invite", False, True, False), ("closed", True, True, False), ("closed", True, False, False),
    ],
)  # fmt: skip
def test_joining(registration: str, adult: bool, code: bool, may: bool) -> None:
    assert bool(rules.may_join(registration, adult, code)) is may


@pytest.mark.parametrize(
    ("who", "subject", "may"),
    [
        (GUEST, OTHER, False), (MEMBER, OTHER, False), (ORGANISER, OTHER, True), (COORDINATOR, OTHER, True),
        (ORGANISER, ME, False), (COORDINATOR, ME, False), (actor(Role.COORDINATOR, second=False), OTHER, False),
        (actor(Role.ORGANISER, status=MemberStatus.PAUSED), OTHER, False), (actor(Role.MENTOR), OTHER, False),
        (actor(Role.ORGANISER, status=MemberStatus.SUSPENDED), OTHER, False), (OPERATOR, OTHER, False),
    ],
)  # fmt: skip
def test_vouching(who: Actor, subject: UUID, may: bool) -> None:
    assert bool(rules.may_vouch(who, subject)) is may


GIVES = {
    "coordinator": {Role.ORGANISER, Role.MENTOR},
    "operator": set(Role),
    "organiser": set(),
    "member": set(),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("word", "who"), [("coordinator", COORDINATOR), ("operator", OPERATOR), ("organiser", ORGANISER), ("member", MEMBER)]
)
def test_roles_are_given_by_few_and_never_to_oneself(role: Role, word: str, who: Actor) -> None:
    assert bool(rules.may_handle_role(who, role, OTHER)) is (role in GIVES[word])
    assert not rules.may_handle_role(who, role, ME)
    assert rules.may_end_role(who, role, ME)  # everybody may lay a role down
    assert bool(rules.may_end_role(who, role, OTHER)) is (role in GIVES[word])


def test_a_role_that_a_panel_gives_is_not_given_on_its_own() -> None:
    assert [role for role in Role if not rules.given_on_its_own(role)] == [Role.MENTOR]


def test_power_needs_its_second_step() -> None:
    for role in (Role.COORDINATOR, Role.OPERATOR):
        half = actor(role, second=False)
        assert not rules.may_see_people(half)
        assert not rules.may_handle_role(half, Role.ORGANISER, OTHER)
        assert not rules.may_decide_application(half, OTHER, MemberStatus.APPLIED)


@pytest.mark.parametrize(
    ("who", "applicant", "status", "may"),
    [
        (COORDINATOR, OTHER, MemberStatus.APPLIED, True), (COORDINATOR, OTHER, MemberStatus.ACTIVE, False),
        (COORDINATOR, OTHER, MemberStatus.SUSPENDED, False), (COORDINATOR, ME, MemberStatus.APPLIED, False),
        (OPERATOR, OTHER, MemberStatus.APPLIED, False), (ORGANISER, OTHER, MemberStatus.APPLIED, False),
        (GUEST, OTHER, MemberStatus.APPLIED, False),
    ],
)  # fmt: skip
def test_applications(who: Actor, applicant: UUID, status: MemberStatus, may: bool) -> None:
    assert bool(rules.may_decide_application(who, applicant, status)) is may


@pytest.mark.parametrize(
    ("uses", "days", "may"),
    [(1, 1, True), (500, 366, True), (0, 9, False), (501, 9, False), (5, 0, False), (5, 367, False)],
)
def test_invitations_have_a_number_and_an_end(uses: int, days: int, may: bool) -> None:
    assert bool(rules.may_invite(COORDINATOR, uses, TODAY, TODAY + timedelta(days=days))) is may
    assert not rules.may_invite(MEMBER, uses, TODAY, TODAY + timedelta(days=days))


@pytest.mark.parametrize(("days", "may"), [(0, False), (-1, False), (1, True), (366, True), (367, False)])
def test_roles_have_an_end(days: int, may: bool) -> None:
    assert bool(rules.role_fits(MemberStatus.ACTIVE, TODAY, TODAY + timedelta(days=days))) is may
    for status in set(MemberStatus) - {MemberStatus.ACTIVE}:
        assert not rules.role_fits(status, TODAY, TODAY + timedelta(days=30))


@pytest.mark.parametrize("status", list(MemberStatus))
def test_only_the_own_pause_can_be_ended_by_oneself(status: MemberStatus) -> None:
    who = actor(status=status)
    assert bool(rules.may_pause(who)) is (status == MemberStatus.ACTIVE)
    assert bool(rules.may_start_again(who)) is (status == MemberStatus.PAUSED)
    assert bool(rules.may_stay(who)) is (status == MemberStatus.LEAVING)
    assert bool(rules.may_delete(who)) is (status != MemberStatus.LEAVING)
    assert bool(rules.may_change_account(who)) is (status != MemberStatus.SUSPENDED)


def test_guests_change_nothing() -> None:
    for rule in (rules.may_pause, rules.may_start_again, rules.may_delete, rules.may_stay, rules.may_change_account):
        assert not rule(GUEST)
    assert not rules.may_see_people(GUEST)
