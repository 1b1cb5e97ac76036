"""Every query parameter of the specification: what it leaves, together with others, and what is said of a bad value."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.db import Database
from app.core.i18n import speaking
from app.core.text import fold
from app.domain.directory import actions
from app.domain.directory.wire.asking import PARAMETERS, TAKES
from app.models.directory import Service
from tests.conftest import TODAY
from tests.directory.test_importing import _coordinator
from tests.hsds.conftest import FAMILY, PLACE, Api, listing

LATER = TODAY + timedelta(hours=1)
OTHER = {"id": "o2", "name": "Clinic of the port", "description": "Doctors and a nurse."}
FAR = {**PLACE, "id": "w-far", "name": "Harbour", "latitude": 14.68, "longitude": -17.42,
       "addresses": [{**PLACE["addresses"][0], "id": "b2", "postal_code": "20000", "city": "Dakar"}]}  # fmt: skip


@pytest.fixture
def ids(bring: Callable[..., Any], api: Api) -> dict[str, str]:
    """Two organisations, three services, two places; ids by name."""
    health = [{"id": "a9", "label": "Health", "taxonomy_term": FAMILY}]
    bring(
        listing(), listing("s2", "Evening school", description="Reading and writing.", attributes=[], place=None, translations={}),
        listing("s3", "Doctor on Mondays", description="A doctor listens.", organization=OTHER, place=FAR, attributes=health,
                translations={}, service_areas=[{"id": "sa", "name": "Ziguinchor region"}]),
    )  # fmt: skip
    names = ("services", "organizations", "taxonomies", "taxonomy_terms")
    return {one["name"]: one["id"] for name in names for one in api.contents(f"/{name}")}


LEFT: dict[str, set[str]] = {
    "/services?search=lawyer": {"Legal help"},
    "/services?search=LAWYÉR": {"Legal help"},
    "/services?search=avocat": {"Legal help"},
    "/services?search=listens+doctor": {"Doctor on Mondays"},
    "/services?search=eveni": {"Evening school"},
    "/services?search=%25": set(),
    "/services?search=zzzz": set(),
    "/services?search=": {"Legal help", "Evening school", "Doctor on Mondays"},
    "/services?search='+OR+1%3D1": set(),
    "/organizations?search=nurse": {"Clinic of the port"},
    "/organizations?search=avocats": {"House of Law"},
    "/organizations?search=house+nurse": set(),
    "/service_at_locations?search=doctor": {"Doctor on Mondays"},
    "/service_at_locations?search=harbour": {"Doctor on Mondays"},
    "/taxonomies?search=subjects": {"Subjects"},
    "/taxonomy_terms?search=family": {"Family law"},
    "/taxonomy_terms?search=law": {"Law", "Family law"},
    "/services?taxonomy_term_id={Law}": {"Legal help"},
    "/services?taxonomy_id={Subjects}": {"Legal help", "Doctor on Mondays"},
    "/services?organization_id={House of Law}": {"Legal help", "Evening school"},
    "/services?organization_id={House of Law}&taxonomy_id={Subjects}": {"Legal help"},
    "/services?organization_id={House of Law}&search=writing": {"Evening school"},
    "/services?organization_id={Clinic of the port}&search=writing": set(),
    "/services?taxonomy_term_id={Law}&taxonomy_id={Law}": set(),
    "/organizations?taxonomy_term_id={Law}": {"House of Law"},
    "/organizations?taxonomy_id={Subjects}&search=clinic": {"Clinic of the port"},
    "/service_at_locations?organization_id={House of Law}": {"Legal help"},
    "/service_at_locations?taxonomy_term_id={Law}": {"Legal help"},
    "/service_at_locations?taxonomy_id={Subjects}": {"Legal help", "Doctor on Mondays"},
    "/service_at_locations?postcode=10000": {"Legal help"},
    "/service_at_locations?postcode=20%20000": {"Doctor on Mondays", "Legal help"},  # for all of Dakar, its service area says
    "/service_at_locations?postcode=99999": set(),
    "/service_at_locations?postcode=10000&proximity=0": {"Legal help"},
    "/service_at_locations?postcode=10000&proximity=8300": {"Legal help"},
    "/service_at_locations?postcode=10000&proximity=8600": {"Legal help", "Doctor on Mondays"},
    "/service_at_locations?postcode=10000&proximity=500000&search=doctor": {"Doctor on Mondays"},
    "/service_at_locations?postcode=99999&proximity=500000": set(),
    "/taxonomy_terms?taxonomy_id={Subjects}": {"Law", "Family law"},
    "/taxonomy_terms?top_only=true": {"Law"},
    "/taxonomy_terms?top_only=false": {"Law", "Family law"},
    "/taxonomy_terms?parent_id={Law}": {"Family law"},
    "/taxonomy_terms?parent_id={Law}&top_only=1": set(),
    "/services?nobody_knows_this=1": {"Legal help", "Evening school", "Doctor on Mondays"},
}


def test_what_is_left(api: Api, ids: dict[str, str]) -> None:
    wrong = {}
    for asked, expected in LEFT.items():
        path = asked
        for name, key in ids.items():
            path = path.replace(f"{{{name}}}", key)
        page, lines = api.json(path), api.lines(f"{path}&format=ndjson")
        got = (
            {one.get("name") or one["service"]["name"] for one in page["contents"]},
            page["total_items"],
            page["empty"],
            len(lines),
        )
        if got != (expected, len(expected), not expected, len(expected)):
            wrong[asked] = got
    assert wrong == {}
    assert len(LEFT) > 40


def test_modified_after_takes_the_moment_itself(api: Api, ids: dict[str, str], database: Database) -> None:
    with clock.at(LATER), database.transaction() as db:
        actions.confirm(db, _coordinator(db), db.get_one(Service, _uuid(ids["Legal help"])))
    moment = next(s["last_modified"] for s in api.contents("/services") if s["name"] == "Legal help")
    assert moment == "2026-11-20T10:30:00.000+00:00"
    for written in (
        moment,
        moment.replace("+", "%2B"),
        "2026-11-20T10:30:00Z",
        "2026-11-20T10:30:00",
        "2026-11-20T11:30:00%2B01:00",
    ):
        for name in ("services", "service_at_locations"):
            assert api.names(f"/{name}?modified_after={written}") == ["Legal help"]
    assert api.names("/services?modified_after=2026-11-20T10:30:00.001Z") == []
    assert len(api.names("/services?modified_after=2026-11-20")) == 3
    assert api.names("/services?modified_after=2026-11-20T10:00:00Z&search=doctor") == []
    assert api.names("/services?modified_after=9999-12-31") == []
    assert len(api.names("/services?modified_after=0001-01-01")) == 3


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


def test_minimal_says_id_and_moment_only(api: Api, ids: dict[str, str]) -> None:
    page = api.json("/services?minimal=true")
    assert page["size"] == 3
    assert {frozenset(one) for one in page["contents"]} == {frozenset({"id", "last_modified"})}
    full = {one["id"]: one["last_modified"] for one in api.contents("/services")}
    assert {one["id"]: one["last_modified"] for one in page["contents"]} == full
    assert api.json("/services?minimal=true&per_page=10000")["total_items"] == 3
    assert api.json("/services?minimal=true&per_page=2")["total_pages"] == 2
    assert {frozenset(one) for one in api.lines("/services?minimal=true&format=ndjson")} == {frozenset({"id", "last_modified"})}


BAD = [
    ("page=-1", "page must be a whole number from 1 to 10000000."),
    ("page=0", "page must be a whole number from 1 to 10000000."),
    ("page=1.5", "page must be a whole number from 1 to 10000000."),
    ("page=" + "9" * 26, "page must be a whole number from 1 to 10000000."),
    ("page=%D9%A1", "page must be a whole number from 1 to 10000000."),  # a digit, but not one that programs write
    ("page=", "page must be a whole number from 1 to 10000000."),
    ("page=1&page=2", "page stands there more than once."),
    ("per_page=0", "per_page must be a whole number from 1 to 500."),
    ("per_page=100000", "per_page must be a whole number from 1 to 500."),
    ("per_page=10001&minimal=true", "per_page must be a whole number from 1 to 10000."),
    ("format=xml", "format must be one of: json, ndjson."),
    ("full=maybe", "full must be true or false."),
    ("minimal=2", "minimal must be true or false."),
    ("taxonomy_term_id=law", "taxonomy_term_id must be an id such as 3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11."),
    ("taxonomy_id=" + "1" * 26, "taxonomy_id must be an id such as 3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11."),
    ("organization_id=%7B3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11%7D",
     "organization_id must be an id such as 3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11."),
    ("modified_after=yesterday", "modified_after must be a day or a moment such as 2026-11-20 or 2026-11-20T09:30:00Z."),
    ("modified_after=2026-13-01", "modified_after must be a day or a moment such as 2026-11-20 or 2026-11-20T09:30:00Z."),
    ("modified_after=" + "9" * 26, "modified_after must be a day or a moment such as 2026-11-20 or 2026-11-20T09:30:00Z."),
    ("search=" + "a" * 201, "search is too long. At most 200 letters."),
    ("after=-1", "after must be a whole number from 0 to 2147483647."),
    ("page=-1&format=xml", "page must be a whole number from 1 to 10000000. format must be one of: json, ndjson."),
]  # fmt: skip


@pytest.mark.parametrize(("query", "sentence"), BAD)
def test_a_bad_value_gets_a_sentence(api: Api, query: str, sentence: str) -> None:
    answer = api.get(f"/services?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert sorted(answer.json()["detail"].split(". ")) == sorted(sentence.split(". "))
    assert answer.json()["status"] == 422
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(("path", "sentence"), [
    ("/service_at_locations?proximity=10", "proximity needs a postcode to be near to."),
    ("/service_at_locations?proximity=10&postcode=", "proximity needs a postcode to be near to."),
    ("/service_at_locations?postcode=1&proximity=-5", "proximity must be a whole number from 0 to 500000."),
    ("/service_at_locations?postcode=1&proximity=inf", "proximity must be a whole number from 0 to 500000."),
    ("/service_at_locations?postcode=" + "1" * 26, "postcode is too long. At most 20 letters."),
    ("/organizations?full_service=true&per_page=51", "per_page must be a whole number from 1 to 50."),
    ("/taxonomy_terms?top_only=yes", "top_only must be true or false."),
    ("/taxonomy_terms?parent_id=1", "parent_id must be an id such as 3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11."),
    ("/organizations/3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11?full_service=x", "full_service must be true or false."),
])  # fmt: skip
def test_a_bad_value_gets_a_sentence_elsewhere_too(api: Api, path: str, sentence: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (422, sentence)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_sentence_comes_in_the_readers_language(api: Api, language: str) -> None:
    answer = api.get("/services?page=-1", headers={"Accept-Language": language})
    with speaking(language):
        assert answer.json()["detail"] != "page must be a whole number from 1 to 10000000."
    assert answer.headers["content-language"] == language
    assert "page" in fold(answer.json()["detail"])


def test_every_parameter_of_the_specification_is_taken() -> None:
    pages = {"search", "page", "per_page", "format"}
    of_the_standard = {
        "service": pages | {"taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full"},
        "organization": pages | {"full_service", "full", "taxonomy_term_id", "taxonomy_id"},
        "service_at_location": pages | {"taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full", "postcode",
                                        "proximity"},
        "taxonomy": pages, "taxonomy_term": pages | {"taxonomy_id", "top_only", "parent_id"},
    }  # fmt: skip
    assert {kind: set(names) - {"after"} for kind, names in TAKES.items()} == of_the_standard
    assert {name for names in TAKES.values() for name in names} == set(PARAMETERS)


@pytest.mark.parametrize("path", ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"])
@pytest.mark.parametrize(
    "key", ["1", "x" * 400, "9" * 26, "3f2c8b9e-5d1a-4c7e-9b1f-2a6d8e4c0b11", "3f2c8b9e5d1a4c7e9b1f2a6d8e4c0b11", "%00"]
)
def test_what_was_never_given_is_not_there(api: Api, path: str, key: str) -> None:
    answer = api.get(f"/{path}/{key}")
    assert (answer.status_code, answer.headers["content-type"]) == (400 if key == "%00" else 404, "application/problem+json")
    if key != "%00":
        assert answer.json()["detail"] == "There is nothing with this id."


def test_an_unknown_address_and_another_method_are_told_in_words(api: Api) -> None:
    assert api.get("/locations").json()["detail"] == "There is nothing at this address."
    answer = api.client.delete("/api/hsds/services")
    assert (answer.status_code, answer.json()["detail"]) == (405, "This address cannot be asked in this way.")
