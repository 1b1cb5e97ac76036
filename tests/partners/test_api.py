"""The partners' interface: what is sent is taken, waits, changes, is confirmed, goes; each partner on its own."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days, now
from app.domain.actor import Actor
from app.domain.directory import actions as directory
from app.domain.directory.removing import remove_gone
from app.domain.partners import listings, people, queries, reported, rules
from app.jobs.retention import remove_old
from app.models.directory import ListingFeedback, Outcome, Service, Why
from app.models.engine import AuditEvent
from app.models.partners import Partner, PartnerKey, PartnerRecord, RecordState, Scope
from tests.conftest import POSTGRES, TODAY
from tests.factories import Make
from tests.partners.conftest import Program, service


@pytest.fixture
def mine(trusted: Partner, program: Callable[..., Program]) -> Program:
    """The program of a partner whose first listings were let in."""
    return program(trusted)


def found(program: Program, path: str = "/services") -> list[Any]:
    """Return what the public interface lists."""
    return program.client.get(f"/api/hsds{path}").json()["contents"]


def test_a_listing_is_created_updated_and_stays(mine: Program) -> None:
    first = mine.put("s1", service())
    assert (first.status_code, first.headers["location"]) == (201, "/api/partner/v1/services/s1")
    told = first.json()
    assert (told["result"], told["state"], told["id"], told["type"]) == ("created", "never", "s1", "service")
    assert [one["id"] for one in found(mine)] == [told["hsds_id"]]
    again = mine.put("s1", service())
    assert (again.status_code, again.json()["result"]) == (200, "unchanged")
    changed = mine.put("s1", service(name="Legal help for all"))
    assert (changed.status_code, changed.json()["result"], changed.json()["page"]) == (200, "updated", told["page"])
    assert found(mine)[0]["name"] == "Legal help for all"
    assert "Legal help for all" in mine.client.get(told["page"]).text
    assert mine.get("/services/s1").json()["object"]["name"] == "Legal help for all"


def test_a_place_that_a_listing_has_no_more_goes(mine: Program) -> None:
    mine.put("s1", service())
    assert len(found(mine, "/service_at_locations")) == 1
    assert mine.put("s1", service(service_at_locations=[])).json()["result"] == "updated"
    assert found(mine, "/service_at_locations") == []


def test_the_first_listings_of_a_new_partner_wait(
    partner: Partner, program: Callable[..., Program], db: Session, make: Make, coordinator: Actor
) -> None:
    mine = program(partner)
    told = mine.put("s1", service())
    assert (told.status_code, told.json()["state"]) == (201, "waiting")
    assert "hsds_id" not in told.json()
    assert told.json()["notes"]
    assert found(mine) == found(mine, "/organizations") == []
    assert mine.ask("POST", "/services/s1/verify").status_code == 409
    listings.let_in(db, coordinator, db.exec(select(PartnerRecord)).one())
    make.commit()
    assert [one["name"] for one in found(mine)] == ["Legal help"]
    assert mine.get("/services/s1").json()["state"] == "never"
    assert mine.put("s1", service(name="Now")).json()["state"] == "waiting"  # a change is looked at too
    assert partner.accepted == 1


def test_a_declined_listing_says_why(
    partner: Partner, program: Callable[..., Program], db: Session, make: Make, coordinator: Actor
):
    mine = program(partner)
    mine.put("s1", service())
    listings.decline(db, coordinator, db.exec(select(PartnerRecord)).one(), "It names people.")
    make.commit()
    told = mine.get("/services/s1").json()
    assert (told["state"], told["reason"]) == ("declined", "It names people.")
    assert mine.put("s1", service(description="Put right.")).json()["state"] == "waiting"


def test_an_organisation_that_waits_comes_in_with_its_listing(
    partner: Partner, program: Callable[..., Program], db: Session, make: Make, coordinator: Actor
) -> None:
    mine = program(partner)
    assert mine.put("o1", {"name": "House", "description": "Law"}, "organizations").json()["state"] == "waiting"
    data = service(organization_id="o1")
    del data["organization"]
    assert mine.put("s1", data).status_code == 201
    record = db.exec(select(PartnerRecord).where(PartnerRecord.kind == "service")).one()
    listings.let_in(db, coordinator, record)
    make.commit()
    assert [one["name"] for one in found(mine, "/organizations")] == ["House"]
    assert mine.get("/organizations/o1").json()["state"] == "taken"


def test_it_is_confirmed(mine: Program, peek: Any) -> None:
    mine.put("s1", service())
    told = mine.ask("POST", "/services/s1/verify").json()
    assert (told["result"], told["state"], told["verified_on"]) == ("verified", "fresh", "2026-11-20")
    [row] = peek(select(Service))
    assert (row.verified_by_role, row.verify_method, row.verify_due) == ("partner", "partner", TODAY.date() + timedelta(days=180))
    assert "Whoever offers it confirmed it" in mine.client.get(f"/help/{row.ref}").text


def test_it_is_taken_out_and_comes_back(mine: Program) -> None:
    page = mine.put("s1", service()).json()["page"]
    gone = mine.ask("DELETE", "/services/s1")
    assert (gone.status_code, gone.json()["result"], gone.json()["state"]) == (200, "deleted", "defunct")
    assert mine.client.get(page).status_code == 410
    assert mine.ask("DELETE", "/services/s1").json()["result"] == "unchanged"
    assert mine.ask("POST", "/services/s1/verify").status_code == 409
    assert mine.put("s1", service()).json()["state"] == "never"
    assert mine.client.get(page).status_code == 200


def test_what_a_person_put_right_stays_and_is_told(mine: Program, db: Session, make: Make, coordinator: Actor) -> None:
    mine.put("s1", service())
    directory.update_contact(db, coordinator, db.exec(select(Service)).one(), phone="+221 77 111 11 11")
    make.commit()
    told = mine.put("s1", service(name="New name", phones=[{"id": "p9", "number": "+221 99"}])).json()
    assert (told["result"], told["kept"]) == ("updated", ["phones"])
    assert "phones" in told["notes"][0]
    shown = found(mine, "/services?full=true")[0]
    assert (shown["name"], shown["phones"][0]["number"]) == ("New name", "+221 77 111 11 11")


@pytest.mark.parametrize(("change", "pointers"), [
    ({"name": None}, ["/name"]),
    ({"name": "<script>alert(1)</script>"}, ["/name"]),
    ({"status": "open"}, ["/status"]),
    ({"phones": [{"id": "p", "number": ""}]}, ["/phones/0/number"]),
    ({"phones": "+221"}, ["/phones"]),
    ({"email": "nobody", "url": "javascript:alert(1)"}, ["/email", "/url"]),
    ({"organization_id": "elsewhere"}, ["/organization_id"]),
    ({"phones": [{"number": "1"}] * 10_000}, ["/phones"]),
    ({"id": "other"}, ["/id"]),
    ({"service_at_locations": [{"id": "l"}]}, ["/service_at_locations/0/location_id"]),
    ({"name": {"en": "x"}}, ["/name"]),
    ({"language": "French"}, ["/language"]),
    ({"needs": ["gold"]}, ["/needs"]),
    ({"translations": {"x~/y": {"name": "n"}}}, ["/translations/x~0~1y"]),
    ({"description": "x" * 30_000}, ["/description"]),
    ({"assured_date": "9999-99-99"}, ["/assured_date"]),
    ({"minimum_age": "old"}, ["/minimum_age"]),
])  # fmt: skip
def test_every_mistake_has_a_pointer_and_a_sentence(mine: Program, change: dict[str, Any], pointers: list[str]) -> None:
    answer = mine.put("s1", service(**change))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert [error["pointer"] for error in told["errors"]] == pointers
    assert all(error["detail"].endswith((".", "?")) for error in told["errors"])
    assert told["detail"] == told["errors"][0]["detail"]
    assert mine.get("/services/s1").status_code == 404


EXAMPLES = Path(__file__).parents[2] / "data" / "hsds" / "examples"


@pytest.mark.parametrize(("kind", "name"), [("services", "service_full"), ("organizations", "organization_full")])
def test_the_examples_of_the_standard_are_taken(mine: Program, kind: str, name: str) -> None:
    """They point to things that are not in them, and one lies at 100 degrees north: that is left out, with a note."""
    example = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    answer = mine.put(example["id"], example, kind)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert any("parent_organization_id was left out" in note for note in told["notes"])
    if kind == "organizations":
        assert told["ignored"] == ["locations", "programs", "services"]
    assert mine.put(example["id"], example, kind).json()["result"] == "unchanged"


def test_organisations_that_name_each_other_come_in_together(
    partner: Partner, program: Callable[..., Program], db: Session, make: Make, coordinator: Actor
) -> None:
    mine = program(partner)
    house = {"name": "House", "description": "Law"}
    assert mine.put("a", house, "organizations").status_code == 201
    assert mine.put("b", {**house, "parent_organization_id": "a"}, "organizations").status_code == 201
    assert mine.put("a", {**house, "parent_organization_id": "b"}, "organizations").json()["result"] == "updated"
    data = service(organization_id="a")
    del data["organization"]
    mine.put("s1", data)
    listings.let_in(db, coordinator, db.exec(select(PartnerRecord).where(PartnerRecord.kind == "service")).one())
    make.commit()
    assert len(found(mine, "/organizations")) == 2


def test_names_are_cleaned_as_imports_are(mine: Program) -> None:
    name = "<b>Legal</b> \u202ehelp\u202c <script>x</script>"
    mine.put("s1", service(name=name, description="<p>One</p><p>Two</p>"))
    shown = found(mine)[0]
    assert (shown["name"], shown["description"]) == ("Legal help", "One\n\nTwo")


def test_strange_fields_are_passed_over_and_told(mine: Program) -> None:
    assert mine.put("s1", service(colour="red", accepted=True)).json()["ignored"] == ["accepted", "colour"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"name": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_said_to_be_none(mine: Program, body: bytes) -> None:
    answer = mine.ask("PUT", "/services/s1", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_list_is_no_object(mine: Program) -> None:
    assert mine.put("s1", [1]).status_code == 422


def test_too_much_is_refused(mine: Program) -> None:
    answer = mine.put("s1", service(description="x" * 1_200_000))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert "1024" in answer.json()["detail"]


@pytest.mark.parametrize("key", ["a%2Fb", "%2E%2E", "a%20b", "%C3%A9", "a%3Fb"])
def test_an_id_has_to_fit_into_addresses(mine: Program, key: str) -> None:
    assert mine.put(key, service()).status_code in (404, 405, 422)
    assert mine.batch({"id": unquote(key), "object": service()})[0]["status"] == 422
    assert found(mine) == []


@pytest.mark.parametrize(("texts", "pointer"), [
    ({f"{a}{b}": {"name": "x"} for a in "abcde" for b in "abcdefghijklmno"}, "/translations"),
    ({"fr": {"description": "x" * 20_001}}, "/translations/fr/description"), ({"fr": {"name": "x" * 501}}, "/translations/fr/name"),
    ({"fr": {f"f{n}": "x" for n in range(201)}}, "/translations/fr"),
])  # fmt: skip
def test_translations_have_limits(mine: Program, texts: Any, pointer: str) -> None:
    answer = mine.put("s1", service(translations=texts))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_nested_beyond_measure_is_passed_over(mine: Program) -> None:
    deep: dict[str, Any] = {"id": "a", "label": "x"}
    for _n in range(60):
        deep = {"id": "a", "label": "x", "taxonomy_term": {"id": "t", "name": "n", "description": "d"}, "attributes": [deep]}
    text = json.dumps(service(attributes=[deep]))
    answer = mine.ask("PUT", "/services/s1", content=text.encode())
    assert (answer.status_code, answer.json()["ignored"]) == (201, ["attributes"])  # attributes of attributes are not read


class TestProtected:
    """A shelter: no key gives its door away, and what a coordinator decided stays."""

    @pytest.mark.parametrize("accepted", [0, 20])
    def test_its_door_is_not_on_the_wire(
        self, partner: Partner, program: Callable[..., Program], db: Session, make: Make, accepted: int
    ) -> None:
        partner.accepted = accepted
        db.add(partner)
        make.commit()
        mine, reader = program(partner), program(partner, Scope.READ)
        refuge = {"name": "Refuge for women", "website": "https://door.example", "description": "At Rue 1, Pikine."}
        data = service(name="Women's refuge", translations={"fr": {"name": "Refuge", "description": "Rue 1, Pikine, 33 800 00 00"}},
                       service_areas=[{"name": "Pikine"}])  # fmt: skip
        answers = [mine.put("o1", refuge, "organizations"), mine.put("s1", data), mine.put("s1", {**data, "alert": "Ring twice"})]
        answers += [one.get(path) for one in (mine, reader) for path in ("/services/s1", "/services", "/organizations/o1")]
        mine.ask("DELETE", "/services/s1")
        answers.append(reader.get("/services/s1"))
        with clock.at(TODAY + timedelta(91)):
            remove_gone(db)
            make.commit()
        answers.append(reader.get("/services/s1"))
        for answer in answers:
            assert answer.status_code in (200, 201), answer.text
            for word in ("Rue 1", "Pikine", "14.75", "33 800", "house.example", "door.example", "09:00", "Market hall"):
                assert word not in answer.text, (word, answer.text)
        assert reader.get("/services/s1").json()["object"]["name"] == "Women's refuge"

    def test_its_content_is_sealed(self, mine: Program, db: Session) -> None:
        mine.put("s1", service())
        assert b"Rue 1" not in db.connection().exec_driver_sql("SELECT content FROM partner_record").scalar()

    def test_what_a_coordinator_decided_outlives_the_listing(
        self, mine: Program, db: Session, make: Make, coordinator: Actor
    ) -> None:
        mine.batch(
            {"id": "s1", "object": service()}, {"id": "s2", "object": service(name="Two")}, {"id": "s3", "object": service()}
        )
        rows = {row.foreign_id: row for row in db.exec(select(Service))}
        directory.protect(db, coordinator, rows["s1"])
        directory.mark_defunct(db, coordinator, rows["s2"])
        make.commit()
        mine.batch(*({"action": "delete", "id": key} for key in ("s1", "s2", "s3")))
        with clock.at(TODAY + timedelta(91)):
            assert remove_gone(db) == 3
            make.commit()
        told = mine.batch(*({"id": key, "object": service(name="Back")} for key in ("s1", "s2", "s3")))
        assert [(one["state"], one.get("protected")) for one in told] == [("never", True), ("defunct", None), ("never", None)]
        mine.put("s2", service(name="Back again"))
        rows = {row.foreign_id: row for row in db.exec(select(Service), execution_options={"populate_existing": True})}
        assert {key: (row.protected, row.defunct_on is None) for key, row in rows.items()} == {
            "s1": (True, True), "s2": (False, False), "s3": (False, True),
        }  # fmt: skip


class TestGate:
    """Nothing of a new partner is seen before a coordinator saw it, and nothing that was declined comes in by a side door."""

    def test_a_change_of_what_was_let_in_waits_too(
        self, partner: Partner, program: Callable[..., Program], db: Session, make: Make, coordinator: Actor
    ) -> None:
        mine = program(partner)
        mine.put("s1", service())
        for record in db.exec(select(PartnerRecord)).all():
            listings.let_in(db, coordinator, record)
        make.commit()
        assert mine.put("s1", service(name="Something else")).json()["state"] == "waiting"
        assert [row.name for row in db.exec(select(Service))] == ["Legal help"]
        make.commit()
        mine.ask("DELETE", "/services/s1")
        assert [row.status for row in db.exec(select(Service), execution_options={"populate_existing": True})] == ["defunct"]

    def test_what_was_declined_stays_with_a_coordinator(
        self, mine: Program, trusted: Partner, db: Session, make: Make, coordinator: Actor
    ) -> None:
        trusted.accepted = 0
        db.add(trusted)
        make.commit()
        mine.put("o1", {"name": "House", "description": "Law"}, "organizations")
        mine.put("s1", service())
        for record in db.exec(select(PartnerRecord)).all():
            listings.decline(db, coordinator, record, "Not so.")
        trusted.accepted = 20
        make.commit()
        assert mine.get("/services/s1").json()["reason"] == "Not so."
        assert mine.put("s1", service(name="Legal helq")).json()["state"] == "waiting"
        assert mine.batch({"action": "delete", "id": "s1"}, {"id": "s1", "object": service()})[1]["state"] == "waiting"
        mine.ask("DELETE", "/services/s1")
        with clock.at(TODAY + timedelta(91)):
            remove_old(db, now())
            make.commit()
        assert mine.put("s1", service(name="Again")).json()["state"] == "waiting"
        data = {**service(organization_id="o1"), "organization": None}
        named = {"type": "organization", "id": "o1", "object": {"name": "House 2", "description": "Law"}}
        assert mine.put("s2", data).status_code == 422
        assert [one["status"] for one in mine.batch(named, {"id": "s2", "object": data})] == [200, 422]
        assert db.exec(select(Service)).all() == []

    def test_what_is_lost_is_brought_back(self, mine: Program, db: Session, make: Make, coordinator: Actor) -> None:
        mine.put("s1", service())
        mine.put("s2", service(name="Two"))
        rows = {row.foreign_id: row for row in db.exec(select(Service))}
        directory.mark_defunct(db, coordinator, rows["s2"])
        rows["s1"].defunct_on = TODAY.date()
        db.add(rows["s1"])
        make.commit()
        told = mine.put("s2", service(name="Two"))
        assert (told.json()["result"], told.json()["state"]) == ("unchanged", "defunct")
        refused = mine.ask("POST", "/services/s2/verify")
        assert (refused.status_code, "Ask them" in refused.json()["detail"]) == (409, True)
        with clock.at(TODAY + timedelta(91)):
            remove_gone(db)
            make.commit()
        told = {one["id"]: one for one in mine.get("/services").json()["services"]}
        assert {key: (one["state"], one.get("hsds_id")) for key, one in told.items()} == {
            "s1": ("defunct", None), "s2": ("defunct", None),
        }  # fmt: skip
        assert [one["id"] for one in mine.get("/services?state=defunct").json()["services"]] == ["s1", "s2"]
        assert mine.put("s1", service()).json()["state"] == "never"
        assert mine.put("s2", service(name="Two")).json()["state"] == "defunct"

    def test_many_pointers_are_looked_up_in_parts(self, mine: Program) -> None:
        """More than one statement of SQLite may hold (32,766); PostgreSQL takes twice as many, and the same way with fewer."""
        many = 9 if POSTGRES else 180
        attributes = [{"id": f"a{n}", "label": "x", "taxonomy_term_id": f"t{n}"} for n in range(190)]
        items = [{"id": f"s{n}", "object": service(name=f"S{n}", attributes=[
            {**a, "taxonomy_term_id": f"{n}-{a['taxonomy_term_id']}"} for a in attributes])} for n in range(many)]  # fmt: skip
        assert len(mine.batch(*items)) == many


class TestOthers:
    """One partner sees and changes nothing of another."""

    @pytest.fixture
    def other(self, db: Session, make: Make, coordinator: Actor, program: Callable[..., Program]) -> Program:
        """The program of another partner."""
        partner = people.make_partner(db, coordinator, "Other House", "en", "SN")
        partner.accepted = 20
        make.commit()
        return program(partner)

    def test_their_ids_are_their_own(self, mine: Program, other: Program) -> None:
        first = mine.put("s1", service()).json()
        theirs = other.put("s1", service(name="Another"))
        assert theirs.status_code == 201
        assert theirs.json()["hsds_id"] != first["hsds_id"]
        assert mine.get("/services/s1").json()["object"]["name"] == "Legal help"

    @pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("POST", "/verify")])
    def test_anothers_id_is_like_none(self, mine: Program, other: Program, method: str, path: str) -> None:
        told = mine.put("s1", service()).json()
        for key in ("s1", told["hsds_id"]):
            foreign, none = (other.ask(method, f"/services/{one}{path}") for one in (key, "never"))
            assert foreign.status_code == none.status_code == 404
            assert foreign.json() == none.json()

    def test_nothing_of_another_can_be_pointed_to(self, mine: Program, other: Program) -> None:
        mine.put("o7", {"name": "House", "description": "Law"}, "organizations")
        data = service(organization_id="o7")
        del data["organization"]
        told = [other.put("s1", {**data, "organization_id": key}) for key in ("o7", "never")]
        assert [one.status_code for one in told] == [422, 422]
        assert told[0].json() == told[1].json()
        assert other.get("/services").json() == {"services": []}


class TestKeys:
    """A key works for what it is for, until its end."""

    @pytest.mark.parametrize("header", [None, "Bearer ", "Bearer nothing", "Basic dXNlcjpwYXNz", "Bearer " + "x" * 5_000])
    def test_without_a_key_nothing_works(self, mine: Program, header: str | None) -> None:
        for method, path in (("GET", "/services"), ("PUT", "/services/s1"), ("POST", "/batch"), ("GET", "/me")):
            answer = mine.client.request(method, f"/api/partner/v1{path}", headers={"Authorization": header} if header else {})
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]

    def test_a_key_in_the_address_is_none(self, mine: Program) -> None:
        key = mine.headers["Authorization"].split()[1]
        assert mine.client.get(f"/api/partner/v1/services?key={key}&access_token={key}").status_code == 401

    def test_an_old_key_says_when_it_ended(self, trusted: Partner, program: Callable[..., Program]) -> None:
        mine = program(trusted, until=TODAY.date() + timedelta(days=2))
        with clock.at(TODAY + days(2)):
            assert mine.get("/services").status_code == 200
        with clock.at(TODAY + days(3)):
            answer = mine.get("/services")
        assert (answer.status_code, answer.json()["detail"]) == (401, "This key ended on 2026-11-22. Make a new one.")

    def test_a_withdrawn_key_says_so(self, mine: Program, trusted: Partner, db: Session, make: Make, coordinator: Actor) -> None:
        people.end_key(db, coordinator, trusted, queries.keys_of(db, trusted.id)[0].id)
        make.commit()
        answer = mine.get("/services")
        assert (answer.status_code, answer.json()["detail"]) == (401, "This key was withdrawn. Make a new one.")

    def test_an_ended_partnership_ends_its_keys(self, mine: Program, trusted: Partner, db: Session, make: Make, coordinator: Actor):
        people.end_partner(db, coordinator, trusted)
        make.commit()
        assert "ended" in mine.get("/services").json()["detail"]

    def test_a_key_for_reading_changes_nothing(self, trusted: Partner, program: Callable[..., Program]) -> None:
        reader = program(trusted, Scope.READ)
        assert reader.get("/services").status_code == 200
        answer = reader.put("s1", service())
        assert (answer.status_code, "listings" in answer.json()["detail"]) == (403, True)
        assert program(trusted, Scope.REFERRALS).get("/services").status_code == 403

    def test_it_is_kept_as_a_hash_and_its_last_day_of_use_is_seen(self, mine: Program, trusted: Partner, peek: Any) -> None:
        mine.get("/me")
        [row] = peek(select(PartnerKey).where(PartnerKey.partner_id == trusted.id))
        assert row.used_on == TODAY.date()
        assert mine.headers["Authorization"].split()[1] not in row.key_hash

    def test_it_says_what_it_is_for(self, mine: Program) -> None:
        told = mine.get("/me").json()
        assert (told["partner"], told["scopes"], told["receives_referrals"]) == ("House of Law", ["listings"], False)
        assert "agreement" in told["why_not"]

    def test_every_answer_says_how_much_more_may_be_asked(self, mine: Program) -> None:
        first, second, wrong = mine.get("/me"), mine.get("/me"), mine.get("/services/never")
        left = [int(one.headers["ratelimit-remaining"]) for one in (first, second, wrong)]
        assert left == [599, 598, 597]
        assert first.headers["ratelimit-limit"] == "600"
        assert 0 < int(first.headers["ratelimit-reset"]) <= 60

    def test_too_many_requests_wait(self, mine: Program, db: Session, make: Make) -> None:
        mine.get("/me")
        from app.models.engine import Tries

        for row in db.exec(select(Tries)):
            row.count = 600
            db.add(row)
        make.commit()
        answer = mine.get("/me")
        assert (answer.status_code, answer.headers["ratelimit-remaining"]) == (429, "0")
        assert 0 < int(answer.headers["retry-after"]) <= 60

    def test_sentences_are_in_the_programs_language(self, mine: Program) -> None:
        answer = mine.client.get("/api/partner/v1/services", headers={"Accept-Language": "fr"})
        assert answer.headers["content-language"] == "fr"


class TestOnce:
    """The same request with an Idempotency-Key has one effect."""

    def test_the_first_answer_comes_again(self, mine: Program, db: Session) -> None:
        first = mine.put("s1", service(), headers={"Idempotency-Key": "a-1"})
        again = mine.put("s1", service(), headers={"Idempotency-Key": "a-1"})
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers["location"] == first.headers["location"] == "/api/partner/v1/services/s1"
        assert len(db.exec(select(AuditEvent).where(AuditEvent.verb == "partner.sent")).all()) == 1

    def test_another_request_with_it_is_refused(self, mine: Program) -> None:
        mine.put("s1", service(), headers={"Idempotency-Key": "a-1"})
        assert mine.put("s1", service(name="B"), headers={"Idempotency-Key": "a-1"}).status_code == 422
        assert mine.put("s2", service(), headers={"Idempotency-Key": "x" * 300}).status_code == 422

    def test_what_was_refused_may_be_sent_again(self, mine: Program) -> None:
        assert mine.put("s1", {}, headers={"Idempotency-Key": "a-1"}).status_code == 422
        assert mine.put("s1", service(), headers={"Idempotency-Key": "a-1"}).status_code == 201


class TestBatch:
    """Many things at once."""

    def test_one_bad_item_harms_no_other(self, mine: Program) -> None:
        told = mine.batch(
            {"id": "s1", "object": service()}, {"id": "s2", "object": service(name="")}, {"object": service(id="s3", name="Three")},
            "nothing", {"action": "fly", "id": "s4"}, {"id": "s1", "object": service()}, {"object": service()},
            {"id": "s9", "object": None},
        )  # fmt: skip
        assert [one["status"] for one in told] == [201, 422, 201, 422, 422, 422, 422, 422]
        assert [one["index"] for one in told] == list(range(8))
        assert told[1]["errors"][0]["pointer"] == "/name"
        assert sorted(one["name"] for one in found(mine)) == ["Legal help", "Three"]

    def test_organisations_come_before_what_points_to_them(self, mine: Program) -> None:
        data = service(organization_id="o2")
        del data["organization"]
        told = mine.batch(
            {"id": "s1", "object": data}, {"type": "organization", "id": "o2", "object": {"name": "House", "description": "Law"}}
        )
        assert [one["result"] for one in told] == ["created", "created"]

    def test_it_confirms_and_takes_out(self, mine: Program) -> None:
        mine.batch({"id": "s1", "object": service()}, {"id": "s2", "object": service()})
        told = mine.batch({"action": "delete", "id": "s2"}, {"action": "verify", "id": "s1"}, {"action": "verify", "id": "never"},
                          {"action": "delete", "id": "s2"})  # fmt: skip
        assert [(one["status"], one["result"]) for one in told] == [
            (200, "deleted"), (200, "verified"), (404, "refused"), (200, "unchanged"),
        ]  # fmt: skip
        assert mine.get("/services/s1").json()["state"] == "fresh"

    @pytest.mark.parametrize("action", ["verify", "delete"])
    def test_many_cost_as_many_statements_as_one(self, mine: Program, app: Any, count_queries: Any, action: str) -> None:
        mine.batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(4)))
        database, counts = app.state.house.database, []
        for ids in (("s0",), ("s1", "s2", "s3")):
            with count_queries(database.write_engine, database.read_engine) as statements:
                told = mine.batch(*({"action": action, "id": key} for key in ids))
            assert [one["status"] for one in told] == [200] * len(ids)
            counts.append(len(statements))
        assert counts[1] - counts[0] < 15, counts  # what the session and the search write row by row

    @pytest.mark.parametrize("value", [{}, {"items": []}, {"items": 3}, {"items": [{}] * 501}])
    def test_a_batch_has_one_to_five_hundred(self, mine: Program, value: Any) -> None:
        answer = mine.ask("POST", "/batch", json=value)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/items")

    @pytest.mark.parametrize("items", [1, 20])
    def test_it_costs_the_same_for_any_number(self, mine: Program, app: Any, count_queries: Any, items: int) -> None:
        mine.get("/me")
        database = app.state.house.database
        with count_queries(database.write_engine, database.read_engine) as statements:
            mine.batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(items)))
        # What is here already is asked once for those of one town with the same need: six statements.
        assert len(statements) == BATCH_STATEMENTS + 6, statements


# What is paused; stored, published and compared is what stands in the directory, set by set; PostgreSQL is asked for the turn of
# the audit trail.
BATCH_STATEMENTS = 174 + POSTGRES


class TestList:
    """The partner's own services with their standing."""

    def test_it_goes_on_by_cursor(self, mine: Program) -> None:
        mine.batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(5)))
        ids, path, pages = [], "/services?limit=2", 0
        while path:
            answer = mine.get(path)
            ids += [one["id"] for one in answer.json()["services"]]
            pages += 1
            following = answer.json().get("next")
            assert (following is not None) == ('rel="next"' in answer.headers.get("link", ""))
            path = f"/services?limit=2&cursor={following}" if following else ""
        assert (sorted(ids), pages) == (["s0", "s1", "s2", "s3", "s4"], 3)

    @pytest.mark.parametrize("query", ["cursor=%FF", "cursor=abc", "limit=0", "limit=201", "state=lost", "cursor=" + "x" * 50])
    def test_what_cannot_be_used_is_said(self, mine: Program, query: str) -> None:
        assert mine.get(f"/services?{query}").status_code == 422

    def test_states(self, mine: Program, trusted: Partner, db: Session, make: Make) -> None:
        keys = ("never", "fresh", "due", "old", "defunct", "waiting", "declined")
        mine.batch(*({"id": key, "object": service(name=key.title())} for key in keys))
        rows = {row.foreign_id: row for row in db.exec(select(Service)).all()}
        for key, verified, due in (("fresh", -1, 100), ("due", -170, 5), ("old", -190, -1)):
            rows[key].verified_on, rows[key].verify_due = TODAY.date() + timedelta(verified), TODAY.date() + timedelta(due)
        for record in db.exec(select(PartnerRecord)):
            if record.foreign_id in ("waiting", "declined"):
                record.state = RecordState(record.foreign_id)
                db.add(record)
        db.add_all(rows.values())
        make.commit()
        mine.ask("DELETE", "/services/defunct")
        assert {one["id"]: one["state"] for one in mine.get("/services").json()["services"]} == {key: key for key in keys}
        for key in keys:
            assert [one["id"] for one in mine.get(f"/services?state={key}").json()["services"]] == [key]
        assert queries.counts(db.connection(), trusted.id, TODAY.date()) == {
            **dict.fromkeys(queries.STATES, 1),
            "reported": 0,
            "suggested": 0,
        }

    def test_what_people_reported_is_said_late_and_without_numbers(self, mine: Program, db: Session, make: Make) -> None:
        mine.batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(2)))
        rows = {row.foreign_id: row.id for row in db.exec(select(Service)).all()}
        begin, end = reported.weeks(TODAY.date())
        assert (end.isoformat(), begin.weekday(), (TODAY.date() - end).days) == ("2026-11-09", 0, 11)

        def say(why: Why, times: int, first: date, step: int = 1) -> None:
            db.add_all(ListingFeedback(service_id=rows["s0"], helped=Outcome.NO, why=why, on=first - timedelta(step * n))
                       for n in range(times))  # fmt: skip
            make.commit()

        def told() -> list[str] | None:
            return next(one.get("reported") for one in mine.get("/services").json()["services"] if one["id"] == "s0")

        say(Why.CLOSED, 1, TODAY.date())
        say(Why.UNFRIENDLY, 9, end - timedelta(1))
        say(Why.UNFRIENDLY, 50, end - timedelta(1), step=0)  # many on one day are one day
        say(Why.FULL, 10, end - timedelta(1))
        say(Why.MONEY, 10, begin + timedelta(8))
        assert told() == ["closed", "full"]
        say(Why.UNFRIENDLY, 1, TODAY.date())
        assert told() == ["closed", "full"]  # one more is not seen
        mine.ask("POST", "/services/s0/verify")
        assert told() == ["closed", "full"]  # neither after a check
        key = mine.headers
        for days_later, words in ((2, None), (9, None), (10, ["unfriendly"])):
            with clock.at(TODAY + timedelta(days_later)):
                assert mine.headers == key
                assert ("unfriendly" in (told() or [])) is (words is not None), days_later

    @pytest.mark.parametrize("items", [1, 3])
    def test_it_costs_the_same_for_any_number(self, mine: Program, app: Any, count_queries: Any, items: int) -> None:
        mine.batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(items)))
        database = app.state.house.database
        with count_queries(database.write_engine, database.read_engine) as statements:
            mine.get("/services")
        assert len(statements) == 7, statements  # pauses, the key, its count, the list, what stands for each, feedback, flags


def test_the_root_and_its_description_need_no_key(program: Callable[..., Program]) -> None:
    nobody = program(None)
    assert nobody.get("/").json()["openapi_url"].endswith("/api/partner/v1/openapi.json")
    assert nobody.get("").status_code == 200
    assert nobody.get("/openapi.json").json()["openapi"] == "3.1.0"


def test_no_other_site_may_read_it(mine: Program) -> None:
    assert "access-control-allow-origin" not in mine.get("/services").headers


def test_what_goes_beyond_the_most_listings_is_refused_and_the_rest_taken(mine: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_LISTINGS", 2)
    answers = mine.batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(3)))
    assert [one["result"] for one in answers] == ["created", "created", "refused"]
    assert mine.put("s0", service(name="Other help")).status_code == 200
    assert mine.put("s9", service()).status_code == 422
    mine.ask("DELETE", "/services/s0")
    assert mine.put("s9", service()).status_code == 201
