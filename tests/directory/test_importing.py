"""Bringing directories in and out: three real ones, a made-up one that changes, our own export."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from sqlmodel import Session, col, select

from app.core import clock
from app.core.db import Database
from app.domain.actor import Actor
from app.domain.directory import actions, compiling, importing, storing
from app.domain.directory.exporting import FILES, export_hsds
from app.domain.directory.importing import compile_all, import_directory
from app.domain.directory.reading import Unreadable
from app.domain.directory.reading.shapes import Held
from app.domain.directory.report import Report
from app.domain.directory.rows import PART_TABLES, TABLES
from app.domain.search.queries import find
from app.models.accounts import Role
from app.models.directory import Feed, Service, ServiceFacts, ServiceText
from app.models.engine import SearchDocument
from app.models.places import Area
from tests.conftest import TODAY

DATA = Path(__file__).parents[2] / "data"
SCHEMAS = DATA / "hsds" / "schema"
SETS = {
    "florida-legal-aid-2019": ("US", {"organization": 20, "location": 378, "service": 135}),
    "ifr-poland-2022": ("PL", {"organization": 52, "location": 59, "service": 66, "service_at_location": 59, "taxonomy_term": 45}),
    "unhcr-jordan-2015": ("JO", {"organization": 15, "location": 47, "service": 108, "service_at_location": 108}),
}  # fmt: skip


class Peek:
    """Reads what is stored, each time anew: a session that stays open would keep the writers waiting."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, query: Any) -> list[Any]:
        """Return the rows of a query, single columns and entities unpacked."""
        with self._database.reading() as session:
            return [row[0] if len(row) == 1 else row for row in session.execute(query)]

    def one(self, query: Any) -> Any:
        """Return the only row."""
        (row,) = self.rows(query)
        return row


@pytest.fixture
def peek(database: Database) -> Peek:
    """A reader of the database."""
    return Peek(database)


def feed(**changes: Any) -> dict[str, Any]:
    """Return one HSDS service with everything that matters nested in it."""
    return {
        "id": "s1", "name": "Legal help", "status": "active", "description": "A lawyer listens.", "fees_description": "Free",
        "organization": {"id": "o1", "name": "House of Law", "description": "Lawyers."},
        "phones": [{"id": "p1", "number": "+221 33 800 00 00", "languages": [{"id": "l1", "name": "Wolof", "code": "wo"}]}],
        "contacts": [{"id": "c1", "name": "Desk", "phones": [{"id": "p1", "number": "+221 33 800 00 01"}]}],
        "languages": [{"id": "l2", "name": "French", "code": "fr"}],
        "schedules": [{"id": "h1", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "12:00"}],
        "required_documents": [{"id": "d1", "document": "Any paper with your name"}],
        "cost_options": [{"id": "k1", "amount": 0}],
        "attributes": [{"id": "a1", "label": "Legal help", "taxonomy_term": {"id": "t1", "name": "Law", "description": "Law"}}],
        "service_at_locations": [{"id": "x1", "location": {
            "id": "w1", "location_type": "physical", "name": "Market hall", "latitude": 14.75, "longitude": -17.39,
            "addresses": [{"id": "b1", "address_1": "Rue 1", "city": "Pikine", "state_province": "Dakar", "postal_code": "10000",
                           "country": "SN", "address_type": "physical"}],
        }}],
        **changes,
    }  # fmt: skip


@pytest.fixture
def bring(database: Database, tmp_path: Path) -> Callable[..., Any]:
    """``bring(record, …)``: import these records as the feed "city"."""

    def bring_in(*records: dict[str, Any], **options: Any) -> Any:
        path = tmp_path / "services.json"
        path.write_text(json.dumps(list(records)), encoding="utf-8")
        return import_directory(database, path, feed_name="city", **options)

    return bring_in


def counts(report: Any) -> dict[str, tuple[int, ...]]:
    """Return (new, changed, unchanged) by kind."""
    return {kind: (of["new"], of["changed"], of["unchanged"]) for kind, of in report.counts.items()}


@pytest.mark.parametrize("name", SETS)
def test_the_real_directories_come_in_and_stay_as_they_are(database: Database, peek: Peek, name: str) -> None:
    country, expected = SETS[name]
    options: dict[str, Any] = {"feed_name": name, "mapping": DATA / "mappings" / f"{name}.yaml", "country": country}
    seen: list[int] = []
    trial = import_directory(database, DATA / "demo" / name, dry_run=True, **options)
    assert peek.rows(sa.select(TABLES["service"].c.id)) == []
    first = import_directory(database, DATA / "demo" / name, progress=seen.append, **options)
    again = import_directory(database, DATA / "demo" / name, **options)
    for kind, number in expected.items():
        assert trial.of(kind, "new") == first.of(kind, "new") == again.of(kind, "unchanged") == number
    assert again.of("service", "changed") == again.of("service", "gone") == 0
    assert seen[-1] >= sum(expected.values())
    assert len(set(peek.rows(sa.select(SearchDocument.subject_id)))) == expected["service"]  # type: ignore[call-overload]
    assert peek.one(select(Feed)).licence
    assert all(not line.stale and line.facts["areas"] for line in peek.rows(select(ServiceFacts)))
    if name == "unhcr-jordan-2015":
        assert first.held_count == 454
        assert "ended on 2014-12-31" in first.as_text()
        assert first.as_dict()["held"][0]["file"] == "compiled.json"
        spaces = peek.rows(select(Service).where(col(Service.name).startswith("Women Safe Spaces")))
        assert [(s.name, s.protected, s.short_term) for s in spaces] == [("Women Safe Spaces", True, True)] * 34
        assert peek.rows(select(Service).where(sa.not_(col(Service.name).startswith("Women")), col(Service.protected))) == []
        arabic = {t.name for t in peek.rows(select(ServiceText).where(col(ServiceText.service_id).in_([s.id for s in spaces])))}
        assert arabic == {"مساحات آمنة للنساء"}
        cards = peek.rows(select(SearchDocument).where(col(SearchDocument.subject_id).in_([s.id for s in spaces])))
        assert [c.lat for c in cards if c.lat is not None or c.shown["points"] or c.shown["hours"]] == []


def test_one_service_becomes_rows_a_card_and_a_page(bring: Callable[..., Any], database: Database, peek: Peek) -> None:
    bring(feed())
    service = peek.one(select(Service))
    assert (service.needs, service.language, service.verified_on) == (["papers"], "en", None)
    assert service.verify_due == TODAY.date() + timedelta(days=180)
    areas = {a.name: a for a in peek.rows(select(Area))}
    assert set(areas) == {"Senegal", "Dakar", "Pikine"}
    assert areas["Pikine"].parent_id == areas["Dakar"].id
    with database.hot() as connection:
        hit = find(connection, kind="service", text="lawyer", tokens=[f"area:{areas['Senegal'].id}", "lang:fr"]).rows[0]
    assert hit.shown["name"] == "Legal help"
    assert hit.shown["area"]["name"] == "Pikine"
    assert hit.shown["cost"] == {"free": True}
    assert hit.shown["zone"] == "Africa/Dakar"
    facts = peek.one(select(ServiceFacts)).facts
    assert [p["number"] for p in facts["phones"]] == ["+221 33 800 00 00", "+221 33 800 00 01"]
    assert facts["places"][0]["lines"] == ["Rue 1", "10000 Pikine"]
    assert facts["documents"] == ["Any paper with your name"]


def test_changes_are_taken_over_and_nothing_stays_twice(bring: Callable[..., Any], peek: Peek) -> None:
    assert counts(bring(feed()))["service"] == (1, 0, 0)
    before = peek.one(select(Service))
    old, ref = before.last_modified, before.ref
    with clock.at(TODAY + timedelta(hours=1)):
        report = bring(feed(name="Legal help for all", phones=[]))
    assert counts(report) == {
        "organization": (0, 0, 1), "service": (0, 1, 0), "location": (0, 0, 1), "service_at_location": (0, 0, 1),
        "taxonomy_term": (0, 0, 1),
    }  # fmt: skip
    service = peek.one(select(Service))
    assert (service.name, service.ref, service.text_version) == ("Legal help for all", ref, 2)
    assert service.last_modified > old
    numbers = peek.rows(sa.select(PART_TABLES["phone"].c.number))
    assert numbers == ["+221 33 800 00 01"]
    assert len(peek.rows(select(SearchDocument))) == 1


def test_a_place_that_moves_moves_its_services(bring: Callable[..., Any], peek: Peek) -> None:
    bring(feed())
    moved = feed()
    moved["service_at_locations"][0]["location"]["addresses"][0]["address_1"] = "Rue 2"
    report = bring(moved)
    assert report.of("location", "changed") == 1
    assert peek.one(select(ServiceFacts)).facts["places"][0]["lines"][0] == "Rue 2"


def test_what_a_person_put_right_stays(bring: Callable[..., Any], database: Database, peek: Peek) -> None:
    bring(feed())
    with database.transaction() as writing:
        service = writing.exec(select(Service)).one()
        coordinator = _coordinator(writing)
        actions.confirm(writing, coordinator, service, "visit")
        actions.update_contact(writing, coordinator, service, name="House of Law", phone="+221 33 999 99 99")
    report = bring(feed(name="Other name", description="New words.", phones=[{"id": "p1", "number": "1"}]))
    service = peek.one(select(Service))
    assert (service.name, service.description) == ("House of Law", "A lawyer listens.")  # confirmed: the new words wait
    assert service.verified_on == TODAY.date()
    facts = peek.one(select(ServiceFacts)).facts
    assert [p["number"] for p in facts["phones"]] == ["+221 33 999 99 99", "+221 33 800 00 01"]  # the contact's stays
    assert report.kept == ["service s1: name, phones"]
    assert "service s1: name, phones" in report.as_text()


def test_what_a_person_ended_is_not_brought_back(bring: Callable[..., Any], database: Database, peek: Peek) -> None:
    bring(feed())
    with database.transaction() as writing:
        actions.mark_defunct(writing, _coordinator(writing), writing.exec(select(Service)).one())
    bring(feed(name="Still there?"))
    service = peek.one(select(Service))
    assert (service.status, service.defunct_on) == ("defunct", TODAY.date())
    assert peek.rows(select(SearchDocument)) == []


def _coordinator(db: Session) -> Actor:
    from tests.factories import Make

    return Actor(member_id=Make(db).member("", Role.COORDINATOR).id, roles=frozenset({Role.COORDINATOR}))


def test_what_left_the_source_is_gone_and_may_come_back(bring: Callable[..., Any], peek: Peek) -> None:
    two = feed(id="s2", name="Second", phones=[], contacts=[], service_at_locations=[])
    bring(feed(), two)
    report = bring(feed())
    assert report.of("service", "gone") == 1
    gone = peek.one(select(Service).where(Service.name == "Second"))
    assert (gone.status, gone.defunct_on) == ("defunct", TODAY.date())
    assert len(peek.rows(select(SearchDocument))) == 1
    bring(feed(), {**two, "description": "Here again."})
    back = peek.one(select(Service).where(Service.name == "Second"))
    assert (back.status, back.defunct_on) == ("active", None)
    assert len(peek.rows(select(SearchDocument))) == 2


def test_a_record_that_broke_is_held_back_but_not_gone(bring: Callable[..., Any], peek: Peek) -> None:
    bring(feed())
    broken = feed()
    del broken["name"]
    report = bring(broken, feed(id="s2"))
    assert "lacks name" in report.held[0].reason
    assert "was held back" in report.held[1].reason  # its place, which belongs to it
    assert report.of("service", "gone") == 0
    assert {s.foreign_id: s.status for s in peek.rows(select(Service))} == {"s1": "active", "s2": "active"}


def test_a_cut_off_source_ends_nothing(bring: Callable[..., Any], peek: Peek) -> None:
    bring(*(feed(id=f"s{n}") for n in range(30)))
    report = bring(feed(id="s1"))
    assert report.of("service", "gone") == 0
    assert "29 services are missing now" in report.as_text()
    assert {s.status for s in peek.rows(select(Service))} == {"active"}


def test_a_killed_import_goes_on_where_it_stopped(
    bring: Callable[..., Any], database: Database, peek: Peek, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    records = [feed(id=f"s{n}", service_at_locations=[]) for n in range(25)]

    def killed(*_args: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "compile_services", killed)
    with pytest.raises(KeyboardInterrupt):
        bring(*records)
    assert peek.rows(select(SearchDocument)) == []
    monkeypatch.setattr(importing, "compile_services", compiling.compile_services)
    report = bring(*records)
    assert report.of("service", "unchanged") == 25
    assert len(peek.rows(select(SearchDocument))) == 25
    assert compile_all(database) == 0


def test_two_feeds_with_the_same_ids_do_not_meet(bring: Callable[..., Any], database: Database, peek: Peek, tmp_path: Path) -> None:
    bring(feed())
    other = tmp_path / "other" / "services.json"
    other.parent.mkdir()
    other.write_text(json.dumps([feed(name="Another city")]), encoding="utf-8")
    import_directory(database, other, feed_name="other")
    assert {s.name for s in peek.rows(select(Service))} == {"Legal help", "Another city"}


def test_shelters_come_in_protected(bring: Callable[..., Any], peek: Peek) -> None:
    bring(feed(name="Women's shelter"))
    service = peek.one(select(Service))
    assert service.protected
    assert service.verify_due == TODAY.date() + timedelta(days=60)
    facts = peek.one(select(ServiceFacts)).facts
    assert {"phones", "places", "emails", "hours"} & set(facts) == set()
    document = peek.one(select(SearchDocument))
    assert (document.lat, document.lon) == (None, None)
    assert "Pikine" not in json.dumps(document.shown)
    assert "pikine" not in document.body


def test_what_cannot_be_read_changes_nothing(database: Database, peek: Peek, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        import_directory(database, tmp_path / "nothing", feed_name="x")
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(Unreadable):
        import_directory(database, tmp_path, feed_name="x")
    assert peek.rows(select(Feed)) == []


def _snapshot(database: Database) -> dict[str, list[Any]]:
    """Return everything that an export must bring back."""
    left_out = {"last_import"}
    with database.reading() as db:
        tables = {**TABLES, **PART_TABLES, "text": ServiceText.__table__, "feed": Feed.__table__}  # type: ignore[attr-defined]
        areas = {a.id: a.name for a in db.exec(select(Area))}
        found: dict[str, list[Any]] = {}
        for name, table in tables.items():
            rows = [dict(r._mapping) for r in db.execute(sa.select(table).order_by(table.c.id))]
            found[name] = [
                {k: areas.get(v, v) if k == "area_id" else v for k, v in row.items() if k not in left_out} for row in rows
            ]
        return found


def test_our_export_brings_the_same_directory_back(
    database: Database, empty: Database, bring: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "is_protected", lambda _name, _labels: False)  # how to find what is protected stays at home
    name = "unhcr-jordan-2015"
    import_directory(database, DATA / "demo" / name, feed_name=name, mapping=DATA / "mappings" / f"{name}.yaml", country="JO")
    bring(feed(), country="SN")
    with database.transaction() as db:
        service = db.exec(select(Service).where(Service.foreign_id == "s1")).one()
        actions.confirm(db, _coordinator(db), service, "visit")
    counted = export_hsds(database, tmp_path / "out")
    assert counted["service"] == 109
    report = import_directory(empty, tmp_path / "out", feed_name="out")
    assert report.held_count == 0
    before, after = _snapshot(database), _snapshot(empty)
    for kind, rows in before.items():
        assert after[kind] == rows, kind
    again = import_directory(empty, tmp_path / "out", feed_name="out")
    assert again.of("service", "unchanged") == 109
    assert _snapshot(empty) == after
    same = import_directory(empty, tmp_path / "services.json", feed_name="city")
    assert same.of("service", "unchanged") == 1


def _validators() -> dict[str, Draft202012Validator]:
    loaded = {p.name: json.loads(p.read_text(encoding="utf-8")) for p in SCHEMAS.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", **body, "$id": name}))
         for name, body in loaded.items()]
    )  # fmt: skip
    return {kind: Draft202012Validator({**loaded[f"{kind}.json"], "$id": f"{kind}.json"}, registry=registry) for kind in FILES}


def test_the_export_is_hsds_without_nulls_and_without_protected_places(
    database: Database, bring: Callable[..., Any], tmp_path: Path
) -> None:
    bring(feed(), feed(id="s2", name="Women's shelter", service_at_locations=[{"id": "x2", "location": {
        "id": "w2", "location_type": "physical", "name": "Hidden house", "latitude": 14.7, "longitude": -17.4}}]))  # fmt: skip
    export_hsds(database, tmp_path / "out")
    for kind, validator in _validators().items():
        text = (tmp_path / "out" / FILES[kind]).read_text(encoding="utf-8")
        for one in json.loads(text):
            assert [e.message for e in validator.iter_errors(one)] == []
        assert "null" not in text
        assert "Hidden house" not in text
    services = {s["name"]: s for s in json.loads((tmp_path / "out" / "services.json").read_text(encoding="utf-8"))}
    assert set(services["Women's shelter"]) & {"phones", "contacts", "schedules"} == set()
    assert services["Legal help"]["phones"][0]["languages"][0]["code"] == "wo"


def test_a_batch_is_stored_in_few_statements(bring: Callable[..., Any], count_queries: Any) -> None:
    """The number of statements hangs on the batches, never on the services (the speed itself is measured in bench/)."""
    bring(feed())
    with count_queries() as few:
        bring(*(feed(id=f"t{n}", service_at_locations=[]) for n in range(5)))
    with count_queries() as many:
        bring(*(feed(id=f"u{n}", service_at_locations=[]) for n in range(200)))
    words = [s for s in many if "search_word" in s]
    assert len(many) - len(words) <= len(few) + 2


def test_time_is_kept_in_the_report(bring: Callable[..., Any]) -> None:
    started = time.perf_counter()
    report = bring(feed())
    assert 0 < report.seconds <= time.perf_counter() - started


def test_many_alike_do_not_hide_the_others() -> None:
    report = Report("feed")
    for n in range(60):
        report.hold(Held("services.csv", n + 2, f"This service ended on 2014-12-{n % 28 + 1:02}.", str(n)))
    report.hold(Held("services.csv", 70, "It has no name.", "70"))
    lines = report.as_text().splitlines()
    assert "    services.csv: 57 more like the last one (all of them with --json)" in lines
    assert "    services.csv, line 70: It has no name." in lines
    assert len(report.as_dict()["held"]) == 61
