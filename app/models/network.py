"""What the network says about itself and keeps: its rules, as they stood on a day."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row


class RulesVersion(Row, table=True):
    """The house rules from a day on, in every language; a row for each time that they read differently."""

    __tablename__ = "rules_version"
    number: int = Field(unique=True)  # 1, 2, … as they were written down: words that come back are a row again
    version: int  # as house.yaml calls it
    digest: str = Field(max_length=64)  # of the words: the same number can stand on other words
    from_on: date
    words: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class NotComing(Row, table=True):
    """How often a reason for not coming was given in a month; nobody stands in it, and no day."""

    __tablename__ = "not_coming"
    __table_args__ = (sa.UniqueConstraint("month", "reason"),)
    month: date  # its first day
    reason: str = Field(max_length=20)
    count: int
