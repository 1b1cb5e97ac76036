"""The one way in which a story changes state, and the ways in which its rows are held while it is changed.

Of two people at the same moment one waits, then sees what the other did: read after that what must not be old.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.domain.stories.rules import from_states
from app.models.stories import Story, StoryStatus

_S: sa.Table = Story.__table__  # type: ignore[attr-defined]


class ChangedMeanwhile(Conflict):
    """Another page saved this story after the one at hand was opened."""


def move(db: Session, story: Story, to: StoryStatus, **values: Any) -> None:
    """Bring the story to ``to`` from wherever the table allows; Conflict when it stands elsewhere by now."""
    where = sa.and_(_S.c.id == story.id, _S.c.status.in_(from_states(to)))
    _change(db, story, where, {"status": to, **values}, Conflict(_("This story changed meanwhile. Look at it again.")))


def hold(db: Session, story: Story, seen: int | None = None, **values: Any) -> None:
    """Move the story's row version, which locks it for this transaction; ChangedMeanwhile when it is not ``seen`` any more."""
    where = _S.c.id == story.id if seen is None else sa.and_(_S.c.id == story.id, _S.c.row_version == seen)
    problem = ChangedMeanwhile(_("This story was changed in another place meanwhile. Nothing was overwritten."))
    _change(db, story, where, values, problem)


def lock(db: Session, story: Story) -> None:
    """Lock the story for this transaction and read it anew; for what does not touch the words on its teller's screen."""
    db.flush()
    db.refresh(story, with_for_update=True)


def _change(db: Session, story: Story, where: Any, values: dict[str, Any], problem: Conflict) -> None:
    db.flush()
    update = sa.update(_S).where(where).values(row_version=_S.c.row_version + 1, touched_at=now(), **values)
    done = db.execute(update.execution_options(synchronize_session=False))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise problem
    db.refresh(story)
