"""Releases of a month: counted once, protected together with all earlier ones, kept as they were made, never a raw number."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import clock
from app.core.db import Database
from app.core.errors import Refused
from app.core.i18n import speaking
from app.core.ids import new_id, new_ref
from app.core.settings import Settings
from app.domain import wiring
from app.domain.actor import Actor
from app.domain.moderation import measures
from app.domain.reporting.measuring import counting, registry
from app.domain.reporting.protecting.publishing import Release, publishable
from app.domain.reporting.question import answers, more
from app.domain.reporting.question.answers import Said
from app.domain.reporting.releasing import columns, figures, releases, tables
from app.domain.reporting.showing import wording
from app.jobs import numbers
from app.models.accounts import Member, MemberStatus, Role, SignIn
from app.models.moderation import Case, CaseKind, Decision, Outcome
from app.models.reporting import NumberRelease, NumberSnapshot, ReferencePopulation
from tests.factories import Make

SHAPE = ["id", "period", "rules", "audit", "tables", "metrics", "notes"]


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features have said what they count."""
    wiring.connect()


def people(make: Make, women: int, men: int, silent: int, another: int = 0, *roles: Role, **fields: Any) -> list[Member]:
    """Make members who joined in September, with their roles since then, and let them answer."""
    made = []
    said = ["woman"] * women + ["man"] * men + ["another"] * another + [""] * silent
    for gender in said:
        member = make.member("", joined_on=date(2026, 9, 3), **fields)
        for role in roles:
            make.role(member, role).from_on = date(2026, 9, 4)
        if gender:
            answers.answer(make.db, Actor(member.id), Said(gender))
        made.append(member)
    return made


def by_id(release: NumberRelease, key: str) -> dict[str, Any]:
    return next(t for t in release.body["tables"] if t["id"] == key)  # type: ignore[no-any-return]


def figure(release: NumberRelease, metric: str, of: str) -> dict[str, Any]:
    return next(f for f in release.body["metrics"] if (f["metric"], f["of"]) == (metric, of))  # type: ignore[no-any-return]


def made(database: Database, settings: Settings, period: str = "2026-10", reason: str = "") -> NumberRelease:
    return numbers.publish(database, numbers.make(database, settings, period, reason))


@pytest.fixture
def network(make: Make) -> Make:
    """41 women, 62 men, 3 who used another term, 20 who said nothing; of them 12 and 43 lead."""
    people(make, 29, 19, 20, 3)
    people(make, 12, 43, 0, 0, Role.ORGANISER)
    make.commit()
    return make


def test_a_release_has_the_agreed_shape_and_rounded_numbers(network: Make, database: Database, settings: Settings) -> None:
    release = made(database, settings)
    assert list(release.body) == SHAPE
    assert sorted(release.body["rules"]) == ["rounding", "threshold", "version", "width"]
    assert sorted(release.body["audit"]) == ["cells", "hidden", "narrowest"]
    joined = by_id(release, "joined")
    assert (joined["cols"], joined["cells"], joined["total"]) == (["women", "men", "another or not stated"], [[40, 60, 25]], 125)
    assert by_id(release, "leads")["cells"][0].count(None) >= 2  # nobody was silent there: zero is a small number too
    assert {n for t in release.body["tables"] for line in t["cells"] for n in line if n is not None and n % 5} == set()


def test_the_frozen_counts_are_sealed_and_stay(network: Make, database: Database, settings: Settings) -> None:
    first = made(database, settings)
    people(network, 30, 0, 0)
    network.commit()
    assert made(database, settings).body == first.body
    with database.reading() as db:
        assert b"woman" not in bytes(db.execute(sa.text("SELECT counts FROM number_snapshot")).scalar_one())
        assert len(db.exec(select(NumberSnapshot)).all()) == 1


def test_who_is_counted(make: Make, db: Session) -> None:
    people(make, 3, 0, 0)
    people(make, 5, 0, 0, status=MemberStatus.PAUSED)
    for status in (MemberStatus.APPLIED, MemberStatus.SUSPENDED, MemberStatus.LEAVING, MemberStatus.GONE):
        people(make, 1, 0, 0, status=status)
    make.member(joined_on=date(2026, 11, 1))
    steps = counting.opened(counting.freeze(db, "2026-10"))["steps"]
    assert steps["joined"] == {"woman": 8, "man": 0, "another": 0, "unsaid": 0}


def test_a_session_in_use_counts_as_coming(make: Make, db: Session) -> None:
    long, old, lately = people(make, 3, 0, 0, seen_on=date(2026, 9, 20))
    lately.seen_on = date(2026, 10, 5)
    for member, day in ((long, 10), (old, 1)):
        moment = datetime(2026, 10, day, 9, tzinfo=UTC)
        make.db.add(SignIn(
            token_hash=str(day), member_id=member.id, since=moment, seen_at=moment, idle_until=moment, ends_at=moment,
            proven_at=moment,
        ))  # fmt: skip
    db.flush()
    assert counting.opened(counting.freeze(db, "2026-10"))["steps"]["active"]["woman"] == 2


def test_a_case_opened_again_is_not_judged_by_its_new_due_time(db: Session) -> None:
    then = datetime(2026, 10, 9, 9, tzinfo=UTC)
    for opened_at in (then - timedelta(days=1), then + timedelta(days=9)):
        due_at = opened_at + timedelta(hours=2)
        case = Case(
            ref=new_ref(), kind=CaseKind.FLAG, subject_kind="story", subject_id=new_id(), opened_at=opened_at, due_at=due_at
        )
        db.add(case)
        db.flush()
        db.add(Decision(case_id=case.id, decided_by=new_id(), at=then, outcome=Outcome.KEEP))
    db.flush()
    assert measures.decided(db, date(2026, 10, 1), date(2026, 10, 31))["flag"] == {"in time": 0, "late": 1}


def test_steps_are_parts_of_their_step(make: Make, db: Session) -> None:
    teller, anonymous = people(make, 2, 0, 0)
    make.story(by=teller, submitted_at=datetime(2026, 10, 3, tzinfo=UTC), published_on=date(2026, 10, 5))
    make.story(by=anonymous, name_form="anonymous", submitted_at=datetime(2026, 10, 3, tzinfo=UTC), published_on=date(2026, 10, 5))
    steps = counting.opened(counting.freeze(db, "2026-10"))["steps"]
    assert steps["spoke"]["woman"] == steps["shown"]["woman"] == 1  # anonymous is a latch, on every step


def test_whoever_tells_with_and_without_a_name_counts_once(make: Make, db: Session) -> None:
    (teller,) = people(make, 1, 0, 0)
    for form in ("anonymous", "letter"):
        make.story(by=teller, name_form=form, submitted_at=datetime(2026, 10, 3, tzinfo=UTC), published_on=date(2026, 10, 5))
    assert counting.opened(counting.freeze(db, "2026-10"))["steps"]["spoke"]["woman"] == 1


@pytest.mark.parametrize("period", ["2026-11", "2026-12", "2030-01", "2026-13", "2026", "2026-Q3", "october", ""])
def test_a_month_that_has_not_ended_or_is_none_is_refused(db: Session, period: str) -> None:
    with pytest.raises(Refused):
        counting.freeze(db, period)


def test_a_month_that_was_not_counted_in_time_is_refused(db: Session) -> None:
    with pytest.raises(Refused, match="in time"):
        counting.freeze(db, "2026-08")


def test_two_jobs_at_once_make_one_release(network: Make, database: Database, settings: Settings) -> None:
    barrier = Barrier(2)

    def one() -> str:
        barrier.wait(30)
        return made(database, settings).ref

    with ThreadPoolExecutor(2) as pool:
        found = [job.result(60) for job in [pool.submit(one), pool.submit(one)]]
    assert len(set(found)) == 1, found
    with database.reading() as db:
        assert len(db.exec(select(NumberRelease)).all()) == len(db.exec(select(NumberSnapshot)).all()) == 1


def test_the_job_makes_the_last_month_and_publishes_after_three_days(network: Make, database: Database, settings: Settings) -> None:
    def shown() -> list[bool]:
        with database.reading() as db:
            return [r.published_at is not None for r in db.exec(select(NumberRelease))]

    numbers.run(database, settings)
    assert shown() == [False]
    with clock.at(clock.now() + timedelta(days=3)):
        numbers.run(database, settings)
    assert shown() == [True]


@contextmanager
def later() -> Iterator[None]:
    with clock.at(datetime(2026, 12, 2, 9, tzinfo=UTC)):
        yield


def test_earlier_releases_are_part_of_the_audit(network: Make, database: Database, settings: Settings) -> None:
    """What a month later fits the threshold but was hidden stays hidden unless it passes by the margin (R6)."""
    first = made(database, settings)
    hidden = by_id(first, "moderates")
    assert hidden["total"] is None
    people(network, 0, 11, 0, 0, Role.COORDINATOR)
    network.commit()
    with later():
        second = made(database, settings, "2026-11")
    assert by_id(second, "moderates")["total"] is None  # 11 < 10 + 5
    with database.reading() as db:
        rows = db.exec(select(NumberSnapshot).order_by(col(NumberSnapshot.period))).all()
        raw = [counting.opened(r) for r in rows]
    printed = {t["id"]: t for t in first.body["tables"]}
    alone = publishable(Release(tables.tables_of("2026-11", raw[1]), 10))
    assert next(t.shown[-1][-1] for t in alone.tables if t.table.id == "moderates") == 10
    assert tables.tables_of("2026-10", raw[0], printed)[0].printed is not None


def test_a_correction_is_a_new_release_that_never_shows_more(network: Make, database: Database, settings: Settings) -> None:
    first = made(database, settings)
    stricter = settings.model_copy(update={"disclosure_threshold": 30})
    second = made(database, stricter, reason="The threshold was raised.")
    assert (second.revision, second.ref == first.ref) == (2, False)
    assert second.body["rules"]["threshold"] == 30
    assert "The threshold was raised." in " ".join(second.body["notes"])
    for before, after in zip(first.body["tables"], second.body["tables"], strict=True):
        for old, new in zip(before["cells"][0], after["cells"][0], strict=True):
            assert new in (None, old)
    third = made(database, settings, reason="The threshold was lowered again.")
    assert [t["cells"] for t in third.body["tables"]] == [t["cells"] for t in second.body["tables"]]
    with database.reading() as db:
        assert [r.body for r in db.exec(select(NumberRelease).where(NumberRelease.ref == first.ref))] == [first.body]


def test_what_was_corrected_before_it_was_public_never_becomes_public(
    network: Make, database: Database, settings: Settings
) -> None:
    original = numbers.make(database, settings, "2026-10")
    made(database, settings.model_copy(update={"disclosure_threshold": 30}), reason="The threshold was raised.")
    with clock.at(clock.now() + timedelta(days=4)):
        numbers.run(database, settings)
        numbers.publish(database, original)
    with database.reading() as db:
        rows = db.exec(select(NumberRelease).order_by(col(NumberRelease.revision))).all()
    assert [r.published_at is not None for r in rows] == [False, True]


def test_the_month_after_compares_with_the_correction_and_is_protected_with_the_first(
    network: Make, database: Database, settings: Settings
) -> None:
    first = made(database, settings)
    second = made(database, settings.model_copy(update={"disclosure_threshold": 60}), reason="The threshold was raised.")
    assert second.body["tables"] != first.body["tables"]
    assert figure(first, "women_share", "joined")["percent"] is not None
    with later():
        with database.transaction() as db:
            plan = releases.draft(db, counting.freeze(db, "2026-11"), 10)
        third = made(database, settings, "2026-11")
    assert [tables for _counts, _period, tables in plan.earlier] == [{t["id"]: t for t in first.body["tables"]}]
    assert plan.before == second.body["metrics"]
    assert not [f for f in third.body["metrics"] if f["metric"] == "trend"]


def test_a_month_made_late_is_protected_with_the_later_one(make: Make, database: Database, settings: Settings) -> None:
    people(make, 60, 40, 0)
    make.commit()
    with clock.at(datetime(2026, 10, 30, 9, tzinfo=UTC)), database.transaction() as db:
        counting.freeze(db, "2026-09")
    made(database, settings, "2026-10")
    with database.transaction() as db:
        plan = releases.draft(db, counting.freeze(db, "2026-09"), 10)
    assert [period for _counts, period, _tables in plan.earlier] == ["2026-10"]
    release = made(database, settings, "2026-09")
    assert {t["period"] for t in release.body["tables"]} == {"2026-09"}


def test_of_two_corrections_at_once_one_is_refused(network: Make, database: Database, settings: Settings) -> None:
    made(database, settings)
    with database.transaction() as db:
        plan = releases.draft(db, counting.freeze(db, "2026-10"), 10, "One.")
    one, two = releases.composed(plan), releases.composed(plan)
    with database.transaction() as db:
        releases.keep(db, one)
    with pytest.raises(Refused, match="at the same moment"), database.transaction() as db:
        releases.keep(db, two)


def test_there_is_nothing_to_correct_without_a_release(database: Database, settings: Settings) -> None:
    with pytest.raises(Refused, match="no release"):
        numbers.make(database, settings, "2026-10", "Because.")


def test_a_failed_audit_is_said(network: Make, database: Database, settings: Settings, monkeypatch: Any) -> None:
    """R10: that the tables come out coarser is the protector's work and tested there; the release says so."""
    assert not any("less detail" in note for note in made(database, settings).body["notes"])
    monkeypatch.setattr(releases, "publishable", lambda plan: replace(publishable(plan), notes=["Table joined …"]))
    again = made(database, settings, reason="Again.")
    assert any("less detail" in note for note in again.body["notes"])


@pytest.mark.parametrize("one", ["woman", "man"])
def test_everyone_answering_the_same_prints_only_the_total(make: Make, database: Database, settings: Settings, one: str) -> None:
    people(make, *((60, 0) if one == "woman" else (0, 60)), 0)
    make.commit()
    joined = by_id(made(database, settings), "joined")
    assert (joined["cells"], joined["total"]) == ([[None, None, None]], 60)


def test_nobody_at_all_is_a_release_too(database: Database, settings: Settings) -> None:
    release = made(database, settings)
    assert all(t["total"] is None for t in release.body["tables"])
    assert figure(release, "women_share", "joined")["reason"] == "hidden"  # hidden is never told as few


def test_nobody_answering_gives_no_share(make: Make, database: Database, settings: Settings) -> None:
    people(make, 0, 0, 80)
    make.commit()
    release = made(database, settings)
    assert by_id(release, "joined")["total"] == 80
    assert figure(release, "women_share", "joined")["kind"] == "none"


def test_a_rare_self_description_is_no_column_of_its_own(make: Make, database: Database, settings: Settings) -> None:
    people(make, 40, 40, 10, 49)
    make.commit()
    assert by_id(made(database, settings), "joined")["cols"] == list(tables.TOGETHER)
    people(make, 0, 0, 0, 1)
    make.commit()
    with later():
        assert by_id(made(database, settings, "2026-11"), "joined")["cols"] == list(tables.TOGETHER)  # one more opens nothing


def test_a_deleted_account_leaves_the_next_month_only(make: Make, database: Database, settings: Settings) -> None:
    members = people(make, 60, 40, 0)
    make.commit()
    first = made(database, settings)
    for gone in members[:10]:
        gone.status = MemberStatus.GONE
        make.db.add(gone)
    make.commit()
    with later():
        second = made(database, settings, "2026-11")
    assert (by_id(first, "joined")["total"], by_id(second, "joined")["total"]) == (100, 90)


def test_what_is_missing_is_said(network: Make, database: Database, settings: Settings) -> None:
    note = next(n for n in made(database, settings).body["notes"] if n.startswith("Not counted here yet"))
    assert "Came to a meeting" in note
    assert "Lead a group" not in note
    with speaking("fr"):
        from app.domain.reporting.releasing.notes import in_words

        with database.reading() as db:
            kept = db.exec(select(NumberRelease)).one()
        assert "Sont venus à une rencontre" in " ".join(in_words(kept.remarks))


def test_every_step_of_the_design_is_counted_or_missing() -> None:
    counted = ["joined", "active", "spoke", "shown", "mentored", "mentors", "moderates", "leads", "decides"]
    assert [step.key for step, _who in registry.steps()] == counted
    assert [s.words for s in registry.FUNNEL if s.key not in counted] == registry.missing({})[:3]
    # A month that an earlier program froze says what that one did not count, whatever is counted today.
    whole = {"tables": {table.key: {} for table in registry.HEALTH}, "facts": {key: {} for key in registry.FACTS}}
    words = {table.key: table.words for table in registry.HEALTH}
    older = {**whole, "tables": {key: {} for key in words if key != "absent"}}
    assert set(registry.missing(older)) - set(registry.missing(whole)) == {words["absent"]}


def table(women: int | None, men: int | None, rest: int | None, total: int | None, key: str = "joined") -> dict[str, Any]:
    return {
        "id": key, "cols": list(tables.TOGETHER), "rows": ["members"], "cells": [[women, men, rest]], "row_totals": [total],
        "col_totals": [women, men, rest], "total": total,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kind", "percent", "response"),
    [
        (table(40, 60, 10, 110), "share", 40, 91), (table(40, 60, 100, 200), "bounds", None, 50),
        (table(25, 20, 5, 50), "band", None, 90), (table(None, 60, 20, 110), "none", None, None),
        (table(10, 10, None, 20), "none", None, None), (table(None, None, None, None), "none", None, None),
        (table(10, 10, 20, 40), "none", None, None),
    ],
)  # fmt: skip
def test_the_share_is_told_as_the_rules_allow(given: dict[str, Any], kind: str, percent: int | None, response: int | None) -> None:
    found = figures.share(given)
    assert (found["kind"], found["percent"], found["response"]) == (kind, percent, response)


def rounded(count: int) -> int:
    return (count + 2) // 5 * 5


def test_who_said_another_term_is_in_the_denominator() -> None:
    """60 women, 55 men, 45 of another term: 37.5 in 100, not 52."""
    found = figures.share(table(60, 55, 45, 160))
    assert (found["kind"], found["percent"]) == ("bounds", None)
    assert found["low"] <= 37.5 <= found["high"]


@pytest.mark.parametrize("silent", [0, 7, 20])
def test_what_is_said_holds_with_another_term_counted_apart_or_not(silent: int) -> None:
    """Parity, share and bounds, for every answer behind the rounding; and a column of its own makes no change by itself."""
    for women, men, another, apart in (
        (w, m, a, c) for w in range(12, 130, 11) for m in range(12, 130, 13) for a in (0, 3, 22, 49, 61, 88) for c in (True, False)
        if (a <= columns.UNTOLD_MOST if not c else a > 9)
    ):  # fmt: skip
        whole = women + men + another + silent
        if not apart:
            given = table(rounded(women), rounded(men), rounded(another + silent), rounded(whole))
        else:
            line = [rounded(women), rounded(men), rounded(another), rounded(silent)]
            given = table(0, 0, 0, rounded(whole)) | {"cols": list(tables.APART), "cells": [line], "col_totals": line}
        found = figures.share(given)
        if found["kind"] == "none":
            continue
        of = whole if found["kind"] == "bounds" else whole - silent
        more = silent if found["kind"] == "bounds" else 0
        assert found["low"] <= 100 * women / of, (women, men, another, found)
        assert 100 * (women + more) / of <= found["high"], (women, men, another, found)
        if found["kind"] == "share":
            assert (whole - silent) / whole >= figures.ENOUGH
        if found["parity"] == "balanced":
            assert min(women, men) / of >= 0.4
        if found["parity"] == "fewer_men":
            assert men / of < 0.4


@pytest.mark.parametrize("whole", [50, 55, 75, 120, 400])
def test_what_is_said_is_true_of_every_count_behind_the_rounding(whole: int) -> None:
    kinds = set()
    for women in range(10, whole - 10):
        told = {"women": (women + 2) // 5 * 5, "men": (whole - women + 2) // 5 * 5}
        found = figures.share(table(told["women"], told["men"], None, (whole + 2) // 5 * 5))
        kinds.add(found["kind"])
        assert found["low"] <= 100 * women / whole <= found["high"], (women, found)
    assert kinds <= {"share", "band"}


def test_bounds_hold_whoever_stayed_silent() -> None:
    for silent_women in (0, 100):
        found = figures.share(table(40, 60, 100, 200))
        assert found["low"] <= 100 * (40 + silent_women) / 200 <= found["high"]


def test_the_largest_drop_is_certain_only_when_intervals_are_apart() -> None:
    def one(of: str, percent: int, low: int, high: int) -> dict[str, Any]:
        return {
            "metric": "women_share",
            "of": of,
            "kind": "share",
            "percent": percent,
            "low": low,
            "high": high,
            "response": 90,
            "columns": 3,
        }

    drop = figures.largest_drop([one("a", 50, 45, 55), one("b", 45, 40, 50), one("c", 20, 15, 25)])
    assert drop == {"metric": "largest_drop", "from": "b", "of": "c", "points": 25, "certain": True}
    unsure = figures.largest_drop([one("a", 50, 45, 55), one("b", 48, 40, 52)])
    assert unsure is not None
    assert not unsure["certain"]
    assert figures.largest_drop([one("a", 30, 25, 35), one("b", 40, 35, 45)]) is None
    rose = figures.trend(one("a", 50, 45, 55), one("a", 30, 25, 35))
    assert rose is not None
    assert rose["change"] == "up"
    moved = figures.trend(one("a", 50, 45, 55), one("a", 30, 25, 35) | {"response": 75})
    assert moved is not None
    assert moved["change"] == "none"


@pytest.mark.parametrize(("share", "value"), [(40, 1.0), (50, 0.8), (0, None), (100, 0.4)])
def test_the_participation_ratio_needs_a_reference(share: int, value: float | None) -> None:
    reference = {"source": "A", "year": 2024, "place": "B", "share": share}
    given = table(40, 60, 10, 110)
    assert figures.ratio(figures.share(given), given, reference)["value"] == value
    assert not [f for f in figures.figures([given], ["joined"], None, []) if f["metric"] == "participation_ratio"]


def test_the_reference_stands_in_the_release(network: Make, database: Database, settings: Settings) -> None:
    network.db.add(ReferencePopulation(source="Office X", year=2024, place="Senegal", share=35, made_on=date(2026, 1, 1)))
    network.commit()
    release = made(database, settings)
    assert figure(release, "participation_ratio", "joined")["value"] == pytest.approx(40 / 100 / 0.35, abs=0.01)
    assert any("Office X, 2024, Senegal: 35 women in 100" in n for n in release.body["notes"])


def test_the_command_writes_three_files(network: Make, run: Any, tmp_path: Any, settings: Settings, monkeypatch: Any) -> None:
    monkeypatch.setenv("HEARTH_MODE", "development")
    monkeypatch.setenv("HEARTH_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HEARTH_DATABASE_URL", settings.database_url)
    code, told, _said = run("report", "--out", str(tmp_path / "out"), "--json")
    assert code == 0
    result = json.loads(told)
    body = json.loads((tmp_path / "out" / f"{result['id']}.json").read_text())
    assert list(body) == [*SHAPE, "groups", "deciding"]
    sheet = (tmp_path / "out" / f"{result['id']}.csv").read_bytes().decode()
    assert f"{result['id']},2026-10,table,joined,members,women,40\r\n" in sheet
    page = (tmp_path / "out" / f"{result['id']}.html").read_text()
    assert "<svg" in page
    assert "Numbers of October 2026" in page
    again = json.loads(run("report", "--out", str(tmp_path / "out"), "--json")[1])
    assert again["id"] == result["id"]
    code, _told, said = run("report", "--out", str(tmp_path / "out"), "--correct", "  ")
    assert (code, "why" in said) == (1, True)
    code, _told, said = run("report", "--out", str(tmp_path / "out"), "--period", "2026-11")
    assert (code, "not over yet" in said) == (1, True)


def test_further_questions_are_counted_where_they_are_asked(make: Make, database: Database, settings: Settings) -> None:
    members = people(make, 80, 80, 10)
    more.ask(make.db, Actor(new_id(), "Seven", roles=frozenset({Role.ANALYST}), second_factor=True), {"age"})
    ages = ["18–24"] * 72 + ["25–34"] * 71 + ["50 and over"] * 7
    for member, age in zip(members, ages, strict=False):
        answers.answer(make.db, Actor(member.id), Said("unsaid", more={"age": age, "years": "never away"}))
    make.commit()
    release = made(database, settings)
    table = by_id(release, "joined-age")
    assert table["cols"] == ["age 18–24", "age 25–34", "age not told or rare"]  # seven are few: they stand with who said nothing
    assert (table["cells"], table["total"]) == ([[70, 70, 25]], 170)
    assert not [t for t in release.body["tables"] if "years" in t["id"]]
    with speaking("fr"):
        assert wording.title("joined-age") != "joined-age"
        assert wording.label("age 18–24") == "de 18 à 24 ans"
    assert wording.label("area SN") == "Senegal"
    assert wording.label("language fr") == "Français"


def test_a_month_that_was_printed_keeps_its_columns() -> None:
    counts = {"steps": {}, "tables": {}, "more": {"age": {"joined": {"18–24": 80, "25–34": 60, "": 30}, "leads": {"18–24": 20}}}}
    first = tables.tables_of("2026-10", counts, columns={"age": ["18–24", "25–34"]})
    assert [t.id for t in first] == ["joined-age", "leads-age"]
    assert first[1].subset_of == ("joined-age",)
    printed = {t.id: {"cols": list(t.cols[-2:]), "rows": list(t.rows), "cells": [[60, 110]], "row_totals": [170],
                      "col_totals": [60, 110], "total": 170} for t in first[:1]}  # fmt: skip
    kept = tables.tables_of("2026-10", counts, printed)
    assert [(t.id, t.cols, t.grid[0]) for t in kept] == [("joined-age", ("age 25–34", "age not told or rare"), (60, 110, 170))]
    assert tables.tables_of("2026-10", counts, columns={"age": []}) == []


@pytest.mark.parametrize(
    ("whole", "apart"),
    [({"fr": 70, "ar": 69, "": 30}, ["fr"]), ({"fr": 80, "ar": 90, "": 0}, ["ar", "fr"]), ({"fr": 69, "": 400}, []), ({}, [])],
)
def test_which_answers_stand_apart(whole: dict[str, int], apart: list[str]) -> None:
    assert columns.chosen(whole, 70) == apart


@pytest.mark.parametrize(
    ("whole", "told"),
    [({"fr": 51, "": 1}, False), ({"fr": 50, "ar": 50, "": 1}, False), ({"fr": 50, "ar": 50, "": 9}, False),
     ({"fr": 50, "ar": 50, "": 10}, True)],
)  # fmt: skip
def test_what_is_left_beside_fifties_keeps_its_room(whole: dict[str, int], told: bool) -> None:
    """Who knows that a column stands for 50 or more, and a total to within 2, must not get the rest to within 5."""
    assert bool(columns.chosen(whole, columns.RARE)) is told
    if told:
        most, least = sum(whole.values()) + 2 - 2 * columns.RARE, sum(whole.values()) - 2 - 2 * (columns.RARE + 2)
        assert most - max(0, least) + 1 >= 5


def test_columns_stand_for_a_quarter_and_what_decides_is_secret() -> None:
    def month(fr: int) -> dict[str, Any]:
        return {"steps": {}, "more": {"language": {"joined": {"fr": fr, "": 100}}}}

    with_it, without = [("2026-10", {"joined-language": {"cols": ["language fr", "language not told or rare"]}})], [("2026-10", {})]
    for fr in (10, 49, 70, 200):  # one who comes or goes within a quarter never moves a column
        assert columns.of_month(month(fr), b"s" * 32, "2026-11", with_it) == {"language": ["fr"]}
        assert columns.of_month(month(fr), b"s" * 32, "2026-12", without) == {}
    assert columns.of_month(month(70), b"s" * 32, "2027-01", without) == {"language": ["fr"]}
    drawn = {columns.enough(b"s" * 32, f"{year}-Q{quarter}", "language") for year in range(2026, 2046) for quarter in range(1, 5)}
    assert min(drawn) >= 50
    assert max(drawn) <= 69
    assert len(drawn) > 10
