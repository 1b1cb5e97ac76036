"""Sums, hours, weights and who may what: rules by table, without a database."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from app.core import i18n
from app.core.errors import Invalid
from app.domain.actor import GUEST, Actor
from app.domain.groups.rules import Seat
from app.domain.limits import Limited
from app.domain.money import currencies, moments, rules
from app.domain.money.rules import CallState
from app.models.accounts import Limit, MemberStatus, Role
from app.models.groups import GroupRole, GroupState, Visibility

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = NOON.date()
READS_ONLY = Limited(Limit.READ_ONLY, NOON + DAY)
MEMBER = Actor(uuid4(), "Awa")


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("12 500,50", "EUR", 1_250_050), ("12.500", "EUR", 1_250_000), ("12,500.50", "USD", 1_250_050), ("12,5", "EUR", 1_250),
        ("1.234.567", "XOF", 1_234_567), ("١٢٬٥٠٠", "XOF", 12_500), ("٣٥٠٫٥", "MAD", 35_050), ("1500.250", "TND", 1_500_250),
        ("0.500", "EUR", 50), ("000,750", "EUR", 75), ("0,500", "TND", 500),
        ("١٢٫٥٠٠", "EUR", 1_250), ("1,250٫500", "EUR", 125_050), ("12.5", "XCG", 1_250),
        ("1.000.000,5", "EUR", 100_000_050), ("12.00", "XOF", 12), ("1\u202f000", "XOF", 1_000), ("0.01", "EUR", 1),
    ],
)  # fmt: skip
def test_sums_are_read_as_people_type_them(typed: str, currency: str, minor: int) -> None:
    assert currencies.read_amount("amount", typed, currency) == minor
    assert currencies.read_amount("amount", currencies.typed(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "says"),
    [
        ("0", "EUR", "more than nothing"), ("0,00", "EUR", "more than nothing"), ("-5", "EUR", "more than nothing"),
        ("\u22125", "EUR", "more than nothing"), ("12.50", "XOF", "whole number"), ("1.234", "TND", "two ways"),
        ("1,2345", "EUR", "at most 2 digits"), ("1e5", "EUR", "in digits"), ("", "EUR", "in digits"),
        ("12 EUR", "EUR", "in digits"), ("0.555", "EUR", "at most 2 digits"), ("1٫250٫500", "EUR", "in digits"),
        ("9" * 18, "EUR", "too large"), ("1,2,3", "EUR", "in digits"), ("9" * 40, "EUR", "in digits"),
    ],
)  # fmt: skip
def test_what_is_no_sum_gets_a_sentence(typed: str, currency: str, says: str) -> None:
    with pytest.raises(Invalid) as problem:
        currencies.read_amount("amount", typed, currency)
    assert says in problem.value.sentence


@pytest.mark.parametrize("minor", [1_234, 150_255, 100_000, 5])
@pytest.mark.parametrize("currency", ["EUR", "TND", "XOF"])
def test_a_sum_in_a_form_is_read_as_it_was(minor: int, currency: str) -> None:
    assert currencies.read_amount("amount", currencies.typed(minor, currency), currency) == minor


def test_a_sum_is_written_in_the_language_of_the_page() -> None:
    assert currencies.written(1_250_050, "EUR") == "12,500.50\u00a0EUR"
    with i18n.speaking("fr"):
        assert currencies.written(1_250_000, "EUR") == "12\u202f500\u00a0EUR"


@pytest.mark.parametrize("currency", ["", "EURO", "DEM", "eur"])
def test_money_without_a_currency_is_refused(currency: str) -> None:
    with pytest.raises(Invalid):
        currencies.check_currency("currency", currency)


def test_hours_of_nights_in_which_clocks_change() -> None:
    autumn, spring = date(2026, 10, 25), date(2027, 3, 28)
    first = moments.moment_of("opens_on", autumn, time(2, 30), "Europe/Warsaw")
    second = moments.moment_of("closes_on", autumn, time(2, 30), "Europe/Warsaw", last=True)
    assert (second - first) == timedelta(hours=1)  # a deadline is never read too early
    with pytest.raises(Invalid, match="does not exist"):
        moments.moment_of("closes_on", spring, time(2, 30), "Europe/Warsaw", last=True)
    with pytest.raises(Invalid):
        moments.check_zone("zone", "../etc/localtime")


@pytest.mark.parametrize(
    ("opens", "closes", "cancelled", "state"),
    [
        (NOON + DAY, NOON + 2 * DAY, None, CallState.COMING), (NOON, NOON + DAY, None, CallState.OPEN),
        (NOON - DAY, NOON, None, CallState.OVER), (NOON - DAY, NOON + DAY, NOON, CallState.CANCELLED),
        (NOON - 2 * DAY, NOON - DAY, NOON, CallState.CANCELLED),
    ],
)  # fmt: skip
def test_where_a_call_stands(opens: datetime, closes: datetime, cancelled: datetime | None, state: CallState) -> None:
    assert rules.state_of(opens, closes, cancelled, NOON) == state


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (Actor(uuid4(), roles=frozenset({Role.COORDINATOR}), second_factor=True), True),
        (Actor(uuid4(), roles=frozenset({Role.COORDINATOR})), False),
        (Actor(uuid4(), roles=frozenset({Role.COORDINATOR}), second_factor=True, limits=(READS_ONLY,)), False),
        (Actor(uuid4(), roles=frozenset({Role.COORDINATOR}), second_factor=True, status=MemberStatus.PAUSED), False),
        (Actor(uuid4(), roles=frozenset({Role.SAFEGUARDING, Role.OPERATOR}), second_factor=True), False),
        (Actor(uuid4(), roles=frozenset({Role.ORGANISER}), second_factor=True), False), (MEMBER, False), (GUEST, False),
    ],
)  # fmt: skip
def test_who_enters_calls(actor: Actor, allowed: bool) -> None:
    assert bool(rules.may_enter(actor)) == allowed
    assert bool(rules.may_change(actor, CallState.OPEN, False)) == allowed
    assert not rules.may_change(actor, CallState.OPEN, True)  # their own group asks
    assert not rules.may_change(actor, CallState.OVER, False)
    assert not rules.may_change(actor, CallState.CANCELLED, False)


@pytest.mark.parametrize(
    ("was", "wished", "field"),
    [
        ((-1, 5), (-1, 4), "closes_on"), ((-1, 5), (-2, 6), "opens_on"), ((-1, 5), (1, 6), "opens_on"), ((-1, 5), (-1, 6), None),
        ((2, 5), (1, 5), None), ((2, 5), (3, 5), None), ((-1, 5), (-1, 5), None),
    ],
)  # fmt: skip
def test_a_deadline_only_moves_later(was: tuple[int, int], wished: tuple[int, int], field: str | None) -> None:
    pairs = [(NOON + one[0] * DAY, NOON + one[1] * DAY) for one in (was, wished)]
    if field is None:
        rules.check_moved(*pairs, NOON)
        return
    with pytest.raises(Invalid) as problem:
        rules.check_moved(*pairs, NOON)
    assert problem.value.field == field


@pytest.mark.parametrize(("opens", "closes"), [(-2, -1), (-2, 0), (3, 2), (3, 3), (1, 2_000)])
def test_days_that_a_new_call_cannot_have(opens: int, closes: int) -> None:
    with pytest.raises(Invalid) as problem:
        rules.check_times(NOON + opens * DAY, NOON + closes * DAY, NOON)
    assert problem.value.field == "closes_on"


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [
        (date(1, 1, 1), TODAY, "opens_on"), (TODAY, date(9999, 12, 31), "closes_on"), (date(1999, 12, 31), TODAY, "opens_on"),
        (TODAY, TODAY, None), (date(2000, 1, 1), date(2029, 1, 1), None),
    ],
)  # fmt: skip
def test_years_far_away_are_refused_before_an_hour_is_worked_out(opens: date, closes: date, field: str | None) -> None:
    if field is None:
        rules.check_days(opens, closes, TODAY)
        return
    with pytest.raises(Invalid) as problem:
        rules.check_days(opens, closes, TODAY)
    assert problem.value.field == field


def test_weights_are_read_line_by_line() -> None:
    assert rules.read_criteria("40 Women lead it\n\n60% - It lasts") == [(40, "Women lead it"), (60, "It lasts")]
    assert rules.read_criteria("١٠٠ تقوده نساء") == [(100, "تقوده نساء")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("40 Women\n50 It lasts", "add up to 90"), ("Women lead it", "Women lead it"), ("0 Nothing\n100 All", "decides nothing"),
        ("101 All", "add up to 101"), ("\n".join(["8 One"] * 13), "one to 12"), (" ", "one to 12"), ("100", "weight first"),
        ("40.5 Women\n60.5 Men", "whole number"), ("40,0 Women\n60 Men", "whole number"), ("٤٠٫٥ Women", "whole number"),
    ],
)  # fmt: skip
def test_weights_that_do_not_add_up(typed: str, says: str) -> None:
    with pytest.raises(Invalid) as problem:
        rules.read_criteria(typed)
    assert says in problem.value.sentence


def test_a_range_runs_upwards() -> None:
    rules.check_sum(None, 5)
    rules.check_sum(4, 5)
    for least in (5, 6):
        with pytest.raises(Invalid):
            rules.check_sum(least, 5)


INSIDE, OUTSIDE = Seat(GroupRole.MEMBER), Seat()


@pytest.mark.parametrize(
    ("visibility", "state", "everybody"),
    [
        (Visibility.LISTED, GroupState.SHOWN, True), (Visibility.LISTED, GroupState.WAITS, False),
        (Visibility.LISTED, GroupState.HIDDEN, False), (Visibility.LISTED, GroupState.CLOSED, False),
        (Visibility.UNLISTED, GroupState.SHOWN, False), (Visibility.HIDDEN, GroupState.SHOWN, False),
    ],
)  # fmt: skip
def test_who_reads_what_a_group_received(visibility: Visibility, state: GroupState, everybody: bool) -> None:
    for actor in (GUEST, MEMBER):
        assert rules.may_read_money(actor, visibility, state, OUTSIDE) == everybody
    assert rules.may_read_money(MEMBER, visibility, state, INSIDE)
    suspended = Actor(uuid4(), status=MemberStatus.SUSPENDED)
    assert rules.may_read_money(suspended, visibility, state, INSIDE) == everybody


@pytest.mark.parametrize(
    ("seat", "allowed"),
    [
        (Seat(GroupRole.ORGANISER, TODAY + DAY), True), (Seat(GroupRole.ORGANISER, TODAY), False), (Seat(GroupRole.MONEY), True),
        (Seat(GroupRole.MONEY, TODAY), False), (Seat(GroupRole.MONEY, TODAY + DAY), True), (Seat(GroupRole.CONTACT), False),
        (Seat(GroupRole.WELCOME), False), (INSIDE, False), (OUTSIDE, False),
    ],
)  # fmt: skip
def test_who_writes_it_down(seat: Seat, allowed: bool) -> None:
    assert bool(rules.may_write_money(MEMBER, seat, TODAY)) == allowed
    assert not rules.may_write_money(Actor(uuid4(), status=MemberStatus.PAUSED), seat, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "fine"), [(0, 0, True), (-30, 300, True), (1, 0, False), (-9_000, 0, False), (0, 4_000, False)]
)
def test_periods(first: int, last: int, fine: bool) -> None:
    days = TODAY + first * DAY, TODAY + last * DAY
    if fine:
        rules.check_period(*days, TODAY)
        return
    with pytest.raises(Invalid):
        rules.check_period(*days, TODAY)


def test_lines_have_an_end() -> None:
    assert rules.may_add_line(rules.MOST_LINES - 1)
    assert not rules.may_add_line(rules.MOST_LINES)
