"""What of each kind can be hidden, in one place: its states, how it is hidden and shown again, and how it goes for good."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import ledger
from app.domain.actor import Actor
from app.domain.asking import answering as asking
from app.domain.asking import ending as asking_ends
from app.domain.between import asking as private_asks
from app.domain.between import deciding as between
from app.domain.between import standing as private
from app.domain.between import talking as private_talking
from app.domain.board import deciding as board
from app.domain.board import ending as board_ends
from app.domain.groups import deciding as groups
from app.domain.groups import taking_back
from app.domain.meetings import deciding as meetings
from app.domain.mentoring.together import deciding as together
from app.domain.mentoring.together import erasing as parts
from app.domain.mentoring.together import goals
from app.domain.mentoring.together import standing as talks
from app.domain.mentoring.together import talking as mentor_talking
from app.domain.moderation import (
    ask_words,
    asked_words,
    board_words,
    group_words,
    lines,
    meeting_words,
    messages,
    posts,
    rules,
    said,
)
from app.domain.stories import actions as stories
from app.domain.stories import returning
from app.domain.two import deciding as two
from app.models.abroad import AbroadWord, WordState
from app.models.between import PrivateTalk, TalkState
from app.models.board import BoardEntry, BoardState
from app.models.groups import Group, GroupState, Post, PostState
from app.models.meetings import MeetingPlan, PlanState
from app.models.mentorships import MessageState
from app.models.moderation import Case, CaseKind, Outcome
from app.models.stories import Story, StoryStatus

Erase = Callable[[Session, UUID], object]
_STEP_WORDS: Final = parts.OF_MEETINGS[frozenset({parts.WORDS})]


@dataclass(frozen=True, slots=True)
class Thing:
    """What of one kind can be flagged.

    ``standing``: the states in which others see it, or we hide it (shown first); ``show`` and ``hide`` take it from one to the
    other, ``show`` also for nobody: by the clock; ``erase`` takes its words and files away for good, also after a restore. None:
    what people meet in is not deleted, it stays hidden until its words are others.
    """

    table: Any
    state: Any
    standing: tuple[str | bool, ...]
    show: Callable[[Session, Actor | None, Any], None]
    hide: Callable[[Session, Actor, Any], None]
    erase: Erase | None = None


def _gone(kind: str, erase_again: Callable[[Session, UUID], object]) -> Erase:
    """Return what erases one thing and writes it into the ledger of erasures, as if whose it is had deleted it."""

    def erase(db: Session, subject_id: UUID) -> None:
        erase_again(db, subject_id)
        ledger.remember(db, kind, subject_id)

    return erase


def _step(db: Session, meeting_id: UUID) -> None:
    """Only the words: that the two met is no more than a day, and the other one's too."""
    talks.erase_again(db, _STEP_WORDS, meeting_id)
    parts.remember(db, parts.OF_MEETINGS, [meeting_id], parts.WORDS)


_MESSAGES: Final = (MessageState.SHOWN, MessageState.HIDDEN)
_LINES: Final = (together.show_line, together.hide_line)
THINGS: Final[Mapping[str, Thing]] = {
    "story": Thing(
        Story, Story.status, (StoryStatus.PUBLISHED, StoryStatus.PAUSED), stories.unhide, stories.hide, returning.erase_decided,
    ),
    posts.POST: Thing(
        Post, Post.state, (PostState.SHOWN, PostState.HIDDEN), groups.unhide, groups.hide,
        _gone(taking_back.WORDS, taking_back.delete_again),
    ),
    group_words.GROUP: Thing(Group, Group.state, (GroupState.SHOWN, GroupState.HIDDEN), groups.show_group, groups.hide_group),
    meeting_words.MEETING: Thing(
        MeetingPlan, MeetingPlan.state, (PlanState.SHOWN, PlanState.HIDDEN), meetings.show, meetings.hide
    ),
    asked_words.ASKED: Thing(
        AbroadWord, AbroadWord.state, (WordState.SHOWN, WordState.HIDDEN), asking.show, asking.hide,
        _gone(asking_ends.TAKEN_BACK, lambda db, one: asking_ends.empty(db, [one])),
    ),
    board_words.BOARD: Thing(
        BoardEntry, BoardEntry.state, (BoardState.SHOWN, BoardState.HIDDEN), board.show, board.hide,
        _gone(board_ends.TAKEN_OUT, lambda db, one: board_ends.erase(db, [one])),
    ),
    messages.MESSAGE: Thing(
        messages.IN_MENTORING.table, messages.IN_MENTORING.table.state, _MESSAGES, two.unhide, two.hide,
        _gone(mentor_talking.WORDS, mentor_talking.delete_again),
    ),
    messages.PRIVATE: Thing(
        messages.IN_GROUPS.table, messages.IN_GROUPS.table.state, _MESSAGES, two.unhide, two.hide,
        _gone(private_talking.WORDS, lambda db, one: private.erase_again(db, private_talking.WORDS, one)),
    ),
    ask_words.ASK: Thing(
        PrivateTalk, PrivateTalk.state, (TalkState.LATER, TalkState.HIDDEN), between.unhide, between.hide,
        _gone(private_asks.ASK, private_asks.take_back_again),
    ),
    lines.GOAL: Thing(
        lines.TABLES[lines.GOAL], lines.TABLES[lines.GOAL].hidden, (False, True), *_LINES,
        _gone(goals.LINE, lambda db, one: talks.erase_again(db, goals.LINE, one)),
    ),
    lines.STEP: Thing(lines.TABLES[lines.STEP], lines.TABLES[lines.STEP].hidden, (False, True), *_LINES, _step),
}  # fmt: skip


def hidden_now(db: Session, case: Case) -> bool | None:
    """Say whether what a flag is about is hidden by us; None where that cannot be, or where it is gone."""
    if case.kind == CaseKind.FLAG:
        story = db.get(Story, case.subject_id)
        return None if story is None else story.status == StoryStatus.PAUSED and story.held
    if case.kind in (CaseKind.TALK, CaseKind.MESSAGE_FLAG):
        return bool(said.of(case).is_hidden(db, case))
    return None


def held(db: Session, case: Case) -> Any:
    """Return what a case is about as it stands, held; None while somebody else changes it (they may wait for the case), or gone."""
    db.flush()
    wanted = {"key_share": True, "skip_locked": True}
    return db.get(THINGS[case.subject_kind].table, case.subject_id, populate_existing=True, with_for_update=wanted)


def is_there(db: Session, case: Case) -> bool:
    """Say whether there is a row of it at all, whoever holds it."""
    table = THINGS[case.subject_kind].table
    return db.execute(sa.select(col(table.id)).where(col(table.id) == case.subject_id)).first() is not None


def removable(case: Case) -> bool:
    """Say whether what a case is about can be deleted for good by a decision."""
    found = THINGS.get(case.subject_kind)
    return found is not None and found.erase is not None


def outcomes(case: Case) -> tuple[Outcome, ...]:
    """Return what can be decided about a case: what people meet in is not removed."""
    return tuple(one for one in rules.OUTCOMES[case.kind] if one != Outcome.REMOVE or removable(case))
