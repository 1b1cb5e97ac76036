"""Danger and recognition are hidden before a person has looked: by somebody with a role, or by three who are no newcomers."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.ids import new_id
from app.domain.actor import GUEST
from app.domain.moderation import actions, rules
from app.domain.moderation.rules import Choice, Flagger
from app.models.accounts import Answer, Role
from app.models.engine import AuditEvent
from app.models.moderation import Outcome, Priority
from app.models.stories import StoryStatus
from tests.moderation.conftest import Desk

TODAY = date(2026, 11, 30)


def member(days: int, trusted: bool = False) -> Flagger:
    """Somebody who has been here for so many days."""
    return Flagger(new_id(), TODAY - timedelta(days=days), trusted)


@pytest.mark.parametrize(
    ("priority", "flaggers", "hides"),
    [
        (Priority.DANGER, [member(0, trusted=True)], True),
        (Priority.EXPOSED, [member(14), member(20), member(300)], True),
        (Priority.EXPOSED, [member(14), member(20)], False),
        (Priority.DANGER, [member(13)] * 3 + [member(1) for _ in range(50)], False),  # a club of accounts
        (Priority.DANGER, [member(20)] * 3, False),  # one person three times
        (Priority.RULE, [member(20, trusted=True)], False),
        (Priority.SPAM, [member(14), member(20), member(300)], False),
        (Priority.DANGER, [], False),  # visitors
    ],
)  # fmt: skip
def test_when_something_is_hidden_at_once(priority: Priority, flaggers: list[Flagger], hides: bool) -> None:
    assert bool(rules.hides_at_once(priority, flaggers, TODAY)) == hides


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
