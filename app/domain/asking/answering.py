"""Answers to questions from abroad, of a group and of the network; and whether a group wishes to be asked at all."""

from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger, versions
from app.domain.actor import Actor
from app.domain.asking import ending, queries, rules
from app.domain.asking.wording import REACH, STOPPED
from app.domain.audit import actions as audit
from app.domain.groups import hooks as checks
from app.domain.groups import queries as groups
from app.domain.groups import rules as group_rules
from app.domain.groups import talking
from app.domain.groups.hooks import Written
from app.domain.groups.rules import Seat
from app.models.abroad import AbroadQuestion, AbroadWord, QuestionDoor, StoryDoor, WordState
from app.models.groups import Group, GroupState, Visibility
from app.models.stories import Story


def answer(db: Session, actor: Actor, seat: Seat, question: AbroadQuestion, words: str) -> None:
    """Answer as somebody in the group; the group reads who it was, whoever asked does not. Invalid says why not."""
    require(rules.may_answer(actor, seat, talking.is_newcomer(db, actor.me), question.held))
    _answer(db, actor, question, words)


def answer_as_teller(db: Session, actor: Actor, question: AbroadQuestion, words: str) -> None:
    """Answer as whoever told the story; whoever asked reads that it was them, by no name."""
    require(rules.may_answer_as_teller(actor, question.held))
    _answer(db, actor, question, words)


def answer_at_desk(db: Session, actor: Actor, question: AbroadQuestion, words: str) -> None:
    """Answer for the network."""
    require(rules.may_answer_at_desk(actor))
    _answer(db, actor, question, words, desk=True)


def _answer(db: Session, actor: Actor, question: AbroadQuestion, words: str, desk: bool = False) -> None:
    said = [word for word, *_who in queries.words(db, question)]
    asked = max((place for place, word in enumerate(said) if word.asks), default=0)
    verdict = rules.may_add(sum(1 for word in said[asked:] if not word.asks and word.state != WordState.GONE))
    if verdict.reason is not None:
        raise Invalid("words", verdict.reason)
    looked = checks.look_closely(Written(words, question.language, talking.is_newcomer(db, actor.me)))
    if looked.reach or looked.held:
        raise Invalid("words", _(REACH if looked.reach else STOPPED))
    number = queries.next_number(db, question)
    db.add(AbroadWord(
        ref=new_ref(), question_id=question.id, number=number, asks=False, by_id=actor.me, desk=desk, body=words, on=now().date()
    ))  # fmt: skip
    question.answered, question.last_on = True, now().date()
    db.flush()


def take_back(db: Session, actor: Actor, question: AbroadQuestion, ref: str) -> None:
    """Take an answer of one's own back: its words are gone, also for whoever asked."""
    wanted = select(AbroadWord).where(AbroadWord.question_id == question.id, AbroadWord.ref == ref)
    word = db.exec(wanted.with_for_update()).first()
    if word is None:
        raise groups.not_here()
    require(rules.may_take_back(actor, word.by_id))
    ending.empty(db, [word.id])
    ledger.remember(db, ending.TAKEN_BACK, word.id)


def set_door(db: Session, actor: Actor, group: Group, seat: Seat, opened: bool) -> None:
    """Say for a group whether it wishes to be asked by people who are still abroad."""
    require(rules.may_open_door(actor, seat, now().date()))
    found = queries.door(db, group.id)
    if opened and found is None:
        db.add(QuestionDoor(group_id=group.id, opened_on=now().date()))
    elif not opened and found is not None:
        db.delete(found)
    db.flush()
    if group.visibility == Visibility.LISTED and group.state == GroupState.SHOWN:  # else it would tell that there is one
        versions.bump(db, versions.GROUPS)
    audit.record(db, actor, "group.questions", "group", group.id)


def set_story_door(db: Session, actor: Actor, story: Story, opened: bool) -> None:
    """Say whether one may ask about a story of one's own."""
    require(rules.may_open_to_story(actor, story.author_id))
    found = queries.story_door(db, story.id)
    if opened == (found is not None):
        return
    if found is None:
        db.add(StoryDoor(story_id=story.id))
    else:
        ledger.remember(db, ending.CLOSED, found.id)
        db.delete(found)
    db.flush()
    versions.bump(db, versions.STORIES)


def show(db: Session, actor: Actor | None, word: AbroadWord) -> None:
    """Show again what a decision hid; by the clock for nobody."""
    _put(db, actor, word, WordState.SHOWN)
    audit.record(db, actor, "asked.release", "asked", word.id)


def hide(db: Session, actor: Actor, word: AbroadWord) -> None:
    """Hide something that was said from everybody."""
    _put(db, actor, word, WordState.HIDDEN)
    audit.record(db, actor, "asked.hide", "asked", word.id)


def _put(db: Session, actor: Actor | None, word: AbroadWord, state: WordState) -> None:
    """Put something into a state; what was taken back meanwhile is decided all the same, and stays gone."""
    require(group_rules.may_show_again(actor, word.by_id))
    if word.state != WordState.GONE:
        word.state = state
        db.flush()
        ending.stand_anew(db, [word.id])
