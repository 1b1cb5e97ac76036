"""What the tests of the numbers share: running a command without any setting."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app import cli
from app.core import settings as core_settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Any) -> Iterator[Run]:
    """Run ``hearth …`` without any setting; returns exit code, output, errors."""
    for name in ("HEARTH_MODE", "HEARTH_SECRET_KEY", "HEARTH_SEAL_KEYS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def go(*words: object) -> tuple[int, str, str]:
        try:
            code = cli.main([*map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    yield go
    root.handlers[:] = handlers
    root.setLevel(level)
    core_settings.use(settings)
