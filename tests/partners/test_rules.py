"""What partners, their programs and those who look after them may do, as tables."""

from datetime import date, timedelta

import pytest

from app.core.ids import new_id
from app.domain.actor import GUEST, Actor
from app.domain.partners import rules
from app.models.accounts import MemberStatus, Role
from app.models.partners import RecordState, Scope

TODAY = date(2026, 11, 20)
COORDINATOR = Actor(new_id(), "C", roles=frozenset({Role.COORDINATOR}), second_factor=True)
NO_STEP = Actor(new_id(), "C", roles=frozenset({Role.COORDINATOR}))
MEMBER = Actor(new_id(), "M")
PAUSED = Actor(new_id(), "P", status=MemberStatus.PAUSED)


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


@pytest.mark.parametrize(("actor", "may"), [(GUEST, False), (MEMBER, False), (NO_STEP, False), (COORDINATOR, True)])
def test_coordinators_make_partners(actor: Actor, may: bool) -> None:
    assert bool(rules.may_manage(actor)) is may
    assert bool(rules.may_decide(actor, RecordState.WAITING)) is may


@pytest.mark.parametrize("state", [s for s in RecordState if s != RecordState.WAITING])
def test_only_what_waits_is_decided(state: RecordState) -> None:
    assert not rules.may_decide(COORDINATOR, state)


@pytest.mark.parametrize(("actor", "mine", "ended", "may"), [
    (MEMBER, True, False, True), (MEMBER, True, True, False), (MEMBER, False, False, False), (PAUSED, True, False, False),
    (GUEST, False, False, False), (COORDINATOR, False, False, False),
])  # fmt: skip
def test_who_looks_after_a_partner(actor: Actor, mine: bool, ended: bool, may: bool) -> None:
    assert bool(rules.may_look_after(actor, mine, ended)) is may


LISTS, READS = [Scope.LISTINGS], [Scope.READ]


@pytest.mark.parametrize(("scopes", "live", "until", "ended", "may"), [
    (LISTS, [], day(1), False, True), (LISTS, [], day(366), False, True), (LISTS, [], day(367), False, False),
    (LISTS, [], TODAY, False, False), ([], [], day(9), False, False), (LISTS, [LISTS], day(9), False, True),
    (LISTS, [LISTS, LISTS], day(9), False, False), (LISTS, [READS, READS], day(9), False, True), (LISTS, [], day(9), True, False),
])  # fmt: skip
def test_two_keys_for_one_thing_may_overlap(scopes, live, until, ended, may) -> None:
    assert bool(rules.may_make_key(scopes, live, TODAY, until, ended)) is may


@pytest.mark.parametrize(("until", "key_ended", "partner_ended", "works"), [
    (TODAY, None, None, True), (day(-1), None, None, False), (day(9), TODAY, None, False), (day(9), None, TODAY, False),
])  # fmt: skip
def test_a_key_works_through_its_last_day(until, key_ended, partner_ended, works) -> None:
    assert bool(rules.key_works(TODAY, until, key_ended, partner_ended)) is works


@pytest.mark.parametrize(("scopes", "wanted", "may"), [
    ({Scope.LISTINGS}, Scope.LISTINGS, True), ({Scope.LISTINGS}, Scope.READ, True), ({Scope.READ}, Scope.READ, True),
    ({Scope.READ}, Scope.LISTINGS, False), ({Scope.REFERRALS}, Scope.READ, False), ({Scope.LISTINGS}, Scope.REFERRALS, False),
])  # fmt: skip
def test_a_key_is_for_what_it_is_for(scopes, wanted, may) -> None:
    assert bool(rules.may_use(frozenset(scopes), wanted)) is may


@pytest.mark.parametrize(("review", "may"), [(None, False), (day(-1), False), (TODAY, True), (day(9), True)])
def test_members_are_handed_on_only_with_an_agreement_in_date(review, may) -> None:
    assert bool(rules.may_receive_referrals(TODAY, review)) is may


@pytest.mark.parametrize(("review", "fits"), [(TODAY, False), (day(1), True), (day(3 * 366), True), (day(3 * 366 + 1), False)])
def test_an_agreement_has_an_end(review, fits) -> None:
    assert bool(rules.agreement_fits(TODAY, review)) is fits


@pytest.mark.parametrize(("accepted", "before", "waits"), [
    (0, None, True), (19, None, True), (20, None, False), (0, RecordState.TAKEN, True), (0, RecordState.WAITING, True),
    (0, RecordState.WITHDRAWN, True), (20, RecordState.DECLINED, True), (20, RecordState.WAITING, True),
    (20, RecordState.TAKEN, False),
    (20, RecordState.WITHDRAWN, False),
])  # fmt: skip
def test_the_first_twenty_wait(accepted, before, waits) -> None:
    assert rules.waits(accepted, before) is waits
    assert rules.waits(accepted, before, declined=True)


@pytest.mark.parametrize(("state", "defunct", "may"), [
    (RecordState.TAKEN, False, True), (RecordState.TAKEN, True, False), (RecordState.WAITING, True, False),
    (RecordState.DECLINED, True, False), (RecordState.WITHDRAWN, True, False),
])  # fmt: skip
def test_what_can_be_confirmed(state, defunct, may) -> None:
    assert bool(rules.may_confirm(state, defunct)) is may


@pytest.mark.parametrize(("there", "may"), [(0, True), (rules.MOST_LISTINGS - 1, True), (rules.MOST_LISTINGS, False)])
def test_a_partner_has_so_many_listings_at_most(there: int, may: bool) -> None:
    assert bool(rules.may_add(there)) is may
