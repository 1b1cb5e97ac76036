"""A protected place is nowhere on the wire: no object, no list, no count, no search, no distance, no moment gives it away."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core import clock
from app.core.db import Database
from app.domain.directory import actions
from app.domain.directory.exporting import export_hsds
from app.domain.directory.importing import compile_all
from app.domain.directory.removing import remove_gone
from app.domain.directory.wire.put import PUBLISHED, TEXTS
from app.models.directory import Location, Organization, Service
from tests.conftest import TODAY
from tests.directory.test_importing import _coordinator
from tests.hsds.conftest import HOUSE_OF_LAW, PLACE, Api, listing

LATER = TODAY + timedelta(hours=1)
TOLD = "We listen. Call +221 77 123 45 67 or write to help@hidden.example. We are at 12 Baobab Street. Bring your children."
HIDDEN = {
    "id": "w-hidden", "location_type": "physical", "name": "Yellow gate", "latitude": 15.1234, "longitude": -16.9876,
    "description": "Behind the yellow gate", "organization_id": "o-river",
    "addresses": [{"id": "b-hidden", "address_1": "Hidden Lane 5", "city": "Secretville", "state_province": "Dakar",
                   "postal_code": "77777", "country": "SN", "address_type": "physical"}],
}  # fmt: skip
RIVER = {
    **HOUSE_OF_LAW, "id": "o-river", "name": "River women", "description": TOLD, "email": "a@river.example",
    "website": "https://river.example", "tax_id": "TAX-555", "translations": {"fr": {"name": "Rivière", "description": TOLD}},
}  # fmt: skip
SCHOOL = {**HOUSE_OF_LAW, "id": "o2", "name": "School", "phones": [], "organization_identifiers": [], "contacts": []}
PLACES = ("Yellow gate", "yellow gate", "15.12", "16.98", "Hidden Lane", "Secretville", "77777")
SECRETS = (
    *PLACES, "77 123", "hidden.example", "Baobab", "a@river", "river.example", "TAX-555", "4711", "+221 33 800 00 00",
    "+221 33 800 00 08", "Front desk",
)  # fmt: skip


def shelter(**changes: Any) -> dict[str, Any]:
    """A women's shelter whose source wrote the way to it into every field."""
    many = dict.fromkeys(("description", "eligibility_description", "application_process", "alert", "wait_time"), TOLD)
    return listing("s-house", "Women's shelter", **{
        **many, "organization": RIVER, "place": HIDDEN, "email": "help@hidden.example", "url": "https://hidden.example",
        "assurer_email": "me@hidden.example",
        "required_documents": [{"id": "d1", "document": "Ask at 12 Baobab Street", "uri": "https://hidden.example/d"}],
        "service_areas": [{"id": "sa", "name": "Dakar", "extent": "15.1234,-16.9876", "extent_type": "point"}],
        "attributes": [{"id": "a1", "label": "Safety", "value": "at 12 Baobab Street"}],
        "translations": {"fr": {"name": "Foyer pour femmes", "description": TOLD, "alert": TOLD}},
        "overlap": {"on": "2026-11-30", "found": [], "different": TOLD}, **changes,
    })  # fmt: skip


ADDRESSES = (
    "", "/profile.json", "/services", "/services?full=true", "/services?minimal=true", "/services?format=ndjson&full=true",
    "/organizations", "/organizations?full=true", "/organizations?full=true&full_service=true",
    "/organizations?format=ndjson&full=true", "/service_at_locations", "/service_at_locations?full=true",
    "/service_at_locations?format=ndjson&full=true", "/taxonomies", "/taxonomy_terms",
)  # fmt: skip


def everything(api: Api) -> str:
    """Return everything that can be had, in several languages, with the headers."""
    told = []
    for language in ("", "fr", "ar;q=0.5, fr"):
        for path in ADDRESSES:
            answer = api.get(path, headers={"Accept-Language": language} if language else {})
            assert answer.status_code == 200
            told.append(f"{answer.text} {sorted(answer.headers.items())}")
        for name in ("services", "organizations", "service_at_locations"):
            singles = [f"/{name}/{one['id']}" for one in api.contents(f"/{name}")]
            told += [api.get(path, headers={"Accept-Language": language}).text for path in singles]
    return "\n".join(told)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
def house(bring: Callable[..., Any], api: Api) -> dict[str, Any]:
    """The shelter, as everybody may see it."""
    bring(shelter(), listing("s-open", "Sewing course", organization=SCHOOL, phones=[]))
    found: dict[str, Any] = next(s for s in api.contents("/services?full=true") if s["name"] == "Women's shelter")
    return found


def test_it_is_listed_without_any_way_to_it(house: dict[str, Any], api: Api) -> None:
    assert house["contact_through"] == "network"
    assert house["description"] == "We listen. Bring your children."
    assert house["organization"]["name"] == "River women"
    assert not {"phones", "contacts", "schedules", "email", "url", "additional_urls", "service_at_locations"} & set(house)
    text = everything(api)
    assert "Women's shelter" in text
    assert "Foyer pour femmes" in text
    assert leaks(text) == []


def test_the_tables_that_are_read_do_not_even_hold_it(house: dict[str, Any], database: Database) -> None:
    with database.reading() as db:
        text = "".join(str(tuple(row)) for table in (PUBLISHED, TEXTS) for row in db.execute(sa.select(table)))
    assert "contact_through" in text
    assert leaks(text) == []


def test_the_export_holds_it_neither(house: dict[str, Any], database: Database, tmp_path: Any) -> None:
    export_hsds(database, tmp_path / "out")
    text = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "out").glob("*.json"))
    assert "Women's shelter" in text
    assert leaks(text) == []
    own = (tmp_path / "out" / "hearth-own.txt").read_text(encoding="utf-8")
    assert "Foyer pour femmes" in own
    assert not [secret for secret in ("Baobab", "77 123", "hidden.example", "Hidden Lane") if secret in own]


def test_no_question_finds_its_place(house: dict[str, Any], api: Api) -> None:
    hidden = (
        "/service_at_locations?postcode=77777", "/service_at_locations?postcode=77777&proximity=500000",
        "/services?search=baobab", "/services?search=secretville", "/services?search=hidden+lane",
        "/service_at_locations?search=yellow",
        "/service_at_locations?search=shelter", "/organizations?search=baobab", "/organizations?search=secretville",
        f"/service_at_locations?organization_id={house['organization_id']}",
    )  # fmt: skip
    for path in hidden:
        page = api.json(path)
        assert (page["total_items"], page["contents"]) == (0, []), path
    near = api.names("/service_at_locations?postcode=10000&proximity=500000")
    assert near == ["Sewing course"]
    assert api.json("/service_at_locations")["total_items"] == 1
    assert [s["name"] for s in api.contents("/services?search=children")] == ["Women's shelter"]


def test_the_ids_of_its_place_and_link_are_not_there(house: dict[str, Any], api: Api, database: Database) -> None:
    with database.reading() as db:
        place = db.execute(sa.text("SELECT id FROM location WHERE name = 'Yellow gate'")).scalar_one()
        links = db.execute(sa.text("SELECT id FROM service_at_location")).scalars().all()
    assert str(UUID(str(place))) not in everything(api)
    assert sorted(api.get(f"/service_at_locations/{UUID(str(key))}").status_code for key in links) == [200, 404]


def test_what_moves_behind_the_door_moves_no_moment(house: dict[str, Any], api: Api, bring: Callable[..., Any]) -> None:
    before = {path: dict(api.get(path).headers) for path in ADDRESSES}
    other_place = {**HIDDEN, "latitude": 15.5, "addresses": [{**HIDDEN["addresses"][0], "address_1": "Hidden Lane 6"}]}
    with clock.at(LATER):
        numbers = [{"id": "p1", "number": "+221 70 999 99 99"}]
        bring(
            shelter(phones=numbers, place=other_place, email="new@hidden.example"),
            listing("s-open", "Sewing course", organization=SCHOOL, phones=[]),
        )
        assert {path: dict(api.get(path).headers) for path in ADDRESSES} == before
        assert api.contents(f"/services?modified_after={LATER.isoformat().replace('+', '%2B')}") == []
        assert api.json(f"/services/{house['id']}")["last_modified"] == house["last_modified"]


def test_protecting_takes_place_and_numbers_back_at_once(bring: Callable[..., Any], api: Api, database: Database) -> None:
    bring(listing("s1", "House by the river", organization=RIVER, place=HIDDEN), listing("s2", "Open", place=None))
    (link,) = api.contents("/service_at_locations")
    assert leaks(everything(api)) != []
    with clock.at(LATER), database.transaction() as db:
        service = db.exec(select(Service).where(Service.name == "House by the river")).one()
        actions.protect(db, _coordinator(db), service)
        key = service.id
    kept_open = ("+221 33 800 00 0", "Front desk", "4711")  # the other organisation's
    assert [s for s in leaks(everything(api)) if not s.startswith(kept_open)] == []
    assert api.get(f"/service_at_locations/{link['id']}").status_code == 410
    assert api.json(f"/services/{key}")["last_modified"] == "2026-11-20T10:30:00.000+00:00"
    assert "phones" not in api.json(f"/services/{key}")["organization"]


def _protect(database: Database, name: str) -> None:
    with database.transaction() as db:
        actions.protect(db, _coordinator(db), db.exec(select(Service).where(Service.name == name)).one())


def test_a_place_that_others_use_too_stays_for_them(bring: Callable[..., Any], api: Api, database: Database) -> None:
    bring(listing("s1", "House by the river", place=PLACE), listing("s2", "Sewing course", place=PLACE))
    _protect(database, "House by the river")
    assert api.names("/service_at_locations") == ["Sewing course"]
    assert api.contents("/organizations?full=true")[0]["phones"]


def test_a_place_that_only_the_protected_one_still_uses_is_hidden(bring: Callable[..., Any], api: Api, database: Database) -> None:
    """The course moves away from the shelter's place: now the place would tell where the shelter is."""
    course = listing("s2", "Sewing course", organization=RIVER, place=HIDDEN)
    house = listing("s1", "House by the river", organization=RIVER, place=HIDDEN)
    bring(house, course)
    _protect(database, "House by the river")
    assert "Yellow gate" in everything(api)
    bring(house, {**course, "service_at_locations": []})
    text = everything(api)
    assert "Sewing course" in text
    assert [secret for secret in PLACES if secret in text] == []


def test_place_and_organisation_stay_closed_when_the_service_has_gone(house: dict[str, Any], api: Api, database: Database) -> None:
    with database.transaction() as db:
        service = db.get_one(Service, UUID(house["id"]))
        actions.mark_defunct(db, _coordinator(db), service)
    with clock.at(TODAY + timedelta(days=91)):
        with database.transaction() as db:
            assert remove_gone(db) == 1
        compile_all(database)
        text = everything(api)
        assert "Women's shelter" not in text
        assert "River women" in text
        assert leaks(text) == []
        with database.reading() as db:
            assert db.exec(select(Location.protected).where(Location.name == "Yellow gate")).one()
            assert db.exec(select(Organization.protected).where(Organization.name == "River women")).one()


def test_an_organisation_opens_when_it_offers_something_else_and_closes_again(
    bring: Callable[..., Any], api: Api, database: Database, house: dict[str, Any]
) -> None:
    course = listing("s2", "Evening school", organization=RIVER, place=None)
    with clock.at(LATER):
        bring(shelter(), course)
        river = next(o for o in api.contents("/organizations?full=true") if o["name"] == "River women")
        assert river["email"] == "a@river.example"
        whole = api.json(f"/services/{house['id']}")
        assert whole["organization"]["email"] == "a@river.example"
        assert whole["last_modified"] > house["last_modified"]
    with clock.at(LATER + timedelta(hours=1)), database.transaction() as db:
        ended = db.exec(select(Service).where(Service.name == "Evening school")).one()
        ended.defunct_on = TODAY.date() - timedelta(days=100)
        db.add(ended)
        db.flush()
        assert remove_gone(db) == 1
    with clock.at(LATER + timedelta(hours=1)):
        assert compile_all(database) == 1  # the shelter is published again: its organisation has closed
        assert leaks(everything(api)) == []
        assert api.json(f"/services/{house['id']}")["last_modified"] > whole["last_modified"]


def test_corrections_are_quoted_nowhere(bring: Callable[..., Any], api: Api, database: Database) -> None:
    bring(listing(phones=[{"id": "p1", "number": "+221 70 111 11 11"}]))
    with database.transaction() as db:
        actions.update_contact(db, _coordinator(db), db.exec(select(Service)).one(), phone="+221 70 222 22 22")
    text = everything(api)
    assert "70 222" in text
    assert "70 111" not in text
    assert json.loads(api.get("/services?full=true").text)["contents"][0]["phones"][0]["number"] == "+221 70 222 22 22"
