"""The ways between states, and who may go them."""

from itertools import product
from uuid import uuid4

import pytest

from app.core.clock import days, now
from app.domain.actor import GUEST, Actor
from app.domain.stories import rules
from app.models.accounts import MemberStatus, Role
from app.models.stories import Audience, Purpose, Story, StoryStatus

S = StoryStatus
# Written out once more by hand, so that a slip in the table of the program is seen.
ALLOWED = {
    ("draft", "submitted"), ("submitted", "in_review"), ("submitted", "draft"), ("submitted", "taken_back"),
    ("in_review", "approved"), ("in_review", "change_asked"), ("in_review", "declined"), ("in_review", "draft"),
    ("in_review", "taken_back"), ("change_asked", "submitted"), ("change_asked", "taken_back"), ("approved", "published"),
    ("approved", "change_asked"), ("approved", "draft"), ("approved", "taken_back"), ("published", "paused"),
    ("published", "taken_back"), ("published", "expired"), ("published", "draft"), ("paused", "published"),
    ("paused", "taken_back"), ("paused", "expired"), ("paused", "draft"), ("declined", "draft"), ("declined", "taken_back"),
    ("declined", "in_review"), ("expired", "draft"), ("expired", "taken_back"),
}  # fmt: skip


@pytest.mark.parametrize(("start", "end"), [(a.value, b.value) for a, b in product(S, S)])
def test_every_pair_of_states(start: str, end: str) -> None:
    verdict = rules.may_move(S(start), S(end))
    assert bool(verdict) == ((start, end) in ALLOWED)
    assert (S(start) in rules.from_states(S(end))) == bool(verdict)
    assert verdict or verdict.reason


def someone(status: MemberStatus = MemberStatus.ACTIVE, *roles: Role) -> Actor:
    return Actor(member_id=uuid4(), name="Quiet River", status=status, roles=frozenset(roles))


def a_story(by: Actor, status: StoryStatus = S.DRAFT, **fields: object) -> Story:
    return Story(ref="a" * 12, author_id=by.me, status=status, touched_at=now(), **fields)


@pytest.mark.parametrize("status", list(S))
def test_only_the_teller_writes_and_only_before_sending(status: StoryStatus) -> None:
    teller, colleague = someone(), someone(MemberStatus.ACTIVE, Role.COORDINATOR)
    assert bool(rules.may_write(teller, a_story(teller, status))) == (status in {S.DRAFT, S.CHANGE_ASKED})
    for other in (colleague, someone(), GUEST):
        assert not rules.may_write(other, a_story(teller, status))


@pytest.mark.parametrize("standing", [MemberStatus.SUSPENDED, MemberStatus.PAUSED, MemberStatus.APPLIED, MemberStatus.LEAVING])
def test_somebody_who_was_stopped_sends_nothing_but_may_take_back(standing: MemberStatus) -> None:
    teller = someone(standing)
    story = a_story(teller, audience=Audience.MEMBERS)
    assert not rules.may_submit(teller, story, [Purpose.MEMBERS], None)
    assert not rules.may_start(teller)
    assert rules.owned(teller, a_story(teller, S.PUBLISHED))


@pytest.mark.parametrize(("audience", "given", "fine"), [
    (Audience.ONLY_ME, [Purpose.PUBLIC, Purpose.MEMBERS], False), (Audience.MEMBERS, [], False),
    (Audience.MEMBERS, [Purpose.MEMBERS], True), (Audience.EVERYONE, [Purpose.MEMBERS, Purpose.RADIO], False),
    (Audience.EVERYONE, [Purpose.PUBLIC], False), (Audience.EVERYONE, [Purpose.MEMBERS, Purpose.PUBLIC], True),
])  # fmt: skip
def test_the_audience_needs_its_own_consent(audience: Audience, given: list[Purpose], fine: bool) -> None:
    teller = someone()
    story = a_story(teller, audience=audience)
    assert bool(rules.may_submit(teller, story, given, None)) == fine
    approved = a_story(teller, S.APPROVED, audience=audience, publish_after=now())
    assert bool(rules.may_publish(approved, given, now())) == fine


def test_nothing_appears_before_its_time_or_from_another_state() -> None:
    teller = someone()
    story = a_story(teller, S.APPROVED, audience=Audience.EVERYONE, publish_after=now() + days(1))
    both = [Purpose.MEMBERS, Purpose.PUBLIC]
    assert not rules.may_publish(story, both, now())
    assert rules.may_publish(story, both, now() + days(1))
    for status in set(S) - {S.APPROVED, S.PAUSED}:
        elsewhere = a_story(teller, status, audience=Audience.EVERYONE, publish_after=now())
        assert not rules.may_publish(elsewhere, both, now())


def test_nobody_decides_about_their_own_story() -> None:
    teller = someone(MemberStatus.ACTIVE, Role.COORDINATOR)
    story = a_story(teller, S.IN_REVIEW)
    for to in (S.APPROVED, S.CHANGE_ASKED, S.DECLINED):
        assert "own story" in (rules.may_decide(teller, story, to).reason or "")
        assert rules.may_decide(someone(MemberStatus.ACTIVE, Role.COORDINATOR), story, to)
        assert not rules.may_decide(someone(), story, to)
    assert not rules.may_decide(someone(MemberStatus.SUSPENDED, Role.COORDINATOR), story, S.APPROVED)


def test_a_hidden_story_is_not_shown_again_by_its_teller() -> None:
    teller = someone()
    hidden = a_story(teller, S.PAUSED, audience=Audience.EVERYONE, held=True)
    assert not rules.may_resume(teller, hidden, [Purpose.MEMBERS, Purpose.PUBLIC])
    assert rules.may_resume(teller, a_story(teller, S.PAUSED, audience=Audience.EVERYONE), [Purpose.MEMBERS, Purpose.PUBLIC])
    assert not rules.may_resume(teller, a_story(teller, S.PAUSED, audience=Audience.EVERYONE), [])


@pytest.mark.parametrize(("audience", "guest", "member"), [
    (Audience.ONLY_ME, False, False), (Audience.MEMBERS, False, True), (Audience.EVERYONE, True, True),
])  # fmt: skip
def test_who_sees(audience: Audience, guest: bool, member: bool) -> None:
    teller, today = someone(), now().date()
    story = a_story(teller, S.PUBLISHED, audience=audience, published_on=today)
    assert (bool(rules.may_see(GUEST, story, today)), bool(rules.may_see(someone(), story, today))) == (guest, member)
    story.until_on = today
    assert not rules.may_see(someone(), story, today), "a consent ends on its day"
