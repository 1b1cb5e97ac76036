"""What time does to a shown story: its consent ends, or after a year its teller is asked whether it is still right."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from app.core.clock import days
from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.audit import actions as audit
from app.domain.stories import documents
from app.domain.stories.moving import move
from app.models.stories import Story, StoryStatus

on_expired: list[Callable[[Session, Story], None]] = []  # moderation closes what is open about it


def expire_due(db: Session, moment: datetime) -> int:
    """End every story whose consent ended; return how many. For the job (pages look at the day themselves)."""
    shown = col(Story.status).in_([StoryStatus.PUBLISHED, StoryStatus.PAUSED])
    due = db.exec(select(Story).where(shown, col(Story.until_on) <= moment.date()).limit(200)).all()
    for story in due:
        move(db, story, StoryStatus.EXPIRED, ended_on=moment.date(), held=False)
        documents.remove(db, story.id)
        for hook in on_expired:
            hook(db, story)
        audit.record(db, None, "story.expire", "story", story.id)
        said = N_("The time that you chose for your story is over, so it is not shown any more. You can show it again.")
        accounts.tell(db, story.author_id, said, link=f"/my/stories/{story.ref}")
    return len(due)


def remind_due(db: Session, moment: datetime) -> int:
    """Once a year, ask the tellers who said "until I say" whether it is still right; return how many. For the job."""
    year_ago, today = (moment - days(365)).date(), moment.date()
    open_ended = select(Story).where(
        col(Story.status) == StoryStatus.PUBLISHED, col(Story.until_on).is_(None), col(Story.published_on) <= year_ago,
        col(Story.reminded_on).is_(None) | (col(Story.reminded_on) <= year_ago),
    ).limit(200)  # fmt: skip
    due = db.exec(open_ended).all()
    for story in due:
        story.reminded_on = today
        said = N_("Your story has been shown for a year. Is that still right for you? You can take it back at any time.")
        accounts.tell(db, story.author_id, said, link=f"/my/stories/{story.ref}")
    db.flush()
    return len(due)
