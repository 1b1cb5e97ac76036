"""Writers of one process take turns in the order in which they came.

SQLite lets whoever asks at the right moment be next: of many who wait, some wait until they are told that it is locked.
"""

import threading
from collections import deque

import sqlalchemy as sa
from sqlalchemy import event


class Turns:
    """One at a time, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._busy = False

    def take(self, seconds: float) -> bool:
        """Wait for a turn, at most so long; return whether it came."""
        with self._lock:
            if not self._busy:
                self._busy = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():  # it came at the last moment
                return True
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """Let the next one begin."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False


def take_turns(engine: sa.Engine, seconds: float) -> None:
    """Let each transaction of ``engine`` begin when it is its turn, and end the turn when its connection is given back.

    Whoever waits longer than ``seconds`` asks the database itself, which says that it is locked.
    """
    turns = Turns()

    @event.listens_for(engine, "begin")
    def take(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.info["turn"] = turns.take(seconds)

    @event.listens_for(engine, "checkin")
    def give(_connection: object, record: sa.pool.ConnectionPoolEntry) -> None:
        if record.info.pop("turn", False):
            turns.give()
