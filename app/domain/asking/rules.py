"""Who may be asked, who reads and answers, and how long it lasts: facts in, verdict out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.groups import rules as groups
from app.domain.groups.rules import Seat
from app.models.accounts import Limit
from app.models.groups import GroupState, Visibility

KEPT: Final = timedelta(days=60)  # after the last word a question is deleted with its answers
WAITS: Final = timedelta(days=7)  # so long a group has the question for itself
MOST_WAITING: Final = 30  # questions of one group that nobody has answered
MOST_OF_TELLER: Final = 10  # and of one story: it is one person who answers them
MOST_QUESTIONS: Final = 10  # with one number
MOST_ANSWERS: Final = 5  # to one question


@dataclass(frozen=True, slots=True)
class Stands:
    """How a question stands; ``open_now``: whom it is for can be asked now (None: it is for the network)."""

    open_now: bool | None
    held: bool
    answered: bool
    last_on: date
    desk: bool = False  # coordinators answered in it before
    urgent: bool = False  # it says that somebody may be in danger


def receives(visibility: Visibility, state: GroupState, door: bool) -> bool:
    """Say whether a group can be asked: everybody finds it, and its organisers wish it."""
    return visibility == Visibility.LISTED and state == GroupState.SHOWN and door


def may_ask(receives_now: bool, waiting: int) -> Verdict:
    """Answer whether one more question can be put to a group."""
    return unless(
        not receives_now, _("This group takes no questions at the moment. Choose another one, or the network.")
    ) and unless(
        waiting >= MOST_WAITING, _("This group has many questions to answer at the moment. Choose another one, or the network.")
    )


def may_ask_teller(receives_now: bool, waiting: int) -> Verdict:
    """Answer whether one more question can be put to whoever told a story; they are never named here."""
    return unless(
        not receives_now, _("Whoever told this story takes no questions at the moment. Choose a group, or the network.")
    ) and unless(
        waiting >= MOST_OF_TELLER, _("Whoever told this story has many questions to answer. Choose a group, or the network.")
    )


def may_ask_more(answered: bool, questions: int) -> Verdict:
    """Answer whether whoever has the number may ask again: once there is an answer, and not for ever."""
    return unless(not answered, _("Your last question waits for its answer. Then you can ask again.")) and unless(
        questions >= MOST_QUESTIONS,
        _("You have asked %(most)s times with this number. Ask anew, with another one.", most=MOST_QUESTIONS),
    )


def for_those_asked(theirs: bool, first_held: int | None, number: int) -> bool:
    """Say whether the group or teller that a question is for reads a word of it: what came before what the checks found."""
    return theirs and (first_held is None or number < first_held)


def for_desk(stands: Stands, today: date) -> bool:
    """Say whether coordinators read a question: theirs, what was held, what they answered, what no group answers or can answer.

    Also what says that somebody may be in danger: whom it is for reads it too, and may not know what to do.
    """
    late = stands.open_now is False or stands.last_on <= today - WAITS
    return stands.open_now is None or stands.held or stands.urgent or stands.desk or (late and not stands.answered)


def may_answer(actor: Actor, seat: Seat, newcomer: bool, held: bool = False) -> Verdict:
    """Answer whether somebody in the group may answer: not whom others here do not know yet."""
    if not (verdict := groups.may_write(actor, seat)):
        return verdict
    if one := actor.limited(Limit.HELD):
        return no(one.words)
    if held:
        return no(_("Coordinators of the network go on with this question."))
    return unless(newcomer, _("You are new here. Write a little in the group first, so that people know you; then you can answer."))


def may_answer_as_teller(actor: Actor, held: bool = False) -> Verdict:
    """Answer whether somebody may answer what was asked about a story of theirs."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if one := actor.limited(Limit.HELD):
        return no(one.words)
    return unless(held, _("Coordinators of the network go on with this question."))


def may_answer_at_desk(actor: Actor) -> Verdict:
    """Answer whether the actor may answer for the network: whoever works at the desk."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if one := actor.limited(Limit.HELD):
        return no(one.words)
    return unless(not actor.may_work, _("Only a coordinator can do this."))


def may_add(answers: int) -> Verdict:
    """Answer whether a question takes one more answer."""
    return unless(answers >= MOST_ANSWERS, _("This question has %(most)s answers already.", most=MOST_ANSWERS))


def may_take_back(actor: Actor, by_id: UUID | None) -> Verdict:
    """Answer whether the actor may take an answer back: their own, always."""
    return unless(by_id is None or by_id != actor.member_id, _("Only whoever wrote this can change it."))


def may_open_to_story(actor: Actor, author_id: UUID) -> Verdict:
    """Answer whether the actor says that one may ask about a story: its teller, also where nobody else sees it now."""
    return unless(actor.member_id != author_id, _("This page is not here."))


def may_open_door(actor: Actor, seat: Seat, today: date) -> Verdict:
    """Answer whether the actor says for the group whether it wishes to be asked: its organisers."""
    return groups.may_care(actor, seat, today)
