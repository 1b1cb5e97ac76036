"""Does this exist already? What is here for the same need, for the same people, nearby: shown before something new is published.

What whoever publishes answers stays with the listing (see overlap_answer).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.core import i18n
from app.core.text import fold
from app.domain.directory.overlap_answer import MOST_SHOWN
from app.domain.directory.places import AREAS
from app.domain.directory.storing import SERVICE
from app.domain.search import queries as search

NEAR_KM: Final = 10.0
Look = tuple[list[str], tuple[float, float] | None]
_LOOKED_AT: Final = 200  # for each need, the publisher's own among them: as many as a partner has in one town, and more


@dataclass(slots=True)
class Looked:
    """What one request has looked for so far, so that many new listings of one town ask once; ``most`` searches at all."""

    most: int
    looks: dict[tuple[str, str], list[Look]] = field(default_factory=dict)
    hits: dict[tuple[str, ...], list[search.Hit]] = field(default_factory=dict)
    rows: dict[UUID, Any] = field(default_factory=dict)

    def may(self, country: str, town: str, needs: Sequence[str]) -> bool:
        """Say whether what one listing asks was asked before, or may still be."""
        looks = self.looks.get((country, fold(town)))
        fresh = len(needs) * 2 if looks is None else sum(_key(need, look) not in self.hits for need, look in product(needs, looks))
        return len(self.hits) + fresh <= self.most


def already_here(
    connection: sa.Connection, *, needs: Sequence[str], open_to: Sequence[str], country: str, town: str = "",
    point: tuple[float, float] | None = None, but_of: UUID | None = None, looked: Looked | None = None,
) -> list[search.Hit]:  # fmt: skip
    """Return active services for one of the needs: within NEAR_KM of a point, or in and around the town, or in the country.

    What is for women only stands in nobody's way who helps others too. ``but_of`` leaves out the listings of one feed.
    ``looked`` keeps what was looked for, for the next listing of the same request.
    """
    found: dict[UUID, search.Hit] = {}
    known = Looked(0) if looked is None else looked
    if point is None and (place := (country, fold(town))) not in known.looks:
        known.looks.update({place: _looks(connection, country, town)})
    for need, look in product(needs, [([], point)] if point else known.looks[place]):
        if (key := _key(need, look)) not in known.hits:
            known.hits.update({key: _hits(connection, need, look)})
        found |= {hit.subject_id: hit for hit in known.hits[key]}
    kept = _for_the_same(connection, known, list(found), open_to, but_of)
    ordered = sorted((hit for key, hit in found.items() if key in kept), key=lambda hit: hit.distance_km or 0.0)
    return ordered[:MOST_SHOWN]


def _key(need: str, look: Look) -> tuple[str, ...]:
    return (need, *look[0], str(look[1]))


def _hits(connection: sa.Connection, need: str, look: Look) -> list[search.Hit]:
    places, near = look
    prefer = list(dict.fromkeys((i18n.current(), "en")))
    tokens = [f"need:{need}", *places]
    hits = search.find(connection, kind="service", tokens=tokens, prefer=prefer, near=near, limit=_LOOKED_AT).rows
    return [hit for hit in hits if hit.distance_km is None or hit.distance_km <= NEAR_KM]


def _looks(connection: sa.Connection, country: str, town: str) -> list[Look]:
    """Return where to look (tokens, point): in the town or region of this name, around a town's centre, else in the country."""
    same = sa.select(AREAS.c.id, AREAS.c.kind, AREAS.c.lat, AREAS.c.lon).where(AREAS.c.country == country)
    key = fold(town)[:120]
    named = connection.execute(same.where(AREAS.c.name_key == key).order_by(AREAS.c.kind.desc()).limit(1)).first() if key else None
    found = named or connection.execute(same.where(AREAS.c.kind == "country").limit(1)).first()
    if found is None:
        return [([], None)]
    inside: Look = ([f"area:{found.id}"], None)
    if found.kind != "town" or found.lat is None:
        return [inside]
    return [inside, ([], (found.lat, found.lon))]  # the nearer look last: what it finds says how far away it is


def _for_the_same(
    connection: sa.Connection, known: Looked, ids: list[UUID], open_to: Sequence[str], but_of: UUID | None
) -> set[UUID]:  # fmt: skip
    if fresh := [key for key in ids if key not in known.rows]:
        query = sa.select(SERVICE.c.id, SERVICE.c.open_to, SERVICE.c.feed_id).where(SERVICE.c.id.in_(fresh))
        known.rows.update({row.id: row for row in connection.execute(query)})
    rows = (known.rows[key] for key in ids if key in known.rows)
    return {
        row.id for row in rows
        if row.feed_id != but_of and ("women" in open_to or "women" not in (row.open_to or ()))
    }  # fmt: skip
