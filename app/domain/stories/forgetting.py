"""What was written about a story elsewhere, and copies that hold its words, when it is taken back or deleted for good."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.domain.accounts import actions as accounts
from app.domain.stories import drafts
from app.domain.stories.settling import works_at
from app.models.engine import Draft
from app.models.stories import Story, StoryProposal, StoryText


def by_others(db: Session, story: Story) -> None:
    """Forget what was written to those who worked on a story, and their prepared copies; before their words go."""
    told = accounts.forget_notes(db, works_at(story))
    accounts.remove_copies(db, (told | _writers(db, story)) - {story.author_id})


def by_teller(db: Session, story: Story) -> None:
    """Forget what was written to the teller about a story that goes for good, and the copy that holds it."""
    told = accounts.forget_notes(db, f"/my/stories/{story.ref}")
    accounts.remove_copies(db, {story.author_id, *told})


def _writers(db: Session, story: Story) -> set[UUID]:
    """Return who translated it, suggested words or is typing some."""
    queries = (
        select(StoryText.translator_id).where(StoryText.story_id == story.id),
        select(StoryProposal.made_by).where(StoryProposal.story_id == story.id),
        select(Draft.member_id).where(col(Draft.form).startswith(drafts.name(story, ""))),
    )
    return {one for query in queries for one in db.exec(query).all() if one is not None}
