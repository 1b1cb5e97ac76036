"""Statements are compiled once for all the databases of a test run: that was a fifth of its time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import sqlalchemy as sa

from app.core import db


class Bounded(dict[Any, Any]):
    """A cache that begins anew when it is full: some tests ask thousands of different questions."""

    def __setitem__(self, key: Any, value: Any) -> None:
        """Keep a statement."""
        if len(self) >= 1_000:
            self.clear()
        super().__setitem__(key, value)


@contextmanager
def compiled_once() -> Iterator[None]:
    """Let engines of one kind use one dialect, and with it one cache of compiled statements (its documented option)."""
    dialects: dict[tuple[str, bool], sa.Dialect] = {}
    caches: dict[tuple[str, bool], Bounded] = {}

    def sharing(make: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
        def made(*words: Any, **options: Any) -> sa.Engine:
            engine = make(*words, **options)
            key = engine.dialect.name, bool(options) or True in words
            first = dialects.setdefault(key, engine.dialect)
            if first.server_version_info:  # only a dialect that has met its server knows everything
                engine.dialect = first
            engine.update_execution_options(compiled_cache=caches.setdefault(key, Bounded()))
            return engine

        return made

    with (
        mock.patch.object(db, "_sqlite_engine", sharing(db._sqlite_engine)),
        mock.patch.object(db, "_postgres_engine", sharing(db._postgres_engine)),
    ):
        yield
