"""What a teller took back, as random ids in the erasure ledger: a restored older copy must not bring it back."""

from datetime import date
from typing import Final
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from app.domain.ledger import forget, remember
from app.models.stories import Consent, ConsentAct, Purpose

__all__ = ["forget", "mark", "remember", "said_yes_since"]

STORY: Final = "story"  # taken back: its words stay with its teller, nothing of it is shown
GONE: Final = "draft"  # deleted for good by its teller, a draft or not (ledgers hold this word): nothing of it stays
YES: Final = "yes"  # one yes that was taken back


def mark(story_id: UUID, purpose: Purpose) -> UUID:
    """Return the id under which a withdrawn yes is remembered; it leads back to nothing without the story's own row."""
    return uuid5(story_id, purpose.value)


def said_yes_since(db: Session, story_id: UUID, on: date, purpose: Purpose | None = None) -> bool:
    """Say whether the teller agreed (to ``purpose``, or to anything) on a later day than ``on``; the same day does not count."""
    given = select(Consent.id).where(Consent.story_id == story_id, Consent.act == ConsentAct.GIVEN, col(Consent.from_on) > on)
    return db.exec(given if purpose is None else given.where(Consent.purpose == purpose)).first() is not None
