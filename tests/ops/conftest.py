"""The command line as a function: ``run("doctor", "--json")``."""

import logging

import pytest

from app import cli
from app.core import settings as core_settings


@pytest.fixture(autouse=True)
def _as_shipped(as_shipped):
    """The doctor looks how connections are opened."""


@pytest.fixture
def run(settings, monkeypatch, capsys):
    """Run a command on the test's database; returns exit code, output and what went to standard error."""
    monkeypatch.setenv("HEARTH_MODE", "development")
    monkeypatch.setenv("HEARTH_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HEARTH_DATABASE_URL", settings.database_url)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def go(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return code, told.out, told.err

    yield go
    root.handlers[:] = handlers
    root.setLevel(level)
    core_settings.use(settings)
