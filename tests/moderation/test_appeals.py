"""Seeing a decision differently: who, when, once; decided by somebody else; put back exactly as it was."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Invalid, NotFound, Refused
from app.core.ids import new_id
from app.core.settings import Settings
from app.domain.accounts import actions as accounts
from app.domain.actor import GUEST
from app.domain.moderation import actions, appeals, flagging, following, letters, queries, rules
from app.domain.moderation.ending import remove_old
from app.domain.moderation.rules import Choice, Mark
from app.domain.stories import actions as stories
from app.models.accounts import Answer, Member, MemberStatus
from app.models.moderation import Appeal, Bar, Case, CaseKind, CaseState, Decision, Flag, Outcome
from app.models.stories import Story, StoryStatus
from tests.browse import Browser, text_of
from tests.moderation.conftest import Desk

TODAY = date(2026, 11, 30)


def decide(desk: Desk, case: Case, outcome: Outcome, by: Member | None = None, words: str = "Because.", **more: Any) -> Decision:
    """Open a case and decide it."""
    actor = desk.act(by or desk.awa)
    actions.open_case(desk.db, actor, case.ref)
    desk.db.refresh(case)
    rule = 3 if outcome in rules.NEEDS_RULE else None
    return actions.decide(desk.db, actor, case.ref, Choice(outcome, case.row_version, rule, words, **more))


def hidden(desk: Desk, by: Member | None = None) -> tuple[Story, Decision]:
    """A story that was flagged and hidden."""
    story = desk.story(published_on=TODAY - timedelta(days=90))
    return story, decide(desk, desk.flagged(story, by=by), Outcome.HIDE)


def of_appeal(db: Session) -> Case:
    """The one case of an appeal, as it stands."""
    return db.exec(select(Case).where(Case.kind == CaseKind.APPEAL).execution_options(populate_existing=True)).one()


def last_told(db: Session, member: Member) -> Answer:
    """What a member was told last."""
    found = db.exec(select(Answer).where(Answer.member_id == member.id).order_by(col(Answer.id).desc())).first()
    assert found
    return found


# rules


@pytest.mark.parametrize(
    ("late", "lodged", "standing", "stopped", "sentence"),
    [
        (0, False, True, None, None),
        (30, False, True, None, None),
        (31, False, True, None, "The time for this is over"),
        (0, True, True, None, "once for each decision"),
        (0, False, False, None, "decided anew"),
        (0, False, True, date(2026, 12, 9), "Until 9 December 2026"),
    ],
)
def test_when_a_decision_can_be_seen_differently(
    late: int, lodged: bool, standing: bool, stopped: date | None, sentence: str | None
) -> None:
    until = rules.appeal_until(TODAY, 30)
    verdict = rules.may_appeal(TODAY + timedelta(days=late), until, lodged, standing, stopped)
    assert bool(verdict) == (sentence is None)
    assert sentence is None or sentence in (verdict.reason or "")


A, B = new_id(), new_id()


@pytest.mark.parametrize(
    ("days_ago", "people", "answered", "stopped"),
    [
        ([1, 2, 3, 4], [A, B, A, B], 4, False),
        ([1, 2, 3, 4, 5], [A, B, A, B, A], 5, True),
        ([1, 2, 3, 4, 5], [A, A, A, A, A], 5, False),  # one person's grudge
        ([1, 2, 3, 4, 5], [A, B, A, B, A], 11, False),  # most of what they say is worth hearing
        ([1, 2, 3, 4, 95], [A, B, A, B, A], 5, False),  # long ago
        ([40, 41, 42, 43, 44], [A, B, A, B, A], 5, False),  # the pause is over
    ],
)
def test_when_no_more_is_taken_from_somebody(days_ago: list[int], people: list[Any], answered: int, stopped: bool) -> None:
    marks = [Mark(TODAY - timedelta(days=d), by) for d, by in zip(days_ago, people, strict=True)]
    assert bool(rules.stopped_until(marks, answered, TODAY)) == stopped


# from the decision to the answer


def test_a_hidden_story_is_put_back_exactly_as_it_was(db: Session, desk: Desk) -> None:
    story, decision = hidden(desk, by=desk.reader)
    before = {**story.model_dump(), "status": StoryStatus.PUBLISHED, "held": False}
    appeals.appeal(db, desk.act(desk.teller), decision.ref, "It is my own street, and I said yes to it.")
    case = of_appeal(db)
    assert (case.about_id, case.due_at - now()) == (desk.teller.id, timedelta(hours=72))
    for nobody, sentence in ((desk.awa, "You decided about this before, or are"), (desk.teller, "not here")):
        assert sentence in (rules.may_open(desk.act(nobody), case, set(), {desk.awa.id}).reason or "")
    with pytest.raises(Refused, match="You decided about this before, or are"):
        actions.open_case(db, desk.act(desk.awa), case.ref)
    assert not any(card.ref == case.ref for card in queries.waiting(db, desk.act(desk.awa)).cards)
    assert any(card.ref == case.ref for card in queries.waiting(db, desk.act(desk.sira)).cards), (
        "with one coordinator: safeguarding"
    )
    with pytest.raises(Invalid, match="Write the reason"):
        decide(desk, case, Outcome.OVERTURN, desk.sira, words=" ")
    actions.give_back(db, desk.act(desk.sira), case.ref)
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.brahim, "You are right: it is your own.")
    db.refresh(story)
    after = story.model_dump()
    assert {k: v for k, v in after.items() if k not in ("row_version", "touched_at")} == {
        k: v for k, v in before.items() if k not in ("row_version", "touched_at")
    }
    told = last_told(db, desk.teller)
    assert (told.note, told.matter) == ("You are right: it is your own.", decision.id)
    assert "everything is as it was" in told.sentence
    shown = letters.statement(db, desk.act(desk.teller), decision.ref)
    assert shown.appeal
    assert (shown.appeal.overturned, shown.may_appeal) == (True, False)


def test_a_story_that_was_declined_is_approved(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    declined = decide(desk, case, Outcome.DECLINE)
    appeals.appeal(db, desk.act(desk.teller), declined.ref, "It is true.")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira)
    db.refresh(story)
    assert story.status == StoryStatus.APPROVED, "with a new time to think"
    assert story.publish_after
    assert story.publish_after > now()


def of_appeal_row(db: Session) -> Appeal:
    """The one appeal."""
    return db.exec(select(Appeal)).one()


def test_safeguarding_lets_somebody_in_whom_the_one_coordinator_did_not(db: Session, desk: Desk) -> None:
    wants = desk.make.member("Wants In", status=MemberStatus.APPLIED, application="Please.")
    following.applied(db, wants)
    decision = decide(desk, desk.case(wants.id), Outcome.REFUSE)
    db.refresh(wants)
    with clock.at(now() + timedelta(days=29)):
        appeals.appeal(db, desk.act(wants), decision.ref, "I am from here.")
        db.refresh(wants)
        assert wants.delete_after
        assert wants.delete_after > now() + timedelta(days=29), "it is not deleted while somebody looks"
        decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira, "Welcome.")
    db.refresh(wants)
    assert (wants.status, wants.delete_after) == (MemberStatus.ACTIVE, None)


def test_who_told_us_sees_it_differently_by_number_and_another_person_decides_anew(db: Session, desk: Desk) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    kept = decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="")
    appeals.appeal_by_number(db, GUEST, filed.receipt, "The face of my sister is in it.")
    with pytest.raises(Refused, match="once for each decision"):
        appeals.appeal_by_number(db, GUEST, filed.receipt, "Again.")
    decide(desk, of_appeal(db), Outcome.OVERTURN, desk.sira, "We look again.")
    again = desk.case(story.id, "flag")
    assert again.state == CaseState.OPEN
    assert flagging.standing(db, filed.receipt).answer == "", "they wait for the new answer"
    with pytest.raises(Refused):
        actions.open_case(db, desk.act(desk.awa), again.ref)
    decide(desk, again, Outcome.HIDE, desk.brahim, "Her face can be seen.")
    assert "hid it" in flagging.standing(db, filed.receipt).answer
    found = letters.of_number(db, *flagging.by_number(db, filed.receipt))
    assert found
    assert (found.ref, found.words, found.rule, found.facts) == (kept.ref, None, {}, []), "nothing of what the teller reads"
    assert not found.may_appeal


def test_nobody_else_finds_a_decision_and_late_is_late(db: Session, desk: Desk, settings: Settings) -> None:
    _, decision = hidden(desk, by=desk.reader)
    for nobody in (desk.reader, desk.awa, desk.brahim):
        with pytest.raises(NotFound):
            letters.statement(db, desk.act(nobody), decision.ref)
        with pytest.raises(NotFound):
            appeals.appeal(db, desk.act(nobody), decision.ref, "Me too.")
    with clock.at(now() + timedelta(days=settings.appeal_days + 1)), pytest.raises(Refused, match="The time for this is over"):
        appeals.appeal(db, desk.act(desk.teller), decision.ref, "Late.")
    assert db.exec(select(Appeal)).all() == []


def test_the_statement_has_the_rule_as_it_stood_and_no_person(db: Session, desk: Desk, settings: Settings) -> None:
    _, decision = hidden(desk, by=desk.reader)
    shown = letters.statement(db, desk.act(desk.teller), decision.ref)
    assert (shown.number, shown.rule["language"]) == ("3", "fr")
    assert shown.rule["text"]
    assert len(shown.facts) == 2
    assert "Someone can be recognised" in shown.facts[1]
    assert not any(name in repr(shown) for name in (desk.awa.name, desk.reader.name))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "house.yaml").write_text("rules: gone", encoding="utf-8")
    assert letters.statement(db, desk.act(desk.teller), decision.ref).rule == shown.rule


def test_a_coordinator_who_flagged_it_does_not_decide_the_appeal(db: Session, desk: Desk) -> None:
    _, decision = hidden(desk, by=desk.brahim)
    appeals.appeal(db, desk.act(desk.teller), decision.ref, "No.")
    assert not any(card.ref == of_appeal(db).ref for card in queries.waiting(db, desk.act(desk.brahim)).cards)
    with pytest.raises(Refused, match="told us about this yourself"):
        actions.open_case(db, desk.act(desk.brahim), of_appeal(db).ref)


@pytest.mark.parametrize("gone", ["taken back", "erased"])
def test_what_is_gone_leaves_no_appeal_open(db: Session, desk: Desk, gone: str) -> None:
    story, decision = hidden(desk)
    appeals.appeal(db, desk.act(desk.teller), decision.ref, "My own words.")
    if gone == "taken back":
        stories.take_back(db, desk.act(desk.teller), story)
    else:
        accounts.purge_member(db, desk.teller.id)
    assert of_appeal(db).state == CaseState.CLOSED
    row = of_appeal_row(db)
    db.refresh(row)
    assert (row.words is None) == (gone == "erased")
    assert (row.member_id is None) == (gone == "erased")
    assert row.answered_on


def test_warned_then_stopped_but_never_about_danger(db: Session, desk: Desk) -> None:
    reader = desk.act(desk.reader)
    for number in range(rules.STOPPED_AT):
        case = desk.flagged(desk.story(), "untrue", by=desk.reader)
        decide(desk, case, Outcome.KEEP, desk.awa if number % 2 else desk.brahim, groundless=True)
        warned = [a for a in db.exec(select(Answer.sentence).where(Answer.member_id == desk.reader.id)) if "Again somebody" in a]
        assert len(warned) == (number + 1 >= rules.WARNED_AT)
    story = desk.story()
    with pytest.raises(Invalid, match="You often told us"):
        actions.flag(db, reader, "story", story.ref, "untrue", "")
    assert actions.flag(db, reader, "story", story.ref, "hurts", "").receipt
    assert actions.flag(db, GUEST, "story", story.ref, "untrue", "").receipt
    with clock.at(now() + timedelta(days=rules.STOPPED_DAYS)):
        assert actions.flag(db, reader, "story", story.ref, "untrue", "").receipt, "it ends by itself"
    with pytest.raises(Invalid, match="only where nothing changes"):
        decide(desk, desk.flagged(desk.story()), Outcome.HIDE, groundless=True)


def test_appeals_end_with_their_decision_and_stand_in_the_copy(db: Session, desk: Desk) -> None:
    _, decision = hidden(desk)
    appeals.appeal(db, desk.act(desk.teller), decision.ref, "My own words.")
    assert following.export(db, desk.teller.id)["what I see differently"][0]["note"] == "My own words."
    later = now() + timedelta(days=400)
    remove_old(db, later)
    assert of_appeal_row(db), "what is open stays"
    decide(desk, of_appeal(db), Outcome.UPHOLD, desk.sira, "It stays.")
    remove_old(db, later)
    remove_old(db, later)
    for table in (Appeal, Decision, Case, Flag, Bar):
        assert db.exec(select(table)).all() == []


# pages


def test_from_my_answers_to_the_answer(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    _, decision = hidden(desk)
    desk.make.commit()
    ref, browser = decision.ref, browse(desk.teller, language="en")
    assert f"/my/decisions/{ref}" in browser.get("/my/answers").text
    said = text_of(browser.get(f"/my/decisions/{ref}"))
    assert "Because." in said
    assert browser.post(f"/my/decisions/{ref}", {"words": " "}).status_code == 422
    assert browser.post(f"/my/decisions/{ref}", {"words": "x" * 2001}).status_code == 422
    sent = browser.post(f"/my/decisions/{ref}", {"words": "<script>alert(1)</script> it is mine"})
    assert sent.status_code == 303
    shown = browser.get(f"/my/decisions/{ref}").text
    assert "&lt;script&gt;" in shown
    twice = browser.post(f"/my/decisions/{ref}", {"words": "twice, but not lost"})
    assert twice.status_code == 403
    assert "twice, but not lost" in twice.text
    case = of_appeal(db).ref
    db.commit()  # a session that may write holds SQLite's lock
    helper = browse(desk.sira)
    assert "it is mine" not in helper.get(f"/desk/cases/{case}").text, "closed until it is opened"
    helper.post(f"/desk/cases/{case}/open")
    opened = helper.get(f"/desk/cases/{case}").text
    assert "it is mine" in opened
    form = {"outcome": "overturn", "words": "You are right.", "row_version": "1", "step": "look"}
    preview = helper.post(f"/desk/cases/{case}/decision", form)
    assert "everything is as it was" in text_of(preview) or "comme avant" in text_of(preview)
    assert helper.post(f"/desk/cases/{case}/decision", {**form, "step": "send"}).status_code == 303
    assert "You are right." in browser.get(f"/my/decisions/{ref}").text
    assert browse(desk.reader).get(f"/my/decisions/{ref}").status_code == 404


def test_by_number_on_the_page(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    decide(desk, desk.case(story.id, "flag"), Outcome.KEEP, words="For the teller only")
    desk.make.commit()
    guest = browse()
    page = guest.post("/back", {"number": filed.receipt}).text
    assert "/back/differ" in page
    assert "For the teller only" not in page
    assert guest.post("/back/differ", {"number": filed.receipt, "words": ""}).status_code == 422
    sent = guest.post("/back/differ", {"number": filed.receipt, "words": "Look again"})
    assert sent.status_code == 200
    assert "Look again" in sent.text
    again = guest.post("/back/differ", {"number": filed.receipt, "words": "and again"})
    assert again.status_code == 403
    assert "and again" in again.text
    assert guest.post("/back/differ", {"number": "1234", "words": "x"}).status_code == 422


def test_who_was_not_let_in_from_the_list_of_people_can_see_it_differently(db: Session, desk: Desk) -> None:
    wants = desk.make.member("Wants In", status=MemberStatus.APPLIED, application="Please.")
    following.applied(db, wants)
    with pytest.raises(Invalid) as problem:
        actions.decide_application(db, desk.act(desk.awa), wants.id, False, "")
    assert problem.value.field == "reason"
    actions.decide_application(db, desk.act(desk.awa), wants.id, False, "Not now.")
    ref = db.exec(select(Decision.ref)).one()
    db.refresh(wants)
    assert letters.statement(db, desk.act(wants), ref).may_appeal
    with pytest.raises(Refused):
        actions.decide_application(db, desk.act(desk.awa), wants.id, True, "")
