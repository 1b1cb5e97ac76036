"""Tell a member something under "My answers": a sentence of ours with its parts, put into words when it is read."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.models.accounts import Answer


def tell(db: Session, member_id: UUID, sentence: str, note: str | None = None, link: str | None = None, **params: Any) -> Answer:
    """Add an answer; ``sentence`` is a msgid marked with N_(), ``note`` words of a person (sealed), ``params`` plain JSON."""
    answer = Answer(member_id=member_id, at=now(), sentence=sentence, params=params, note=note or None, link=link)
    db.add(answer)
    db.flush()
    return answer


def forget_notes(db: Session, member_id: UUID, link: str) -> None:
    """Forget what people wrote to a member about the thing at ``link``, which is gone for good; our own sentences stay."""
    about = sa.update(Answer).where(col(Answer.member_id) == member_id, col(Answer.link) == link)
    db.execute(about.values(note=None, link=None))
