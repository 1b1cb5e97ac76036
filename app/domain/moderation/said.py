"""What people say to others, by kind of subject: posts, what a group says about itself, meetings, help boards, questions from
abroad, messages and lines of two.

Each answers the same questions.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from sqlmodel import Session

from app.domain.actor import Actor
from app.domain.moderation import ask_words, asked_words, board_words, group_words, lines, meeting_words, messages, posts
from app.domain.moderation.posts import ReadPost
from app.models.moderation import Case

# What is often flagged by whoever nobody may stand for: kept without an account, whoever tells it.
UNNAMED: Final = asked_words.ASKED


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


WORDS: Final[Mapping[str, Words]] = {
    posts.POST: posts, group_words.GROUP: group_words, meeting_words.MEETING: meeting_words, **messages.OF,
    ask_words.ASK: ask_words,
    board_words.BOARD: board_words, asked_words.ASKED: asked_words, **lines.WORDS,
}  # fmt: skip


def of(case: Case) -> Words:
    """Return who answers for the words of a case."""
    return WORDS[case.subject_kind]
