"""From rows to what pages show of elections."""

from typing import Any, Final

from app.core.clock import now
from app.core.i18n import N_, _, day_words
from app.domain.actor import Actor
from app.domain.groups.electing import rules
from app.domain.groups.electing.reading import Held
from app.domain.groups.electing.rules import Phase
from app.domain.groups.electing.wording import OUTCOMES
from app.domain.groups.wording import ROLES
from app.models.groups import GroupElection, Outcome

PHASES: Final = {
    Phase.STAND: N_("People can stand"), Phase.VOTE: N_("The vote runs"), Phase.COUNT: N_("The votes are about to be counted"),
    Phase.ENDED: N_("Over"),
}  # fmt: skip


def facts(election: GroupElection) -> dict[str, Any]:
    """Return what every page of an election says about it."""
    phase = rules.phase(election.stand_until, election.vote_until, election.outcome, now().date())
    return {
        "ref": election.ref, "role": _(ROLES[election.role]), "phase": phase.value, "phase_text": _(PHASES[phase]),
        "runs": phase != Phase.ENDED, "stand_until": day_words(election.stand_until), "vote_until": day_words(election.vote_until),
        "begun": day_words(election.begun_on), "ended": day_words(election.ended_on) if election.ended_on else "",
        "outcome": _(OUTCOMES[election.outcome]) if election.outcome else "",
    }  # fmt: skip


def whole(held: Held, actor: Actor) -> dict[str, Any]:
    """Return an election with who stands, and what the reader may do."""
    seat, state, stands = held.seat, held.group.state, held.stands
    people = [
        {
            "id": one.id.hex, "name": one.name, "mine": one.member_id == actor.member_id, "words": one.words or "",
            "language": one.language, "post": one.post_ref, "waits": bool(one.waits), "chosen": one.chosen, "votes": one.votes,
        }
        for one in held.standing
    ]  # fmt: skip
    chosen = next((one["name"] for one in people if one["chosen"]), "")
    ended = held.election.outcome
    return facts(held.election) | {
        "people": people, "chosen": chosen, "candidate": stands.candidate, "voted": stands.voted,
        "gone": ended == Outcome.CHOSEN and not chosen, "counts": any(one["votes"] is not None for one in people),
        "may_stand": bool(rules.may_stand(actor, seat, state, stands)),
        "may_vote": bool(rules.may_vote(actor, seat, state, stands)),
        "why_not": rules.may_vote(actor, seat, state, stands).reason if stands.phase == Phase.VOTE and not stands.voted else "",
        "may_withdraw": bool(rules.may_withdraw(actor, stands)),
        "may_stop": bool(rules.may_stop(actor, seat, now().date(), stands)),
    }  # fmt: skip
