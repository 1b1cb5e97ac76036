"""What search knows of a story: one document per language while it is published, none otherwise."""

from uuid import UUID

from sqlmodel import Session

from app.domain import versions
from app.domain.search import actions as search
from app.domain.stories import reading
from app.domain.stories.shown import kilobytes
from app.models.stories import Audience, MediaKind, Story, StoryStatus


def index(db: Session, story: Story) -> None:
    """Put a published story into the search, and make every kept page anew; what a teller who is away tells stays out."""
    search.unindex(db, "story", story.id)
    rows = reading.story(db.connection(), story.ref)
    if rows is None or rows.story.status != StoryStatus.PUBLISHED or not rows.story.here:
        versions.bump(db, versions.STORIES)
        return
    for text in rows.texts:
        search.index(
            db, "story", story.id, text.language, title=text.title, body=_words(text, rows.story.heavy),
            tokens=_tokens(story, text), shown=_shown(rows, text),
            audience="everyone" if story.audience == Audience.EVERYONE else "members",
        )  # fmt: skip
    versions.bump(db, versions.STORIES)


def remove(db: Session, story_id: UUID) -> None:
    """Take a story out of the search, and make every kept page anew."""
    search.unindex(db, "story", story_id)
    versions.bump(db, versions.STORIES)


def _words(text: reading.Row, heavy: bool) -> str:
    """Return what can be found; of a heavy story no words from inside, so that no snippet opens it by surprise."""
    if heavy:
        return str(text.content_note)
    return "\n".join(p for p in (text.body, text.hard, text.helped, text.differently, text.next, text.summary) if p)


def _tokens(story: Story, text: reading.Row) -> list[str]:
    area = [f"area:{story.area_id}"] if story.area_id else []
    return [f"language:{text.language}", *area, *(f"theme:{t}" for t in story.themes), *(f"need:{n}" for n in story.needs)]


def _shown(rows: reading.StoryRows, text: reading.Row) -> dict[str, object]:
    """Return what a card needs; the teller's name is already chosen (empty for an anonymous story)."""
    story, voice = rows.story, next((f for f in rows.files if f.kind == MediaKind.VOICE), None)
    return {
        "ref": story.ref, "title": text.title, "teller": story.teller, "name_form": story.name_form.value,
        "language": text.language, "area": story.area or "", "area_names": story.area_names or {}, "year": story.year,
        "season": story.season.value if story.season else None, "themes": list(story.themes), "note": text.content_note,
        "seconds": round(voice.seconds) if voice and voice.seconds else None,
        "kb": kilobytes(voice.files["opus"]["bytes"]) if voice else 0,
    }  # fmt: skip
