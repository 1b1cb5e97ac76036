"""Who applies for a group, who sits on a panel, who takes part in which decision, and when: facts in, verdict out."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.groups.rules import Seat
from app.domain.money import rules as money
from app.domain.money.rules import CallState
from app.models.groups import GroupState

QUESTIONS: Final = 6
MOST_POINTS: Final = 10
MOST_ASKS: Final = 200  # that one panel can read
LEAST_SEATS: Final = 3  # fewer would tell what each of them declared
LEAST_SCORES: Final = 2  # of each application, before the day alone opens them: no decision without criteria
MOST_SEATS: Final = 15
LONGEST_TERM: Final = timedelta(days=2 * 366)
LONGEST_DECIDING: Final = timedelta(days=366)
APPEAL: Final = timedelta(days=30)

_INCOMPLETE: Final = N_(
    "Three people at least without a tie are needed here, one woman and one man among them. A coordinator names more."
)


class Stage(enum.StrEnum):
    """Where the deciding of a call stands: worked out from its days and from what was scored."""

    WAITS = "waits"  # one can still apply
    SCORING = "scoring"  # everybody by themselves
    OPENED = "opened"  # the panel reads all scores and decides
    DECIDED = "decided"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ties:
    """In what somebody on a panel takes no part: in nothing of the call, or in some applications."""

    whole: bool = False
    of: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def none(self) -> bool:
        """Say whether they take part in everything."""
        return not (self.whole or self.of)

    def touch(self, ask_id: UUID) -> bool:
        """Say whether they take no part in this application."""
        return self.whole or ask_id in self.of


def stage_of(state: CallState, decide_on: date, opened: bool, decided: bool, today: date) -> Stage:
    """Return where the deciding stands; the day ``decide_on`` itself still counts for scoring (``today``: where the call is)."""
    if state == CallState.CANCELLED:
        return Stage.CANCELLED
    if decided:
        return Stage.DECIDED
    if state != CallState.OVER:
        return Stage.WAITS
    return Stage.OPENED if opened or today > decide_on else Stage.SCORING


def check_decide_on(here: bool, decide_on: date | None, closes: date, was: date | None) -> None:
    """Raise Invalid where the day by which a call is decided is missing, too near or too far, or comes nearer than it ``was``."""
    if not here:
        return
    if decide_on is None:
        raise Invalid("decide_on", _("Say by which day it is decided: groups count on it."))
    if decide_on <= closes:
        raise Invalid("decide_on", _("It is decided after it closes. Choose a later day."))
    if decide_on - closes > LONGEST_DECIDING:
        raise Invalid("decide_on", _("Choose a day within a year after it closes."))
    if was is not None and decide_on < was:
        raise Invalid("decide_on", _("This day only moves to a later one: somebody may count on it."))


def may_apply(actor: Actor, seat: Seat, state: GroupState, today: date) -> Verdict:
    """Answer whether the actor applies for this group: whoever cares for it or keeps its accounts, while it is not hidden."""
    if not (verdict := money.may_write_money(actor, seat, today)):
        return verdict
    return unless(
        state not in (GroupState.SHOWN, GroupState.WAITS),
        _("A decision hid this group. It can ask for money once it is shown again."),
    )


def may_change(state: CallState, decided: bool = False) -> Verdict:
    """Answer whether an application may be written or changed now: while the call is open."""
    if state == CallState.CANCELLED:
        return no(_("This call was cancelled. The reason stands on its page."))
    if state == CallState.COMING:
        return no(_("This call has not opened yet. Every group can ask from the same minute on."))
    return unless(state == CallState.OVER or decided, _("This call has closed. What you typed stands below, and it was not sent."))


def may_speak(state: CallState) -> Verdict:
    """Answer whether a voice may be added, or taken out: while the call is open."""
    if not (verdict := may_change(state)) and state == CallState.OVER:
        return no(_("This call has closed. Nothing can be changed any more."))
    return verdict


def may_withdraw(sent: bool, decided: bool) -> Verdict:
    """Answer whether a group may withdraw: until it is decided, also after the deadline."""
    if not sent:
        return no(_("There is nothing to withdraw any more."))
    return unless(decided, _("It is decided already. You can see that differently, below."))


def check_whole(answers: Sequence[str], spoken: bool = False) -> None:
    """Raise Invalid for the first of the six questions that an application to be sent leaves open.

    With a voice the first one is needed in writing, for those who cannot listen; the others can be ``spoken``.
    """
    for number, answer in enumerate(answers[:1] if spoken else answers, 1):
        if not answer:
            raise Invalid(f"q{number}", _("Something is missing here. You can keep the rest as a draft."))


def check_wants(wants: int, least: int | None, most: int) -> None:
    """Raise Invalid for a sum (minor units) that the call does not give."""
    if wants > most or (least is not None and wants < least):
        raise Invalid("wants", _("This call gives another sum: look at how much it says."))


def composed(declared: Sequence[str | None]) -> bool:
    """Say whether those who can decide meet the rule: three at least, one woman and one man at least among them."""
    return len(declared) >= LEAST_SEATS and {"woman", "man"} <= set(declared)


def may_name(actor: Actor, tied: bool, stage: Stage) -> Verdict:
    """Answer whether the actor names people for a panel: a coordinator who belongs to no group that asks, until it is decided."""
    if not (verdict := money.may_enter(actor)):
        return verdict
    if tied:
        return no(money.tied_here())
    return unless(stage in (Stage.DECIDED, Stage.CANCELLED), _("There is nothing left to decide in this call."))


def may_end(said_yes: bool, works: bool, stage: Stage) -> Verdict:
    """Answer whether a coordinator ends a seat: of somebody who said yes only before the deadline, or while they take no part.

    Afterwards whether the rule is met still, or is not any more, would tell what the one who left had declared.
    """
    stays = said_yes and works and stage != Stage.WAITS
    return unless(stays, _("After the deadline only they themselves can stop, once they said yes."))


def may_sit(actor: Actor, lasts: bool, stage: Stage) -> Verdict:
    """Answer whether the actor works on the panel now; ``lasts``: they said yes and their term is not over."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if not lasts:
        return no(_("You do not sit on this panel, or your time on it is over."))
    if stage == Stage.CANCELLED:
        return no(_("This call was cancelled. The reason stands on its page."))
    return unless(stage == Stage.WAITS, _("Groups can still ask. The panel reads nothing before the deadline."))


def may_read(ties: Ties, ask_id: UUID) -> bool:
    """Say whether somebody of the panel reads this application: for them it does not exist where they have a tie."""
    return not ties.touch(ask_id)


def may_score(stage: Stage, complete: bool, ties: Ties, ask_id: UUID) -> Verdict:
    """Answer whether somebody of the panel scores this application; ``complete``: those without a tie to it meet the rule."""
    if ties.touch(ask_id):
        return no(_("You have a tie here, so you take no part in this."))
    if stage != Stage.SCORING:
        return no(_("Scores are open by now. They stay as they are."))
    return unless(not complete, _(_INCOMPLETE))


def may_propose(stage: Stage, complete: bool, ties: Ties, ask_id: UUID) -> Verdict:
    """Answer whether somebody of the panel writes down what is decided about this application."""
    if ties.touch(ask_id):
        return no(_("You have a tie here, so you take no part in this."))
    if stage == Stage.SCORING:
        return no(_("First everybody scores by themselves. Then the panel reads all scores and decides."))
    if stage != Stage.OPENED:
        return no(_("There is nothing left to decide in this call."))
    return unless(not complete, _(_INCOMPLETE))


def may_publish(
    stage: Stage, complete: bool, ties: Ties, asked: int, undecided: int, proposed_some: bool, scored: bool
) -> Verdict:  # fmt: skip
    """Answer whether somebody of the panel publishes the decision: who scored, has no tie, and wrote none of it down."""
    if stage != Stage.OPENED:
        return no(_("First everybody scores by themselves. Then the panel reads all scores and decides."))
    if not complete:
        return no(_(_INCOMPLETE))
    if not asked:  # one person alone would write to everybody what nobody else has read
        return no(_("No group asked for this money. A coordinator cancels the call, and says why."))
    if not ties.none:
        return no(_("You have a tie in this call. Somebody of the panel without one publishes what was decided."))
    if not scored:
        return no(_("You have scored nothing here. Somebody of the panel who scored publishes what was decided."))
    if undecided:
        return no(_("Not everything is decided yet."))
    return unless(proposed_some, _("It takes two: somebody publishes it who wrote none of it down."))


def may_appeal(until: date | None, appealed: bool, today: date) -> Verdict:
    """Answer whether a group may see a decision differently: once, until the end of the day named to it (None: not decided)."""
    if until is None:
        return no(_("Nothing is decided yet."))
    if appealed:
        return no(_("You have told us already. It can be done once."))
    return unless(today > until, _("The thirty days in which one can see it differently are over."))


def may_answer(actor: Actor, sat: bool, ties: Ties, waits: bool) -> Verdict:
    """Answer whether the actor decides an appeal: a coordinator who did not sit, without a tie to any group that asked."""
    if not (verdict := money.may_enter(actor)):
        return verdict
    if sat:
        return no(_("You sat on this panel. Somebody who did not decides about it now."))
    if not ties.none:
        return no(_("You belong to a group that asked. Somebody without a tie decides about it now."))
    return unless(not waits, _("Nothing waits here."))


def check_more(granted: int, was: int) -> None:
    """Raise Invalid where an appeal that is right would not bring more than ``was`` granted: an appeal takes nothing away."""
    if granted <= was:
        raise Invalid("amount", _("Say how much: more than what was granted."))


def too_much() -> str:
    """Return what is said of a sum above what the call gives."""
    return _("This is more than the call gives.")


def check_points(points: Sequence[int], criteria: int) -> None:
    """Raise Invalid unless there are points from 0 to 10 for each criterion."""
    if len(points) != criteria or any(not 0 <= one <= MOST_POINTS for one in points):
        raise Invalid("points", _("Give 0 to 10 points for each line by which it is decided."))


def total(points: Sequence[int], weights: Sequence[int]) -> float:
    """Return points weighted by the call, from 0 to 100: Σ weight · points / 10, where the weights add up to 100."""
    return sum(weight * one for weight, one in zip(weights, points, strict=True)) / MOST_POINTS


def check_term(until: date, decide_on: date, today: date) -> None:
    """Raise Invalid for a time on a panel that ends before it decides, or lasts too long."""
    if until < max(decide_on, today) or until - today > LONGEST_TERM:
        raise Invalid("until_on", _("Choose a day from the day of the decision on, two years ahead at most."))


def may_seat(seats: int) -> Verdict:
    """Answer whether one more person fits on a panel."""
    return YES if seats < MOST_SEATS else no(_("A panel has at most %(n)s people.", n=MOST_SEATS))
