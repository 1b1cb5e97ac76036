"""The groups that everybody may find, in the order of the day: shuffled by a keyed hash, kept in memory per version.

Never by size or by how much is said in them. Words are looked for here and not in the search index, whose vocabulary is shared.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.text import fold, words
from app.domain.search.asked import Asked
from app.models.groups import Group, GroupState, JoinPolicy, Visibility
from app.models.places import Area

MANY = 20  # from this size on a group is called large; a small number would tell who is in it
_G, _A = Group.__table__, Area.__table__  # type: ignore[attr-defined]
_LISTED = sa.select(
    _G.c.id, _G.c.ref, _G.c.name, _G.c.purpose, _G.c.language, _G.c.area_id, _G.c.themes, _G.c.open_to, _G.c.women_only,
    _G.c.join_policy, _G.c.members,
).where(_G.c.visibility == Visibility.LISTED, _G.c.state == GroupState.SHOWN)  # fmt: skip
_AREAS = sa.select(_A.c.id, _A.c.parent_id, _A.c.name, _A.c.names)


@dataclass(frozen=True, slots=True)
class Listed:
    """A group as its card shows it."""

    ref: str
    name: str
    purpose: str
    language: str
    area: str | None
    area_names: dict[str, str]
    themes: tuple[str, ...]
    open_to: tuple[str, ...]
    women_only: bool
    join_policy: JoinPolicy
    large: bool
    places: frozenset[str] = frozenset()  # ids of its area and those above it
    folded: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All listed groups, and what one can choose from."""

    groups: tuple[Listed, ...] = ()
    places: tuple[tuple[str, str, dict[str, str]], ...] = ()  # id, name, names
    languages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    kept: dict[Asked, list[Listed]] = field(default_factory=dict)

    def chosen(self, asked: Asked) -> list[Listed]:
        """Return the groups that fit, in the order of the day; every word has to stand in name, purpose or place."""
        if asked not in self.kept:
            if len(self.kept) >= 100:
                self.kept.clear()
            self.kept[asked] = self._choose(asked, words(asked.words)[:8])
        return self.kept[asked]

    def _choose(self, asked: Asked, looked_for: list[str]) -> list[Listed]:
        return [
            g for g in self.groups
            if (not asked.area or asked.area in g.places) and asked.language in ("", g.language)
            and (not asked.theme or asked.theme in g.themes) and all(f" {word}" in g.folded for word in looked_for)
        ]  # fmt: skip


def build(connection: sa.Connection, day: date, secret: bytes) -> Shelf:
    """Return the shelf of ``day``; two statements."""
    key = hmac.new(secret, f"hearth/groups/{day}".encode(), hashlib.sha256).digest()
    areas = {row.id: row for row in connection.execute(_AREAS)}
    rows = sorted(
        connection.execute(_LISTED), key=lambda r: hashlib.blake2b(r.ref.encode(), key=key, digest_size=8).digest()
    )  # fmt: skip
    groups = [_listed(row, areas) for row in rows]
    named = {place for group in groups for place in group.places}
    places = [(str(a.id), a.name, a.names or {}) for a in areas.values() if str(a.id) in named]
    return Shelf(
        groups=tuple(groups), places=tuple(sorted(places, key=lambda p: p[1])),
        languages=tuple(sorted({g.language for g in groups})), themes=tuple(sorted({t for g in groups for t in g.themes})),
    )  # fmt: skip


def _listed(row: Any, areas: dict[UUID, Any]) -> Listed:
    place, above = areas.get(row.area_id), []
    while place is not None and place not in above:
        above.append(place)
        place = areas.get(place.parent_id)
    named = above[0] if above else None
    text = " ".join([row.name, row.purpose, *(name for a in above for name in (a.name, *(a.names or {}).values()))])
    return Listed(
        ref=row.ref, name=row.name, purpose=row.purpose, language=row.language, area=named.name if named else None,
        area_names=named.names if named else {}, themes=tuple(row.themes), open_to=tuple(row.open_to), women_only=row.women_only,
        join_policy=row.join_policy, large=row.members >= MANY, places=frozenset(str(a.id) for a in above),
        folded=" " + " ".join(words(fold(text))),
    )  # fmt: skip
