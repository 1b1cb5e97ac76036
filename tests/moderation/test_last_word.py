"""Review."""
from datetime import timedelta
import pytest
from sqlmodel import select, col
from app.core.clock import now
from app.core.errors import Refused
from app.domain.actor import GUEST
from app.domain.moderation import actions, appeals, flagging, following, letters, queries, rules, filing, misuse
from app.models.moderation import *
from app.models.stories import StoryStatus, StoryText, SecondLook
from app.domain.stories import actions as stories
from tests.moderation.test_appeals import decide, hidden, of_appeal, TODAY, last_told

def test_1_export_tells_author_of_flaggers_appeal(db, desk):
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, filed.receipt, "The face of my sister is in it.")
    decide(desk, of_appeal(db), Outcome.UPHOLD, desk.sira, "We do not see your sister Fatou in it.")
    got = following.export(db, desk.teller.id)["decisions about me"]
    assert "Fatou" not in repr(got), got

def test_2_stale_appeal_overrides_later_decision(db, desk):
    story, d1 = hidden(desk)
    appeals.appeal(db, desk.act(desk.teller), d1.ref, "No.")
    flagcase = desk.case(story.id, "flag")
    with pytest.raises(Refused, match="Another person looks at that first"):
        actions.reopen(db, desk.act(desk.awa), flagcase.ref)   # who decided first, while the appeal waits
    flagcase.state = CaseState.OPEN; flagcase.row_version += 1; db.flush()
    d2 = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.awa)
    db.refresh(story); assert story.status == StoryStatus.PUBLISHED
    desk.flagged(story, "hurts")
    d3 = decide(desk, desk.case(story.id, "flag"), Outcome.HIDE, desk.brahim)
    db.refresh(story); assert story.held
    assert of_appeal(db).state == CaseState.CLOSED
    db.refresh(story); db.refresh(d3)
    assert story.held, "shown again against the later danger decision"

def test_2b_declined_again_other_words(db, desk):
    story, case = desk.waiting()
    d1 = decide(desk, case, Outcome.DECLINE)
    appeals.appeal(db, desk.act(desk.teller), d1.ref, "It is true.")
    text = db.exec(select(StoryText).where(StoryText.story_id == story.id)).first()
    stories.change_words  # noqa
    from app.domain.stories.rules import WAYS
    story.status = StoryStatus.DRAFT; db.flush()
    text.body = text.body + " and my neighbour Fatou Diallo's full address"; db.flush()
    stories.submit(db, desk.act(desk.teller), story)
    d2 = decide(desk, desk.case(story.id, "story"), Outcome.DECLINE, desk.brahim)
    assert of_appeal(db).state == CaseState.CLOSED
    db.refresh(story)
    assert story.status == StoryStatus.DECLINED, story.status

def test_2c_second_decider_decides_the_appeal(db, desk):
    story, case = desk.waiting()
    d1 = decide(desk, case, Outcome.DECLINE)
    appeals.appeal(db, desk.act(desk.teller), d1.ref, "It is true.")
    story.status = StoryStatus.DRAFT; db.flush()
    stories.submit(db, desk.act(desk.teller), story)
    decide(desk, desk.case(story.id, "story"), Outcome.DECLINE, desk.brahim)
    from app.core.errors import Conflict
    with pytest.raises(Conflict, match="decided anew"):
        actions.open_case(db, desk.act(desk.brahim), of_appeal(db).ref)

def test_3_translator_opens_appeal(db, desk):
    story = desk.story(published_on=TODAY)
    text = StoryText(story_id=story.id, language="ha", title="T", body="B", original=False, confirmed=True,
                     second_look=SecondLook.WAITS, translator_id=desk.brahim.id)
    db.add(text); db.flush()
    following.translation_moved(db, story, text)
    d = decide(desk, desk.case(text.id), Outcome.DECLINE, desk.awa)
    appeals.appeal(db, desk.act(desk.teller), d.ref, "Let it stand, I asked my cousin.")
    case = of_appeal(db)
    assert not any(c.ref == case.ref for c in queries.waiting(db, desk.act(desk.brahim)).cards)
    with pytest.raises(Refused):
        decide(desk, case, Outcome.UPHOLD, desk.brahim, "I decide about my own translation")

def test_3b_translator_reads_tellers_language(db, desk):
    story = desk.story(published_on=TODAY)
    text = StoryText(story_id=story.id, language="ha", title="T", body="B", original=False, confirmed=True,
                     second_look=SecondLook.WAITS, translator_id=desk.reader.id)
    db.add(text); db.flush()
    following.translation_moved(db, story, text)
    d = decide(desk, desk.case(text.id), Outcome.DECLINE, desk.awa)
    s = letters.statement(db, desk.act(desk.reader), d.ref)
    assert s.rule["language"] != desk.teller.language

def test_4_nobody_left(db, desk):
    # a network with one coordinator and one of safeguarding
    story = desk.story()
    n = actions.flag(db, desk.act(desk.reader), "story", story.ref, "untrue", "")
    k1 = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.awa, words="")
    appeals.appeal(db, desk.act(desk.reader), k1.ref, "No.")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira)
    k2 = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.sira, words="")
    appeals.appeal(db, desk.act(desk.reader), k2.ref, "No.")
    c = db.exec(select(Case).where(Case.kind == CaseKind.APPEAL, Case.state == CaseState.OPEN)).one()
    decide(desk, c, Outcome.OVERTURN, desk.awa)
    desk.flagged(story, "hurts")  # danger to a person, 24 h
    case = desk.case(story.id, "flag")
    assert any(x.ref == case.ref for who in (desk.awa, desk.sira) for x in queries.waiting(db, desk.act(who)).cards), "nobody sees it"

def test_4b_bar_ends(db, desk):
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "untrue", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.awa, words="")
    appeals.appeal_by_number(db, GUEST, filed.receipt, "No.")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira)
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.brahim, words="")
    desk.flagged(story, "hurts")
    case = desk.case(story.id, "flag")
    assert any(x.ref == case.ref for x in queries.waiting(db, desk.act(desk.awa)).cards)

def test_5_flagger_reads_hid_it(db, desk):
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    d = decide(desk, desk.case(story.id, "flag"), Outcome.HIDE)
    appeals.appeal(db, desk.act(desk.teller), d.ref, "Mine.")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira)
    db.refresh(story); assert story.status == StoryStatus.PUBLISHED
    ans = flagging.standing(db, filed.receipt).answer
    assert "hid it" not in ans, ans

def test_7_mark_same_day(db, desk):
    story = desk.story()
    desk.flagged(story, "untrue", by=desk.reader)
    decide(desk, desk.case(story.id, "flag"), Outcome.HIDE, desk.awa)   # the reader was right
    actions.reopen(db, desk.act(desk.awa), desk.case(story.id, "flag").ref)
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.awa, words="")
    desk.flagged(story, "spam")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.brahim, words="", groundless=True)
    f = db.exec(select(Flag).where(Flag.member_id == desk.reader.id)).one()
    db.refresh(f)
    assert f.groundless_by is None

def test_7b_upheld_not_groundless(db, desk):
    """A mark for a flag stands although the KEEP was taken back by an appeal."""
    story = desk.story()
    desk.flagged(story, "untrue", by=desk.reader)
    k = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.awa, words="", groundless=True)
    other = actions.flag
    appeals.appeal(db, desk.act(desk.reader), k.ref, "No.")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira)
    f = db.exec(select(Flag).where(Flag.member_id == desk.reader.id)).one(); db.refresh(f)
    assert f.groundless_by is None

def test_8_guest_after_anew(db, desk):
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, filed.receipt, "x")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira)
    k2 = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, desk.brahim, words="")
    s = letters.of_number(db, *flagging.by_number(db, filed.receipt))
    assert s.ref == k2.ref, "the first decision, that was taken back, is shown beside the answer of the second"
    assert s.may_appeal

def test_9_words_of_appeal_can_be_taken_back(db, desk):
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, filed.receipt, "The face of my sister")
    assert flagging.standing(db, filed.receipt).has_words

def test_10_about_changes(db, desk):
    c = filing.open_case(db, CaseKind.TALK, "group", desk.teller.id, desk.teller.id)
    c.state = CaseState.CLOSED; db.flush()
    again = filing.open_case(db, CaseKind.TALK, "group", desk.teller.id, desk.brahim.id)
    assert again.about_id == desk.brahim.id

def test_11_closed_appeal_is_told_as_stayed(db, desk):
    story, d = hidden(desk)
    appeals.appeal(db, desk.act(desk.teller), d.ref, "x")
    stories.take_back(db, desk.act(desk.teller), story)
    a = db.exec(select(Appeal)).one(); db.refresh(a)
    assert a.overturned is None, "'The decision stayed', decided by nobody"

def test_12_same_upholder_again(db, desk):
    story = desk.story()
    a = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    b = actions.flag(db, GUEST, "story", story.ref, "untrue", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, a.receipt, "x")
    decide(desk, of_appeal(db), Outcome.UPHOLD, desk.sira)
    appeals.appeal_by_number(db, GUEST, b.receipt, "y")
    with pytest.raises(Refused):
        actions.open_case(db, desk.act(desk.sira), of_appeal(db).ref)

def test_13_old_episode(db, desk):
    story = desk.story()
    a = actions.flag(db, GUEST, "story", story.ref, "hurts", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    b = actions.flag(db, GUEST, "story", story.ref, "spam", "")
    d = decide(desk, desk.case(story.id, "flag"), Outcome.HIDE, desk.brahim)
    s = letters.statement(db, desk.act(desk.teller), d.ref)
    assert "hurts" not in repr(s.facts).lower(), s.facts

def test_3_trans(db, desk):
    story = desk.story(published_on=TODAY)
    text = StoryText(story_id=story.id, language="ha", title="T", body="B", original=False, confirmed=True,
                     second_look=SecondLook.WAITS, translator_id=desk.brahim.id)
    db.add(text); db.flush()
    following.translation_moved(db, story, text)
    d = decide(desk, desk.case(text.id), Outcome.DECLINE, desk.awa)
    appeals.appeal(db, desk.act(desk.teller), d.ref, "Let it stand, I asked my cousin.")
    with pytest.raises(Refused):
        decide(desk, of_appeal(db), Outcome.UPHOLD, desk.brahim, "I decide about my own translation")
