"""A voice with a message between mentor and mentee: two minutes at most, sealed, heard by whoever reads the message now."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.errors import NotFound
from app.domain.actor import Actor
from app.domain.media.voice import Voice
from app.domain.mentoring.together import reading
from app.models.mentorships import MentorMessage, MentorVoice

TYPES: Final = {"opus": "audio/ogg", "mp3": "audio/mpeg"}
_V, _W = MentorVoice.__table__, MentorMessage.__table__  # type: ignore[attr-defined]
_PARTS: Final = {ending: sa.select(_V.c[ending]) for ending in TYPES}


def keep(db: Session, message: MentorMessage, voice: Voice) -> None:
    """Keep a voice beside the words that say the same; the checks read the words, nobody hears the voice before the other one."""
    db.flush()
    row = MentorVoice(
        message_id=message.id, opus=voice.opus, mp3=voice.mp3, seconds=voice.seconds, opus_bytes=len(voice.opus)
    )  # fmt: skip
    db.add(row)
    db.flush()


def forget(db: Session, messages: sa.Select[tuple[UUID]]) -> None:
    """Erase the voices of messages (a statement that yields their ids)."""
    db.execute(sa.delete(_V).where(_V.c.message_id.in_(messages)))


def served(connection: sa.Connection, actor: Actor, ref: str, message_ref: str, ending: str) -> bytes | None:
    """Return a part of a voice for whoever reads its message at this moment; None for everybody else. Three statements."""
    try:
        of = reading.talk(connection, actor, ref)
        reading.one(connection, of, actor.me, message_ref)
    except NotFound:
        return None
    one = _V.c.message_id.in_(sa.select(_W.c.id).where(_W.c.match_id == of.match_id, _W.c.ref == message_ref))
    return connection.execute(_PARTS[ending].where(one)).scalar()


def at_desk(db: Session, message_id: UUID, ending: str) -> bytes | None:
    """Return a part of the voice of a message for whoever has its case open; None where there is none."""
    return db.execute(_PARTS[ending].where(_V.c.message_id == message_id)).scalar()


def length_of(db: Session, message_id: UUID) -> Any | None:
    """Return seconds and size of the voice of a message, None where there is none; nothing is opened."""
    return db.execute(sa.select(_V.c.seconds, _V.c.opus_bytes).where(_V.c.message_id == message_id)).first()


def copies(db: Session, member_id: UUID) -> Iterator[tuple[str, bytes]]:
    """Yield what somebody said, for their own copy: a name for the file and its bytes, one after the other."""
    mine = sa.select(_V.c.id, _W.c.written_at).join(_W, _W.c.id == _V.c.message_id).where(_W.c.author_id == member_id)
    for number, row in enumerate(db.execute(mine.order_by(_W.c.id)).all(), 1):
        data = db.execute(_PARTS["mp3"].where(_V.c.id == row.id)).scalar()
        if data is not None:
            yield f"mentoring-{row.written_at.date().isoformat()}-{number}.mp3", data
