"""A try is counted before the request's own transaction begins: counted inside it, SQLite would wait for itself."""

import inspect
from collections.abc import Iterator
from typing import Annotated

import pytest
import sqlalchemy as sa
from fastapi import Depends, Request
from fastapi.routing import iter_route_contexts
from starlette.responses import Response

from app.core.ids import new_id, new_ref
from app.models.accounts import Role
from app.models.engine import Tries
from app.web import transactions
from app.web.limits import FLAG_ADDRESS, spend
from app.web.transactions import Db, Pages
from tests.stories import told

VALUES = {
    "kind": "story", "step": "write", "way": "stop", "language": "en", "answer": "yes", "purpose": "public",
    "service_id": str(new_id()), "ref": new_ref(), "media_ref": new_ref(), "topic_ref": new_ref(),
    "post_ref": new_ref(), "meeting_ref": new_ref(), "entry_ref": new_ref(), "election_ref": new_ref(), "question_ref": new_ref(),
    "message_ref": new_ref(), "help_ref": new_ref(), "call_ref": new_ref(), "ask_ref": new_ref(), "joint_ref": new_ref(),
    "line_ref": new_ref(), "sound": "mp3", "number": "1",
    "listing": new_ref(), "link": f"{new_ref()}-0000-{'0' * 24}", "side": "offer", "part": "place", "lesson": "listening",
}  # fmt: skip


def spends(function, depth: int = 4) -> bool:
    """Say whether a function of ours counts a try, itself or through functions of ours that it calls."""
    inner = inspect.unwrap(function)
    code, known = getattr(inner, "__code__", None), getattr(inner, "__globals__", {})
    if code is None or depth == 0 or not inner.__module__.startswith(("app.", "tests.")):
        return False
    if inner is spend:
        return True
    return any(spends(known[n], depth - 1) for n in code.co_names if inspect.isfunction(known.get(n)))


def in_order(dependant) -> Iterator[object]:
    """Yield what runs before an endpoint, in the order in which it runs."""
    for one in dependant.dependencies:
        yield from in_order(one)
        yield one.call


def wrong(context) -> list[str]:
    """Return what counts a try of this route after its transaction began."""
    ahead = [*in_order(context.dependant), context.endpoint]
    if transactions._writing not in ahead:
        return []
    after = ahead[ahead.index(transactions._writing) :]
    return [one.__name__ for one in after if inspect.isfunction(one) and spends(one)]


def counted(app) -> list:
    """Return every route that is sent to and counts tries."""
    found = [c for c in iter_route_contexts(app.routes) if getattr(c, "dependant", None) is not None and "POST" in c.methods]
    return [c for c in found if any(map(spends, filter(inspect.isfunction, [*in_order(c.dependant), c.endpoint])))]


def test_no_route_counts_inside_its_transaction(app):
    assert len(counted(app)) > 20
    assert {c.path: wrong(c) for c in counted(app) if wrong(c)} == {}


def test_a_route_that_does_is_found(app):
    def late(request: Request) -> None:
        spend(request, FLAG_ADDRESS)

    @app.post("/test-inside")
    def inside(request: Request, db: Db, page: Pages) -> Response:
        spend(request, FLAG_ADDRESS)
        return page.go_to("/about")

    @app.post("/test-after")
    def after(db: Db, page: Pages, _counted: Annotated[None, Depends(late)]) -> Response:
        return page.go_to("/about")

    @app.post("/test-before", dependencies=[Depends(late)])
    def before(db: Db, page: Pages) -> Response:
        return page.go_to("/about")

    found = {c.path: wrong(c) for c in counted(app) if c.path.startswith("/test-")}
    assert found == {"/test-inside": ["inside"], "/test-after": ["late"], "/test-before": []}


@pytest.fixture
def worker(make, db):
    """Somebody who may do everything, and the address of their story that is not sent."""
    member = make.member("Awa Lantern", Role.COORDINATOR, Role.ORGANISER)
    ref = told.draft(db, member).ref
    make.commit()
    return member, ref


def tries(database) -> int:
    """Return how many tries were counted so far."""
    with database.reading() as db:
        return int(db.execute(sa.select(sa.func.coalesce(sa.func.sum(Tries.count), 0))).scalar_one())


def test_every_route_that_counts_answers_a_form_with_its_once_value(app, browse, worker):
    member, ref = worker
    browser, database = browse(member), app.state.house.database
    seen = {}
    for number, context in enumerate(counted(app)):
        before = tries(database)
        answer = browser.post(context.path.format(**VALUES | {"ref": ref}), {"once": f"once{number}"})
        seen[context.path] = (answer.status_code < 500, tries(database) - before >= 1)
    assert {path: told for path, told in seen.items() if told != (True, True)} == {}
