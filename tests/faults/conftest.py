"""A server process that is gone when the test ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.settings import Settings
from tests.faults.running import Server


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """`hearth serve` on the database of the test; not started yet."""
    result = Server(settings, tmp_path / "server.log")
    yield result
    result.kill()
