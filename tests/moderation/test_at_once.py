"""Danger and recognition are hidden before a person has looked: by somebody with a role, or by three who are no newcomers."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.ids import new_id
from app.domain.accounts import actions as accounts
from app.domain.actor import GUEST
from app.domain.moderation import actions, at_once, rules
from app.domain.moderation.rules import Choice, Flagger
from app.models.accounts import Answer, MemberStatus, Role
from app.models.engine import AuditEvent
from app.models.moderation import Flag, Outcome
from app.models.stories import Story, StoryStatus
from tests.moderation.conftest import Desk

TODAY = date(2026, 11, 30)


def member(days: int, trusted: bool = False) -> Flagger:
    """Somebody who has been here for so many days."""
    return Flagger(new_id(), TODAY - timedelta(days=days), trusted)


@pytest.mark.parametrize(
    ("flaggers", "hides"),
    [
        ([member(0, trusted=True)], True),
        ([member(14), member(20), member(300)], True),
        ([member(14), member(20)], False),
        ([member(13)] * 3 + [member(1) for _ in range(50)], False),  # a club of accounts
        ([member(20)] * 3, False),  # one person three times
        ([], False),  # visitors
    ],
)  # fmt: skip
def test_when_something_is_hidden_at_once(flaggers: list[Flagger], hides: bool) -> None:
    assert bool(rules.hides_at_once(flaggers, TODAY)) == hides


@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.ASK_CHANGE, Outcome.HIDE])
def test_hidden_at_once_told_at_once_and_decided_by_a_person(db: Session, desk: Desk, outcome: Outcome) -> None:
    story, mentor = desk.story(published_on=TODAY - timedelta(days=9)), desk.make.member("Old Mentor", Role.MENTOR)
    for _ in range(5):
        actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    assert desk.status(story) == StoryStatus.PUBLISHED
    actions.flag(db, desk.act(mentor), "story", story.ref, "untrue", "")
    assert desk.status(story) == StoryStatus.PUBLISHED, "about something else"
    actions.flag(db, desk.act(mentor), "story", story.ref, "recognised", "")
    assert desk.status(story) == StoryStatus.PAUSED
    told = select(Answer).where(Answer.member_id == desk.teller.id).order_by(col(Answer.id))
    assert "A person looks at it by" in db.exec(told).all()[-1].sentence
    event = db.exec(select(AuditEvent).where(AuditEvent.verb == "story.hide_at_once")).one()
    assert (event.actor_id, event.actor_role) == (None, "system"), "who flagged stands nowhere"
    case = desk.case(story.id, "flag")
    assert case.due_at - now() <= timedelta(hours=24)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    db.refresh(case)
    rule: Any = 3 if outcome == Outcome.HIDE else None
    actions.decide(db, desk.act(desk.awa), case.ref, Choice(outcome, case.row_version, rule, "Because."))
    assert desk.status(story) == (StoryStatus.PAUSED if outcome == Outcome.HIDE else StoryStatus.PUBLISHED)
    assert desk.make.db.get_one(type(story), story.id).published_on == TODAY - timedelta(days=9)


def test_a_post_is_hidden_and_shown_again(db: Session, desk: Desk) -> None:
    group = desk.make.group(by=desk.reader)
    desk.make.seat(group, desk.teller)
    mentor = desk.make.member("Old Mentor", Role.MENTOR)
    desk.make.seat(group, mentor)
    post = desk.make.post(desk.make.topic(group, desk.teller), desk.teller)
    actions.flag(db, desk.act(mentor), "post", post.ref, "hurts", "")
    db.refresh(post)
    assert post.state == "hidden"
    case = desk.case(post.id, "talk")
    actions.open_case(db, desk.act(desk.awa), case.ref)
    db.refresh(case)
    actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.KEEP, case.row_version))
    db.refresh(post)
    assert post.state == "shown"


def test_after_it_stays_nobody_hides_the_same_again(db: Session, desk: Desk) -> None:
    """Whoever was answered about it hides it no more; others do, unless what they told us was plainly in order lately."""
    story, other = desk.story(), desk.story()
    mentor, second = desk.make.member("Old Mentor", Role.MENTOR), desk.make.member("New Mentor", Role.MENTOR)
    for who, thing, groundless, hidden in (
        (mentor, story, False, True), (mentor, story, False, False), (mentor, other, False, True), (second, story, True, True),
        (second, other, False, False),
    ):  # fmt: skip
        actions.flag(db, desk.act(who), "story", thing.ref, "hurts", "")
        assert (desk.status(thing) == StoryStatus.PAUSED) == hidden, (who.name, thing.id)
        case = desk.case(thing.id, "flag")
        actions.open_case(db, desk.act(desk.awa), case.ref)
        db.refresh(case)
        actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.KEEP, case.row_version, None, "", groundless))


def test_accounts_that_are_not_let_in_or_not_in_good_standing_hide_nothing(db: Session, desk: Desk) -> None:
    story, old = desk.story(), TODAY - timedelta(days=40)
    for number, standing in enumerate((MemberStatus.APPLIED, MemberStatus.SUSPENDED, MemberStatus.PAUSED) * 2):
        one = desk.make.member("", *([Role.MENTOR] if number > 3 else []), joined_on=old, status=MemberStatus.ACTIVE)
        actions.flag(db, desk.act(one), "story", story.ref, "untrue", "")
        db.execute(sa.update(Flag).where(col(Flag.member_id) == one.id).values(reason="hurts"))
        one.status = standing
    one = desk.make.member("", joined_on=old)
    actions.flag(db, desk.act(one), "story", story.ref, "hurts", "")
    assert desk.status(story) == StoryStatus.PUBLISHED


def test_whoever_is_let_in_counts_from_then_on(db: Session, desk: Desk) -> None:
    one = desk.make.member("", joined_on=TODAY - timedelta(days=40), status=MemberStatus.APPLIED)
    accounts.decide_application(db, desk.act(desk.awa), one.id, True)
    assert one.joined_on == now().date()


def test_what_was_taken_out_meanwhile_stays_so_and_the_flag_is_kept(db: Session, desk: Desk) -> None:
    story, mentor = desk.story(), desk.make.member("Old Mentor", Role.MENTOR)
    case = desk.flagged(story, "untrue")
    db.execute(sa.update(Story).where(col(Story.id) == story.id).values(status=StoryStatus.TAKEN_BACK).execution_options(
        synchronize_session=False
    ))  # fmt: skip
    db.add(Flag(case_id=case.id, reason="hurts", member_id=mentor.id, on=TODAY))
    assert not at_once.consider(db, case)
    assert (desk.status(story), len(db.exec(select(Flag)).all())) == (StoryStatus.TAKEN_BACK, 2)
