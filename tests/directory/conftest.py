"""What several tests of the directory need."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import crypto, migrate
from app.core.db import Database
from app.core.settings import Settings


@pytest.fixture
def empty(server_url: str, settings: Settings, tmp_path: Path, template: str) -> Iterator[Database]:
    """A second, empty database (SQLite, whatever the first one is)."""
    url = f"sqlite:///{tmp_path}/second.sqlite3"
    if server_url:
        other = Database(url)
        migrate.upgrade(other)
    else:
        shutil.copyfile(sa.make_url(template).database or "", tmp_path / "second.sqlite3")
        other = Database(url)
    crypto.set_seal_keys(settings.seals)
    yield other
    other.dispose()
