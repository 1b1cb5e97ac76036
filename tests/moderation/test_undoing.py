"""Decisions that are taken back within ten minutes, and advertising that is hidden many at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import clock
from app.core.clock import now
from app.domain.actor import GUEST
from app.domain.moderation import (
    actions,
    appeals,
    at_once,
    earlier,
    effects,
    flagging,
    holding,
    letters,
    measures,
    misuse,
    posts,
    rules,
    spam,
    undoing,
)
from app.domain.moderation.rules import Choice
from app.domain.stories import actions as stories
from app.models.accounts import Answer, Role
from app.models.groups import Post, PostState
from app.models.moderation import Case, CaseKind, CaseState, Decision, HoldEnd, Outcome
from app.models.stories import Story, StoryStatus
from tests.browse import Browser
from tests.conftest import TODAY
from tests.moderation.conftest import Desk


def decided(desk: Desk, case: Case, outcome: Outcome, rule: int | None = None) -> Decision:
    """Open a case and decide it."""
    actions.open_case(desk.db, desk.act(desk.awa), case.ref)
    desk.db.refresh(case)
    return actions.decide(desk.db, desk.act(desk.awa), case.ref, Choice(outcome, case.row_version, rule, "Because."))


def standing(db: Session, story: Story) -> tuple[StoryStatus, bool]:
    """Return where a story stands, and whether we hide it."""
    db.refresh(story)
    return story.status, story.held


def test_a_warning_goes_with_the_decision_that_gave_it(db: Session, desk: Desk) -> None:
    for _number in range(rules.WARNED_AT):
        story = desk.story()
        case = desk.flagged(story, "untrue", by=desk.reader)
        actions.open_case(db, desk.act(desk.awa), case.ref)
        db.refresh(case)
        choice = Choice(Outcome.KEEP, case.row_version, None, "It is in order.", groundless=True)
        last = actions.decide(db, desk.act(desk.awa), case.ref, choice)
    assert misuse.warned(db, last.id) == {desk.reader.id}
    undoing.undo(db, desk.act(desk.awa), [last.ref])
    heard = db.exec(select(Answer.member_id).where(Answer.sentence == misuse.TAKEN_BACK)).all()
    assert heard == [desk.reader.id]


@pytest.mark.parametrize(
    ("kind", "minutes", "stands", "may"),
    [
        (CaseKind.FLAG, 0, True, True), (CaseKind.TALK, 10, True, True), (CaseKind.COMPLAINT, 5, True, True),
        (CaseKind.FLAG, 10.1, True, False), (CaseKind.FLAG, 1, False, False), (CaseKind.APPEAL, 1, True, False),
        (CaseKind.APPLICATION, 1, True, False), (CaseKind.STORY, 1, True, False),
    ],
)  # fmt: skip
def test_when_a_decision_can_be_taken_back(kind: CaseKind, minutes: float, stands: bool, may: bool) -> None:
    assert bool(rules.may_undo(kind, timedelta(minutes=minutes), stands)) == may


def test_everything_is_as_before_and_everybody_who_was_told_hears(db: Session, desk: Desk) -> None:
    story = desk.story()
    number = actions.flag(db, desk.act(desk.reader), "story", story.ref, "untrue", "It is not").receipt
    case = desk.case(story.id, "flag")
    decision = decided(desk, case, Outcome.HIDE, 3)
    assert standing(db, story) == (StoryStatus.PAUSED, True)
    assert undoing.undo(db, desk.act(desk.brahim), [decision.ref])[0] == 0, "not by another person"
    assert undoing.undo(db, desk.act(desk.awa), ["222222222222", decision.ref])[0] == 1
    db.refresh(case)
    assert standing(db, story) == (StoryStatus.PUBLISHED, False)
    assert (case.state, case.claimed_by, bool(case.snapshot)) == (CaseState.OPEN, desk.awa.id, True)
    assert flagging.standing(db, number).answer == ""
    heard = db.exec(select(Answer.member_id).where(Answer.sentence == undoing.UNDONE)).all()
    assert sorted(heard) == sorted([desk.teller.id, desk.reader.id])
    assert undoing.undo(db, desk.act(desk.awa), [decision.ref])[0] == 0, "once"
    assert undoing.recent(db, desk.act(desk.awa)) == []
    today = TODAY.date()
    assert measures.decided(db, today.replace(day=1), today)["flag"] == {"in time": 0, "late": 0}, "it counts nowhere"
    again = decided(desk, case, Outcome.HIDE, 3)
    assert [one.ref for one in undoing.recent(db, desk.act(desk.awa))] == [again.ref]
    appeals.appeal(db, desk.act(desk.teller), again.ref, "I see it differently.")
    assert undoing.undo(db, desk.act(desk.awa), [again.ref])[0] == 0, "somebody sees it differently"


def test_not_later_and_not_past_what_came_in_since(db: Session, desk: Desk) -> None:
    first, second = desk.story(), desk.story()
    late = decided(desk, desk.flagged(first, "untrue"), Outcome.HIDE, 3)
    with clock.at(now() + timedelta(minutes=11)):
        assert undoing.recent(db, desk.act(desk.awa)) == []
        done, why = undoing.undo(db, desk.act(desk.awa), [late.ref])
        assert (done, "ten minutes are over" in why) == (0, True)
    since = decided(desk, desk.flagged(second, "untrue"), Outcome.KEEP)
    desk.flagged(second, "spam")
    assert undoing.undo(db, desk.act(desk.awa), [since.ref]) == (0, "Something came in since. Look at it again.")


def test_what_was_hidden_at_once_is_hidden_again(db: Session, desk: Desk) -> None:
    story, mentor = desk.story(), desk.make.member("", Role.MENTOR)
    actions.flag(db, desk.act(mentor), "story", story.ref, "hurts", "")
    case = desk.case(story.id, "flag")
    decision = decided(desk, case, Outcome.KEEP)
    assert standing(db, story) == (StoryStatus.PUBLISHED, False)
    assert undoing.undo(db, desk.act(desk.awa), [decision.ref])[0] == 1
    assert standing(db, story) == (StoryStatus.PAUSED, True)
    held = holding.last(db, case)
    assert held
    db.refresh(held)
    assert held.how is None, "its time runs on"
    taken = decided(desk, case, Outcome.KEEP)
    stories.pause(db, desk.act(desk.teller), story)
    assert undoing.undo(db, desk.act(desk.awa), [taken.ref])[0] == 1
    assert (*standing(db, story), story.rested) == (StoryStatus.PAUSED, True, True), "hidden again; its teller's own pause is kept"
    decided(desk, case, Outcome.KEEP)
    assert standing(db, story) == (StoryStatus.PAUSED, False)
    told = db.exec(select(Answer.sentence).where(Answer.member_id == desk.teller.id).order_by(col(Answer.id).desc())).first()
    assert told == effects.RESTS, "nobody is told that it is shown again when it is not"


def test_advertising_is_read_and_hidden_many_at_once(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    group = desk.make.group(by=desk.reader)
    desk.make.seat(group, desk.teller)
    topic = desk.make.topic(group, desk.teller)
    written = [desk.make.post(topic, desk.teller, body=f"Cheap visas number {n}!") for n in range(3)]
    for post in written:
        actions.flag(db, desk.act(desk.reader), "post", post.ref, "spam", "")
    actions.flag(db, desk.act(desk.reader), "post", written[2].ref, "hurts", "")
    assert len(spam.waiting(db, desk.act(desk.awa))) == 2, "one flag about danger, and it is decided by itself"
    assert spam.waiting(db, desk.act(desk.reader)) == []
    actions.flag(db, GUEST, "story", desk.story(by=desk.awa).ref, "spam", "")
    desk.make.commit()
    awa = browse(desk.awa)
    assert "Cheap visas" not in awa.get("/desk/spam").text, "closed until it is opened"
    assert browse(desk.reader).get("/desk/spam").status_code in (403, 404)
    assert awa.post("/desk/spam/open").status_code == 303
    page = awa.get("/desk/spam").text
    assert page.count("Cheap visas") == 2
    db.expire_all()
    cases = [desk.case(post.id, "talk") for post in written]
    marks = {one.ref: one.mark for one in spam.waiting(db, desk.act(desk.awa))}
    marked = [marks.get(case.ref, f"{case.ref}.{case.row_version}.{'0' * 16}") for case in cases]
    written[1].body = "Tea on Thursday?"
    db.flush()
    moved = next(one for one in spam.waiting(db, desk.act(desk.awa)) if one.ref == cases[1].ref)
    assert (moved.words, moved.before) == ("Tea on Thursday?", "Cheap visas number 1!"), "both are read"
    assert spam.hide(db, desk.act(desk.awa), [marked[1]], 6, "W") == (0, spam.MOVED), "nothing is hidden that nobody has read"
    written[1].body = "Cheap visas number 1!"
    db.commit()
    form = {"rule": "6", "words": "Advertising has no place here."}
    one = {"marked": marked[0]}
    for wrong in (form, {**form, "marked": "x"}, {**form, **one, "words": ""}, {**one, "words": "W"}):
        assert awa.post("/desk/spam", wrong).status_code == 422
    both = spam.hide(db, desk.act(desk.awa), [marked[2]], 6, "W")
    db.rollback()
    assert both == (0, spam.MOVED)
    stale = awa.post("/desk/spam", {**form, "marked": marked[2]})
    assert (stale.status_code, "no place here" in stale.text) == (409, True), "never opened, and nothing typed is lost"
    assert awa.post("/desk/spam", {**form, "marked": marked}).status_code == 303
    db.expire_all()
    assert [post.state for post in written] == ["hidden", "hidden", "shown"]
    refs = list(db.exec(select(Decision.ref).order_by(col(Decision.id))))
    ways = [f'<a href="/desk/cases/{case.ref}">' for case in cases[:2]]
    db.commit()
    listed = awa.get("/desk").text
    assert all(ref in listed for ref in refs)
    assert all(way in listed for way in ways), "each can be looked at before"
    assert awa.post("/desk/undo", {"refs": refs}).status_code == 303
    db.expire_all()
    assert [post.state for post in written] == ["shown", "shown", "shown"]
    assert db.exec(select(Decision.undone)).all() == [True, True]


def test_what_is_gone_is_not_brought_back(db: Session, desk: Desk) -> None:
    kept, hidden, deleted = desk.story(), desk.story(), desk.story()
    cases = [desk.flagged(story, "untrue", by=desk.reader) for story in (kept, hidden, deleted)]
    decisions = [decided(desk, case, how, 3) for case, how in zip(cases, (Outcome.KEEP, Outcome.HIDE, Outcome.KEEP), strict=True)]
    other = decided(desk, desk.flagged(desk.story(), "untrue"), Outcome.KEEP)
    assert len(undoing.recent(db, desk.act(desk.awa))) == 4
    teller = desk.act(desk.teller)
    for story in (kept, hidden, deleted):
        stories.take_back(db, teller, story)
    for story in (hidden, deleted):
        stories.discard(db, teller, story)
    assert [one.ref for one in undoing.recent(db, desk.act(desk.awa))] == [other.ref], "only what still stands is offered"
    done, why = undoing.undo(db, desk.act(desk.awa), [one.ref for one in (*decisions, other)])
    assert (done, "taken back since" in why) == (1, True), "and the others do not stand in the way of it"
    for case in cases:
        db.refresh(case)
        assert (case.state, case.snapshot) == (CaseState.CLOSED, None)
    assert undoing.UNDONE not in db.exec(select(Answer.sentence).where(Answer.member_id == desk.reader.id)).all()


def test_what_closed_the_appeal_of_somebody_stays(db: Session, desk: Desk) -> None:
    group = desk.make.group(by=desk.reader)
    desk.make.seat(group, desk.teller)
    post = desk.make.post(desk.make.topic(group, desk.teller), desk.teller, body="Hello")
    actions.flag(db, desk.act(desk.reader), "post", post.ref, "spam", "")
    talk = desk.case(post.id, "talk")
    post.state = PostState.HELD
    posts.held(db, post, {"link": 1})
    declined = decided(desk, desk.case(post.id, "post"), Outcome.DECLINE, 3)
    appeals.appeal(db, desk.act(desk.teller), declined.ref, "It is fine.")
    kept = decided(desk, talk, Outcome.KEEP)
    post.state = PostState.SHOWN
    assert undoing.recent(db, desk.act(desk.awa)) == []
    assert undoing.undo(db, desk.act(desk.awa), [kept.ref]) == (0, "Something came in since. Look at it again.")
    again = desk.flagged(desk.story(), "untrue", by=desk.reader)
    first = decided(desk, again, Outcome.KEEP)
    appeals.appeal(db, desk.act(desk.reader), first.ref, "No.")
    upheld = desk.case(first.id, "appeal")
    actions.open_case(db, desk.act(desk.brahim), upheld.ref)
    actions.decide(db, desk.act(desk.brahim), upheld.ref, Choice(Outcome.UPHOLD, upheld.row_version, None, "It stays."))
    assert undoing.undo(db, desk.act(desk.awa), [first.ref])[0] == 0, "somebody else said that it stays"


def test_the_words_as_they_were_flagged_stay_as_long_as_it_can_be_taken_back(db: Session, desk: Desk) -> None:
    group = desk.make.group(by=desk.reader)
    desk.make.seat(group, desk.teller)
    post = desk.make.post(desk.make.topic(group, desk.teller), desk.teller, body="I know where you live")
    actions.flag(db, desk.act(desk.reader), "post", post.ref, "spam", "")
    case = desk.case(post.id, "talk")
    post.body = "Tea?"
    assert undoing.undo(db, desk.act(desk.awa), [decided(desk, case, Outcome.KEEP).ref])[0] == 1
    assert "where you live" in str(case.snapshot)
    decided(desk, case, Outcome.KEEP)
    with clock.at(now() + timedelta(minutes=11)):
        assert undoing.forget_words(db) == 1
    db.refresh(case)
    assert case.snapshot is None
    decided(desk, actions.reopen(db, desk.act(desk.awa), case.ref), Outcome.KEEP)
    post.state, case.snapshot = PostState.DELETED, "{}"
    posts.gone(db, sa.select(col(Post.id)).where(col(Post.id) == post.id))
    db.refresh(case)
    assert case.snapshot is None, "and go with the post"


def test_whoever_showed_it_again_is_not_told_that_it_is_hidden(db: Session, desk: Desk) -> None:
    story, mentor = desk.story(), desk.make.member("", Role.MENTOR)
    actions.flag(db, desk.act(mentor), "story", story.ref, "hurts", "")
    case = desk.case(story.id, "flag")
    with clock.at(now() + timedelta(days=2)):
        at_once.late(db)
    with clock.at(now() + timedelta(days=8)):
        assert at_once.end_due(db) == 1
        held = holding.last(db, case)
        assert held
        holding.show_again(db, desk.act(desk.teller), held.ref)
        assert undoing.undo(db, desk.act(desk.awa), [decided(desk, case, Outcome.KEEP).ref])[0] == 1
        db.refresh(held)
        assert (held.how, at_once.end_due(db)) == (HoldEnd.OVER, 0)


def test_what_was_taken_back_counts_for_nobody(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, "untrue", by=desk.reader)
    first = decided(desk, case, Outcome.KEEP)
    second = decided(desk, actions.reopen(db, desk.act(desk.awa), case.ref), Outcome.HIDE, 3)
    assert not appeals.of_member(db, desk.act(desk.reader), first.ref).may
    assert undoing.undo(db, desk.act(desk.awa), [second.ref])[0] == 1
    db.refresh(case)
    assert len(earlier.decisions(db, desk.act(desk.awa), case)) == 1
    assert appeals.of_member(db, desk.act(desk.reader), first.ref).may
    read = letters.statement(db, desk.act(desk.teller), second.ref)
    assert (read.headline, read.may_appeal, read.why_not) == (letters.UNDONE, False, letters.NOTHING_LEFT)
