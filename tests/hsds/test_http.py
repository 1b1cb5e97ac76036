"""How the public interface is asked: unchanged answers, other sites, other languages, compression, POST, and what it costs."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import Database
from app.domain.directory import actions
from app.models.directory import Service
from tests.browse import Browser
from tests.conftest import TODAY
from tests.directory.test_importing import _coordinator
from tests.factories import Make
from tests.hsds.conftest import Api, listing

LISTS = ("/services", "/services?full=true", "/organizations", "/service_at_locations", "/taxonomies", "/taxonomy_terms")


def confirm(database: Database) -> None:
    """Move one service."""
    with database.transaction() as db:
        service = db.execute(Service.__table__.select().limit(1)).one()  # type: ignore[attr-defined]
        actions.confirm(db, _coordinator(db), db.get_one(Service, service.id))


def test_an_unchanged_answer_is_not_sent_again(bring: Callable[..., Any], api: Api, database: Database) -> None:
    bring(listing())
    one = f"/services/{api.contents('/services')[0]['id']}"
    for path in (*LISTS, one, "/services?format=ndjson", "/services?format=ndjson&search=lawyer"):
        first = api.get(path)
        etag, since = first.headers["etag"], first.headers["last-modified"]
        assert etag.startswith('W/"')
        assert since == "Fri, 20 Nov 2026 09:30:00 GMT"
        assert first.headers["cache-control"] == "public, no-cache"
        for headers in (
            {"If-None-Match": etag}, {"If-None-Match": f'"other", {etag}'}, {"If-None-Match": "*"},
            {"If-None-Match": etag.removeprefix("W/")}, {"If-Modified-Since": since},
            {"If-Modified-Since": "Sat, 21 Nov 2026 09:30:00 GMT"},
        ):  # fmt: skip
            again = api.get(path, headers=headers)
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag), (path, headers)
        for headers in (
            {"If-None-Match": '"other"'}, {"If-Modified-Since": "Fri, 20 Nov 2026 09:29:59 GMT"},
            {"If-Modified-Since": "yesterday"},
            {"If-None-Match": '"other"', "If-Modified-Since": since},  # the ETag decides
        ):  # fmt: skip
            assert api.get(path, headers=headers).status_code == 200, (path, headers)
    moved = ("/services", "/services?full=true", "/service_at_locations", one, "/services?format=ndjson")
    before = {path: api.get(path).headers["etag"] for path in (*moved, "/taxonomies")}
    with clock.at(TODAY + timedelta(seconds=1)):
        confirm(database)
    for path in moved:
        again = api.get(path, headers={"If-None-Match": before[path]})
        assert again.status_code == 200
        assert again.headers["last-modified"] == "Fri, 20 Nov 2026 09:30:01 GMT"
    assert api.get("/taxonomies", headers={"If-None-Match": before["/taxonomies"]}).status_code == 304


def test_pages_of_every_site_may_read_it(make: Make, api: Api) -> None:
    key = make.service().id
    make.commit()
    known = ("", "/", "/openapi.json", "/profile.json", *LISTS, f"/services/{key}", "/services?format=ndjson")
    for path in (*known, "/services/1", "/nothing", "/services?page=-1"):
        answer = api.get(path, headers={"Origin": "https://other.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert {"ETag", "Link", "Last-Modified"} <= set(answer.headers["access-control-expose-headers"].split(", "))
        asked = api.client.options(f"/api/hsds{path}", headers={
            "Origin": "https://other.example", "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match"})  # fmt: skip
        assert (asked.status_code, asked.content) == (204, b"")
        assert asked.headers["access-control-allow-origin"] == "*"
        assert asked.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
        assert "If-None-Match" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in api.client.get("/help").headers
    assert "access-control-allow-origin" not in api.client.get("/api/hsdsx").headers
    assert api.client.options("/help").status_code == 405


def test_somebody_who_is_signed_in_gets_the_same(make: Make, api: Api, browse: Callable[..., Browser]) -> None:
    make.service()
    member = make.member()
    make.commit()
    answer = browse(member).get("/api/hsds/services", headers={"Accept-Language": ""})
    assert answer.json() == api.json("/services")
    assert "set-cookie" not in answer.headers


def test_the_language_changes_the_words_and_not_the_ids(bring: Callable[..., Any], api: Api) -> None:
    bring(listing(), listing("s2", "Evening school", translations={}, place=None))
    plain = {one["id"]: one for one in api.contents("/services?full=true")}
    answer = api.get("/services?full=true", headers={"Accept-Language": "fr-SN, en;q=0.5"})
    french = {one["id"]: one for one in answer.json()["contents"]}
    assert list(plain) == list(french)
    assert answer.headers["content-language"] == "en, fr"
    assert "Accept-Language" in answer.headers["vary"]
    assert {one["name"]: one["language"] for one in french.values()} == {"Aide juridique": "fr", "Evening school": "en"}
    (law,) = (one for one in french.values() if one["language"] == "fr")
    assert law["description"] == "Un avocat écoute."
    assert law["phones"] == plain[law["id"]]["phones"]
    assert law["organization"]["name"] == "Maison du droit"
    assert law["service_at_locations"][0]["location"]["name"] == "Halle du marché"
    assert law["fees_description"] == "Free"  # no word of its own: as it is
    for wanted in ("", "en, fr;q=0.9", "ar", "*", "de, *;q=0.5", "x" * 500, ";;q=,,"):
        assert api.contents("/services?full=true", headers={"Accept-Language": wanted}) == list(plain.values()), wanted
    one = api.get(f"/services/{law['id']}", headers={"Accept-Language": "ar;q=0.9, fr;q=0.8, en;q=0.1"})
    assert (one.json(), one.headers["content-language"]) == (law, "fr")
    assert api.get(f"/services/{law['id']}").headers["content-language"] == "en"
    lines = api.client.get("/api/hsds/services?format=ndjson", headers={"Accept-Language": "fr"}).text
    assert "Aide juridique" in lines
    assert "Legal help" not in lines
    assert api.names("/organizations", headers={"Accept-Language": "fr"}) == ["Maison du droit"]
    assert api.contents("/service_at_locations", headers={"Accept-Language": "fr"})[0]["location"]["name"] == "Halle du marché"


def test_answers_are_compressed_for_who_takes_it(bring: Callable[..., Any], app: FastAPI, api: Api) -> None:
    bring(*(listing(f"s{n}", f"Number {n}", place=None) for n in range(3)))
    for path in ("/services?full=true", "/services?full=true&format=ndjson"):
        plain = api.get(path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        for how, opened in (("gzip", gzip.decompress), ("br", brotli.decompress)):
            with api.client.stream("GET", f"/api/hsds{path}", headers={"Accept-Encoding": how}) as answer:
                raw = b"".join(answer.iter_raw())
            assert answer.headers["content-encoding"] == how
            assert "Accept-Encoding" in answer.headers["vary"]
            assert answer.headers["etag"] == plain.headers["etag"]
            assert opened(raw) == plain.content
            assert len(raw) < len(plain.content) / 2


def test_head_answers_without_a_body(bring: Callable[..., Any], api: Api) -> None:
    bring(listing())
    for path in ("/services", "/services?format=ndjson", "/openapi.json"):
        got, head = api.get(path), api.client.head(f"/api/hsds{path}")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers.get("etag") == got.headers.get("etag")


def test_post_asks_the_same_with_words_in_the_body(bring: Callable[..., Any], api: Api) -> None:
    bring(listing(), listing("s2", "Evening school", translations={}, alternate_name="x", description="Reading.", place=None))
    expected = api.json("/services?search=lawyer&per_page=5")
    post = lambda path, **options: api.client.post(f"/api/hsds{path}", **options)  # noqa: E731
    for answer in (
        post("/services?search=lawyer&per_page=5"), post("/services", data={"search": "lawyer", "per_page": "5"}),
        post("/services?per_page=5", json={"search": "lawyer"}), post("/services", json={"search": "lawyer", "per_page": 5}),
    ):  # fmt: skip
        assert answer.status_code == 200
        assert answer.json() == expected
        assert "link" not in answer.headers
    assert post("/services", json={"full": True, "search": "lawyer"}).json()["contents"][0]["phones"]
    assert len(post("/services", json={"format": "ndjson"}).text.splitlines()) == 2
    for name in ("organizations", "service_at_locations", "taxonomies", "taxonomy_terms"):
        assert post(f"/{name}").json() == api.json(f"/{name}")
    for body in (
        b"[1]",
        b"{",
        b'{"search": null}',
        b'{"search": ["a"]}',
        b"\xff",
        b"[" * 20_000,
        b'{"page": ' + b"9" * 5_000 + b"}",
    ):
        answer = post("/services", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422
        assert answer.json()["detail"] == "The body must be a form or a JSON object with these parameters."
    assert post("/services?page=1", data={"page": "2"}).json()["detail"] == "page stands there more than once."
    assert post("/services", data={"page": "-1"}).status_code == 422
    assert post("/services/1").status_code == 405


@pytest.mark.parametrize("things", [1, 3])
def test_an_answer_costs_the_same_for_any_number_of_things(
    bring: Callable[..., Any], api: Api, app: FastAPI, count_queries: Any, things: int
) -> None:
    bring(*(listing(f"s{n}", f"Number {n}") for n in range(things)))
    one = {name: api.contents(f"/{name}")[0]["id"] for name in ("services", "organizations", "service_at_locations")}
    reader = app.state.house.database.read_engine
    literally = {
        "/services": 2, "/services?full=true": 3, "/services?minimal=true": 2, "/services?page=2&full=true": 1,
        "/services?modified_after=2026-01-01": 3, "/services?search=number": 3,
        "/services?format=ndjson": 2, "/services?format=ndjson&full=true": 3,
        f"/services/{one['services']}": 2, "/organizations": 2, "/organizations?full=true": 5,
        "/organizations?full=true&full_service=true": 6, f"/organizations/{one['organizations']}": 4,
        "/service_at_locations": 2, "/service_at_locations?full=true": 2, "/service_at_locations?postcode=10000&proximity=9": 4,
        f"/service_at_locations/{one['service_at_locations']}": 1, "/taxonomies": 2, "/taxonomy_terms": 2, "/": 0,
        "/openapi.json": 0, "/profile.json": 1, "/services?page=-1": 0,
    }  # fmt: skip
    counted = {}
    for path in literally:
        with count_queries(reader) as statements:
            assert api.get(path).status_code == (422 if "-1" in path else 200)
        counted[path] = len(statements)
    assert counted == {path: 1 + number for path, number in literally.items()}  # one: what the house has paused
    with count_queries(reader) as statements:
        api.get("/services?full=true", headers={"Accept-Language": "fr"})
    assert len(statements) == 6  # the words of services with who offers them, and of places


def test_the_next_page_of_a_filtered_list_looks_nothing_up_again(
    bring: Callable[..., Any], api: Api, app: FastAPI, count_queries: Any, database: Database
) -> None:
    bring(*(listing(f"s{n}", f"Number {n}", place=None) for n in range(3)))
    path = "/services?modified_after=2026-01-01&per_page=1&page="
    counts = []
    for step in ("1", "2", "moved", "3"):
        if step == "moved":
            confirm(database)
            continue
        with count_queries(app.state.house.database.read_engine) as statements:
            api.get(path + step)
        counts.append(len(statements))
    assert counts == [4, 3, 4]


def test_what_cannot_be_read_is_a_problem_document_too(api: Api) -> None:
    for path in ("/services?search=%00", "/services/%00"):
        answer = api.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert json.loads(answer.text)["status"] == 400
    assert api.get("/services?search=%ED%A0%80").status_code in (200, 422)
