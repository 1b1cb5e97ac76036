"""The export for the DSA Transparency Database: every field as its table asks for it, and nobody to be found in it."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.settings import Settings
from app.domain.moderation import actions, conduct, statements
from app.domain.moderation.rules import LIMITS, Choice
from app.domain.network import dsa, texts
from app.models.moderation import Case, Decision, Outcome
from app.models.stories import Story, StoryStatus
from tests.conftest import TODAY
from tests.moderation.conftest import Desk

# The field table, written down once more: name -> (longest text, or the values that exist).
NEEDED = {
    "decision_ground", "content_type", "category", "territorial_scope", "content_date", "application_date", "decision_facts",
    "source_type", "automated_detection", "automated_decision", "puid",
}  # fmt: skip
LENGTHS = {
    "decision_visibility_other": 500, "decision_ground_reference_url": 500, "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2_000, "decision_facts": 5_000, "puid": 500,
}  # fmt: skip
LISTS = {
    "decision_visibility": {f"DECISION_VISIBILITY_{w}" for w in (
        "CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED", "CONTENT_INTERACTION_RESTRICTED",
        "CONTENT_LABELLED", "OTHER")},
    "content_type": {f"CONTENT_TYPE_{w}" for w in "APP AUDIO IMAGE PRODUCT SYNTHETIC_MEDIA TEXT VIDEO OTHER".split()},
    "territorial_scope": set("AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE".split()),
    "category_specification": {f"KEYWORD_{w}" for w in dsa.KEYWORDS},
}  # fmt: skip
ONE_OF = {
    "decision_ground": {"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
    "category": {f"STATEMENT_CATEGORY_{w}" for w in dsa.CATEGORIES},
    "source_type": {"SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"},
    "automated_detection": {"Yes", "No"},
    "automated_decision": {f"AUTOMATED_DECISION_{w}" for w in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")},
}
ENDS = {f"end_date_{what}_restriction" for what in ("visibility", "service", "account")}
DATES = {"content_date", "application_date", *ENDS}
OPTIONAL = {
    "decision_account": {"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"},
    "decision_provision": {f"DECISION_PROVISION_{w}" for w in (
        "PARTIAL_SUSPENSION", "TOTAL_SUSPENSION", "PARTIAL_TERMINATION", "TOTAL_TERMINATION")},
    "account_type": {"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"},
}  # fmt: skip


def faults(statement: dict[str, Any]) -> list[str]:
    """Return what the database would refuse."""
    known = NEEDED | set(LENGTHS) | set(LISTS) | set(ONE_OF) | DATES | set(OPTIONAL) | {"content_language", "content_type_other"}
    found = [f"unknown: {name}" for name in statement if name not in known]
    found += [f"missing: {name}" for name in NEEDED if not statement.get(name)]
    found += [f"too long: {name}" for name, most in LENGTHS.items() if len(statement.get(name, "")) > most]
    found += [f"not in the list: {name}" for name, values in LISTS.items() if not set(statement.get(name, ())) <= values]
    found += [f"no such value: {name}" for name, values in ONE_OF.items() if statement[name] not in values]
    found += [f"no such value: {name}" for name, values in OPTIONAL.items() if name in statement and statement[name] not in values]
    found += [] if {"decision_visibility", "decision_account", "decision_provision"} & set(statement) else ["decides nothing"]
    found += [] if ("CONTENT_TYPE_OTHER" in statement["content_type"]) == ("content_type_other" in statement) else ["content type"]
    other = "DECISION_VISIBILITY_OTHER" in statement.get("decision_visibility", ())
    found += ["other without words"] if other != bool(statement.get("decision_visibility_other")) else []
    ground = statement["decision_ground"] == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    words = statement.get("incompatible_content_ground") and statement.get("incompatible_content_explanation")
    found += ["no ground"] if ground and not words else []
    found += [] if re.fullmatch(r"[A-Za-z0-9_-]{1,500}", statement["puid"]) else ["puid"]
    found += [] if re.fullmatch(r"[A-Z]{2}", statement.get("content_language", "EN")) else ["language"]
    days = {name: date.fromisoformat(statement[name]) for name in DATES if name in statement}
    found += [] if date(2000, 1, 1) <= days["content_date"] <= date(2038, 1, 1) else ["content_date"]
    found += [] if date(2020, 1, 1) <= days["application_date"] else ["application_date"]
    return found + [f"{end} before it begins" for end in ENDS if days.get(end, date.max) < days["application_date"]]


def decide(desk: Desk, case: Case, outcome: Outcome, rule: int | None = None, words: str = "Take the stall out, Moussa.") -> None:
    actor = desk.act(desk.awa)
    actions.open_case(desk.db, actor, case.ref)
    needs = outcome in (Outcome.HIDE, Outcome.DECLINE)
    actions.decide(desk.db, actor, case.ref, Choice(outcome, case.row_version, rule if needs else None, words if needs else ""))


def hidden(desk: Desk, rule: int = 5, reason: str = "recognised", **fields: Any) -> Story:
    story = desk.story(**fields)
    decide(desk, desk.flagged(story, reason, note="It is Moussa of the phone stall."), Outcome.HIDE, rule)
    return story


def made(
    db: Session, settings: Settings, since: date | None = None, unpublished: bool = False
) -> tuple[list[dict[str, Any]], Counter[str]]:
    held_back: Counter[str] = Counter()
    return list(statements.statements(db.connection(), settings, held_back, since, unpublished)), held_back


def test_the_code_lists_are_whole() -> None:
    assert (len(dsa.CATEGORIES), len(dsa.KEYWORDS), len(dsa.TERRITORY)) == (16, 69, 30)
    assert set(dsa.TERRITORY) == LISTS["territorial_scope"]


def test_what_was_hidden_at_once_says_that_a_program_did_it(db: Session, settings: Settings, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, "hurts", by=desk.brahim, note="It is Moussa of the phone stall.")
    db.refresh(story)
    assert story.held
    [statement], held_back = made(db, settings)
    assert (faults(statement), held_back) == ([], {})
    assert statement["automated_decision"] == "AUTOMATED_DECISION_FULLY"
    assert statement["content_date"] == statement["application_date"], "the day on which it was shown leads to it"
    assert "end_date_visibility_restriction" not in statement
    assert "Moussa" not in json.dumps(statement)
    with clock.at(now() + timedelta(days=2)):
        decide(desk, case, Outcome.KEEP)
    [ended], _ = made(db, settings)
    assert ended["end_date_visibility_restriction"] == (TODAY.date() + timedelta(days=2)).isoformat()
    assert ended["puid"] == statement["puid"]
    assert made(db, settings, since=TODAY.date() + timedelta(days=1)) == ([], Counter())


def test_that_somebody_can_be_recognised_is_said_of_nothing_that_may_be_shown_again(
    db: Session, settings: Settings, desk: Desk
) -> None:
    story = desk.story()
    desk.flagged(story, "recognised", by=desk.brahim)
    db.refresh(story)
    assert story.held
    assert made(db, settings) == ([], Counter({"it is about whether somebody can be recognised": 1}))


def test_an_appeal_ends_the_restriction(db: Session, settings: Settings, desk: Desk) -> None:
    hidden(desk)
    decision = db.exec(select(Decision)).one()
    decision.overturned_at = decision.at + timedelta(days=4)
    db.flush()
    (statement,), _ = made(db, settings)
    assert statement["end_date_visibility_restriction"] == decision.overturned_at.date().isoformat()


def test_a_hidden_story(db: Session, settings: Settings, desk: Desk) -> None:
    with clock.at(TODAY + timedelta(days=3)):
        hidden(desk)
    [statement], held_back = made(db, settings)
    assert (faults(statement), held_back) == ([], {})
    assert statement["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_DISABLED"]
    assert statement["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert statement["category"] == "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
    assert statement["incompatible_content_ground"] == "House rule 5: Nobody can be found through your words."
    assert statement["application_date"] == (TODAY.date() + timedelta(days=3)).isoformat()
    assert statement["decision_facts"] == (
        "A story was flagged by readers (“Someone can be recognised”). It was hidden by a person of the network under house rule 5."
    )
    assert "end_date_visibility_restriction" not in statement


def test_a_story_that_is_declined_before_anybody_saw_it(db: Session, settings: Settings, desk: Desk) -> None:
    _, case = desk.waiting(language="fr", text={"body": "Call +221 77 123 45 67"})
    decide(desk, case, Outcome.DECLINE, 7)
    assert made(db, settings) == ([], Counter({"nobody had seen it": 1})), "that somebody tried is nobody else's matter"
    [statement], _ = made(db, settings, unpublished=True)
    assert faults(statement) == []
    assert statement["decision_visibility_other"].startswith("Not published")
    assert (statement["source_type"], statement["automated_detection"]) == ("SOURCE_VOLUNTARY", "Yes")
    assert statement["category_specification"] == ["KEYWORD_CYBER_HARASSMENT"]
    assert "content_language" not in statement, "one person tells in it"
    assert "A program had marked passages" in statement["decision_facts"]


@pytest.mark.parametrize("outcome", [*LIMITS, Outcome.CLOSE])
def test_an_account_that_is_limited(db: Session, settings: Settings, desk: Desk, outcome: Outcome) -> None:
    desk.teller.joined_on = date(2025, 6, 17)
    for by in (desk.awa, desk.brahim) if outcome == Outcome.CLOSE else (desk.awa,):
        case = conduct.open_about(db, desk.act(by), desk.teller.name)
        actions.open_case(db, desk.act(by), case.ref)
        actions.settle(db, desk.act(by), case.ref, Choice(outcome, case.row_version, 3, "Moussa of the stall.", days=7))
    [statement], held_back = made(db, settings)
    assert (faults(statement), held_back) == ([], {})
    assert statement["content_date"] == f"{TODAY.year}-01-01", "where nobody else came in a year, it tells who it is, like the day"
    ends = [statement[name] for name in ENDS if name in statement]
    assert len(ends) == (outcome != Outcome.CLOSE)
    assert "Moussa" not in json.dumps(statement)


@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.ASK_CHANGE])
def test_what_restricts_nothing_needs_no_statement(db: Session, settings: Settings, desk: Desk, outcome: Outcome) -> None:
    case = desk.flagged(desk.story())
    actor = desk.act(desk.awa)
    actions.open_case(db, actor, case.ref)
    actions.decide(db, actor, case.ref, Choice(outcome, case.row_version, None, "Please leave the street out."))
    assert made(db, settings) == ([], Counter())


def test_what_is_shown_again_has_an_end(db: Session, settings: Settings, desk: Desk) -> None:
    story = hidden(desk)
    with clock.at(now() + timedelta(days=2)):
        again = actions.reopen(db, desk.act(desk.brahim), desk.case(story.id, "flag").ref)
        decide(desk, again, Outcome.KEEP)
    [statement], _ = made(db, settings)
    assert faults(statement) == []
    assert statement["end_date_visibility_restriction"] == (TODAY.date() + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(("tellers", "told"), [(9, False), (10, True)])
def test_a_language_is_named_where_enough_people_tell_in_it(
    db: Session, settings: Settings, desk: Desk, tellers: int, told: bool
) -> None:
    story = hidden(desk, language="fr")
    for n in range(tellers - 1):
        desk.story(desk.make.member(f"Teller {n}"), language="fr")
    for _n in range(12):
        desk.story(language="fr")
    desk.story(desk.make.member("Not yet"), language="fr", published_on=None, status=StoryStatus.DRAFT)
    assert story.published_on is not None
    [statement], _ = made(db, settings)
    assert statement.get("content_language") == ("FR" if told else None)


def test_the_day_is_that_of_being_shown(db: Session, settings: Settings, desk: Desk) -> None:
    """The wait before an anonymous story is shown hides when it was sent."""
    with clock.at(now() + timedelta(days=9)):
        hidden(desk, submitted_at=TODAY, published_on=TODAY.date() + timedelta(days=3))
    [statement], _ = made(db, settings)
    assert statement["content_date"] == (TODAY.date() + timedelta(days=3)).isoformat()


def test_a_later_flag_changes_no_earlier_statement(db: Session, settings: Settings, desk: Desk) -> None:
    story = hidden(desk)
    before, _ = made(db, settings)
    with clock.at(now() + timedelta(hours=1)):
        decide(desk, actions.reopen(db, desk.act(desk.brahim), desk.case(story.id, "flag").ref), Outcome.KEEP)
        again = desk.flagged(story, "hurts", by=desk.reader)
        decide(desk, again, Outcome.HIDE, 5)
    first, second = made(db, settings)[0]
    assert first["decision_facts"] == before[0]["decision_facts"]
    assert "hurts or threatens" not in first["decision_facts"]
    assert len(second["decision_facts"]) > len(first["decision_facts"])


def test_nobody_is_in_it(db: Session, settings: Settings, desk: Desk) -> None:
    story = hidden(desk, text={"title": "The phone stall", "body": "Moussa sells phones."})
    case = desk.case(story.id, "flag")
    everything = json.dumps(made(db, settings)[0], ensure_ascii=False)
    for secret in ("Moussa", "stall", "Amina", "Awa", story.ref, case.ref, str(story.id), str(case.id), str(desk.teller.id)):
        assert secret not in everything
    assert str(case.id).replace("-", "")[:12] not in everything


def test_the_number_of_a_statement_stays_and_is_its_own(db: Session, settings: Settings, desk: Desk) -> None:
    for n in range(3):
        hidden(desk, rule=n + 1)
    first, second = made(db, settings)[0], made(db, settings)[0]
    assert first == second
    assert len({s["puid"] for s in first}) == 3
    elsewhere = Settings(**settings.model_dump() | {"secret_key": "another-key-" * 4})
    assert {s["puid"] for s in made(db, elsewhere)[0]}.isdisjoint(s["puid"] for s in first), "another network, another number"


def test_a_story_that_is_gone_leaves_the_bare_statement(db: Session, settings: Settings, desk: Desk) -> None:
    story = hidden(desk, language="fr")
    db.connection().exec_driver_sql("UPDATE moderation_case SET subject_id = id")  # as after the story was erased
    [statement], _ = made(db, settings)
    assert faults(statement) == []
    assert (statement["content_type"], "content_language" in statement) == (["CONTENT_TYPE_TEXT"], False)
    assert story.ref not in str(statement)


def test_what_was_decided_before_a_day_is_left_out(db: Session, settings: Settings, desk: Desk) -> None:
    hidden(desk, rule=1)
    with clock.at(now() + timedelta(days=5)):
        hidden(desk, rule=2)
    found, _ = made(db, settings, TODAY.date() + timedelta(days=5))
    assert [s["incompatible_content_ground"][:12] for s in found] == ["House rule 2"]


def own_rules(settings: Settings, **changes: Any) -> None:
    house = yaml.safe_load(texts.SHIPPED.read_text(encoding="utf-8"))
    item = next(i for i in house["rules"]["items"] if i["number"] == 1)
    item.update(changes)
    (settings.data_dir / texts.OWN).write_text(yaml.safe_dump(house, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("text", [
    "Else call us: +221 77 123 45 67.", "Else call 77 123 45 67.", "Write to Amadou Diallo of the team first.", "Ask Fatou.",
    "See https://example.org/amadou", "See example.org", "Ask at 12 rue de Thiong, Dakar", "Write to team@example.org",
    "Telegram: @house",
    "اسألوا أحمد محمود", "The house is at 14.7512, -17.3921.",
])  # fmt: skip
def test_a_rule_that_leads_to_somebody_holds_its_statements_back(db: Session, settings: Settings, desk: Desk, text: str) -> None:
    own_rules(settings, en={"title": "Be kind", "text": text})
    hidden(desk, rule=1)
    hidden(desk, rule=2)
    found, held_back = made(db, settings)
    assert len(found) == 1
    assert held_back == {"house rule 1 holds a name, a number or an address": 1}


def test_none_of_the_shipped_rules_is_held_back(db: Session, settings: Settings, desk: Desk) -> None:
    rules = [rule.number for rule in texts.rules(settings.data_dir, "en")]
    for number in rules:
        hidden(desk, rule=number)
    assert (len(made(db, settings)[0]), made(db, settings)[1]) == (len(rules), {})


def test_a_rule_that_is_gone_holds_its_statements_back(db: Session, settings: Settings, desk: Desk) -> None:
    hidden(desk, rule=1)
    own_rules(settings, number=99)
    assert made(db, settings) == ([], {"the house rules no longer have its rule": 1})


@pytest.mark.parametrize("change", [{"category": "MISCHIEF"}, {"keywords": ["MISCHIEF"]}])
def test_a_code_that_does_not_exist_is_a_fault_of_the_house(settings: Settings, change: dict[str, Any]) -> None:
    own_rules(settings, **change)
    assert texts.fault(settings.data_dir / texts.OWN) is not None


def test_a_long_rule_is_cut(db: Session, settings: Settings, desk: Desk) -> None:
    own_rules(settings, en={"title": "kind " * 200, "text": "and friendly " * 400})
    hidden(desk, rule=1)
    [statement], _ = made(db, settings)
    assert faults(statement) == []
    assert statement["incompatible_content_ground"].endswith("…")


def test_files_of_a_hundred(db: Session, settings: Settings, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "PER_FILE", 2)
    monkeypatch.setattr(statements, "BATCH", 2)
    for n in range(5):
        hidden(desk, rule=n + 1)
    (tmp_path / "statements-0009.json").write_text("an older export")
    (tmp_path / "mine.json").write_text("not ours")
    done = statements.export(db.connection(), settings, tmp_path)
    names = ["statements-0001.json", "statements-0002.json", "statements-0003.json"]
    assert (done.statements, done.files) == (5, names)
    assert sorted(p.name for p in tmp_path.glob("*.json")) == ["mine.json", *names]
    sizes = [len(json.loads((tmp_path / name).read_text())["statements"]) for name in names]
    assert sizes == [2, 2, 1]
