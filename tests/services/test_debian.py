"""Who may install what: only root, only what is missing."""

import pytest

from tests.services import debian


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """A bare machine; the calls of apt-get are recorded, not made."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(debian, "_apt_get", lambda *words: calls.append(words))
    monkeypatch.setattr(debian, "chromium_path", lambda: None)
    monkeypatch.setattr(debian, "has_fonts", lambda: False)
    monkeypatch.setattr(debian, "postgres_bin", lambda: None)
    monkeypatch.setattr(debian.os, "geteuid", lambda: 0)
    monkeypatch.setattr(debian.shutil, "which", lambda name: f"/usr/bin/{name}")
    return calls


def test_root_gets_what_is_missing_and_no_server_starts(
    asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("etc")
    monkeypatch.setattr(debian, "CLUSTERS", folder / "createcluster.conf")

    def unpack(*words: str) -> None:
        asked.append(words)
        if words == ("install", "postgresql-common"):
            debian.CLUSTERS.write_text("# defaults\n")

    monkeypatch.setattr(debian, "_apt_get", unpack)
    assert debian.install_missing() == ["chromium", "fonts-noto-core", "postgresql"]
    assert [words[0] for words in asked] == ["update", "install", "install"]
    assert debian.CLUSTERS.read_text().splitlines()[-1] == "create_main_cluster = false"


def test_a_machine_that_has_everything_is_left_alone(asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "missing", list)
    assert debian.install_missing() == []
    assert asked == []


def test_a_plain_account_is_told_what_is_missing(asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    with pytest.raises(debian.CannotInstall, match="chromium fonts-noto-core postgresql"):
        debian.install_missing()
    assert asked == []
