"""The register of calls: entered, read by everybody in the same minute, changed with a history, cancelled, restored."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core.clock import at, now
from app.domain.accounts import changes
from app.domain.money import calls, queries, standing
from app.models.accounts import Answer, Member, MemberStatus, Role
from app.models.groups import GroupRole, GroupState
from app.models.money import FundCall, FundCallChange
from tests.browse import Browser, text_of
from tests.groups.conftest import Circle


def typed(**other: str) -> dict[str, Any]:
    """Return a form that is right."""
    today = now().date()
    return {
        "title": "Tools for workshops", "by_whom": "Three Rivers Fund", "about": "Machines and tables.", "language": "en",
        "most": "4 000", "least": "500,50", "currency": "EUR", "who": "Every group.", "criteria": "60 Women lead it\n40 It lasts",
        "opens_on": today.isoformat(), "opens_hour": "00:00", "closes_on": (today + timedelta(days=20)).isoformat(),
        "closes_hour": "18:00", "zone": "Africa/Dakar", "decided_by": "Three people of the fund", "ties": "None known.",
        "languages": ["en", "wo"], "how": "By letter.", "source": "https://three-rivers.example/tools", **other,
    }  # fmt: skip


@pytest.fixture
def sahr(circle: Circle) -> Member:
    """A coordinator."""
    return circle.make.member("Sahr Harbour", Role.COORDINATOR)


def test_a_call_is_there_for_everybody_in_the_same_minute(circle: Circle, sahr: Member) -> None:
    paused = circle.make.member(status=MemberStatus.PAUSED)
    closed = circle.make.group(by=circle.lina, state=GroupState.CLOSED)
    circle.make.seat(circle.group, paused)
    keeper = circle.make.member("Sura Well")
    circle.make.seat(circle.group, keeper, GroupRole.MONEY)
    work = circle.browse(sahr)
    page = work.send("/desk/money", typed())
    call = circle.one(select(FundCall))
    assert (call.least, call.most, call.criteria) == (50_050, 400_000, [[60, "Women lead it"], [40, "It lasts"]])
    assert call.closes_at.hour == 18
    for reader in (circle.browse(), circle.browse(circle.lina), circle.browse(circle.awa)):
        assert "500.50 EUR to 4,000 EUR" in text_of(reader.get("/money"))
        shown = text_of(reader.get(f"/money/{call.ref}"))
        for words in (
            "Three Rivers Fund",
            "18:00 (Africa/Dakar)",
            "60 · Women lead it",
            "None known.",
            "Wolof",
            "No registration is needed",
        ):
            assert words in shown
        assert "Sahr" not in shown
    assert "18:00 (Africa/Dakar)" in text_of(page)
    told = circle.all(select(Answer))
    assert {(a.member_id, a.link) for a in told} == {(one.id, f"/money/{call.ref}") for one in (circle.awa, keeper)}
    assert len(told) == 2  # whoever cares for a group that is there, or keeps its accounts
    assert "There is a new call for money." in text_of(circle.browse(circle.awa).get("/my/answers"))
    assert closed.ref not in text_of(page)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"currency": ""}, "Choose the currency"), ({"currency": "DEM"}, "Choose one of these"),
        ({"most": "0"}, "more than nothing"),
        ({"most": "-4"}, "more than nothing"), ({"least": "5000"}, "smallest sum"), ({"criteria": "60 One"}, "add up to 60"),
        ({"closes_on": "2020-01-01"}, "This moment is over"), ({"closes_hour": "25:00"}, "Write an hour"),
        ({"opens_on": "2030-02-30"}, "Write a day"), ({"zone": "Mars/Base"}, "Choose one of these"),
        ({"source": "javascript:alert(1)"}, "https://"), ({"source": "https://user@house.example"}, "https://"),
        ({"languages": []}, "Something is missing"), ({"ties": " "}, "Something is missing"), ({"languages": ["xx"]}, "Choose one"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(circle: Circle, sahr: Member, wrong: dict[str, Any], says: str) -> None:
    answer = circle.browse(sahr).post("/desk/money", typed(about="Only these words", **wrong))
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "Only these words" in answer.text
    assert circle.all(select(FundCall)) == []


def test_what_was_changed_stays_to_be_read_and_the_deadline_only_moves_later(circle: Circle, sahr: Member) -> None:
    work, guest = circle.browse(sahr), circle.browse(circle.lina)
    work.send("/desk/money", typed())
    ref = circle.one(select(FundCall)).ref
    form = work.get(f"/desk/money/{ref}")
    assert 'value="500.50"' in form.text
    sooner = typed(row_version="1", closes_on=(now().date() + timedelta(days=19)).isoformat())
    assert "only moves to a later moment" in text_of(work.post(f"/desk/money/{ref}", sooner))
    later = typed(row_version="1", closes_on=(now().date() + timedelta(days=25)).isoformat(), most="5 000")
    work.send(f"/desk/money/{ref}", later)
    shown = text_of(guest.get(f"/money/{ref}"))
    assert "5,000 EUR" in shown
    assert "Before: 500.50 EUR – 4,000 EUR" in shown
    late = work.post(f"/desk/money/{ref}", typed(row_version="1", about="Words of a slower hand"))
    assert late.status_code == 409
    assert "Words of a slower hand" in late.text
    assert "What stands there now" in text_of(late)
    assert "500.50 EUR – 5,000 EUR" in text_of(late)  # what the other one wrote
    assert "Three Rivers Fund" not in text_of(late).split("What stands there now")[1].split("Everybody reads")[0]
    work.send(f"/desk/money/{ref}", later | {"row_version": "2"})  # nothing is different: no change
    assert len(circle.all(select(FundCallChange))) == 1
    with at(now() + timedelta(days=26)):
        other = circle.browse(circle.make.member("Later Harbour", Role.COORDINATOR))
        assert "has closed" in text_of(other.post(f"/desk/money/{ref}", later | {"row_version": "2"}))
        assert "Tools for workshops" not in text_of(other.get("/money"))
        assert "Tools for workshops" in text_of(other.get("/money?view=over"))


def test_a_name_that_stood_there_goes_for_good_also_after_a_restore(circle: Circle, sahr: Member) -> None:
    work = circle.browse(sahr)
    work.send("/desk/money", typed(ties="Fatou is a cousin of an organiser."))
    call = circle.one(select(FundCall))
    work.send(f"/desk/money/{call.ref}", typed(row_version="1", ties="One has a relative in a group.", unname="1"))
    shown = circle.browse(circle.lina).get(f"/money/{call.ref}")
    assert "Fatou" not in shown.text
    assert "What stood there before is not shown" in text_of(shown)
    assert circle.one(select(FundCallChange)).before == {"ties": None}
    db = circle.make.db
    assert standing.erase_again(db, calls.UNNAMED, call.id, now().date())
    assert circle.fresh(call).ties == "One has a relative in a group."  # a copy of today: the words are those after it
    for row in db.exec(select(FundCallChange)):  # an older copy: the call as it was before
        db.delete(row)
    db.get_one(FundCall, call.id).ties = "Fatou is a cousin of an organiser."
    db.flush()
    assert standing.erase_again(db, calls.UNNAMED, call.id, now().date())
    db.commit()
    gone = circle.browse(circle.lina).get(f"/money/{call.ref}")
    assert "Fatou" not in gone.text
    assert "Taken out: it named a person." in text_of(gone)


def test_words_are_taken_out_of_a_call_that_is_over(circle: Circle, sahr: Member) -> None:
    past = circle.make.fund_call(
        "Fatou pays", opens_at=now() - timedelta(days=9), closes_at=now() - timedelta(days=2), ties="Fatou"
    )
    work = circle.browse(sahr)
    assert "What names a person?" in text_of(work.get(f"/desk/money/{past.ref}"))
    assert work.post(f"/desk/money/{past.ref}/take-out").status_code == 422
    work.send(f"/desk/money/{past.ref}/take-out", {"parts": ["title", "ties", "made_by"]})
    shown = circle.browse(circle.lina).get(f"/money/{past.ref}")
    assert "Fatou" not in shown.text
    assert "Taken out: it named a person." in text_of(shown)
    assert circle.browse(circle.lina).post(f"/desk/money/{past.ref}/take-out", {"parts": ["ties"]}).status_code == 404


def test_a_name_goes_and_what_is_no_word_stays_to_be_read(circle: Circle, sahr: Member) -> None:
    named = "Mrs Diop"
    work, guest = circle.browse(sahr), circle.browse(circle.lina)
    work.send("/desk/money", typed(ties=f"{named} is a sister", paper_rule=f"{named} asks", criteria=f"60 {named}\n40 It lasts"))
    call = circle.one(select(FundCall))
    path = f"/desk/money/{call.ref}"
    assert "Nothing stood here before" in text_of(work.post(path, typed(
        ties=f"{named} is a sister", paper_rule=f"{named} asks", criteria=f"60 {named}\n40 It lasts", row_version="1", unname="1"
    )))  # fmt: skip
    work.send(path, typed(paper_rule=f"{named} asks", most="900", criteria="60 Friends\n40 It lasts", row_version="1"))
    work.send(path, typed(paper_rule=f"{named} asks", most="900", criteria="60 Friends\n40 It lasts", row_version="2", unname="1"))
    shown = text_of(guest.get(f"/money/{call.ref}"))
    assert "they named a person" in shown
    for stays in ("Before: 500.50 EUR – 4,000 EUR", "60 · …"):
        assert stays in shown
    assert shown.count(named) == 1  # the rule about papers
    work.send(f"{path}/take-out", {"parts": ["before"]})
    work.send(f"{path}/take-out", {"parts": ["paper_rule", "criteria", "source", "ties"]})
    page = guest.get(f"/money/{call.ref}")
    assert "three-rivers.example" not in page.text
    for absent in (named, "No registration is needed", "Friends"):
        assert absent not in text_of(page)
    assert "Papers are asked for. Taken out" in text_of(page)
    work.send(path, typed(most="900", criteria="60 Friends\n40 It lasts", row_version="5"))
    shown = text_of(guest.get(f"/money/{call.ref}"))
    assert "Before: nothing" not in shown
    assert named not in shown
    assert circle.fresh(call).paper_rule == ""
    assert calls.unname_again(circle.make.db, call.id, calls.UNNAMED, now().date() + timedelta(days=1))
    assert circle.fresh(call).criteria == [[60, "…"], [40, "…"]]
    assert (circle.fresh(call).source, circle.fresh(call).paper_rule) == ("", "")


def test_old_changes_stay_to_be_read_page_by_page(circle: Circle) -> None:
    call = circle.make.fund_call()
    for number in range(queries.PER_PAGE + 1):
        circle.make.db.add(FundCallChange(call_id=call.id, at=now(), before={"about": f"words {number:02}"}))
        circle.make.db.flush()  # in this order
    circle.make.commit()
    reader = circle.browse(circle.lina)
    first = reader.get(f"/money/{call.ref}")
    assert "words 00" not in first.text
    assert f"/money/{call.ref}?page=2" in first.text
    assert "words 00" in reader.get(f"/money/{call.ref}?page=2").text
    assert reader.get(f"/money/{call.ref}?page=3").status_code == 404


def test_what_was_cancelled_stays_with_its_reason(circle: Circle, sahr: Member) -> None:
    work = circle.browse(sahr)
    work.send("/desk/money", typed())
    ref = circle.one(select(FundCall)).ref
    again = work.post(f"/desk/money/{ref}/cancel", {"why": ""})
    assert again.status_code == 422
    work.send(f"/desk/money/{ref}/cancel", {"why": "The fund is empty."})
    shown = text_of(circle.browse(circle.lina).get(f"/money/{ref}"))
    assert "The fund is empty." in shown
    assert "Tools for workshops" not in text_of(circle.browse(circle.lina).get("/money"))
    assert "Cancelled" in text_of(circle.browse(circle.lina).get("/money?view=over"))
    assert work.post(f"/desk/money/{ref}/cancel", {"why": "Twice"}).status_code == 403
    assert len(circle.all(select(Answer).where(Answer.member_id == circle.awa.id))) == 2


def test_whoever_leaves_is_not_named_in_what_they_entered(circle: Circle, sahr: Member) -> None:
    circle.browse(sahr).send("/desk/money", typed())
    db = circle.make.db
    assert standing.export(db, sahr.id)["calls that I entered"][0]["name"] == "Tools for workshops"
    changes.purge_member(db, sahr.id)
    db.commit()
    assert circle.one(select(FundCall)).made_by is None


@pytest.mark.parametrize("items", [1, 3])
def test_the_register_costs_the_same_for_any_number_of_calls(
    circle: Circle, count_queries: Callable[..., Any], app: Any, items: int
) -> None:
    found = [circle.make.fund_call() for _n in range(items)]
    database = app.state.house.database
    for browser, lists, one in ((circle.browse(), 1, 2), (circle.browse(circle.lina), 2, 3)):
        for path, statements in (("/money", lists), (f"/money/{found[0].ref}", one)):
            assert _statements(browser, path, count_queries, database) == statements, path


def _statements(browser: Browser, path: str, count_queries: Callable[..., Any], database: Any) -> int:
    browser.get("/money?view=over")
    with count_queries(database.read_engine, database.write_engine) as seen:
        assert browser.get(path).status_code == 200
    return len([s for s in seen if "content_version" not in s or "ORDER BY" not in s])
