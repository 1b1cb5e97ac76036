"""What is said in groups, by kind of subject: posts, what a group says about itself, meetings. Each answers the same questions."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.actor import Actor
from app.domain.moderation import group_words, meeting_words, posts
from app.domain.moderation.posts import ReadPost
from app.models.moderation import Case


class Words(Protocol):
    """What moderation asks of words in a group, and does with them."""

    def let_through(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Show what waited."""

    def refuse(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Do not show what waited."""

    def keep(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Leave what was flagged as it is, or show it again."""

    def hide(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Hide what was flagged."""

    def snapshot(self, db: Session, case: Case) -> str | None:
        """Return the words as they stand now."""

    def contents(self, db: Session, case: Case) -> ReadPost | None:
        """Return the words for whoever has the case open."""

    def is_hidden(self, db: Session, case: Case) -> bool:
        """Say whether it is hidden by a decision."""


WORDS: Final[Mapping[str, Words]] = {posts.POST: posts, group_words.GROUP: group_words, meeting_words.MEETING: meeting_words}
# What is said about these is about those who lead the group: they neither decide about it nor learn of it.
_LEADERS: Final[Mapping[str, Callable[[Session, UUID], list[UUID]]]] = {
    group_words.GROUP: group_words.leaders, meeting_words.MEETING: meeting_words.leaders,
}  # fmt: skip
OF_LEADERS: Final = tuple(_LEADERS)


def of(case: Case) -> Words:
    """Return who answers for the words of a case."""
    return WORDS[case.subject_kind]


def leaders(db: Session, kind: str, subject_id: UUID) -> list[UUID]:
    """Return whom a flag about this is about beside its writer: who leads the group, nobody for a post."""
    return _LEADERS[kind](db, subject_id) if kind in _LEADERS else []


def led(cases: sa.Table, member_id: sa.BindParameter[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition on cases that are about what a member leads now."""
    return sa.or_(group_words.led(cases, member_id), meeting_words.led(cases, member_id))
