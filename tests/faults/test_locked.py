"""Somebody else holds the database: people wait a little, and when it takes too long their words stay with them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.models.stories import StoryText
from tests.browse import text_of
from tests.stories import told


@pytest.fixture
def writing(make, db, browse):
    """A member's browser at the page where she writes."""
    member = make.member()
    story = told.draft(db, member)
    db.commit()
    form = {"title": "The lock", "body": "Words of mine.", "language": "en", "row_version": story.row_version, "once": "lock-1"}
    return browse(member), f"/my/stories/{story.ref}/write", form


@contextmanager
def held(database, seconds: float) -> Iterator[None]:
    """Hold the writers' lock for so long, or until the block ends if that is sooner."""
    taken, over = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write_engine.connect() as connection, connection.begin():  # SQLite: BEGIN IMMEDIATE
            if not database.embedded:
                connection.execute(sa.text("LOCK TABLE story, story_text IN EXCLUSIVE MODE"))
            taken.set()
            over.wait(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(10)
    yield
    over.set()
    thread.join()


def stored(database) -> str:
    """Return the body that is kept."""
    with database.reading() as db:
        return db.exec(select(StoryText.body)).one()


def test_four_seconds_are_waited_for(writing, database):
    browser, address, form = writing
    with held(database, 4):
        begun = time.monotonic()
        assert browser.get(address).status_code == 200
        assert time.monotonic() - begun < 3, "reading waits for nobody"
        answer = browser.post(address, form)
    assert answer.status_code == 303
    assert stored(database) == "Words of mine."


def test_longer_than_that_is_said_kindly_and_no_word_is_lost(writing, database):
    browser, address, form = writing
    with held(database, 30):
        begun = time.monotonic()
        answer = browser.post(address, form)
        took = time.monotonic() - begun
    assert answer.status_code == 503
    assert 4 < took < 12
    assert "Words of mine." in answer.text
    assert "try again" in text_of(answer).lower()
    assert answer.headers["retry-after"] == "30"
    assert stored(database) == told.BODY
    assert browser.post(address, form).status_code == 303
    assert stored(database) == "Words of mine."
