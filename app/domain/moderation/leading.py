"""Whom something is about beside its writer: what is said of a group, or of its meetings, is about those who lead it;
an entry of a help board is also about who took it."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.moderation import board_words, group_words, meeting_words

# They neither decide about it nor learn of it.
_LEADERS: Final[Mapping[str, Callable[[Session, UUID], list[UUID]]]] = {
    group_words.GROUP: group_words.leaders, meeting_words.MEETING: meeting_words.leaders,
    board_words.BOARD: board_words.leaders,
}  # fmt: skip
OF_LEADERS: Final = tuple(_LEADERS)


def leaders(db: Session, kind: str, subject_id: UUID) -> list[UUID]:
    """Return whom a flag about this is about beside its writer: who leads the group, who took an entry, nobody for a post."""
    return _LEADERS[kind](db, subject_id) if kind in _LEADERS else []


def barred(db: Session, kind: str, subject_id: UUID) -> list[UUID]:
    """Return who stays barred from a case about this, whatever they lead later: not who took an entry, which nothing may keep."""
    return [] if kind == board_words.BOARD else leaders(db, kind, subject_id)


def led(cases: sa.Table, member_id: sa.BindParameter[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition on cases that are about what a member leads, or took, now."""
    return sa.or_(group_words.led(cases, member_id), meeting_words.led(cases, member_id), board_words.led(cases, member_id))
