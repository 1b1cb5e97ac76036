"""Packed files: looked through before anything is unpacked, then unpacked into a temporary folder within bounds."""

import stat
import zipfile
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from app.core.i18n import _
from app.domain.directory.reading.limits import (
    BAD_MEMBER,
    FILE_TOO_BIG,
    LOCKED_ARCHIVE,
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_RATIO,
    MB,
    NESTED_ARCHIVE,
    RATIO_FLOOR,
    RATIO_TOO_HIGH,
    TOO_MANY_FILES,
)
from app.domain.directory.reading.shapes import Unreadable

_PACKED = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst", ".jar", ".xlsx", ".ods", ".docx")
_WANTED = (".csv", ".json", ".ndjson", ".jsonl", ".txt", ".tsv")


def unpack(path: Path) -> "TemporaryDirectory[str]":
    """Unpack a zip with tables and JSON into a new temporary folder; other files in it stay packed. Raises Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check(members)
            folder = TemporaryDirectory(prefix="hearth-reading-")
            try:
                _extract(archive, members, Path(folder.name))
            except BaseException:
                folder.cleanup()
                raise
            return folder
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Unreadable(_("The packed file %(file)s is damaged or of a kind we cannot open.", file=path.name)) from error
    except Exception as error:
        # A damaged stream raises errors of the unpacker's own (zlib.error, LZMAError) that share no class.
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("The packed file %(file)s is damaged or of a kind we cannot open.", file=path.name)) from error


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_FILES:
        raise Unreadable(_(TOO_MANY_FILES, limit=MAX_FILES))
    if len({m.filename for m in members}) != len(members):
        raise Unreadable(_("The packed file holds two files of the same name."))
    for member in members:
        _check_member(member)
    if sum(m.file_size for m in members) > MAX_FILE_BYTES:
        raise Unreadable(_(FILE_TOO_BIG, file=_("unpacked"), limit=MAX_FILE_BYTES // MB))


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    shown = name[:80]
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or len(name) > 500:
        raise Unreadable(_(BAD_MEMBER, file=shown))
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unreadable(_(BAD_MEMBER, file=shown))
    if member.flag_bits & 0x1:
        raise Unreadable(_(LOCKED_ARCHIVE, file=shown))
    if name.lower().endswith(_PACKED):
        raise Unreadable(_(NESTED_ARCHIVE, file=shown))
    if member.file_size > RATIO_FLOOR and member.file_size > MAX_RATIO * max(1, member.compress_size):
        raise Unreadable(_(RATIO_TOO_HIGH, file=shown, limit=MAX_RATIO))


def _extract(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path) -> None:
    left = MAX_FILE_BYTES
    for member in members:
        if not member.filename.lower().endswith(_WANTED) or "__MACOSX" in member.filename:
            continue
        target = folder / member.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as out:
            # The sizes in the list may lie, so what really comes out is counted as well.
            while block := source.read(MB):
                left -= len(block)
                if left < 0:
                    raise Unreadable(_(FILE_TOO_BIG, file=_("unpacked"), limit=MAX_FILE_BYTES // MB))
                out.write(block)


def files_below(folder: Path) -> list[Path]:
    """Return the tables and JSON files in a folder and one level below, sorted; links are not followed."""
    found = [p for p in sorted([*folder.glob("*"), *folder.glob("*/*")]) if not p.is_symlink() and p.is_file()]
    wanted = [p for p in found if p.suffix.lower() in _WANTED and not p.name.startswith((".", "~"))]
    if len(wanted) > MAX_FILES:
        raise Unreadable(_(TOO_MANY_FILES, limit=MAX_FILES))
    return wanted
