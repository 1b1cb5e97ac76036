"""The route table is reviewed, every route says who may enter, GET cannot write, nothing is described for machines by accident."""

import inspect
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from sqlmodel import SQLModel

from app.core import settings as core_settings
from app.core.settings import Settings
from tests.architecture import routes as table
from tests.architecture.routes import Route, routes

SAFE = ("GET", "HEAD")
# First parts of addresses that are never for anyone, whatever a route forgets to declare.
BEHIND_A_DOOR = ("/my/", "/desk", "/ops", "/partner")
PUBLIC_UNDER_ME = {"/me"}  # guests see two doors there
PARTNERS = "/api/partner/v1"
OPEN_TO_PARTNERS = {PARTNERS, f"{PARTNERS}/", f"{PARTNERS}/openapi.json"}


def test_the_table_under_review_is_the_programs_own() -> None:
    listed = table.LISTED.read_text(encoding="utf-8").splitlines()
    made = table.table().splitlines()
    assert [line for line in made if line not in listed] == [], "new or changed: review, then write tests/routes.txt again"
    assert [line for line in listed if line not in made] == [], "gone: write tests/routes.txt again"
    assert listed == made


def test_there_are_routes() -> None:
    assert len(routes()) > 100
    assert len({(r.method, r.path) for r in routes()}) == len(routes())


@pytest.mark.parametrize("route", routes(), ids=lambda r: f"{r.method} {r.path}")
def test_what_is_behind_a_door_has_a_guard(route: Route) -> None:
    inside = route.path.startswith(BEHIND_A_DOOR) or (route.path.startswith("/me") and route.path not in PUBLIC_UNDER_ME)
    if inside and not route.path.startswith("/metrics"):
        if route.path.startswith("/manifest"):
            return
        assert route.who != "anyone"
    if route.path.startswith(PARTNERS) and route.path not in OPEN_TO_PARTNERS:
        assert route.who.startswith("a key for ")
    if route.path.startswith("/desk") or route.path.startswith("/ops"):
        assert route.who not in ("member", "proven"), "work needs a role"


@pytest.mark.parametrize("route", [r for r in routes() if r.method in SAFE], ids=lambda r: r.path)
def test_a_get_never_takes_the_writing_session(route: Route) -> None:
    assert route.does in ("reads", "nothing")


@pytest.mark.parametrize("route", [r for r in routes() if r.method not in SAFE], ids=lambda r: r.path)
def test_an_unsafe_route_is_a_form(route: Route) -> None:
    assert route.method == "POST" or (route.method in ("PUT", "DELETE") and route.who.startswith("a key"))


def test_every_answer_is_checked_for_where_it_was_asked_from(tmp_path: Any) -> None:
    """The origin check hangs on the application, so that no route can forget it."""
    from fastapi.routing import iter_route_contexts

    from app.main import create_app
    from app.web.origin import from_here

    before = core_settings._current[:]
    app = create_app(Settings(mode="development", data_dir=tmp_path))
    core_settings._current[:] = before
    seen = 0
    for context in iter_route_contexts(app.routes):
        if getattr(context, "dependant", None) is not None:
            assert from_here in list(table._inside(context.dependant)), context.path
            seen += 1
    app.state.house.database.dispose()
    assert seen == len(routes())


def _annotation(endpoint: Any) -> Any:
    return inspect.signature(endpoint, eval_str=True).return_annotation


@pytest.mark.parametrize("route", routes(), ids=lambda r: f"{r.method} {r.path}")
def test_no_table_on_the_wire(route: Route) -> None:
    """A table as a form or an answer would publish, or take in, every column that is added to it."""
    kinds = [
        _annotation(route.endpoint),
        *(p.annotation for p in inspect.signature(route.endpoint, eval_str=True).parameters.values()),
    ]
    assert not [k for k in kinds if isinstance(k, type) and issubclass(k, SQLModel)]
    assert kinds[0] is not inspect.Signature.empty


def test_no_schema_of_the_wire_is_a_table_or_holds_one() -> None:
    import app.schemas.accounts
    import app.schemas.directory
    import app.schemas.stories

    kinds = [
        k for module in (app.schemas.accounts, app.schemas.directory, app.schemas.stories) for k in vars(module).values()
        if isinstance(k, type) and issubclass(k, BaseModel)
    ]  # fmt: skip
    assert len(kinds) > 20
    for kind in kinds:
        assert not issubclass(kind, SQLModel)
        for info in kind.model_fields.values():
            assert not (isinstance(info.annotation, type) and issubclass(info.annotation, SQLModel)), kind


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc", "/docs/oauth2-redirect"])
def test_the_program_does_not_describe_itself(app: FastAPI, browse: Any, path: str) -> None:
    assert app.openapi_url is None
    assert browse().get(path).status_code == 404
