"""docs/access.md is the table of who may do what; every address is asked as every kind of person and compared with it."""

import re
from collections.abc import Callable

import pytest

from tests.architecture.people import KINDS, Network, ask
from tests.architecture.routes import Route, routes
from tests.architecture.source import ROOT
from tests.browse import Browser
from tests.conftest import POSTGRES
from tests.factories import Make

TABLE = ROOT / "docs" / "access.md"
WORDS = {"in", "key", "again", "no", "-"}


def parse(text: str) -> dict[str, list[tuple[str, ...]]]:
    """Return what each kind of person gets, by method and address."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == len(KINDS) + 3 and cells[1] in ("see", "change"):
            for address in re.findall(r"`([^`]+)`", cells[2]):
                method = "" if " " in address else "GET " if cells[1] == "see" else "POST "  # "PUT /…" names its own
                found.setdefault(f"{method}{address}", []).append(tuple(cells[3:]))
    return found


ALLOWED = parse(TABLE.read_text(encoding="utf-8"))


def _key(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_every_address_stands_in_the_table_once() -> None:
    assert sorted(ALLOWED) == sorted(_key(r) for r in routes())
    assert [a for a, rows in ALLOWED.items() if len(rows) != 1] == []
    assert {word for rows in ALLOWED.values() for row in rows for word in row} <= WORDS


def test_the_columns_are_the_kinds_of_people() -> None:
    head = next(line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| thing |"))
    assert [c.strip() for c in head.strip("|").split("|")][3:] == list(KINDS)


def test_the_table_gives_power_to_few() -> None:
    """What the table itself must never say, whatever the program does."""
    by_kind = {kind: {a for a, rows in ALLOWED.items() if rows[0][n] == "in"} for n, kind in enumerate(KINDS)}
    work = {a for a in ALLOWED if " /desk" in a or " /ops" in a}
    for kind in ("guest", "member", "other member", "paused", "suspended", "organiser", "no second step"):
        assert not by_kind[kind] & work, kind
    own = {a for a in ALLOWED if " /my/stories/{ref}" in a}
    for kind in set(KINDS) - {"member", "paused", "suspended"}:
        assert not by_kind[kind] & own, kind
    assert len(work) > 15
    assert len(own) > 25


# Rules are decided above the database: on PostgreSQL those are asked who between them reach every page and every statement.
ASKED = [k for k in KINDS if not POSTGRES or k in ("guest", "member", "coordinator", "operator")]


@pytest.mark.parametrize("kind", ASKED)
def test_everybody_gets_what_the_table_says(make: Make, browse: Callable[..., Browser], kind: str) -> None:
    network = Network(make, browse).fill()
    column = KINDS.index(kind)
    wrong = {}
    for route in routes():
        said, got = ALLOWED[_key(route)][0][column], ask(network, route, kind)
        if said != got:
            wrong[_key(route)] = f"table: {said}, program: {got}"
    assert wrong == {}


@pytest.mark.parametrize("route", [r for r in routes() if r.who == "proven"], ids=_key)
def test_the_key_is_asked_for_again(make: Make, browse: Callable[..., Browser], route: Route) -> None:
    """What is marked "proven" asks for the key once ten minutes have passed since it was last shown."""
    browser = Network(make, browse).fill().browser("member", proven=False)
    answer = browser.get(route.path) if route.method == "GET" else browser.post(route.path)
    assert answer.status_code == (303 if route.method == "GET" else 401)
    assert "/enter/prove" in (answer.headers.get("location", "") + answer.text)
