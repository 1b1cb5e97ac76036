"""What the network says about itself and keeps: its rules, as they stood on a day."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row


class RulesVersion(Row, table=True):
    """The house rules from a day on, in every language; a row for each text that ever stood there."""

    __tablename__ = "rules_version"
    __table_args__ = (sa.UniqueConstraint("version", "digest"),)
    version: int  # as house.yaml calls it
    digest: str = Field(max_length=64)  # of the words: the same number can stand on other words
    from_on: date
    words: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
