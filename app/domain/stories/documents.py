"""What search knows of a story: one document per language while it is published, none otherwise."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.domain import versions
from app.domain.media.shown import kilobytes
from app.domain.search import actions as search
from app.domain.stories import reading
from app.models.stories import Audience, MediaKind, Story, StoryStatus


def index(db: Session, story: Story) -> None:
    """Put a published story into the search, and make every kept page anew; what a teller who is away tells stays out."""
    search.unindex(db, "story", story.id)
    rows = reading.story(db.connection(), story.ref)
    if rows is None or rows.story.status != StoryStatus.PUBLISHED or not rows.story.here:
        versions.bump(db, versions.STORIES)
        return
    tokens = _tokens(story, reading.areas_of(db.connection(), story.area_id))
    for text in rows.texts:
        search.index(
            db, "story", story.id, text.language, title=text.title, body=_words(text, rows.story),
            tokens=[f"language:{text.language}", *tokens], shown=_shown(rows, text),
            audience="everyone" if story.audience == Audience.EVERYONE else "members",
        )  # fmt: skip
    versions.bump(db, versions.STORIES)


def remove(db: Session, story_id: UUID) -> None:
    """Take a story out of the search, and make every kept page anew."""
    search.unindex(db, "story", story_id)
    versions.bump(db, versions.STORIES)


def _words(text: reading.Row, story: reading.Row) -> str:
    """Return what can be found beside the title: the words and the place, never the teller.

    Of a heavy story no words from inside, so that nobody comes upon them by surprise.
    """
    told = (text.content_note,) if story.heavy else (text.body, text.hard, text.helped, text.differently, text.next, text.summary)
    return "\n".join(part for part in (*told, story.area, *(story.area_names or {}).values()) if part)


def _tokens(story: Story, areas: Sequence[UUID]) -> list[str]:
    """Return the filters; a story of a town is also one of its region and country."""
    return [f"{name}:{one}" for name, all_ in (("area", areas), ("theme", story.themes), ("need", story.needs)) for one in all_]


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
