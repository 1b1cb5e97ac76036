"""The store of media: names that tell nothing, all or nothing on a bad disk, and no way out of the folder."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.media.store import MEDIA_TYPES, MediaStore, from_url


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    """Return a store in a folder that does not exist yet."""
    return MediaStore(tmp_path / "media")


def files(store: MediaStore) -> list[Path]:
    """Return every file under the store, also hidden ones."""
    return [place for place in store.root.rglob("*") if not place.is_dir()]


@pytest.mark.parametrize("suffix", [*MEDIA_TYPES, "webp"])
def test_what_is_put_can_be_opened_and_taken_away(store: MediaStore, suffix: str) -> None:
    name = store.put(b"points", suffix)
    assert name.endswith(suffix)
    assert files(store) == [store.path(name)]
    with store.open(name) as source:
        assert source.read() == b"points"
    assert store.delete(name) is True
    assert store.delete(name) is False
    with pytest.raises(KeyError):
        store.open(name)
    assert files(store) == []


def test_name_time_and_rights_tell_nothing(store: MediaStore) -> None:
    names = {store.put(b"same", ".webp") for _ in range(20)}
    assert len(names) == 20
    for name in names:
        place = store.path(name)
        found = place.stat()
        assert (found.st_mtime, found.st_atime) == (1_577_836_800, 1_577_836_800)
        assert stat.S_IMODE(found.st_mode) == 0o600
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
        assert place.parent.stat().st_mtime == 1_577_836_800


@pytest.mark.parametrize("suffix", ["", "html", ".svg", "../x", ".webp/", "WEBP"])
def test_other_suffixes_and_empty_files_are_not_stored(store: MediaStore, suffix: str) -> None:
    with pytest.raises(ValueError, match="never an empty file"):
        store.put(b"data", suffix)
    with pytest.raises(ValueError, match="never an empty file"):
        store.put(b"", ".webp")
    assert not store.root.exists()


GOOD = "3f/3f" + "0a" * 15 + ".webp"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "3f",
        "3f/",
        GOOD + "\n",
        GOOD + "\0",
        GOOD + "/../x",
        " " + GOOD,
        GOOD.upper(),
        GOOD.replace("/", "\\"),
        GOOD.replace("3f/", "3e/"),
        GOOD.replace(".webp", ".html"),
        GOOD.replace(".webp", ""),
        "3f/.new-0000000000000000",
        "%2e%2e/" + GOOD,
        GOOD.replace("0", "٠"),
    ],
)
def test_names_from_elsewhere_lead_nowhere(store: MediaStore, name: str) -> None:
    for way in (store.path, store.open, store.delete):
        with pytest.raises(KeyError):
            way(name)


def test_the_pattern_takes_a_good_name(store: MediaStore) -> None:
    assert store.path(GOOD) == store.root / GOOD


@given(st.text(alphabet="0123456789abcdef/.\\%webpjgopus3-~\0\n", max_size=60))
def test_no_text_leads_out_of_the_folder(name: str) -> None:
    store = MediaStore(Path("/somewhere/media"))
    try:
        place = store.path(name)
    except KeyError:
        return
    assert place.parent.parent == store.root
    assert ".." not in place.parts


def test_a_link_is_not_followed(store: MediaStore, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    place = store.path(GOOD)
    place.parent.mkdir(parents=True)
    place.symlink_to(secret)
    with pytest.raises(KeyError):
        store.open(GOOD)


def test_a_full_disk_leaves_nothing_behind(store: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = store.put(b"kept", ".webp")
    written: list[int] = []
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if written:
            raise OSError(28, "No space left on device")
        written.append(real(handle, bytes(data)[:3]))
        return 3

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"a longer picture", ".webp")
    assert written == [3]
    assert files(store) == [store.path(kept)]


@pytest.mark.parametrize("failing", ["fsync", "utime", "rename"])
def test_a_failing_disk_leaves_nothing_behind(store: MediaStore, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path if failing == "rename" else os, failing, broken)
    with pytest.raises(OSError, match="Input/output"):
        store.put(b"picture", ".webp")
    assert files(store) == []


def test_the_last_step_fails_after_the_rename(store: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(b"first", ".webp")  # so that only the folder of the new file is left to settle
    before = set(files(store))
    real, calls = os.fsync, []

    def late(handle: int) -> None:
        calls.append(stat.S_ISDIR(os.fstat(handle).st_mode))
        if calls[-1] and len(calls) > 1 and not calls[-2]:
            raise OSError(5, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", late)
    with pytest.raises(OSError, match="Input/output"):
        store.put(b"picture", ".webp")
    assert calls[-2:] == [False, True]
    assert set(files(store)) == before


def test_nobody_sees_a_half_written_file(store: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = os.write, []

    def slowly(handle: int, data: bytes) -> int:
        seen.extend(place.name for place in files(store))
        return real(handle, bytes(data)[:4])

    monkeypatch.setattr(os, "write", slowly)
    name = store.put(b"twelve bytes", ".opus")
    assert len(seen) == 3
    assert all(found.startswith(".new-") for found in seen)
    assert store.path(name).read_bytes() == b"twelve bytes"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/var/lib/media", "/var/lib/media"),
        ("file:///var/lib/media", "/var/lib/media"),
        ("file:/var/lib/media", "/var/lib/media"),
        ("file://localhost/var/lib/my%20media", "/var/lib/my media"),
    ],
)
def test_a_folder_or_a_file_address_is_a_store(url: str, path: str) -> None:
    assert from_url(url).root == Path(path)


def test_a_path_may_be_relative() -> None:
    assert from_url("data/media").root == Path.cwd() / "data" / "media"
    assert from_url("file:data/media").root == Path.cwd() / "data" / "media"


@pytest.mark.parametrize(
    "url",
    ["", "  ", "s3://bucket/media", "https://example.org/m", "file://server/share", "file:", "file:///a?b", "/a\0b"],
)
def test_other_addresses_are_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="Media can be kept in a folder only"):
        from_url(url)
