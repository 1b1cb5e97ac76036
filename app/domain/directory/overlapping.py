"""Does this exist already? What is here for the same need, for the same people, nearby: shown before something new is published.

What whoever publishes answers stays with the listing (see overlap_answer).
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from app.core import i18n
from app.core.text import fold
from app.domain.directory.overlap_answer import MOST_SHOWN
from app.domain.directory.places import AREAS
from app.domain.directory.storing import SERVICE
from app.domain.search import queries as search

NEAR_KM: Final = 10.0
_LOOKED_AT: Final = 200  # for each need, the publisher's own among them: as many as a partner has in one town, and more


def already_here(
    connection: sa.Connection, *, needs: Sequence[str], open_to: Sequence[str], country: str, town: str = "",
    point: tuple[float, float] | None = None, but_of: UUID | None = None,
) -> list[search.Hit]:  # fmt: skip
    """Return active services for one of the needs, within NEAR_KM of a point, else in the town, else in the country.

    What is for women only stands in nobody's way who helps others too. ``but_of`` leaves out the listings of one feed.
    """
    area = _area(connection, country, town)
    places = [] if point else [f"area:{area}"] if area else []
    prefer = list(dict.fromkeys((i18n.current(), "en")))
    found: dict[UUID, search.Hit] = {}
    for need in needs:
        tokens = [f"need:{need}", *places]
        hits = search.find(connection, kind="service", tokens=tokens, prefer=prefer, near=point, limit=_LOOKED_AT).rows
        found |= {hit.subject_id: hit for hit in hits if hit.distance_km is None or hit.distance_km <= NEAR_KM}
    kept = _for_the_same(connection, list(found), open_to, but_of)
    near = sorted((hit for key, hit in found.items() if key in kept), key=lambda hit: hit.distance_km or 0.0)
    return near[:MOST_SHOWN]


def _area(connection: sa.Connection, country: str, town: str) -> UUID | None:
    """Return the town or region of this name, else the country; None where neither is known."""
    same = sa.select(AREAS.c.id).where(AREAS.c.country == country)
    if town and (named := connection.execute(same.where(AREAS.c.name_key == fold(town)[:120]).limit(1)).scalar()):
        return UUID(str(named))
    whole = connection.execute(same.where(AREAS.c.kind == "country").limit(1)).scalar()
    return UUID(str(whole)) if whole else None


def _for_the_same(connection: sa.Connection, ids: list[UUID], open_to: Sequence[str], but_of: UUID | None) -> set[UUID]:
    rows = connection.execute(sa.select(SERVICE.c.id, SERVICE.c.open_to, SERVICE.c.feed_id).where(SERVICE.c.id.in_(ids)))
    return {
        row.id for row in rows
        if row.feed_id != but_of and ("women" in open_to or "women" not in (row.open_to or ()))
    }  # fmt: skip
