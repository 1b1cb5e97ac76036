"""What is published and when it moves: with anything nested, with nothing else; after crashes, upgrades and restores too."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core import clock
from app.core.db import Database
from app.domain.directory import actions, importing
from app.domain.directory.exporting import export_hsds
from app.domain.directory.importing import compile_all, import_directory
from app.domain.directory.wire import publish
from app.domain.directory.wire.publish import publish_everything
from app.domain.directory.wire.put import LISTS, PUBLISHED, begin
from app.jobs.periodic import JOBS, run_due
from app.models.directory import Feed, Service
from app.models.published import ToPublish
from tests.conftest import TODAY
from tests.directory.test_importing import _coordinator
from tests.hsds.conftest import FAMILY, HOUSE_OF_LAW, LAW, PLACE, Api, listing

LATER = TODAY + timedelta(hours=1)
AT = {"now": "2026-11-20T09:30:00.000+00:00", "later": "2026-11-20T10:30:00.000+00:00"}
CHANGES: dict[str, dict[str, Any]] = {
    "its name": {"name": "Other name"},
    "a phone": {"phones": [{"id": "p1", "number": "+221 33 999 00 00"}]},
    "the language of a phone": {"phones": [{"id": "p1", "number": "+221 33 800 00 00", "languages": [{"id": "l1", "code": "ff"}]}]},
    "hours": {"schedules": [{"id": "h1", "description": "By appointment"}]},
    "no cost": {"cost_options": []},
    "a translation": {"translations": {"fr": {"name": "Aide"}}},
    "its organisation": {"organization": {**HOUSE_OF_LAW, "description": "More lawyers."}},
    "a phone of its organisation": {"organization": {**HOUSE_OF_LAW, "phones": [{"id": "op", "number": "+221 33 999 99 99"}]}},
    "the organisation in French": {"organization": {**HOUSE_OF_LAW, "translations": {"fr": {"name": "La maison"}}}},
    "its programme": {"program": {"id": "p1", "name": "Rights", "description": "Some rights"}},
    "a place's name": {"place": {**PLACE, "id": "w-s1", "name": "New hall"}},
    "a place's address": {"place": {**PLACE, "id": "w-s1", "addresses": [{**PLACE["addresses"][0], "address_1": "Rue 2"}]}},
    "another place": {"place": {**PLACE, "id": "w-new"}},
    "no place": {"place": None},
    "a category": {"attributes": [{"id": "a1", "label": "Legal help", "taxonomy_term": FAMILY}]},
}


def moments(api: Api) -> dict[str, str]:
    """Return when each service moved last, by the id of its feed … by name."""
    return {one["id"]: one["last_modified"] for one in api.contents("/services?minimal=true")}


def test_whatever_is_nested_moves_it(bring: Callable[..., Any], api: Api) -> None:
    wrong = {}
    other = {**HOUSE_OF_LAW, "id": "o2", "name": "Other"}
    still = listing("s2", "Still", organization=other, place=None, program={"id": "p2", "name": "P", "description": "D"})
    hour = TODAY
    for what, change in CHANGES.items():
        bring(listing(), still)
        before = moments(api)
        hour += timedelta(hours=1)
        with clock.at(hour):
            bring(listing(**change), still)
            after = moments(api)
            (moved,) = [key for key in after if after[key] != before[key]] or [""]
            links = api.contents(f"/service_at_locations?modified_after={hour.isoformat().replace('+', '%2B')}")
        if not moved or after[moved] != hour.isoformat(timespec="milliseconds") or (what != "no place" and len(links) != 1):
            wrong[what] = (before, after, len(links))
        hour += timedelta(hours=1)
        with clock.at(hour):
            bring(listing(), still)
    assert wrong == {}


def test_the_same_again_moves_nothing(bring: Callable[..., Any], api: Api, database: Database) -> None:
    bring(listing(), listing("s2", "Second"))
    paths = ("/services?full=true", "/organizations?full=true", "/service_at_locations?full=true", "/taxonomy_terms")
    before = [(dict(api.get(path).headers), api.get(path).text) for path in paths]
    with clock.at(LATER):
        bring(listing(), listing("s2", "Second"))
        with database.transaction() as db:
            publish_everything(db)
        assert compile_all(database) == 2
        assert [(dict(api.get(path).headers), api.get(path).text) for path in paths] == before


def test_a_category_and_its_taxonomy_move_what_names_them(
    bring: Callable[..., Any], api: Api, tmp_path: Path, database: Database
) -> None:
    bring(listing(), listing("s2", "Without", attributes=[], place=None))
    before = moments(api)
    terms = tmp_path / "city" / "taxonomy_terms.json"
    with clock.at(LATER):
        terms.write_text(json.dumps([{**LAW, "description": "All of the law"}, FAMILY]), encoding="utf-8")
        services = [listing(attributes=[{"id": "a1", "label": "Legal help", "taxonomy_term_id": "t1"}]),
                    listing("s2", "Without", attributes=[], place=None)]  # fmt: skip
        (tmp_path / "city" / "services.json").write_text(json.dumps(services), encoding="utf-8")
        import_directory(database, tmp_path / "city", feed_name="city", country="SN")
        after = moments(api)
    assert len([key for key in after if after[key] != before[key]]) == 1
    (named,) = (s for s in api.contents("/services?full=true") if "attributes" in s)
    assert named["attributes"][0]["taxonomy_term"]["description"] == "All of the law"


def test_a_new_licence_of_the_source_is_told(bring: Callable[..., Any], api: Api, database: Database) -> None:
    bring(listing(place=None))
    with clock.at(LATER):
        bring(listing(place=None), note="An old list.")
        (one,) = api.contents("/services")
    assert one["source"] == {"title": "city", "note": "An old list."}
    assert one["last_modified"] == AT["later"]
    assert api.json("/profile.json")["sources"] == [{"title": "city", "note": "An old list."}]
    with database.reading() as db:
        assert db.exec(select(Feed.note)).one() == "An old list."


def test_people_move_it_too(bring: Callable[..., Any], api: Api, database: Database) -> None:
    bring(listing(place=None))
    with clock.at(LATER), database.transaction() as db:
        service, coordinator = db.exec(select(Service)).one(), _coordinator(db)
        actions.confirm(db, coordinator, service, "visit")
        actions.update_contact(db, coordinator, service, name="Law for all", phone="+221 70 000 00 00", hours="Mornings")
    (one,) = api.contents("/services?full=true")
    assert (one["name"], one["verified_on"], one["verify_due"]) == ("Law for all", "2026-11-20", "2027-05-19")
    assert [p["number"] for p in one["phones"]] == ["+221 70 000 00 00", "+221 33 800 00 01"]
    assert one["last_modified"] > AT["later"]  # each change has a moment of its own
    with database.reading() as db:
        stored = db.exec(select(Service.last_modified)).one()
        assert stored == db.execute(sa.select(PUBLISHED.c.modified).where(PUBLISHED.c.kind == "service")).scalar_one()
    with clock.at(LATER), database.transaction() as db:
        actions.mark_defunct(db, coordinator, db.exec(select(Service)).one())
    assert api.contents("/services")[0]["status"] == "defunct"


def test_nothing_new_is_dated_before_it_could_be_seen(bring: Callable[..., Any], api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks "since the last time" must meet what an import stored before that and published after it."""
    compile_ = importing.compile_all

    def later(*args: Any) -> int:
        with clock.at(LATER):
            return compile_(*args)

    monkeypatch.setattr(importing, "compile_all", later)
    bring(listing())
    assert {one["last_modified"] for one in api.contents("/services")} == {AT["later"]}


def test_what_a_killed_import_left_is_published_later(
    bring: Callable[..., Any], api: Api, database: Database, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def killed(*_args: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(importing, "compile_all", killed)
        with pytest.raises(KeyboardInterrupt):
            bring(listing())
    assert api.json("/services")["total_items"] == api.json("/taxonomies")["total_items"] == 0
    assert run_due(database, settings, tuple(job for job in JOBS if job.name == "listings")) == ["listings"]
    expected = {"services": 1, "organizations": 1, "taxonomies": 1, "taxonomy_terms": 2}
    assert {name: api.json(f"/{name}")["total_items"] for name in expected} == expected
    with database.reading() as db:
        assert db.exec(select(ToPublish)).all() == []


def test_our_export_comes_back_with_its_moments(bring: Callable[..., Any], api: Api, database: Database, tmp_path: Path) -> None:
    bring(listing(), listing("s2", "Women's shelter"))
    before = {one["id"]: one for one in api.contents("/services?full=true")}
    export_hsds(database, tmp_path / "out")
    with database.transaction() as db:
        for table in reversed(publish_tables()):
            db.execute(sa.delete(table))
    with clock.at(LATER):
        import_directory(database, tmp_path / "out", feed_name="out")
        after = {one["id"]: one for one in api.contents("/services?full=true")}
    assert after == before


def publish_tables() -> list[sa.Table]:
    """Return the tables of the directory."""
    from sqlmodel import SQLModel

    from app.domain.directory.rows import PART_TABLES, TABLES

    names = {t.name for t in (*TABLES.values(), *PART_TABLES.values())}
    names |= {
        "service_text",
        "service_facts",
        "published",
        "published_text",
        "published_list",
        "to_publish",
        "feed",
        "search_document",
    }
    return [t for t in SQLModel.metadata.sorted_tables if t.name in names]


def test_publishers_take_turns(bring: Callable[..., Any], api: Api, database: Database) -> None:
    """Two that publish at the same time give no slot twice; the second one waits."""
    bring(*(listing(f"s{n}", f"Number {n}", place=None) for n in range(4)))
    with database.reading() as db:
        ids = list(db.execute(sa.select(PUBLISHED.c.id).where(PUBLISHED.c.kind == "service")).scalars())
    failed: list[BaseException] = []

    def again(some: list[Any]) -> None:
        try:
            for n in range(5):
                with database.transaction() as db:
                    begin(db)
                    db.execute(sa.update(Service.__table__).where(Service.__table__.c.id.in_(some)).values(alert=f"{n}"))  # type: ignore[attr-defined]
                    publish.publish_services(db, some)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=again, args=(some,)) for some in (ids, ids[::-1], ids[:2])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {one["alert"] for one in api.contents("/services")} == {"4"}
    with database.reading() as db:
        counted = db.execute(sa.select(LISTS.c.size, LISTS.c.top).where(LISTS.c.kind == "service")).one()
    assert tuple(counted) == (4, 4)
