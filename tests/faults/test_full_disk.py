"""A disk without room: reading goes on, nothing is called kept that is not, words stay, and room is all it needs to go on."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from app.core import migrate
from app.core.db import Database
from app.core.settings import Settings
from app.main import create_app
from app.models.stories import StoryText
from tests.browse import text_of
from tests.factories import Make
from tests.stories import told

ROOM = "16m"  # several times an empty database with its log
BODY = "Words that find no room. " * 400


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own: a mount for root, else SQLite's own limit on the file does the refusing (see ``fill``)."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], check=False, capture_output=True
    ).returncode  # fmt: skip
    yield folder
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(database: Database, folder: Path) -> None:
    """Take all the room there is."""
    if folder.is_mount():
        with (folder / "ballast").open("wb", buffering=0) as ballast:
            try:
                while ballast.write(b"\0" * 4096):
                    pass
            except OSError:
                return
    database.write_engine.dispose()
    with database.write_engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")  # stays with the one pooled connection


def give_room(database: Database, folder: Path) -> None:
    """Give it back."""
    (folder / "ballast").unlink(missing_ok=True)
    if not folder.is_mount():
        database.write_engine.dispose()


@pytest.fixture
def house(disk: Path, settings: Settings):
    """The application with its data on the small disk, a member's draft in it."""
    its = settings.model_copy(update={"data_dir": disk, "media_url": "", "database_url": f"sqlite:///{disk}/hearth.sqlite3"})
    for name in ("database", "media"):
        its.__dict__.pop(name, None)
    app = create_app(its)
    database = app.state.house.database
    migrate.upgrade(database)
    with database.writing() as db:
        make = Make(db)
        member = make.member()
        story = told.draft(db, member)
        make.commit()
    yield app, database, member, f"/my/stories/{story.ref}/write"
    database.dispose()


def stored(database: Database) -> str:
    with database.reading() as db:
        return db.exec(select(StoryText.body)).one()


def test_a_full_disk_loses_nothing_and_heals_by_itself(house, disk, sign_in):
    app, database, member, address = house
    browser = sign_in(app, member)
    form = {"title": "Room", "body": "The words before.", "language": "en", "row_version": 2, "once": "room-1"}
    assert browser.post(address, form).status_code == 303
    form |= {"body": BODY, "row_version": 3, "once": "room-2"}
    fill(database, disk)
    refused = browser.post(address, form)
    assert refused.status_code == 507
    assert "Nothing was saved" in text_of(refused)
    assert BODY.strip() in refused.text
    assert stored(database) == "The words before."
    for path in ("/", "/stories", address):
        assert browser.get(path).status_code == 200
    give_room(database, disk)
    assert browser.post(address, form).status_code == 303
    assert stored(database) == BODY.strip()
    with database.read_engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
