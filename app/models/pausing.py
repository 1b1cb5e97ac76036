"""What the house can pause for a time, and who did."""

import enum
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


class Pause(enum.StrEnum):
    """What can be paused, each for itself."""

    JOINING = "joining"  # nobody new: neither here nor in a group
    WRITING = "writing"  # nothing new is shown: posts, stories, translations, groups
    HIDING = "hiding"  # nothing is hidden by flags before a person has looked
    PUBLIC = "public"  # whoever is not let in sees one page that says nothing


class HousePause(Row, table=True):
    """Somebody paused something; it ends by itself. What lasts now stands in ``content_version``, where every request reads it."""

    __tablename__ = "house_pause"
    __table_args__ = (sa.Index(None, "what", "until_at"),)
    what: Pause = Field(sa_type=words(Pause))
    by_id: UUID
    at: datetime = moment()
    until_at: datetime = moment()
    reason: str = Field(sa_type=Sealed("house_pause.reason"))  # for those who may pause, never for others
    ended_at: datetime | None = moment(default=None)  # by somebody, before its time
    ended_by: UUID | None = None
    asked_at: datetime | None = moment(default=None)  # one person wants to end it; it takes another one
    asked_by: UUID | None = None
