"""Where re-made pictures and voices live: a folder, with names made here that tell nothing."""

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from app.core import private

# What may be stored and how it is served.
MEDIA_TYPES: Final = {".webp": "image/webp", ".jpg": "image/jpeg", ".opus": "audio/ogg", ".mp3": "audio/mpeg"}
_NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{30}(\.[a-z0-9]{3,4})")
# Every file says it was written on this day (2020-01-01): the real time could tell who sent it.
_ONE_DAY_NS: Final = 1_577_836_800 * 10**9


def from_url(url: str) -> "MediaStore":
    """Return the store of ``url``: a folder path or a ``file:`` address. ValueError says what is wrong otherwise."""
    wrong = f"Media can be kept in a folder only: write a path such as /var/lib/hearth/media, not {url!r}."
    if not url.strip() or "\0" in url:
        raise ValueError(wrong)
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", url):
        return MediaStore(Path(url))
    parts = urlsplit(url)
    path = unquote(parts.path)
    unusable = parts.netloc not in ("", "localhost") or parts.query or parts.fragment or not path or "\0" in path
    if parts.scheme != "file" or unusable:
        raise ValueError(wrong)
    return MediaStore(Path(path))


class MediaStore:
    """A folder of media files under random names; the folder is made when the first file comes."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def put(self, data: bytes, suffix: str) -> str:
        """Store ``data`` and return its new name, such as ``3f/3f…e1.webp``.

        ``suffix`` is one of ``MEDIA_TYPES``, with or without its point. ValueError for another suffix or no bytes.
        OSError when the disk refuses; then nothing is left behind. When this returns, the file survives a power cut.
        """
        ending = "." + suffix.lstrip(".")
        if ending not in MEDIA_TYPES or not data:
            raise ValueError("Only re-made pictures and voices are stored, and never an empty file.")
        token = secrets.token_hex(16)
        name = f"{token[:2]}/{token}{ending}"
        target = self.root / name
        self._make_folder(target.parent)
        temporary = target.parent / f".new-{secrets.token_hex(8)}"
        try:
            _write(temporary, data)
            temporary.rename(target)
            _settle(target.parent)
        except BaseException:
            for leftover in (temporary, target):
                with contextlib.suppress(OSError):
                    leftover.unlink()
            raise
        return name

    def path(self, name: str) -> Path:
        """Return where ``name`` lives, existing or not; KeyError for every name that ``put`` could not make."""
        fits = _NAME.fullmatch(name)
        if not fits or fits[2] not in MEDIA_TYPES:
            raise KeyError(name)
        return self.root / name

    def open(self, name: str) -> IO[bytes]:
        """Open ``name`` for reading; KeyError when the name is wrong or nothing is there. Never follows a link."""
        place = self.path(name)
        try:
            return os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
        except OSError:
            raise KeyError(name) from None

    def delete(self, name: str) -> bool:
        """Take ``name`` away for good and return whether it was there; KeyError for a wrong name."""
        place = self.path(name)
        try:
            place.unlink()
        except FileNotFoundError:
            return False
        _settle(place.parent)
        return True

    def _make_folder(self, folder: Path) -> None:
        """Make ``folder`` and the root, readable by nobody else, and make sure the disk knows them."""
        if not folder.is_dir():
            private.make_folder(self.root)
            folder.mkdir(mode=0o700, exist_ok=True)
            _settle(self.root)


def _write(place: Path, data: bytes) -> None:
    """Write ``data`` to a new file at ``place`` and wait until the disk has it."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.utime(handle, ns=(_ONE_DAY_NS, _ONE_DAY_NS))
        os.fsync(handle)
    finally:
        os.close(handle)


def _settle(folder: Path) -> None:
    """Make the disk keep the list of names of ``folder``, with the same fixed time as its files."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.utime(handle, ns=(_ONE_DAY_NS, _ONE_DAY_NS))
        os.fsync(handle)
    finally:
        os.close(handle)
