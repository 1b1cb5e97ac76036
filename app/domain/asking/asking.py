"""Asking without an account: a number is all that leads back. Nothing says who asked, and nothing of it stands in the trail."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core import i18n
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.receipts import grouped, new_number, number_from
from app.domain import ledger
from app.domain.accounts import actions as accounts
from app.domain.asking import ending, queries, rules, telling
from app.domain.asking.wording import ASKED, ASKED_TELLER, PLACE, REACH
from app.domain.groups import hooks as checks
from app.domain.groups.hooks import Looked, Written
from app.models.abroad import AbroadQuestion, AbroadWord
from app.models.accounts import Member, MemberStatus
from app.models.groups import Group, GroupMember, GroupRole
from app.models.stories import Story

ABOUT_STORY: Final = "story-"  # before the address part of a story: its teller is asked


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever asks takes with them."""

    receipt: str  # sixteen digits in groups of four; stored nowhere
    held: bool  # coordinators answer it, because the checks found something
    urgent: bool  # coordinators read it first: it says that somebody may be in danger


def number_of(sender: str, once: str) -> str:
    """Return the number that a form leads to: HMAC under the server key of its random mark, which is stored nowhere."""
    return number_from("question-number", f"{sender}\n{once}")


def ask(db: Session, to: str, words: str, number: str = "") -> Asked:
    """Ask a group (its address part), a teller ("story-" and that of the story) or the network (""); Invalid says why not.

    Who asks is not even known here.

    ``number``: the one to lead back, from number_of(); a random one where there is none, or where it is taken.
    """
    group, story = _whom(db, to)
    looked = _look(words)
    if not number or queries.is_taken(db, number):
        number = new_number()
    question = AbroadQuestion(
        ref=new_ref(), receipt_hash=queries.number_hash(number), group_id=group.id if group else None,
        story_id=story.id if story else None, held=bool(looked.held), urgent=looked.danger,
        language=i18n.current(), last_on=now().date(),
    )  # fmt: skip
    db.add(question)
    db.flush()
    _say(db, question, words, looked)
    return Asked(grouped(number), question.held, question.urgent)


def ask_more(db: Session, typed: str, words: str) -> None:
    """Ask again with the same number, once there is an answer; NotFound for a number that is not ours."""
    question = queries.by_number(db, typed, hold=True)
    asked = sum(1 for word, *_who in queries.words(db, question) if word.asks)
    verdict = rules.may_ask_more(question.answered, asked)
    if verdict.reason is not None:
        raise Invalid("words", verdict.reason)
    looked = _look(words)
    question.held = question.held or bool(looked.held)
    question.urgent = question.urgent or looked.danger
    question.answered, question.last_on = False, now().date()
    _say(db, question, words, looked)


def end(db: Session, typed: str) -> None:
    """Delete a question with everything that was said, for whoever has its number."""
    question = queries.by_number(db, typed, hold=True)
    ending.erase(db, [question.id])
    ledger.remember(db, ending.ENDED, question.id)


def _whom(db: Session, to: str) -> tuple[Group | None, Story | None]:
    if not to:
        return None, None
    group = story = None
    if to.startswith(ABOUT_STORY):
        story, open_now = queries.told(db, to.removeprefix(ABOUT_STORY))
        verdict = rules.may_ask_teller(open_now, queries.waiting(db, story_id=story.id) if story else 0)
    else:
        group, open_now = queries.receives(db, to)
        verdict = rules.may_ask(open_now, queries.waiting(db, group_id=group.id) if group else 0)
    if verdict.reason is not None:
        raise Invalid("to", verdict.reason)
    return group, story


def _look(words: str) -> Looked:
    looked = checks.look_closely(Written(words, i18n.current(), newcomer=True, asked=True))
    if looked.reach:
        raise Invalid("words", _(REACH))
    if looked.place:
        raise Invalid("words", _(PLACE))
    return looked


def _say(db: Session, question: AbroadQuestion, words: str, looked: Looked) -> None:
    number = queries.next_number(db, question)
    db.add(AbroadWord(
        ref=new_ref(), question_id=question.id, number=number, asks=True, held=bool(looked.held), body=words, on=now().date()
    ))  # fmt: skip
    db.flush()
    if looked.danger:
        telling.read_first(db)
    if question.held or not queries.stands(db, question).open_now:
        telling.desk(db)
        return
    if question.story_id is not None:
        story = db.get_one(Story, question.story_id)
        accounts.tell_all(db, [(story.author_id, f"/my/stories/{story.ref}/questions")], ASKED_TELLER, of_day=True)
    if question.group_id is None:
        return
    cares = sa.and_(
        col(GroupMember.group_id) == question.group_id, col(GroupMember.role).in_((GroupRole.ORGANISER, GroupRole.WELCOME)),
        col(Member.status) == MemberStatus.ACTIVE,
    )  # fmt: skip
    ref = db.execute(sa.select(col(Group.ref)).where(col(Group.id) == question.group_id)).scalar_one()
    whom = sa.select(col(Member.id)).join(GroupMember, col(GroupMember.member_id) == Member.id).where(cares).limit(20)
    accounts.tell_all(db, [(one, f"/g/{ref}/questions") for one in db.execute(whom).scalars()], ASKED, of_day=True)
