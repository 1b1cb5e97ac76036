"""What takes long to make and serves everybody, kept in memory for a day and a version of the content."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import anyio
import anyio.to_thread

from app.core.db import Database

T = TypeVar("T")
Mark = tuple[date, int]


class Keeper(Generic[T]):
    """Keeps one thing for each database; who asks while it is being made waits for that one.

    Else every request that is under way after a change makes its own: with 20,000 stories, 20 MB and a second of processor each.
    """

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Database, tuple[Mark, T]] = WeakKeyDictionary()
        self._making: WeakKeyDictionary[Database, anyio.Lock] = WeakKeyDictionary()

    async def of(self, database: Database, mark: Callable[[], Awaitable[Mark]], make: Callable[[Mark], T]) -> T:
        """Return what is kept for ``await mark()``, the day and the version as they are now; ``make(mark)`` runs in a thread."""
        kept = self._kept.get(database)
        if kept and kept[0] == await mark():
            return kept[1]
        async with self._making.setdefault(database, anyio.Lock()):
            kept, current = self._kept.get(database), await mark()  # whoever waited takes what was made meanwhile, if it is of now
            if kept is None or kept[0] != current:
                kept = self._kept[database] = (current, await anyio.to_thread.run_sync(make, current))
            return kept[1]
