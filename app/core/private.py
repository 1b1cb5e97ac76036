"""Files and folders that only the account of the house can read, whatever its umask (ASVS 13.3.2).

What is there already keeps what its group may do: an operator may have chosen it, for backups.
"""

import os
import stat
import tempfile
from pathlib import Path

OTHERS = 0o007


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, with mode 0700; one that is there stays as its owner made it."""
    for missing in reversed([p for p in (path, *path.parents) if not p.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file with mode 0600 where there is none; take from other accounts what they may do with one of ours.

    It never opens a file that is there: closing it again would drop the locks that SQLite holds on it in this process.
    """
    if path.exists():
        close(path)
        return
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    os.close(handle)
    try:
        Path(path).hardlink_to(fresh)
    except FileExistsError:  # another process was faster
        pass
    except OSError:  # a file system without hard links
        path.touch(mode=0o600)
    finally:
        Path(fresh).unlink()


def close(path: Path) -> None:
    """Take from other accounts of the machine what they may do with a file of ours; nothing where there is none."""
    try:
        found = path.stat()
        if found.st_uid == os.getuid() and found.st_mode & OTHERS:
            path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    except OSError:  # it has just gone, or the disk is read only: nothing that the caller could not do
        return


def write(path: Path, data: bytes) -> None:
    """Write a file with mode 0600, whole or not at all, also where the power fails."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
