"""What an appeal that is right puts back: everything is as it was before the decision."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlmodel import Session, col, select

from app.core.errors import Refused
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.asking import answering as asking
from app.domain.board import deciding as board
from app.domain.groups import deciding as groups
from app.domain.meetings import deciding as meetings
from app.domain.moderation import asked_words, board_words, conduct, following, group_words, meeting_words, rules
from app.domain.stories import actions as stories
from app.models.abroad import AbroadWord, WordState
from app.models.board import BoardEntry, BoardState
from app.models.groups import Group, GroupState, Post, PostState
from app.models.meetings import MeetingPlan, PlanState
from app.models.moderation import Case, CaseKind, Outcome
from app.models.stories import Story, StoryStatus, StoryText

Restore = Callable[[Session, Actor, Case], bool]  # False: it stands elsewhere by now, in the hands of whose it is


def _show_story(db: Session, actor: Actor, case: Case) -> bool:
    story = db.get(Story, case.subject_id)
    if story is None or not (story.status == StoryStatus.PAUSED and story.held):
        return False
    try:
        with db.begin_nested():
            stories.unhide(db, actor, story)
    except Refused:  # its teller took the yes back meanwhile: then nobody shows it
        return False
    return True


def _approve_story(db: Session, actor: Actor, case: Case) -> bool:
    story = db.get_one(Story, case.subject_id)
    done = stories.approve_declined(db, actor, story)
    if done:
        following.translations_wait(db, story)
    return done


def _show_translation(db: Session, actor: Actor, case: Case) -> bool:
    text = db.exec(select(StoryText).where(col(StoryText.id) == case.subject_id)).first()
    return text is not None and stories.show_declined_translation(db, actor, db.get_one(Story, text.story_id), text)


def _show_group(db: Session, actor: Actor, case: Case) -> bool:
    group = db.get_one(Group, case.subject_id)
    if group.state != GroupState.HIDDEN:
        return False
    groups.show_group(db, actor, group)
    return True


def _show_meeting(db: Session, actor: Actor, case: Case) -> bool:
    plan = db.get_one(MeetingPlan, case.subject_id)
    if plan.state != PlanState.HIDDEN:
        return False
    meetings.show(db, actor, plan)
    return True


def _show_entry(db: Session, actor: Actor, case: Case) -> bool:
    entry = db.get(BoardEntry, case.subject_id)
    if entry is None or entry.state != BoardState.HIDDEN:
        return False
    board.show(db, actor, entry)
    return True


def _show_word(db: Session, actor: Actor, case: Case) -> bool:
    word = db.get(AbroadWord, case.subject_id)
    if word is None or word.state != WordState.HIDDEN:
        return False
    asking.show(db, actor, word)
    return True


def _release(db: Session, actor: Actor, case: Case) -> bool:
    if case.subject_kind in _SHOW:
        return _SHOW[case.subject_kind](db, actor, case)
    post = db.get(Post, case.subject_id)
    return post is not None and groups.release_refused(db, actor, post)


def _unhide(db: Session, actor: Actor, case: Case) -> bool:
    if case.subject_kind in _SHOW:
        return _SHOW[case.subject_kind](db, actor, case)
    post = db.get(Post, case.subject_id)
    if post is None or post.state != PostState.HIDDEN:
        return False
    groups.unhide(db, actor, post)
    return True


def _let_in(db: Session, actor: Actor, case: Case) -> bool:
    return accounts.let_in_after_all(db, actor, case.subject_id)


def _lift(db: Session, _actor: Actor, case: Case) -> bool:
    if case.about_id is not None:  # what other decisions took stays
        conduct.work_out(db, case.about_id)
    return True


_SHOW: Final[Mapping[str, Restore]] = {
    group_words.GROUP: _show_group, meeting_words.MEETING: _show_meeting, board_words.BOARD: _show_entry,
    asked_words.ASKED: _show_word,
}  # fmt: skip
RESTORE: Final[Mapping[tuple[CaseKind, Outcome], Restore]] = {
    (CaseKind.STORY, Outcome.DECLINE): _approve_story,
    (CaseKind.TRANSLATION, Outcome.DECLINE): _show_translation,
    **{(CaseKind.FLAG, outcome): _show_story for outcome in rules.HIDES},
    (CaseKind.POST, Outcome.DECLINE): _release,
    **{(CaseKind.TALK, outcome): _unhide for outcome in rules.HIDES},
    (CaseKind.APPLICATION, Outcome.REFUSE): _let_in,
    **{(CaseKind.ACCOUNT, outcome): _lift for outcome in (*rules.LIMITS, Outcome.CLOSE)},
}
