"""Lists that are fetched: only what changed, never half of one, never from where nobody may be sent."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.core import clock
from app.core.db import Database
from app.core.i18n import Sentence
from app.domain.directory.importing import import_directory
from app.domain.directory.report import Report
from app.domain.upkeep.lists import look
from app.jobs import egress, feeds
from app.models.directory import Service
from tests.conftest import TODAY
from tests.partners.receiver import Receiver, receiving, way_to

LIST = json.dumps([{"id": "s1", "name": "Legal help", "status": "active"}]).encode()
Answer = Callable[..., None]


def page(body: bytes = LIST, status: int = 200, says: int | None = None, **headers: str) -> Answer:
    """Answer with a body; ``says`` is the length that is claimed."""

    def answer(handler: Any, _stop: Any) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if says is None else says))
        for name, text in headers.items():
            handler.send_header(name.replace("_", "-"), text)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(handler: Any, stop: Any) -> None:
    """Send pieces without an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not stop.is_set():
        handler.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")


def silent(handler: Any, _stop: Any) -> None:
    """Say no length."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + LIST)


def go(where: str) -> Answer:
    """Lead elsewhere."""
    return page(b"", 302, Location=where)


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Receiver]:
    """Somebody who publishes a list."""
    with receiving(tmp_path, page(ETag='"one"', Last_Modified="Mon, 30 Nov 2026 09:00:00 GMT")) as found:
        yield found


def way(tmp_path: Path, seconds: float = 20.0) -> egress.Way:
    """Return a way on which this machine may be reached."""
    return way_to(tmp_path, seconds)


def test_a_list_is_asked_only_for_what_changed(publisher: Receiver, database: Database, db: Session, tmp_path: Path) -> None:
    feeds.keep(database, f"{publisher.address}/list", "a list", 24)
    assert feeds.pull_due(database, way(tmp_path)) == {"taken": 1, "unchanged": 0, "failed": 0}
    assert db.exec(select(Service.name)).all() == ["Legal help"]
    db.rollback()
    assert feeds.pull_due(database, way(tmp_path)) == {"taken": 0, "unchanged": 0, "failed": 0}  # not due
    publisher.answers = [page(b"", 304)]
    with clock.at(TODAY + timedelta(hours=25)):
        assert feeds.pull_due(database, way(tmp_path)) == {"taken": 0, "unchanged": 1, "failed": 0}
        asked = publisher.got[-1][0]
        assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"one"', "Mon, 30 Nov 2026 09:00:00 GMT")
    publisher.answers = [page(b"", 500), page(b"{", ETag='"two"'), page(b"", 304)]
    with clock.at(TODAY + timedelta(hours=50)):
        assert feeds.pull_due(database, way(tmp_path))["failed"] == 1
    with clock.at(TODAY + timedelta(hours=52)):  # it is tried again after an hour
        assert feeds.pull_due(database, way(tmp_path))["failed"] == 1
        [line] = look(database)
        assert (line.check, line.level) == ("list a list", "note")
        row = feeds.kept(db)[0]
        assert (row.etag, row.fine, row.failures) == ('"one"', False, 2)  # what could not be read is asked for again
        db.rollback()
        assert db.exec(select(Service.name)).all() == ["Legal help"]
        db.rollback()
    feeds.keep(database, "", "a list", 0)
    assert feeds.kept(db) == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (page(says=len(LIST) + 50), "shorter than it says"), (silent, "how long it is"), (endless, "too long"),
        (page(Content_Encoding="gzip"), "packed"), (page(says=10**12), "did not come"), (page(b"", 304), "answered 304"),
        (go("http://127.0.0.1/list"), "no private network"), (go("https://10.0.0.1/list"), "no private network"),
        (go("/again"), "one address to the next"), (page(b"nothing", 404), "answered 404"),
    ],
)  # fmt: skip
def test_what_lies_or_leads_astray_is_refused_and_nothing_is_taken_in(
    publisher: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, says: str
) -> None:
    publisher.answers = [answer]
    monkeypatch.setattr(feeds, "MOST_BYTES", 100_000)

    def never(_path: Path) -> Report:
        raise AssertionError("half a list was taken in")

    with pytest.raises(feeds.NotFetched, match=says):
        feeds.fetch(f"{publisher.address}/list.json", never, way=way(tmp_path))


def test_a_hiccup_of_a_list_that_nobody_looks_at_ends_nothing(database: Database, db: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.json"

    def bring(*numbers: int) -> Report:
        path.write_text(json.dumps([{"id": f"s{n}", "name": f"Help {n}", "status": "active"} for n in numbers]))
        return import_directory(database, path, feed_name="a list", unattended=True)

    bring(*range(6))
    assert [(bring(*left).missing, ended(db)) for left in ((), (0,), (0, 1, 2, 3))] == [(6, 0), (5, 0), (0, 2)]
    path.write_text("[]")
    assert import_directory(database, path, feed_name="a list").missing == 4  # nor does a list without anything by hand
    assert ended(db) == 2


def ended(db: Session) -> int:
    """Count what has ended."""
    found = len(db.exec(select(Service.id).where(col(Service.defunct_on).is_not(None))).all())
    db.rollback()
    return found


def test_a_list_that_fails_in_any_way_leaves_the_others_their_turn(
    database: Database, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def full(address: str, *_rest: Any) -> None:
        asked.append(address)
        raise MemoryError if address.endswith("a") else RuntimeError("No space left")

    monkeypatch.setattr(feeds, "fetch", full)
    for name in "ab":
        feeds.keep(database, f"https://lists.example/{name}", name, 24)
    assert [feeds.pull_due(database)["failed"] for _turn in range(3)] == [1, 1, 0]
    assert asked == ["https://lists.example/a", "https://lists.example/b"]
    assert [(row.fine, Sentence.from_text(row.said).words("en")) for row in feeds.kept(db)] == [
        (False, "It could not be taken in: MemoryError."), (False, "It could not be taken in: RuntimeError."),
    ]  # fmt: skip


def test_a_list_whose_fetching_another_worker_has_begun_is_not_asked_for_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def killed(address: str, *_rest: Any) -> None:
        asked.append(address)
        raise KeyboardInterrupt

    monkeypatch.setattr(feeds, "fetch", killed)
    feeds.keep(database, "https://lists.example/a", "a", 1)
    for hours, times in ((0, 1), (2, 1), (3, 2)):
        with clock.at(TODAY + timedelta(hours=hours)), suppress(KeyboardInterrupt):
            feeds.pull_due(database)
        assert len(asked) == times


def test_by_the_way_that_the_program_uses_nobody_is_sent_into_a_private_network(publisher: Receiver) -> None:
    for address in (
        publisher.address,
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "http://example.org/",
        "https://a:b@example.org/",
    ):
        with pytest.raises(feeds.NotFetched, match="no private network"):
            feeds.fetch(address, lambda _path: Report(""))
    assert publisher.got == []
