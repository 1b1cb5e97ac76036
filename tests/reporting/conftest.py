"""What the tests of the numbers share: running a command without any setting, small tables, protecting them."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app import cli
from app.core import settings as core_settings
from app.domain.reporting.protecting import files, reading
from app.domain.reporting.protecting.publishing import Release, publishable

Run = Callable[..., tuple[int, str, str]]
Raw = dict[str, Any]


def protect(raw: list[Raw], threshold: int = 10) -> list[Raw]:
    """Return protected tables as they come out of a file."""
    printed = publishable(Release(reading.read_tables({"tables": raw}), threshold)).tables
    return json.loads(json.dumps([files.as_json(one) for one in printed]))  # type: ignore[no-any-return]


def numbers(table: Raw) -> list[int | None]:
    """Return every cell and total of a table."""
    cells = [n for line in table["cells"] for n in line]
    return [*cells, *table["row_totals"], *table["col_totals"], table["total"]]


def one_table(cells: list[list[int]], **more: Any) -> Raw:
    """Return a raw table without totals."""
    rows, cols = [f"r{n}" for n in range(len(cells))], [f"c{n}" for n in range(len(cells[0]))]
    return {"id": "t", "period": "2026-Q1", "universe": "members", "rows": rows, "cols": cols, "cells": cells, **more}


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
