"""Who may ask, offer, say a word and decide: by table."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.domain.actor import GUEST, Actor
from app.domain.mentoring.joining import packets, rules
from app.models.accounts import MemberStatus, Role
from app.models.mentoring import MentorState
from tests.conftest import TODAY

S = MentorState
TODAY_ON = TODAY.date()
ME = Actor(uuid4(), "Me")
PAUSED = Actor(uuid4(), "Rests", status=MemberStatus.PAUSED)
DESK = Actor(uuid4(), "Desk", roles=frozenset({Role.COORDINATOR}), second_factor=True)
GUARD = Actor(uuid4(), "Guard", roles=frozenset({Role.SAFEGUARDING}), second_factor=True)


@pytest.mark.parametrize(("actor", "may"), [(GUEST, False), (PAUSED, False), (ME, True), (DESK, True)])
def test_who_may_ask(actor: Actor, may: bool) -> None:
    assert bool(rules.may_ask(actor)) is may
    assert bool(rules.may_take_back(actor)) is actor.signed_in


@pytest.mark.parametrize(("state", "days_ago", "may"), [
    (None, None, True), (S.BEGUN, None, True), (S.ACTIVE, 10, True), (S.DECLINED, 179, False), (S.DECLINED, 180, True),
    (S.DECLINED, None, False),
])  # fmt: skip
def test_after_a_no_half_a_year_passes(state: MentorState | None, days_ago: int | None, may: bool) -> None:
    decided = TODAY_ON - timedelta(days=days_ago) if days_ago is not None else None
    assert bool(rules.may_offer(ME, state, decided, TODAY_ON)) is may


@pytest.mark.parametrize(("state", "change", "send", "pause", "go_on", "back", "link", "decide", "care"), [
    (S.BEGUN, 1, 1, 0, 0, 1, 0, 0, 0), (S.APPLIED, 0, 0, 0, 0, 1, 1, 1, 0), (S.ACTIVE, 0, 0, 1, 0, 1, 0, 0, 1),
    (S.PAUSED, 0, 0, 0, 1, 1, 0, 0, 1), (S.DECLINED, 0, 0, 0, 0, 0, 0, 0, 0),
])  # fmt: skip
def test_what_may_be_done_in_each_state(
    state: MentorState, change: int, send: int, pause: int, go_on: int, back: int, link: int, decide: int, care: int
) -> None:
    got = [
        rules.may_change(state, "help"), rules.may_send(state, None), rules.may_pause(state), rules.may_go_on(ME, state),
        rules.may_step_back(ME, state), rules.may_make_link(ME, state, 0),
        rules.may_decide(state), rules.may_care(state),
    ]  # fmt: skip
    assert [bool(v) for v in got] == [bool(n) for n in (change, send, pause, go_on, back, link, decide, care)]
    assert not rules.may_send(state, "place")
    assert rules.may_change(state, "when")


def test_nobody_decides_about_themselves_and_only_coordinators_look() -> None:
    assert not rules.may_look(DESK, DESK.me, MemberStatus.ACTIVE)
    assert not rules.may_look(GUARD, ME.me, MemberStatus.ACTIVE)
    assert not rules.may_look(ME, DESK.me, MemberStatus.ACTIVE)
    assert [standing for standing in MemberStatus if rules.may_look(DESK, ME.me, standing)] == [MemberStatus.ACTIVE]
    assert not rules.may_say(ME, ME.me)
    assert rules.may_say(GUEST, ME.me)
    assert not rules.may_make_link(ME, S.APPLIED, rules.MOST_LINKS)


@pytest.mark.parametrize(("size", "both", "untied", "words", "lacks"), [
    (1, True, True, 2, "panel"), (10, True, True, 2, "panel"), (2, False, True, 2, "both"), (2, True, False, 2, "untied"),
    (2, True, True, 1, ""), (2, True, True, 2, None), (9, True, True, 4, None),
    (1, True, True, None, "panel"), (2, True, False, None, "untied"), (2, True, True, None, None),  # a no needs a panel, too
])  # fmt: skip
def test_a_panel_that_holds(size: int, both: bool, untied: bool, words: int | None, lacks: str | None) -> None:
    found = rules.panel_holds(size, both=both, untied=untied, words=words)
    assert (found[0] if found else None) == lacks


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (366, True), (367, False), (None, False)])
def test_the_role_of_a_mentor_ends(days: int | None, fits: bool) -> None:
    until = TODAY_ON + timedelta(days=days) if days is not None else None
    assert bool(rules.time_fits(until, TODAY_ON)) is fits


def test_what_is_sealed_has_one_length() -> None:
    """The length would tell who said much from who said little."""
    needs = {"main": ["psychosocial", "employment"], "more": list(map(str, range(10)))}
    place = {"place": str(uuid4()), "languages": {"aaa-Latn-ABCDEFGH": 3, "bbb": 2, "ccc": 1, "ddd": 1}, "host": "SN"}
    when = {"slots": list(range(14)), "first": "in_person", "also": ["phone", "chat"]}
    who = {"gender": "undisclosed", "age": "50+", "rule": "woman_preferred", "trained": True}
    longest = packets.packed({"needs": needs, "place": place, "when": when, "who": who})
    assert len(longest) == len(packets.EMPTY) == packets.SEALED_BYTES
    assert packets.unpacked(longest)["when"] == when
    with pytest.raises(ValueError, match="longer"):
        packets.packed({"words": {"why": "a" * packets.SEALED_BYTES}})


def test_a_side_is_whole_when_every_step_is_answered() -> None:
    assert rules.missing(rules.ASK, {"needs", "who", "place"}) == "when"
    assert rules.missing(rules.ASK, {"needs", "who", "place", "when"}) is None
    assert rules.missing(rules.OFFER, set()) == "help"
