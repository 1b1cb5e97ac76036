"""The route table of the program: address, name, who may enter, whether it writes.

``python -m tests.architecture.routes`` writes it to tests/routes.txt, where changes to it are reviewed.
"""

import ast
import inspect
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.core import settings as core_settings
from app.core.settings import Settings
from app.main import create_app
from app.web import partner_keys, sessions, transactions
from tests.architecture.source import ROOT, calls, modules

LISTED = ROOT / "tests" / "routes.txt"
HEAD = """# Every address of Hearth: method, address, name, who may enter, reads or writes, what else is asked before.
# Made by:  .venv/bin/python -m tests.architecture.routes    (a test compares; read the difference before you keep it)
# Who: anyone · member (signed in) · proven (key shown within 10 minutes) · a role, always with its second step · a partner's key.
# Writes: one transaction, committed before the answer · writes itself: opens its own, so that a refusal stays counted.
"""
OPENS_ITS_OWN = ("transaction", "writing")


@dataclass(frozen=True, slots=True)
class Route:
    """One address and method."""

    method: str
    path: str
    name: str
    who: str
    does: str  # reads, writes, "writes itself", nothing
    also: tuple[str, ...]  # other dependencies: limits, what a cookie carries
    endpoint: Any

    def line(self) -> str:
        """Return the route as a line of the table."""
        also = f"  {' '.join(self.also)}" if self.also else ""
        return f"{self.method:<5} {self.path:<58} {self.name:<24} {self.who:<26} {self.does:<14}{also}".rstrip()


def _inside(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _inside(inner)


def _who(asked: list[Any]) -> str:
    for one in asked:
        if isinstance(one, sessions.Holds):
            return "+".join(sorted(role.value for role in one.roles))
        if isinstance(one, partner_keys.Brings):
            return f"a key for {one.scope.value}"
    if sessions.lately_proven in asked:
        return "proven"
    return "member" if sessions.signed_in in asked else "anyone"


def _writes_itself(endpoint: Any) -> bool:
    """Say whether the endpoint, or a function of the edge that it calls, opens a writing transaction of its own."""
    known = {**modules("app.routers"), **modules("app.web")}
    ahead, seen = [f"{endpoint.__module__}.{endpoint.__name__}"], set()
    while ahead:
        full = ahead.pop()
        module = known.get(full.rpartition(".")[0])
        function = module.functions.get(full.rpartition(".")[2]) if module else None
        if module is None or function is None or full in seen or full.startswith("app.web.limits."):
            continue
        seen.add(full)
        for name, call in calls(function, module):
            if isinstance(call.func, ast.Attribute) and call.func.attr in OPENS_ITS_OWN:
                return True
            ahead.append(name)
    return False


def _does(asked: list[Any], endpoint: Any) -> str:
    if transactions._writing in asked:
        return "writes"
    if _writes_itself(endpoint):
        return "writes itself"
    return "reads" if transactions._reading in asked or inspect.iscoroutinefunction(endpoint) else "nothing"


PLUMBING = {
    "raw_body",
    "json_body",
    "from_here",
    "stand_open",
    "current_actor",
    "signed_in",
    "lately_proven",
    "_sent",
    "_writing",
    "_reading",
    "page_maker",
    "read_form",
}


def _also(asked: list[Any]) -> tuple[str, ...]:
    names = {getattr(one, "__name__", type(one).__name__) for one in asked}
    return tuple(sorted(names - PLUMBING - {"Holds", "Brings"}))


def routes_of(app: FastAPI) -> list[Route]:
    """Return every route of the application, in the order in which they are tried."""
    found = []
    for context in iter_route_contexts(app.routes):
        if not hasattr(context, "dependant") or context.dependant is None:
            continue
        asked = list(_inside(context.dependant))
        path, name, end = context.path or "", context.name or "", context.endpoint
        found += [Route(m, path, name, _who(asked), _does(asked, end), _also(asked), end) for m in sorted(context.methods)]
    return found


@cache
def routes() -> tuple[Route, ...]:
    """Return every route; the application that is built for it is thrown away."""
    before = core_settings._current[:]  # building an application makes its settings those of the process
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(mode="development", data_dir=Path(folder), database_url=""))
        found = tuple(routes_of(app))
        app.state.house.database.dispose()
    core_settings._current[:] = before
    return found


def table() -> str:
    """Return the text of tests/routes.txt."""
    return HEAD + "".join(f"{r.line()}\n" for r in sorted(routes(), key=lambda r: (r.path, r.method)))


if __name__ == "__main__":
    LISTED.write_text(table(), encoding="utf-8")
    sys.stderr.write(f"{len(routes())} routes\n")
