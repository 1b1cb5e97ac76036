"""Lists that are fetched from where they are published, again and again."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, moment


class FeedPull(Row, table=True):
    """One list: where it is published, how often it is asked for, and how the last time went."""

    __tablename__ = "feed_pull"
    __table_args__ = (sa.CheckConstraint("every_hours > 0", "asked_for_at_times"),)
    feed: str = Field(max_length=80, unique=True)  # the name of its feed
    address: str = Field(max_length=1_000)
    every_hours: int
    country: str = Field(default="", max_length=2)
    note: str = Field(default="", max_length=400)
    etag: str = Field(default="", max_length=300)  # of what was taken in last: asked with, nothing comes where nothing moved
    changed: str = Field(default="", max_length=300)  # Last-Modified of it, as the other side wrote it
    asked_at: datetime | None = moment(default=None)
    fine: bool = True
    failures: int = 0  # since it went well last: each time one waits longer before it is asked again
    said: str = Field(default="", max_length=300)  # what came of the last time: a Sentence as text
