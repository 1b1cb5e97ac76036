"""Voices and pictures of a story: kept under names that tell nothing, gone from the disk once their removal is sure."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.media.pictures import Picture
from app.domain.media.store import MediaStore, from_url
from app.domain.media.voice import Voice
from app.domain.stories import rules
from app.models.stories import Media, MediaKind, MediaState, Story, StoryText

MOST_PICTURES = 3


def store() -> MediaStore:
    """Return where media are kept in this process."""
    return from_url(settings.current().media)


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
    files = _put(db, {"opus": voice.opus, "mp3": voice.mp3})
    row = Media(ref=new_ref(), story_id=story.id, kind=MediaKind.VOICE, files=files, seconds=voice.seconds)
    return _kept(db, actor, story, row)


def add_picture(db: Session, actor: Actor, story: Story, picture: Picture, alt: str, faces: str) -> Media:
    """Keep a picture; Invalid when the teller is not sure about faces, plates or signs in it, or has enough pictures."""
    require(rules.may_write(actor, story))
    if faces == "unsure":
        raise Invalid("faces", _("Then better leave this picture out. Choose one without faces, number plates or signs."))
    if sum(m.kind == MediaKind.PICTURE for m in of_story(db, story.id)) >= MOST_PICTURES:
        raise Invalid("picture", _("A story has at most %(n)s pictures. Take one out first.", n=MOST_PICTURES))
    files = _put(db, {"webp": picture.webp, "jpg": picture.jpeg, "thumb": picture.thumb})
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


def _put(db: Session, parts: dict[str, bytes]) -> dict[str, dict[str, object]]:
    """Write the files now; if this transaction does not come to its end, they go again."""
    place, names = store(), {}
    endings = {"opus": "opus", "mp3": "mp3", "webp": "webp", "jpg": "jpg", "thumb": "webp"}
    for part, data in parts.items():
        names[part] = {"name": place.put(data, endings[part]), "bytes": len(data)}
        _after(db, "after_rollback", [str(names[part]["name"])])
    return names


def _forget(db: Session, rows: list[Media]) -> None:
    names = [str(part["name"]) for row in rows for part in row.files.values()]
    for row in rows:
        row.state, row.files, row.alt = MediaState.GONE, {}, ""
        row.seconds = row.width = row.height = None
    db.flush()
    # Only once the row says so for good: a rollback must not leave a story without its voice.
    _after(db, "after_commit", names)


def _after(db: Session, moment: str, names: list[str]) -> None:
    place, open_ = store(), True

    def erase(session: Session, *_rest: object) -> None:
        nonlocal open_
        if open_:
            for name in names:
                place.delete(name)
        open_ = False

    def end(session: Session, *_rest: object) -> None:
        nonlocal open_
        open_ = False

    sa.event.listen(db, moment, erase, once=True)
    sa.event.listen(db, "after_rollback" if moment == "after_commit" else "after_commit", end, once=True)
