"""A small directory with everything in it, brought in by the importer, and a program that asks for it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from app.core.db import Database
from app.domain import wiring
from app.domain.directory.importing import import_directory
from tests.inside import client

SCHEMAS = Path(__file__).parents[2] / "data" / "hsds" / "schema"
PLACE = {
    "id": "w1", "location_type": "physical", "name": "Market hall", "latitude": 14.75, "longitude": -17.39,
    "transportation": "Bus 7",
    "addresses": [{"id": "b1", "address_1": "Rue 1", "city": "Pikine", "state_province": "Dakar", "postal_code": "10 000",
                   "country": "SN", "address_type": "physical"}],
    "phones": [{"id": "wp", "number": "+221 33 800 00 09"}], "languages": [{"id": "wl", "name": "Wolof", "code": "wo"}],
    "contacts": [{"id": "wc", "name": "Porter"}], "schedules": [{"id": "wh", "description": "Every day"}],
    "accessibility": [{"id": "wa", "description": "Two steps"}], "translations": {"fr": {"name": "Halle du marché"}},
}  # fmt: skip
HOUSE_OF_LAW = {
    "id": "o1", "name": "House of Law", "description": "Lawyers.", "email": "law@house.example", "website": "https://house.example",
    "year_incorporated": 1998, "phones": [{"id": "op", "number": "+221 33 800 00 08", "extension": 7}],
    "contacts": [{"id": "oc", "name": "Front desk", "email": "desk@house.example"}], "funding": [{"id": "of", "source": "Donors"}],
    "additional_websites": [{"id": "ow", "url": "https://law.example", "label": "More"}],
    "organization_identifiers": [{"id": "oi", "identifier_type": "Charity", "identifier": "4711"}],
    "translations": {"fr": {"name": "Maison du droit", "description": "Des avocats."}},
}  # fmt: skip
FAMILY = {"id": "t2", "name": "Family law", "description": "A part of it", "parent_id": "t1", "taxonomy_id": "x1"}
LAW = {"id": "t1", "name": "Law", "description": "Everything about law", "taxonomy_id": "x1", "code": "L"}


def listing(key: str = "s1", name: str = "Legal help", **changes: Any) -> dict[str, Any]:
    """Return one HSDS service with everything that can be nested in it."""
    place = changes.pop("place", {**PLACE, "id": f"w-{key}"})
    places = [] if place is None else [{"id": f"l-{key}", "description": "Second floor", "location": place,
                                        "schedules": [{"id": f"lh-{key}", "description": "Mondays"}]}]  # fmt: skip
    return {
        "id": key, "name": name, "status": "active", "description": "A lawyer listens.", "fees_description": "Free",
        "alternate_name": "Room three", "email": "help@house.example", "url": "https://house.example/help", "minimum_age": 18,
        "eligibility_description": "Everybody", "assured_date": "2026-10-01",
        "organization": HOUSE_OF_LAW, "program": {"id": "p1", "name": "Rights", "description": "All about rights"},
        "additional_urls": [{"id": "u1", "url": "https://house.example/faq"}],
        "phones": [{"id": "p1", "number": "+221 33 800 00 00", "languages": [{"id": "l1", "name": "Wolof", "code": "wo"}]}],
        "contacts": [{"id": "c1", "name": "Desk", "phones": [{"id": "cp", "number": "+221 33 800 00 01"}]}],
        "languages": [{"id": "l2", "name": "French", "code": "fr"}],
        "schedules": [{"id": "h1", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "12:00", "timezone": 0}],
        "service_areas": [{"id": "sa", "name": "Dakar", "extent_type": "text"}], "funding": [{"id": "sf", "source": "City"}],
        "required_documents": [{"id": "d1", "document": "Any paper with your name"}],
        "cost_options": [{"id": "k1", "amount": 0, "currency": "XOF"}],
        "capacities": [{"id": "q1", "unit": {"id": "q2", "name": "Places"}, "available": 3, "updated": "2026-11-01T09:00:00Z"}],
        "attributes": [{"id": "a1", "label": "Legal help", "taxonomy_term": LAW}],
        "service_at_locations": places, "translations": {"fr": {"name": "Aide juridique", "description": "Un avocat écoute."}},
        **changes,
    }  # fmt: skip


@pytest.fixture
def bring(database: Database, tmp_path: Path) -> Callable[..., Any]:
    """``bring(listing(), …)``: import these services as the feed "city"; ``taxonomies`` stand beside them."""
    wiring.connect()

    def bring_in(*records: dict[str, Any], feed: str = "city", **options: Any) -> Any:
        folder = tmp_path / feed
        folder.mkdir(exist_ok=True)
        (folder / "services.json").write_text(json.dumps(list(records)), encoding="utf-8")
        taxonomy = {"id": "x1", "name": "Subjects", "description": "What it is about", "uri": "https://subjects.example"}
        (folder / "taxonomies.json").write_text(json.dumps([taxonomy]), encoding="utf-8")
        (folder / "taxonomy_terms.json").write_text(json.dumps([LAW, FAMILY]), encoding="utf-8")
        return import_directory(database, folder, feed_name=feed, country="SN", **options)

    return bring_in


class Api:
    """A program that asks: no cookies, no language unless it says one."""

    def __init__(self, app: FastAPI) -> None:
        self.client = client(app)
        self.client.headers.pop("accept-encoding", None)

    def get(self, path: str = "", **options: Any) -> Any:
        """Ask for an address below /api/hsds."""
        return self.client.get(f"/api/hsds{path}", **options)

    def json(self, path: str = "", **options: Any) -> Any:
        """Return the JSON of an answer that is right."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def contents(self, path: str, **options: Any) -> list[Any]:
        """Return the objects of a page."""
        found: list[Any] = self.json(path, **options)["contents"]
        return found

    def names(self, path: str, **options: Any) -> list[str]:
        """Return the names on a page."""
        return [one.get("name") or one["service"]["name"] for one in self.contents(path, **options)]

    def lines(self, path: str) -> list[Any]:
        """Return the objects of a stream."""
        answer = self.get(path)
        assert answer.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture
def api(app: FastAPI) -> Api:
    """The public interface."""
    return Api(app)


@pytest.fixture(scope="session")
def valid() -> Callable[[str, Any], None]:
    """``valid("service", object)``: fails unless the schemas of the standard take it, and for any null in it."""
    loaded = {p.name: json.loads(p.read_text(encoding="utf-8")) for p in SCHEMAS.glob("*.json")}
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    resources = [(name, Resource.from_contents({**dialect, **body, "$id": name})) for name, body in loaded.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    made = {
        name: Draft202012Validator({**body, "$id": name}, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
        for name, body in loaded.items()
    }

    def check(kind: str, one: Any) -> None:
        assert [f"{e.json_path}: {e.message}" for e in made[f"{kind}.json"].iter_errors(one)] == []
        assert list(nulls(one)) == []
        for name in ("service", "organization", "location", "taxonomy_detail"):  # not known to each schema that holds them
            if isinstance(one.get(name), dict):
                check("taxonomy" if name == "taxonomy_detail" else name, one[name])
        for inner in one.get("services", ()):
            check("service", inner)

    return check


def nulls(value: Any, path: str = "$") -> Iterator[str]:
    """Yield where a null stands."""
    if value is None:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from nulls(one, f"{path}.{key}")
