"""Areas of listings: found by name or nearness, made where they are missing; never finer than a town."""

import re
from uuid import UUID

import sqlalchemy as sa
from babel import Locale

from app.core.ids import new_id
from app.core.text import fold, one_line, shorten
from app.domain.directory.zones import km_between
from app.models.places import Area, AreaKind

AREAS = Area.__table__  # type: ignore[attr-defined]
NEAR_KM = 60.0
NAMED_IN = ("en", "fr", "ar")
# What ends or begins the names of administrative areas: only such a "service area" becomes an area of ours.
_ADMINISTRATIVE = re.compile(
    r"\b(county|district|region|province|governorate|voivodeship|department|municipality|state)\b|^(gmina|powiat|wojew)",
    re.IGNORECASE,
)
_MOST_WORDS = 4  # "City where the service is located" is no name
_PLACE_NAME = re.compile(r"[^\W_][^\n;:@#<>]{1,78}")


class AreaBook:
    """All areas in memory while an import runs; ``take_new`` gives the rows that have to be inserted."""

    def __init__(self, rows: list[sa.Row[tuple[object, ...]]]) -> None:
        self._by_id: dict[UUID, dict[str, object]] = {}
        self._by_name: dict[tuple[str, str], UUID] = {}
        self._countries: dict[str, UUID] = {}
        self._new: list[dict[str, object]] = []
        for row in rows:
            self._keep(dict(row._mapping))

    @classmethod
    def load(cls, connection: sa.Connection) -> "AreaBook":
        """Read the book; a country before its regions, so that a name stands for the larger area."""
        kinds = sa.case((AREAS.c.kind == "country", 0), (AREAS.c.kind == "region", 1), else_=2)
        return cls(list(connection.execute(sa.select(AREAS).order_by(kinds, AREAS.c.id))))

    def get(self, area_id: UUID) -> dict[str, object] | None:
        """Return the row of an area."""
        return self._by_id.get(area_id)

    def rows(self) -> list[dict[str, object]]:
        """Return all areas, larger ones first."""
        return sorted(self._by_id.values(), key=lambda row: len(self.line(row["id"])))  # type: ignore[arg-type]

    def take_new(self) -> list[dict[str, object]]:
        """Return the rows made since the last call, parents first."""
        new, self._new = self._new, []
        return new

    def line(self, area_id: UUID | None) -> list[UUID]:
        """Return the area and what it lies in, the smallest first."""
        found: list[UUID] = []
        while area_id is not None and area_id in self._by_id and area_id not in found:
            found.append(area_id)
            area_id = self._by_id[area_id]["parent_id"]  # type: ignore[assignment]
        return found

    def place(self, country: str, region: str, town: str, point: tuple[float, float] | None) -> UUID | None:
        """Return the smallest area for an address; None when not even the country is known."""
        if not country:
            return None
        top = self._country(country)
        above = self._named(country, region, AreaKind.REGION, top, None) if region else top
        if town:
            return self._named(country, town, AreaKind.TOWN, above, point)
        if above != top or point is None:
            return above
        return self._nearest(country, point) or top

    def covered(self, country: str, name: str) -> UUID | None:
        """Return the area that a service area names: a known one, or a new one where the name says that it is one."""
        if not country or not _PLACE_NAME.fullmatch(name):
            return None
        known = self._by_name.get((country, fold(one_line(name))[:120]))
        if known or not _ADMINISTRATIVE.search(name) or len(name.split()) > _MOST_WORDS:
            return known
        return self._named(country, name, AreaKind.REGION, self._country(country), None)

    def _country(self, code: str) -> UUID:
        if code not in self._countries:
            names = {language: Locale(language).territories.get(code, code) for language in NAMED_IN}
            self._make(AreaKind.COUNTRY, code, names["en"], None, None, names)
        return self._countries[code]

    def _named(self, country: str, name: str, kind: AreaKind, parent: UUID, point: tuple[float, float] | None) -> UUID:
        name = shorten(one_line(name), 100)
        known = self._by_name.get((country, fold(name)[:120]))
        return known or self._make(kind, country, name, parent, point, {})

    def _nearest(self, country: str, point: tuple[float, float]) -> UUID | None:
        near = (
            (km_between((row["lat"], row["lon"]), point), key)  # type: ignore[arg-type]
            for key, row in self._by_id.items()
            if row["country"] == country and row["lat"] is not None and row["kind"] != AreaKind.COUNTRY
        )
        found = min(near, default=None, key=lambda pair: pair[0])
        return found[1] if found and found[0] <= NEAR_KM else None

    def _make(
        self, kind: AreaKind, country: str, name: str, parent: UUID | None, point: tuple[float, float] | None, names: dict[str, str]
    ) -> UUID:
        lat, lon = (round(point[0], 2), round(point[1], 2)) if point else (None, None)
        row: dict[str, object] = {
            "id": new_id(), "parent_id": parent, "kind": kind, "country": country, "name": name,
            "name_key": fold(name)[:120], "names": names, "lat": lat, "lon": lon,
        }  # fmt: skip
        self._new.append(row)
        self._keep(row)
        return row["id"]  # type: ignore[return-value]

    def _keep(self, row: dict[str, object]) -> None:
        key: UUID = row["id"]  # type: ignore[assignment]
        self._by_id[key] = row
        self._by_name.setdefault((str(row["country"]), str(row["name_key"])), key)
        if row["kind"] == AreaKind.COUNTRY:
            self._countries.setdefault(str(row["country"]), key)


def name_in(area: dict[str, object], language: str) -> str:
    """Return an area's name in a language, else as it is written."""
    names = area.get("names") or {}
    return str(names.get(language) or area["name"])  # type: ignore[attr-defined]
