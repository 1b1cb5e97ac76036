"""What describes the public interface is true: the OpenAPI document, the profile, the guide with its lines to copy."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from app.domain.directory.wire.asking import PARAMETERS, TAKES
from tests.hsds.conftest import SCHEMAS, Api, listing

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
LINES = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
BASE = "http://127.0.0.1:8000"


def test_the_document_names_every_endpoint_of_the_standard(api: Api) -> None:
    document = api.json("/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": f"{BASE}/api/hsds"}]
    names = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
    expected = {"/": {"get"}} | {f"/{n}": {"get", "post"} for n in names} | {f"/{n}/{{id}}": {"get"} for n in names}
    assert {path: set(methods) for path, methods in document["paths"].items()} == expected
    tags = {f"{m} {p}": op["tags"] for p, methods in document["paths"].items() for m, op in methods.items()}
    assert {one for one, tag in tags.items() if tag == ["Required"]} == {"get /", "get /services", "get /services/{id}"}
    assert {tuple(tag) for tag in tags.values()} == {("Required",), ("Optional",)}
    ids = [op["operationId"] for methods in document["paths"].values() for op in methods.values()]
    assert len(ids) == len(set(ids))


def test_the_schemas_are_those_of_the_standard(api: Api) -> None:
    """Every field of HSDS with its type, every required one, nothing else but what the profile says."""
    ours = api.json("/openapi.json")["components"]["schemas"]
    added = api.json("/profile.json")["schemas"]["service.json"]["properties"]
    for name, schema in ours.items():
        path = SCHEMAS / f"{name}.json"
        if name in ("Page", "Problem"):
            continue
        theirs = json.loads(path.read_text(encoding="utf-8"))
        assert set(schema["required"]) == set(theirs.get("required", ())), name
        for field, said in theirs["properties"].items():
            if field in ("metadata", "unit_id"):  # left out, see the profile; only of tables
                continue
            assert field in schema["properties"], f"{name}.{field}"
            if "type" in said:
                assert schema["properties"][field].get("type") == said["type"], f"{name}.{field}"
        more = set(schema["properties"]) - set(theirs["properties"])
        known = {"service": {"service_at_locations", *added}, "organization": {"services"}, "service_at_location": {"service"}}
        assert more <= known.get(name, set()) | {f for f in more if f.endswith("_id")}, name


def test_the_document_describes_the_parameters_that_are_read(api: Api) -> None:
    paths = api.json("/openapi.json")["paths"]
    for kind, names in TAKES.items():
        path = {"taxonomy": "/taxonomies"}.get(kind, f"/{kind}s")
        for method in ("get", "post"):
            assert tuple(p["name"] for p in paths[path][method]["parameters"]) == names
    for name in PARAMETERS:
        assert name == "after" or f"`{name}`" in GUIDE


@pytest.fixture
def described(app: FastAPI, bring: Callable[..., Any]) -> Any:
    """The document as schemathesis reads it, over a directory with something in it."""
    bring(listing(), listing("s2", "Women's shelter"))
    return schemathesis.openapi.from_asgi("/api/hsds/openapi.json", app)


CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


def test_no_question_that_fits_the_document_breaks_it(described: Any, api: Api) -> None:
    described.validate()
    ids = [one["id"] for name in ("services", "organizations") for one in api.contents(f"/{name}")]
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=12, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            if case.path_parameters and asked % 2:
                case.path_parameters["id"] = ids[asked % len(ids)]
            case.call_and_validate(checks=CHECKS)

        ask()
    assert asked > 100


def asked_by(line: str) -> tuple[str, str, dict[str, Any]]:
    """Return method, path and options of a line with curl; fails for what a shell would read in another way."""
    words = list(shlex.shlex(line, posix=True, punctuation_chars=True))
    assert not [word for word in words if set(word) <= set("();<>|&")], f"has to be quoted: {line}"
    words = shlex.split(line)
    assert words.pop(0) == "curl"
    headers, data, method = {}, [], "GET"
    address = ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            data.append(words.pop(0))
            method = "POST"
        elif word in ("-I", "--compressed"):
            method = "HEAD" if word == "-I" else method
            headers |= {"Accept-Encoding": "gzip, br"} if word == "--compressed" else {}
        else:
            assert not word.startswith("-"), word
            address = word
    assert address.startswith(BASE)
    if data:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    split = urlsplit(address)
    return (
        method,
        f"{split.path}?{split.query}" if split.query else split.path,
        {"headers": headers, "content": "&".join(data) or None},
    )


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_the_guide_works(line: str, bring: Callable[..., Any], api: Api) -> None:
    bring(listing())
    method, path, options = asked_by(line)
    answer = api.client.request(method, path, **options)
    if "page=-1" in line:
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("page must be")
        return
    assert answer.status_code == 200, answer.text
    if "ndjson" in line:
        assert [json.loads(one)["name"] for one in answer.text.splitlines()] == ["Legal help"]
    elif method != "HEAD" and "contents" in answer.json():
        assert answer.json()["total_items"] == 1, line


def test_the_guide_has_lines() -> None:
    assert len(LINES) > 12
    assert all(line.startswith("curl ") for line in LINES)
