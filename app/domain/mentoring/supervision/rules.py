"""Who looks after which mentor, and what a mentor's own check says. Pure."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from app.core.i18n import N_, _
from app.core.verdict import Verdict, unless
from app.domain.actor import Actor
from app.models.accounts import Role

SILENT_DAYS: Final = 14  # after two were brought together, without a word of either
# The mentor's own check: this project's questions, not those of a clinic. Answers are kept nowhere.
ASKED: Final = (
    N_("What I hear follows me into the evening."), N_("I sleep badly because of it."),
    N_("I become short with people who are close to me."), N_("I feel that I have to be there at all times."),
    N_("I no longer look forward to our talks."),
)  # fmt: skip
OFTEN: Final = {0: N_("Rarely"), 1: N_("Sometimes"), 2: N_("Often")}
_MUCH, _TOO_MUCH = 3, 6  # points of ten
_SAYS: Final = {
    0: N_("You carry it well for now. Keep the evenings that are yours."),
    1: N_("It is getting heavy. That is no weakness: talk with your supervisor while it is still small."),
    2: N_("It is too much at the moment. Take a pause, and say that you would like to talk. Nobody asks you for reasons."),
}  # fmt: skip


def is_mine(actor: Actor, mentor_id: UUID, supervisor_id: UUID | None, *, at_work: bool, mentee: bool) -> bool:
    """Say whether the actor is who a mentor's wish to talk goes to: the supervisor; without one who works here, any coordinator.

    ``at_work``: the named supervisor works at the desk today and is no mentee of the mentor. ``mentee``: the actor is one, and the
    wish may be about them. Nobody looks after themselves.
    """
    if mentee or actor.member_id == mentor_id:
        return False
    return actor.member_id == supervisor_id if at_work else actor.has(Role.COORDINATOR)


def may_note_talk(actor: Actor, mentor_id: UUID, supervisor_id: UUID | None, *, at_work: bool, mentee: bool) -> Verdict:
    """Answer whether the actor may write down that they have talked with a mentor."""
    return unless(not is_mine(actor, mentor_id, supervisor_id, at_work=at_work, mentee=mentee), _("This page is not here."))


def weighed(answers: Iterable[int]) -> str:
    """Return the sentence for the answers, 0 (rarely) to 2 (often) each."""
    points = sum(answers)
    return _(_SAYS[2 if points >= _TOO_MUCH else 1 if points >= _MUCH else 0])
