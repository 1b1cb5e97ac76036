"""What a person confirmed stays: a list that says otherwise is asked about while that check counts."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days
from app.core.db import Database
from app.domain.actor import Actor
from app.domain.directory import actions, correcting, suggesting
from app.domain.directory.importing import import_directory
from app.models.accounts import Role
from app.models.directory import Service
from app.models.listing_care import ListingSuggestion, Origin, SuggestionState
from tests.conftest import TODAY
from tests.factories import Make

FIRST = {
    "name": "Legal help", "description": "A lawyer listens.", "email": "one@house.example", "fees_description": "Free",
    "phones": [{"id": "p1", "number": "+221 33 800 00 01"}],
}  # fmt: skip
MOVED = {
    "name": "Law shop", "description": "Letters are read.", "email": "two@house.example", "fees_description": "500 francs",
    "phones": [{"id": "p1", "number": "+221 33 800 00 02"}], "wait_time": "A week",
}  # fmt: skip


def bring(database: Database, folder: Path, **fields: Any) -> None:
    """Import one service from a list."""
    path = folder / "list.json"
    path.write_text(json.dumps([{"id": "s1", "status": "active", **fields}]))
    import_directory(database, path, feed_name="a list")


@pytest.fixture
def confirmed(database: Database, db: Session, make: Make, tmp_path: Path) -> Service:
    """A listing of a list that a coordinator confirmed today."""
    member = make.member()
    make.commit()
    bring(database, tmp_path, **FIRST)
    service = db.exec(select(Service)).one()
    coordinator = Actor(member.id, member.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    actions.confirm(db, coordinator, service)
    db.commit()
    return service


def test_nothing_confirmed_is_written_over_and_both_values_wait(
    confirmed: Service, database: Database, db: Session, tmp_path: Path
) -> None:
    bring(database, tmp_path, **MOVED)
    db.expire_all()
    stands = correcting.disputed(db, confirmed)
    assert (stands["name"], stands["about"], stands["email"], stands["cost"], stands["phone"]) == (
        "Legal help", "A lawyer listens.", "one@house.example", "Free", "+221 33 800 00 01",
    )  # fmt: skip
    assert confirmed.wait_time == "A week"  # nobody confirmed that
    waiting = {row.field: (row.current, row.offered, row.origin) for row in suggesting.waiting(db, confirmed)}
    assert waiting["about"] == ("A lawyer listens.", "Letters are read.", Origin.LIST)
    assert waiting["phone"] == ("+221 33 800 00 01", "+221 33 800 00 02", Origin.LIST)
    assert set(waiting) == {"name", "about", "email", "cost", "phone"}
    db.commit()
    bring(database, tmp_path, **MOVED)  # the same again asks nothing twice
    assert len(suggesting.waiting(db, confirmed)) == 5


def test_what_is_taken_over_is_the_list_s_again_and_the_rest_stays(
    confirmed: Service, database: Database, db: Session, tmp_path: Path
) -> None:
    bring(database, tmp_path, **MOVED)
    db.expire_all()
    for row in suggesting.waiting(db, confirmed):
        suggesting.decide(db, row, confirmed, row.field == "cost", by="coordinator")
    db.commit()
    assert (confirmed.fees_description, confirmed.email) == ("500 francs", "one@house.example")
    bring(database, tmp_path, **MOVED | {"fees_description": "600 francs"})
    db.expire_all()
    assert (confirmed.fees_description, confirmed.name) == ("600 francs", "Legal help")
    assert suggesting.waiting(db, confirmed) == []  # the others were decided, about these very values
    states = {row.field: row.state for row in db.exec(select(ListingSuggestion))}
    assert (states["cost"], states["name"]) == (SuggestionState.ACCEPTED, SuggestionState.DECLINED)


def test_a_check_that_counts_no_more_keeps_nothing_back(
    confirmed: Service, database: Database, db: Session, tmp_path: Path
) -> None:
    with clock.at(TODAY + days(200)):
        bring(database, tmp_path, **MOVED)
    db.expire_all()
    assert (confirmed.name, confirmed.email) == ("Law shop", "two@house.example")
    assert suggesting.waiting(db, confirmed) == []


def test_what_somebody_refused_does_not_come_in_when_the_check_has_ended(
    confirmed: Service, database: Database, db: Session, tmp_path: Path
) -> None:
    bring(database, tmp_path, **FIRST | {"email": "scam@evil.example"})
    db.expire_all()
    [row] = suggesting.waiting(db, confirmed)
    suggesting.decide(db, row, confirmed, False, by="coordinator")
    db.commit()
    with clock.at(TODAY + days(200)):
        bring(database, tmp_path, **FIRST | {"email": "scam@evil.example", "wait_time": "A week"})
    db.expire_all()
    assert (confirmed.email, confirmed.wait_time) == ("one@house.example", "A week")


def test_what_a_person_saw_today_does_not_end_by_a_list_and_is_due_soon(
    confirmed: Service, database: Database, db: Session, tmp_path: Path
) -> None:
    edge = TODAY.date() + days(14)
    bring(database, tmp_path, **FIRST | {"status": "defunct"})
    db.expire_all()
    assert (confirmed.status, confirmed.defunct_on, confirmed.verify_due) == ("active", None, edge)
    db.commit()
    path = tmp_path / "list.json"
    path.write_text(json.dumps([{"id": "s2", "name": "Another", "status": "active"}]))
    report = import_directory(database, path, feed_name="a list")
    db.expire_all()
    assert (report.missing, confirmed.defunct_on) == (1, None)
    db.commit()
    with clock.at(TODAY + days(15)):  # nobody looked again
        bring(database, tmp_path, **FIRST | {"status": "defunct"})
    db.expire_all()
    assert confirmed.defunct_on == edge + days(1)


def house(number: str, opens: str) -> dict[str, Any]:
    """A listing whose number and hours are kept at its place."""
    address = {"id": "a1", "address_1": "Rue 1", "city": "Dakar", "state_province": "Dakar", "postal_code": "1", "country": "SN",
               "address_type": "physical"}  # fmt: skip
    place = {
        "id": "loc1", "location_type": "physical", "name": "House", "addresses": [address],
        "phones": [{"id": "p1", "number": number}],
        "schedules": [{"id": "h1", "byday": "MO,TU", "opens_at": opens, "closes_at": "17:00", "freq": "WEEKLY"}],
    }  # fmt: skip
    return {"name": "Legal help", "service_at_locations": [{"id": "l1", "location": place}]}


@pytest.mark.parametrize("accept", [True, False])
def test_numbers_and_hours_of_a_place_stay_as_somebody_confirmed_them(
    database: Database, db: Session, make: Make, tmp_path: Path, accept: bool
) -> None:
    member = make.member()
    make.commit()
    one = Actor(member.id, member.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    was, moved = house("+221 33 800 00 01", "09:00"), house("+221 33 800 99 99", "20:00")
    bring(database, tmp_path, **was)
    service = db.exec(select(Service)).one()
    actions.confirm(db, one, service)
    db.commit()
    before = correcting.as_it_stands(db, service)
    db.commit()
    for _turn in range(2):
        bring(database, tmp_path, **moved)
        db.expire_all()
        assert correcting.as_it_stands(db, service) == before
        waiting = {row.field: row for row in suggesting.waiting(db, service)}
        assert {name: row.current for name, row in waiting.items()} == {"phone": before["phone"], "hours": before["hours"]}
        db.commit()
    for row in waiting.values():
        suggesting.decide(db, row, service, accept, by="coordinator")
    db.commit()
    after = correcting.as_it_stands(db, service)
    assert (after["phone"], after["hours"] != before["hours"]) == (
        ("+221 33 800 99 99", True) if accept else (before["phone"], False)
    )
    db.commit()
    with clock.at(TODAY + days(200)):
        bring(database, tmp_path, **moved, description="New.")
        db.expire_all()
        assert correcting.as_it_stands(db, service) == after  # decided is decided, whichever way
        assert suggesting.waiting(db, service) == []


def test_a_check_that_has_ended_lets_the_list_come_in_though_it_did_not_move(
    confirmed: Service, database: Database, db: Session, tmp_path: Path
) -> None:
    bring(database, tmp_path, **MOVED)
    with clock.at(TODAY + days(200)):
        actions.age_listings(db)
        db.commit()
        bring(database, tmp_path, **MOVED)
        db.expire_all()
        stands = correcting.disputed(db, confirmed)
    assert (stands["name"], stands["email"], stands["phone"]) == ("Law shop", "two@house.example", "+221 33 800 00 02")
    assert (confirmed.confirmed, confirmed.told) == ([], {})


def test_a_number_that_a_list_takes_back_is_asked_about(
    confirmed: Service, database: Database, db: Session, tmp_path: Path
) -> None:
    silent = {name: value for name, value in FIRST.items() if name in ("name", "description")}
    bring(database, tmp_path, **silent)
    db.expire_all()
    waiting = {row.field: (row.current, row.offered) for row in suggesting.waiting(db, confirmed)}
    assert waiting == {"phone": ("+221 33 800 00 01", ""), "email": ("one@house.example", "")}
    assert correcting.disputed(db, confirmed)["phone"] == "+221 33 800 00 01"
    for row in suggesting.waiting(db, confirmed):
        suggesting.decide(db, row, confirmed, True, by="coordinator")
    db.commit()
    assert (correcting.disputed(db, confirmed)["phone"], confirmed.email) == ("", None)
    db.commit()
    bring(database, tmp_path, **silent | {"wait_time": "A week"})
    db.expire_all()
    assert suggesting.waiting(db, confirmed) == []
