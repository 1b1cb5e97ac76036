"""Records of somebody's own form made into HSDS by a mapping, one at a time."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.core.i18n import _
from app.domain.directory.reading import json_stream
from app.domain.directory.reading.cleaning import text_of
from app.domain.directory.reading.decoding import Table
from app.domain.directory.reading.expressions import Scope, at, day_of, fields_of, value_of
from app.domain.directory.reading.gate import Gate
from app.domain.directory.reading.mapping import Beside, Input, Make, Mapping
from app.domain.directory.reading.objects import id_of
from app.domain.directory.reading.shapes import Held, Item, Note, Place, Raw, Record, Unreadable


class Shelf:
    """The files beside the main one, kept in a temporary file: tables to look up, and records in other languages."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", check_same_thread=False)
        self._db.execute("CREATE TABLE book (shelf TEXT, key TEXT, nth INTEGER, cells TEXT, PRIMARY KEY (shelf, key, nth))")

    def close(self) -> None:
        """Throw everything away."""
        self._db.close()

    def put(self, shelf: str, key: str, record: Record) -> None:
        """Add a record; one whose key stands there already becomes the next of that key."""
        nth = self._db.execute("SELECT count(*) FROM book WHERE shelf = ? AND key = ?", (shelf, key)).fetchone()[0]
        self._db.execute("INSERT INTO book VALUES (?, ?, ?, ?)", (shelf, key, nth, json.dumps(record)))

    def get(self, shelf: str, key: str, nth: int = 0) -> Record | None:
        """Return the nth record of a key (from 0), or None."""
        row = self._db.execute("SELECT cells FROM book WHERE shelf = ? AND key = ? AND nth = ?", (shelf, key, nth)).fetchone()
        return json.loads(row[0]) if row else None

    def nth(self, key: str) -> int:
        """Count how often this key of the main file was asked for before."""
        before = self.get("", key)
        seen = int(before["n"]) if before else 0
        self._db.execute("REPLACE INTO book VALUES ('', ?, 0, ?)", (key, json.dumps({"n": seen + 1})))
        return seen


def items(folder: Path, mapping: Mapping, notes: list[Note], gate: Gate, today: date) -> Iterator[Item | Held]:
    """Yield everything a mapping makes of the files in ``folder``. Raises Unreadable."""
    shelf = Shelf()
    try:
        for name, beside in mapping.tables.items():
            yield from _fill(shelf, f"table:{name}", folder, beside, notes)
        for source in mapping.inputs:
            for beside in source.translations:
                yield from _fill(shelf, f"{source.file}:{beside.language}", folder, beside, notes)
            for record in _records(folder, source.file, source.records, notes):
                if isinstance(record, Held):
                    yield record
                else:
                    yield from _one(*record, source, mapping, shelf, gate, today)
    finally:
        shelf.close()


def _records(folder: Path, name: str, inside: str, notes: list[Note]) -> Iterator[tuple[Record, Place] | Held]:
    path = folder / name
    if not path.is_file() or path.is_symlink():
        raise Unreadable(_("The mapping names the file %(file)s, but it is not there.", file=name))
    read = _rows if path.suffix.lower() in (".csv", ".tsv", ".txt") else _objects
    yield from read(path, inside, notes)


def _rows(path: Path, _inside: str, notes: list[Note]) -> Iterator[tuple[Record, Place] | Held]:
    for row in Table(path, notes).rows():
        if isinstance(row, Held):
            yield row
        else:
            words = _("%(file)s, line %(line)s", file=path.name, line=row.line)
            yield dict(row.cells), Place(path.name, row.line, words)


def _objects(path: Path, inside: str, notes: list[Note]) -> Iterator[tuple[Record, Place] | Held]:
    for found in json_stream.records(path, notes, frozenset({inside}) if inside else frozenset()):
        if isinstance(found, Held):
            yield found
        elif not isinstance(found.record, dict):
            yield Held(path.name, found.number, _("This is not a record with named fields."))
        elif found.inside == inside:
            words = _("%(file)s, record %(n)s", file=path.name, n=found.number)
            yield found.record, Place(path.name, found.number, words)


def _fill(shelf: Shelf, name: str, folder: Path, beside: Beside, notes: list[Note]) -> Iterator[Held]:
    for record in _records(folder, beside.file, beside.records, notes):
        if isinstance(record, Held):
            yield record
            continue
        key = id_of(value_of(beside.key, Scope(record[0], beside.language, lambda _t, _k: None)))
        if key is not None:
            shelf.put(name, key, record[0])


def _one(
    record: Record, place: Place, source: Input, mapping: Mapping, shelf: Shelf, gate: Gate, today: date
) -> Iterator[Item | Held]:
    """Make everything of one record; one that has ended is held back whole."""
    scope = Scope(record, mapping.language, lambda table, key: shelf.get(f"table:{table}", key))
    if not _holds(source.when, scope):
        return
    key = id_of(value_of(source.key, scope)) if source.key is not None else None
    nth = shelf.nth(f"{source.file}:{key}") if key is not None and source.translations else 0
    if source.ends is not None and (end := day_of(source.ends, scope)) and end < today.isoformat():
        yield Held(place.file, place.line, _("This service ended on %(day)s.", day=end), key)
        return
    pairs = {b.language: shelf.get(f"{source.file}:{b.language}", key or "", nth) for b in source.translations}
    for make in source.make:
        for inner in _each(make, scope):
            if _holds(make.when, inner):
                yield from gate.admit(_raw(make, inner, place, mapping, pairs))


def _each(make: Make, scope: Scope) -> Iterator[Scope]:
    if make.each is None:
        yield scope
        return
    found = value_of(make.each, scope)
    values = found if isinstance(found, list) else [] if found is None else [found]
    for n, value in enumerate(values, 1):
        yield Scope(scope.record, scope.language, scope.lookup, {"item": value, "n": str(n)})


def _holds(when: Any, scope: Scope) -> bool:
    if when is None:
        return True
    text = text_of(at(scope, when["from"])) or ""
    if "is" in when:
        return text in {str(v) for v in when["is"]}
    return text not in {str(v) for v in when.get("not", [""])}


def _raw(make: Make, scope: Scope, place: Place, mapping: Mapping, pairs: dict[str, Record | None]) -> Raw:
    data: Record = {"id": value_of(make.id, scope), **_plain_fields(make, scope)}
    if make.kind == "service":
        data.setdefault("language", mapping.language)
    translations = dict(_translations(make, scope, data, mapping, pairs))
    if translations:
        data["translations"] = translations
    return Raw(make.kind, data, place, make.shared)


def _plain_fields(make: Make, scope: Scope) -> Record:
    return {name: v for name, e in make.fields.items() if (v := value_of(e, scope)) is not None}


def _translations(
    make: Make, scope: Scope, data: Record, mapping: Mapping, pairs: dict[str, Record | None]
) -> Iterator[tuple[str, Record]]:
    """Yield (language, its texts), for texts that differ from the main language; gaps stay gaps."""
    for language in {*mapping.languages, *pairs} - {mapping.language} if make.translate else ():
        record = pairs.get(language) if language in pairs else scope.record
        if record is None:
            continue
        there = Scope(record, language, scope.lookup, scope.extra)
        fields = {
            **{n: make.fields[n] for n in make.translate if n in make.fields},
            **make.translated.get(language, {}),
        }
        texts = {name: value for name, value in fields_of(fields, there).items() if value != data.get(name)}
        if texts:
            yield language, texts
