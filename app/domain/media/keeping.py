"""Files that hang on rows: kept at once and gone with a rollback; forgotten rows take their files along once that is sure."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from app.core import settings
from app.domain.media.pictures import Picture
from app.domain.media.store import MediaStore, from_url
from app.domain.media.voice import Voice

log = logging.getLogger(__name__)
Files = dict[str, dict[str, Any]]  # by part ("opus", "webp", …): its name in the store and its size in bytes
ENDINGS: Final = {"opus": "opus", "mp3": "mp3", "webp": "webp", "jpg": "jpg", "thumb": "webp"}


def store() -> MediaStore:
    """Return where media are kept in this process."""
    return from_url(settings.current().media)


def put_voice(db: Session, voice: Voice) -> Files:
    """Write a voice now; if this transaction does not come to its end, it goes again."""
    return _put(db, {"opus": voice.opus, "mp3": voice.mp3})


def put_picture(db: Session, picture: Picture) -> Files:
    """Write a picture now; if this transaction does not come to its end, it goes again."""
    return _put(db, {"webp": picture.webp, "jpg": picture.jpeg, "thumb": picture.thumb})


def names(files: Mapping[str, Any]) -> list[str]:
    """Return the names in the store of what a row holds."""
    return [part["name"] for part in files.values() if isinstance(part, dict) and "name" in part]


def forget(db: Session, gone: Iterable[str]) -> None:
    """Take these names away once this transaction is over for good: a rollback must not leave a row without its file."""
    if listed := list(gone):
        _after(db, listed, committed=True)


def _put(db: Session, parts: Mapping[str, bytes]) -> Files:
    place, files = store(), Files()
    for part, data in parts.items():
        files[part] = {"name": place.put(data, ENDINGS[part]), "bytes": len(data)}
        _after(db, [files[part]["name"]], committed=False)
    return files


def _after(db: Session, listed: list[str], *, committed: bool) -> None:
    """Take names away when this transaction is ``committed``, or else when it is not.

    A savepoint that is released hands over to what it stands in; only the outermost commit is the end.
    """
    db.connection()  # from here on there is a transaction
    place, own = store(), _current(db)

    def over(session: Session) -> None:
        nonlocal own
        if own is not None and own is _current(session):
            own = own.parent if own.nested else None
            if own is None and committed:
                _delete(place, listed)

    def undone(session: Session) -> None:
        nonlocal own
        if own is not None and _current(session) in _within(own):
            own = None
            if not committed:
                _delete(place, listed)

    sa.event.listen(db, "after_commit", over)
    sa.event.listen(db, "after_rollback", undone)


def _current(db: Session) -> SessionTransaction | None:
    return db.get_nested_transaction() or db.get_transaction()


def _within(own: SessionTransaction) -> list[SessionTransaction]:
    """Return a transaction with those that it stands in."""
    found = [own]
    while (above := found[-1].parent) is not None:
        found.append(above)
    return found


def _delete(place: MediaStore, listed: list[str]) -> None:
    for name in listed:
        try:
            place.delete(name)
        except OSError as error:  # what is decided stands; the clean-up of leftovers takes the file (domain/upkeep/leftovers.py)
            log.warning("a file could not be removed: %s", type(error).__name__)
