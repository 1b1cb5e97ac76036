"""Files that only the account of the house can read."""

import stat
from pathlib import Path

import pytest

from app.core import private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_made_is_ours_alone(tmp_path: Path) -> None:
    private.make_folder(tmp_path / "a" / "b")
    private.make_file(tmp_path / "a" / "empty")
    private.write(tmp_path / "a" / "full", b"words")
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]
    assert [mode(tmp_path / "a" / "empty"), mode(tmp_path / "a" / "full")] == [0o600, 0o600]
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["b", "empty", "full"]


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o640), (0o640, 0o640), (0o666, 0o660), (0o600, 0o600), (0o404, 0o400)])
def test_what_was_open_to_others_is_closed(tmp_path: Path, before: int, after: int) -> None:
    file = tmp_path / "old"
    file.write_text("words")
    file.chmod(before)
    private.make_file(file)
    assert (mode(file), file.read_text()) == (after, "words")


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_self: Path, _target: Path) -> None:
        raise PermissionError("hard links are not supported")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    private.make_file(tmp_path / "new")
    assert mode(tmp_path / "new") == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["new"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private.write(tmp_path / "ledger", b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        private.write(tmp_path / "ledger", b"new")
    assert (tmp_path / "ledger").read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["ledger"]
