"""What is hidden for a time comes back by itself, what is removed goes for good: neither past what people do meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Invalid, Refused
from app.core.ids import new_ref
from app.domain.moderation import actions, appeals, following, letters, rules, things, timed, undoing
from app.domain.moderation.rules import Choice
from app.domain.stories import actions as stories
from app.models.abroad import AbroadWord
from app.models.accounts import Answer, Erasure
from app.models.between import PrivateMessage, PrivateTalk
from app.models.groups import PostState
from app.models.meetings import MeetingPlan
from app.models.mentoring import MentorMatch
from app.models.mentorships import Dimension, MentorGoal, MentorMeeting, MentorMessage
from app.models.moderation import Case, CaseKind, CaseState, Decision, Outcome
from app.models.stories import Story, StoryStatus, StoryText
from tests.moderation.conftest import Desk

NOT_YET, AFTER = timedelta(days=6), timedelta(days=8)
GONE_AFTER = timedelta(days=32)  # 30 days to see it differently, a day, and a run of the job


def decided(desk: Desk, case: Case, outcome: Outcome, days: int | None = None, by: Any = None) -> Decision:
    """Open a case and decide it."""
    actor = desk.act(by or desk.awa)
    actions.open_case(desk.db, actor, case.ref)
    desk.db.refresh(case)
    rule = 3 if outcome in rules.HIDES else None
    return actions.decide(desk.db, actor, case.ref, Choice(outcome, case.row_version, rule, "Because.", days=days))


def due(db: Session, outcome: Outcome) -> int:
    """Let everything that is due come to its end; return how much it was."""
    return sum(timed.end(db, one) for one in timed._due(db, outcome))


def told(db: Session, desk: Desk) -> list[str]:
    """Return what the teller was told."""
    return list(db.exec(select(Answer.sentence).where(Answer.member_id == desk.teller.id)))


def test_hidden_for_a_time_comes_back_as_it_was_and_it_is_said_until_when(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, "untrue", by=desk.reader)
    decision = decided(desk, case, Outcome.HIDE, 7)
    shown = letters.statement(db, desk.act(desk.teller), decision.ref)
    assert (shown.headline, shown.may_appeal, "by itself" in shown.reach) == ("Your story is hidden for a time", True, True)
    note = db.exec(select(Answer.note).where(Answer.member_id == desk.teller.id)).all()[-1] or ""
    assert (note.count("\n\n"), "Because." in note, "until" in note) == (2, True, False), "in their language: rule, end, words"
    assert "hid it for a time" in db.exec(select(Answer.sentence).where(Answer.member_id == desk.reader.id)).all()[-1]
    with clock.at(now() + NOT_YET):
        assert (timed.end(db, decision.id), due(db, Outcome.HIDE), desk.status(story)) == (False, 0, StoryStatus.PAUSED)
    with clock.at(now() + AFTER):
        assert (due(db, Outcome.HIDE), due(db, Outcome.HIDE), desk.status(story)) == (1, 0, StoryStatus.PUBLISHED)
        assert told(db, desk)[-1] == timed.OVER
        assert "hides it no longer" in letters.statement(db, desk.act(desk.teller), decision.ref).reach
    exported = following.export(db, desk.teller.id)
    assert (now() + timedelta(days=7)).date() in {one.get("until") for rows in exported.values() for one in rows}


def test_its_end_changes_nothing_that_was_decided_taken_back_or_changed_meanwhile(db: Session, desk: Desk) -> None:
    again, undone, gone, reworked, said_no = (desk.story() for _ in range(5))
    decisions = [decided(desk, desk.flagged(one, "untrue"), Outcome.HIDE, 7) for one in (again, undone, gone, reworked, said_no)]
    decided(desk, actions.reopen(db, desk.act(desk.awa), desk.case(again.id, "flag").ref), Outcome.HIDE)
    undoing.undo(db, desk.act(desk.awa), [decisions[1].ref])
    stories.pause(db, desk.act(desk.teller), undone)
    stories.take_back(db, desk.act(desk.teller), gone)
    stories.rework(db, desk.act(desk.teller), reworked)
    appeals.appeal(db, desk.act(desk.teller), decisions[4].ref, "I see it differently.")
    with clock.at(now() + AFTER):
        assert due(db, Outcome.HIDE) == 1, "the one that was appealed ends all the same: nobody keeps it longer than was said"
    states = [desk.status(one) for one in (again, undone, gone, reworked, said_no)]
    paused, back, draft = StoryStatus.PAUSED, StoryStatus.TAKEN_BACK, StoryStatus.DRAFT
    assert states == [paused, paused, back, draft, StoryStatus.PUBLISHED]


def test_what_was_told_meanwhile_about_danger_hides_it_anew(db: Session, desk: Desk) -> None:
    story, trusted = desk.story(), desk.brahim
    case = desk.flagged(story, "untrue")
    decided(desk, case, Outcome.HIDE, 7)
    actions.reopen(db, desk.act(desk.awa), case.ref)
    with clock.at(now() + AFTER):
        stories.unhide(db, None, story)
        stories.pause(db, desk.act(desk.teller), story)
        story.held = True
        db.flush()
        assert due(db, Outcome.HIDE) == 1
        actions.flag(db, desk.act(trusted), "story", story.ref, "hurts", "")
        assert desk.status(story) == StoryStatus.PAUSED


def test_removed_is_sealed_until_nobody_can_object_and_then_gone_for_good(db: Session, desk: Desk) -> None:
    story = desk.story()
    decision = decided(desk, desk.flagged(story, "untrue"), Outcome.REMOVE)
    teller = desk.act(desk.teller)
    shown = letters.statement(db, teller, decision.ref)
    assert (shown.headline, "deleted for good" in shown.reach, shown.may_appeal) == ("Your story is taken out", True, True)
    with pytest.raises(Refused, match="taken out by a decision"):
        stories.rework(db, teller, story)
    ids = story.id
    with clock.at(now() + timedelta(days=30)):
        assert (due(db, Outcome.REMOVE), desk.status(story)) == (0, StoryStatus.PAUSED)
        appeals.appeal(db, teller, decision.ref, "I see it differently.")
    with clock.at(now() + GONE_AFTER):
        assert (due(db, Outcome.REMOVE), desk.status(story)) == (0, StoryStatus.PAUSED), "somebody looks at how they see it"
        appeal = db.exec(select(Case).where(Case.kind == CaseKind.APPEAL)).one()
        decided(desk, appeal, Outcome.UPHOLD, by=desk.brahim)
        assert due(db, Outcome.REMOVE) == 1
        assert db.exec(select(Story).where(Story.id == ids)).first() is None
        assert db.exec(select(StoryText).where(StoryText.story_id == ids)).first() is None
        assert db.exec(select(Erasure.kind).where(Erasure.subject_id == ids)).all() == ["draft"], "also after a restore"
        assert desk.case(ids, "flag").snapshot is None
        after = letters.statement(db, teller, decision.ref)
        assert (after.words, "was deleted for good" in after.reach, told(db, desk)[-1]) == ("Because.", True, timed.DELETED)


def test_a_won_appeal_puts_removed_things_back_and_the_author_may_delete_them_first(db: Session, desk: Desk) -> None:
    won, own, hers = desk.story(), desk.story(), desk.story()
    decision = decided(desk, desk.flagged(won, "untrue"), Outcome.REMOVE)
    for one in (own, hers):
        decided(desk, desk.flagged(one, "untrue"), Outcome.REMOVE)
    stories.take_back(db, desk.act(desk.teller), hers)
    appeals.appeal(db, desk.act(desk.teller), decision.ref, "I see it differently.")
    decided(desk, db.exec(select(Case).where(Case.kind == CaseKind.APPEAL)).one(), Outcome.OVERTURN, by=desk.brahim)
    stories.take_back(db, desk.act(desk.teller), own)
    stories.discard(db, desk.act(desk.teller), own)
    with clock.at(now() + GONE_AFTER):
        assert due(db, Outcome.REMOVE) == 1, "what was only taken back goes on its day all the same"
        assert db.exec(select(Story).where(Story.id == hers.id)).first() is None
        assert desk.status(won) == StoryStatus.PUBLISHED
        assert db.exec(select(StoryText.body).where(StoryText.story_id == won.id)).one().startswith("My cousin")


def _rows(desk: Desk) -> dict[str, Any]:
    """Make one of everything that can be hidden."""
    make, today = desk.make, now().date()
    group = make.group(desk.brahim)
    desk.make.seat(group, desk.teller)
    pair = make._add(MentorMatch(
        ref=new_ref(), mentee_id=desk.teller.id, mentor_id=desk.reader.id, version="1", why="", made_on=today
    ))  # fmt: skip
    talk = make._add(PrivateTalk(
        ref=new_ref(), group_id=group.id, asker_id=desk.teller.id, asked_id=desk.reader.id, words="Words.", asked_at=now()
    ))  # fmt: skip
    question = make.question(group)
    mine = {"author_id": desk.teller.id, "ref": new_ref(), "match_id": pair.id}
    return {
        "post": make.topic(group, desk.teller, posts=0) and make.post(make.topic(group, desk.teller, posts=0), desk.teller),
        "group": group, "meeting": make._add(MeetingPlan(
            group_id=group.id, by_id=desk.teller.id, title="Tea", minutes=60, zone="UTC",
        )),
        "board": make.board_entry(group, desk.teller),
        "asked": make._add(AbroadWord(
            ref=new_ref(), question_id=question.id, number=2, asks=False, by_id=desk.teller.id, body="Words.", on=today
        )),
        "message": make._add(MentorMessage(**mine, number=1, body="Words.", written_at=now())),
        "private": make._add(PrivateMessage(
            ref=new_ref(), talk_id=talk.id, author_id=desk.teller.id, number=1, body="Words.", written_at=now()
        )),
        "ask": talk,
        "goal": make._add(MentorGoal(**mine, dimension=Dimension.SOCIAL, words="Words.", on=today)),
        "step": make._add(MentorMeeting(**mine, on=today, said='{"next": "Words."}', mood="")),
    }  # fmt: skip


def test_everything_that_can_be_hidden_comes_back_or_goes_for_good(db: Session, desk: Desk) -> None:
    for ends in (Outcome.HIDE, Outcome.REMOVE):
        for kind, row in _rows(desk).items():
            thing, of = things.THINGS[kind], row.id
            case_kind = CaseKind.TALK if kind in ("post", "group", "meeting", "board", "asked") else CaseKind.MESSAGE_FLAG
            case = desk.make._add(Case(
                ref=new_ref(), kind=case_kind, subject_kind=kind, subject_id=of, about_id=desk.teller.id, opened_at=now(),
                due_at=now(), state=CaseState.CLOSED, snapshot="Words.",
            ))  # fmt: skip
            decision = desk.make._add(Decision(
                case_id=case.id, about_id=desk.teller.id, decided_by=desk.sira.id, at=now(), outcome=ends, until_at=now(),
            ))  # fmt: skip
            if ends == Outcome.REMOVE and not things.removable(case):
                with pytest.raises(Invalid):
                    timed.check(case, Choice(ends, 1, 3, "x"))
                assert Outcome.REMOVE not in things.outcomes(case)
                continue
            thing.hide(db, desk.act(desk.sira), row)
            db.flush()
            assert things.hidden_now(db, case), kind
            assert timed.end(db, decision.id), (kind, ends)
            db.expire_all()
            row = db.get(thing.table, of)
            if ends == Outcome.HIDE:
                assert getattr(row, thing.state.key) == thing.standing[0], kind
            else:
                assert "Words." not in str(row.model_dump() if row else ""), kind
                assert db.exec(select(Erasure.id).where(Erasure.subject_id == of)).first(), kind
                assert case.snapshot is None, kind
    assert PostState.SHOWN in things.THINGS["post"].standing
