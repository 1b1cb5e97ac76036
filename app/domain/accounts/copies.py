"""Copies that are ready to be fetched go when words in them are erased: their members make a new one."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session

from app.domain.accounts import exports


def remove_copies(db: Session, members: Iterable[UUID | None]) -> None:
    """Remove the prepared copies of these members, rows and files."""
    for member_id in sorted(set(filter(None, members))):
        exports.remove_all(db, member_id)
