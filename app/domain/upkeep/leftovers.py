"""Files in the store that no row refers to: left by a power cut between file and row, or brought back by an older copy."""

import logging
import time
from pathlib import Path

from sqlmodel import Session, col, select

from app.core.db import Database
from app.domain.media import keeping
from app.domain.media.store import MediaStore
from app.models.groups import PostFile
from app.models.money import FundAsk
from app.models.stories import Media, MediaState

log = logging.getLogger(__name__)
YOUNG = 3600.0  # seconds: the row of a younger file may not be written yet


def wanted(db: Session) -> set[str]:
    """Return the names of all files that rows refer to."""
    of_stories = db.exec(select(Media.files).where(Media.state == MediaState.READY)).all()
    of_asks = db.exec(select(FundAsk.voice).where(col(FundAsk.voice).is_not(None))).all()
    rows = (*of_stories, *db.exec(select(PostFile.files)).all(), *of_asks)
    return {name for files in rows for name in keeping.names(files or {})}


def there(store: MediaStore) -> set[str]:
    """Return the names of all files in the store; those that are being written at this moment are not named yet."""
    files = [p for p in store.root.rglob("*") if p.is_file() and p.name[:1] != "."] if store.root.exists() else []
    return {p.relative_to(store.root).as_posix() for p in files}


def clear(database: Database, store: MediaStore, older_than: float = YOUNG) -> int:
    """Remove what no row refers to and is older than so many seconds; return how many files it was."""
    found = there(store)  # first: what comes after this look has its row by the next one
    with database.reading() as db:
        extra = found - wanted(db)
    return sum(_remove(store, store.root / name, name, older_than) for name in extra)


def _remove(store: MediaStore, place: Path, name: str, older_than: float) -> bool:
    try:
        # When its entry was made: the time of writing is the same for all files (media/store.py).
        return time.time() - place.stat().st_ctime >= older_than and store.delete(name)
    except (KeyError, OSError) as error:  # not ours, or gone meanwhile
        log.info("a file was left where it is: %s", type(error).__name__)
        return False
