"""What people do to keep listings true: calls with their log, corrections that members suggest, the history of a listing."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

import pytest
from httpx import Response
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.db import Database
from app.core.settings import Settings
from app.domain.actor import Actor
from app.domain.directory import correcting, suggesting
from app.domain.directory.care_words import difference
from app.domain.partners.taking import Sent, put
from app.jobs import retention
from app.models.accounts import Member, Role
from app.models.directory import Service
from app.models.listing_care import CallOutcome, ListingCall, ListingSuggestion, SuggestionState
from app.models.partners import Partner, PartnerRecord, RecordState
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.partners.conftest import service as sent

Browse = Callable[..., Browser]


@pytest.fixture
def desk(browse: Browse, make: Make) -> Browser:
    """A coordinator's browser."""
    member = make.member("Open Door", Role.COORDINATOR)
    make.commit()
    return browse(member)


def test_a_call_that_nobody_answers_is_noted_and_the_listing_rests(browse: Browse, make: Make, db: Session) -> None:
    member = make.member("Open Door", Role.COORDINATOR)
    late = make.service("Late", verify_due=TODAY.date() - timedelta(days=1))
    make.commit()
    desk = browse(member)
    assert "Late" in text_of(desk.get("/desk/listings"))
    assert desk.post(f"/desk/listings/{late.ref}/call", {"method": "phone"}).status_code == 422
    said = text_of(desk.send(f"/desk/listings/{late.ref}/call", {"outcome": "no_answer", "method": "phone"}))
    assert "Noted. It is due again on 23 Nov." in said
    assert "All checked" in said
    with clock.at(TODAY + timedelta(days=3)):
        desk = browse(member)
        again = text_of(desk.get("/desk/listings"))
        assert "Last try on 20 November 2026: nobody answered" in again
        desk.send(f"/desk/listings/{late.ref}/confirm", {"method": "visit"})
        page = text_of(desk.get(f"/desk/listings/{late.ref}"))
    assert "23 November 2026, By a visit: still true (a coordinator)" in page
    assert "20 November 2026, By phone: nobody answered (a coordinator)" in page
    past = text_of(browse().get(f"/help/{late.ref}/history"))  # everybody reads it
    for part in ("A coordinator went there on 23 November 2026", "nobody answered (a coordinator)", "looked at then", "Name"):
        assert part in past
    rows = db.exec(select(ListingCall).order_by(ListingCall.id)).all()  # type: ignore[arg-type]
    assert [row.outcome for row in rows] == [CallOutcome.NO_ANSWER, CallOutcome.TRUE]


def test_a_member_suggests_and_a_coordinator_takes_what_is_right(desk: Browser, browse: Browse, make: Make, db: Session) -> None:
    service = make.service("Legal hlep", phone="+221 77 000 00 01")
    member, other = make.member(), make.member()
    make.commit()
    guest, reader = browse(), browse(member)
    assert "Suggest a correction" not in text_of(guest.get(f"/help/{service.ref}"))
    assert guest.get(f"/help/{service.ref}/suggest").status_code == 303
    assert "Suggest a correction" in text_of(reader.get(f"/help/{service.ref}"))
    form = {"name": "Legal hlep", "phone": "+221 77 000 00 01", "hours": ""}
    same = reader.post(f"/help/{service.ref}/suggest", form)
    assert same.status_code == 422
    assert "Nothing is different" in text_of(same)
    wish = {**form, "name": "Legal help", "phone": "+221 33 800 00 00"}
    sent = reader.send(f"/help/{service.ref}/suggest", wish)
    assert "looks at it" in text_of(sent)
    number = _number(sent)
    also = _number(browse(other).send(f"/help/{service.ref}/suggest", wish))  # somebody else says the same: one decision for both
    assert number != also
    rows = db.exec(select(ListingSuggestion).order_by(ListingSuggestion.field)).all()[::2]  # type: ignore[arg-type]
    assert [(row.field, row.current, row.offered) for row in rows] == [
        ("name", "Legal hlep", "Legal help"), ("phone", "+221 77 000 00 01", "+221 33 800 00 00"),
    ]  # fmt: skip
    db.commit()  # a session that has read keeps others from writing
    assert not set(ListingSuggestion.model_fields) & {"member_id", "author_id"}
    assert number.replace(" ", "") not in str([row.model_dump() for row in rows])
    assert text_of(guest.post("/back", {"number": number})).count("Nobody has decided about it yet.") == 2
    assert "do not know this number" in text_of(guest.post("/back", {"number": "1111 2222 3333 4444"}))
    assert "Legal hlep" in text_of(desk.get("/desk/listings?view=suggested"))
    page = desk.get(f"/desk/listings/{service.ref}")
    assert page.text.count("<ins>help</ins>") == 1
    path = f"/desk/listings/{service.ref}/suggestions"
    desk.send(path, {"id": str(rows[0].id), "do": "accept"})
    desk.send(path, {"id": str(rows[1].id), "do": "decline"})
    late = desk.post(path, {"id": str(rows[1].id), "do": "accept"})
    assert late.status_code == 422
    assert "decided about this already" in text_of(late)
    shown = text_of(guest.get(f"/help/{service.ref}"))
    assert "Legal help" in shown
    assert "77 000 00 01" in shown
    assert "Name: Legal hlep Legal help 20 November 2026, a coordinator" in text_of(desk.get(f"/desk/listings/{service.ref}"))
    assert "Nothing waits" in text_of(desk.get("/desk/listings?view=suggested"))
    for told in (number, also):
        answer = text_of(guest.post("/back", {"number": told}))
        assert "Taken over on 20 November 2026, by a coordinator" in answer
        assert "Looked at on 20 November 2026, by a coordinator: it stays as it is." in answer
    db.expire_all()
    assert db.get_one(Service, service.id).corrected == ["name"]


def _number(page: Response) -> str:
    return " ".join(re.findall(r"<li>(\d{4})</li>", page.text))


def test_of_what_became_protected_a_number_tells_nothing_but_that(desk: Browser, browse: Browse, make: Make) -> None:
    service, reader = make.service("Meeting point", phone="+221 77 000 00 01"), make.member()
    make.commit()
    number = _number(browse(reader).send(f"/help/{service.ref}/suggest", {"hours": "At the back door, Rue 12"}))
    assert "Rue 12" in text_of(browse().post("/back", {"number": number}))
    desk.send(f"/desk/listings/{service.ref}/protect", {})
    answer = text_of(browse().post("/back", {"number": number}))
    assert "The place is protected now" in answer
    assert "Rue 12" not in answer


def test_all_that_is_due_is_reached_page_by_page(desk: Browser, make: Make) -> None:
    for n in range(15):
        make.service(f"Late {n:02}", verify_due=TODAY.date() - timedelta(days=n % 3))
    make.commit()
    seen: list[str] = []
    path = "/desk/listings"
    for _page in range(3):
        page = desk.get(path)
        seen += re.findall(r"Late \d\d(?=</h2>)", page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = html.unescape(following.group(1)) if following else ""
    assert path == ""
    assert len(set(seen)) == len(seen) == 15
    assert desk.get("/desk/listings?after=9999-13-40_" + "0" * 32).status_code == 404
    assert desk.get("/desk/listings?after=9999-12-31_" + "0" * 32).headers["location"].endswith("/desk/listings")


def test_nothing_can_be_suggested_where_nothing_may_be_told(browse: Browse, make: Make) -> None:
    shelter = make.service("Safe house", protected=True, phone="+221 77 999 99 99")
    paused = make.service("Open house")
    reader, stopped = make.member(), make.member(status="paused")
    make.commit()
    browser = browse(reader)
    assert browser.get(f"/help/{shelter.ref}/suggest").status_code == 404
    answer = browser.post(f"/help/{shelter.ref}/suggest", {"phone": "1"})
    assert answer.status_code == 404
    assert "999" not in answer.text
    assert browse(stopped).post(f"/help/{paused.ref}/suggest", {"phone": "1"}).status_code == 403


def test_too_many_suggestions_are_refused_in_words(browse: Browse, make: Make, db: Session) -> None:
    service = make.service()
    reader, other = make.member(), make.member()
    make.commit()
    browser = browse(reader)
    answers = [browser.post(f"/help/{service.ref}/suggest", {"name": f"Name {n}"}).status_code for n in range(5)]
    assert answers == [303] * 4 + [429]
    db.add_all([
        ListingSuggestion(service_id=service.id, field="name", current="", offered=f"Other {n}", sent_on=now().date())
        for n in range(suggesting.MOST_WAITING - 4)
    ])  # fmt: skip
    make.commit()
    full = browse(other).post(f"/help/{service.ref}/suggest", {"name": "One more"})
    assert full.status_code == 422
    assert "Several people wrote about this" in text_of(full)


def test_one_member_keeps_nobody_else_from_correcting(browse: Browse, make: Make, database: Database, settings: Settings) -> None:
    service = make.service()
    busy, others = make.member(), [make.member() for _ in range(3)]
    make.commit()
    day = TODAY - timedelta(days=(TODAY.date() - date(1970, 1, 1)).days % suggesting.ROUND_DAYS)  # the first of a round
    number = count()

    def sent(member: Member, times: int, on: int) -> list[int]:
        with clock.at(day + timedelta(days=on)):
            browser = browse(member)
            forms = [{"name": f"Name {n}", "phone": f"+221 33 800 {n:04}", "hours": f"Door {n}"} for n in islice(number, times)]
            return [browser.post(f"/help/{service.ref}/suggest", form).status_code for form in forms]

    for week in (0, suggesting.ROUND_DAYS, 2 * suggesting.ROUND_DAYS):
        assert sent(busy, 5, week) == [303] * 4 + [429]
        with clock.at(day + timedelta(days=week + 3)):
            retention.run(database, settings)
        assert sent(busy, 1, week + suggesting.ROUND_DAYS - 1) == [429]
        assert [sent(member, 1, week + suggesting.ROUND_DAYS - 1) for member in others] == [[303]] * 3


def test_of_a_listing_that_ended_the_name_stands_without_a_way_to_nothing(browse: Browse, make: Make, db: Session) -> None:
    service = make.service("Legal help")
    reader = make.member()
    make.commit()
    told = browse(reader).send(f"/help/{service.ref}/suggest", {"name": "Legal aid"})
    number = re.search(r"\d{4}(?: \d{4}){3}", text_of(told))
    assert number
    answer = browse().post("/back", {"number": number[0]})
    assert f'href="/help/{service.ref}"' in answer.text
    service.status, service.defunct_on = "defunct", now().date()
    db.add(service)
    make.commit()
    answer = browse().post("/back", {"number": number[0]})
    assert "Legal help" in text_of(answer)
    assert "It is not in the list any more." in text_of(answer)
    assert f'href="/help/{service.ref}' not in answer.text


def test_whoever_offers_it_takes_a_correction_over_and_nobody_else_s(browse: Browse, make: Make, db: Session) -> None:
    keeper, other = make.member("Blue Thread"), make.member("Green Thread")
    partner: Partner = make.partner(looked_after_by=keeper)
    make.partner("Another house", looked_after_by=other)
    service = make.service("Legal hlep")
    db.add(PartnerRecord(
        partner_id=partner.id, kind="service", foreign_id="s1", object_id=service.id, state=RecordState.TAKEN, name=service.name,
        content={}, content_hash="", sent_at=now(),
    ))  # fmt: skip
    row = ListingSuggestion(service_id=service.id, field="name", current="Legal hlep", offered="Legal help", sent_on=now().date())
    db.add(row)
    make.commit()
    wish = {"id": str(row.id), "do": "accept"}
    assert browse(other).post("/partner/suggestions", wish).status_code == 404
    browser = browse(keeper)
    service.protected = True
    db.add(service)
    make.commit()
    assert "As it should read" not in text_of(browser.get("/partner?view=suggested"))
    assert browser.post("/partner/suggestions", wish).status_code == 404
    service.protected = False
    db.add(service)
    make.commit()
    assert "As it should read" in text_of(browser.get("/partner?view=suggested"))
    assert "Taken over" in text_of(browser.send("/partner/suggestions", wish))
    db.expire_all()
    assert db.get_one(Service, service.id).name == "Legal help"
    kept = db.get_one(ListingSuggestion, row.id)
    assert (kept.state, kept.decided_by_role) == (SuggestionState.ACCEPTED, "partner")
    assert db.get_one(Member, keeper.id)


@pytest.mark.parametrize(("before", "after", "left", "right"), [
    ("a b c", "a x c", [(False, "a"), (True, "b"), (False, "c")], [(False, "a"), (True, "x"), (False, "c")]),
    ("", "new", [], [(True, "new")]), ("same", "same", [(False, "same")], [(False, "same")]),
])  # fmt: skip
def test_a_difference_is_told_word_by_word(before: str, after: str, left: Any, right: Any) -> None:
    assert difference(before, after) == (left, right)


def test_what_a_list_says_against_a_person_waits_and_writes_over_nothing(desk: Browser, make: Make, db: Session) -> None:
    partner, member = make.partner(), make.member()
    coordinator = Actor(member.id, member.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)

    def send(number: str) -> Service:
        put(db, partner, [Sent("service", "s1", sent(phones=[{"id": "p1", "number": number}]))])
        db.commit()
        db.expire_all()
        return db.exec(select(Service)).one()

    service = send("+221 33 800 00 01")
    correcting.update_contact(db, coordinator, service, phone="+221 33 800 00 99")
    ref = send("+221 33 800 00 02").ref
    db.commit()
    assert "800 00 99" in text_of(desk.get(f"/help/{ref}"))
    page = text_of(desk.get(f"/desk/listings/{ref}"))
    for part in ("The list says so since 20 November 2026", "800 00 99", "800 00 02"):
        assert part in page
    rows = db.exec(select(ListingSuggestion)).all()
    db.commit()
    path = f"/desk/listings/{ref}/suggestions"
    assert "in a month" in text_of(desk.send(path, {"id": str(rows[0].id), "do": "later"}))
    assert "Nothing waits" in text_of(desk.get("/desk/listings?view=suggested"))
    desk.send(path, {"id": str(rows[0].id), "do": "decline"})
    send("+221 33 800 00 02")
    service = send("+221 33 800 00 03")  # another value is asked about again
    waiting = [row for row in db.exec(select(ListingSuggestion)) if row.state == SuggestionState.WAITING]
    db.commit()
    assert [row.offered for row in waiting] == ["+221 33 800 00 03"]
    desk.send(path, {"id": str(waiting[0].id), "do": "accept"})
    assert "800 00 03" in text_of(desk.get(f"/help/{ref}"))
    assert send("+221 33 800 00 04").corrected == []
    db.commit()
    assert "800 00 04" in text_of(desk.get(f"/help/{ref}"))  # it is the source's again
