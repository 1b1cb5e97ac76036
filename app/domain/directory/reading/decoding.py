"""Files opened as text, whatever their encoding, and tables read row by row, whatever their dialect."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from app.core.i18n import _
from app.domain.directory.reading.limits import (
    CELL_TOO_LONG,
    FILE_TOO_BIG,
    LINE_TOO_LONG,
    MAX_CELL_CHARS,
    MAX_COLUMNS,
    MAX_FILE_BYTES,
    MAX_LINE_CHARS,
    MB,
    TOO_MANY_COLUMNS,
)
from app.domain.directory.reading.shapes import Held, Note, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"


def open_text(path: Path, notes: list[Note]) -> TextIO:
    """Open ``path`` as text with line ends untouched; a guessed encoding is noted. Raises Unreadable."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Unreadable(_(FILE_TOO_BIG, file=path.name, limit=MAX_FILE_BYTES // MB))
        encoding = encoding_of(path)
        if encoding not in ("utf-8", "utf-8-sig"):
            note = Note(path.name, _("The file is not in UTF-8; it was read as %(encoding)s.", encoding=encoding))
            if note not in notes:
                notes.append(note)
        return path.open(encoding=encoding, errors="replace", newline="")
    except OSError as error:
        reason = error.strerror or ""
        raise Unreadable(_("The file %(file)s cannot be opened: %(reason)s", file=path.name, reason=reason)) from error


def encoding_of(path: Path) -> str:
    """Return the encoding: by its mark, else UTF-8 if all of it is, else UTF-16 by its zeros, else Windows Latin."""
    with path.open("rb") as file:
        head = file.read(4096)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if b"\0" in head and (guess := _utf16(head)):
            return guess
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = file.read(MB)
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            file.seek(0)
            return _western(iter(lambda: file.read(MB), b""))


def _utf16(head: bytes) -> str | None:
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 5 and even * 4 < odd:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 5 and odd * 4 < even else None


def _western(blocks: Iterator[bytes]) -> str:
    """Windows Latin leaves five bytes free; a file that uses one of them is plain Latin-1."""
    free = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
    return "latin-1" if any(block.translate(None, free) != block for block in blocks) else "cp1252"


@dataclass(slots=True)
class Row:
    """One line of a table: its number (of the last physical line it takes) and its cells by column name."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """A CSV file: its column names, and what was noticed while reading it."""

    path: Path
    notes: list[Note]
    columns: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row | Held]:
        """Yield the rows, one at a time; rows that cannot be read come as Held. Raises Unreadable."""
        # The module keeps one limit for the process; ours is higher than its default, never lower.
        csv.field_size_limit(MAX_CELL_CHARS)
        unnamed = 0
        with open_text(self.path, self.notes) as file:
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=_delimiter(self.path, self.notes))
            for cells in _cells(reader, lines, self.path.name):
                if isinstance(cells, Held):
                    yield cells
                elif not self.columns:
                    self._head(cells)
                elif any(cell.strip() for cell in cells):
                    row = self._row(cells)
                    unnamed += sum(1 for n, c in enumerate(cells) if c.strip() and not self._name(n))
                    yield Row(lines.number, row)
        if unnamed:
            self._note(_("%(n)s cells stand in columns without a name and were left out.", n=unnamed))

    def _name(self, column: int) -> str:
        return self.columns[column] if column < len(self.columns) else ""

    def _row(self, cells: list[str]) -> dict[str, str]:
        row: dict[str, str] = {}
        for name, cell in zip(self.columns, cells, strict=False):
            if name and cell.strip() and name not in row:
                row[name] = cell
        return row

    def _head(self, cells: list[str]) -> None:
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(_(TOO_MANY_COLUMNS, limit=MAX_COLUMNS))
        self.columns = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
        twice = sorted({c for c in self.columns if c and self.columns.count(c) > 1})
        if twice:
            names = ", ".join(twice)
            self._note(_("These columns stand more than once; the first filled one counts: %(names)s.", names=names))

    def _note(self, sentence: str) -> None:
        note = Note(self.path.name, sentence)
        if note not in self.notes:
            self.notes.append(note)


class _Lines:
    """Lines of a file with a bound on their length; longer ones are dropped and their numbers kept."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.number = 0
        self.dropped: list[int] = []

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(MAX_LINE_CHARS):
            self.number += 1
            if len(line) < MAX_LINE_CHARS or line[-1] in "\r\n":
                yield line
                continue
            self.dropped.append(self.number)
            while (rest := self._file.readline(MAX_LINE_CHARS)) and rest[-1] not in "\r\n":
                pass


def _cells(reader: Iterator[list[str]], lines: _Lines, name: str) -> Iterator[list[str] | Held]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            yield Held(name, lines.number, _(CELL_TOO_LONG))
            continue
        yield cells
        if lines.dropped:
            yield from _dropped(lines, name)
    yield from _dropped(lines, name)


def _dropped(lines: _Lines, name: str) -> Iterator[Held]:
    while lines.dropped:
        yield Held(name, lines.dropped.pop(0), _(LINE_TOO_LONG, limit=MAX_LINE_CHARS // 1_000_000))


def _delimiter(path: Path, notes: list[Note]) -> str:
    """Return what stands most often between the column names; a comma if nothing does."""
    with open_text(path, notes) as file:
        head = next((line for line in iter(lambda: file.readline(64 * 1024), "") if line.strip()), "")
    bare = "".join(part for n, part in enumerate(head.split('"')) if n % 2 == 0)
    return max(_DELIMITERS, key=lambda d: (bare.count(d), d == ","))
