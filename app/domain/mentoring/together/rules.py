"""Who reads and writes in the talk of a mentorship, and who decides about a message. Pure."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.models.accounts import Limit, Role
from app.models.mentoring import MatchState
from app.models.mentorships import Dimension, GoalState, MessageState

TALKS: Final = frozenset({MatchState.AGREED, MatchState.ACTIVE})  # both said yes, and neither has ended it
MOST_HELD: Final = 3  # messages of one writer that wait for a person at a time
TOLD_AGAIN: Final = timedelta(hours=12)  # of several messages in a row the first is told, then one after this long
KEPT_DAYS: Final = 182  # after the end, until the words are erased: half a year
NUDGE_DAYS, TELL_DAYS = 7, 14  # without contact, until both are reminded, until coordinators are told
WARN_DAYS: Final = 7  # before a pair that has not met ends by itself
REVIEW_DAYS: Final = {1: 30, 3: 91, 6: 168}  # month of a review -> days after the beginning; the last two weeks before the end
PAST_DAYS: Final = 14  # what was due longer ago when it is written down is not asked any more
LAST_REVIEW: Final = 6  # it also asks whether to go on
MOST_MEETINGS, MOST_GOALS = 200, 20  # of a pair
MOST_HELP: Final = 3  # kinds of help from outside that one of the two has proposed or asked for at a time
HELP_DAYS, UNHELPED_DAYS = 30, 60  # until a proposal, or an answered one, goes; until one that nobody took up does


def may_read(actor: Actor, state: MatchState, *, is_mentee: bool) -> Verdict:
    """Answer whether one of the two may read the talk.

    While they go together both do, in every standing. After the end the mentee keeps it; the mentor does as long as they are a
    mentor: what was confided to somebody is not for them to read any more once they are none.
    """
    mine = state in TALKS or is_mentee or actor.has(Role.MENTOR)
    return unless(not mine, _("This page is not here."))


def may_talk(actor: Actor) -> Verdict:
    """Answer whether the actor may write to anybody at all."""
    return may_take_part(actor)


def goes_on(actor: Actor, state: MatchState, *, is_mentee: bool) -> Verdict:
    """Answer whether the two write to each other now. Whether the other one rests for a while does not show: they read it later."""
    over = state not in TALKS or not (is_mentee or actor.has(Role.MENTOR))
    return unless(over, _("This has come to its end, so nobody writes here any more."))


def read_first(actor: Actor) -> bool:
    """Say whether a decision lets everything that the actor writes be read by a person first."""
    return actor.limited(Limit.HELD) is not None


def may_wait(held: int) -> Verdict:
    """Answer whether one more message may wait for a person; ``held`` of the same writer do already."""
    return unless(held >= MOST_HELD, _("Three of your messages wait for a person already. Take one back, or wait for the answer."))


def may_delete(actor: Actor, author_id: UUID, state: MessageState) -> Verdict:
    """Answer whether the actor may take a message back: their own, in every standing, also after the end."""
    gone = state == MessageState.DELETED or author_id != actor.member_id
    return unless(gone, _("This page is not here."))


def may_decide(actor: Actor, author_id: UUID) -> Verdict:
    """Answer whether the actor may decide about a message: somebody of safeguarding, never their own."""
    if author_id == actor.member_id:
        return no(_("Nobody decides about themselves. Another coordinator will look."))
    return unless(not actor.has(Role.SAFEGUARDING), _("Only safeguarding decides about this."))


def is_told(by_me: bool, ago: timedelta | None) -> bool:
    """Say whether the other one is told anew: not of each one in a row, which would be a storm.

    ``by_me``: the message before is of the same writer; ``ago``: since they were last told of this talk (None: never).
    """
    return ago is None or not by_me or ago >= TOLD_AGAIN


def may_remove(actor: Actor, author_id: UUID, *, is_mentee: bool) -> Verdict:
    """Answer whether the actor may take a line out, in every standing, also after the end: their own; the mentee each one."""
    return unless(author_id != actor.member_id and not is_mentee, _("Only whoever wrote this can take it out."))


def may_take_back(actor: Actor) -> Verdict:
    """Answer yes in every standing: what one said oneself can be taken back at any time."""
    return unless(not actor.signed_in, _("Come in with your key to see this."))


def may_say_mood(is_mentee: bool) -> Verdict:
    """Answer whether somebody may say how a meeting was: the mentee, for themselves."""
    return unless(not is_mentee, _("This page is not here."))


def may_move_goal(state: GoalState) -> Verdict:
    """Answer whether a goal can be reached or set aside: a reason why there is none cannot."""
    return unless(state == GoalState.NONE, _("This page is not here."))


def may_want_help(is_mentee: bool, *, alone: bool) -> Verdict:
    """Answer whether help from outside goes on without the other one: of the mentee, never of the mentor."""
    return unless(alone and not is_mentee, _("It goes on only with the other one."))


def may_take_up(actor: Actor, mentee: UUID, mentor: UUID | None) -> Verdict:
    """Answer whether the actor may take up what a pair asks for: a coordinator who is neither of the two."""
    if actor.member_id in (mentee, mentor):
        return no(_("Nobody decides about themselves. Another coordinator will look."))
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can do this."))


def lacking(goals: Collection[tuple[Dimension, GoalState]]) -> list[Dimension]:
    """Return the dimensions in which there is neither a goal nor a reason why not."""
    there = {dimension for dimension, _state in goals}
    return [one for one in Dimension if one not in there]


def may_look_after(actor: Actor) -> Verdict:
    """Answer whether the actor may read who has not been in touch: a coordinator; their own pair is never among them."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can do this."))
