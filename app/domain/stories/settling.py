"""What follows when somebody else's words changed how a story reads: search, kept pages, second readers, whoever wrote them."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.domain.accounts import actions as accounts
from app.domain.stories import documents
from app.models.accounts import Member, MemberStatus
from app.models.stories import Story, StoryStatus, StoryText

Hook = Callable[[Session, Story, StoryText], None]
on_translation: list[Hook] = []  # moderation: a translation waits for a second reader, or does so no longer
MINE: Final = "/my/translations"


def works_at(story: Story) -> str:
    """Return where whoever wrote words for a story finds it: by this, what was written to them about it is found again."""
    return f"{MINE}#{story.ref}"


def settle(db: Session, story: Story, text: StoryText) -> None:
    """Bring search and kept pages in step with a text, and tell whoever looks at translations."""
    db.flush()
    if story.status == StoryStatus.PUBLISHED:
        documents.index(db, story)
    for hook in on_translation if not text.original else ():
        hook(db, story, text)


def tell_writer(db: Session, story: Story, writer_id: UUID | None, sentence: str, note: str = "") -> None:
    """Tell whoever wrote the words, if that is not the teller and they are still a member; ``sentence`` is a msgid."""
    if writer_id in (None, story.author_id):
        return
    writer = db.get(Member, writer_id)
    if writer is not None and writer.status != MemberStatus.GONE:
        accounts.tell(db, writer.id, sentence, note=note, link=works_at(story))
