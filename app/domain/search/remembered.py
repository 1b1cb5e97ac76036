"""What recent searches found, kept as long as nothing public changed: the next page of a search ranks nothing anew."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

MOST = 48  # searches; with BOUND results each below 3 MB

Answer = TypeVar("Answer")
Key = tuple[object, ...]


class Remembered(Generic[Answer]):
    """Answers by question, the longest unused go first. Holds what was asked, never by whom; only in memory."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()  # on PostgreSQL searches run in threads

    def get(self, key: Key, make: Callable[[], Answer]) -> Answer:
        """Return the answer to ``key``; made now where it is not known. The key carries the version of what was searched."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        answer = make()
        with self._lock:
            self._known[key] = answer
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return answer
