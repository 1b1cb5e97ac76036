"""The last word counts: what was decided later stands, whoever is concerned reads what is theirs, somebody always sees a case."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from app.core.errors import Conflict, NotFound, Refused
from app.domain.actor import GUEST
from app.domain.moderation import actions, appeals, filing, flagging, following, letters, queries, reading, rules
from app.domain.stories import actions as stories
from app.jobs import erasures
from app.models.accounts import Answer, Erasure, Member
from app.models.moderation import Appeal, Bar, Case, CaseKind, CaseState, Decision, Flag, Outcome
from app.models.stories import SecondLook, Story, StoryStatus, StoryText
from tests.browse import Browser
from tests.moderation.conftest import Desk
from tests.moderation.test_appeals import TODAY, decide, hidden, last_told, of_appeal, of_appeal_row


def waits(db: Session) -> Case:
    """The one appeal that is open."""
    return db.exec(select(Case).where(Case.kind == CaseKind.APPEAL, Case.state == CaseState.OPEN)).one()


def on_desk(desk: Desk, case: Case, *who: Member) -> bool:
    """Whether one of these sees the case among what waits."""
    return any(card.ref == case.ref for one in who for card in queries.waiting(desk.db, desk.act(one)).cards)


def sent_again(db: Session, desk: Desk, story: Story, words: str) -> None:
    """Its teller changes a story that was declined, and sends it again."""
    text = db.exec(select(StoryText).where(StoryText.story_id == story.id)).one()
    story.status, text.body = StoryStatus.DRAFT, text.body + words
    db.flush()
    stories.submit(db, desk.act(desk.teller), story)


def translated(db: Session, desk: Desk, by: Member) -> Decision:
    """A translation by somebody that was declined."""
    story = desk.story(published_on=TODAY)
    text = StoryText(
        story_id=story.id, language="ha", title="T", body="B", original=False, confirmed=True, second_look=SecondLook.WAITS,
        translator_id=by.id,
    )  # fmt: skip
    db.add(text)
    db.flush()
    following.translation_moved(db, story, text)
    return decide(desk, desk.case(text.id), Outcome.DECLINE)


def test_an_appeal_ends_with_its_own_sentence_when_its_decision_is_decided_anew(db: Session, desk: Desk) -> None:
    story, first = hidden(desk)
    appeals.appeal(db, desk.act(desk.teller), first.ref, "No.")
    with pytest.raises(Refused, match="Another person looks at that first"):
        actions.reopen(db, desk.act(desk.awa), desk.case(story.id, "flag").ref)
    case = desk.case(story.id, "flag")
    filing.open_case(db, case.kind, case.subject_kind, case.subject_id, case.about_id)  # as a flag of danger does
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    told = db.exec(select(Answer.sentence).where(Answer.member_id == desk.teller.id)).all()
    assert appeals.OVERTAKEN in told
    row = of_appeal_row(db)
    assert (of_appeal(db).state, row.overturned, bool(row.answered_on)) == (CaseState.CLOSED, None, True)
    desk.flagged(story, "hurts")
    decide(desk, desk.case(story.id, "flag"), Outcome.HIDE, desk.brahim)
    with pytest.raises(Conflict, match="decided anew"):
        actions.open_case(db, desk.act(desk.sira), of_appeal(db).ref)
    db.refresh(story)
    assert story.held


@pytest.mark.parametrize("outcome", [Outcome.OVERTURN, Outcome.UPHOLD])
def test_what_was_decided_later_stands_whatever_becomes_of_an_old_appeal(db: Session, desk: Desk, outcome: Outcome) -> None:
    story, case = desk.waiting()
    first = decide(desk, case, Outcome.DECLINE)
    appeals.appeal(db, desk.act(desk.teller), first.ref, "It is true.")
    old = of_appeal(db)
    sent_again(db, desk, story, " and the full address of my neighbour")
    decide(desk, desk.case(story.id, "story"), Outcome.DECLINE, desk.brahim)
    assert of_appeal(db).state == CaseState.CLOSED
    filing.open_case(db, old.kind, old.subject_kind, old.subject_id, old.about_id)  # as releases before this one left it
    db.exec(select(Appeal)).one().answered_on = None
    decide(desk, of_appeal(db), outcome, desk.sira)
    db.refresh(story)
    assert story.status == StoryStatus.DECLINED
    assert last_told(db, desk.teller).sentence == appeals.OVERTAKEN
    assert (of_appeal_row(db).overturned, first.overturned_at) == (None, None)


def test_who_told_us_hears_of_the_new_decision_and_can_see_that_differently(db: Session, desk: Desk) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, filed.receipt, "Look again.")
    desk.flagged(story, "hurts")
    second = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.brahim, words="")
    assert "it stays" in flagging.standing(db, filed.receipt).answer
    found = letters.of_number(db, *flagging.by_number(db, filed.receipt))
    assert found
    assert (found.ref, found.may_appeal) == (second.ref, True)


def test_the_copy_of_a_teller_does_not_tell_who_flagged(db: Session, desk: Desk) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, filed.receipt, "The face of my sister is in it.")
    decide(desk, of_appeal(db), Outcome.UPHOLD, desk.sira, "We do not see your sister Fatou in it.")
    found = following.export(db, desk.teller.id)["decisions about me"]
    assert len(found) == 1
    assert "Fatou" not in repr(found)


def test_a_translation_is_appealed_before_neither_its_translator_nor_in_the_language_of_an_account(db: Session, desk: Desk) -> None:
    decision = translated(db, desk, desk.brahim)
    assert decision.rule_words["language"] == "en", "of the story, which both know; its teller reads French"
    appeals.appeal(db, desk.act(desk.teller), decision.ref, "Let it stand, I asked my cousin.")
    assert reading.languages(db, of_appeal(db)) == ["fr"], "whoever appealed reads the answer"
    assert not on_desk(desk, of_appeal(db), desk.brahim)
    with pytest.raises(Refused, match="yourself"):
        actions.open_case(db, desk.act(desk.brahim), of_appeal(db).ref)
    assert on_desk(desk, of_appeal(db), desk.sira)
    assert letters.statement(db, desk.act(desk.brahim), decision.ref).rule["language"] == "en"


def test_words_of_a_group_are_the_matter_of_whoever_wrote_them_last(db: Session, desk: Desk) -> None:
    group = desk.make.member("Stands for a group").id
    case = filing.open_case(db, CaseKind.TALK, "group", group, desk.brahim.id)
    first = Decision(case_id=case.id, about_id=case.about_id, decided_by=desk.sira.id, at=case.opened_at, outcome=Outcome.HIDE)
    db.add(first)
    case.state = CaseState.CLOSED
    db.flush()
    again = filing.open_case(db, CaseKind.TALK, "group", group, desk.awa.id)
    assert again.about_id == desk.awa.id
    for nobody in (desk.awa, desk.brahim):  # it is about the one now and holds what was said about the other
        assert not on_desk(desk, again, nobody)
        with pytest.raises(NotFound):
            queries.case(db, desk.act(nobody), again.ref)
    assert appeals.of_member(db, desk.act(desk.brahim), first.ref)
    with pytest.raises(NotFound):
        appeals.of_member(db, desk.act(desk.awa), first.ref)


def test_a_bar_ends_with_its_opening_so_that_danger_is_always_seen(db: Session, desk: Desk) -> None:
    """A network with one coordinator and one of safeguarding."""
    story, reader = desk.story(), desk.act(desk.reader)
    actions.flag(db, reader, "story", story.ref, "untrue", "")
    for decider, other in ((desk.awa, desk.sira), (desk.sira, desk.awa)):
        kept = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, decider, words="")
        appeals.appeal(db, reader, kept.ref, "No.")
        decide(desk, waits(db), Outcome.OVERTURN, other)
        assert not on_desk(desk, desk.case(story.id, "flag"), decider)
    desk.flagged(story, "hurts")
    assert on_desk(desk, desk.case(story.id, "flag"), desk.awa)
    actions.declare_conflict(db, desk.act(desk.brahim), desk.case(story.id, "flag").ref)
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.awa, words="")
    again = desk.flagged(story, "hurts")
    assert on_desk(desk, again, desk.sira), "she decided about an earlier opening"
    assert not on_desk(desk, again, desk.brahim), "whoever is too close stays away"
    assert [bar.member_id for bar in db.exec(select(Bar).where(Bar.case_id == again.id))] == [desk.brahim.id]


def test_whoever_answered_one_appeal_does_not_answer_the_next_about_the_same_decision(db: Session, desk: Desk) -> None:
    story = desk.story()
    one, two = (actions.flag(db, GUEST, "story", story.ref, "untrue", "") for _n in range(2))
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, one.receipt, "x")
    decide(desk, of_appeal(db), Outcome.UPHOLD, desk.sira)
    appeals.appeal_by_number(db, GUEST, two.receipt, "y")
    assert flagging.standing(db, two.receipt).has_words, "what is written in an appeal can be taken back"
    with pytest.raises(Refused):
        actions.open_case(db, desk.act(desk.sira), of_appeal(db).ref)
    assert on_desk(desk, of_appeal(db), desk.brahim)


def test_who_told_us_hears_when_it_is_shown_again(db: Session, desk: Desk) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    actions.flag(db, desk.act(desk.reader), "story", story.ref, "recognised", "")
    taken = decide(desk, desk.case(story.id, "flag"), Outcome.HIDE)
    appeals.appeal(db, desk.act(desk.teller), taken.ref, "Mine.")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira)
    assert "shown again" in flagging.standing(db, filed.receipt).answer
    assert "shown again" in last_told(db, desk.reader).sentence


def test_only_what_waits_is_marked_as_without_ground(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, "untrue", by=desk.reader)
    decide(desk, case, Outcome.HIDE)
    actions.reopen(db, desk.act(desk.awa), case.ref)
    decide(desk, case, Outcome.KEEP, words="")
    desk.flagged(story, "spam")
    last = decide(desk, case, Outcome.KEEP, desk.brahim, words="", groundless=True)
    marks = db.exec(select(Flag.groundless_by).order_by(col(Flag.id)))
    assert list(marks) == [None, desk.brahim.id]
    other = desk.story()
    desk.flagged(other, "hurts")
    decide(desk, desk.case(other.id, "flag"), Outcome.KEEP, words="")
    desk.flagged(other, "spam")
    taken = decide(desk, desk.case(other.id, "flag"), Outcome.HIDE, desk.brahim)
    assert letters.statement(db, desk.act(desk.teller), taken.ref).facts[1] == "What they chose: It is advertising or a trick"
    assert last.about_id == desk.teller.id


def test_an_appeal_that_nobody_decided_was_not_answered(db: Session, desk: Desk) -> None:
    story, decision = hidden(desk)
    appeals.appeal(db, desk.act(desk.teller), decision.ref, "x")
    stories.take_back(db, desk.act(desk.teller), story)
    row = of_appeal_row(db)
    assert (row.overturned, bool(row.answered_on)) == (None, True)


def test_who_may_open_a_decided_flag_again(desk: Desk) -> None:
    closed = Case(kind=CaseKind.FLAG, state=CaseState.CLOSED, ref="x", subject_kind="story", subject_id=desk.teller.id)
    assert rules.may_reopen(desk.act(desk.awa), closed, ())
    assert not rules.may_reopen(desk.act(desk.awa), closed, (), appealed=True)


def test_words_that_were_taken_back_stay_away_after_a_restore(db: Session, desk: Desk) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "untrue", "The name of my street")
    actions.forget_words(db, filed.receipt)
    entry = db.exec(select(Erasure).where(Erasure.kind == flagging.WORDS)).one()
    flag = db.exec(select(Flag)).one()
    flag.note = "The name of my street"  # an older copy
    assert erasures.erase(db, entry.kind, entry.subject_id, entry.on)
    assert flag.note is None


def test_words_are_not_lost_when_there_is_nothing_to_see_differently(
    db: Session, desk: Desk, browse: Callable[..., Browser]
) -> None:
    filed = actions.flag(db, GUEST, "story", desk.story().ref, "recognised", "")
    desk.make.commit()
    sent = browse().post("/back/differ", {"number": filed.receipt, "words": "my long words"})
    assert (sent.status_code, "my long words" in sent.text) == (422, True)
