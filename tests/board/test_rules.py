"""Who sees an entry, takes it, says yes, gives it back; by table."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app.core.errors import Invalid
from app.domain.actor import Actor
from app.domain.board import rules
from app.domain.board.rules import Stands
from app.domain.groups.rules import Seat
from app.models.accounts import MemberStatus
from app.models.board import BoardSide, BoardStage, BoardState, TakingState
from app.models.groups import GroupRole

IN, OUT = Seat(GroupRole.MEMBER), Seat()
OFFER = Stands(BoardSide.OFFER, "room")
ASK = Stands(BoardSide.ASK, "room")
TAKEN = replace(OFFER, stage=BoardStage.TAKEN)
MINE, TOOK = replace(TAKEN, mine=True), replace(TAKEN, taking=TakingState.ASKED)


def _actor(status: MemberStatus = MemberStatus.ACTIVE) -> Actor:
    return Actor(uuid4(), "Awa", status=status)


@pytest.mark.parametrize(
    ("changed", "others", "writer", "taker"),
    [
        ({}, True, True, True),
        ({"stage": BoardStage.TAKEN}, True, True, True),
        ({"stage": BoardStage.DONE}, False, True, True),
        ({"over": True}, False, True, True),
        ({"writer_here": False}, False, True, True),
        ({"state": BoardState.WAITS}, False, True, True),
        ({"state": BoardState.HIDDEN}, False, True, True),
        ({"state": BoardState.GONE}, False, False, False),
    ],
)
def test_who_sees_an_entry(changed, others: bool, writer: bool, taker: bool) -> None:
    stands = replace(OFFER, **changed)
    assert rules.sees(stands) == others
    assert rules.sees(replace(stands, mine=True)) == writer
    assert rules.sees(replace(stands, taking=TakingState.AGREED)) == taker
    assert not rules.sees(replace(stands, taking=TakingState.REFUSED))
    stands = replace(stands, inside=False)  # a hidden group, an account that is stopped: only what is theirs, to end it
    assert not rules.sees(stands)
    assert rules.sees(replace(stands, mine=True)) == writer
    assert rules.sees(replace(stands, taking=TakingState.AGREED)) == taker
    assert not rules.reads(replace(stands, taking=TakingState.AGREED))


@pytest.mark.parametrize(("changed", "reads"), [({}, True), ({"state": BoardState.HIDDEN}, False), ({"writer_here": False}, False)])
def test_whoever_took_it_reads_no_words_that_are_hidden(changed, reads: bool) -> None:
    assert rules.reads(replace(TOOK, **changed)) == reads
    assert rules.may_give_back(_actor(), replace(TOOK, **changed))
    assert not rules.may_say(_actor(), replace(TOOK, agreed=True, **changed)) or reads


@pytest.mark.parametrize(
    ("stands", "seat", "newcomer", "may"),
    [
        (OFFER, IN, False, True),
        (OFFER, IN, True, True),  # somebody new may be given something
        (ASK, IN, False, True),
        (Stands(BoardSide.ASK, "other"), IN, True, False),  # a bed may stand there as well
        (ASK, IN, True, False),  # but offers no bed to somebody before others know them
        (Stands(BoardSide.ASK, "tool"), IN, True, True),
        (OFFER, OUT, False, False),
        (replace(OFFER, mine=True), IN, False, False),
        (TAKEN, IN, False, False),
        (replace(OFFER, over=True), IN, False, False),
        (replace(OFFER, state=BoardState.HIDDEN), IN, False, False),
    ],
)
def test_who_takes_it(stands: Stands, seat: Seat, newcomer: bool, may: bool) -> None:
    assert bool(rules.may_take(_actor(), seat, stands, newcomer)) == may
    assert not rules.may_take(_actor(MemberStatus.PAUSED), seat, stands, newcomer)


def test_the_two_and_nobody_else_move_it() -> None:
    agreed = {"agreed": True}
    for may in (rules.may_answer, rules.may_refuse, rules.may_take_out):
        assert may(_actor(), MINE)
        assert not may(_actor(), TOOK)
        assert not may(_actor(), TAKEN)
    done = replace(TOOK, stage=BoardStage.DONE)  # then it is forgotten who took it
    assert [bool(rules.may_give_back(_actor(), s)) for s in (TOOK, done, MINE, TAKEN)] == [True, True, False, False]
    for hidden in (replace(MINE, inside=False), replace(MINE, state=BoardState.HIDDEN)):
        assert rules.may_answer(_actor(), hidden).reason == "This cannot be answered while it is hidden."
    assert [bool(rules.may_finish(_actor(), replace(s, **agreed))) for s in (TOOK, MINE, TAKEN)] == [True, True, False]
    assert not rules.may_finish(_actor(), MINE)  # nobody said yes yet
    assert [bool(rules.may_say(_actor(), replace(s, **agreed))) for s in (TOOK, MINE, TAKEN)] == [True, True, False]
    assert not rules.may_say(_actor(), TOOK)
    for status in (MemberStatus.PAUSED, MemberStatus.LEAVING):  # ending is never kept from anybody
        assert rules.may_refuse(_actor(status), MINE)
        assert rules.may_give_back(_actor(status), TOOK)
        assert rules.may_take_out(_actor(status), MINE)
        assert not rules.may_answer(_actor(status), MINE)


@pytest.mark.parametrize(
    ("stands", "may"),
    [
        (replace(ASK, mine=True), True),
        (replace(OFFER, mine=True), False),
        (replace(OFFER, taking=TakingState.AGREED), True),
        (replace(ASK, taking=TakingState.AGREED), False),
        (ASK, False),
        (replace(ASK, mine=True, answered=True), False),
        (replace(ASK, mine=True, counted=False), False),
        (replace(ASK, mine=True, inside=False), False),
    ],
)
def test_whoever_was_helped_says_whether_it_did(stands: Stands, may: bool) -> None:
    assert bool(rules.may_say_helped(_actor(), replace(stands, stage=BoardStage.DONE))) == may
    assert not rules.may_say_helped(_actor(), replace(stands, stage=BoardStage.TAKEN))


def test_limits_and_places() -> None:
    assert rules.reads_first(True, BoardSide.OFFER, "room")
    assert rules.reads_first(True, BoardSide.OFFER, "other")
    assert not rules.reads_first(False, BoardSide.OFFER, "room")
    assert not rules.reads_first(True, BoardSide.OFFER, "tool")
    for near in ("Rue 9", "Haus ٤", "No. ৭"):
        with pytest.raises(Invalid):
            rules.check_near(near)
    rules.check_near("Pikine")
    with pytest.raises(Invalid):
        rules.check_many(rules.MOST_OPEN)
    with pytest.raises(Invalid):
        rules.check_taken(rules.MOST_TAKEN)
    with pytest.raises(Invalid):
        rules.check_kind("job")
