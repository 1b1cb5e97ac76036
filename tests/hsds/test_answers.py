"""What every endpoint of HSDS 3.1 answers: the shapes of the standard, everything nested where it belongs, no nulls."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.db import Database
from app.domain.directory.importing import import_directory
from tests.hsds.conftest import LAW, Api, listing

DATA = Path(__file__).parents[2] / "data"
LISTS = {
    "services": "service", "organizations": "organization", "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
}  # fmt: skip
NESTED = ("full=true", "full_service=true", "full=true&full_service=true")
Valid = Callable[[str, Any], None]


def everything(api: Api, valid: Valid) -> dict[str, int]:
    """Ask every endpoint in every form, check each object; return how many of each kind there are."""
    counts = {}
    for name, kind in LISTS.items():
        first = api.json(f"/{name}?per_page=500")
        counts[kind] = first["total_items"]
        assert first["size"] == len(first["contents"]) == min(first["total_items"], 500)
        for query in ("", *NESTED) if kind in ("service", "organization", "service_at_location") else ("",):
            for one in api.contents(f"/{name}?per_page=50&{query}"):
                valid(kind, one)
        for one in first["contents"][:20]:
            valid(kind, api.json(f"/{name}/{one['id']}"))
        for one in api.lines(f"/{name}?format=ndjson&full=true"):
            valid(kind, one)
    return counts


def test_every_endpoint_keeps_to_the_standard(bring: Callable[..., Any], api: Api, valid: Valid) -> None:
    bring(
        listing(), listing("s2", "Second", place=None), listing("s3", "Women's shelter"), listing("s4", "Ended", status="defunct")
    )
    assert everything(api, valid) == {
        "service": 4, "organization": 1, "service_at_location": 2, "taxonomy": 1, "taxonomy_term": 2
    }  # fmt: skip


@pytest.mark.parametrize(("name", "services"), [("ifr-poland-2022", 66), ("unhcr-jordan-2015", 108)])
def test_real_directories_keep_to_the_standard(database: Database, api: Api, valid: Valid, name: str, services: int) -> None:
    import_directory(database, DATA / "demo" / name, feed_name=name, mapping=DATA / "mappings" / f"{name}.yaml", country="JO")
    counts = everything(api, valid)
    assert counts["service"] == services
    assert counts["organization"] > 10


def test_an_empty_directory_answers_empty_pages(api: Api) -> None:
    for name in LISTS:
        assert api.json(f"/{name}") == {
            "total_items": 0, "total_pages": 0, "page_number": 1, "size": 0, "first_page": True, "last_page": True, "empty": True,
            "contents": [],
        }  # fmt: skip
        assert api.get(f"/{name}?format=ndjson").text == ""


def test_the_root_announces_itself(api: Api) -> None:
    for path in ("", "/"):
        about = api.json(path)
        assert set(about) == {"version", "profile", "openapi_url"}
        assert about["version"] == "3.1"
        for name in ("profile", "openapi_url"):
            assert api.client.get(about[name].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_service_comes_with_everything(bring: Callable[..., Any], api: Api) -> None:
    bring(listing())
    (short,) = api.contents("/services")
    whole = api.json(f"/services/{short['id']}")
    assert [whole] == api.contents("/services?full=true") == api.lines("/services?full=true&format=ndjson")
    lists = {name for name, value in whole.items() if isinstance(value, list)}
    assert lists == {
        "additional_urls", "phones", "schedules", "service_areas", "languages", "funding", "cost_options", "required_documents",
        "contacts", "capacities", "attributes", "service_at_locations", "needs",
    }  # fmt: skip
    assert {name: value for name, value in short.items() if name not in ("organization", "program")} == {
        name: value for name, value in whole.items() if name not in {*lists, "organization", "program"} or name == "needs"
    }
    assert short["organization"].items() <= whole["organization"].items()
    assert {"phones", "contacts", "funding", "additional_websites", "organization_identifiers"} <= set(whole["organization"])
    assert not {"phones", "locations", "services"} & set(short["organization"])
    (link,) = whole["service_at_locations"]
    assert {"addresses", "phones", "languages", "contacts", "schedules", "accessibility"} <= set(link["location"])
    assert link["schedules"][0]["description"] == "Mondays"
    assert whole["phones"][0]["languages"][0]["code"] == "wo"
    assert whole["capacities"][0]["unit"]["name"] == "Places"
    assert whole["attributes"][0]["taxonomy_term"]["name"] == LAW["name"]
    assert whole["program"]["name"] == "Rights"
    assert "metadata" not in whole


def test_what_we_add_stands_in_the_profile_and_nothing_else(bring: Callable[..., Any], api: Api) -> None:
    bring(listing(), listing("s2", "Women's shelter", place=None))
    added = api.json("/profile.json")["schemas"]["service.json"]["properties"]
    known = api.json("/openapi.json")["components"]["schemas"]["service"]["properties"]
    for one in api.contents("/services?full=true"):
        assert set(one) <= set(known)
    assert set(added) <= set(known)
    open_one, closed_one = api.contents("/services")
    if "contact_through" in open_one:
        open_one, closed_one = closed_one, open_one
    assert open_one["source"] == {"title": "city"}
    assert open_one["needs"] == ["papers"]
    assert open_one["verify_due"] == "2027-05-19"
    assert closed_one["contact_through"] == "network"
    assert api.client.get(closed_one["page"]).status_code == 200


def test_an_organisation_has_its_places_and_services(bring: Callable[..., Any], api: Api) -> None:
    place = {"id": "w9", "location_type": "physical", "name": "Office", "organization_id": "o1"}
    bring(listing(place=place), listing("s2", "Second", place=None))
    (short,) = api.contents("/organizations")
    assert not {"services", "locations", "phones"} & set(short)
    whole = api.json(f"/organizations/{short['id']}")
    assert [whole] == api.contents("/organizations?full=true")
    assert whole["locations"][0]["name"] == "Office"
    assert sorted(s["name"] for s in whole["services"]) == ["Legal help", "Second"]
    assert not {"phones", "organization"} & set(whole["services"][0])
    for path in (f"/organizations/{short['id']}?full_service=true", "/organizations?full_service=true"):
        found = api.json(path)
        services = (found["contents"][0] if "contents" in found else found)["services"]
        assert {len(s["phones"]) for s in services} == {1}
        assert {len(s.get("service_at_locations", ())) for s in services} == {0, 1}


def test_a_service_at_a_place_has_both(bring: Callable[..., Any], api: Api) -> None:
    bring(listing())
    (short,) = api.contents("/service_at_locations")
    assert (short["location"]["name"], short["service"]["name"]) == ("Market hall", "Legal help")
    assert short["service"]["organization"]["name"] == "House of Law"
    assert not {"phones", "addresses"} & {*short, *short["location"], *short["service"]}
    whole = api.json(f"/service_at_locations/{short['id']}")
    assert [whole] == api.contents("/service_at_locations?full=true")
    assert whole["location"]["addresses"][0]["city"] == "Pikine"
    assert whole["service"]["phones"][0]["number"] == "+221 33 800 00 00"
    assert "service_at_locations" not in whole["service"]


def test_a_category_names_its_taxonomy(bring: Callable[..., Any], api: Api) -> None:
    bring(listing())
    law, family = sorted(api.contents("/taxonomy_terms"), key=lambda t: t["name"], reverse=True)
    assert law["taxonomy_detail"]["name"] == "Subjects"
    assert family["parent_id"] == law["id"]
    assert api.json(f"/taxonomies/{law['taxonomy_id']}")["uri"] == "https://subjects.example"
    assert api.json(f"/taxonomy_terms/{family['id']}") == family
