"""Who asks, who writes, and for how long anything of it stands. Pure."""

from datetime import timedelta
from typing import Final

from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.groups.rules import may_begin
from app.models.accounts import Limit
from app.models.between import TalkState
from app.models.groups import GroupState

ASKS_A_DAY: Final = 3
ASKED: Final = timedelta(days=30)  # for so long the asked one can answer, and the asker reads that it waits
AGAIN: Final = timedelta(days=180)  # sooner, the same person does not hear of another ask; nobody is told
AFTER_END: Final = timedelta(days=7)  # as long as an account that leaves stands: an end and a leaving look the same
KEPT: Final = timedelta(days=365)  # a message; and as long may one of the two be silent, until the talk ends by itself
MOST_BLOCKS: Final = 200
WAITING: Final = (TalkState.ASKED, TalkState.LATER)  # the asked one can answer
UNANSWERED: Final = (*WAITING, TalkState.NO, TalkState.HIDDEN)  # the words stand; whoever asked reads that it waits
TALKS: Final = (TalkState.OPEN, TalkState.ENDED)  # words of both stand in it
OPEN_GROUPS: Final = (GroupState.SHOWN, GroupState.WAITS)


def may_ask(actor: Actor) -> Verdict:
    """Answer whether the actor may ask anybody to talk."""
    return may_begin(actor) and _unread(actor)


def may_ask_strangers(newcomer: bool) -> Verdict:
    """Answer whether the group knows whoever asks: nobody asks people alone with an account that was made for it."""
    return unless(newcomer, _("Write in the group first. After three posts that are shown there you can ask somebody alone."))


def may_write(actor: Actor) -> Verdict:
    """Answer whether the actor may write to one person: also not while their words in groups are read first."""
    return may_take_part(actor) and _unread(actor)


def _unread(actor: Actor) -> Verdict:
    held = actor.limited(Limit.HELD)
    return no(_("While somebody reads first what you write in groups, you cannot write to one person alone.")) if held else YES


def may_ask_today(asked: int) -> Verdict:
    """Answer whether one more ask goes out; ``asked``: how many of the actor's did in the last 24 hours."""
    return unless(asked >= ASKS_A_DAY, _("You have asked three people within a day. Ask again tomorrow; your words stay here."))


def goes_on(state: TalkState, group: GroupState) -> Verdict:
    """Answer whether the two write to each other now. Whether the other one rests, or reads, does not show."""
    if state != TalkState.OPEN:
        return no(_("This has come to its end, so nobody writes here any more."))
    return unless(group not in OPEN_GROUPS, _("Nobody can write here at the moment."))


def reaches(shut: bool) -> Verdict:
    """Answer whether the actor writes to somebody: not to one whom they blocked, who could not answer."""
    return unless(shut, _("You blocked this person, so the two of you do not write here. You can lift the block."))


def may_block(blocked: int) -> Verdict:
    """Answer whether one more person may be blocked."""
    return unless(blocked >= MOST_BLOCKS, _("You have blocked %(n)s people. Lift a block first.", n=MOST_BLOCKS))
