"""Areas: as fine as a place gets in what members say."""

import enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.core.db import Row, words


class AreaKind(enum.StrEnum):
    """How large an area is."""

    COUNTRY = "country"
    REGION = "region"
    TOWN = "town"


class Area(Row, table=True):
    """A country, a region or a town, with its names in several languages; one with a code the network itself named."""

    __table_args__ = (sa.UniqueConstraint("parent_id", "name_key"), sa.Index(None, "country", "kind"))
    parent_id: UUID | None = Field(default=None, foreign_key="area.id", index=True)
    kind: AreaKind = Field(sa_type=words(AreaKind))
    country: str = Field(max_length=2)  # ISO 3166-1
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120)  # folded
    names: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    code: str | None = Field(
        default=None, max_length=6, index=True, unique=True
    )  # a region that the network named: ISO 3166-2, such as SN-DK
    remote: bool = False  # far from help: who looks for a mentor there is one of a group that fairness looks at
    lat: float | None = None  # centre, for "near": degrees
    lon: float | None = None


class AreaNeighbour(SQLModel, table=True):
    """Two regions that border on each other; kept in both directions."""

    __tablename__ = "area_neighbour"
    area_id: UUID = Field(foreign_key="area.id", primary_key=True)
    other_id: UUID = Field(foreign_key="area.id", primary_key=True, index=True)
