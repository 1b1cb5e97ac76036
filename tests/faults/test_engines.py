"""From SQLite to PostgreSQL and back by backup and restore: every row is the same on both."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import migrate
from app.core.db import Database
from app.core.ids import new_ref
from app.core.settings import Settings
from app.domain.media.store import from_url
from app.jobs import backup, copying
from app.models.accounts import Role
from app.models.stories import Media, MediaKind, Story
from tests.factories import Make
from tests.stories import told

pytestmark = pytest.mark.postgresql


def embedded(settings: Settings, folder: Path) -> tuple[Database, Settings]:
    """Return a fresh SQLite house."""
    folder.mkdir()
    its = settings.model_copy(update={"data_dir": folder, "media_url": "", "database_url": ""})
    for name in ("database", "media"):
        its.__dict__.pop(name, None)
    database = Database(its.database)
    migrate.upgrade(database)
    return database, its


def contents(database: Database) -> dict[str, list[str]]:
    with database.read_engine.connect() as connection:
        return {t.name: list(copying.dump(connection, t)) for t in copying.tables()}


def test_there_and_back(database, settings, tmp_path):
    first, its = embedded(settings, tmp_path / "first")
    second, theirs = embedded(settings, tmp_path / "second")
    with first.writing() as db:
        make = Make(db)
        reader = make.member("Second Reader", Role.COORDINATOR)
        for name in ("Quiet River", "نهر هادئ", "Ndèye"):
            told.published(db, make.member(name), reader, title=f"{name}, “quoted”\tand \\ more", body="😀 ß İ\n" * 50)
        make.service(area=make.area())
        media = from_url(its.media).put(b"RIFFxxxxWEBP", ".webp")
        story = db.execute(sa.select(Story)).scalars().first()
        db.add(Media(ref=new_ref(), story_id=story.id, kind=MediaKind.PICTURE, files={"webp": {"name": media, "bytes": 12}}))
        make.commit()
    before = contents(first)
    assert len(before["story"]) == 3
    assert len(before["consent"]) >= 3
    backup.back_up(first, its, tmp_path / "a.hearth")
    backup.restore(database, settings, tmp_path / "a.hearth")
    assert not database.embedded
    assert contents(database) == before
    backup.back_up(database, settings, tmp_path / "b.hearth")
    backup.restore(second, theirs, tmp_path / "b.hearth")
    assert contents(second) == before
    with from_url(theirs.media).open(media) as file:
        assert file.read() == b"RIFFxxxxWEBP"
    first.dispose()
    second.dispose()
