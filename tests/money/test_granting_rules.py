"""Who applies, names, sits, scores, decides, publishes and appeals; what a panel needs: by table, without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.core.errors import Invalid
from app.domain.actor import GUEST, Actor
from app.domain.groups.rules import Seat
from app.domain.limits import Limited
from app.domain.money.granting import rules
from app.domain.money.granting.rules import Stage, Ties
from app.domain.money.rules import CallState
from app.models.accounts import Limit, MemberStatus, Role
from app.models.groups import GroupRole, GroupState

TODAY, NOW = date(2026, 12, 1), datetime(2026, 12, 1, 12, tzinfo=UTC)
LATER, BEFORE = TODAY + timedelta(days=9), TODAY - timedelta(days=1)
MEMBER = Actor(uuid4(), "Awa")
WORKS = Actor(uuid4(), roles=frozenset({Role.COORDINATOR}), second_factor=True)
ASK, OTHER = uuid4(), uuid4()
FREE, COMPETES, TIED, ELSEWHERE = Ties(), Ties(whole=True), Ties(of=frozenset({ASK})), Ties(of=frozenset({OTHER}))


@pytest.mark.parametrize(
    ("role", "until", "state", "actor", "allowed"),
    [
        (GroupRole.ORGANISER, LATER, GroupState.SHOWN, MEMBER, True), (GroupRole.MONEY, None, GroupState.SHOWN, MEMBER, True),
        (GroupRole.ORGANISER, BEFORE, GroupState.SHOWN, MEMBER, False), (GroupRole.MONEY, TODAY, GroupState.SHOWN, MEMBER, False),
        (GroupRole.MEMBER, None, GroupState.SHOWN, MEMBER, False), (GroupRole.WELCOME, LATER, GroupState.SHOWN, MEMBER, False),
        (None, None, GroupState.SHOWN, MEMBER, False), (GroupRole.ORGANISER, LATER, GroupState.WAITS, MEMBER, True),
        (GroupRole.ORGANISER, LATER, GroupState.HIDDEN, MEMBER, False),
        (GroupRole.ORGANISER, LATER, GroupState.CLOSED, MEMBER, False),
        (GroupRole.ORGANISER, LATER, GroupState.SHOWN, GUEST, False),
        (GroupRole.ORGANISER, LATER, GroupState.SHOWN, Actor(uuid4(), status=MemberStatus.PAUSED), False),
        (GroupRole.ORGANISER, LATER, GroupState.SHOWN, Actor(uuid4(), limits=(Limited(Limit.READ_ONLY, NOW),)), False),
    ],
)  # fmt: skip
def test_who_applies_for_a_group(
    role: GroupRole | None, until: date | None, state: GroupState, actor: Actor, allowed: bool
) -> None:  # fmt: skip
    assert bool(rules.may_apply(actor, Seat(role, until), state, TODAY)) == allowed


@pytest.mark.parametrize(
    ("state", "opened", "decided", "today", "stage"),
    [
        (CallState.COMING, False, False, TODAY, Stage.WAITS), (CallState.OPEN, False, False, TODAY, Stage.WAITS),
        (CallState.OVER, False, False, TODAY, Stage.SCORING), (CallState.OVER, False, False, LATER, Stage.SCORING),
        (CallState.OVER, False, False, LATER + timedelta(days=1), Stage.OPENED), (CallState.OVER, True, False, TODAY, Stage.OPENED),
        (CallState.OVER, True, True, TODAY, Stage.DECIDED), (CallState.CANCELLED, True, False, LATER, Stage.CANCELLED),
    ],
)  # fmt: skip
def test_where_the_deciding_stands(state: CallState, opened: bool, decided: bool, today: date, stage: Stage) -> None:
    assert rules.stage_of(state, LATER, opened, decided, today) == stage


@pytest.mark.parametrize(
    ("declared", "meets"),
    [
        (["woman", "man", "other"], True), (["woman", "man"], False), (["woman"] * 3, False), (["man", "man", "other"], False),
        (["woman", "man", None], True), ([], False), (["woman", "woman", "man", "other"], True),
    ],
)  # fmt: skip
def test_when_a_panel_meets_its_rule(declared: list[str | None], meets: bool) -> None:
    assert rules.composed(declared) == meets


@pytest.mark.parametrize(
    ("ties", "reads", "scores", "publishes"),
    [(FREE, True, True, True), (COMPETES, False, False, False), (TIED, False, False, False), (ELSEWHERE, True, True, False)],
)
def test_what_a_tie_keeps_somebody_from(ties: Ties, reads: bool, scores: bool, publishes: bool) -> None:
    assert rules.may_read(ties, ASK) == reads
    assert bool(rules.may_score(Stage.SCORING, True, ties, ASK)) == scores
    assert bool(rules.may_propose(Stage.OPENED, True, ties, ASK)) == scores
    assert bool(rules.may_publish(Stage.OPENED, True, ties, 1, 0, False, True)) == publishes


@pytest.mark.parametrize("stage", Stage)
def test_what_happens_at_which_stage(stage: Stage) -> None:
    assert bool(rules.may_score(stage, True, FREE, ASK)) == (stage == Stage.SCORING)
    assert bool(rules.may_propose(stage, True, FREE, ASK)) == (stage == Stage.OPENED)
    assert bool(rules.may_publish(stage, True, FREE, 1, 0, False, True)) == (stage == Stage.OPENED)
    assert bool(rules.may_sit(MEMBER, True, stage)) == (stage not in (Stage.WAITS, Stage.CANCELLED))
    assert bool(rules.may_name(WORKS, False, stage)) == (stage not in (Stage.DECIDED, Stage.CANCELLED))


def test_a_panel_that_is_not_whole_or_not_ready_decides_nothing() -> None:
    assert not rules.may_score(Stage.SCORING, False, FREE, ASK)
    assert not rules.may_propose(Stage.OPENED, False, FREE, ASK)
    assert not rules.may_publish(Stage.OPENED, False, FREE, 1, 0, False, True)
    assert not rules.may_publish(Stage.OPENED, True, FREE, 1, 1, False, True)  # something is open
    assert not rules.may_publish(Stage.OPENED, True, FREE, 1, 0, True, True)  # whoever wrote it down
    assert not rules.may_publish(Stage.OPENED, True, FREE, 1, 0, False, False)  # scored nothing
    assert "No group asked" in (rules.may_publish(Stage.OPENED, True, FREE, 0, 0, False, False).reason or "")
    assert not rules.may_sit(MEMBER, False, Stage.OPENED)
    assert not rules.may_sit(Actor(uuid4(), status=MemberStatus.PAUSED), True, Stage.OPENED)


@pytest.mark.parametrize(
    ("actor", "competes", "allowed"),
    [
        (WORKS, False, True), (WORKS, True, False), (MEMBER, False, False), (GUEST, False, False),
        (Actor(uuid4(), roles=frozenset({Role.COORDINATOR})), False, False),
        (Actor(uuid4(), roles=frozenset({Role.SAFEGUARDING, Role.OPERATOR}), second_factor=True), False, False),
    ],
)  # fmt: skip
def test_who_names_a_panel_and_answers_an_appeal(actor: Actor, competes: bool, allowed: bool) -> None:
    assert bool(rules.may_name(actor, competes, Stage.WAITS)) == allowed
    assert bool(rules.may_answer(actor, False, TIED if competes else FREE, True)) == allowed
    assert not rules.may_answer(actor, True, FREE, True)
    assert not rules.may_answer(actor, False, FREE, False)


@pytest.mark.parametrize(
    ("until", "appealed", "allowed"),
    [(None, False, False), (TODAY, False, True), (LATER, False, True), (BEFORE, False, False), (LATER, True, False)],
)
def test_an_appeal_comes_once_and_in_time(until: date | None, appealed: bool, allowed: bool) -> None:
    assert bool(rules.may_appeal(until, appealed, TODAY)) == allowed


@pytest.mark.parametrize(
    ("decide_on", "was", "wrong"),
    [
        (None, None, True), (TODAY, None, True), (TODAY + timedelta(days=1), None, False),
        (TODAY + timedelta(days=400), None, True),
        (LATER, LATER + timedelta(days=1), True), (LATER, LATER, False),
    ],
)  # fmt: skip
def test_by_when_it_is_decided(decide_on: date | None, was: date | None, wrong: bool) -> None:
    rules.check_decide_on(False, decide_on, TODAY, was)
    if not wrong:
        rules.check_decide_on(True, decide_on, TODAY, was)
        return
    with pytest.raises(Invalid):
        rules.check_decide_on(True, decide_on, TODAY, was)


def test_points_terms_and_sums() -> None:
    assert rules.total([10, 0], [60, 40]) == 60
    assert rules.total([5, 5], [60, 40]) == 50
    for points in ([5], [5, 11], [5, -1], []):
        with pytest.raises(Invalid):
            rules.check_points(points, 2)
    for until in (TODAY, TODAY + timedelta(days=900)):
        with pytest.raises(Invalid):
            rules.check_term(until, LATER, TODAY)
    rules.check_term(LATER, LATER, TODAY)
    for wants in (99, 501):
        with pytest.raises(Invalid):
            rules.check_wants(wants, 100, 500)
    with pytest.raises(Invalid) as problem:
        rules.check_whole(["a", "b", "", "d", "e", "f"])
    assert problem.value.field == "q3"
    assert not rules.may_seat(rules.MOST_SEATS)
    assert isinstance(next(iter(TIED.of)), UUID)


@pytest.mark.parametrize("granted", [0, 100, 150])
def test_an_appeal_takes_nothing_away(granted: int) -> None:
    with pytest.raises(Invalid):
        rules.check_more(granted, 150)
    rules.check_more(151, 150)


@pytest.mark.parametrize("stage", Stage)
def test_a_coordinator_ends_a_seat_only_where_it_tells_nothing(stage: Stage) -> None:
    assert rules.may_end(False, False, stage)
    assert rules.may_end(True, False, stage)  # whoever takes no part is replaced
    assert bool(rules.may_end(True, True, stage)) == (stage == Stage.WAITS)
