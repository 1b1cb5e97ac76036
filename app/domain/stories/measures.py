"""What stories give to the numbers: who spoke, and whose story is shown under a name."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from app.models.stories import NameForm, Story, StoryStatus

People = sa.Select[UUID]


def spoke(on: date) -> People:
    """Return who had sent a story by that day, whatever became of it."""
    midnight = datetime.combine(on + timedelta(days=1), time(), UTC)
    return sa.select(col(Story.author_id)).where(col(Story.status) != StoryStatus.DRAFT, col(Story.submitted_at) < midnight)


def shown(on: date) -> People:
    """Return whose story is shown and carries a name or a letter.

    Anonymous is a latch: everybody can see who tells under a name, so a count of all tellers would tell how many of those
    without a name are women.
    """
    return sa.select(col(Story.author_id)).where(
        col(Story.status) == StoryStatus.PUBLISHED, col(Story.published_on) <= on, col(Story.name_form) != NameForm.ANONYMOUS
    )
