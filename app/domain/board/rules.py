"""Who sees an entry of a help board, takes it, says yes, ends it: facts in, verdict out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.board.wording import KINDS, UNKNOWN
from app.domain.groups import rules as groups
from app.domain.groups.rules import Seat
from app.models.accounts import Limit
from app.models.board import BoardSide, BoardStage, BoardState, TakingState

MOST_OPEN: Final = 5  # entries of one person that are not over, in all groups
MOST_TAKEN: Final = 3  # entries that one person took and that are not done, in all groups
KEPT: Final = timedelta(days=14)  # how long an entry stays for the two after it is done, or over while it is taken


@dataclass(frozen=True, slots=True)
class Stands:
    """How an entry stands, and how the reader stands to it."""

    side: BoardSide
    kind: str
    state: BoardState = BoardState.SHOWN
    stage: BoardStage = BoardStage.OPEN
    mine: bool = False  # the reader wrote it
    taking: TakingState | None = None  # of the reader
    agreed: bool = False  # whoever wrote it said yes to whoever took it
    over: bool = False  # by its date
    writer_here: bool = True  # whoever wrote it is in good standing
    answered: bool = False
    inside: bool = True  # the reader reads what is said in the group: not once a decision hid it, or stopped their account
    counted: bool = True  # whether it helped goes into the numbers: in public groups

    @property
    def took(self) -> bool:
        """Say whether the reader is who took it."""
        return self.taking in (TakingState.ASKED, TakingState.AGREED)

    @property
    def helped(self) -> bool:
        """Say whether the reader is who was helped: of an ask whoever wrote it, of an offer whoever took it."""
        return self.mine if self.side == BoardSide.ASK else self.took


def sees(stands: Stands) -> bool:
    """Say whether an entry is there for somebody: outside its group for the two only, who can end it in every standing."""
    if stands.state == BoardState.GONE or stands.taking == TakingState.REFUSED:
        return False
    if stands.mine or stands.took:
        return True
    return stands.inside and reads(stands) and stands.stage != BoardStage.DONE and not stands.over


def reads(stands: Stands) -> bool:
    """Say whether the words of an entry are there for whoever sees it, also whoever took it."""
    return stands.mine or (stands.inside and stands.state == BoardState.SHOWN and stands.writer_here)


def may_write(actor: Actor, seat: Seat) -> Verdict:
    """Answer whether the actor may write an entry."""
    return groups.may_start_topic(actor, seat)


def may_take(actor: Actor, seat: Seat, stands: Stands, newcomer: bool) -> Verdict:
    """Answer whether the actor may take an entry: not one's own, and of what brings two together alone nobody unknown here."""
    if not (verdict := groups.may_write(actor, seat)):
        return verdict
    if stands.mine:
        return no(_("You wrote this yourself."))
    if one := actor.limited(Limit.HELD):
        return no(one.words)
    if newcomer and stands.side == BoardSide.ASK and stands.kind in UNKNOWN:
        return no(_("You are new here. Write a little in the group first, so that people know you; then you can take this."))
    open_now = stands.stage == BoardStage.OPEN and stands.state == BoardState.SHOWN and not stands.over
    return unless(not open_now, _("This is taken, or over."))


def may_answer(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether the actor may say yes to whoever took it: whoever wrote it."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if one := actor.limited(Limit.HELD):
        return no(one.words)
    if not stands.inside or stands.state != BoardState.SHOWN:
        return no(_("This cannot be answered while it is hidden."))
    return unless(not stands.mine, _("Only whoever wrote this can do that.")) and unless(
        stands.stage != BoardStage.TAKEN, _("Nobody has taken this at the moment.")
    )


def may_say(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether one of the two may write their words to the other anew, once both agreed."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if one := actor.limited(Limit.HELD):
        return no(one.words)
    return unless(not (stands.mine or stands.took), _("Only the two of you can do that.")) and unless(
        not stands.agreed or stands.stage != BoardStage.TAKEN or not reads(stands), _("Nothing can be written here any more.")
    )


def may_refuse(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether the actor may say no to whoever took it: whoever wrote it, in every standing, until it is done."""
    return unless(not (actor.signed_in and stands.mine), _("Only whoever wrote this can do that.")) and unless(
        stands.stage != BoardStage.TAKEN, _("Nobody has taken this at the moment.")
    )


def may_give_back(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether the actor may give back what they took: always; once it is done, that they took it is forgotten."""
    return unless(not (actor.signed_in and stands.took), _("You have not taken this."))


def may_finish(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether the actor may say that it is done: one of the two, once both agreed."""
    return unless(not (actor.signed_in and (stands.mine or stands.took)), _("Only the two of you can do that.")) and unless(
        stands.stage != BoardStage.TAKEN or not stands.agreed, _("Both say yes first; then it can be done.")
    )


def may_take_out(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether the actor may take an entry out: whoever wrote it, always."""
    return unless(not (actor.signed_in and stands.mine), _("Only whoever wrote this can do that."))


def may_say_helped(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether the actor may say whether it helped: whoever was helped, once, when it is done, where it is counted."""
    if not (stands.inside and stands.counted):
        return no(_("In this group that is not counted."))
    return unless(not (actor.signed_in and stands.helped), _("Only whoever was helped can say this.")) and unless(
        stands.stage != BoardStage.DONE or stands.answered, _("This was said already.")
    )


def reads_first(newcomer: bool, side: BoardSide, kind: str) -> bool:
    """Say whether a person reads an entry before others do, whatever the checks find: what somebody unknown offers alone."""
    return newcomer and side == BoardSide.OFFER and kind in UNKNOWN


def check_kind(kind: str) -> None:
    """Raise Invalid for what a board does not know."""
    if kind not in KINDS:
        raise Invalid("kind", _("Choose one of these."))


def check_near(near: str) -> None:
    """Raise Invalid where a place is said more exactly than a town or a part of it: numbers of any script say so."""
    if any(c.isnumeric() for c in near):
        raise Invalid("near", _("Only the town, or the part of the town. No street and no number."))


def check_many(open_now: int) -> None:
    """Raise Invalid where somebody has too many entries already."""
    if open_now >= MOST_OPEN:
        raise Invalid("", _("You have %(most)s entries on help boards. Take one out, or say that it is done.", most=MOST_OPEN))


def check_taken(taken_now: int) -> None:
    """Raise Invalid where somebody took too much at a time."""
    if taken_now >= MOST_TAKEN:
        raise Invalid("", _("You have taken %(most)s things. Finish one first, or give it back.", most=MOST_TAKEN))


def last_day(today: date, days: str) -> date:
    """Return the last day of an entry that stands so many days."""
    return today + timedelta(days=int(days))
