"""The ledger of erasures: random ids of what was taken back, so that a restored older copy does not bring it back."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.ids import new_id
from app.models.accounts import Erasure

_E: Any = Erasure.__table__  # type: ignore[attr-defined]


def remember(db: Session, kind: str, subject_id: UUID) -> None:
    """Write into the ledger that this is gone since today; the last word counts."""
    today = now().date()
    found = db.execute(sa.update(_E).where(_E.c.subject_id == subject_id).values(kind=kind, on=today, more=None))
    if not found.rowcount:  # type: ignore[attr-defined]
        remember_new(db, kind, [subject_id])


def remember_new(db: Session, kind: str, subject_ids: Iterable[UUID], more: str | None = None) -> None:
    """Write into the ledger that these, which cannot stand in it yet, are gone since today; one statement for any number.

    ``more``: what it takes to make anew what a restored older copy does not have; sealed.
    """
    rows = [{"id": new_id(), "kind": kind, "subject_id": one, "on": now().date(), "more": more} for one in subject_ids]
    if rows:
        db.execute(sa.insert(_E), rows)


def since(db: Session, subject_id: UUID) -> date | None:
    """Return since when something is gone, None where the ledger does not know it."""
    found: date | None = db.execute(sa.select(_E.c.on).where(_E.c.subject_id == subject_id)).scalar()
    return found


def forget(db: Session, subject_ids: Iterable[UUID]) -> None:
    """Take ids out of the ledger: what they stand for may be there again."""
    db.execute(sa.delete(_E).where(_E.c.subject_id.in_(list(subject_ids))))
