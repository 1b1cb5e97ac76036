"""Two people at the same moment, on either engine: one wins, nothing is done twice, nothing is lost."""

from collections.abc import Callable

from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days, now
from app.core.db import Database
from app.domain.actor import GUEST, Actor
from app.domain.moderation import actions, appeals
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer
from app.models.moderation import Appeal, Case, Decision, Flag, Outcome
from app.models.stories import Story, StoryStatus
from tests.moderation.conftest import Desk
from tests.races import together


def deciding(actor: Actor, case: Case, outcome: Outcome, rule: int | None = None) -> Callable[[Session], object]:
    """Return what decides the case as it stood on both screens."""
    choice = Choice(outcome, case.row_version, rule, "Because.")
    return lambda db: actions.decide(db, actor, case.ref, choice)


def test_of_two_decisions_in_two_tabs_exactly_one_counts(database: Database, db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story)
    awa = desk.act(desk.awa)
    actions.open_case(db, awa, case.ref)
    desk.make.commit()
    said = together(database, deciding(awa, case, Outcome.KEEP), deciding(awa, case, Outcome.HIDE, 5))
    assert sorted(map(bool, said)) == [False, True]
    assert "This was decided a moment ago by Awa Lantern. Nothing you wrote is lost." in said
    decision = db.exec(select(Decision)).one()
    stands = db.exec(select(Story).execution_options(populate_existing=True)).one().status
    assert stands == (StoryStatus.PUBLISHED if decision.outcome == Outcome.KEEP else StoryStatus.PAUSED)
    assert len(db.exec(select(Answer).where(Answer.member_id == desk.teller.id)).all()) == 1


def test_whoever_takes_a_case_over_or_decides_it_after_the_two_hours_is_one(database: Database, db: Session, desk: Desk) -> None:
    case = desk.flagged(desk.story())
    awa, brahim = desk.act(desk.awa), desk.act(desk.brahim)
    with clock.at(now() - days(1)):
        actions.open_case(db, awa, case.ref)
    desk.make.commit()
    said = together(database, deciding(awa, case, Outcome.KEEP), lambda db: actions.open_case(db, brahim, case.ref))
    refused = {
        0: "Somebody else is looking at this now. Nothing you wrote is lost.",
        1: "This was decided a moment ago by Awa Lantern. Nothing you wrote is lost.",
    }
    assert sorted(map(bool, said)) == [False, True]
    assert all(words in ("", refused[who]) for who, words in enumerate(said))
    assert len(db.exec(select(Decision)).all()) == (said[0] == "")


def test_two_open_and_exactly_one_has_it(database: Database, db: Session, desk: Desk) -> None:
    case = desk.flagged(desk.story())
    awa, brahim = desk.act(desk.awa), desk.act(desk.brahim)
    desk.make.commit()
    said = together(database, *(lambda db, who=who: actions.open_case(db, who, case.ref) for who in (awa, brahim)))
    assert sorted(said) == ["", "Somebody else is looking at this now. Nothing you wrote is lost."]
    assert desk.case(case.subject_id).claimed_by == (awa.me if said[0] == "" else brahim.me)


def test_three_first_flags_at_once_share_one_case(database: Database, db: Session, desk: Desk) -> None:
    story = desk.story()
    desk.make.commit()
    said = together(database, *(lambda db: actions.flag(db, GUEST, "story", story.ref, "hurts", "") for _ in range(3)))
    assert said == ["", "", ""]
    assert db.exec(select(Case)).one().row_version == 3
    assert len(db.exec(select(Flag)).all()) == 3


def test_a_flag_while_somebody_decides_is_answered_or_opens_the_case_again(database: Database, db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story)
    awa = desk.act(desk.awa)
    actions.open_case(db, awa, case.ref)
    desk.make.commit()
    said = together(
        database, deciding(awa, case, Outcome.KEEP), lambda db: actions.flag(db, GUEST, "story", story.ref, "hurts", "")
    )
    assert said[1] == ""
    assert desk.case(story.id).state == "open"
    if said[0]:
        assert "Something new came in" in said[0]
    unanswered = [f for f in db.exec(select(Flag)).all() if f.answer is None]
    assert len(unanswered) == (2 if said[0] else 1)


def test_of_two_taps_on_seeing_it_differently_exactly_one_counts(database: Database, db: Session, desk: Desk) -> None:
    case = desk.flagged(desk.story())
    actions.open_case(db, desk.act(desk.awa), case.ref)
    db.refresh(case)
    decision = actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.HIDE, case.row_version, 3, "Because."))
    ref, teller = decision.ref, desk.act(desk.teller)
    desk.make.commit()
    said = together(database, *(lambda db: appeals.appeal(db, teller, ref, "No.") for _ in range(3)))
    assert sorted(map(bool, said)) == [False, True, True]
    assert all("once for each decision" in words for words in said if words)
    assert len(db.exec(select(Appeal)).all()) == 1
