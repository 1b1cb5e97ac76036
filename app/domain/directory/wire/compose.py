"""Published pieces put together as the objects of an answer: text joined to text, in the reader's languages where there is one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.domain.directory.wire.objects import moment
from app.domain.directory.wire.statements import (
    LINKS,
    LINKS_OF,
    MINIMAL,
    OWNED,
    PLAIN,
    SERVICES,
    WORDS,
    Which,
)

_DATED = 4  # columns of a row before its first object: slot, modified, until, gone
_SIZE = 4  # columns of an object: id, language, fields, parts


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which objects, and how much of each; ``languages`` in the order in which the reader likes them (none: as they are)."""

    kind: str
    which: Which
    values: dict[str, Any]
    whole: bool = False
    with_services: bool = False
    minimal: bool = False
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One object of an answer, as JSON."""

    slot: int
    modified: int
    until: date | None
    gone: bool
    language: str
    text: str


@dataclass(slots=True)
class _Reader:
    """What one answer is made of, and how its pieces read in the languages asked for."""

    connection: sa.Connection
    languages: tuple[str, ...]
    words: dict[Any, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def rows(self, statement: Any, values: dict[str, Any], *starts: int) -> Sequence[Any]:
        """Return rows, having noted the other languages of the objects that begin at these columns."""
        rows = self.connection.execute(statement, values).all()
        if self.languages and rows:
            ids = {row[start] for row in rows for start in starts} - {None}
            for key, language, fields in self.connection.execute(WORDS, {"ids": sorted(ids)}):
                self.words[key][language] = fields
        return rows

    def piece(self, row: Any, start: int) -> tuple[str, str, str]:
        """Return language, fields and parts of the object that begins at a column."""
        key, language, fields, parts = row[start : start + _SIZE]
        for wanted in self.languages:  # without regions, and so are compared
            if language.partition("-")[0] == wanted:
                break
            found = next((k for k in self.words.get(key, ()) if k.partition("-")[0] == wanted), None)
            if found:
                return found, self.words[key][found], parts
        return language, fields, parts


def _object(*members: str) -> str:
    return f"{{{','.join(filter(None, members))}}}"


def _nested(reader: _Reader, row: Any, start: int, name: str) -> str:
    """Return a member that holds the object at a column, "" where there is none."""
    if row[start] is None:
        return ""
    _language, fields, parts = reader.piece(row, start)
    return f'"{name}":{_object(fields, parts)}'


def _list(name: str, objects: list[str]) -> str:
    return f'"{name}":[{",".join(objects)}]' if objects else ""


def _dated(fields: str, modified: int) -> str:
    return f'{fields},"last_modified":"{moment(modified)}"'


def objects(connection: sa.Connection, wanted: Wanted) -> list[Item]:
    """Return the objects that are wanted, in the order of their slots."""
    if wanted.minimal:
        return _minimal(connection, wanted)
    reader = _Reader(connection, wanted.languages)
    if wanted.kind == "service":
        return [item for _owner, item in _services(reader, wanted.which, wanted.values, wanted.whole)]
    if wanted.kind == "service_at_location":
        return _links(reader, wanted)
    return _organizations(reader, wanted) if wanted.kind == "organization" else _plain(reader, wanted)


def _minimal(connection: sa.Connection, wanted: Wanted) -> list[Item]:
    return [
        Item(slot, modified, until, False, "", f'{{"id":"{key}","last_modified":"{moment(modified)}"}}')
        for slot, until, key, modified in connection.execute(MINIMAL[wanted.which], wanted.values)
    ]


def _services(reader: _Reader, which: Which, values: dict[str, Any], whole: bool, inside: bool = False) -> list[tuple[Any, Item]]:
    """Return services, each with the id of its organisation; ``inside`` that one, which is not said again."""
    own, owner, program = _DATED, _DATED + _SIZE, _DATED + 2 * _SIZE
    rows = reader.rows(SERVICES[which, whole], values, own, owner, program)
    at = _places_of(reader, which, values) if whole and rows else {}
    found = []
    for row in rows:
        language, fields, parts = reader.piece(row, own)
        text = _object(
            _dated(fields, row[1]), parts, "" if inside else _nested(reader, row, owner, "organization"),
            _nested(reader, row, program, "program"), _list("service_at_locations", at.get(row[own], [])),
        )  # fmt: skip
        found.append((row[-1], Item(row[0], row[1], row[2], row[3], language, text)))
    return found


def _places_of(reader: _Reader, which: Which, values: dict[str, Any]) -> dict[Any, list[str]]:
    """Return the links of services, each with its place, by the service's id."""
    found: dict[Any, list[str]] = defaultdict(list)
    link, place = 1, 1 + _SIZE
    for row in reader.rows(LINKS_OF[which], values, link, place):
        _language, fields, parts = reader.piece(row, link)
        found[row[0]].append(_object(fields, parts, _nested(reader, row, place, "location")))
    return found


def _links(reader: _Reader, wanted: Wanted) -> list[Item]:
    link, place, service = (_DATED + n * _SIZE for n in range(3))
    dated, owner, program = service + _SIZE, service + _SIZE + 1, service + 2 * _SIZE + 1
    found = []
    for row in reader.rows(LINKS[wanted.which, wanted.whole], wanted.values, link, place, service, owner, program):
        _language, fields, parts = reader.piece(row, link)
        language, its_fields, its_parts = reader.piece(row, service) if row[service] is not None else ("", "", "")
        of_service = _object(
            _dated(its_fields, row[dated]), its_parts, _nested(reader, row, owner, "organization"),
            _nested(reader, row, program, "program"),
        ) if its_fields else ""  # fmt: skip
        text = _object(fields, parts, _nested(reader, row, place, "location"), f'"service":{of_service}' if of_service else "")
        found.append(Item(row[0], row[1], row[2], row[3], language, text))
    return found


def _plain(reader: _Reader, wanted: Wanted) -> list[Item]:
    found = []
    for row in reader.rows(PLAIN[wanted.kind, wanted.which, True], wanted.values, _DATED):
        language, fields, parts = reader.piece(row, _DATED)
        found.append(Item(row[0], row[1], row[2], row[3], language, _object(fields, parts)))
    return found


def _organizations(reader: _Reader, wanted: Wanted) -> list[Item]:
    rows = reader.rows(PLAIN["organization", wanted.which, wanted.whole], wanted.values, _DATED)
    more: dict[Any, list[str]] = defaultdict(list)
    if wanted.whole and rows:
        for kind in ("location", "program"):
            for key, objects_of in _owned(reader, kind, wanted).items():
                more[key].append(_list(f"{kind}s", objects_of))
    if (wanted.whole or wanted.with_services) and rows:
        offered: dict[Any, list[str]] = defaultdict(list)
        owners = {"owners": [row[_DATED] for row in rows]}
        for key, item in _services(reader, "owned", owners, wanted.with_services, inside=True):
            offered[key].append(item.text)
        for key, objects_of in offered.items():
            more[key].append(_list("services", objects_of))
    found = []
    for row in rows:
        language, fields, parts = reader.piece(row, _DATED)
        found.append(Item(row[0], row[1], row[2], row[3], language, _object(fields, parts, *more[row[_DATED]])))
    return found


def _owned(reader: _Reader, kind: str, wanted: Wanted) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = defaultdict(list)
    for row in reader.rows(OWNED[kind, wanted.which], wanted.values, 1):
        _language, fields, parts = reader.piece(row, 1)
        found[row[0]].append(_object(fields, parts))
    return found
