"""What a decision does, by kind of case and outcome; each tells the person whose matter it is."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlmodel import Session

from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.directory import actions as directory
from app.domain.moderation import appeals, call_words, conduct, following, said, subjects
from app.domain.stories import actions as stories
from app.models.directory import Service
from app.models.moderation import Case, CaseKind, Outcome
from app.models.stories import Story, StoryStatus

SHOWN: Final = N_("We looked at your story again. It is shown again.")
RESTS: Final = N_("We looked at your story again, and do not hide it any more. You had paused it before, so it stays paused until "
                  "you show it again.")  # fmt: skip
CHANGE: Final = N_("Somebody asked us to look at your story. It stays shown. Something in it should change: what, stands below.")
CHANGE_PAUSED: Final = N_("Somebody asked us to look at your story, which you have paused. Something in it should change before "
                          "you show it again: what, stands below.")  # fmt: skip
Effect = Callable[[Session, Actor, Case, str], None]


def _story(db: Session, case: Case) -> Story:
    return subjects.story_of(db, case)


def _tell(db: Session, story: Story, sentence: str, words: str = "") -> None:
    accounts.tell(db, story.author_id, sentence, note=words, link=f"/my/stories/{story.ref}")


def _publish(db: Session, actor: Actor, case: Case, words: str) -> None:
    stories.approve(db, actor, _story(db, case))
    if words:
        _tell(db, _story(db, case), N_("The second reader of your story writes to you."), words)


def _ask_change(db: Session, actor: Actor, case: Case, words: str) -> None:
    stories.ask_change(db, actor, _story(db, case), words)
    following.translations_rest(db, _story(db, case))


def _decline(db: Session, actor: Actor, case: Case, words: str) -> None:
    stories.decline(db, actor, _story(db, case), words)
    following.translations_rest(db, _story(db, case))


def _show_translation(db: Session, actor: Actor, case: Case, words: str) -> None:
    stories.approve_translation(db, actor, _story(db, case), subjects.translation_of(db, case))
    if words:
        _tell(db, _story(db, case), N_("The second reader of a translation of your story writes to you."), words)


def _change_translation(db: Session, actor: Actor, case: Case, words: str) -> None:
    stories.ask_translation_change(db, actor, _story(db, case), subjects.translation_of(db, case), words)


def _decline_translation(db: Session, actor: Actor, case: Case, words: str) -> None:
    stories.decline_translation(db, actor, _story(db, case), subjects.translation_of(db, case), words)


def _hidden(story: Story) -> bool:
    return story.status == StoryStatus.PAUSED and story.held


def _keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    story = _story(db, case)
    if _hidden(story):
        stories.unhide(db, actor, story)
        _tell(db, story, SHOWN if story.status == StoryStatus.PUBLISHED else RESTS, words)
    else:
        _tell(db, story, N_("Somebody asked us to look at your story. We did, and it stays as it is."), words)


def _hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    story = _story(db, case)
    if not _hidden(story):
        stories.hide(db, actor, story)
    _tell(db, story, N_("We hid your story for now. The reason stands below. Change it and send it again, or tell us why you see "
                        "it differently."), words)  # fmt: skip


def _remove(db: Session, actor: Actor, case: Case, words: str) -> None:
    story = _story(db, case)
    if not _hidden(story):
        stories.hide(db, actor, story)
    _tell(db, story, N_("We took your story out. The reason stands below, and until when you can tell us why you see it "
                        "differently."), words)  # fmt: skip


def _ask_after_flag(db: Session, actor: Actor, case: Case, words: str) -> None:
    if _hidden(_story(db, case)):  # at once, before a person had looked
        stories.unhide(db, actor, _story(db, case))
    shown = _story(db, case).status == StoryStatus.PUBLISHED
    _tell(db, _story(db, case), CHANGE if shown else CHANGE_PAUSED, words)


def _checked(db: Session, actor: Actor, case: Case, _words: str) -> None:
    directory.confirm(db, actor, db.get_one(Service, case.subject_id))


def _defunct(db: Session, actor: Actor, case: Case, _words: str) -> None:
    directory.mark_defunct(db, actor, db.get_one(Service, case.subject_id))


def _accept(db: Session, actor: Actor, case: Case, words: str) -> None:
    accounts.decide_application(db, actor, case.subject_id, True, words)


def _refuse(db: Session, actor: Actor, case: Case, words: str) -> None:
    accounts.decide_application(db, actor, case.subject_id, False, words)


def _let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    said.of(case).let_through(db, actor, case, words)


def _turn_down(db: Session, actor: Actor, case: Case, words: str) -> None:
    said.of(case).refuse(db, actor, case, words)


def _leave(db: Session, actor: Actor, case: Case, words: str) -> None:
    said.of(case).keep(db, actor, case, words)


def _take_away(db: Session, actor: Actor, case: Case, words: str) -> None:
    said.of(case).hide(db, actor, case, words)


def _nothing(_db: Session, _actor: Actor, _case: Case, _words: str) -> None:
    """Whom it is about is not told: of a complaint, where what was done happened elsewhere, of what is in order."""


EFFECTS: Final[Mapping[tuple[CaseKind, Outcome], Effect]] = {
    (CaseKind.STORY, Outcome.PUBLISH): _publish,
    (CaseKind.STORY, Outcome.ASK_CHANGE): _ask_change,
    (CaseKind.STORY, Outcome.DECLINE): _decline,
    (CaseKind.TRANSLATION, Outcome.PUBLISH): _show_translation,
    (CaseKind.TRANSLATION, Outcome.ASK_CHANGE): _change_translation,
    (CaseKind.TRANSLATION, Outcome.DECLINE): _decline_translation,
    (CaseKind.FLAG, Outcome.KEEP): _keep,
    (CaseKind.FLAG, Outcome.ASK_CHANGE): _ask_after_flag,
    (CaseKind.FLAG, Outcome.HIDE): _hide,
    (CaseKind.FLAG, Outcome.REMOVE): _remove,
    (CaseKind.CORRECTION, Outcome.FIXED): _checked,
    (CaseKind.CORRECTION, Outcome.DEFUNCT): _defunct,
    (CaseKind.CORRECTION, Outcome.KEEP): _checked,
    (CaseKind.CALL, Outcome.FIXED): call_words.put_right,
    (CaseKind.CALL, Outcome.KEEP): _nothing,
    (CaseKind.APPLICATION, Outcome.ACCEPT): _accept,
    (CaseKind.APPLICATION, Outcome.REFUSE): _refuse,
    (CaseKind.POST, Outcome.PUBLISH): _let_through,
    (CaseKind.POST, Outcome.DECLINE): _turn_down,
    (CaseKind.TALK, Outcome.KEEP): _leave,
    (CaseKind.TALK, Outcome.HIDE): _take_away,
    (CaseKind.TALK, Outcome.REMOVE): _take_away,
    **{(CaseKind.ACCOUNT, outcome): conduct.carry_out(outcome) for outcome in conduct.TOLD},
    (CaseKind.ACCOUNT, Outcome.KEEP): conduct.leave,
    (CaseKind.MESSAGE, Outcome.PUBLISH): _let_through,
    (CaseKind.MESSAGE, Outcome.DECLINE): _turn_down,
    (CaseKind.MESSAGE_FLAG, Outcome.KEEP): _leave,
    (CaseKind.MESSAGE_FLAG, Outcome.HIDE): _take_away,
    (CaseKind.MESSAGE_FLAG, Outcome.REMOVE): _take_away,
    (CaseKind.COMPLAINT, Outcome.ACTED): _nothing,
    (CaseKind.COMPLAINT, Outcome.KEEP): _nothing,
    (CaseKind.APPEAL, Outcome.UPHOLD): appeals.uphold,
    (CaseKind.APPEAL, Outcome.OVERTURN): appeals.overturn,
}
