"""In the open and awake: rules for programs, the log without people, a break after heavy cases, somebody outside who is told."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.settings import Settings
from app.domain.actor import Actor
from app.domain.moderation import actions, log, queries, waking
from app.domain.moderation.rules import Choice
from app.domain.network import history
from app.domain.reporting import yearly
from app.models.engine import AuditEvent, Delivery
from app.models.moderation import Decision, Outcome
from app.models.stories import Audience
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
    assert "suspend" in told["decisions"]["account_measures"]
    assert "hiding until a person decides" in told["decisions"]["automated_means"]


def test_the_log_counts_quarters_that_are_over_and_tells_of_nobody(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    story = desk.story(title="A title that tells", audience=Audience.EVERYONE)
    members = desk.story(audience=Audience.MEMBERS)
    declined, waiting = desk.waiting()
    assert declined
    for case, outcome, times in (
        (desk.flagged(story), Outcome.HIDE, 5), (desk.flagged(members, by=desk.reader), Outcome.HIDE, 5),
        (waiting, Outcome.DECLINE, 5), (desk.flagged(desk.story(audience=Audience.EVERYONE)), Outcome.KEEP, 4),
    ):  # fmt: skip
        for number in range(times):
            db.add(Decision(
                case_id=case.id, decided_by=desk.awa.id, at=now(), outcome=outcome, rule="3" if outcome == Outcome.HIDE else None,
                reason="Words that tell.", case_version=number, about_id=desk.teller.id,
            ))  # fmt: skip
    db.flush()
    assert [quarter.lines for quarter in log.quarters(db, 5)] == [[], [], []], "this quarter is not over"
    log.count(db)
    with clock.at(now() + timedelta(days=60)):
        assert (log.count(db), log.count(db)) == (1, 0), "once for all processes"
        db.add(
            Decision(
                case_id=desk.flagged(story).id,
                decided_by=desk.awa.id,
                at=now() - timedelta(days=60),
                outcome=Outcome.KEEP,
                case_version=99,
            )
        )
        assert log.quarters(db, 5)[0].lines == [log.Line("Hidden for now", "3", 5)], "never below the threshold, never of members"
        assert log.quarters(db, 6)[0].lines == []
        desk.make.commit()
        page = browse().get("/rules/decisions").text
        assert "Nothing that happened" in page
    for word in ("A title that tells", "Words that tell", desk.teller.name, desk.awa.name):
        assert word not in page


def test_after_five_heavy_cases_a_break_is_offered_and_nobody_is_stopped(db: Session, desk: Desk) -> None:
    awa = desk.act(desk.awa)
    for number in range(5):
        case = desk.flagged(desk.story())
        assert not queries.waiting(db, awa).care.rest, number
        for _again in range(2):  # the same one, opened again, is no second one
            actions.open_case(db, awa, case.ref)
    for reason in ("spam", "untrue"):  # what is not heavy does not count
        actions.open_case(db, desk.act(desk.brahim), desk.flagged(desk.story(), reason).ref)
    last, danger = desk.flagged(desk.story()), desk.flagged(desk.story(), "hurts")
    assert queries.waiting(db, awa).care.rest
    assert queries.case_page(db, awa, last.ref).rest
    assert not queries.case_page(db, awa, danger.ref).rest, "nothing stands between somebody in danger and whoever looks"
    assert queries.waiting(db, desk.act(desk.brahim)).care.opened == 0
    actions.open_case(db, awa, last.ref)
    with clock.at(now() + timedelta(days=1)):
        assert not queries.waiting(db, awa).care.rest


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


HOUSE = """
about: {en: {title: About, intro: We., sections: []}}
rules:
  version: %(version)s
  title: {en: Rules, fr: Règles}
  intro: {en: Few., fr: Peu.}
  items:
    - number: 1
      en: {title: Kind, text: "%(text)s"}
      fr: {title: Gentils, text: Soyez gentils.}
"""


def test_every_text_of_the_rules_stays_as_it_was(
    db: Session, settings: Settings, desk: Desk, browse: Callable[..., Browser]
) -> None:
    house = settings.data_dir / "house.yaml"
    for number, (version, text) in enumerate([(7, "Be kind."), (7, "Be very kind."), (8, "Be gentle."), (7, "Be kind.")]):
        house.write_text(HOUSE % {"version": version, "text": text}, encoding="utf-8")
        os.utime(house, (number, number))  # two texts within one tick of the file system are two texts
        with clock.at(now() + timedelta(days=number)):
            assert [history.note(db, settings.data_dir), history.note(db, settings.data_dir)] == [True, False]
    assert [version for version, _ in history.known(db)] == [7, 8, 7, 7], "words that come back count from that day on"
    desk.make.commit()
    guest = browse()
    page = guest.get("/rules/7").text
    assert page.index("Be kind.") < page.index("Be very kind.") < page.rindex("Be kind.")
    assert "Be gentle." not in page
    assert "Soyez gentils." in guest.get("/rules/7", headers={"Accept-Language": "fr"}).text
    texts = [one["rules"][0]["text"]["en"] for one in guest.get("/rules/7.json").json()["texts"]]
    assert texts == ["Be kind.", "Be very kind.", "Be kind."]
    assert 'href="/rules/8"' in guest.get("/rules/history").text
    for gone in ("/rules/9", "/rules/9.json", "/rules/0", "/rules/x", "/rules/99999999999"):
        assert guest.get(gone).status_code in (404, 422), gone


def test_a_decision_writes_down_the_rules_that_it_names(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    db.refresh(case)
    decision = actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.HIDE, case.row_version, 3, "Because."))
    assert decision.rule_words["version"] in [version for version, _ in history.known(db)]


def test_the_yearly_report_tells_of_few_nothing(db: Session, settings: Settings, desk: Desk) -> None:
    story = desk.story()
    for _number in range(9):
        actions.flag(db, Actor(), "story", story.ref, "untrue", "")
    case = desk.flagged(story, "recognised")
    actions.open_case(db, desk.act(desk.awa), case.ref)
    db.refresh(case)
    actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.HIDE, case.row_version, 3, "Because."))
    made = yearly.report(db.connection(), settings, 2026)
    notices = next(one for one in made["tables"] if one["point"] == "b")
    assert [one["point"] for one in made["tables"]] == ["a", "b", "c", "d", "e"]
    shown = [n for table in made["tables"] for line in table["cells"] for n in line if n]
    assert all(n % 5 == 0 and n >= settings.disclosure_threshold for n in shown)
    assert sum(map(bool, notices["cells"][-1])) <= 2, "ten in all is the only thing that may be told"
    assert made["median_days"] == {"notices": None, "complaints": None}
    assert not made["complete"], "the year is not over"
    files = yearly.write(settings.data_dir / "out", made)
    assert [(settings.data_dir / "out" / name).stat().st_size > 500 for name in files] == [True, True]
