"""In the open and awake: rules for programs, the log without people, a break after heavy cases, somebody outside who is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.settings import Settings
from app.domain.moderation import actions, log, queries, rules, waking
from app.domain.moderation.rules import Choice
from app.models.engine import AuditEvent, Delivery
from app.models.moderation import Outcome
from tests.browse import Browser
from tests.moderation.conftest import Desk


def test_rules_for_programs(desk: Desk, browse: Callable[..., Browser]) -> None:
    desk.make.commit()
    answer = browse().get("/rules.json")
    told = answer.json()
    assert answer.headers["content-type"].startswith("application/json")
    assert [rule["number"] for rule in told["rules"]] == sorted(rule["number"] for rule in told["rules"])
    for rule in told["rules"]:
        assert {"en", "fr", "ar"} <= set(rule["title"]) == set(rule["text"])
        assert rule["category"].startswith("STATEMENT_CATEGORY_")
    assert (told["decisions"]["appeal_days"], told["decisions"]["decided_by"]) == (30, "people")


def test_the_log_has_months_that_are_over_and_nobody(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    story = desk.story(title="A title that tells")
    declined, waiting = desk.waiting()
    assert declined
    for case, outcome in ((desk.flagged(story), Outcome.HIDE), (waiting, Outcome.DECLINE)):
        actions.open_case(db, desk.act(desk.awa), case.ref)
        db.refresh(case)
        actions.decide(db, desk.act(desk.awa), case.ref, Choice(outcome, case.row_version, 3, "Words that tell."))
    assert log.months(db) == [], "this month is not over"
    with clock.at(now() + timedelta(days=32)):
        assert [[(one.what, one.rule) for one in lines] for _month, lines in log.months(db)] == [[("Hidden for now", "3")]]
        desk.make.commit()
        page = browse().get("/rules/decisions").text
    for word in ("A title that tells", "Words that tell", desk.teller.name, desk.awa.name):
        assert word not in page


def test_after_five_heavy_cases_a_break_is_offered_and_nobody_is_stopped(db: Session, desk: Desk) -> None:
    awa = desk.act(desk.awa)
    for number in range(rules.HEAVY_A_DAY):
        case = desk.flagged(desk.story())
        assert not queries.waiting(db, awa).rest, number
        actions.open_case(db, awa, case.ref)
        db.refresh(case)
        actions.decide(db, awa, case.ref, Choice(Outcome.KEEP, case.row_version))
    last = desk.flagged(desk.story())
    assert queries.waiting(db, awa).rest
    assert not queries.waiting(db, desk.act(desk.brahim)).rest
    actions.open_case(db, awa, last.ref)
    with clock.at(now() + timedelta(days=1)):
        assert not queries.waiting(db, awa).rest


@pytest.mark.parametrize(("hours", "looked", "contact", "told"), [
    (49, False, "help@house.example", 1), (47, False, "help@house.example", 0), (49, True, "help@house.example", 0),
    (49, False, "", 0),
])  # fmt: skip
def test_when_nobody_is_awake_somebody_outside_is_told_neutrally_and_once(
    db: Session, desk: Desk, settings: Settings, hours: int, looked: bool, contact: str, told: int
) -> None:
    case = desk.flagged(desk.story(title="A title that tells"))
    asked = settings.model_copy(update={"escalation_contact": contact})
    with clock.at(now() + timedelta(hours=hours)):
        if looked:
            actions.open_case(db, desk.act(desk.awa), case.ref)
        assert waking.look(db, asked) == told
        assert waking.look(db, asked) == 0, "once in 48 hours"
    mails = db.exec(select(Delivery)).all()
    assert [mail.to for mail in mails] == [contact] * told
    for mail in mails:
        assert not any(word in mail.body + mail.subject for word in ("title", "story", "flag", case.ref, settings.site_name))
    assert len(db.exec(select(AuditEvent).where(AuditEvent.verb == "desk.asleep")).all()) == told


def test_more_than_are_counted(db: Session, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        desk.flagged(desk.story())
    found = queries.waiting(db, desk.act(desk.awa))
    assert (found.total, found.many) == (3, False)
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    assert found.many
