"""Another HSDS server is crawled: page by page, whole or not at all, and in between only for what has changed."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.db import Database
from app.jobs import crawling, feeds
from app.models.directory import Service
from tests.conftest import TODAY
from tests.partners.receiver import receiving, way_to

BASE = "https://other.example/hsds"


def service(number: int, **fields: Any) -> dict[str, Any]:
    """Return a whole service."""
    return {
        "id": f"s{number}",
        "name": f"Help {number}",
        "status": "active",
        "phones": [{"id": "p", "number": "+221 33 8"}],
        **fields,
    }


def pages(*several: list[Any], **said: Any) -> Callable[[str], Any]:
    """Answer with pages of services; ``said`` is what each claims."""
    total = sum(map(len, several))

    def ask(address: str) -> Any:
        number = int(parse_qs(urlsplit(address).query)["page"][0])
        found = several[number - 1] if number <= len(several) else []
        return {"total_items": total, "total_pages": len(several), "contents": found, **said}

    return ask


def test_all_pages_are_written(tmp_path: Path) -> None:
    ask, into = pages([service(1), service(2)], [service(3)]), tmp_path / "list.ndjson"
    assert crawling.write(BASE, crawling.plan(""), ask, into, 10_000) == 3
    assert [json.loads(line)["id"] for line in into.read_text().splitlines()] == ["s1", "s2", "s3"]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (pages([service(1)], [service(1)]), "shape"), (pages([service(1)], total_items=5), "fewer"),
        (pages([{"id": "s1", "name": "Help", "status": "active"}]), "thin"), (pages(["x"]), "shape"),
        (lambda _address: ["x"], "shape"), (lambda _address: {"contents": {}}, "shape"),
        (pages([service(1, description="x" * 20_000)]), "long"), (pages([service(1, description="س" * 6_000)]), "long"),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused(tmp_path: Path, ask: Callable[[str], Any], says: str) -> None:
    with pytest.raises(crawling.Broken, match=says):
        crawling.write(BASE, crawling.plan(""), ask, tmp_path / "list.ndjson", 10_000)


def test_after_the_first_time_only_changes_are_asked_for_and_all_of_it_every_week() -> None:
    first = crawling.plan("")
    assert first.since is None
    with clock.at(TODAY + timedelta(days=1)):
        second = crawling.plan(first.mark)
        assert second.since == TODAY - timedelta(hours=1)
    with clock.at(TODAY + timedelta(days=6)):
        third = crawling.plan(second.mark)
        assert third.since == TODAY + timedelta(days=1) - timedelta(hours=1)
    with clock.at(TODAY + timedelta(days=7)):
        assert crawling.plan(third.mark).since is None
    assert crawling.plan('crawl "x').since is None


def test_a_page_that_does_not_come_is_asked_for_again_and_a_list_that_fails_less_and_less_often(
    database: Database, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "_PAUSES", (0.0, 0.0))
    root = {"version": "3.1", "profile": "https://other.example", "openapi_url": "https://other.example/openapi.json"}
    told = {"total_items": 1, "total_pages": 1, "contents": [service(1)]}
    answers: list[tuple[int, dict[str, Any]]] = [(200, root), (503, {}), (429, {}), (200, told)]
    asked: list[str] = []

    def answer(handler: Any, _stop: Any) -> None:
        asked.append(handler.path)
        status, found = answers.pop(0) if answers else (503, {})
        body = json.dumps(found).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with receiving(tmp_path, answer) as publisher:
        feeds.keep(database, publisher.address, "other", 24)
        way = way_to(tmp_path, 20.0)
        assert feeds.pull_due(database, way)["taken"] == 1
        assert len(asked) == 4
        failed = []
        for hour in range(24, 24 + 17):  # it fails at 24, and after 1, 2, 4, 8 hours more
            with clock.at(TODAY + timedelta(hours=hour)):
                if feeds.pull_due(database, way)["failed"]:
                    failed.append(hour)
        assert failed == [24, 25, 27, 31, 39]
        answers = [(200, root), (200, told)]
        with clock.at(TODAY + timedelta(hours=55)):
            assert feeds.pull_due(database, way)["taken"] == 1
    assert feeds.kept(db)[0].failures == 0


def test_a_server_is_known_by_its_first_page_and_what_it_no_longer_has_ends_only_in_a_whole_crawl(
    database: Database, db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {"s1": service(1), "s2": service(2), "s3": service(3), "s4": service(4)}
    changed: list[Any] = []

    def answer(handler: Any, _stop: Any) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        found = changed if "modified_after" in asked else list(there.values())
        root = {"version": "3.1", "profile": "https://other.example", "openapi_url": "https://other.example/openapi.json"}
        told = {"total_items": len(found), "total_pages": 1, "contents": found} if asked else root
        body = json.dumps(told).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def standing() -> dict[str, str]:
        found = {row.name: row.status for row in db.exec(select(Service))}
        db.rollback()
        return found

    with receiving(tmp_path, answer) as publisher:
        feeds.keep(database, publisher.address, "other", 24)
        way = way_to(tmp_path, 20.0)
        assert feeds.pull_due(database, way)["taken"] == 1
        assert len(standing()) == 4
        del there["s4"]
        with clock.at(TODAY + timedelta(days=1, hours=1)):
            assert feeds.pull_due(database, way)["unchanged"] == 1  # nothing changed: an empty page
        changed.append(service(1, name="Help one"))
        with clock.at(TODAY + timedelta(days=2, hours=2)):
            assert feeds.pull_due(database, way)["taken"] == 1
        assert standing() == {"Help one": "active", "Help 2": "active", "Help 3": "active", "Help 4": "active"}
        there["s1"] = changed[0]
        with clock.at(TODAY + timedelta(days=8)):
            assert feeds.pull_due(database, way)["taken"] == 1
        assert standing()["Help 4"] == "defunct"
        monkeypatch.setattr(crawling, "MOST_PAGE_BYTES", 200)  # a page is parsed in memory: one that is too large is not read
        with clock.at(TODAY + timedelta(days=16)):
            assert feeds.pull_due(database, way)["failed"] == 1
