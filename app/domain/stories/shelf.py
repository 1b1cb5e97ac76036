"""The order of the day: every story that is shown, shuffled by a keyed hash of the day, kept in memory per version.

Never by views, age or anything else about a story (nothing is counted). Two shelves, so that what guests can choose from
tells nothing about stories for members.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID

from app.models.stories import Audience

_MOST_FOUND = 20  # lists of ids kept per shelf: with 20,000 stories a list takes about 160 kB


@dataclass(frozen=True, slots=True)
class Entry:
    """A story on the shelf."""

    id: UUID
    area_id: UUID | None
    themes: frozenset[str]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """An area that a shown story names, or one above it."""

    id: UUID
    name: str
    names: dict[str, str]
    inside: frozenset[UUID]  # itself and every area below it


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one kind of reader may choose from, in the order of the day."""

    entries: tuple[Entry, ...] = ()
    places: tuple[Place, ...] = ()
    languages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    inside: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    _known: dict[UUID, int] = field(default_factory=dict)  # filled by the first search
    _found: dict[tuple[UUID | None, str, str], list[UUID]] = field(default_factory=dict)  # what was asked for lately

    def place_of(self, story: UUID) -> int | None:
        """Return the place of a story in the order of the day, None where it is not on this shelf."""
        if not self._known:
            self._known.update((e.id, place) for place, e in enumerate(self.entries))
        return self._known.get(story)

    def chosen(self, area: UUID | None = None, language: str = "", theme: str = "") -> list[UUID]:
        """Return the ids that fit, in the order of the day; an area that no shown story is in gives none."""
        key = (area, language, theme)
        if key not in self._found:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            self._found[key] = self._choose(area, language, theme)
        return self._found[key]

    def _choose(self, area: UUID | None, language: str, theme: str) -> list[UUID]:
        places = self.inside.get(area, frozenset()) if area else None
        return [
            e.id
            for e in self.entries
            if (places is None or e.area_id in places)
            and (not language or language in e.languages)
            and (not theme or theme in e.themes)
        ]


@dataclass(frozen=True, slots=True)
class Shelves:
    """The shelf of guests and the one of members."""

    guests: Shelf
    members: Shelf
    version: int = 0  # of the stories, at which they were made


def build(rows: Iterable[Any], areas: Sequence[Any], day: date, secret: bytes, version: int = 0) -> Shelves:
    """Return both shelves of ``day`` from the rows of reading.shelf(), one for each story and language, which are read once."""
    key = hmac.new(secret, f"hearth/shelf/{day}".encode(), hashlib.sha256).digest()
    shared: dict[Any, Any] = {}  # equal areas, themes and languages of all stories are one object: that is most of the memory
    told: dict[UUID, tuple[bytes, bool, Entry]] = {}  # by story: its mark in the order of the day, whether guests may read it
    for row in rows:
        if row.themes not in shared:
            shared[row.themes] = frozenset(json.loads(row.themes))
        before = told.get(row.id)
        spoken = frozenset((row.language,)) | (before[2].languages if before else frozenset())
        mark = before[0] if before else hashlib.blake2b(row.ref.encode(), key=key, digest_size=8).digest()
        area, languages = shared.setdefault(row.area_id, row.area_id), shared.setdefault(spoken, spoken)
        told[row.id] = mark, row.audience == Audience.EVERYONE, Entry(row.id, area, shared[row.themes], languages)
    ordered = sorted(told.values(), key=itemgetter(0))
    del told
    by_id = {a.id: a for a in areas}
    guests = _shelf([entry for _mark, public, entry in ordered if public], by_id)
    return Shelves(guests, _shelf([entry for _mark, _public, entry in ordered], by_id), version)


def _shelf(entries: list[Entry], areas: dict[UUID, Any]) -> Shelf:
    inside: dict[UUID, set[UUID]] = {}
    for place in {e.area_id for e in entries if e.area_id in areas}:
        for above in _upwards(place, areas):
            inside.setdefault(above, set()).add(place)
    places = (Place(a, areas[a].name, areas[a].names or {}, frozenset(inside[a])) for a in inside)
    return Shelf(
        entries=tuple(entries), places=tuple(sorted(places, key=lambda p: p.name)), languages=_all(e.languages for e in entries),
        themes=_all(e.themes for e in entries), inside={a: frozenset(below) for a, below in inside.items()},
    )  # fmt: skip


def _upwards(place: UUID | None, areas: dict[UUID, Any]) -> Iterable[UUID]:
    seen: set[UUID] = set()
    while place is not None and place in areas and place not in seen:
        seen.add(place)
        yield place
        place = areas[place].parent_id


def _all(groups: Iterable[frozenset[str]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*groups)))
