"""JSON read record by record: a list, a page, one object or one object per line, without holding the whole file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from app.core.i18n import _
from app.domain.directory.reading.decoding import open_text
from app.domain.directory.reading.limits import MAX_RECORD_CHARS, RECORD_TOO_BIG
from app.domain.directory.reading.shapes import Held, Note, Unreadable

_BLOCK = 64 * 1024
_WHITE = " \t\r\n\ufeff\x1e"
_NUMBER_GOES_ON = 3  # characters after a number that show that it has ended


class Found(NamedTuple):
    """One record: its number in the file (from 1), the list it stood in ("" at the top), and itself."""

    number: int
    inside: str
    record: Any


class _Broken(Exception):
    """The text is not JSON from here on."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; of a key that stands twice, the last value that is not null counts."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if value is not None or key not in made:
            made[key] = value
    return made


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=lambda _name: None)


@dataclass(slots=True)
class _Window:
    """A sliding part of the text; ``at`` is where reading goes on."""

    file: TextIO
    text: str = ""
    at: int = 0
    ended: bool = False

    def more(self) -> bool:
        """Read on, at least as much as is held already, so that retries stay cheap; False at the end."""
        if self.ended:
            return False
        held = len(self.text) - self.at
        if held > MAX_RECORD_CHARS:
            raise _Broken(_(RECORD_TOO_BIG, limit=MAX_RECORD_CHARS // 1_000_000))
        block = self.file.read(max(_BLOCK, held))
        self.ended = not block
        self.text, self.at = self.text[self.at :] + block, 0
        return bool(block)

    def peek(self) -> str:
        """Return the next character that is not white space, "" at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _WHITE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def value(self) -> Any:
        """Return the next complete JSON value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError):
                    raise _Broken(_("The record is nested too deeply.")) from error
                if not self.more():
                    raise _Broken(_("From here on, the file is not correct JSON.")) from error
                continue
            # A number at the edge may go on in the next block ("52." and "1e+" too); strings, lists and objects say where they end.
            if len(self.text) - end < _NUMBER_GOES_ON and self.text[end - 1] not in '"]}' and not self.ended:
                self.more()
                continue
            self.at = end
            return value

    def skip(self, char: str) -> bool:
        """Step over ``char`` if it comes next."""
        if self.peek() != char:
            return False
        self.at += 1
        return True


def records(path: Path, notes: list[Note], lists: frozenset[str]) -> Iterator[Found | Held]:
    """Yield the records of a JSON or ndjson file; ``lists`` names the keys whose lists hold records.

    What is broken comes as Held, after everything before it. Raises Unreadable if nothing at all can be read.
    """
    number = 0
    with open_text(path, notes) as file:
        window = _Window(file)
        try:
            if window.peek() == "":
                raise Unreadable(_("The file %(file)s is empty.", file=path.name))
            for inside, record in _top(window, lists):
                number += 1
                yield Found(number, inside, record)
        except _Broken as error:
            if number == 0:
                raise Unreadable(f"{path.name}: {error}") from error
            yield Held(path.name, number + 1, str(error))


def _top(window: _Window, lists: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Values one after another: ndjson has many, the other forms have one."""
    while char := window.peek():
        if char == "[":
            yield from (("", value) for value in _elements(window))
        elif char == "{":
            yield from _object(window, lists)
        else:
            raise _Broken(_("From here on, the file is not correct JSON."))
        window.skip(",")


def _elements(window: _Window) -> Iterator[Any]:
    window.skip("[")
    if window.skip("]"):
        return
    while True:
        yield window.value()
        if window.skip(","):
            continue
        if window.skip("]"):
            return
        raise _Broken(_("From here on, the file is not correct JSON."))


def _object(window: _Window, lists: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """One object: if it has no id, the lists in it are streamed (a page, a wrapper); else it is itself the record."""
    window.skip("{")
    own: dict[str, Any] = {}
    streamed = False
    while not window.skip("}"):
        key = window.value()
        if not isinstance(key, str) or not window.skip(":"):
            raise _Broken(_("From here on, the file is not correct JSON."))
        if "id" not in own and key in lists and window.peek() == "[":
            streamed = True
            yield from ((key, value) for value in _elements(window))
        else:
            own.update(_pairs([(key, window.value())]))
        if not window.skip(",") and window.peek() != "}":
            raise _Broken(_("From here on, the file is not correct JSON."))
    if not streamed:
        yield "", own
