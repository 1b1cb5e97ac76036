"""A form sent twice has one effect, also at the same instant; limits hold across processes and keep no address."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from starlette.responses import Response

from app.core import clock
from app.core.db import Database
from app.domain import versions
from app.web.limits import Limit, address, count
from app.web.transactions import Db, Pages
from tests.conftest import TODAY

AT_ONCE = 6


@pytest.fixture
def effect(app):
    @app.post("/test-effect")
    def have_effect(db: Db, page: Pages) -> Response:
        versions.bump(db, "effects")
        return page.go_to("/about")


def effects(database: Database) -> int:
    with database.reading() as db:
        return versions.current(db.connection()).get("effects", 0)


def together(work) -> list[object]:
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(work())) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_a_form_sent_many_times_at_once_has_one_effect(browse, effect, database):
    browser = browse()
    answers = together(lambda: browser.post("/test-effect", {"once": "same"}).status_code)
    assert answers == [303] * AT_ONCE
    assert effects(database) == 1


def test_forms_without_or_with_other_numbers_each_have_theirs(browse, effect, database):
    browser = browse()
    for once in ("a", "b", "", ""):
        assert browser.post("/test-effect", {"once": once}).status_code == 303
    assert effects(database) == 4


def test_a_number_counts_for_one_person_only(make, browse, effect, database):
    first, second = make.member(), make.member()
    make.commit()
    mine = browse(first)
    for browser in (mine, browse(second), mine):
        browser.post("/test-effect", {"once": "same"})
    assert effects(database) == 2


def test_tries_are_counted_across_processes_and_windows_end(settings, database):
    limit = Limit("test", 3, 600)
    others = [Database(settings.database) for _ in range(2)]
    seen = [count(one, b"k", limit, "196.12.34.56") for one in (database, *others)]
    assert seen == [1, 2, 3]
    assert count(database, b"k", limit, "someone else") == 1
    with clock.at(TODAY + timedelta(seconds=600)):
        assert count(database, b"k", limit, "196.12.34.56") == 1
    with database.read_engine.connect() as connection:
        assert "196.12" not in str(connection.execute(sa.text("SELECT * FROM tries")).all())
    for one in others:
        one.dispose()


def test_tries_at_the_same_instant_are_all_counted(database):
    limit = Limit("race", 3, 600)
    assert sorted(together(lambda: count(database, b"k", limit, "x"))) == list(range(1, AT_ONCE + 1))


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("196.12.34.56", "196.12.34.56"), ("::ffff:196.12.34.56", "196.12.34.56"), ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff::9", "2001:db8:0:1::/64"), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_what_counts_as_one_address(client, counted):
    assert address(SimpleNamespace(client=SimpleNamespace(host=client))) == counted
