"""Voices and pictures of a story: kept under names that tell nothing, gone from the disk once their removal is sure."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.media import keeping
from app.domain.media.pictures import Picture
from app.domain.media.voice import Voice
from app.domain.stories import rules
from app.models.stories import Media, MediaKind, MediaState, Story, StoryText

MOST_PICTURES = 3


def of_story(db: Session, story_id: UUID) -> list[Media]:
    """Return the files that a story has now, oldest first."""
    wanted = select(Media).where(Media.story_id == story_id, Media.state == MediaState.READY)
    return list(db.exec(wanted.order_by(col(Media.id))))


def add_voice(db: Session, actor: Actor, story: Story, voice: Voice, summary: str) -> Media:
    """Keep a voice in place of the one before; Invalid without a written summary of what is said."""
    require(rules.may_write(actor, story))
    if not summary.strip():
        raise Invalid("summary", _("Write in a few sentences what you say. Not everybody can listen."))
    _forget(db, [m for m in of_story(db, story.id) if m.kind == MediaKind.VOICE])
    text = db.exec(select(StoryText).where(StoryText.story_id == story.id, StoryText.original)).one()
    text.summary, text.version = summary, text.version + 1
    files = keeping.put_voice(db, voice)
    row = Media(ref=new_ref(), story_id=story.id, kind=MediaKind.VOICE, files=files, seconds=voice.seconds)
    return _kept(db, actor, story, row)


def add_picture(db: Session, actor: Actor, story: Story, picture: Picture, alt: str, faces: str) -> Media:
    """Keep a picture; Invalid when the teller is not sure about faces, plates or signs in it, or has enough pictures."""
    require(rules.may_write(actor, story))
    if faces == "unsure":
        raise Invalid("faces", _("Then better leave this picture out. Choose one without faces, number plates or signs."))
    if sum(m.kind == MediaKind.PICTURE for m in of_story(db, story.id)) >= MOST_PICTURES:
        raise Invalid("picture", _("A story has at most %(n)s pictures. Take one out first.", n=MOST_PICTURES))
    files = keeping.put_picture(db, picture)
    row = Media(
        ref=new_ref(), story_id=story.id, kind=MediaKind.PICTURE, files=files, width=picture.width, height=picture.height,
        alt=alt, faces_asked=True,
    )  # fmt: skip
    return _kept(db, actor, story, row)


def remove_media(db: Session, actor: Actor, story: Story, media_ref: str) -> None:
    """Take a voice or picture out for good."""
    require(rules.may_write(actor, story))
    found = [m for m in of_story(db, story.id) if m.ref == media_ref]
    if not found:
        raise NotFound(_("This page is not here."))
    _forget(db, found)
    if found[0].kind == MediaKind.VOICE:
        text = db.exec(select(StoryText).where(StoryText.story_id == story.id, StoryText.original)).one()
        text.summary, text.version = "", text.version + 1
    audit.record(db, actor, "story.remove_media", "story", story.id, kind=found[0].kind.value)


def erase_all(db: Session, story_id: UUID) -> int:
    """Take every file of a story away and return how many there were."""
    found = of_story(db, story_id)
    _forget(db, found)
    return len(found)


def _kept(db: Session, actor: Actor, story: Story, row: Media) -> Media:
    db.add(row)
    db.flush()
    audit.record(db, actor, "story.add_media", "story", story.id, kind=row.kind.value)
    return row


def _forget(db: Session, rows: list[Media]) -> None:
    names = [name for row in rows for name in keeping.names(row.files)]
    for row in rows:
        row.state, row.files, row.alt = MediaState.GONE, {}, ""
        row.seconds = row.width = row.height = None
    db.flush()
    keeping.forget(db, names)
