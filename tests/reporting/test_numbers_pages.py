"""The pages of the numbers: the same for everyone, made of what was published, and the work on them for two roles."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import clock
from app.core.clock import now as today
from app.core.errors import Invalid
from app.core.ids import new_ref
from app.core.settings import Settings
from app.domain.actor import Actor
from app.domain.reporting import promising
from app.domain.reporting.releasing import figures, releases
from app.domain.reporting.showing import health, wording
from app.domain.reporting.showing.queries import Kept
from app.domain.reporting.showing.told import told
from app.jobs import numbers
from app.models.accounts import Answer, Role
from app.models.groups import GroupLeaving, GroupState, Visibility
from app.models.reporting import ChangePromise, NumberGoal, NumberRelease, ReferencePopulation
from app.schemas.reporting import NewPromise
from tests.browse import text_of
from tests.factories import Make
from tests.reporting.test_releases import by_id, later, made, people


@pytest.fixture
def released(make: Make, app: Any, settings: Settings) -> NumberRelease:
    """A published release of October: 41 women, 62 men, 23 others; few of those who lead are women."""
    people(make, 18, 7, 8, 3)
    people(make, 11, 12, 12, seen_on=date(2026, 9, 20))
    people(make, 12, 43, 10, 0, Role.ORGANISER)
    make.commit()
    return made(app.state.house.database, settings)


def test_before_the_first_release_the_room_says_so(browse: Any) -> None:
    page = browse().get("/numbers")
    assert page.status_code == 200
    assert "None were published yet." in text_of(page)


def test_everyone_reads_the_release(browse: Any, make: Make, released: NumberRelease) -> None:
    page = browse().get("/numbers")
    words = text_of(page)
    assert "Numbers of October 2026" in words
    assert "Of the people who answered, between a" in words
    assert "The largest fall stands between “Came in the last 30 days of the month, or since” and “Lead a group”" in words
    assert f"/numbers/releases/{released.ref}.json" in page.text
    same = [f["of"] for f in released.body["metrics"] if f["metric"] == "women_share" and f["reason"] == "hidden"]
    assert len(same) > 1
    assert words.count("Not told, so that nobody can be found.") == 1, "steps of which the same is said stand together"
    assert "<svg" in page.text
    assert page.text.count("<table") == 2 + len(released.body["tables"])  # women's share, how the network is
    assert text_of(browse().get(f"/numbers/releases/{released.ref}")) == words


def test_a_release_that_is_published_changes_the_kept_page(browse: Any, make: Make, app: Any, settings: Settings) -> None:
    guest = browse()
    assert "None were published yet." in text_of(guest.get("/numbers"))
    people(make, 60, 60, 20)
    make.commit()
    made(app.state.house.database, settings)
    guest.post("/leave")  # over a network the versions are asked for once a second, and after whatever was sent
    assert "Numbers of October 2026" in text_of(guest.get("/numbers"))


def test_what_is_made_but_not_published_is_for_two_roles(browse: Any, make: Make, app: Any, settings: Settings) -> None:
    people(make, 60, 60, 20)
    analyst, coordinator = make.member("", Role.ANALYST), make.member("", Role.COORDINATOR)
    make.commit()
    release = numbers.make(app.state.house.database, settings, "2026-10")
    assert "None were published yet." in text_of(browse().get("/numbers"))
    for ending in ("", ".json", ".csv"):
        assert browse().get(f"/numbers/releases/{release.ref}{ending}").status_code == 404
    for worker in map(browse, (analyst, coordinator)):
        assert "Next: numbers of October 2026" in text_of(worker.get("/desk/numbers/next"))
        assert "The numbers of October 2026 are made. They become public after 23 November 2026." in text_of(
            worker.get("/desk/numbers")
        )
    for role in (Role.SAFEGUARDING, Role.OPERATOR, Role.ORGANISER, Role.MENTOR):
        other = make.member("", role)
        make.commit()
        browser = browse(other)
        assert [browser.get(path).status_code for path in ("/desk/numbers", "/desk/numbers/next")] == [404, 404]


def test_json_and_csv_say_the_same(browse: Any, released: NumberRelease) -> None:
    body = browse().get(f"/numbers/releases/{released.ref}.json").json()
    assert body == released.body | {"groups": [], "deciding": []}
    answer = browse().get(f"/numbers/releases/{released.ref}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    for table in body["tables"]:
        for row, cells in zip(table["rows"], table["cells"], strict=True):
            for column, value in zip(table["cols"], cells, strict=True):
                found = [r["value"] for r in rows if (r["id"], r["row"], r["column"]) == (table["id"], row, column)]
                assert found == ["" if value is None else str(value)]
    for one in body["metrics"]:
        told_there = {r["column"]: r["value"] for r in rows if (r["kind"], r["id"]) == ("figure", f"{one['metric']}.{one['of']}")}
        flat = {key: value for key, value in one.items() if key not in ("metric", "of") and not isinstance(value, dict)}
        assert flat
        assert {key: "" if value is None else str(value) for key, value in flat.items()}.items() <= told_there.items()
    assert [r["value"] for r in rows if r["kind"] == "note"] == body["notes"]
    assert answer.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("path", ["/numbers/releases/222222222222", "/numbers/releases/x", "/numbers/releases/222222222222.json"])
def test_what_is_no_release_is_not_there(browse: Any, path: str) -> None:
    assert browse().get(path).status_code in (404, 422)


def test_a_corrected_release_points_to_the_newer_one(browse: Any, app: Any, settings: Settings, released: NumberRelease) -> None:
    newer = made(app.state.house.database, settings, reason="A reason.")
    page = browse().get(f"/numbers/releases/{released.ref}")
    assert "These numbers were put right later." in text_of(page)
    assert f'href="/numbers/releases/{newer.ref}"' in page.text
    assert "A reason." in text_of(browse().get("/numbers"))


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_language_reads_it_whole(browse: Any, released: NumberRelease, language: str) -> None:
    page = browse(language=language).get("/numbers")
    assert page.status_code == 200
    english = "Of the people who answered" in page.text
    assert english is (language == "en")
    bars = page.text.count('class="bar"')
    assert bars >= 2
    assert ('text x="320"' in page.text) is (language == "ar")  # the chart is mirrored


@pytest.mark.parametrize("items", [1, 3])
def test_pages_take_few_statements(
    browse: Any, make: Make, app: Any, settings: Settings, count_queries: Any, released: NumberRelease, items: int
) -> None:
    for _n in range(items - 1):
        made(app.state.house.database, settings, reason="Again.")
    analyst = make.member("", Role.ANALYST)
    make.commit()
    database, worker = app.state.house.database, browse(analyst)
    for browser, path, expected in ((browse(), "/numbers", 3), (worker, "/numbers", 3), (worker, "/desk/numbers", 7)):
        with clock.at(clock.now() + timedelta(seconds=items)), count_queries(database.write_engine, database.read_engine) as sent:
            assert browser.get(path).status_code == 200
        assert len(sent) == expected, (path, sent)


def test_a_reference_is_named_and_ended(browse: Any, make: Make, app: Any, settings: Settings, released: NumberRelease) -> None:
    coordinator = make.member("", Role.COORDINATOR)
    make.commit()
    browser = browse(coordinator)
    right = {"source": "Office <X>", "year": "2024", "place": "Senegal", "share": "35"}
    for wrong in ({"share": "130"}, {"share": "-1"}, {"share": "a third"}, {"year": "2027"}, {"year": "1066"}, {"source": ""}):
        answer = browser.post("/desk/numbers/references", right | wrong)
        assert answer.status_code == 422, wrong
        assert "Office &lt;X&gt;" in answer.text or wrong == {"source": ""}
    assert "Kept." in text_of(browser.send("/desk/numbers/references", right))
    browser.send("/desk/numbers/references", right | {"share": "40"})
    rows = make.db.exec(select(ReferencePopulation).order_by(col(ReferencePopulation.id))).all()
    assert [(r.share, r.ended_on is None) for r in rows] == [(35, False), (40, True)]
    make.commit()
    with later():
        made(app.state.house.database, settings, "2026-11")
        guest = browse()
        assert "Against the reference" in text_of(guest.get("/numbers"))
        assert "Office <X>, 2024, Senegal: 40 women in 100" in text_of(guest.get("/numbers"))
    assert "Ended." in text_of(browser.send("/desk/numbers/references/end"))


def test_a_promise_stands_with_the_next_release(
    browse: Any, make: Make, app: Any, settings: Settings, released: NumberRelease
) -> None:
    analyst = make.member("", Role.ANALYST)
    make.commit()
    browser = browse(analyst)
    wish = {"what": "Meetings on Saturday mornings", "owner": "coordinators", "due": "2027-03-01"}
    for wrong in (
        {"due": "2026-11-20"},
        {"due": "2030-01-01"},
        {"due": "soon"},
        {"what": ""},
        {"what": "Saturday: 3 women"},
        {"what": "Saturday: eleven women"},
        {"what": f"Saturday with {analyst.name}"},
        {"owner": "Ann"},
    ):
        answer = browser.post("/desk/numbers/promises", wish | wrong)
        assert answer.status_code == 422
        assert ("Saturday" in answer.text) is (wrong.get("what") != "")
    browser.send("/desk/numbers/promises", wish)
    assert "Saturday" not in text_of(browse().get("/numbers"))
    row = make.db.exec(select(ChangePromise)).one()
    make.commit()
    assert browser.post("/desk/numbers/promises/done", {"id": str(row.id), "outcome": ""}).status_code == 422
    told_too_much = browser.post("/desk/numbers/promises/done", {"id": str(row.id), "outcome": "Eleven women came."})
    assert (told_too_much.status_code, "Eleven women came." in told_too_much.text) == (422, True)
    browser.send("/desk/numbers/promises/done", {"id": str(row.id), "outcome": "More women came."})
    assert browser.post("/desk/numbers/promises/done", {"id": str(row.id), "outcome": "Once more."}).status_code == 404
    with later():
        release = made(app.state.house.database, settings, "2026-11")
        words = text_of(browse().get("/numbers"))
    assert "Meetings on Saturday mornings" in words
    assert "More women came." in words
    assert "The coordinators" in words
    assert "Saturday" not in str(release.body)  # the page tells it, so that it can be taken away
    assert "Saturday" not in text_of(browse().get(f"/numbers/releases/{released.ref}"))


def test_a_promise_is_taken_away_before_and_after_it_is_public(
    browse: Any, make: Make, app: Any, settings: Settings, released: NumberRelease
) -> None:
    analyst = make.member("", Role.ANALYST)
    make.commit()
    browser = browse(analyst)
    for what in ("Chairs in the yard", "Childcare at meetings"):
        browser.send("/desk/numbers/promises", {"what": what, "owner": "everyone", "due": "2027-03-01"})
    saturday, sunday = (str(row.id) for row in make.db.exec(select(ChangePromise).order_by(col(ChangePromise.id))))
    make.commit()
    assert "Taken away" in text_of(browser.send("/desk/numbers/promises/erase", {"id": saturday}))
    assert browser.post("/desk/numbers/promises/erase", {"id": saturday}).status_code == 404
    with later():
        browser = browse(analyst)
        numbers.make(app.state.house.database, settings, "2026-11")
        assert "Childcare" in text_of(browser.get("/desk/numbers/next"))  # what is looked over is what becomes public
        made(app.state.house.database, settings, "2026-11")
        words = text_of(browse().get("/numbers"))
        assert ("Childcare" in words, "Chairs" in words) == (True, False)
        guest = browse()
        browser.send("/desk/numbers/promises/erase", {"id": sunday})
        guest.post("/leave")
        assert "Childcare" not in text_of(guest.get("/numbers"))


def test_open_promises_are_never_left_out(make: Make, db: Any) -> None:
    coordinator = Actor(make.member().id, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    wish = NewPromise(what="Chairs for all", owner="everyone", due=date(2027, 3, 1))
    rows = [promising.promise(db, coordinator, wish) for _n in range(promising.SHOWN)]
    with pytest.raises(Invalid, match="open at once"):
        promising.promise(db, coordinator, wish)
    promising.settle(db, coordinator, rows[-1].id, "Done.")
    promising.promise(db, coordinator, wish)
    assert all(not one["done"] for one in promising.to_publish(db))


@pytest.mark.parametrize(
    ("hidden", "narrowest", "revision", "says", "says_not"),
    [
        (0, None, 1, "none had to be hidden", "range"), (3, None, 1, "3 are hidden", "none had"),
        (3, 5, 1, "range of 5 or more", "none had"), (3, 4, 1, "3 are hidden", "range"),
        (3, 5, 2, "nobody can call it back", "range"),
    ],
)  # fmt: skip
def test_what_is_said_of_the_audit_is_so(hidden: int, narrowest: int | None, revision: int, says: str, says_not: str) -> None:
    body = {
        "metrics": [], "tables": [], "rules": {"width": 5, "version": "2"},
        "audit": {"cells": 20, "hidden": hidden, "narrowest": narrowest},
    }  # fmt: skip
    words = told(Kept("r", "2026-10", revision, date(2026, 11, 1), clock.now(), None, body, [], [], 0)).audit
    assert says in words
    assert says_not not in words


def test_what_is_hidden_is_never_told_as_few_or_as_no_fall() -> None:
    def share(kind: str, reason: str | None = None) -> dict[str, Any]:
        return {"kind": kind, "reason": reason, "of": "joined", "response": None}

    assert "Too few" not in wording.about_share(share("none", "hidden"))
    one, two, three = share("share"), share("share"), share("none", "hidden")
    assert wording.about_drop(None, [one, two]).startswith("From step to step, no fall")
    assert "A larger fall can stand there" in wording.about_drop(None, [one, two, three])
    assert "does not say that all is well" in wording.about_drop(None, [one, three])
    part = {"of": "listings", "percent": None, "column": "in time"}
    assert "too few" not in health.about(part | {"reason": "hidden"})
    assert "too few" in health.about(part | {"reason": "too_few"})


def test_why_people_left_stands_at_work_as_it_was_printed(browse: Any, make: Make, app: Any, settings: Settings) -> None:
    people(make, 60, 60, 20)
    group, analyst = make.group(visibility=Visibility.LISTED, state=GroupState.SHOWN), make.member("", Role.ANALYST)
    for reason, many in (("far", 23), ("time", 41), ("safe", 3)):
        make.db.add_all(GroupLeaving(group_id=group.id, reason=reason, month=date(2026, 10, 1)) for _n in range(many))
    make.commit()
    release = made(app.state.house.database, settings)
    shown = [n for n in by_id(release, "leaving")["cells"][0] if n is not None]
    words = text_of(browse(analyst).get("/desk/numbers"))
    assert f"No time: about {max(shown)}" in words
    assert [f"about {n}" in words for n in shown] == [True] * len(shown)
    assert "I did not feel safe" not in words
    empty = told(Kept(*(getattr(release, name) for name in Kept.__slots__[:6]), release.body | {"tables": []}, [], [], 0))
    assert empty.leaving == []


def test_me_and_work_lead_to_the_numbers(browse: Any, make: Make) -> None:
    analyst, coordinator = (make.member("", role, totp_secret="set up") for role in (Role.ANALYST, Role.COORDINATOR))
    make.commit()
    assert 'href="/desk/numbers"' in browse(analyst).get("/me").text
    assert 'href="/desk/numbers"' in browse(coordinator).get("/desk").text


def test_the_page_holds_no_number_that_is_not_in_the_file(released: NumberRelease) -> None:
    """Of the exact counts (41 women, 62 men, 33 silent, 136 members, 12 women and 43 men who lead) none is on the page."""
    kept = Kept(*(getattr(released, name) for name in Kept.__slots__))
    cells = [cell for table in told(kept).tables for row in table.rows for cell in row[1:]]
    printed = {n for t in released.body["tables"] for n in (*t["cells"][0], *t["row_totals"], *t["col_totals"], t["total"])}
    on_the_page = {int(c) for c in cells if c.isdigit()}
    assert len(on_the_page) > 5
    assert on_the_page <= printed
    assert not {"41", "62", "33", "136", "12", "43"} & set(cells)
    assert by_id(released, "joined")["total"] == 135
    assert released.counted_on == date(2026, 11, 20)


def test_what_is_wanted_stands_with_the_release_and_who_can_act_is_told(
    browse: Any, make: Make, app: Any, settings: Settings
) -> None:
    people(make, 18, 7, 8, 3)
    people(make, 11, 12, 12, seen_on=date(2026, 9, 20))
    people(make, 12, 90, 10, 0, Role.ORGANISER)
    analyst, other = make.member("", Role.ANALYST), make.member("", Role.SAFEGUARDING)
    make.commit()
    desk = browse(analyst)
    assert desk.post("/desk/numbers/goals", {"figure": "leads", "least": "101"}).status_code == 422
    refused = desk.post("/desk/numbers/goals", {"figure": "tall", "least": "30"})
    assert refused.status_code == 422
    assert "Choose one of these." in text_of(refused)
    for what, least in (("leads", "30"), ("leads", "40"), ("response", "30"), ("mentors", "50")):
        assert desk.post("/desk/numbers/goals", {"figure": what, "least": least}).status_code == 303
    release = made(app.state.house.database, settings)
    goals = {f["of"]: (f["least"], f["met"]) for f in release.body["metrics"] if f["metric"] == "goal"}
    assert goals == {"response": (30, True), "leads": (40, False), "mentors": (50, None)}
    words = text_of(browse().get("/numbers"))
    assert "['" not in words + text_of(desk.get("/desk/numbers"))
    assert "Lead a group: the network wants at least 40 women in 100. It is not reached." in words
    assert "Are mentors: the network wants at least 50 women in 100. These numbers do not tell whether it is reached." in words
    assert "something in them lies below what the network wants" in text_of(desk.get("/my/answers"))
    assert "Numbers were published" not in text_of(browse(other).get("/my/answers"))
    sheet = text_of(browse().get(f"/numbers/releases/{release.ref}/sheet"))
    assert "It is not reached." in sheet
    assert "Smallest number that is shown 10" in sheet
    assert release.ref in sheet
    with app.state.house.database.reading() as db:
        wanted = db.exec(select(NumberGoal.id).where(col(NumberGoal.ended_on).is_(None))).all()
    desk.post("/desk/numbers/goals/end", {"id": str(wanted[0])})
    with app.state.house.database.reading() as db:
        assert db.exec(select(NumberGoal.id).where(col(NumberGoal.ended_on).is_(None))).all() == wanted[1:]


@pytest.mark.parametrize(
    ("now", "before", "fell"),
    [((60, 2), (70, 2), True), ((61, 2), (70, 2), False), ((80, 3), (70, 3), False), ((None, None), (70, 2), None),
     ((60, 2), (None, None), None), ((60, 2), (80, 3), None)],
)  # fmt: skip
def test_that_fewer_answer_is_said(now: tuple[int, int], before: tuple[int, int], fell: bool | None) -> None:
    one = dict(zip(("response", "columns"), now, strict=True)) | {"of": "joined"}
    other = dict(zip(("response", "columns"), before, strict=True)) | {"of": "joined", "metric": "women_share"}
    found = figures.response([one], [other])
    assert (found and found["fell"]) is fell


def test_a_column_that_comes_or_goes_is_no_fall() -> None:
    """150 women, 150 men and 50 others of 400: as many answered, whether the others stand in a column of their own or not."""
    with_others = {
        "id": "joined", "title": "", "cols": ["women", "men", "another", "not stated"], "rows": ["members"],
        "cells": [[150, 150, 50, 50]], "row_totals": [400], "col_totals": [150, 150, 50, 50], "total": 400,
    }  # fmt: skip
    without = with_others | {
        "cols": ["women", "men", "another or not stated"],
        "cells": [[150, 150, 100]],
        "col_totals": [150, 150, 100],
    }
    before, now = figures.share(with_others), figures.share(without)
    assert (before["response"], now["response"]) == (88, 75)
    assert figures.response([now], [before]) is None
    wanted = figures.reached({"response": 85}, [before]) + figures.reached({"response": 85}, [now])
    assert [one["met"] for one in wanted] == [True, None]
    few = without | {"cells": [[50, 50, 300]], "col_totals": [50, 50, 300]}
    assert figures.reached({"response": 60}, [figures.share(few)])[0]["met"] is False


def test_a_correction_tells_nobody_anew(db: Session, make: Make) -> None:
    make.member("Awa", Role.ANALYST)
    body = {"metrics": [{"metric": "goal", "of": "leads", "least": 40, "met": False}], "tables": []}
    for revision in (1, 2):
        release = NumberRelease(
            ref=new_ref(), period="2026-10", revision=revision, counted_on=today().date(), prepared_at=today(), body=body
        )
        db.add(release)
        db.flush()
        releases.publish(db, release)
        assert db.exec(select(sa.func.count()).select_from(Answer)).one() == 1
