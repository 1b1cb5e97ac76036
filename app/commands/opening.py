"""What every command needs: an opened database, a failure with a sentence, a result in words or as JSON."""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import make_url

from app.core import migrate
from app.core.db import Database
from app.core.settings import Settings

Arguments = argparse.Namespace
LATER = "A later release made this database. Run that release; this one would damage it."


class Failed(Exception):
    """The command could not do it; the sentence says why (exit 1)."""


_opened: list[Database] = []
_folders: list[TemporaryDirectory[str]] = []


def open_database(settings: Settings, *, current: bool = True) -> Database:
    database = Database(settings.database)
    _opened.append(database)
    if current and migrate.is_newer(database):
        raise Failed(LATER)
    if current and not migrate.is_current(database):
        raise Failed("The database is not at this release's schema. Run: hearth migrate")
    return database


def nothing_there(settings: Settings) -> bool:
    """Say whether the embedded database was never made: a look at a feed need not make it."""
    url = make_url(settings.database)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def open_nothing() -> Database:
    """Open an empty database in a temporary folder that goes when the command ends."""
    folder = TemporaryDirectory(prefix="hearth-")
    _folders.append(folder)
    database = Database(f"sqlite:///{folder.name}/empty.sqlite3")
    _opened.append(database)
    migrate.upgrade(database)
    return database


def close_all() -> None:
    """Close the databases that the command has opened, and remove what was temporary."""
    while _opened:
        _opened.pop().dispose()
    while _folders:
        _folders.pop().cleanup()


def tell(arguments: Arguments, result: dict[str, Any], text: str) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=1, default=str) if arguments.json else text)
