"""Who may begin an election, stand, vote; what comes of the votes: facts in, verdict out."""

import enum
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor
from app.domain.groups import rules as groups
from app.domain.groups.electing.box import NONE
from app.domain.groups.rules import Seat
from app.models.groups import GroupRole, GroupState, Outcome

FEWEST: Final = 3  # votes that count; fewer where the group has fewer people
SHORTEST, LONGEST = 3, 30  # days to stand, and to vote
BETWEEN: Final = 3  # days between two beginnings: each tells everybody in the group
AFTER_STOP: Final = 14  # days after the beginning of one that was called off: everybody heard of it for nothing
KEPT: Final = 90  # days after its end that an election stands there
OPEN: Final = (GroupState.SHOWN, GroupState.WAITS)


class Phase(enum.StrEnum):
    """Where an election stands."""

    STAND = "stand"
    VOTE = "vote"
    COUNT = "count"  # the votes are about to be counted
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Stands:
    """How an election stands, and how the reader stands to it."""

    phase: Phase
    role: GroupRole
    belonged: bool = True  # the reader belongs to the group since the day it began, or longer
    candidate: bool = False
    voted: bool = False


def phase(stand_until: date, vote_until: date, outcome: Outcome | None, today: date) -> Phase:
    """Return where an election stands on a day; both days are whole days in UTC."""
    if outcome is not None:
        return Phase.ENDED
    if today <= stand_until:
        return Phase.STAND
    return Phase.VOTE if today <= vote_until else Phase.COUNT


def may_begin(actor: Actor, seat: Seat, cared_for: bool, today: date) -> Verdict:
    """Answer whether the actor may begin an election: an organiser; where nobody cares for the group, everybody in it."""
    return groups.may_care(actor, seat, today) if cared_for else groups.may_start_topic(actor, seat)


def may_stand(actor: Actor, seat: Seat, state: GroupState, stands: Stands) -> Verdict:
    """Answer whether the actor may stand: of their own will, as somebody who belonged to the group when it began."""
    if not (verdict := _takes_part(actor, seat, state, stands)):
        return verdict
    if stands.phase != Phase.STAND:
        return no(_("The days for standing are over."))
    if stands.candidate:
        return no(_("You stand already."))
    other = seat.role == GroupRole.ORGANISER and stands.role != GroupRole.ORGANISER
    return unless(other, _("You care for the group. Hand that on first: everybody has one role at a time."))


def may_vote(actor: Actor, seat: Seat, state: GroupState, stands: Stands) -> Verdict:
    """Answer whether the actor may vote: once, as somebody who belonged to the group when the election began."""
    if not (verdict := _takes_part(actor, seat, state, stands)):
        return verdict
    if stands.phase == Phase.STAND:
        return no(_("The vote has not begun."))
    if stands.phase != Phase.VOTE:
        return no(_("The vote is over."))
    return unless(stands.voted, _("You have voted already. A vote is shown to nobody and cannot be changed."))


def _takes_part(actor: Actor, seat: Seat, state: GroupState, stands: Stands) -> Verdict:
    """Answer for both; in a group that a decision hid, organisers alone are inside, and they alone must not choose."""
    if state not in OPEN:
        return no(_("Nobody votes while the group is hidden."))
    if not (verdict := groups.may_write(actor, seat)):
        return verdict
    return unless(not stands.belonged, _("Only who was in the group on the day it began stands and votes."))


def may_withdraw(actor: Actor, stands: Stands) -> Verdict:
    """Answer whether the actor may stand no longer: always, until the votes are counted."""
    return unless(not (actor.signed_in and stands.candidate) or stands.phase == Phase.ENDED, _("You do not stand."))


def may_stop(actor: Actor, seat: Seat, today: date, stands: Stands) -> Verdict:
    """Answer whether the actor may call an election off: an organiser, before anybody has voted."""
    over = _("It can be called off before the vote only.")
    return groups.may_care(actor, seat, today) and unless(stands.phase != Phase.STAND, over)


def check_role(role: GroupRole) -> None:
    """Raise Invalid for what is not a role."""
    if role == GroupRole.MEMBER:
        raise Invalid("role", _("Choose one of these."))


def check_begin(runs: bool, last_begun: date | None, today: date, *, stopped: bool = False) -> None:
    """Raise Invalid where an election runs, or another one began in these days; ``stopped``: that one was called off."""
    if runs:
        raise Invalid("", _("An election runs in this group already."))
    wait = AFTER_STOP if stopped else BETWEEN
    if last_begun is not None and (today - last_begun).days < wait:
        raise Invalid("", _("Another one began in the last %(n)s days. Wait a little: each one calls everybody.", n=wait))


def needed(may_vote: int) -> int:
    """Return how many have to vote so that it counts, of so many who may."""
    return max(1, min(FEWEST, may_vote))


def counted(votes: dict[str, int], standing: set[str], voted: int, may_vote: int) -> tuple[Outcome, str]:
    """Return what comes of the votes, and the id of the candidate who is chosen ("" for none).

    The most votes decide, if they are more than those for none of them; votes for somebody who stands no longer count for nobody.
    """
    if not standing:
        return Outcome.NOBODY, ""
    if voted < needed(may_vote):
        return Outcome.FEW, ""
    best = max(votes.get(one, 0) for one in standing)
    first = [one for one in standing if votes.get(one, 0) == best]
    if best <= votes.get(NONE, 0):
        return Outcome.NONE, ""
    return (Outcome.CHOSEN, first[0]) if len(first) == 1 else (Outcome.TIED, "")
