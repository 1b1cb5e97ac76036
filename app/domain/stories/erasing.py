"""What a teller took back, as random ids in the erasure ledger: a restored older copy must not bring it back."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.models.accounts import Erasure
from app.models.stories import Consent, ConsentAct, Purpose

STORY: Final = "story"  # taken back: its words stay with its teller, nothing of it is shown
GONE: Final = "draft"  # deleted for good by its teller, a draft or not (ledgers hold this word): nothing of it stays
YES: Final = "yes"  # one yes that was taken back
_E: Any = Erasure.__table__  # type: ignore[attr-defined]


def mark(story_id: UUID, purpose: Purpose) -> UUID:
    """Return the id under which a withdrawn yes is remembered; it leads back to nothing without the story's own row."""
    return uuid5(story_id, purpose.value)


def remember(db: Session, kind: str, subject_id: UUID) -> None:
    """Write into the ledger that this is gone since today; the last word counts."""
    today = now().date()
    found = db.execute(sa.update(_E).where(_E.c.subject_id == subject_id).values(kind=kind, on=today))
    if not found.rowcount:  # type: ignore[attr-defined]
        db.add(Erasure(kind=kind, subject_id=subject_id, on=today))
        db.flush()


def forget(db: Session, subject_ids: Iterable[UUID]) -> None:
    """Take ids out of the ledger: their teller said yes anew."""
    db.execute(sa.delete(_E).where(_E.c.subject_id.in_(list(subject_ids))))


def said_yes_since(db: Session, story_id: UUID, on: date, purpose: Purpose | None = None) -> bool:
    """Say whether the teller agreed (to ``purpose``, or to anything) on a later day than ``on``; the same day does not count."""
    given = select(Consent.id).where(Consent.story_id == story_id, Consent.act == ConsentAct.GIVEN, col(Consent.from_on) > on)
    return db.exec(given if purpose is None else given.where(Consent.purpose == purpose)).first() is not None
