"""Corrections that members suggest: nothing tells who it was, and nothing goes that nobody meant."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from sqlmodel import Session, select

from app.domain.directory import correcting
from app.domain.directory.actions import as_it_stands
from app.domain.directory.compiling import compile_services
from app.domain.directory.hours import in_words
from app.domain.directory.places import AreaBook
from app.models.accounts import Role
from app.models.directory import Service, ServiceAtLocation
from app.models.directory_parts import Language, Metadata, Phone, Schedule
from app.models.listing_care import ListingSuggestion
from tests.browse import Browser, text_of
from tests.factories import Make

Browse = Callable[..., Browser]
MORNING = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}
NOON = {"freq": "WEEKLY", "byday": "TU,WE", "opens_at": "14:00", "closes_at": "18:00"}
ONE, TWO, NIGHT = "+221 77 000 00 01", "+221 77 000 00 02", "+221 33 000 00 09"


def shown_in(page: Any) -> dict[str, str]:
    """Return what the form of a page holds, hidden fields too."""
    found = {k: unescape(v) for k, v in re.findall(r'name="((?:was_)?(?:name|phone|hours))"[^>]* value="([^"]*)"', page.text)}
    hours = re.search(r'<textarea[^>]* name="hours"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert hours
    return {**found, "hours": unescape(hours[1])}


def compiled(db: Session, service: Service) -> None:
    """Show what was added to a listing by hand."""
    db.flush()
    compile_services(db, [service.id], AreaBook.load(db.connection()))


def rows(db: Session) -> list[ListingSuggestion]:
    """Return what waits or waited."""
    found = list(db.exec(select(ListingSuggestion).execution_options(populate_existing=True)))
    db.commit()  # a session that has read keeps others from writing
    return found


def test_hours_are_told_in_the_listing_s_own_language_whoever_reads() -> None:
    some = [MORNING, NOON, {"byday": "1MO", "freq": "MONTHLY", "opens_at": "10:00", "closes_at": "11:00"}, {"opens_at": "08:00"}]
    assert in_words(some, "en") == ["Mon 09:00–12:00", "Tue, Wed 14:00–18:00", "1 Mon 10:00–11:00", "08:00"]
    assert in_words([NOON], "fr") == ["mar., mer. 14:00–18:00"]
    assert in_words([MORNING], "zz") == ["Mon 09:00–12:00"]


def test_what_is_kept_tells_neither_the_reader_s_language_nor_the_moment(browse: Browse, make: Make, db: Session) -> None:
    service = make.service("A", hours=[MORNING, NOON])
    reader, coordinator = make.member(), make.member("Open Door", Role.COORDINATOR)
    make.commit()
    browser = browse(reader, language="ar")
    form = shown_in(browser.get(f"/help/{service.ref}/suggest"))
    assert form["hours"] == "Mon 09:00–12:00\nTue, Wed 14:00–18:00"
    sent = {**form, "hours": form["hours"].replace("09:00", "10:00").replace("\n", "\r\n")}
    browser.send(f"/help/{service.ref}/suggest", sent)
    [row] = rows(db)
    assert (row.field, row.current) == ("hours", "Mon 09:00–12:00\nTue, Wed 14:00–18:00")
    assert row.offered == "Mon 10:00–12:00\nTue, Wed 14:00–18:00"
    assert row.id.version == 4  # a UUIDv7 would tell the millisecond
    desk = browse(coordinator)
    assert "take the place of all times" in text_of(desk.get(f"/desk/listings/{service.ref}"))
    desk.send(f"/desk/listings/{service.ref}/suggestions", {"id": str(row.id), "do": "accept"})
    [times] = db.exec(select(Schedule)).all()
    assert (times.opens_at, times.description) == (None, row.offered)
    [noted] = db.exec(select(Metadata)).all()
    assert noted.previous_value == row.current  # all of it, so that it can be put back


def test_a_number_takes_the_place_of_one_and_the_others_stay(make: Make, db: Session) -> None:
    town = make.area("Pikine", lat=14.75, lon=-17.39)
    service = make.service("A", town, phone=ONE)
    first = db.exec(select(Phone)).one()
    first.description, first.extension = "Ask for the lawyer", 7
    place = db.exec(select(ServiceAtLocation.location_id)).one()
    db.add_all([
        first, Phone(owner_id=service.id, service_id=service.id, number=NIGHT, description="Emergencies at night", position=1),
        Language(owner_id=service.id, phone_id=first.id, code="wo"),
        Phone(owner_id=place, location_id=place, number="+221 33 000 00 10", description="At the door"),
    ])  # fmt: skip
    compiled(db, service)
    before = _told(db, service)
    assert len(before) == 3
    correcting.put_right(db, service, "coordinator", phone=TWO)
    after = _told(db, service)
    assert after == [{**before[0], "number": TWO}, *before[1:]]
    assert db.exec(select(Language)).one().phone_id == first.id
    correcting.put_right(db, service, "coordinator", phone="")
    assert _told(db, service) == before[1:]
    correcting.put_right(db, service, "coordinator", phone=TWO)
    assert [one["number"] for one in _told(db, service)] == [TWO, "+221 33 000 00 10"]


def test_the_number_of_a_place_is_put_right_too(make: Make, db: Session) -> None:
    service = make.service("A", make.area("Pikine", lat=14.75, lon=-17.39), phone="")
    place = db.exec(select(ServiceAtLocation.location_id)).one()
    db.add_all([Phone(owner_id=place, location_id=place, number=n, position=k) for k, n in enumerate((ONE, NIGHT))])
    compiled(db, service)
    assert as_it_stands(db, service)["phone"] == ONE
    correcting.put_right(db, service, "partner", phone=TWO)
    assert [one["number"] for one in _told(db, service)] == [TWO, NIGHT]


def _told(db: Session, service: Service) -> list[dict[str, Any]]:
    db.expire_all()
    return list(correcting._facts(db, service)["phones"])


def test_only_what_somebody_changed_counts(browse: Browse, make: Make, db: Session) -> None:
    service = make.service("Legal hlep", phone=ONE)
    reader, coordinator = make.member(), make.member("Open Door", Role.COORDINATOR)
    make.commit()
    browser, desk = browse(reader), browse(coordinator)
    form = shown_in(browser.get(f"/help/{service.ref}/suggest"))
    work = shown_in(desk.get(f"/desk/listings/{service.ref}"))
    desk.send(f"/desk/listings/{service.ref}", {**work, "phone": TWO})
    browser.send(f"/help/{service.ref}/suggest", {**form, "name": "Legal help"})
    assert [(row.field, row.offered) for row in rows(db)] == [("name", "Legal help")]
    desk.send(f"/desk/listings/{service.ref}", {**work, "name": "Legal help"})  # a page that is older than the number
    db.expire_all()
    assert [phone.number for phone in db.exec(select(Phone))] == [TWO]
    assert db.get_one(Service, service.id).name == "Legal help"


@pytest.mark.parametrize("letters", [1_500, 2_500])
def test_long_listings_can_be_corrected(browse: Browse, make: Make, db: Session, letters: int) -> None:
    service = make.service("Long " * 60, phone=ONE)
    db.add(Schedule(owner_id=service.id, service_id=service.id, description="By appointment\n" * (letters // 15)))
    compiled(db, service)
    reader = make.member()
    make.commit()
    browser = browse(reader)
    form = shown_in(browser.get(f"/help/{service.ref}/suggest"))
    assert (form["hours"] == "") is (letters > 2_000)
    sent = {**form, "hours": form["hours"].replace("\n", "\r\n"), "phone": TWO}
    assert browser.post(f"/help/{service.ref}/suggest", sent).status_code == 303
    assert [(row.field, row.offered) for row in rows(db)] == [("phone", TWO)]
