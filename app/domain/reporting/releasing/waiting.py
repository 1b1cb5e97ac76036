"""Which releases wait to be published, for those who publish and for those who look them over."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models.reporting import NumberRelease


def waits() -> sa.ColumnElement[bool]:
    """Return the condition for a release that waits to be published: the newest of its month, and not public yet."""
    newer = aliased(NumberRelease)
    corrected = sa.exists().where(col(newer.period) == col(NumberRelease.period), col(newer.revision) > col(NumberRelease.revision))
    return sa.and_(col(NumberRelease.published_at).is_(None), ~corrected)
