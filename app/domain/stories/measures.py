"""What stories give to the numbers: who sent a story with a name, and whose story is shown with one."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from app.models.stories import NameForm, Story, StoryStatus

People = sa.Select[UUID]
_NAMED = col(Story.name_form) != NameForm.ANONYMOUS


def spoke(on: date) -> People:
    """Return who had sent a story with a name or a letter by that day that is not a draft again.

    Anonymous is a latch: everybody can see who tells under a name, so a count with the others in it, on this step or on the
    next, would tell by difference how many of those without a name are women.
    """
    midnight = datetime.combine(on + timedelta(days=1), time(), UTC)
    return sa.select(col(Story.author_id)).where(col(Story.status) != StoryStatus.DRAFT, col(Story.submitted_at) < midnight, _NAMED)


def shown(on: date) -> People:
    """Return whose story is shown and carries a name or a letter."""
    return sa.select(col(Story.author_id)).where(col(Story.status) == StoryStatus.PUBLISHED, col(Story.published_on) <= on, _NAMED)
