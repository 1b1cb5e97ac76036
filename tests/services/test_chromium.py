"""Finding the browser and the fonts."""

from pathlib import Path

import pytest

from tests.services import chromium


def test_the_first_browser_on_the_path_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.chromium_path() == str(program)


def test_no_browser_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.chromium_path() is None


def test_fonts_count_only_when_both_scripts_can_be_drawn(tmp_path: Path) -> None:
    assert not chromium.has_fonts((tmp_path,))
    (tmp_path / "NotoSansArabic-Regular.ttf").touch()
    assert not chromium.has_fonts((tmp_path,))
    (tmp_path / "NotoSansEthiopic-Regular.ttf").touch()
    assert chromium.has_fonts((tmp_path,))
