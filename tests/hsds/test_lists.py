"""Pages: what they say of themselves, what links lead to, that a walk through all of them misses nothing, whatever moves."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.domain.directory.removing import remove_gone
from app.domain.directory.wire import lists
from app.domain.directory.wire.lists import Asked, matches
from app.domain.directory.wire.matching import Filters
from app.domain.directory.wire.put import LISTS, PUBLISHED, Piece, begin, put
from app.models.directory import Service
from tests.conftest import TODAY
from tests.factories import Make
from tests.hsds.conftest import Api, listing


def links(answer: Any) -> dict[str, str]:
    """Return the Link header as addresses by relation."""
    found = re.findall(r'<http://127\.0\.0\.1:8000/api/hsds([^>]*)>; rel="(\w+)"', answer.headers.get("link", ""))
    return {rel: address for address, rel in found}


@pytest.fixture
def seven(make: Make) -> list[Service]:
    """Seven services."""
    made = [make.service(f"Service {n}") for n in range(7)]
    make.commit()
    return made


def test_pages_say_where_they_are(seven: list[Service], api: Api) -> None:
    assert [api.json(f"/services?per_page=3&page={n}") | {"contents": None} for n in (1, 2, 3)] == [
        {"total_items": 7, "total_pages": 3, "page_number": n, "size": size, "first_page": n == 1, "last_page": n == 3,
         "empty": False, "contents": None} for n, size in ((1, 3), (2, 3), (3, 1))
    ]  # fmt: skip
    beyond = api.json("/services?per_page=3&page=4")
    assert (beyond["size"], beyond["empty"], beyond["last_page"], beyond["total_items"]) == (0, True, True, 7)
    assert api.json("/services?page=10000000")["contents"] == []
    assert api.json("/services")["size"] == 7


@pytest.mark.parametrize("query", ["per_page=3", "per_page=3&modified_after=2026-01-01", "per_page=3&search=service"])
@pytest.mark.parametrize("full", ["", "&full=true", "&minimal=true"])
def test_links_lead_through_all_pages_and_back(seven: list[Service], api: Api, query: str, full: str) -> None:
    path, seen, walked = f"/services?{query}{full}", [], 0
    while path:
        answer = api.get(path)
        found = links(answer)
        seen += [one["id"] for one in answer.json()["contents"]]
        walked += 1
        assert (("prev" in found), ("next" in found)) == (walked > 1, walked < 3)
        assert {"first", "last"} <= set(found)
        assert all(query in address and full in address for address in found.values())
        path = found.get("next", "")
    assert walked == 3
    assert sorted(seen) == sorted(str(s.id) for s in seven)
    assert api.json(links(answer)["prev"])["page_number"] == 2
    assert api.json(links(answer)["first"])["first_page"] is True


def test_what_went_leaves_a_shorter_page_and_something_new_takes_its_place(
    seven: list[Service], api: Api, make: Make, database: Database
) -> None:
    before = [[one["id"] for one in api.contents(f"/services?per_page=3&page={n}")] for n in (1, 2, 3)]
    gone = make.db.get_one(Service, UUID(before[0][1]))
    gone.status, gone.defunct_on = "defunct", TODAY.date() - timedelta(days=91)
    make.db.add(gone)
    make.commit()
    with database.transaction() as db:
        assert remove_gone(db) == 1
    assert [one["id"] for one in api.contents("/services?per_page=3")] == [before[0][0], before[0][2]]
    assert [one["id"] for one in api.contents("/services?per_page=3&page=2")] == before[1]
    assert api.json("/services?per_page=3")["total_items"] == 6
    assert api.get(f"/services/{gone.id}").status_code == 410
    new = make.service("New")
    make.commit()
    assert [one["id"] for one in api.contents("/services?per_page=3")] == [before[0][0], str(new.id), before[0][2]]
    assert api.get(f"/services/{gone.id}").status_code == 404


def test_what_ended_stays_ninety_days(seven: list[Service], api: Api, make: Make, database: Database) -> None:
    from app.domain.directory.compiling import compile_services
    from app.domain.directory.places import AreaBook

    ended = seven[2]
    ended.status, ended.defunct_on = "defunct", TODAY.date()
    make.db.add(ended)
    make.db.flush()
    compile_services(make.db, [ended.id], AreaBook.load(make.db.connection()))
    make.commit()
    for days, status in ((0, 200), (90, 200), (91, 410)):
        with clock.at(TODAY + timedelta(days=days)):
            assert api.get(f"/services/{ended.id}").status_code == status
            page = api.json("/services")
            assert (str(ended.id) in {one["id"] for one in page["contents"]}) is (status == 200)
            assert page["total_items"] == len(page["contents"]) == (7 if status == 200 else 6)
            assert len(api.lines("/services?format=ndjson")) == page["total_items"]
            assert len(api.contents("/services?modified_after=2026-01-01")) == page["total_items"]
    with clock.at(TODAY + timedelta(days=91)), database.transaction() as db:
        assert remove_gone(db) == 1
    assert "defunct" not in {one["status"] for one in api.contents("/services")}


def test_a_stream_is_read_in_parts(bring: Callable[..., Any], api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(*(listing(f"s{n}", f"Number {n}", place=None) for n in range(5)))
    whole = api.lines("/services?format=ndjson&full=true")
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    assert api.lines("/services?format=ndjson&full=true&per_page=1&page=3") == whole
    assert api.lines("/services?format=ndjson&full=true&modified_after=2026-01-01") == whole
    assert len(whole) == 5
    assert whole == api.contents("/services?full=true")


# --- the tables themselves, with any changes between any pages ---

_CHANGES = st.lists(st.tuples(st.sampled_from(["add", "go", "move", "come back"]), st.integers(0, 30)), max_size=6)


def _piece(key: UUID, text: str) -> Piece:
    piece = Piece("taxonomy", key, f'"id":"{key}","name":"{text}"')
    piece.seal()
    return piece


class _Directory:
    """Taxonomies that come and go: the smallest objects that have a list."""

    def __init__(self, database: Database, many: int) -> None:
        self.database, self.there, self.gone, self.count = database, [new_id() for _ in range(many)], [], 0
        with database.transaction() as db:
            for table in (PUBLISHED, LISTS):
                db.execute(sa.delete(table))
            begin(db)
            put(db, [_piece(key, "first") for key in self.there])

    def change(self, what: str, which: int) -> None:
        """Do one thing to one of them."""
        self.count += 1
        pieces, gone = [], []
        if what == "add":
            self.there.append(new_id())
            pieces = [_piece(self.there[-1], "new")]
        elif what == "go" and self.there:
            gone = [self.there.pop(which % len(self.there))]
            self.gone += gone
        elif what == "move" and self.there:
            pieces = [_piece(self.there[which % len(self.there)], f"moved {self.count}")]
        elif what == "come back" and self.gone:
            self.there.append(self.gone.pop(which % len(self.gone)))
            pieces = [_piece(self.there[-1], "back")]
        with self.database.transaction() as db:
            begin(db)
            put(db, pieces, gone)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(many=st.integers(0, 12), per_page=st.integers(1, 5), changes=st.lists(_CHANGES, max_size=8), filtered=st.booleans())
@example(3, 1, [[("go", 0)]], True)
def test_a_walk_misses_nothing_that_was_there_throughout(
    database: Database, many: int, per_page: int, changes: list[list[tuple[str, int]]], filtered: bool
) -> None:
    directory, kept = _Directory(database, many), matches()
    throughout, seen, number, after = set(directory.there), [], 1, None
    narrowed = Filters(modified_after=1) if filtered else Filters()
    while True:
        asked = Asked("taxonomy", page=number, per_page=per_page, filters=narrowed, after=after)
        with database.hot() as connection:
            page = lists.page(connection, asked, kept)
        seen += [UUID(json.loads(item.text)["id"]) for item in page.items]
        assert len(page.items) <= per_page
        assert page.total_items == len(directory.there)
        after = page.items[-1].slot if filtered and page.items else after
        for what, which in changes[number - 1] if number <= len(changes) else ():
            directory.change(what, which)
            throughout &= set(directory.there)
        if page.is_last:
            break
        number += 1
    assert throughout <= set(seen)
    if not filtered:
        assert [key for key in seen if key in throughout].__len__() == len(throughout)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    many=st.integers(0, 8),
    changes=st.lists(st.tuples(st.sampled_from(["add", "go", "move", "come back"]), st.integers(0, 30)), max_size=14),
)
def test_slots_and_counts_stay_right(database: Database, many: int, changes: list[tuple[str, int]]) -> None:
    directory, moments = _Directory(database, many), []
    for what, which in changes:
        directory.change(what, which)
        with database.reading() as db:
            rows = db.execute(sa.select(PUBLISHED)).all()
            (known,) = db.execute(sa.select(LISTS).where(LISTS.c.kind == "taxonomy")).all()
        there = {row.id: row.slot for row in rows if not row.gone}
        assert set(there) == set(directory.there)
        assert len({row.slot for row in rows}) == len(rows)
        assert (known.size, known.top) == (len(there), max(there.values(), default=0))
        moments.append(known.modified)
        assert max((row.modified for row in rows if not row.gone), default=0) <= known.modified
    assert moments == sorted(moments)


def test_the_same_again_moves_nothing(database: Database) -> None:
    directory = _Directory(database, 3)
    with database.reading() as db:
        before = db.execute(sa.select(LISTS.c.modified).where(LISTS.c.kind == "taxonomy")).scalar()
    with database.transaction() as db:
        begin(db)
        assert put(db, [_piece(key, "first") for key in directory.there]) == set()
    with database.reading() as db:
        assert db.execute(sa.select(LISTS.c.modified).where(LISTS.c.kind == "taxonomy")).scalar() == before


def test_two_changes_in_one_moment_have_two_moments(database: Database) -> None:
    directory, seen = _Directory(database, 1), []
    for _ in range(3):
        directory.change("move", 0)
        with database.reading() as db:
            seen.append(db.execute(sa.select(PUBLISHED.c.modified)).scalar_one())
    assert len(set(seen)) == 3
    assert seen == sorted(seen)
    assert isinstance(TODAY.date(), date)
