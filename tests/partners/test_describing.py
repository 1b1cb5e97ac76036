"""The description of the partners' interface is true: questions that fit it never break the program."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from app.domain.directory.reading.fields import FIELDS
from app.domain.partners.checking import check
from app.models.partners import Partner
from tests.partners.conftest import Program, service

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture
def mine(trusted: Partner, program: Callable[..., Program]) -> Program:
    """A program with something sent."""
    found = program(trusted)
    found.batch(*({"id": f"s{n}", "object": service(name=f"Help {n}")} for n in range(3)))
    return found


def test_no_question_that_fits_the_document_breaks_it(app: FastAPI, mine: Program) -> None:
    described = schemathesis.openapi.from_asgi("/api/partner/v1/openapi.json", app)
    described.validate()
    asked, seen = 0, set[int]()
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=15, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            if case.path_parameters and asked % 2:
                case.path_parameters["id"] = f"s{asked % 3}"
            answer = case.call(headers=mine.headers)
            case.validate_response(answer, checks=CHECKS)
            seen.add(answer.status_code)

        ask()
    assert asked > 80
    assert {200, 201, 404, 422} <= seen


NAMES = st.sampled_from(sorted({
    *FIELDS["service"], "id", "organization", "service_at_locations", "location", "addresses", "translations", "needs", "language"
}))  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=8), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(JSON, st.text(max_size=220))
def test_the_look_at_an_object_never_fails(value: Any, key: str) -> None:
    for kind in ("service", "organization"):
        out = check(kind, value, key)
        assert out.problems or out.data["name"]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.dictionaries(st.sampled_from(sorted({*service(), "language", "translations", "url", "id"})), JSON, max_size=8))
def test_whatever_is_sent_gets_an_answer_with_a_reason(mine: Program, value: dict[str, Any]) -> None:
    import json

    body = json.dumps({**service(), **value}, allow_nan=True).encode()
    answer = mine.ask("PUT", "/services/any", content=body)
    assert answer.status_code in (200, 201, 400, 422), answer.text
    if answer.status_code == 422:
        assert all(error["pointer"] == "" or error["pointer"].startswith("/") for error in answer.json()["errors"])
